"""One ladder as it stands on a day: what screens, lists and figures are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from accounts.rules.calendar import add_working_days, local_date
from appointments.rules.contact import VISIT, ContactFact, NoStep
from outreach.choices import Stage
from outreach.rules.policy import LadderPolicy


class Action(StrEnum):
    """What is to be done at the present step."""

    LETTER_OR_CALL = "letter_or_call"
    LETTER = "letter"
    CALL = "call"
    VISIT = "visit"
    SECOND_VISIT = "second_visit"
    CLARIFY = "clarify"
    DECIDE = "decide"
    TRY_AGAIN = "try_again"
    CLOSE = "close"
    WAIT = "wait"


class StepBy(StrEnum):
    """How a step was completed."""

    CONTACT = "contact"
    NOTHING_FOUND = "nothing_found"
    NO_HOME_VISITS = "no_home_visits"


@dataclass(frozen=True, slots=True)
class Step:
    """A completed step and the contact or act that did it."""

    stage: str
    at: datetime
    by: StepBy
    contact: ContactFact | None = None

    @property
    def day(self) -> date:
        return local_date(self.at)


class WindowBy(StrEnum):
    """What made the window of a step start anew."""

    FOUND = "found"
    RESUMED = "resumed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class WindowStart:
    """The window of a step started anew."""

    by: WindowBy
    at: datetime


@dataclass(frozen=True, slots=True)
class NotCounted:
    """An attempt that was no step, and why.

    `stage` is where the ladder stood then, `action` what was to be done. `day` is the first day of a step tried too
    early, else that of the visit or attempt it is measured against.
    """

    contact: ContactFact
    reason: NoStep
    stage: str
    action: Action | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A missed appointment of the ladder; `dead_since` when it was excused or corrected, `excused` says which."""

    appointment: str
    start: datetime
    trigger: str
    dead_since: datetime | None
    excused: bool

    @property
    def day(self) -> date:
        return local_date(self.start)


@dataclass(frozen=True, slots=True)
class End:
    """Why and when a ladder ended; `contact` or `appointment` is the two-way contact, if there was one."""

    reason: str
    at: datetime
    contact: str | None = None
    appointment: str | None = None

    @property
    def day(self) -> date:
        return local_date(self.at)


@dataclass(frozen=True, slots=True)
class Question:
    """ "New appointment / none needed", asked after a two-way end; work in *Mein Tag* from `due_on`."""

    asked_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class LadderView:
    """One ladder as it stands on `today`. All dates are None while it is suspended and once it has ended.

    `keys` are the refs of all triggers that belong to it, `key` the one that opened it. `announce_by` is the last
    day on which a visit on the due date can still be announced. `early` says the present step may not be taken yet.
    `invited_for` is the date of our letter the other way waits for.
    `reached` is the step it stands at, or stood at when it ended. `recheck_on` is when one more attempt follows.
    `fast_lane_basis` are the two no-shows that opened the fast lane, `fast_lane_misses` the last two.
    """

    key: str
    keys: frozenset[str]
    trigger: str
    t0: datetime
    policy: LadderPolicy
    today: date
    stage: str
    suspended: bool
    clarify: bool
    fast_lane: bool
    fast_lane_misses: tuple[datetime, datetime] | None
    fast_lane_basis: tuple[datetime, datetime] | None
    only_in_pairs: bool
    no_home_visits: bool
    action: Action | None
    not_before: date | None
    due_on: date | None
    postponed_to: date | None
    postponed_on: date | None
    announced_on: date | None
    visit_on: date | None
    invited_for: date | None
    announce_by: date | None
    closing_proposed: bool
    steps: tuple[Step, ...]
    attempts: tuple[ContactFact, ...]
    not_counted: tuple[NotCounted, ...]
    window_starts: tuple[WindowStart, ...]
    misses: tuple[Miss, ...]
    reached: str
    recheck_on: date | None
    end: End | None
    question: Question | None

    @property
    def is_open(self) -> bool:
        return self.end is None

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.today > self.due_on and not self.closing_proposed

    @property
    def early(self) -> bool:
        return self.not_before is not None and self.today < self.not_before

    @property
    def looks_again(self) -> bool:
        """Whether it was decided to look again, so that only RECHECK is waited for."""
        return (
            self.stage == Stage.UNREACHABLE
            and self.action == Action.WAIT
            and self.not_before == self.recheck_on
        )

    @property
    def t0_day(self) -> date:
        return local_date(self.t0)

    @property
    def must_announce(self) -> bool:
        return self.announce_by is not None

    @property
    def announcing_is_overdue(self) -> bool:
        """Whether a visit on the due date can no longer be announced in time."""
        return self.announce_by is not None and self.announce_by < self.today

    @property
    def earliest_visit(self) -> date:
        """The first day a visit announced today may be made on."""
        announced = add_working_days(self.today, self.policy.visit_announced_wd)
        return max(announced, self.not_before or announced)

    @property
    def act_on(self) -> date | None:
        """The day by which something must be done: announcing the visit, or the step itself."""
        return self.announce_by or self.due_on

    @property
    def was_visited(self) -> bool:
        """Whether a visit was made; a letter may have been sent in its place."""
        visit = self.step(Stage.VISIT)
        return visit is not None and visit.contact is not None and visit.contact.group == VISIT

    def step(self, stage: str) -> Step | None:
        """The completed step `stage`, if there is one."""
        return next((step for step in self.steps if step.stage == stage), None)
