"""Walks one ladder through what happened, from t0 to its end or now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.rules.calendar import add_days, local_date, start_of_day
from appointments.rules.contact import (
    LETTER,
    PHONE,
    VISIT,
    ContactFact,
    NoStep,
    flaw_of,
    is_attempt,
    left_card,
    same_part_of_day,
)
from clients.rules.reach_periods import Kind
from outreach.choices import ActKind, ClarifyOutcome, Stage, Trigger
from outreach.rules.facts import ActFact, AppointmentAsOf, FactsAsOf, Phase
from outreach.rules.fast_lane import Pair, fast_lane_pair, is_unexcused
from outreach.rules.openings import Ladder, TwoWay, invitation_of
from outreach.rules.position import Position
from outreach.rules.view import NotCounted, Step, StepBy, WindowBy, WindowStart
from outreach.rules.ways import action_at, must_clarify, usable, was_announced
from outreach.rules.windows import step2_not_before, visit_window, window_of

Happening = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Restart:
    """The ladder `key` re-opened at or fell back to `stage` by a correction at `at`."""

    key: str
    stage: str
    at: datetime


def replay(
    ladder: Ladder,
    facts: FactsAsOf,
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
        facts: FactsAsOf,
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
        if letter is None or letter.happened_at > opening.t0 or not is_attempt(letter):
            return
        paused = self.facts.phase_at(letter.happened_at) == Phase.PAUSED
        self._weigh(letter, NoStep.PAUSED if paused else flaw_of(letter))

    def _let_time_pass(self, moment: datetime) -> None:
        """Time alone changes one step only: UNREACHABLE becomes RECHECK."""
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
                self.position.window_starts.append(WindowStart(WindowBy.RESUMED, at))

        return happen

    def _on_no_home_visits(self, at: datetime) -> None:
        """Set after the first visit: what the window counts from, that visit or a resume, replaces the second."""
        position = self.position
        if position.stage == Stage.VISIT2 and position.visit is not None:
            position.steps.append(Step(Stage.VISIT2, at, StepBy.NO_HOME_VISITS))
            position.go_to(Stage.UNREACHABLE, position.anchor)

    def _on_no_show(self, appointment: AppointmentAsOf) -> Happening:
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
            self._weigh(contact, NoStep.PAUSED if self.position.suspended else flaw_of(contact))

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
                position.window_starts.append(WindowStart(WindowBy.FOUND, at))
            elif act.kind == ActKind.CLARIFIED and must_clarify(position, at):
                self._nothing_found(at, day)

        return happen

    def _on_restart(self, restart: Restart) -> Happening:
        def happen(at: datetime) -> None:
            if self.position.present_stage == restart.stage:
                self.position.start_window(local_date(at))
                self.position.window_starts.append(WindowStart(WindowBy.CORRECTED, at))

        return happen

    # What it does to the ladder

    def _weigh(self, contact: ContactFact, flaw: NoStep | None) -> None:
        """Count an attempt as the present step, or keep the reason why it does not count."""
        position, day = self.position, local_date(contact.happened_at)
        reason = flaw or self._take(position.present_stage, contact, day)
        if reason is None:
            return
        self._keep(contact, reason)
        if flaw is None and position.fast_since is not None:
            self._take(position.stage, contact, day)

    def _take(self, stage: str, contact: ContactFact, day: date) -> NoStep | None:
        takes = {
            Stage.STEP1: self._take_first_step,
            Stage.STEP2: self._take_second_step,
            Stage.VISIT: self._take_visit_step,
            Stage.VISIT2: self._take_second_visit,
        }
        return takes.get(Stage(stage), self._take_recheck)(contact, day)

    def _keep(self, contact: ContactFact, reason: NoStep) -> None:
        """Keep the reason with the attempt, and what its sentence will name."""
        position, action = self.position, None
        day = position.recheck_day
        if position.present_stage in {Stage.UNREACHABLE, Stage.RECHECK}:
            first_day = position.recheck_from
        else:
            first_day = window_of(position, contact.happened_at)[0]
        if reason == NoStep.NOT_ITS_TURN:
            action = action_at(position, contact.happened_at, first_day)
        elif reason == NoStep.TOO_EARLY:
            day = first_day
        elif reason == NoStep.SAME_PART_OF_DAY and position.visit is not None:
            day = local_date(position.visit.happened_at)
        position.not_counted.append(NotCounted(contact, reason, position.present_stage, action, day))

    def _take_first_step(self, contact: ContactFact, day: date) -> NoStep | None:
        if contact.group not in {LETTER, PHONE}:
            return NoStep.NOT_ITS_TURN
        self.position.first = contact
        self.position.complete(Stage.STEP1, contact)
        self.position.go_to(Stage.STEP2, day)
        return None

    def _take_second_step(self, contact: ContactFact, day: date) -> NoStep | None:
        position = self.position
        is_again = contact.group == position.first_group
        if contact.group not in {LETTER, PHONE} or (
            is_again and usable(self.facts, position.other_group, contact.happened_at)
        ):
            return NoStep.NOT_ITS_TURN
        if day < step2_not_before(position, at=contact.happened_at):
            return NoStep.TOO_EARLY
        position.complete(Stage.STEP2, contact)
        position.go_to(Stage.VISIT, day)
        return None

    def _take_visit_step(self, contact: ContactFact, day: date) -> NoStep | None:
        position = self.position
        wanted = VISIT
        if self.facts.holds(Kind.NO_HOME_VISITS, contact.happened_at):
            wanted = LETTER if usable(self.facts, LETTER, contact.happened_at) else PHONE
        if contact.group != wanted:
            return NoStep.NOT_ITS_TURN
        if day < visit_window(position)[0]:
            return NoStep.TOO_EARLY
        if wanted != VISIT:
            position.leave_fast_lane()
            position.complete(Stage.VISIT, contact)
            position.steps.append(Step(Stage.VISIT2, contact.happened_at, StepBy.NO_HOME_VISITS))
            position.go_to(Stage.UNREACHABLE, day)
            return None
        if not was_announced(position, contact, day):
            return NoStep.NOT_ANNOUNCED
        position.leave_fast_lane()
        position.visit = contact
        position.complete(Stage.VISIT, contact)
        position.go_to(Stage.VISIT2, day)
        return None

    def _take_second_visit(self, contact: ContactFact, day: date) -> NoStep | None:
        position, first = self.position, self.position.visit
        if contact.group != VISIT:
            return NoStep.NOT_ITS_TURN
        if day < add_days(position.anchor, self.policy.visit2_after_days):
            return NoStep.TOO_EARLY
        if not left_card(contact):
            return NoStep.NO_CARD
        if first is not None and same_part_of_day(contact, first):
            return NoStep.SAME_PART_OF_DAY
        position.complete(Stage.VISIT2, contact)
        position.go_to(Stage.UNREACHABLE, day)
        return None

    def _take_recheck(self, contact: ContactFact, day: date) -> NoStep | None:
        """The one attempt after UNREACHABLE; before its day it is too early."""
        position = self.position
        unwanted = contact.group == VISIT and self.facts.holds(Kind.NO_HOME_VISITS, contact.happened_at)
        if contact.group is None or unwanted or position.recheck_day is not None:
            return NoStep.NOT_ITS_TURN
        if day < position.recheck_from:
            return NoStep.TOO_EARLY
        position.complete(Stage.RECHECK, contact)
        position.recheck_day, position.postponed_to = day, None
        return None

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
