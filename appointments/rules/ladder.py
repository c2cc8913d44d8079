"""The outreach ladder: which step back into contact is due, for whom, and why (rules.md §4 and §10).

Design. Nothing but facts is stored: contacts, appointments with their outcomes, takings, phases, periods in which
an address or number was valid, and four kinds of acts. `evaluate(facts, policies, now)` derives every ladder the
client ever had, the trigger included. A stored ladder row is therefore a projection, found again by `key` (the
ref of its trigger) or, when an earlier trigger was recorded later, by one of `keys`. Computing twice gives the
same, and facts recorded after `now` cannot change the answer for `now`.

1. *Openings*: each missed appointment, missed invitation and first taking, in the order of t0. One that finds a
   ladder open joins it; otherwise it opens one, if the client's age, file and phase on t0 allow.
2. *Ends*: the earliest of two-way contact, accepted excuse, correction, declining, closing, manager.
3. *Replay*: contacts, acts, phases and appointments between t0 and the end (or now) move the ladder from step to
   step. Each step counts its window from one date, its *anchor* (t0, a1, a2, v1 or v2).
4. *Corrections*: for each instant at which the recorded past changed, the ladders just before and just after are
   compared. One that re-opened or fell back gets its anchor replaced by that day (`_Restart`). One whose basis
   vanished is kept as ended by correction.

While the fast lane is open the ladder stands at VISIT, but letters and calls are still weighed underneath, so that
it falls back to the step those attempts had reached when the fast lane loses its basis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from appointments.choices import ActKind, AppointmentState, ClarifyOutcome, EndReason, Excuse, Stage, Trigger
from appointments.rules.appointment import miss_trigger
from appointments.rules.calendar import (
    add_days,
    add_months,
    add_working_days,
    full_years,
    local_date,
    next_working_day,
    start_of_day,
    subtract_working_days,
)
from appointments.rules.contact import (
    LETTER,
    PHONE,
    VISIT,
    ContactFact,
    counts_as_step,
    is_attempt,
    is_in_person,
    is_two_way,
    is_visit,
    left_card,
    part_of_day,
)
from appointments.rules.ladder_facts import (
    ActFact,
    Kind,
    Known,
    KnownAppointment,
    LadderFacts,
    Phase,
    PhaseFact,
    known,
    retroactive_points,
)

RANK = {stage: rank for rank, stage in enumerate(Stage)}
SKIPPED_BY_FAST_LANE = frozenset(
    {
        AppointmentState.CANCELLED_CLIENT,
        AppointmentState.CANCELLED_US,
        AppointmentState.MOVED,
        AppointmentState.NOT_MET,
    }
)


@dataclass(frozen=True, slots=True)
class LadderPolicy:
    """The thresholds of one policy version (rules.md §4, table). `_wd` working days, `_days` calendar days.

    The version valid on t0 stays with the ladder.
    """

    version: str = "default"
    valid_from: date = date.min
    min_age: int = 16
    step1_due_wd: int = 2
    first_contact_due_wd: int = 10
    step2_after_letter_wd: int = 5
    step2_after_call_wd: int = 1
    step2_due_wd: int = 3
    invitation_hold_wd: int = 1
    visit_after_wd: int = 3
    visit_due_wd: int = 10
    visit_announced: bool = True
    visit_announced_wd: int = 2
    visit2_after_days: int = 3
    visit2_due_days: int = 14
    decide_after_days: int = 14
    recheck_after_days: int = 90
    recheck_due_wd: int = 10
    close_after_wd: int = 5
    fast_lane: bool = True
    fast_lane_months: int = 6
    question_after_days: int = 3


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


@dataclass(frozen=True, slots=True)
class Miss:
    """A missed appointment of the ladder; `dead_since` when it was excused or corrected."""

    appointment: str
    start: datetime
    trigger: str
    dead_since: datetime | None

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
    `reached` is the step it stands at, or stood at when it ended. `recheck_on` is when one more attempt follows.
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
    only_in_pairs: bool
    no_home_visits: bool
    action: Action | None
    not_before: date | None
    due_on: date | None
    postponed_to: date | None
    announced_on: date | None
    visit_on: date | None
    announce_by: date | None
    closing_proposed: bool
    steps: tuple[Step, ...]
    attempts: tuple[ContactFact, ...]
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
    def t0_day(self) -> date:
        return local_date(self.t0)

    @property
    def must_announce(self) -> bool:
        return self.announce_by is not None

    @property
    def act_on(self) -> date | None:
        """The day by which something must be done: announcing the visit, or the step itself."""
        return self.announce_by or self.due_on

    def step(self, stage: str) -> Step | None:
        """The completed step `stage`, if there is one."""
        return next((step for step in self.steps if step.stage == stage), None)


@dataclass(frozen=True, slots=True)
class _Opening:
    """What may open a ladder: t0, and the instant from which closing and acts count (the taking, not its 00:00)."""

    key: str
    trigger: str
    t0: datetime
    opened_at: datetime
    miss: KnownAppointment | None = None


@dataclass(frozen=True, slots=True)
class _TwoWay:
    at: datetime
    in_person: bool
    contact: str | None = None
    appointment: KnownAppointment | None = None


@dataclass(frozen=True, slots=True)
class _Restart:
    """The ladder `key` re-opened at or fell back to `stage` by a correction at `at`."""

    key: str
    stage: str
    at: datetime


@dataclass(slots=True)
class _Ladder:
    opening: _Opening
    policy: LadderPolicy
    misses: list[KnownAppointment] = field(default_factory=list)
    end: End | None = None

    @property
    def keys(self) -> frozenset[str]:
        return frozenset({self.opening.key, *(_appointment_key(miss) for miss in self.misses)})


def _appointment_key(appointment: KnownAppointment) -> str:
    return f"appointment:{appointment.ref}"


def policy_for(policies: Sequence[LadderPolicy], day: date) -> LadderPolicy:
    """The version valid on `day`; before the first one, the first."""
    ordered = sorted(policies, key=lambda policy: policy.valid_from)
    valid = [policy for policy in ordered if policy.valid_from <= day]
    return valid[-1] if valid else ordered[0]


def evaluate(facts: LadderFacts, policies: Sequence[LadderPolicy], now: datetime) -> tuple[LadderView, ...]:
    """Every ladder of the client as known at `now`, in the order of t0; at most one is open and it comes last.

    Args:
        facts: the recorded facts, in any order, also later ones (they are ignored).
        policies: at least one version; the one valid on t0 applies.
        now: an aware instant.
    """
    firsts = [a.planned_start for a in facts.appointments] + [
        start_of_day(local_date(t.at)) for t in facts.takes
    ]
    restarts: list[_Restart] = []
    vanished: dict[str, LadderView] = {}
    for point in retroactive_points(facts, min(firsts), now) if firsts else ():
        before = _derive(known(facts, point, inclusive=False), policies, point, restarts)
        after = _derive(known(facts, point), policies, point, restarts)
        restarts += [restart for view in after if (restart := _restart_of(view, before, point)) is not None]
        for view in before:
            if not any(view.keys & other.keys for other in after):
                vanished[view.key] = _corrected(view, point) if view.is_open else view
    views = _derive(known(facts, now), policies, now, restarts)
    gone = [
        replace(view, today=local_date(now), question=None)
        for view in vanished.values()
        if not any(view.keys & other.keys for other in views)
    ]
    return tuple(sorted([*views, *gone], key=lambda view: (view.is_open, view.t0, view.key)))


def current(views: Sequence[LadderView]) -> LadderView | None:
    """The open ladder, if there is one."""
    return next((view for view in views if view.is_open), None)


def _restart_of(view: LadderView, before: Sequence[LadderView], point: datetime) -> _Restart | None:
    if not view.is_open:
        return None
    matches = [other for other in before if other.keys & view.keys]
    reopened = bool(matches) and (
        all(not other.is_open for other in matches)
        or any(other.key == view.key and not other.is_open for other in matches)
    )
    fell_back = any(other.is_open and RANK[Stage(other.stage)] > RANK[Stage(view.stage)] for other in matches)
    return _Restart(view.key, view.stage, point) if reopened or fell_back else None


def _corrected(view: LadderView, at: datetime) -> LadderView:
    return replace(
        view,
        stage=Stage.ENDED,
        end=End(EndReason.CORRECTED, at),
        suspended=False,
        clarify=False,
        action=None,
        not_before=None,
        due_on=None,
        postponed_to=None,
        announce_by=None,
        recheck_on=None,
        closing_proposed=False,
    )


def _derive(
    facts: Known, policies: Sequence[LadderPolicy], now: datetime, restarts: Sequence[_Restart]
) -> list[LadderView]:
    """All ladders from one state of knowledge, without looking at how that knowledge came about."""
    two_ways = _two_ways(facts, now)
    ladders: list[_Ladder] = []
    for opening in _openings(facts, now):
        last = ladders[-1] if ladders else None
        if last is not None and (last.end is None or last.end.at > opening.t0):
            if opening.miss is not None:
                last.misses.append(opening.miss)
                last.end = _end(last, facts, two_ways, now)
            continue
        policy = policy_for(policies, local_date(opening.t0))
        if _may_open(opening, facts, two_ways, policy):
            ladder = _Ladder(opening, policy, [opening.miss] if opening.miss is not None else [])
            ladder.end = _end(ladder, facts, two_ways, now)
            ladders.append(ladder)
    views = [_Replay(ladder, facts, two_ways, now, restarts).view() for ladder in ladders]
    if views and (question := _question(views[-1], facts)) is not None:
        views[-1] = replace(views[-1], question=question)
    return views


def _two_ways(facts: Known, now: datetime) -> list[_TwoWay]:
    found = [_TwoWay(c.happened_at, is_in_person(c), contact=c.ref) for c in facts.contacts if is_two_way(c)]
    found += [
        _TwoWay(appointment.start, True, appointment=appointment)
        for appointment in facts.appointments
        if appointment.state == AppointmentState.HELD
        and not appointment.withdrawn
        and appointment.start <= now
    ]
    return sorted(found, key=lambda two_way: two_way.at)


def _openings(facts: Known, now: datetime) -> list[_Opening]:
    openings = [
        _Opening(
            f"take:{take.ref}", Trigger.FIRST_CONTACT, start_of_day(local_date(take.at)), opened_at=take.at
        )
        for take in facts.takes
        if take.at <= now
    ]
    openings += [
        _Opening(
            _appointment_key(appointment),
            miss_trigger(agreed=appointment.agreed),
            appointment.start,
            opened_at=appointment.start,
            miss=appointment,
        )
        for appointment in facts.appointments
        if appointment.missed
        and appointment.start <= now
        and (appointment.dead_since is None or appointment.dead_since > appointment.start)
    ]
    return sorted(openings, key=lambda opening: (opening.t0, opening.key))


def _may_open(opening: _Opening, facts: Known, two_ways: Sequence[_TwoWay], policy: LadderPolicy) -> bool:
    day = local_date(opening.t0)
    if facts.born_on is not None and full_years(facts.born_on, day) < policy.min_age:
        return False
    if facts.own_file_since is not None and facts.own_file_since > day:
        return False
    if facts.phase_at(opening.opened_at) == Phase.CLOSED:
        return False
    if opening.trigger == Trigger.FIRST_CONTACT:
        return _is_first_taking(opening, facts, two_ways)
    if opening.trigger == Trigger.MISSED_INVITATION:
        letter = _invitation(opening, facts)
        return letter is None or not any(letter.happened_at <= talk.at < opening.t0 for talk in two_ways)
    return True


def _is_first_taking(opening: _Opening, facts: Known, two_ways: Sequence[_TwoWay]) -> bool:
    """Whether it is the first taking of its counselling period and nobody talked with the client in it before."""
    began = _period_start(facts.phases, opening.opened_at)
    earlier = [
        take for take in facts.takes if take.at < opening.opened_at and (began is None or take.at >= began)
    ]
    talked = any(talk.at < opening.t0 and (began is None or talk.at >= began) for talk in two_ways)
    return not earlier and not talked


def _period_start(phases: Sequence[PhaseFact], at: datetime) -> datetime | None:
    """When the counselling period at `at` was re-opened; None for the first period."""
    began: datetime | None = None
    closed = False
    for change in phases:
        if change.at > at:
            break
        if change.phase == Phase.CLOSED:
            closed = True
        elif closed:
            closed, began = False, change.at
    return at if closed else began


def _invitation(opening: _Opening, facts: Known) -> ContactFact | None:
    if opening.miss is None or opening.miss.invitation is None:
        return None
    return facts.contacts_by_ref.get(opening.miss.invitation)


def _end(ladder: _Ladder, facts: Known, two_ways: Sequence[_TwoWay], now: datetime) -> End | None:
    """The earliest end; a decline on the day of the talk turns it into a decline."""
    opening = ladder.opening
    own = opening.trigger != Trigger.FIRST_CONTACT
    ends = [
        End(EndReason.TWO_WAY, talk.at, talk.contact, talk.appointment.ref if talk.appointment else None)
        for talk in two_ways
        if talk.at >= opening.t0 and not (own and talk.appointment is not None and talk.appointment.missed)
    ]
    ends += [
        End(EndReason.CLOSED, change.at)
        for change in facts.phases
        if change.phase == Phase.CLOSED and opening.opened_at < change.at <= now
    ]
    ended = [a for a in facts.acts if a.kind == ActKind.ENDED and opening.opened_at <= a.at <= now]
    ends += [End(act.reason, act.at) for act in ended]
    if own:
        ends += _ends_by_correction(ladder)
    if not ends:
        return None
    end = min(ends, key=lambda candidate: (candidate.at, candidate.reason != EndReason.TWO_WAY))
    if end.reason == EndReason.TWO_WAY and any(
        act.reason == EndReason.DECLINED and local_date(act.at) == end.day for act in ended
    ):
        return replace(end, reason=EndReason.DECLINED)
    return end


def _ends_by_correction(ladder: _Ladder) -> list[End]:
    """Ends by what became of the ladder's own missed appointments.

    With none unexcused or undecided any more it ends with the last change. A missed appointment that in truth was
    held is a talk: it overtakes the misses before it, but not those after it.
    """
    alive = [miss for miss in ladder.misses if miss.dead_since is None]
    ends = [
        End(EndReason.CORRECTED, miss.dead_since, appointment=miss.ref)
        for miss in ladder.misses
        if miss.state == AppointmentState.HELD
        and not miss.withdrawn
        and miss.dead_since is not None
        and all(other.start <= miss.start for other in alive)
    ]
    if not alive:
        at, excused = max(
            (m.dead_since, m.excused and not m.withdrawn) for m in ladder.misses if m.dead_since is not None
        )
        ends.append(End(EndReason.EXCUSED if excused else EndReason.CORRECTED, at))
    return ends


def _question(view: LadderView, facts: Known) -> Question | None:
    """The unanswered question of the last ladder. A later appointment is the answer; a closed file asks nothing."""
    end = view.end
    if end is None or end.reason != EndReason.TWO_WAY or facts.phase_at(facts.at) == Phase.CLOSED:
        return None
    answered = any(answer.at >= end.at for answer in facts.answers)
    planned = any(
        appointment.start > end.at and appointment.ref != end.appointment and not appointment.withdrawn
        for appointment in facts.appointments
    )
    if answered or planned:
        return None
    return Question(asked_on=end.day, due_on=add_days(end.day, view.policy.question_after_days))


def _fast_lane_pair(
    facts: Known, two_ways: Sequence[_TwoWay], policy: LadderPolicy, moment: datetime
) -> tuple[datetime, datetime] | None:
    """When the two no-shows that open the fast lane at `moment` were, or None.

    The last two agreed appointments, at most six months apart, both unexcused no-shows, nobody met in person
    between them. Cancelled, moved, not-met and excused ones are skipped; one undecided or without outcome blocks.
    """
    agreed = [a for a in facts.appointments if _weighs_in_fast_lane(a) and a.start <= moment]
    if not policy.fast_lane or len(agreed) < 2:
        return None
    first, second = agreed[-2:]
    for miss in (first, second):
        if miss.state != AppointmentState.NO_SHOW or miss.excuse != Excuse.UNEXCUSED:
            return None
    if local_date(second.start) > add_months(local_date(first.start), policy.fast_lane_months):
        return None
    if any(talk.in_person and first.start <= talk.at <= second.start for talk in two_ways):
        return None
    return first.start, second.start


def _weighs_in_fast_lane(appointment: KnownAppointment) -> bool:
    return (
        appointment.agreed
        and not appointment.withdrawn
        and appointment.state not in SKIPPED_BY_FAST_LANE
        and not appointment.excused
    )


class _Replay:
    """Walks one ladder from t0 to its end or now."""

    def __init__(
        self,
        ladder: _Ladder,
        facts: Known,
        two_ways: Sequence[_TwoWay],
        now: datetime,
        restarts: Sequence[_Restart],
    ) -> None:
        self.ladder = ladder
        self.policy = ladder.policy
        self.facts = facts
        self.two_ways = two_ways
        self.now = now
        opening = ladder.opening
        self.stage: str = Stage.STEP1
        self.anchor = local_date(opening.t0)
        self.steps: list[Step] = []
        self.first: ContactFact | None = None
        self.visit: ContactFact | None = None
        self.recheck_day: date | None = None
        self.fast_since: datetime | None = None
        self.fast_anchor = self.anchor
        self.fast_pair: tuple[datetime, datetime] | None = None
        self.postponed_to: date | None = None
        self.announcements: list[ActFact] = []
        self.suspended = facts.phase_at(opening.opened_at) == Phase.PAUSED
        self._open_with_invitation()
        for at, _order, happen in sorted(self._events(restarts), key=lambda event: event[:2]):
            self._let_time_pass(at)
            happen(at)
        self._let_time_pass(now if ladder.end is None else min(now, ladder.end.at))

    # What happens

    def _events(self, restarts: Sequence[_Restart]) -> list[tuple[datetime, int, Callable[[datetime], None]]]:
        begin, opened = self.ladder.opening.t0, self.ladder.opening.opened_at
        limit = self.ladder.end.at if self.ladder.end is not None else self.now
        events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        for change in self.facts.phases:
            if opened < change.at <= limit:
                events.append((change.at, 0, self._on_phase(change.phase)))
        for period in self.facts.periods:
            if period.kind == Kind.NO_HOME_VISITS and begin <= period.starts_at <= limit:
                events.append((period.starts_at, 1, self._on_no_home_visits))
        for appointment in self.facts.appointments:
            if _weighs_in_fast_lane(appointment) and begin <= appointment.start <= limit:
                events.append((appointment.start, 2, self._on_agreed_date))
        for contact in self.facts.contacts:
            if begin <= contact.happened_at <= limit and is_attempt(contact):
                events.append((contact.happened_at, 3, self._on_attempt(contact)))
        for act in self.facts.acts:
            if opened <= act.at <= limit:
                events.append((act.at, 4, self._on_act(act)))
        for restart in restarts:
            if restart.key in self.ladder.keys and begin <= restart.at <= limit:
                events.append((restart.at, 5, self._on_restart(restart)))
        return events

    def _open_with_invitation(self) -> None:
        """A missed invitation opens at STEP2 with its letter as a1, if that letter counts as a step."""
        opening = self.ladder.opening
        letter = _invitation(opening, self.facts) if opening.trigger == Trigger.MISSED_INVITATION else None
        if (
            letter is not None
            and letter.group in {LETTER, PHONE}
            and letter.happened_at <= opening.t0
            and counts_as_step(letter)
            and self.facts.phase_at(letter.happened_at) != Phase.PAUSED
        ):
            self._complete(Stage.STEP1, letter)
            self.first = letter
            self._go_to(Stage.STEP2, local_date(letter.happened_at))

    def _let_time_pass(self, moment: datetime) -> None:
        """Time alone turns UNREACHABLE into RECHECK and nothing else."""
        day = add_days(self.anchor, self.policy.recheck_after_days)
        if self.stage == Stage.UNREACHABLE and not self.suspended and moment >= start_of_day(day):
            self._go_to(Stage.RECHECK, self.anchor)

    def _on_phase(self, phase: Phase) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            if phase == Phase.PAUSED:
                self.suspended = True
            elif self.suspended:
                self.suspended = False
                self._start_window(local_date(at))

        return happen

    def _on_no_home_visits(self, at: datetime) -> None:
        """Set after the first visit: that visit stands for the second too."""
        if self.stage == Stage.VISIT2 and self.visit is not None:
            self.steps.append(Step(Stage.VISIT2, at, StepBy.NO_HOME_VISITS))
            self._go_to(Stage.UNREACHABLE, local_date(self.visit.happened_at))

    def _on_agreed_date(self, at: datetime) -> None:
        pair = _fast_lane_pair(self.facts, self.two_ways, self.policy, at)
        if pair is not None and self.fast_since is None and self.stage in {Stage.STEP1, Stage.STEP2}:
            self.fast_pair, self.fast_since = pair, pair[1]
            self.fast_anchor = local_date(pair[1])
            self.postponed_to = None
        elif pair is None and self.fast_since is not None:
            self.fast_pair = self.fast_since = None
            self._start_window(local_date(at))

    def _on_attempt(self, contact: ContactFact) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            if self.suspended or not counts_as_step(contact):
                return
            day = local_date(at)
            if self.present_stage == Stage.VISIT and self._take_visit_step(contact, day):
                return
            if self.stage == Stage.STEP1:
                self._take_first_step(contact, day)
            elif self.stage == Stage.STEP2:
                self._take_second_step(contact, day)
            elif self.stage == Stage.VISIT2:
                self._take_second_visit(contact, day)
            elif self.stage == Stage.RECHECK:
                self._take_recheck(contact, day)

        return happen

    def _on_act(self, act: ActFact) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            day = local_date(at)
            if act.kind == ActKind.ANNOUNCED:
                self.announcements.append(act)
            elif act.kind == ActKind.POSTPONED and not self.suspended:
                self.postponed_to = act.day
            elif act.kind == ActKind.CLARIFIED and act.outcome == ClarifyOutcome.FOUND:
                self._start_window(day)
            elif act.kind == ActKind.CLARIFIED and self._must_clarify(day):
                self._nothing_found(at, day)

        return happen

    def _on_restart(self, restart: _Restart) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            if self.present_stage == restart.stage:
                self._start_window(local_date(at))

        return happen

    # What it does to the ladder

    def _take_first_step(self, contact: ContactFact, day: date) -> None:
        if contact.group in {LETTER, PHONE}:
            self.first = contact
            self._complete(Stage.STEP1, contact)
            self._go_to(Stage.STEP2, day)

    def _take_second_step(self, contact: ContactFact, day: date) -> None:
        if contact.group not in {LETTER, PHONE} or day < self._step2_not_before(at=contact.happened_at):
            return
        if contact.group == self._first_group() and self._usable(self._other_group(), day):
            return
        self._complete(Stage.STEP2, contact)
        self._go_to(Stage.VISIT, day)

    def _take_visit_step(self, contact: ContactFact, day: date) -> bool:
        if day < self._visit_window()[0]:
            return False
        if self.facts.holds_at(Kind.NO_HOME_VISITS, contact.happened_at):
            if contact.group != (LETTER if self._usable(LETTER, day) else PHONE):
                return False
            self._leave_fast_lane()
            self._complete(Stage.VISIT, contact)
            self.steps.append(Step(Stage.VISIT2, contact.happened_at, StepBy.NO_HOME_VISITS))
            self._go_to(Stage.UNREACHABLE, day)
            return True
        if not is_visit(contact) or not self._was_announced(contact, day):
            return False
        self._leave_fast_lane()
        self.visit = contact
        self._complete(Stage.VISIT, contact)
        self._go_to(Stage.VISIT2, day)
        return True

    def _take_second_visit(self, contact: ContactFact, day: date) -> None:
        if not left_card(contact) or day < add_days(self.anchor, self.policy.visit2_after_days):
            return
        if self.visit is not None and part_of_day(contact.happened_at) == part_of_day(self.visit.happened_at):
            return
        self._complete(Stage.VISIT2, contact)
        self._go_to(Stage.UNREACHABLE, day)

    def _take_recheck(self, contact: ContactFact, day: date) -> None:
        if self.recheck_day is not None or day < add_days(self.anchor, self.policy.recheck_after_days):
            return
        if contact.group == VISIT and self.facts.holds_at(Kind.NO_HOME_VISITS, contact.happened_at):
            return
        self._complete(Stage.RECHECK, contact)
        self.recheck_day, self.postponed_to = day, None

    def _nothing_found(self, at: datetime, day: date) -> None:
        """Looking brought nothing: that day replaces a2, or v2 where there is nowhere to visit."""
        stage = self.present_stage
        self._leave_fast_lane()
        self.steps.append(Step(stage, at, StepBy.NOTHING_FOUND))
        if stage == Stage.RECHECK:
            self.recheck_day, self.postponed_to = day, None
        elif stage in {Stage.STEP1, Stage.STEP2} and self.facts.holds(Kind.ACCOMMODATION, day):
            self._go_to(Stage.VISIT, day)
        else:
            self._go_to(Stage.UNREACHABLE, day)

    def _complete(self, stage: str, contact: ContactFact) -> None:
        self.steps.append(Step(stage, contact.happened_at, StepBy.CONTACT, contact))

    def _go_to(self, stage: str, anchor: date) -> None:
        """Advance; postponing lapses with the step. Under an open fast lane the visible step stays the visit."""
        visible = self.present_stage
        self.stage, self.anchor = stage, anchor
        if self.present_stage != visible:
            self.postponed_to = None

    def _start_window(self, day: date) -> None:
        """The present step's window starts anew on `day`."""
        self.anchor = self.fast_anchor = day
        self.postponed_to = None

    def _leave_fast_lane(self) -> None:
        """The visit step is done: letters and calls weighed underneath were attempts, but no steps."""
        if self.fast_since is not None:
            since = self.fast_since
            self.steps = [step for step in self.steps if step.at < since]
            self.fast_since = None

    # Questions

    @property
    def present_stage(self) -> str:
        return Stage.VISIT if self.fast_since is not None else self.stage

    def _first_group(self) -> str:
        return PHONE if self.first is not None and self.first.group == PHONE else LETTER

    def _other_group(self) -> str:
        return LETTER if self._first_group() == PHONE else PHONE

    def _usable(self, group: str, day: date) -> bool:
        """A valid, permitted address or number on `day`; letters only to someone who reads a script."""
        if group == LETTER:
            return self.facts.holds(Kind.LETTER, day) and not self.facts.holds(Kind.READS_NO_SCRIPT, day)
        return self.facts.holds(Kind.PHONE, day)

    def _must_clarify(self, day: date) -> bool:
        channels = self._usable(LETTER, day) or self._usable(PHONE, day)
        housed = self.facts.holds(Kind.ACCOMMODATION, day)
        no_visits = self.facts.holds(Kind.NO_HOME_VISITS, day)
        match self.present_stage:
            case Stage.STEP1 | Stage.STEP2:
                return not channels
            case Stage.VISIT:
                return not channels if no_visits else not housed
            case Stage.VISIT2:
                return not housed
            case Stage.RECHECK:
                return self.recheck_day is None and not channels and (no_visits or not housed)
        return False

    def _was_announced(self, visit: ContactFact, day: date) -> bool:
        if not self.policy.visit_announced:
            return True
        for act in self.announcements:
            if add_working_days(local_date(act.at), self.policy.visit_announced_wd) <= day and (
                act.day is None or act.day <= day
            ):
                return True
        return any(
            appointment.ref == visit.appointment
            and add_working_days(local_date(appointment.recorded_at), self.policy.visit_announced_wd) <= day
            for appointment in self.facts.appointments
        )

    def _step2_not_before(self, *, at: datetime) -> date:
        policy, opening = self.policy, self.ladder.opening
        wait = policy.step2_after_letter_wd if self._first_group() == LETTER else policy.step2_after_call_wd
        day = add_working_days(self.anchor, wait)
        if opening.trigger == Trigger.MISSED_INVITATION:
            day = max(day, add_working_days(local_date(opening.t0), policy.invitation_hold_wd))
        for appointment in self.facts.appointments:
            if (
                self.first is not None
                and appointment.invitation == self.first.ref
                and (appointment.off_since is None or appointment.off_since > at)
            ):
                day = max(day, add_working_days(local_date(appointment.start), policy.invitation_hold_wd))
        return day

    def _visit_window(self) -> tuple[date, date]:
        if self.fast_since is not None:
            return self.fast_anchor, add_working_days(self.fast_anchor, self.policy.visit_due_wd)
        return (
            add_working_days(self.anchor, self.policy.visit_after_wd),
            add_working_days(self.anchor, self.policy.visit_due_wd),
        )

    def _window(self) -> tuple[date, date]:
        """Not before and due of the present step, without postponing. Only due dates are moved to a working day."""
        policy, anchor = self.policy, self.anchor
        match self.present_stage:
            case Stage.STEP1:
                first_contact = self.ladder.opening.trigger == Trigger.FIRST_CONTACT
                wait = policy.first_contact_due_wd if first_contact else policy.step1_due_wd
                return anchor, add_working_days(anchor, wait)
            case Stage.STEP2:
                not_before = self._step2_not_before(at=self.now)
                return not_before, add_working_days(not_before, policy.step2_due_wd)
            case Stage.VISIT:
                return self._visit_window()
            case Stage.VISIT2:
                due = next_working_day(add_days(anchor, policy.visit2_due_days))
                return add_days(anchor, policy.visit2_after_days), due
            case Stage.UNREACHABLE:
                decide = add_days(anchor, policy.decide_after_days)
                return decide, next_working_day(decide)
        if self.recheck_day is not None:
            close = add_working_days(self.recheck_day, policy.close_after_wd)
            return close, close
        again = add_days(anchor, policy.recheck_after_days)
        return again, add_working_days(again, policy.recheck_due_wd)

    def _action(self, today: date, not_before: date) -> Action:
        if self._must_clarify(today):
            return Action.CLARIFY
        letter, phone = self._usable(LETTER, today), self._usable(PHONE, today)
        match self.present_stage:
            case Stage.STEP1:
                return Action.LETTER_OR_CALL if letter and phone else Action.LETTER if letter else Action.CALL
            case Stage.STEP2:
                group = (
                    self._other_group() if self._usable(self._other_group(), today) else self._first_group()
                )
                return Action.LETTER if group == LETTER else Action.CALL
            case Stage.VISIT:
                if self.facts.holds(Kind.NO_HOME_VISITS, today):
                    return Action.LETTER if letter else Action.CALL
                return Action.VISIT
            case Stage.VISIT2:
                return Action.SECOND_VISIT
            case Stage.UNREACHABLE:
                return Action.DECIDE if today >= not_before else Action.WAIT
        if today < not_before:
            return Action.WAIT
        return Action.TRY_AGAIN if self.recheck_day is None else Action.CLOSE

    def view(self) -> LadderView:
        """The ladder as the screens and lists show it."""
        ladder, opening, today = self.ladder, self.ladder.opening, local_date(self.now)
        over = ladder.end is not None or self.suspended
        not_before, due = self._window()
        if self.postponed_to is not None:
            due = max(due, next_working_day(self.postponed_to))
        action = None if over else self._action(today, not_before)
        announced = self._standing_announcement()
        since = self.fast_since
        return LadderView(
            key=opening.key,
            keys=ladder.keys,
            trigger=opening.trigger,
            t0=opening.t0,
            policy=self.policy,
            today=today,
            stage=Stage.ENDED if ladder.end is not None else self.present_stage,
            suspended=self.suspended and ladder.end is None,
            clarify=action == Action.CLARIFY,
            fast_lane=self.fast_pair is not None,
            fast_lane_misses=self.fast_pair,
            only_in_pairs=self.facts.holds(Kind.ONLY_IN_PAIRS, today),
            no_home_visits=self.facts.holds(Kind.NO_HOME_VISITS, today),
            action=action,
            not_before=None if over else not_before,
            due_on=None if over else due,
            postponed_to=None if over else self.postponed_to,
            announced_on=local_date(announced.at) if announced is not None else None,
            visit_on=announced.day if announced is not None else None,
            announce_by=self._announce_by(action, announced, due),
            closing_proposed=action == Action.CLOSE,
            steps=tuple(step for step in self.steps if since is None or step.at < since),
            attempts=tuple(
                contact
                for contact in self.facts.contacts
                if is_attempt(contact)
                and opening.t0 <= contact.happened_at
                and (ladder.end is None or contact.happened_at < ladder.end.at)
            ),
            misses=tuple(
                Miss(miss.ref, miss.start, miss_trigger(agreed=miss.agreed), miss.dead_since)
                for miss in ladder.misses
            ),
            reached=self.present_stage,
            recheck_on=add_days(self.anchor, self.policy.recheck_after_days)
            if self.present_stage in {Stage.UNREACHABLE, Stage.RECHECK} and not over
            else None,
            end=ladder.end,
            question=None,
        )

    def _standing_announcement(self) -> ActFact | None:
        """The last announcement while the ladder waits for the announced visit."""
        if self.present_stage != Stage.VISIT or not self.announcements:
            return None
        return self.announcements[-1]

    def _announce_by(self, action: Action | None, announced: ActFact | None, due: date) -> date | None:
        if action != Action.VISIT or not self.policy.visit_announced or announced is not None:
            return None
        return subtract_working_days(due, self.policy.visit_announced_wd)
