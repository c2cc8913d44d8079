"""What opens a ladder: a missed appointment or invitation, or the first taking of a file (rules.md §4 "Triggers")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.rules.calendar import full_years, local_date, start_of_day
from appointments.choices import AppointmentState
from appointments.rules.contact import ContactFact, is_in_person, is_two_way
from outreach.choices import Trigger
from outreach.rules.facts import AppointmentAsOf, FactsAsOf, Phase, PhaseFact, miss_trigger
from outreach.rules.policy import LadderPolicy
from outreach.rules.view import End


@dataclass(frozen=True, slots=True)
class Opening:
    """What may open a ladder: t0, and the instant from which closing and acts count (the taking, not its 00:00)."""

    key: str
    trigger: str
    t0: datetime
    opened_at: datetime
    miss: AppointmentAsOf | None = None


@dataclass(frozen=True, slots=True)
class TwoWay:
    """A two-way contact with the client: a logged contact, or a held appointment at its planned start."""

    at: datetime
    in_person: bool
    contact: str | None = None
    appointment: AppointmentAsOf | None = None


@dataclass(slots=True)
class Ladder:
    """What opened a ladder, the misses that belong to it, and its end."""

    opening: Opening
    policy: LadderPolicy
    misses: list[AppointmentAsOf] = field(default_factory=list)
    end: End | None = None

    @property
    def keys(self) -> frozenset[str]:
        """The refs of all triggers that belong to it."""
        return frozenset({self.opening.key, *(appointment_key(miss) for miss in self.misses)})


def appointment_key(appointment: AppointmentAsOf) -> str:
    """The ref of a missed appointment as a trigger."""
    return f"appointment:{appointment.ref}"


def two_ways_of(facts: FactsAsOf, now: datetime) -> list[TwoWay]:
    """Every two-way contact up to `now`, in the order of time."""
    found = [TwoWay(c.happened_at, is_in_person(c), contact=c.ref) for c in facts.contacts if is_two_way(c)]
    found += [
        TwoWay(appointment.start, True, appointment=appointment)
        for appointment in facts.appointments
        if appointment.state == AppointmentState.HELD
        and not appointment.withdrawn
        and appointment.start <= now
    ]
    return sorted(found, key=lambda two_way: two_way.at)


def openings_of(facts: FactsAsOf, now: datetime) -> list[Opening]:
    """Everything up to `now` that may open a ladder, in the order of t0."""
    openings = [
        Opening(
            f"take:{take.ref}", Trigger.FIRST_CONTACT, start_of_day(local_date(take.at)), opened_at=take.at
        )
        for take in facts.takes
        if take.at <= now
    ]
    openings += [
        Opening(
            appointment_key(appointment),
            miss_trigger(agreed=appointment.agreed),
            appointment.start,
            opened_at=appointment.start,
            miss=appointment,
        )
        for appointment in facts.appointments
        if appointment.missed
        # What was held in truth is a talk and opens nothing (rules.md §10 "Corrected no-shows").
        and appointment.state != AppointmentState.HELD
        and appointment.start <= now
        and (appointment.dead_since is None or appointment.dead_since > appointment.start)
    ]
    return sorted(openings, key=lambda opening: (opening.t0, opening.key))


def may_open(opening: Opening, facts: FactsAsOf, two_ways: Sequence[TwoWay], policy: LadderPolicy) -> bool:
    """Whether age, file and phase on t0 allow a ladder, and nobody was talked with already."""
    day, born_on = local_date(opening.t0), facts.born_on
    if born_on is not None and full_years(born_on, day) < policy.min_age:
        return False
    if facts.own_file_since is not None and facts.own_file_since > day:
        return False
    if facts.phase_at(opening.opened_at) == Phase.CLOSED:
        return False
    if opening.trigger == Trigger.FIRST_CONTACT:
        return _is_first_taking(opening, facts, two_ways)
    if opening.trigger == Trigger.MISSED_INVITATION:
        letter = invitation_of(opening, facts)
        return letter is None or not any(letter.happened_at <= talk.at < opening.t0 for talk in two_ways)
    return True


def _is_first_taking(opening: Opening, facts: FactsAsOf, two_ways: Sequence[TwoWay]) -> bool:
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


def invitation_of(opening: Opening, facts: FactsAsOf) -> ContactFact | None:
    """The letter a missed date was sent with."""
    if opening.miss is None or opening.miss.invitation is None:
        return None
    return facts.contacts_by_ref.get(opening.miss.invitation)
