"""Loads what the ladder rule looks at: the facts of some files in a bounded number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from appointments.models import (
    Appointment,
    ContactFacts,
    ContactParticipant,
    Ladder,
    LadderAct,
    OutreachPolicy,
)
from appointments.rules.calendar import local_date, start_of_day
from appointments.rules.contact import ContactFact
from appointments.rules.ladder import LadderPolicy
from appointments.rules.ladder.facts import (
    ActFact,
    AnswerFact,
    AppointmentFact,
    LadderFacts,
    OutcomeFact,
    Phase,
    PhaseFact,
    PlaceFact,
    TakeFact,
)
from appointments.rules.ladder.periods import Kind, PeriodFact, without
from clients.choices import Phase as FilePhase
from clients.choices import ReachKind
from clients.models import Client, PhaseChange, ReachPeriod, Responsibility

REASON = "the ladder is computed from all facts of a file"
CHUNK = 500
_PHASES = {FilePhase.PAUSED: Phase.PAUSED, FilePhase.CLOSED: Phase.CLOSED}
_KINDS = {
    ReachKind.BORN: Kind.BORN,
    ReachKind.HOME: Kind.ACCOMMODATION,
    ReachKind.EMAIL: Kind.EMAIL,
    ReachKind.READS_NO_SCRIPT: Kind.READS_NO_SCRIPT,
    ReachKind.NO_HOME_VISITS: Kind.NO_HOME_VISITS,
    ReachKind.ONLY_IN_PAIRS: Kind.ONLY_IN_PAIRS,
}
Rows = dict[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Policies:
    """Every version of the outreach thresholds, by municipality; None stands for the district."""

    by_place: Mapping[int | None, Sequence[LadderPolicy]]

    def of(self, facts: LadderFacts) -> list[LadderPolicy]:
        """The versions that may concern a file: the district's, and those of the places it belonged to."""
        places = {None, *(fact.place for fact in facts.places)}
        return [policy for place in places for policy in self.by_place.get(place, ())]


def load_policies() -> Policies:
    """All policy versions in one query; without any the rule takes the defaults of rules.md §4."""
    found: dict[int | None, list[LadderPolicy]] = defaultdict(list)
    for policy in OutreachPolicy.objects.all():
        found[policy.municipality_id].append(policy.rule)
    return Policies(found)


def load_facts(clients: Sequence[Client]) -> dict[int, LadderFacts]:
    """The facts of each file by primary key, each with when it was recorded.

    Args:
        clients: files the caller may compute for, as stored.
    """
    facts: dict[int, LadderFacts] = {}
    for first in range(0, len(clients), CHUNK):
        facts |= _load(clients[first : first + CHUNK])
    return facts


def _load(clients: Sequence[Client]) -> dict[int, LadderFacts]:
    keys = [client.pk for client in clients]
    contacts = _contacts(keys)
    appointments = _appointments(keys)
    owners = _grouped(Responsibility.objects.unscoped(reason=REASON).filter(client__in=keys), _itself)
    phases = _grouped(PhaseChange.objects.unscoped(reason=REASON).filter(client__in=keys), _phase)
    reach = _grouped(ReachPeriod.objects.unscoped(reason=REASON).filter(client__in=keys), _itself)
    acts: Rows = defaultdict(list)
    for act in (
        LadderAct.objects.unscoped(reason=REASON).filter(ladder__client__in=keys).select_related("ladder")
    ):
        acts[act.ladder.client_id].append(_act(act))
    answers: Rows = defaultdict(list)
    answered = Ladder.objects.unscoped(reason=REASON).filter(client__in=keys, answered_at__isnull=False)
    for key, at in answered.values_list("client_id", "answered_at"):
        answers[key].append(AnswerFact(at=at, recorded_at=at))
    return {
        client.pk: LadderFacts(
            own_file_since=timezone.localdate(client.registered_at),
            contacts=tuple(contacts[client.pk]),
            appointments=tuple(appointments[client.pk]),
            takes=tuple(_take(row) for row in owners[client.pk] if row.is_taking),
            phases=tuple(phases[client.pk]),
            periods=tuple(reach_facts(reach[client.pk])),
            acts=tuple(acts[client.pk]),
            answers=tuple(answers[client.pk]),
            places=tuple(PlaceFact(row.municipality_id, row.since) for row in owners[client.pk]),
        )
        for client in clients
    }


