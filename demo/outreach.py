"""Outreach ladders that stand open on the day of the demonstration: one at every step.

Each script writes appointments, letters, calls, visits and acts on working days before that day. The step a
ladder stands at is computed from them by the rule, as for everybody; a test pins that all of them are there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from accounts.rules.calendar import subtract_working_days
from appointments.choices import ActKind, AppointmentState, Channel, Excuse
from clients.choices import Phase
from demo.story import Story
from demo.world import at


@dataclass(frozen=True, slots=True)
class ActPlan:
    """Something a manager did to the ladder open at `at`; written once the ladders have been computed."""

    story: Story
    kind: ActKind
    at: dt.datetime
    detail: str
    day: dt.date | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """The end of a story.

    Attributes:
        code: what it shows.
        quiet_for: working days before the demonstration's day from which nothing else happens in the file.
        play: writes the facts and returns the acts.
    """

    code: str
    quiet_for: int
    play: Callable[[Story], list[ActPlan]]


def _day(story: Story, back: int) -> dt.date:
    return story.world.working_day(-back)


def _letter(story: Story, back: int) -> None:
    story.letter(_day(story, back))


def _call(story: Story, back: int) -> None:
    story.call(_day(story, back))


def _miss(story: Story, back: int) -> None:
    story.missed(_day(story, back))


def _announced(story: Story, back: int, for_day: dt.date) -> ActPlan:
    return ActPlan(
        story,
        ActKind.ANNOUNCED,
        at(_day(story, back), 15, 45),
        "Brief in den Kasten gelegt",
        day=for_day,
        channel=Channel.LETTER,
    )


def first_step_due(story: Story) -> list[ActPlan]:
    """Missed an appointment yesterday: letter or call."""
    _miss(story, 1)
    return []


def first_step_late(story: Story) -> list[ActPlan]:
    """Missed an appointment last week, nothing has been done yet."""
    _miss(story, 6)
    return []


def second_step(story: Story) -> list[ActPlan]:
    """A letter without an answer: now the call."""
    _miss(story, 10)
    _letter(story, 9)
    return []


def visit_to_announce(story: Story) -> list[ActPlan]:
    """Call and letter without an answer: the home visit is to be announced."""
    _miss(story, 11)
    _call(story, 10)
    _letter(story, 8)
    return []


def visit_announced(story: Story) -> list[ActPlan]:
    """The home visit is announced for today or the next working day."""
    _miss(story, 13)
    _call(story, 12)
    _letter(story, 10)
    day = story.world.working_day(0)
    times = story.world.diary.book(story.by, day, story.pick, latest=day)
    if times:
        story.appointment(
            times,
            Channel.HOME_VISIT,
            planned_at=at(_day(story, 3), 15, 40),
            topic="participation",
            agreed=False,
        )
    return [_announced(story, 3, day)]


def two_missed(story: Story) -> list[ActPlan]:
    """Two appointments missed within six months: straight to the home visit."""
    _miss(story, 30)
    story.talk(_day(story, 28), Channel.PHONE, topic="participation")
    _miss(story, 4)
    return []


def second_visit(story: Story) -> list[ActPlan]:
    """Nobody was met; a second visit at another time of day."""
    _miss(story, 22)
    _call(story, 21)
    _letter(story, 19)
    story.visit(_day(story, 7), 10)
    return [_announced(story, 11, _day(story, 7))]


def unreachable(story: Story) -> list[ActPlan]:
    """Two visits, two cards, no answer: look again or close."""
    _miss(story, 34)
    _call(story, 33)
    _letter(story, 31)
    story.visit(_day(story, 21), 9)
    story.visit(_day(story, 11), 17)
    return [_announced(story, 25, _day(story, 21))]


def another_attempt(story: Story) -> list[ActPlan]:
    """Ninety days after the second card one more attempt is due."""
    second = story.world.as_of - dt.timedelta(days=93)
    first = second - dt.timedelta(days=8)
    story.missed(_before(first, 34))
    story.call(_before(first, 29))
    story.letter(_before(first, 24))
    story.visit(first, 11)
    story.visit(second, 17)
    announced = ActPlan(
        story,
        ActKind.ANNOUNCED,
        at(_before(first, 7), 15, 0),
        "Telefonisch auf die Mailbox gesprochen",
        day=first,
        channel=Channel.PHONE,
    )
    return [announced]


def _before(day: dt.date, days: int) -> dt.date:
    return subtract_working_days(day - dt.timedelta(days=days - 1), 1)


def missed_invitation(story: Story) -> list[ActPlan]:
    """A date set by letter was missed: the letter was the first step."""
    letter = story.letter(_day(story, 9))
    appointment = story.missed(_day(story, 3), agreed=False)
    appointment.recorded_at = letter.recorded_at
    story.rows.invite(appointment, letter)
    return []


def undecided(story: Story) -> list[ActPlan]:
    """Did not come; whether excused has not been decided yet."""
    story.missed(_day(story, 2), Excuse.UNDECIDED)
    return []


def asks_for_appointment(story: Story) -> list[ActPlan]:
    """In contact again by phone: a new appointment, or none needed?"""
    _miss(story, 12)
    story.talk(_day(story, 6), Channel.PHONE, topic="participation")
    return []


def wants_no_visits(story: Story) -> list[ActPlan]:
    """The visit becomes one more letter."""
    story.client.no_home_visits_since = _day(story, 60)
    _miss(story, 11)
    _call(story, 10)
    _letter(story, 8)
    return []


def to_clarify(story: Story) -> list[ActPlan]:
    """Mail came back and the number is dead: first the address has to be found."""
    story.home.letters_reach = False
    story.phone.until = at(_day(story, 20), 12, 0)
    _miss(story, 5)
    return []


def only_in_pairs(story: Story) -> list[ActPlan]:
    """A home visit that nobody makes alone."""
    story.warn(_day(story, 90))
    _miss(story, 12)
    _call(story, 11)
    _letter(story, 9)
    return []


def paused(story: Story) -> list[ActPlan]:
    """A ladder that rests while counselling is paused."""
    _miss(story, 9)
    story.phase(Phase.PAUSED, at(_day(story, 7), 14, 0), "für zwei Monate bei der Familie")
    return []


def excuse_accepted(story: Story) -> list[ActPlan]:
    """An excuse came later and was accepted: that ladder is over."""
    appointment = story.missed(_day(story, 15))
    _letter(story, 14)
    later = at(_day(story, 8), 11, 0) - appointment.starts_at
    story.outcome(
        appointment, AppointmentState.NO_SHOW, Excuse.EXCUSED, later=round(later.total_seconds() / 60)
    )
    return []


ACTIVE_SCRIPTS: tuple[Script, ...] = (
    Script("step1", 14, first_step_due),
    Script("step1_late", 20, first_step_late),
    Script("step2", 22, second_step),
    Script("visit", 24, visit_to_announce),
    Script("visit_announced", 26, visit_announced),
    Script("fast_lane", 44, two_missed),
    Script("visit2", 36, second_visit),
    Script("unreachable", 48, unreachable),
    Script("recheck", 110, another_attempt),
    Script("missed_invitation", 22, missed_invitation),
    Script("undecided", 16, undecided),
    Script("question", 24, asks_for_appointment),
    Script("no_visits", 24, wants_no_visits),
    Script("clarify", 20, to_clarify),
    Script("only_in_pairs", 24, only_in_pairs),
    Script("excused", 28, excuse_accepted),
)
"""Scripts for files in active counselling, the most telling first."""

PAUSED_SCRIPT = Script("paused", 18, paused)
