"""Loads what the ladder rule looks at: the facts of some files in a bounded number of queries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from accounts.together import Table, load_together
from appointments.models import (
    Appointment,
    AppointmentOutcome,
    ContactParticipant,
    Ladder,
    LadderAct,
    OutreachPolicy,
)
from appointments.rules.calendar import end_of_day, local_date, start_of_day
from appointments.rules.contact import ContactFact
from appointments.rules.ladder import LadderPolicy
from appointments.rules.ladder_facts import (
    ActFact,
    AnswerFact,
    AppointmentFact,
    Kind,
    LadderFacts,
    OutcomeFact,
    PeriodFact,
    Phase,
    PhaseFact,
    TakeFact,
)
from clients.choices import Phase as FilePhase
from clients.choices import PointKind, Reading
from clients.file_rows import Rows as FileRows
from clients.models import Accommodation, Client, ContactPoint, PhaseChange, Responsibility, SafetyNote

REASON = "the ladder is computed from all facts of a file"
CHUNK = 500
TABLES: tuple[Table, ...] = (
    Accommodation,
    Appointment,
    AppointmentOutcome,
    ContactPoint,
    Ladder,
    LadderAct,
    PhaseChange,
    Responsibility,
    SafetyNote,
)
CONTACT_COLUMNS = (
    "happened_at",
    "recorded_at",
    "channel",
    "direction",
    "spoken_with",
    "result",
    "returned_at",
    "appointment_id",
)
_PHASES = {FilePhase.PAUSED: Phase.PAUSED, FilePhase.CLOSED: Phase.CLOSED}
#: What a file always had counts from here.
ALWAYS = datetime.date(1900, 1, 1)
Rows = dict[int, list[Any]]


def load_policies() -> list[LadderPolicy]:
    """All policy versions; the defaults of rules.md §4 where none is stored."""
    return [policy.rule for policy in OutreachPolicy.objects.all()] or [LadderPolicy()]


def load_facts(clients: Sequence[Client], now: datetime.datetime) -> dict[int, LadderFacts]:
    """The facts of each file by primary key.

    Args:
        clients: files the caller may compute for, as stored.
        now: the instant of computing; a wish against home visits said today holds from now on.
    """
    facts: dict[int, LadderFacts] = {}
    for first in range(0, len(clients), CHUNK):
        facts |= _load(clients[first : first + CHUNK], now)
    return facts


def facts_shown(client: Client, rows: FileRows, now: datetime.datetime) -> LadderFacts:
    """The facts of one file, most of them from the rows its page has read anyway."""
    return _facts([client], rows, now)[client.pk]


def _load(clients: Sequence[Client], now: datetime.datetime) -> dict[int, LadderFacts]:
    return _facts(clients, load_together([client.pk for client in clients], *TABLES), now)


def _facts(clients: Sequence[Client], rows: FileRows, now: datetime.datetime) -> dict[int, LadderFacts]:
    contacts = _contacts([client.pk for client in clients])
    appointments = _appointments(rows[Appointment], rows[AppointmentOutcome])
    takes = _grouped((row for row in rows[Responsibility] if row.is_taking), _take)
    phases = _grouped(rows[PhaseChange], _phase)
    homes = _grouped(rows[Accommodation], _itself)
    points = _grouped((row for row in rows[ContactPoint] if row.may_use), _itself)
    notes = _grouped((row for row in rows[SafetyNote] if row.only_in_pairs), _pairs)
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
            born_on=client.birth_date,
            contacts=tuple(contacts[client.pk]),
            appointments=tuple(appointments[client.pk]),
            takes=tuple(takes[client.pk]),
            phases=tuple(phases[client.pk]),
            periods=tuple(_periods(client, homes[client.pk], points[client.pk], now))
            + tuple(notes[client.pk]),
            acts=tuple(acts[client.pk]),
            answers=tuple(answers[client.pk]),
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
    """Every version of every contact the client took part in; all versions of one share its ref.

    The one table here that grows with every talk, so only the columns the rule looks at are read.
    """
    rows = (
        ContactParticipant.objects.unscoped(reason=REASON)
        .filter(client__in=keys)
        .values_list(
            "client_id",
            "relative_id",
            "contact_id",
            "address_valid",
            "language_ok",
            "version_id",
            "version__withdrawn_at",
            *(f"contact__{column}" for column in CONTACT_COLUMNS),
            *(f"version__{column}" for column in CONTACT_COLUMNS),
        )
    )
    found: Rows = defaultdict(list)
    for client, relative, contact, address_valid, language_ok, version, withdrawn_at, *both in rows:
        # Asked for "no relative", SQLite would begin with all participants who are none.
        if relative is None:
            facts = both[len(CONTACT_COLUMNS) :] if version else both[: len(CONTACT_COLUMNS)]
            snapshot = (address_valid, language_ok)
            found[client].append(_contact(contact, snapshot, withdrawn_at, *facts))
    return found


def _contact(
    key: int,
    snapshot: tuple[bool, bool],
    withdrawn_at: datetime.datetime | None,
    happened_at: datetime.datetime,
    recorded_at: datetime.datetime,
    channel: str,
    direction: str,
    spoken_with: str,
    result: str,
    returned_at: datetime.datetime | None,
    appointment: int | None,
) -> ContactFact:
    """One version of a contact as it concerns one participant."""
    return ContactFact(
        ref=str(key),
        happened_at=happened_at,
        recorded_at=recorded_at,
        channel=channel,
        direction=direction,
        spoken_with=spoken_with,
        result=result,
        address_valid=snapshot[0],
        language_ok=snapshot[1],
        withdrawn_at=withdrawn_at,
        returned_at=returned_at,
        appointment=str(appointment) if appointment else None,
    )


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
    return TakeFact(ref=str(row.pk), at=row.since, recorded_at=row.since)


def _phase(row: PhaseChange) -> PhaseFact:
    """A phase of the day it was recorded began at that moment, one entered later at 00:00 of its day."""
    same_day = row.on == local_date(row.at)
    return PhaseFact(
        phase=_PHASES.get(FilePhase(row.phase), Phase.RUNNING),
        at=row.at if same_day else start_of_day(row.on),
        recorded_at=row.at,
    )


def _pairs(row: SafetyNote) -> PeriodFact:
    ended = timezone.localdate(row.ended_at) if row.ended_at else row.expires_on
    return PeriodFact(
        Kind.ONLY_IN_PAIRS, timezone.localdate(row.set_at), row.set_at, until=min(ended, row.expires_on)
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


def _periods(
    client: Client, homes: Sequence[Accommodation], points: Sequence[ContactPoint], now: datetime.datetime
) -> Iterable[PeriodFact]:
    for home in homes:
        if home.is_known_address:
            yield PeriodFact(Kind.ACCOMMODATION, home.since, home.recorded_at, until=home.until)
            if home.letters_reach and client.may_be_written:
                yield PeriodFact(Kind.LETTER, home.since, home.recorded_at, until=home.until)
    for point in points:
        if point.kind == PointKind.EMAIL or client.may_be_called:
            kind = Kind.LETTER if point.kind == PointKind.EMAIL else Kind.PHONE
            until = timezone.localdate(point.until) - datetime.timedelta(days=1) if point.until else None
            yield PeriodFact(kind, timezone.localdate(point.since), point.since, until=until)
    if client.reading == Reading.NONE:
        yield PeriodFact(Kind.READS_NO_SCRIPT, ALWAYS, start_of_day(ALWAYS))
    if client.no_home_visits_since is not None:
        since = client.no_home_visits_since
        # The hour is not recorded; a visit made earlier on the same day was still made in good faith.
        yield PeriodFact(Kind.NO_HOME_VISITS, since, min(now, end_of_day(since)))
