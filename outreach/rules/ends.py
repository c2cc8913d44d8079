"""How a ladder ends, and what is asked afterwards (rules.md §4 "Ends", §10 "Ends and corrections")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.rules.calendar import add_days, local_date, start_of_day
from appointments.choices import AppointmentState
from outreach.choices import ActKind, EndReason, Trigger
from outreach.rules.facts import FactsAsOf, Phase
from outreach.rules.openings import Ladder, TwoWay, appointment_key
from outreach.rules.view import End, LadderView, Question


def end_of(ladder: Ladder, facts: FactsAsOf, two_ways: Sequence[TwoWay], now: datetime) -> End | None:
    """The earliest end; a decline on the day of the talk turns it into a decline."""
    opening = ladder.opening
    ends = [
        End(EndReason.TWO_WAY, talk.at, talk.contact, talk.appointment.ref if talk.appointment else None)
        for talk in two_ways
        if talk.at >= opening.t0
    ]
    ends += [
        End(EndReason.CLOSED, change.at)
        for change in facts.phases
        if change.phase == Phase.CLOSED and opening.opened_at < change.at <= now
    ]
    ended = [a for a in facts.acts if a.kind == ActKind.ENDED and opening.opened_at <= a.at <= now]
    ends += [End(act.reason, act.at) for act in ended]
    if opening.trigger != Trigger.FIRST_CONTACT:
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
    """When all its missed appointments are excused or corrected, the ladder ends with the last of these changes."""
    lost = [(m.dead_since, m.excused and not m.withdrawn) for m in ladder.misses if m.dead_since is not None]
    if len(lost) < len(ladder.misses):
        return []
    at, excused = max(lost)
    return [End(EndReason.EXCUSED if excused else EndReason.CORRECTED, at)]


@dataclass(frozen=True, slots=True)
class _Talk:
    """The talk that ended a ladder, or a missed appointment corrected to a talk.

    An appointment made from `made_from` on counts as made after the talk. An answer given from `settled_from` on counts
    as the answer about it.
    """

    at: datetime
    made_from: datetime
    settled_from: datetime


def with_question(views: Sequence[LadderView], facts: FactsAsOf) -> list[LadderView]:
    """The same ladders, the last talk with its unanswered question "new appointment / none needed".

    It is no longer asked after an answer, while an appointment made at or after the talk stands, or once a later ladder
    was ended by hand. In a closed file nothing is asked.
    """
    talks = [(talk.at, number, talk) for number, view in enumerate(views) if (talk := _talk_of(view, facts))]
    if not talks or facts.phase_at(facts.at) == Phase.CLOSED:
        return list(views)
    _at, number, talk = max(talks, key=lambda found: found[:2])
    settled = any(answer.at >= talk.settled_from for answer in facts.answers) or any(
        act.kind == ActKind.ENDED and act.at >= talk.settled_from for act in facts.acts
    )
    planned = any(
        appointment.recorded_at >= talk.made_from
        and appointment.start > talk.at
        and appointment.off_since is None
        for appointment in facts.appointments
    )
    if settled or planned:
        return list(views)
    day, wait = local_date(talk.at), views[number].policy.question_after_days
    asking = replace(views[number], question=Question(asked_on=day, due_on=add_days(day, wait)))
    return [*views[:number], asking, *views[number + 1 :]]


def _talk_of(view: LadderView, facts: FactsAsOf) -> _Talk | None:
    """What is asked about after a ladder, if anything is."""
    end = view.end
    if end is None:
        return None
    if end.reason == EndReason.TWO_WAY:
        contact = facts.contacts_by_ref.get(end.contact) if end.contact else None
        held = next((a for a in facts.appointments if a.ref == end.appointment), None)
        made_from = end.at
        if contact is not None and not contact.has_time:
            made_from = start_of_day(end.day)
        elif held is not None and held.outcome_at is not None:
            # A client who comes early may get the next date before the planned start.
            made_from = min(end.at, held.outcome_at)
        return _Talk(end.at, made_from, made_from)
    opened = next((a for a in facts.appointments if appointment_key(a) == view.key), None)
    if opened is None or opened.state != AppointmentState.HELD or opened.withdrawn:
        return None
    if end.reason not in {EndReason.CORRECTED, EndReason.EXCUSED}:
        return None
    return _Talk(opened.start, opened.start, end.at)
