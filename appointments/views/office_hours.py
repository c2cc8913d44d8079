"""Open office hours: coming and past sessions, the series, and exceptions with their reason."""

from abc import abstractmethod
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import AccessView, PageView
from accounts.records import StaleRecord
from accounts.rules.calendar import start_of_day
from appointments.choices import SessionState
from appointments.figures_office_hours import office_hours_by_month, together
from appointments.forms.office_hours import (
    HouseSeriesForm,
    SeriesEndForm,
    SeriesForm,
    SessionCancelForm,
    SessionMoveForm,
)
from appointments.models import GroupEvent, OfficeHourSeries, OfficeHourSession, Place
from appointments.rules.place import is_open
from appointments.services import office_hours as services
from clients.views.base import WriteView
from clients.views.houses import HouseMixin
from ui.dates import long_day, time_de
from ui.htmx import hx_redirect
from ui.notes import notify

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COMING = 30
PAST = 20


def said_of(session: OfficeHourSession) -> str:
    """Which office hour it is: place, day and hours as they are stored."""
    hours = f"{time_de(session.starts_at)}–{time_de(session.ends_at)}"
    return f"{session.place}, {long_day(session.starts_at)}, {hours}"


class OfficeHoursFrame(AccessView, abstract=True):
    """A page of the office hours: the navigation says where one is."""

    permission = "office_hours.run"
    nav_code = "office_hours"


class OfficeHourListView(OfficeHoursFrame, PageView):
    """What comes, what was, and how often office hours take place."""

    template_name = "appointments/office_hour_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sessions = OfficeHourSession.objects.visible_to(request.user).select_related("place", "municipality")
        this_year = office_hours_by_month(
            self.scope.municipalities, self.today.replace(month=1, day=1), self.today
        )
        midnight = start_of_day(self.today)
        return self.render(
            {
                "coming": sessions.filter(starts_at__gte=midnight)
                .exclude(state=SessionState.CLOSED)
                .with_waiting()[:COMING],
                "past": sessions.filter(state=SessionState.CLOSED).order_by("-starts_at", "-pk")[:PAST],
                "forgotten": sessions.filter(state=SessionState.PLANNED, starts_at__lt=midnight)[:PAST],
                "series": OfficeHourSeries.objects.visible_to(request.user)
                .running(self.today)
                .select_related("place")[:COMING],
                "year": together(this_year),
                "events": GroupEvent.objects.visible_to(request.user).select_related("municipality")[:PAST],
                "several": len(self.scope.municipalities) > 1,
            }
        )


class SeriesNewView(OfficeHoursFrame, WriteView):
    """Begin a series: place, weekday, hours, how often."""

    form_class = SeriesForm
    form_code = "office_hour_series"
    title = gettext_lazy("Begin a series of office hours")
    lead = gettext_lazy(
        "Office hours stand in the day of everybody who works in the municipality. There are none on holidays."
    )
    submit_label = gettext_lazy("Begin series")

    def why_no_form(self) -> str:
        if Place.objects.offered_in(self.scope).exists():
            return ""
        return _("No place of your municipality is entered yet. The administration enters places.")

    def form_kwargs(self) -> dict[str, Any]:
        first = Place.objects.offered_in(self.scope).first()
        return {"initial": {"place": first, "valid_from": self.today}}

    def form_valid(self, form: SeriesForm) -> object:
        return services.begin_series(self.actor, form.record())

    def success_url(self, result: Any) -> str:
        said = [_("The series has begun. Its sessions of the next eight weeks are planned.")]
        first, hours = result.sessions.first(), list(result.place.hours.all())
        if first is not None and hours and not is_open(hours, first.starts_at):
            said.append(_("By its opening hours %(place)s is closed then.") % {"place": result.place})
        notify(self.request, " ".join(said))
        return reverse("appointments:office_hours")

    def cancel_url(self) -> str:
        return reverse("appointments:office_hours")


