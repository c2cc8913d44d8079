"""Absences: enter one, change its days, come back earlier."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.absence_coverage import left_uncovered
from accounts.generic import PageView
from accounts.models import Absence, AbsenceQuerySet, StandIn, User
from accounts.permissions import Column, column_of
from accounts.records import StaleRecord
from accounts.services import absences as services
from accounts.staff import managers_serving
from clients.forms.stand_ins import AbsenceForm
from clients.views.base import WriteView
from ui.dates import date_de
from ui.htmx import hx_redirect
from ui.notes import notify

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def absences_of(view: PageView) -> AbsenceQuerySet:
    """Absences a user may see and change: her own, and those of all managers for coordination."""
    if column_of(view.request.user) == Column.COORDINATOR:
        rows = Absence.objects.unscoped(reason="the coordinator enters absences of every manager")
    else:
        rows = Absence.objects.editable_by(view.request.user)
    return rows.of_managers().select_related("user")


def nobody_to_choose(people: QuerySet[User]) -> str:
    """The sentence shown in place of a form that has nobody to choose; empty when there is a choice."""
    if people.exists():
        return ""
    return _(
        "No other integration manager works in these municipalities today, so there is nobody to choose."
    )


class AbsenceWriteView(WriteView, abstract=True):
    """The one form for from–to."""

    permission = "absence.enter"
    form_class = AbsenceForm
    form_code = "absence"
    lead: ClassVar["StrOrPromise"] = gettext_lazy(
        "Only the days are kept. Why somebody is away is not recorded."
    )

    def success_url(self, result: object) -> str:
        return reverse("stand_ins:list")

    def cancel_url(self) -> str:
        return reverse("stand_ins:list")

    def left_alone(self, absence: Absence) -> list[str]:
        """A sentence for everybody who is absent, too, and now has no stand-in on these days."""
        return [
            _("%(name)s is without a stand-in then: %(days)s.") % {"name": name, "days": days}
            for name, days in left_uncovered(absence, self.today)
        ]


class AbsenceNewView(AbsenceWriteView):
    """A manager enters her own; the coordinator for anybody, also for someone who fell ill this morning."""

    title = gettext_lazy("Enter an absence")
    submit_label = gettext_lazy("Enter absence")

    def why_no_form(self) -> str:
        if column_of(self.request.user) != Column.COORDINATOR:
            return ""
        return nobody_to_choose(managers_serving(self.scope.municipalities, self.today))

    def form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        if column_of(user) == Column.COORDINATOR:
            return {
                "choices": managers_serving(self.scope.municipalities, self.today),
                "initial": {"since": self.today},
            }
        return {"instance": Absence(user=user)}

    def form_valid(self, form: Any) -> object:
        return services.enter_absence(self.actor, form.record())

    def success_url(self, result: Any) -> str:
        notify(self.request, " ".join([_("The absence is entered."), *self.left_alone(result)]))
        return super().success_url(result)


class AbsenceEditView(AbsenceWriteView):
    """Other days than entered: shorter, longer, at another time."""

    title = gettext_lazy("Change an absence")
    submit_label = gettext_lazy("Save")

    @cached_property
    def absence(self) -> Absence:
        found: Absence | None = absences_of(self).filter(uuid=self.kwargs["uuid"]).first()
        if found is None or found.ended_on is not None:
            raise Http404
        return found

    def object_key(self) -> str:
        return str(self.absence.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.absence}

    def form_valid(self, form: Any) -> object:
        return services.change_absence(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: Any) -> str:
        notify(self.request, " ".join([_("The absence is changed."), *self.left_alone(result)]))
        return super().success_url(result)

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(**{**extra, "title": f"{self.title}: {self.absence.user}"})


class AbsenceEndView(PageView):
    """Back today, or not away after all."""

    permission = "absence.enter"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        absence = absences_of(self).filter(uuid=kwargs["uuid"]).first()
        if absence is None:
            raise Http404
        was_running = absence.since <= self.today
        try:
            if not absence.is_over_on(self.today):
                services.end_absence(self.actor, absence, expected_version=absence.version)
        except StaleRecord:
            notify(request, _("Somebody has changed this absence meanwhile. Please look again."))
        else:
            notify(request, self.said(absence) if was_running else _("The absence is called off."))
        return hx_redirect(request, reverse("stand_ins:list"))

    def said(self, absence: Absence) -> str:
        """Say that the absence has ended and who still stands in: a stand-in ends on its own date or by hand."""
        still = (
            StandIn.objects.unscoped(reason="who still stands in after coming back")
            .active_on(self.today)
            .filter(absent=absence.user_id)
            .select_related("substitute")
            .order_by("until")
        )
        sentences = [_("The absence has ended.")]
        sentences += [
            _("%(name)s still stands in until %(date)s; you can end that below.")
            % {"name": row.substitute, "date": date_de(row.until)}
            for row in still
        ]
        return " ".join(sentences)
