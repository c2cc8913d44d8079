"""Loads what the ladder rule looks at: the facts of some files in a bounded number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.file_loader import Table, load_together
from accounts.rules.calendar import local_date, start_of_day
from appointments.contact_facts import FileContacts, contacts_of, contacts_of_files
from appointments.models import Appointment, AppointmentOutcome
from clients.choices import Phase as FilePhase
from clients.file_rows import Rows as FileRows
from clients.models import Client, PhaseChange, ReachPeriod, Responsibility
from clients.services.reach import reach_facts
from clients.stored_facts import StoredFacts
from outreach.models import Ladder, LadderAct, OutreachPolicy
from outreach.rules import LadderPolicy
from outreach.rules.facts import (
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

REASON = "the ladder is computed from all facts of a file"
CHUNK = 500
TABLES: tuple[Table, ...] = (
    Appointment,
    AppointmentOutcome,
    Ladder,
    LadderAct,
    PhaseChange,
    ReachPeriod,
    Responsibility,
)
_PHASES = {FilePhase.PAUSED: Phase.PAUSED, FilePhase.CLOSED: Phase.CLOSED}
Rows = dict[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Policies:
    """Every version of the outreach thresholds, by municipality; None stands for the district."""

    by_place: Mapping[int | None, Sequence[LadderPolicy]]

    def of(self, facts: LadderFacts) -> list[LadderPolicy]:
        """The versions that may apply to a file: the district's and those of its municipalities, also former ones."""
        places = {None, *(fact.place for fact in facts.places)}
        return [policy for place in places for policy in self.by_place.get(place, ())]


def policies_among(versions: Iterable[OutreachPolicy]) -> Policies:
    """All versions, as they were read with files; without any the rule takes the defaults of rules.md §4."""
    found: dict[int | None, list[LadderPolicy]] = defaultdict(list)
    for policy in versions:
        found[policy.municipality_id].append(policy.rule)
    return Policies(found)


def load_policies() -> Policies:
    """All versions in one query."""
    return policies_among(OutreachPolicy.objects.all())


def load_facts(clients: Sequence[Client]) -> dict[int, LadderFacts]:
    """The facts of each file by primary key, each with when it was recorded.

    Args:
        clients: files the caller may compute for, as stored.
    """
    facts: dict[int, LadderFacts] = {}
    for first in range(0, len(clients), CHUNK):
        facts |= _load(clients[first : first + CHUNK])
    return facts


def facts_shown(client: Client, rows: FileRows) -> LadderFacts:
    """The facts of one file, mostly from rows that its page has read already."""
    return _facts([client], rows, contacts_of_files([client.pk]))[client.pk]


def facts_stored(stored: StoredFacts) -> dict[int, LadderFacts]:
    """The facts of the files of a recompute, from the rows it has read anyway."""
    return _facts(stored.files, stored.rows, stored.once(contacts_of))


def _load(clients: Sequence[Client]) -> dict[int, LadderFacts]:
    keys = [client.pk for client in clients]
    return _facts(clients, load_together(keys, *TABLES), contacts_of_files(keys))


def _facts(
    clients: Sequence[Client], rows: FileRows, contacts: Mapping[int, FileContacts]
) -> dict[int, LadderFacts]:
    appointments = _appointments(rows[Appointment], rows[AppointmentOutcome])
    owners = _grouped(rows[Responsibility], _itself)
    phases = _grouped(rows[PhaseChange], _phase)
    reach = _grouped(rows[ReachPeriod], _itself)
    acts: Rows = defaultdict(list)
    for act in rows[LadderAct]:
        acts[act.ladder.client_id].append(_act(act))
    answers: Rows = defaultdict(list)
    for ladder in rows[Ladder]:
        if ladder.answered_at is not None:
            answers[ladder.client_id].append(
                AnswerFact(at=ladder.answered_at, recorded_at=ladder.answered_at)
            )
    return {
        client.pk: LadderFacts(
            own_file_since=timezone.localdate(client.registered_at),
            contacts=tuple(contacts[client.pk].versions),
            appointments=tuple(appointments[client.pk]),
            takes=tuple(
                _take(row) for row in owners[client.pk] if row.is_taking and not _runs(client, phases, row)
            ),
            phases=tuple(phases[client.pk]),
            periods=tuple(reach_facts(reach[client.pk])),
            acts=tuple(acts[client.pk]),
            answers=tuple(answers[client.pk]),
            places=tuple(PlaceFact(row.municipality_id, row.since) for row in owners[client.pk]),
        )
        for client in clients
    }


def _runs(client: Client, phases: Rows, row: Responsibility) -> bool:
    """Whether a file was taken as the running case it came as: nobody has to be met first (rules.md §10)."""
    closed = any(phase.phase == Phase.CLOSED and phase.at < row.since for phase in phases[client.pk])
    return client.counselled_since is not None and not closed


def _grouped(rows: Iterable[Any], convert: Any) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[row.client_id].append(convert(row))
    return found


def _itself(row: Any) -> Any:
    return row


def _appointments(rows: Iterable[Appointment], outcomes: Iterable[AppointmentOutcome]) -> Rows:
    recorded: Rows = defaultdict(list)
    for outcome in outcomes:
        recorded[outcome.appointment_id].append(
            OutcomeFact(outcome.state, outcome.recorded_at, outcome.excuse)
        )
    return _grouped(rows, lambda row: _appointment(row, recorded[row.pk]))


def _appointment(row: Appointment, outcomes: Iterable[OutcomeFact]) -> AppointmentFact:
    return AppointmentFact(
        ref=str(row.pk),
        planned_start=row.starts_at,
        recorded_at=row.recorded_at,
        channel=row.channel,
        agreed_since=row.agreed_at,
        outcomes=tuple(outcomes),
        invitation=str(row.invited_by_id) if row.invited_by_id else None,
    )


def _take(row: Responsibility) -> TakeFact:
    return TakeFact(ref=str(row.pk), at=row.since, recorded_at=row.since, withdrawn_at=row.withdrawn_at)


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
