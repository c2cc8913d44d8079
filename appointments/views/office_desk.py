"""The desk of an open office hour: arrivals in order, who is called, what became of them, and closing."""

import datetime
from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.generic import PageView
from accounts.models import User
from accounts.records import DuplicateSubmission
from appointments.choices import ArrivalOutcome
from appointments.forms.office_hours import AnonymousForm, ArriveForm
from appointments.models import OfficeHourArrival, OfficeHourCount, OfficeHourSession
from appointments.rules.office_hours import minutes_between, usual_wait
from appointments.services import office_hours as services
from appointments.services import office_line as line
from appointments.views.office_hours import OfSession
from clients.models import SpokenLanguage, Topic
from ui.htmx import hx_redirect, pressed
from ui.notes import notify

FREQUENT = 8
"""How many languages stand as buttons; all others are in a list."""


@dataclass(frozen=True)
class Waiting:
    """Somebody in a row of the desk, and for how many minutes they have waited, or waited until called."""

    arrival: OfficeHourArrival
    minutes: int


class Desk:
    """The line of a session as one manager sees it."""

    def __init__(self, session: OfficeHourSession, user: User, now: datetime.datetime) -> None:
        rows = list(session.arrivals.select_related("language", "called_by"))
        self._now = now
        called = [row for row in rows if row.called_at and not row.outcome]
        self.mine = next((self._row(row) for row in called if row.called_by_id == user.pk), None)
        self.with_others = [self._row(row) for row in called if row.called_by_id != user.pk]
        in_line = sorted(
            (row for row in rows if not row.called_at and not row.outcome), key=lambda row: row.turn
        )
        self.in_line = [self._row(row) for row in in_line]
        self.gone = [self._row(row) for row in rows if row.outcome == ArrivalOutcome.LEFT]
        self.usual_wait = usual_wait(row for row in rows if row.outcome != ArrivalOutcome.LEFT)
        outcomes = Counter(row.outcome for row in rows if row.outcome)
        self.outcomes = [(ArrivalOutcome(code).label, number) for code, number in sorted(outcomes.items())]

    def _row(self, arrival: OfficeHourArrival) -> Waiting:
        return Waiting(arrival, minutes_between(arrival.arrived_at, arrival.called_at or self._now))

    @property
    def longest_wait(self) -> int:
        """Minutes the one who came first of those in line has waited."""
        return max((row.minutes for row in self.in_line), default=0)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is here."""
        return not (self.in_line or self.with_others or self.mine)


def frequent_languages(
    session: OfficeHourSession, languages: Sequence[SpokenLanguage]
) -> list[SpokenLanguage]:
    """Those spoken most often at the office hours of the municipality so far; before the first, the list's order."""
    counts: Any = OfficeHourCount.objects.filter(
        session__municipality=session.municipality_id, language__isnull=False
    )
    often = dict(counts.order_by().values_list("language").annotate(number=Sum("number")))
    return sorted(languages, key=lambda row: (-often.get(row.pk, 0), row.order, str(row)))[:FREQUENT]


def counts_of(session: OfficeHourSession) -> dict[str, Any]:
    """What stays of a closed session, as labels with numbers."""
    counts = list(session.counts.select_related("language", "topic"))
    wait = _("%(minutes)s min") % {"minutes": session.average_wait}
    return {
        "figures": [
            (_("Visitors"), session.visitors),
            (_("Own clients"), session.own),
            (_("Colleagues' clients"), session.drop_ins),
            (_("Without a file"), session.anonymous),
            (_("Left without a talk"), session.left),
            (_("Average wait"), "–" if session.average_wait is None else wait),
        ],
        "languages": [(row.language or _("not asked"), row.number) for row in counts if row.topic_id is None],
        "topics": [(row.topic, row.number) for row in counts if row.topic_id is not None],
    }


