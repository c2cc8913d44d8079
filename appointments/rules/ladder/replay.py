"""Walks one ladder through what happened, from t0 to its end or now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from appointments.choices import ActKind, ClarifyOutcome, Stage, Trigger
from appointments.rules.calendar import add_days, local_date, start_of_day
from appointments.rules.contact import (
    LETTER,
    PHONE,
    VISIT,
    ContactFact,
    counts_as_step,
    is_attempt,
    is_visit,
    left_card,
    same_part_of_day,
)
from appointments.rules.ladder.facts import ActFact, Known, KnownAppointment, Phase
from appointments.rules.ladder.fast_lane import Pair, fast_lane_pair, is_unexcused
from appointments.rules.ladder.openings import Ladder, TwoWay, invitation_of
from appointments.rules.ladder.periods import Kind
from appointments.rules.ladder.position import Position
from appointments.rules.ladder.view import Step, StepBy
from appointments.rules.ladder.ways import must_clarify, usable, was_announced
from appointments.rules.ladder.windows import step2_not_before, visit_window

Happening = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Restart:
    """The ladder `key` re-opened at or fell back to `stage` by a correction at `at`."""

    key: str
    stage: str
    at: datetime


def replay(
    ladder: Ladder,
    facts: Known,
    two_ways: Sequence[TwoWay],
    now: datetime,
    restarts: Sequence[Restart],
    standing: Collection[Pair],
) -> Position:
    """Where the ladder stands at `now`, or stood when it ended; `standing` as for `fast_lane_pair`."""
    return _Replay(ladder, facts, two_ways, now, restarts, standing).position


class _Replay:
    def __init__(
        self,
        ladder: Ladder,
        facts: Known,
        two_ways: Sequence[TwoWay],
        now: datetime,
        restarts: Sequence[Restart],
        standing: Collection[Pair],
    ) -> None:
        self.ladder = ladder
        self.policy = ladder.policy
        self.facts = facts
        self.two_ways = two_ways
        self.standing = standing
        self.limit = ladder.end.at if ladder.end is not None else now
        self.position = Position(ladder, facts)
        self._open_with_invitation()
        for at, _order, happen in sorted(self._events(restarts), key=lambda event: event[:2]):
            self._let_time_pass(at)
            happen(at)
        self._let_time_pass(min(now, self.limit))

    # What happens

    def _events(self, restarts: Sequence[Restart]) -> list[tuple[datetime, int, Happening]]:
        begin, opened, limit = self.ladder.opening.t0, self.ladder.opening.opened_at, self.limit
        events: list[tuple[datetime, int, Happening]] = []
        for change in self.facts.phases:
            if opened < change.at <= limit:
                events.append((change.at, 0, self._on_phase(change.phase)))
        for period in self.facts.periods:
            if period.kind == Kind.NO_HOME_VISITS and begin <= period.since <= limit:
                events.append((period.since, 1, self._on_no_home_visits))
        for appointment in self.facts.appointments:
            if is_unexcused(appointment) and begin <= appointment.start <= limit:
                events.append((appointment.start, 2, self._on_no_show(appointment)))
        for contact in self.facts.contacts:
            if begin <= contact.happened_at and contact.has_come(limit) and is_attempt(contact):
                events.append((contact.happened_at, 3, self._on_attempt(contact)))
        for act in self.facts.acts:
            if opened <= act.at <= limit:
                events.append((self._place_of(act.at), 4, self._on_act(act)))
        for restart in restarts:
            if restart.key in self.ladder.keys and begin <= restart.at <= limit:
                events.append((self._place_of(restart.at), 5, self._on_restart(restart)))
        return events

    def _place_of(self, at: datetime) -> datetime:
        """After what was logged before it on the same day without a time: that was in force already."""
        untimed = (c.happened_at for c in self.facts.contacts if not c.has_time and c.has_come(at))
        return max([at, *untimed])

    def _open_with_invitation(self) -> None:
        """A missed invitation opens at STEP2 with its letter as a1, if that letter counts as a step."""
        opening = self.ladder.opening
        letter = invitation_of(opening, self.facts) if opening.trigger == Trigger.MISSED_INVITATION else None
        if (
            letter is not None
            and letter.group in {LETTER, PHONE}
            and letter.happened_at <= opening.t0
            and counts_as_step(letter)
            and self.facts.phase_at(letter.happened_at) != Phase.PAUSED
        ):
            self._take_first_step(letter, local_date(letter.happened_at))

    def _let_time_pass(self, moment: datetime) -> None:
        """Time alone turns UNREACHABLE into RECHECK and nothing else."""
        position = self.position
        day = add_days(position.anchor, self.policy.recheck_after_days)
        if position.stage == Stage.UNREACHABLE and not position.suspended and moment >= start_of_day(day):
            position.go_to(Stage.RECHECK, day)

    def _on_phase(self, phase: Phase) -> Happening:
        def happen(at: datetime) -> None:
            if phase == Phase.PAUSED:
                self.position.suspended = True
            elif self.position.suspended:
                self.position.suspended = False
                self.position.start_window(local_date(at))

        return happen

    def _on_no_home_visits(self, at: datetime) -> None:
        """Set after the first visit: what the window counts from, that visit or a resume, replaces the second."""
        position = self.position
        if position.stage == Stage.VISIT2 and position.visit is not None:
            position.steps.append(Step(Stage.VISIT2, at, StepBy.NO_HOME_VISITS))
            position.go_to(Stage.UNREACHABLE, position.anchor)

    def _on_no_show(self, appointment: KnownAppointment) -> Happening:
        """An unexcused one opens the fast lane with the one before it; once open, it moves t0′ (rules.md §10)."""

        def happen(at: datetime) -> None:
            position = self.position
            if position.fast_since is not None:
                position.move_fast_lane(at)
            elif position.stage in {Stage.STEP1, Stage.STEP2}:
                pair = fast_lane_pair(self.facts, self.two_ways, self.policy, appointment, self.standing)
                if pair is not None:
                    position.enter_fast_lane(pair)

        return happen

    def _on_attempt(self, contact: ContactFact) -> Happening:
        def happen(at: datetime) -> None:
            position = self.position
            if position.suspended or not counts_as_step(contact):
                return
            day = local_date(at)
            if position.present_stage == Stage.VISIT and self._take_visit_step(contact, day):
                return
            if position.stage == Stage.STEP1:
                self._take_first_step(contact, day)
            elif position.stage == Stage.STEP2:
                self._take_second_step(contact, day)
            elif position.stage == Stage.VISIT2:
                self._take_second_visit(contact, day)
            elif position.stage == Stage.RECHECK:
                self._take_recheck(contact, day)

        return happen

    def _on_act(self, act: ActFact) -> Happening:
        def happen(_at: datetime) -> None:
            at, position = act.at, self.position
            day = local_date(at)
            if act.kind == ActKind.ANNOUNCED:
                position.announcements.append(act)
            elif act.kind == ActKind.POSTPONED and not position.suspended:
                position.postponed_to = act.day
            elif act.kind == ActKind.CLARIFIED and act.outcome == ClarifyOutcome.FOUND:
                position.start_window(day)
            elif act.kind == ActKind.CLARIFIED and must_clarify(position, at):
                self._nothing_found(at, day)

        return happen

    def _on_restart(self, restart: Restart) -> Happening:
        def happen(at: datetime) -> None:
            if self.position.present_stage == restart.stage:
                self.position.start_window(local_date(at))

        return happen

    # What it does to the ladder

    def _take_first_step(self, contact: ContactFact, day: date) -> None:
        if contact.group in {LETTER, PHONE}:
            self.position.first = contact
            self.position.complete(Stage.STEP1, contact)
            self.position.go_to(Stage.STEP2, day)

    def _take_second_step(self, contact: ContactFact, day: date) -> None:
        position = self.position
        if contact.group not in {LETTER, PHONE}:
            return
        if day < step2_not_before(position, at=contact.happened_at):
            return
        if contact.group == position.first_group and usable(
            self.facts, position.other_group, contact.happened_at
        ):
            return
        position.complete(Stage.STEP2, contact)
        position.go_to(Stage.VISIT, day)

    def _take_visit_step(self, contact: ContactFact, day: date) -> bool:
        position = self.position
        if day < visit_window(position)[0]:
            return False
        if self.facts.holds(Kind.NO_HOME_VISITS, contact.happened_at):
            if contact.group != (LETTER if usable(self.facts, LETTER, contact.happened_at) else PHONE):
                return False
            position.leave_fast_lane()
            position.complete(Stage.VISIT, contact)
            position.steps.append(Step(Stage.VISIT2, contact.happened_at, StepBy.NO_HOME_VISITS))
            position.go_to(Stage.UNREACHABLE, day)
            return True
        if not is_visit(contact) or not was_announced(position, contact, day):
            return False
        position.leave_fast_lane()
        position.visit = contact
        position.complete(Stage.VISIT, contact)
        position.go_to(Stage.VISIT2, day)
        return True

    def _take_second_visit(self, contact: ContactFact, day: date) -> None:
        position, first = self.position, self.position.visit
        if not left_card(contact) or day < add_days(position.anchor, self.policy.visit2_after_days):
            return
        if first is not None and same_part_of_day(contact, first):
            return
        position.complete(Stage.VISIT2, contact)
        position.go_to(Stage.UNREACHABLE, day)

    def _take_recheck(self, contact: ContactFact, day: date) -> None:
        position = self.position
        if position.recheck_day is not None:
            return
        if day < position.anchor:
            return
        if contact.group == VISIT and self.facts.holds(Kind.NO_HOME_VISITS, contact.happened_at):
            return
        position.complete(Stage.RECHECK, contact)
        position.recheck_day, position.postponed_to = day, None

    def _nothing_found(self, at: datetime, day: date) -> None:
        """Looking brought nothing: that day replaces a2, or v2 where there is nowhere to visit."""
        position = self.position
        stage = position.present_stage
        position.leave_fast_lane()
        position.steps.append(Step(stage, at, StepBy.NOTHING_FOUND))
        if stage == Stage.RECHECK:
            position.recheck_day, position.postponed_to = day, None
        elif stage in {Stage.STEP1, Stage.STEP2} and self.facts.holds(Kind.ACCOMMODATION, at):
            position.go_to(Stage.VISIT, day)
        else:
            position.go_to(Stage.UNREACHABLE, day)
