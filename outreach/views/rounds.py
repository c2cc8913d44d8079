"""The round of a day, what a colleague is asked, and who is back."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.generic import AccessView, PageView
from accounts.records import uuid_of
from appointments.services.appointments import Busy
from audit.recording import record
from outreach import actions
from outreach.models import BackBy, VisitCompanion
from outreach.rounds import Round, round_of
from outreach.services import companions, going_out
from outreach.services import rounds as services
from ui.dates import time_de
from ui.htmx import fragment_response, hx_redirect, is_htmx
from ui.notes import notify

FIRST, LAST = datetime.date(1900, 1, 8), datetime.date(2200, 1, 1)
ONE_DAY = datetime.timedelta(days=1)


def day_of(text: str, today: datetime.date) -> datetime.date:
    """The day asked for; today for none or for nonsense."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return today
    return day if FIRST <= day <= LAST else today


def round_url(day: datetime.date) -> str:
    """The page of the round of a day."""
    return f"{reverse('visits:round')}?on={day}"


class RoundMixin(PageView, abstract=True):
    """The round of the day the request names."""

    permission = "visit.plan"
    template_name = "outreach/round.html"

    def round_on(self, text: str) -> Round:
        day = day_of(text, self.today)
        return round_of(self.request.user, self.scope.caseloads, day, self.now)


class RoundView(RoundMixin):
    """Where one goes on a day, for the phone."""

    permission = "visit.plan"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.round_on(request.GET.get("on", ""))
        people = sum(len(stop.visits) for stop in found.stops)
        record(self.actor, actions.ROUND_VIEWED, kind="visit", count=people)
        out = going_out.told_to(self.request.user).out().filter(user=request.user).select_related("colleague")
        return self.render(
            {
                "round": found,
                "is_today": found.day == self.today,
                "before": found.day - ONE_DAY,
                "after": found.day + ONE_DAY,
                "out": out.first(),
            }
        )


class RoundOrderView(RoundMixin):
    """Move a stop up or down, or go back to the order of the streets."""

    permission = "visit.plan"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.round_on(request.POST.get("on", ""))
        place = self.move(found)
        if not is_htmx(request):
            return hx_redirect(request, round_url(found.day))
        found = self.round_on(request.POST.get("on", ""))
        moved = found.stops[place] if place is not None else None
        said = (
            _("Now at place %(place)s.") % {"place": place + 1}
            if place is not None
            else _("Ordered by time and street.")
        )
        context = {
            "round": found,
            "is_today": found.day == self.today,
            "moved": moved,
            "way": request.POST.get("move"),
            "said": said,
        }
        return fragment_response(request, "outreach/_round.html", context)

    def move(self, found: Round) -> int | None:
        """Keep the new order; returns the new place of the stop that moved."""
        way = request_way(self.request)
        if way == 0:
            services.order_by_street(self.actor, found.day)
            return None
        key = uuid_of(self.request.POST.get("stop", ""))
        here = next(
            (place for place, stop in enumerate(found.stops) if key in {c.uuid for c in stop.people}), None
        )
        if here is None:
            raise Http404
        there = min(max(here + way, 0), len(found.stops) - 1)
        stops = [stop.people for stop in found.stops]
        stops.insert(there, stops.pop(here))
        services.order_by_hand(self.actor, found.day, stops)
        return there


def request_way(request: HttpRequest) -> int:
    """Up, down, or neither."""
    return {"up": -1, "down": 1}.get(request.POST.get("move", ""), 0)


class CompanionAnswerView(AccessView):
    """The colleague says whether she comes along."""

    permission = "visit.accompany"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = companions.told_to(self.request.user).filter(colleague=request.user)
        companion: VisitCompanion | None = rows.filter(uuid=kwargs["visit_companion"]).first()
        if companion is None:
            raise Http404
        accept = request.POST.get("answer") == "accept"
        try:
            companions.answer_companion(self.actor, companion, accept=accept)
        except ValidationError as refused:
            notify(request, " ".join(refused.messages))
        except Busy as busy:
            span = {"begin": time_de(busy.other.starts_at), "end": time_de(busy.other.ends_at)}
            notify(request, _("Your calendar is taken from %(begin)s to %(end)s.") % span)
        else:
            notify(
                request,
                _("You come along; the time stands in your calendar.")
                if accept
                else _("You do not come along."),
            )
        return hx_redirect(request, reverse("home"))


class BackView(AccessView):
    """ "I am back", said by herself or by the colleague she named."""

    permission = "visit.accompany"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        out: BackBy | None = going_out.told_to(self.request.user).filter(uuid=kwargs["back_by"]).first()
        if out is None:
            raise Http404
        going_out.come_back(self.actor, out)
        notify(request, _("Noted: back from the visit."))
        day = request.POST.get("on", "")
        return hx_redirect(request, round_url(day_of(day, self.today)) if day else reverse("home"))