def _grouped(rows: Iterable[Any], convert: Any) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[row.client_id].append(convert(row))
    return found


def _itself(row: Any) -> Any:
    return row


def _contacts(keys: Sequence[int]) -> Rows:
    """Every version of every contact the client took part in; all versions of one share its ref."""
    rows = (
        ContactParticipant.objects.unscoped(reason=REASON)
        .filter(client__in=keys, relative__isnull=True)
        .select_related("contact", "version")
    )
    return _grouped(rows, contact_fact)


def contact_fact(row: ContactParticipant) -> ContactFact:
    """One version of a contact as it concerns one participant."""
    facts: ContactFacts = row.facts
    return ContactFact(
        ref=str(row.contact_id),
        happened_at=facts.happened_at,
        recorded_at=facts.recorded_at,
        channel=facts.channel,
        direction=facts.direction,
        spoken_with=facts.spoken_with,
        result=facts.result,
        address_valid=row.address_valid,
        language_ok=row.language_ok,
        withdrawn_at=row.withdrawn_at,
        returned_at=facts.returned_at,
        appointment=str(facts.appointment_id) if facts.appointment_id else None,
    )


def _appointments(keys: Sequence[int]) -> Rows:
    rows = Appointment.objects.unscoped(reason=REASON).filter(client__in=keys).prefetch_related("outcomes")
    return _grouped(rows, _appointment)


def _appointment(row: Appointment) -> AppointmentFact:
    return AppointmentFact(
        ref=str(row.pk),
        planned_start=row.starts_at,
        recorded_at=row.recorded_at,
        channel=row.channel,
        agreed_since=row.agreed_at,
        outcomes=tuple(
            OutcomeFact(outcome.state, outcome.recorded_at, outcome.excuse) for outcome in row.outcomes.all()
        ),
        invitation=str(row.invited_by_id) if row.invited_by_id else None,
    )


def _take(row: Responsibility) -> TakeFact:
    return TakeFact(ref=str(row.pk), at=row.since, recorded_at=row.since)


def _phase(row: PhaseChange) -> PhaseFact:
    """A phase of the day it was recorded began at that moment, one entered later at 00:00 of its day."""
    same_day = row.on == local_date(row.at)
    return PhaseFact(
        phase=_PHASES.get(FilePhase(row.phase), Phase.RUNNING),
        at=row.at if same_day else start_of_day(row.on),
        recorded_at=row.at,
    )


def _act(row: LadderAct) -> ActFact:
    return ActFact(
        ref=str(row.pk),
        kind=row.kind,
        at=row.at,
        recorded_at=row.at,
        day=row.day,
        outcome=row.outcome,
        reason=row.reason,
    )


def reach_facts(rows: Iterable[ReachPeriod]) -> list[PeriodFact]:
    """What the rule looks at of reaching somebody: addresses and numbers, less where they may not be used.

    Args:
        rows: everything recorded of one file, in any order, or only what is on record.
    """
    own: dict[str, list[ReachPeriod]] = defaultdict(list)
    for row in rows:
        own[row.kind].append(row)
    found = [_period(kind, row) for stored, kind in _KINDS.items() for row in own[stored]]
    no_calls = [_period(Kind.PHONE, row) for row in own[ReachKind.NO_CALLS]]
    for row in own[ReachKind.PHONE]:
        found += without(_period(Kind.PHONE, row), no_calls)
    for home in own[ReachKind.HOME]:
        unwanted = [*own[ReachKind.NO_LETTERS]]
        unwanted += [row for row in own[ReachKind.MAIL_RETURNS] if row.home_id == home.home_id]
        found += without(_period(Kind.LETTER, home), [_period(Kind.LETTER, row) for row in unwanted])
    return found


def _period(kind: Kind, row: ReachPeriod) -> PeriodFact:
    return PeriodFact(kind, row.since, row.recorded_at, until=row.until, withdrawn_at=row.withdrawn_at)
