"""What the outreach ladder is computed from: the recorded facts of one client, in two times.

Every fact has the instant it *happened* and the instant it was *recorded*; a corrected, moved or undone version
also has `withdrawn_at`. `facts_as_of(facts, at)` is the picture as recorded up to `at`. Instants are aware datetimes,
dates are those of Stutensee.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from accounts.rules.calendar import local_date
from appointments.choices import AppointmentState, Channel, Direction, Excuse, Result, SpokenWith
from appointments.rules.appointment import blocks, is_miss
from appointments.rules.contact import ContactFact
from clients.rules.reach_periods import (
    JUST_BEFORE,
    Kind,
    PeriodFact,
    is_on_record,
    points_that_change_the_past,
)
from outreach.choices import Trigger


@dataclass(frozen=True, slots=True)
class OutcomeFact:
    """What was recorded as the outcome of an appointment; the latest recorded one stands."""

    state: str
    recorded_at: datetime
    excuse: str = Excuse.UNDECIDED


@dataclass(frozen=True, slots=True)
class AppointmentFact:
    """An appointment with the history of its outcomes.

    `agreed_since` is when it was agreed with the client, None for a date set by our letter and never confirmed.
    `invitation` is the ref of the contact by which the date was sent.
    """

    ref: str
    planned_start: datetime
    recorded_at: datetime
    channel: str = Channel.OFFICE
    agreed_since: datetime | None = None
    outcomes: tuple[OutcomeFact, ...] = ()
    invitation: str | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakeFact:
    """A manager took the file; handover and reassignment are no taking."""

    ref: str
    at: datetime
    recorded_at: datetime
    withdrawn_at: datetime | None = None


class Phase(StrEnum):
    """What of the counselling phase the ladder looks at."""

    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PhaseFact:
    """The counselling phase changed."""

    phase: Phase
    at: datetime
    recorded_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActFact:
    """Something a manager did to the ladder open at `at`: announced, postponed, clarified or ended it.

    `day` is the announced day of the visit or the day postponed to; `outcome` what clarifying brought; `reason`
    the reason of an end (`declined` or `manager`).
    """

    ref: str
    kind: str
    at: datetime
    recorded_at: datetime
    day: date | None = None
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """The question after a two-way end was answered."""

    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """Since when the file belongs to a municipality, known at that moment."""

    place: int
    since: datetime


@dataclass(frozen=True, slots=True)
class LadderFacts:
    """All facts of one client the ladder rule looks at. Order within the tuples does not matter.

    `own_file_since` never changes once there is a file; everything else is in two times.
    """

    own_file_since: date | None = None
    contacts: tuple[ContactFact, ...] = ()
    appointments: tuple[AppointmentFact, ...] = ()
    takes: tuple[TakeFact, ...] = ()
    phases: tuple[PhaseFact, ...] = ()
    periods: tuple[PeriodFact, ...] = ()
    acts: tuple[ActFact, ...] = ()
    answers: tuple[AnswerFact, ...] = ()
    places: tuple[PlaceFact, ...] = ()


@dataclass(frozen=True, slots=True)
class AppointmentAsOf:
    """An appointment as it is known at one instant.

    `missed` means it was at some time recorded as unexcused or undecided no-show; `dead_since` is when it stopped
    being one. `off_since` is when the date stopped standing (cancelled or moved). `outcome_at` is when the present
    outcome was recorded.
    """

    ref: str
    start: datetime
    recorded_at: datetime
    channel: str
    agreed: bool
    state: str
    excuse: str
    invitation: str | None
    missed: bool
    dead_since: datetime | None
    off_since: datetime | None
    outcome_at: datetime | None
    withdrawn: bool

    @property
    def excused(self) -> bool:
        return self.state == AppointmentState.NO_SHOW and self.excuse == Excuse.EXCUSED


def _trailing_run_start(history: Iterable[tuple[datetime, bool]]) -> datetime | None:
    """When the last unbroken run of True began, None if the last entry is False."""
    start = None
    for at, value in history:
        if not value:
            start = None
        elif start is None:
            start = at
    return start


def _appointment_as_of(fact: AppointmentFact, recorded: datetime) -> AppointmentAsOf | None:
    if fact.recorded_at > recorded:
        return None
    outcomes = sorted((o for o in fact.outcomes if o.recorded_at <= recorded), key=lambda o: o.recorded_at)
    withdrawn = fact.withdrawn_at is not None and fact.withdrawn_at <= recorded
    state = str(outcomes[-1].state) if outcomes else str(AppointmentState.PLANNED)
    excuse = str(outcomes[-1].excuse) if outcomes else str(Excuse.UNDECIDED)
    missed = [is_miss(o.state, o.excuse) for o in outcomes]
    dead = _trailing_run_start((o.recorded_at, not miss) for o, miss in zip(outcomes, missed, strict=True))
    off = _trailing_run_start((o.recorded_at, not blocks(o.state)) for o in outcomes)
    if withdrawn:
        dead, off = dead or fact.withdrawn_at, off or fact.withdrawn_at
    return AppointmentAsOf(
        ref=fact.ref,
        start=fact.planned_start,
        recorded_at=fact.recorded_at,
        channel=fact.channel,
        agreed=fact.agreed_since is not None and fact.agreed_since <= recorded,
        state=state,
        excuse=excuse,
        invitation=fact.invitation,
        missed=any(missed),
        dead_since=dead if any(missed) else None,
        off_since=off,
        outcome_at=outcomes[-1].recorded_at if outcomes else None,
        withdrawn=withdrawn,
    )


@dataclass(frozen=True, slots=True)
class FactsAsOf:
    """The facts as recorded up to one instant, each placed where it happened."""

    at: datetime
    own_file_since: date | None
    contacts: tuple[ContactFact, ...]
    appointments: tuple[AppointmentAsOf, ...]
    takes: tuple[TakeFact, ...]
    phases: tuple[PhaseFact, ...]
    periods: tuple[PeriodFact, ...]
    acts: tuple[ActFact, ...]
    answers: tuple[AnswerFact, ...]
    places: tuple[PlaceFact, ...]
    contacts_by_ref: dict[str, ContactFact] = field(default_factory=dict)

    def holds(self, kind: Kind, instant: datetime) -> bool:
        """Whether `kind` holds at `instant`."""
        return any(period.kind == kind and period.covers(instant) for period in self.periods)

    @property
    def born_on(self) -> date | None:
        """The birth date, None while none is on record."""
        return next((local_date(p.since) for p in self.periods if p.kind == Kind.BORN), None)

    def place_at(self, instant: datetime) -> int | None:
        """The municipality the file belonged to at `instant`; before its first one, the first."""
        found = None
        for place in self.places:
            if found is None or place.since <= instant:
                found = place.place
        return found

    def phase_at(self, instant: datetime) -> Phase:
        """The phase at `instant`, changes at the instant included."""
        phase = Phase.RUNNING
        for change in self.phases:
            if change.at > instant:
                break
            phase = change.phase
        return phase


def facts_as_of(facts: LadderFacts, at: datetime, *, inclusive: bool = True) -> FactsAsOf:
    """The facts recorded up to `at` (with `inclusive` off: up to just before it)."""
    recorded = at if inclusive else at - JUST_BEFORE

    def on_record(rows: Iterable[Any]) -> list[Any]:
        return [row for row in rows if is_on_record(row.recorded_at, row.withdrawn_at, recorded)]

    appointments = [_appointment_as_of(fact, recorded) for fact in facts.appointments]
    seen = sorted((a for a in appointments if a is not None), key=lambda a: (a.start, a.ref))
    held = {a.ref for a in seen if a.state == AppointmentState.HELD and not a.withdrawn}
    not_met = {a.ref for a in seen if a.state == AppointmentState.NOT_MET and not a.withdrawn}
    contacts = [
        _as_of(contact, recorded)
        for contact in on_record(facts.contacts)
        if contact.has_come(at) and contact.appointment not in held
    ]
    logged = {contact.appointment for contact in contacts}
    contacts += [_visit_of(a) for a in seen if a.ref in not_met and a.ref not in logged and a.start <= at]
    contacts.sort(key=lambda c: (c.happened_at, c.ref))
    return FactsAsOf(
        at=at,
        own_file_since=facts.own_file_since,
        contacts=tuple(contacts),
        appointments=tuple(seen),
        takes=tuple(sorted(on_record(facts.takes), key=lambda take: (take.at, take.ref))),
        phases=tuple(
            sorted(
                (change for change in on_record(facts.phases) if change.at <= at),
                key=lambda change: (change.at, change.recorded_at),
            )
        ),
        periods=tuple(on_record(facts.periods)),
        acts=tuple(sorted((a for a in facts.acts if a.recorded_at <= recorded), key=lambda a: (a.at, a.ref))),
        answers=tuple(sorted((a for a in facts.answers if a.recorded_at <= recorded), key=lambda a: a.at)),
        places=tuple(sorted((p for p in facts.places if p.since <= at), key=lambda p: p.since)),
        contacts_by_ref={contact.ref: contact for contact in contacts},
    )


def _as_of(contact: ContactFact, recorded: datetime) -> ContactFact:
    """The contact without what was recorded about it later."""
    returned = contact.returned_at is not None and contact.returned_at <= recorded
    if contact.withdrawn_at is None and (contact.returned_at is None or returned):
        return contact
    return replace(contact, withdrawn_at=None, returned_at=contact.returned_at if returned else None)


def _visit_of(appointment: AppointmentAsOf) -> ContactFact:
    """The visit an appointment "not met" stands for when no contact was logged with it."""
    return ContactFact(
        ref=f"appointment:{appointment.ref}",
        happened_at=appointment.start,
        recorded_at=appointment.recorded_at,
        channel=Channel.HOME_VISIT,
        direction=Direction.OUT,
        spoken_with=SpokenWith.NOBODY,
        result=Result.NOT_MET,
        appointment=appointment.ref,
    )


def retroactive_points(facts: LadderFacts, after: datetime, until: datetime) -> list[datetime]:
    """The instants of recording at which the past of the file changed: corrections, moves, returned letters,
    later outcomes, and facts recorded after something that happened later was already recorded.

    Only at these instants can a ladder re-open or fall back. Returns instants in (`after`, `until`], ascending.
    """
    points: set[datetime] = set()
    placed: list[tuple[datetime, datetime]] = []
    for contact in facts.contacts:
        placed.append((contact.recorded_at, contact.happened_at))
        points.update(at for at in (contact.withdrawn_at, contact.returned_at) if at is not None)
    for appointment in facts.appointments:
        outcomes = sorted(outcome.recorded_at for outcome in appointment.outcomes)
        entered = (appointment.recorded_at, appointment.agreed_since)
        late = [at for at in entered if at is not None and at > appointment.planned_start]
        placed += [(at, appointment.planned_start) for at in (*late, *outcomes[:1])]
        points.update(outcomes[1:])
        if appointment.withdrawn_at is not None:
            points.add(appointment.withdrawn_at)
    for change in facts.phases:
        placed.append((change.recorded_at, change.at))
        if change.recorded_at > change.at and local_date(change.recorded_at) > local_date(change.at):
            points.add(change.recorded_at)
    placed += [(take.recorded_at, take.at) for take in facts.takes]
    placed += [(act.recorded_at, act.at) for act in facts.acts]
    undone = [take.withdrawn_at for take in facts.takes]
    undone += [change.withdrawn_at for change in facts.phases]
    points.update(at for at in undone if at is not None)
    points |= points_that_change_the_past(facts.periods, after, until)
    # A ladder ends and windows begin at such an instant: what happened before it and is recorded after it is late.
    placed += [(at, at) for at in points]
    placed.sort()
    latest: datetime | None = None
    index = 0
    while index < len(placed):
        recorded_at = placed[index][0]
        batch = []
        while index < len(placed) and placed[index][0] == recorded_at:
            batch.append(placed[index][1])
            index += 1
        if latest is not None and min(batch) < latest:
            points.add(recorded_at)
        latest = max([*batch, *([latest] if latest is not None else [])])
    return sorted(point for point in points if after < point <= until)


def miss_trigger(*, agreed: bool) -> Trigger:
    """A missed agreed appointment is a no-show; a missed date set by our letter is a missed invitation."""
    return Trigger.NO_SHOW if agreed else Trigger.MISSED_INVITATION
