"""What waits in a file by its own facts: a permit that ends, the clock, a missing address, the next phase."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from accounts.catalogues import in_force_among
from accounts.rules.calendar import add_days, local_date
from clients.choices import DueReader
from clients.file_facts import phase_proposal
from clients.models import (
    Accommodation,
    Client,
    CounsellingPeriod,
    DueItem,
    FilePolicy,
    PermitDecree,
    Residence,
)
from clients.rules import clock, permits
from clients.rules.clock import ClockPolicy, Period, months_complete_on
from clients.rules.permits import PermitPolicy
from clients.rules.phases import WORKING_PHASES
from clients.stored_facts import StoredFacts

TABLES = {CounsellingPeriod: (), Residence: (), FilePolicy: ()}
PHASE_PROPOSED_FOR = datetime.timedelta(days=28)
"""So long a proposed phase stands in *Mein Tag* after what speaks for it; then in the file only."""
JUSTIFIED = "justified"
FAR = datetime.date(9999, 1, 1)


class FileDue(StrEnum):
    """The kinds of this app."""

    PERMIT = "permit"
    CLOCK = "clock"
    ADDRESS = "address"
    PHASE = "phase"


def due_items(facts: StoredFacts) -> Iterator[DueItem]:
    """What waits in the attended files; one statement, for the decrees in force."""
    policy: FilePolicy | None = in_force_among(facts.rows[FilePolicy], facts.today)
    permit_policy = policy.permits if policy else permits.DEFAULT_POLICY
    clock_policy = policy.clock if policy else clock.DEFAULT_POLICY
    decrees = list(PermitDecree.objects.in_force())
    residences, periods, homes = facts.of(Residence), facts.of(CounsellingPeriod), facts.of(Accommodation)
    for file in facts.attended:
        yield from _permits(file, residences[file.pk], decrees, permit_policy)
        yield from _clock(file, periods[file.pk], clock_policy)
        yield from _addresses(file, homes[file.pk])
        yield from _phase(file, periods[file.pk])


def _permits(
    file: Client, rows: Iterable[Residence], decrees: Sequence[PermitDecree], policy: PermitPolicy
) -> Iterator[DueItem]:
    for row in rows:
        end = permits.end_of(row, decrees)
        if row.ended_on is not None or end is None:
            continue
        steps = permits.steps_of(row.status, policy)
        ahead = [step for step in steps if permits.needs_reminder(step, row.reminded_days)]
        if ahead or permits.needs_reminder(0, row.reminded_days):
            yield DueItem(
                client=file,
                kind=FileDue.PERMIT,
                object=row.uuid,
                shows_on=add_days(end.day, -max(ahead) if ahead else 1),
                due_on=end.day,
                step=row.status,
                words=" ".join(map(str, steps)),
            )


def _clock(file: Client, rows: Iterable[CounsellingPeriod], policy: ClockPolicy) -> Iterator[DueItem]:
    """From each warning on until the next limit; a justification answers all until its own end comes near."""
    started_on = file.counselling_started_on
    if started_on is None:
        return
    periods = [Period(row.opened_on, row.closed_on) for row in rows]
    is_justified = bool(file.clock_justification)
    out_of = policy.hard_limit if is_justified else policy.limit
    first = policy.hard_limit - clock.ahead_of_limit(policy) if is_justified else min(policy.warnings)
    shows_on = months_complete_on(started_on, first, periods)
    if shows_on is None:
        return
    yield DueItem(
        client=file,
        kind=FileDue.CLOCK,
        object=file.uuid,
        shows_on=shows_on,
        due_on=months_complete_on(started_on, out_of, periods),
        step=JUSTIFIED if is_justified else "",
        words=f"{policy.limit} {policy.hard_limit}",
        count=clock.stopped_days(started_on, periods),
        on=started_on,
    )


def _addresses(file: Client, rows: Iterable[Accommodation]) -> Iterator[DueItem]:
    """Stretches of time in which nobody could visit or write, in phases in which somebody has to."""
    if file.phase not in WORKING_PHASES:
        return
    known = [(row.since, row.until or FAR) for row in rows if row.street and row.town]
    for since, until in _gaps(known, local_date(file.registered_at)):
        yield DueItem(
            client=file,
            kind=FileDue.ADDRESS,
            object=file.uuid,
            shows_on=since,
            shows_until=until if until < FAR else None,
        )


def _gaps(
    spans: Sequence[tuple[datetime.date, datetime.date]], first: datetime.date
) -> Iterator[tuple[datetime.date, datetime.date]]:
    """What the spans leave uncovered from a day on; both days of a span and of a gap belong to it."""
    before = add_days(first, -1)
    for since, until in sorted(spans):
        if since > add_days(before, 1):
            yield add_days(before, 1), add_days(since, -1)
        before = max(before, until)
    if before < FAR:
        yield add_days(before, 1), FAR


def _phase(file: Client, periods: Iterable[CounsellingPeriod]) -> Iterator[DueItem]:
    """The responsible manager alone sets it (decision 0017)."""
    proposal = phase_proposal(file, periods)
    if proposal is None:
        return
    yield DueItem(
        client=file,
        kind=FileDue.PHASE,
        object=file.uuid,
        shows_on=proposal.on,
        shows_until=proposal.on + PHASE_PROPOSED_FOR,
        due_on=proposal.on,
        reader=DueReader.OWNER,
        step=proposal.phase,
    )
