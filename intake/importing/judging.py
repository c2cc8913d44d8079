"""Rows judged in portions: what is said about each, and what is proposed once all are read."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.actor import Actor
from clients.rules.duplicates import SURE
from clients.rules.names import fold
from intake.choices import ImportState
from intake.importing.checks import duplicates_in_list, propose, stands_alone
from intake.importing.filed import duplicates_in_files
from intake.importing.findings import Finding, FindingCode, Level
from intake.importing.people import ReadRow
from intake.importing.rows import read_row
from intake.importing.staging import known_codes, mapping_of, readable
from intake.models import ImportBatch, ImportRow

# What one portion may cost: this many rows, each against ``MOST_COMPARED`` others of the list and of the files.
PORTION = 250


def read_rows(batch: ImportBatch, rows: Iterable[ImportRow], today: datetime.date) -> list[ReadRow]:
    """The rows as the present mapping reads them."""
    mapping = mapping_of(batch)
    known = known_codes(batch.municipality, today)
    return [
        read_row(
            readable(row.cells, batch.encodings, row.corrected),
            mapping,
            row.line,
            today,
            known,
            batch.readings,
        )
        for row in rows
    ]


def advance(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Judge the next portion of rows; after the last one the proposals are made and the list is ready.

    Safe to call twice at the same time: the portion is the same, and so is its result.
    """
    actor.require("import.run")
    with transaction.atomic():
        stored = ImportBatch.objects.visible_to(actor.user).select_for_update(of=("self",), no_key=True)
        batch = stored.select_related("municipality").get(pk=batch.pk)
        if batch.state != ImportState.CHECKING:
            return batch
        rows = list(batch.listed)
        start = batch.checked_rows
        stop = min(start + PORTION, len(rows))
        read = read_rows(batch, rows[:stop], actor.today)
        found = duplicates_in_list(read, start, stop)
        in_files = duplicates_in_files(actor, read[start:stop], batch)
        for position in range(start, stop):
            findings = read[position].findings + in_files.get(position - start, ())
            judge(rows[position], read[position], findings)
        for position, findings in found.items():
            add_findings(rows[position], findings)
        changed = [rows[position] for position in {*range(start, stop), *found}]
        save_rows(changed, JUDGED)
        batch.checked_rows = stop
        if stop == len(rows):
            propose_all(rows, read, actor.today)
            batch.state = ImportState.READY
            batch.checked_on = actor.today
        batch.save(update_fields=["state", "checked_rows", "checked_on"])
    return batch


def judge(row: ImportRow, read: ReadRow, findings: Iterable[Finding]) -> None:
    row.label = read.label[:40]
    row.family_key = read.values.family_key[:120]
    row.folded_surname = fold(read.values.surname)[:120]
    row.findings = [finding.as_json() for finding in findings]
    mark(row)


def add_findings(row: ImportRow, findings: Iterable[Finding]) -> None:
    row.findings = row.findings + [finding.as_json() for finding in findings]
    mark(row)


# Before the key of a suspect whose own row said it: the dismissal is that row's to take back.
HEARD = "heard:"


def mark(row: ImportRow) -> None:
    levels = {finding["level"] for finding in row.findings}
    row.has_error = Level.ERROR in levels
    row.is_suspected = bool(suspects_of(row) - {key.removeprefix(HEARD) for key in row.dismissed})
    row.is_noted = bool(levels & {Level.WARNING, Level.HINT})


JUDGED = [
    "label",
    "family_key",
    "folded_surname",
    "findings",
    "dismissed",
    "has_error",
    "is_suspected",
    "is_noted",
]


def save_rows(rows: Sequence[ImportRow], fields: Sequence[str]) -> None:
    """Write these fields of many rows; an upsert, for ``bulk_update`` takes ten times as long."""
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["pk"], update_fields=fields, batch_size=500
    )


def suspects_of(row: ImportRow) -> set[str]:
    return {Finding.from_json(stored).suspect for stored in row.findings} - {""}


FILED_CODES = (FindingCode.DUPLICATE_FILE, FindingCode.DUPLICATE_INBOX, FindingCode.DUPLICATE_COLLEAGUE)


def _is_filed(row: ImportRow, finding: Mapping[str, Any]) -> bool:
    """Whether a finding says that this very person has a file: the same list imported a second time."""
    if Finding.from_json(finding).suspect in row.dismissed:
        return False
    if finding["code"] == FindingCode.DUPLICATE_COLLEAGUE:
        return True
    return finding["code"] in FILED_CODES and SURE.issubset(finding["values"]["reasons"].split())


def propose_all(rows: Sequence[ImportRow], read: Sequence[ReadRow], today: datetime.date) -> None:
    changed: list[ImportRow] = []
    alone = Finding(Level.HINT, FindingCode.MINOR_WITHOUT_FAMILY)
    filed = {row.place for row in rows if any(_is_filed(row, finding) for finding in row.findings)}
    for row, person, proposal in zip(rows, read, propose(read, today, filed), strict=True):
        kept = [finding for finding in row.findings if finding["code"] != alone.code]
        if stands_alone(person, proposal, today):
            kept = [*kept, alone.as_json()]
        new = (proposal.decision.value, proposal.head, kept)
        if new != (row.proposal, row.proposed_head, row.findings):
            row.proposal, row.proposed_head, row.findings = new
            mark(row)
            changed.append(row)
    save_rows(changed, ["proposal", "proposed_head", "findings", "is_noted"])
