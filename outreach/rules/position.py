"""Where one ladder stands: its step, the date its window counts from, and what led there."""

from __future__ import annotations

from datetime import date, datetime

from accounts.rules.calendar import add_days, local_date
from appointments.rules.contact import LETTER, PHONE, ContactFact
from outreach.choices import Stage
from outreach.rules.facts import ActFact, FactsAsOf, Phase
from outreach.rules.openings import Ladder
from outreach.rules.view import NotCounted, Step, StepBy, WindowStart


class Position:
    """The state a replay moves from step to step.

    `anchor` is the date the present window counts from: t0, a1, a2, v1, v2 or v2 + 90 days, or the day that replaced
    it. `first` is the letter or call that did STEP1, `visit` the visit that did VISIT. `fast_since` is set while the
    fast lane is open; `stage` is then the step weighed underneath. `fast_basis` are the two no-shows it rests on,
    `fast_pair` the last two.
    """

    def __init__(self, ladder: Ladder, facts: FactsAsOf) -> None:
        self.ladder = ladder
        self.opening = ladder.opening
        self.policy = ladder.policy
        self.facts = facts
        self.stage: str = Stage.STEP1
        self.anchor = local_date(ladder.opening.t0)
        self.steps: list[Step] = []
        self.not_counted: list[NotCounted] = []
        self.window_starts: list[WindowStart] = []
        self.first: ContactFact | None = None
        self.visit: ContactFact | None = None
        self.recheck_day: date | None = None
        self.fast_since: datetime | None = None
        self.fast_anchor = self.anchor
        self.fast_basis: tuple[datetime, datetime] | None = None
        self.fast_pair: tuple[datetime, datetime] | None = None
        self.postponed_to: date | None = None
        self.announcements: list[ActFact] = []
        self.suspended = facts.phase_at(ladder.opening.opened_at) == Phase.PAUSED

    @property
    def present_stage(self) -> str:
        return Stage.VISIT if self.fast_since is not None else self.stage

    @property
    def first_group(self) -> str:
        return PHONE if self.first is not None and self.first.group == PHONE else LETTER

    @property
    def other_group(self) -> str:
        return LETTER if self.first_group == PHONE else PHONE

    @property
    def announcement(self) -> ActFact | None:
        """The last announcement while the ladder waits for the announced visit."""
        if self.present_stage != Stage.VISIT or not self.announcements:
            return None
        return self.announcements[-1]

    @property
    def recheck_from(self) -> date:
        """The first day of the attempt after UNREACHABLE."""
        if self.stage == Stage.RECHECK:
            return self.anchor
        return add_days(self.anchor, self.policy.recheck_after_days)

    @property
    def looks_again(self) -> bool:
        """Whether the decision was put off until RECHECK: the manager decided not to close for now."""
        return (
            self.present_stage == Stage.UNREACHABLE
            and self.postponed_to is not None
            and self.postponed_to >= self.recheck_from
        )

    def complete(self, stage: str, contact: ContactFact) -> None:
        """A contact did the step `stage`."""
        self.steps.append(Step(stage, contact.happened_at, StepBy.CONTACT, contact))

    def go_to(self, stage: str, anchor: date) -> None:
        """Advance; postponing lapses with the step. Under an open fast lane the visible step stays the visit."""
        visible = self.present_stage
        self.stage, self.anchor = stage, anchor
        if self.present_stage != visible:
            self.postponed_to = None

    def start_window(self, day: date) -> None:
        """The present step's window starts anew on `day`."""
        self.anchor = self.fast_anchor = day
        self.postponed_to = None

    def enter_fast_lane(self, pair: tuple[datetime, datetime]) -> None:
        """Two no-shows lead straight to the visit, due from the second on."""
        self.fast_basis = self.fast_pair = pair
        self.fast_since = pair[1]
        self.fast_anchor = local_date(pair[1])
        self.postponed_to = None

    def move_fast_lane(self, second: datetime) -> None:
        """One more no-show while the fast lane is open: its window counts from that one."""
        if self.fast_pair is not None:
            self.fast_pair = self.fast_pair[1], second
        self.fast_anchor = local_date(second)

    def leave_fast_lane(self) -> None:
        """The visit step is done: letters and calls weighed underneath were attempts, but no steps."""
        if self.fast_since is not None:
            since = self.fast_since
            self.steps = [step for step in self.steps if step.at < since]
            self.fast_since = None