class HouseOfficeHourView(HouseMixin, SeriesNewView):
    """Begin a series at an accommodation of the municipality; it becomes a place of the service."""

    form_class = HouseSeriesForm
    form_code = "office_hour_series_at_house"

    def object_key(self) -> str:
        return str(self.house.uuid)

    def why_no_form(self) -> str:
        return ""

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"valid_from": self.today}}

    def form_valid(self, form: SeriesForm) -> object:
        return services.begin_series_at_house(self.actor, form.record(), self.house)

    def cancel_url(self) -> str:
        return self.house.get_absolute_url()


class SeriesEndView(OfficeHoursFrame, WriteView):
    """The last day of a series."""

    form_class = SeriesEndForm
    form_code = "office_hour_series_end"
    title = gettext_lazy("End a series of office hours")
    lead = gettext_lazy("Sessions after the last day are taken away. Closed ones and their counts stay.")
    submit_label = gettext_lazy("End series")

    @cached_property
    def series(self) -> OfficeHourSeries:
        rows = OfficeHourSeries.objects.visible_to(self.request.user).select_related("place")
        found: OfficeHourSeries | None = rows.filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        return found

    def object_key(self) -> str:
        return str(self.series.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.series, "today": self.today}

    def form_valid(self, form: SeriesEndForm) -> object:
        return services.end_series(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: object) -> str:
        notify(self.request, _("The last day of the series is entered."))
        return reverse("appointments:office_hours")

    def cancel_url(self) -> str:
        return reverse("appointments:office_hours")


class OfSession(OfficeHoursFrame, abstract=True):
    """Finds the session of the address among those of one's own municipalities."""

    session: OfficeHourSession

    def settle_access(self) -> None:
        super().settle_access()
        rows = OfficeHourSession.objects.visible_to(self.request.user)
        found = rows.select_related("place", "closed_by").filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        self.session = found


class ExceptionView(OfSession, WriteView, abstract=True):
    """A form about one session that is still to come or open."""

    said: ClassVar["StrOrPromise"]

    def object_key(self) -> str:
        return str(self.session.uuid)

    def show(self, form: Any, **extra: Any) -> HttpResponse:
        return super().show(form, lead=said_of(self.session), **extra)

    def why_no_form(self) -> str:
        return "" if self.session.is_open else _("This office hour is closed or cancelled.")

    def form_kwargs(self) -> dict[str, Any]:
        # A copy: the page around a refused form goes on to name what is stored.
        return {"instance": copy(self.session)}

    @abstractmethod
    def write(self, form: Any) -> object:
        """Call the one service."""

    def form_valid(self, form: Any) -> object:
        try:
            return self.write(form)
        except services.DeskClosed:
            form.add_error(None, _("This office hour is closed or cancelled."))
            return None

    def success_url(self, result: object) -> str:
        notify(self.request, str(self.said))
        return reverse("appointments:office_hours")

    def cancel_url(self) -> str:
        return self.session.get_absolute_url()


class SessionMoveView(ExceptionView):
    form_class = SessionMoveForm
    form_code = "office_hour_move"
    title = gettext_lazy("Move an office hour")
    submit_label = gettext_lazy("Move")
    said = gettext_lazy("The office hour is moved.")

    def form_kwargs(self) -> dict[str, Any]:
        return {**super().form_kwargs(), "now": self.now}

    def write(self, form: SessionMoveForm) -> object:
        return services.move_session(self.actor, form.record(), expected_version=form.expected_version)


class SessionCancelView(ExceptionView):
    form_class = SessionCancelForm
    form_code = "office_hour_cancel"
    title = gettext_lazy("Cancel an office hour")
    submit_label = gettext_lazy("Cancel office hour")
    said = gettext_lazy("The office hour is cancelled.")

    def write(self, form: SessionCancelForm) -> object:
        return services.cancel_session(self.actor, form.record(), expected_version=form.expected_version)


class SessionReinstateView(OfSession, PageView):
    """Hold a cancelled office hour after all."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.reinstate_session(self.actor, self.session)
        except StaleRecord:
            notify(request, _("Somebody else has changed this in the meantime. Nothing was changed."))
        except ValidationError as refused:
            notify(request, " ".join(refused.messages))
        else:
            notify(request, _("The office hour takes place."))
        return hx_redirect(request, reverse("appointments:office_hours"))
