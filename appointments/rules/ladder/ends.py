"""How a ladder ends, and what is asked afterwards (rules.md §4 "Ends", §10 "Ends and corrections")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from appointments.choices import ActKind, AppointmentState, EndReason, Trigger
from appointments.rules.calendar import add_days, local_date
from appointments.rules.ladder.facts import Known, Phase
from appointments.rules.ladder.openings import Ladder, TwoWay
from appointments.rules.ladder.view import End, LadderView, Question


def end_of(ladder: Ladder, facts: Known, two_ways: Sequence[TwoWay], now: datetime) -> End | None:
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


def _ends_by_correction(ladder: Ladder) -> list[End]:
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


def question_of(view: LadderView, facts: Known) -> Question | None:
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