class DeskView(OfSession, PageView):
    """The desk while the session is open; afterwards its counts."""

    template_name = "appointments/office_hour_desk.html"
    fragment_name = "appointments/_office_hour_line.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = self.session
        context: dict[str, Any] = {"session": session}
        if not session.is_open:
            self.template_name = "appointments/office_hour_closed.html"
            if session.closed_at is not None:
                context |= counts_of(session)
        elif session.day == self.today:
            context["desk"] = Desk(session, self.request.user, self.now)
            languages = list(SpokenLanguage.objects.valid_on(self.today))
            context |= {
                "frequent": frequent_languages(session, languages),
                "languages": sorted(languages, key=str),
                "topics": Topic.objects.valid_on(self.today) if context["desk"].mine else (),
                "token": uuid4(),
            }
        return self.render(context)


class DeskActionView(OfSession, PageView, abstract=True):
    """A button of the desk: it acts, and shows the desk again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except services.DeskClosed:
            notify(
                request, _("Nothing was changed: this office hour is closed, or the number was taken back.")
            )
        return hx_redirect(request, self.session.get_absolute_url())

    @abstractmethod
    def act(self) -> None:
        """Call the one service and say what it did."""


class ArriveView(DeskActionView):
    """One tap on a language gives the next number; "undo" takes it back."""

    def act(self) -> None:
        form = ArriveForm(self.request.POST)
        if not form.is_valid():
            notify(self.request, _("No number was given. Please choose the language again."))
            return
        data = form.cleaned_data
        try:
            arrival = line.arrive(self.actor, self.session, data["language"], token=data["form_token"])
        except DuplicateSubmission:
            notify(self.request, _("This number was given already."))
            return
        undo = reverse("appointments:office_hour_arrival", args=[self.session.uuid, arrival.uuid])
        said = _("Number %(number)s is given.") % {"number": arrival.number}
        notify(self.request, said, undo_url=f"{undo}?act=withdraw")


class CallView(DeskActionView):
    """Take the next number."""

    def act(self) -> None:
        arrival = line.call_next(self.actor, self.session)
        if arrival is None:
            notify(self.request, _("Nobody waits."))
        else:
            notify(self.request, _("Number %(number)s is with you.") % {"number": arrival.number})


class ArrivalView(DeskActionView):
    """What happens to one number: left, back in line, counted without a file, given by mistake."""

    undo_url = ""

    @cached_property
    def arrival(self) -> OfficeHourArrival:
        rows = self.session.arrivals.select_related("session")
        found: OfficeHourArrival | None = rows.filter(uuid=self.kwargs["arrival"]).first()
        if found is None:
            raise services.DeskClosed
        return found

    def act(self) -> None:
        arrival, number = self.arrival, {"number": self.arrival.number}
        match pressed(self.request, "act"):
            case "left":
                line.finish_arrival(self.actor, arrival, ArrivalOutcome.LEFT)
                said = _("Number %(number)s has left.") % number
            case "back":
                line.put_back(self.actor, arrival)
                said = _("Number %(number)s is at the end of the line.") % number
            case "withdraw":
                line.withdraw(self.actor, arrival)
                said = _("Number %(number)s is taken back.") % number
            case "anonymous":
                said = self.count(arrival)
            case "uncount":
                line.count_no_more(self.actor, arrival)
                said = _("Number %(number)s waits again.") % number
            case _:
                raise Http404
        notify(self.request, said, undo_url=self.undo_url)

    def count(self, arrival: OfficeHourArrival) -> str:
        """Count somebody without a file; the topic is the button that was pressed."""
        form = AnonymousForm(self.request.POST)
        if not form.is_valid():
            return _("Not counted yet. Please choose a topic.")
        line.finish_arrival(self.actor, arrival, ArrivalOutcome.ANONYMOUS, **form.cleaned_data)
        self.undo_url = f"{self.request.path}?act=uncount"
        return _("Number %(number)s is counted without a file.") % {"number": arrival.number}


class CloseView(OfSession, PageView):
    """What closing does, and closing: it cannot be undone."""

    template_name = "appointments/office_hour_close.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.session.is_open or self.session.day > self.today:
            return hx_redirect(request, self.session.get_absolute_url())
        return self.render({"session": self.session, "desk": Desk(self.session, self.request.user, self.now)})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.close_session(self.actor, self.session)
        except services.DeskClosed:
            notify(request, _("Nothing was changed: this office hour is closed, or still to come."))
        else:
            notify(request, _("The office hour is closed. Its line is deleted, the counts stay."))
        return hx_redirect(request, self.session.get_absolute_url())
