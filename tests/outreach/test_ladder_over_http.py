"""The invariants of the outreach ladder once more, over histories that are typed into the pages (rules.md §4)."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.rules.calendar import is_working_day
from appointments.choices import AppointmentState
from appointments.models import Appointment, Contact
from appointments.rules.contact import LETTER, PHONE, is_attempt
from clients.models import Client
from outreach.choices import Stage
from outreach.models import Ladder
from outreach.rules import Action, LadderView, StepBy
from outreach.services.ladders import ladders_of
from tests.outreach.ladder_cast import at, no_show
from tests.outreach.outreach_desk import fill, ladder_url, logged, url

pytestmark = pytest.mark.django_db

STEPS = 18
Typing = Callable[["Desk"], Any]


class Desk:
    """Somebody at the pages of one file, with dice."""

    def __init__(self, browser: Any, client: Client, seed: int) -> None:
        self.browser, self.client, self.dice = browser, client, random.Random(seed)

    @property
    def today(self) -> datetime.date:
        return timezone.localdate()

    def day(self, least: int, most: int) -> str:
        return (self.today + datetime.timedelta(days=self.dice.randint(least, most))).isoformat()

    def a_planned_one(self) -> Appointment | None:
        begun = Appointment.objects.filter(client=self.client, starts_at__lte=timezone.now())
        return begun.filter(state=AppointmentState.PLANNED).first()


def letter(desk: Desk) -> Any:
    return logged(
        desk.browser, desk.client, channel="letter", result="sent", main_topic="", minutes="", time=""
    )


def call_in_vain(desk: Desk) -> Any:
    return logged(
        desk.browser, desk.client, result="not_reached", spoken_with="nobody", main_topic="", minutes=""
    )


def message_by_a_neighbour(desk: Desk) -> Any:
    return logged(desk.browser, desk.client, spoken_with="relative", main_topic="")


def talk(desk: Desk) -> Any:
    return logged(desk.browser, desk.client, channel=desk.dice.choice(["phone", "office", "open_hour"]))


def visit_in_vain(desk: Desk) -> Any:
    return logged(
        desk.browser, desk.client, channel="home_visit", result="not_met_card", main_topic="", minutes="20"
    )


def plan(desk: Desk) -> Any:
    return fill(
        desk.browser,
        url("appointment_new", desk.client),
        date=desk.day(1, 6),
        begins="10:00",
        ends="10:30",
        channel="office",
    )


def decide(desk: Desk) -> Any:
    found = desk.a_planned_one()
    if found is None:
        return None
    state = desk.dice.choice(["no_show", "no_show", "no_show", "held", "cancelled_client"])
    typed = {"outcome": state, "excuse": desk.dice.choice(["unexcused", "unexcused", "excused", "undecided"])}
    return desk.browser.post(url("outcome", desk.client, found.uuid), typed)


def postpone(desk: Desk) -> Any:
    return desk.browser.post(
        ladder_url("postpone", desk.client), {"day": desk.day(3, 20), "detail": "im Urlaub"}
    )


def announce(desk: Desk) -> Any:
    return desk.browser.post(
        ladder_url("announce", desk.client), {"channel": "letter", "day": desk.day(2, 12)}
    )


def end(desk: Desk) -> Any:
    return desk.browser.post(ladder_url("end", desk.client), {"reason": "manager", "detail": "geklärt"})


def move_out(desk: Desk) -> Any:
    moved = {"street": "Neuweg 1", "postcode": "76297", "town": "Stutensee", "kind": "private"}
    return desk.browser.post(
        f"/clients/{desk.client.uuid}/accommodation/new/", {**moved, "since": desk.today.isoformat()}
    )


MOVES: tuple[Typing, ...] = (
    *(plan, plan, plan, decide, decide, decide, decide, letter, letter, call_in_vain, call_in_vain),
    *(visit_in_vain, message_by_a_neighbour, talk, postpone, announce, end, move_out),
)


def broken(view: LadderView, is_last: bool, now: datetime.datetime) -> list[str]:
    """What of the invariants does not hold for one ladder."""
    steps = [step.contact for step in view.steps if step.contact is not None]
    counted = [one for one in steps if one.group in {LETTER, PHONE} and is_attempt(one)]
    unusable = any(step.by == StepBy.NOTHING_FOUND for step in view.steps)
    visits = view.action in {Action.VISIT, Action.SECOND_VISIT} and not view.fast_lane
    found = {
        "a ladder before the last is open": view.is_open and not is_last,
        "a visit before a letter or call": visits and not (counted or unusable),
        "due on a day off": view.due_on is not None and not is_working_day(view.due_on),
        "due before the earliest day": view.due_on is not None and view.due_on < view.not_before,
        "something waits after the end": not view.is_open and view.action is not None,
        "an end without a reason": not view.is_open and view.end is None,
        "a step ahead of its time": any(step.at > now and step.contact is None for step in view.steps),
        "ended and not ended": (view.stage == Stage.ENDED) == view.is_open,
    }
    return [text for text, is_so in found.items() if is_so]


@pytest.mark.parametrize("seed", [1, 7, 2019])
def test_whatever_is_typed_the_ladder_keeps_its_invariants(cast, client, as_user, clock, seed):
    desk = Desk(as_user(cast.manager), client, seed)
    no_show(client, cast.manager, "2019-02-14 10:00")
    moment, done = at("2019-02-18 09:00"), 0
    for _number in range(STEPS):
        clock(f"{moment:%Y-%m-%d %H:%M}")
        answer = desk.dice.choice(MOVES)(desk)
        if answer is not None:
            assert {answer.status_code} - {302, 403, 409, 422} == set(), answer.content.decode()[:300]
            done += answer.status_code == 302
        now = timezone.now()
        views = ladders_of([client], now)[client.pk]
        assert [text for view in views for text in broken(view, view is views[-1], now)] == []
        stored = Ladder.objects.filter(client=client).order_by("t0", "pk")
        assert [row.stage for row in stored] == [view.stage for view in views]
        assert desk.browser.get(client.get_absolute_url()).status_code == 200
        moment += datetime.timedelta(days=desk.dice.choice([0, 1, 2, 4, 7]), hours=1)
        moment = moment.replace(hour=9 + moment.hour % 8)
    assert done > STEPS // 3
    assert Contact.objects.filter(client=client).exists()
