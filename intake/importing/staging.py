"""The state of one import in the database: rows staged, judged in portions, decided and corrected.

Nothing here makes a file; that is one transaction in ``commit``.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.records import create_once
from audit.recording import record
from clients.models import AccessSource, Country, SpokenLanguage
from clients.rules.duplicates import SURE
from clients.rules.names import fold
from intake import actions
from intake.choices import ImportState
from intake.importing.checks import Decision, duplicates_in_list, duplicates_of_row, propose, stands_alone
from intake.importing.filed import duplicates_in_files
from intake.importing.findings import ROW, Finding, FindingCode, Level
from intake.importing.headers import TargetField
from intake.importing.mapping import propose_mapping
from intake.importing.rows import KnownCodes, ReadRow, read_row
from intake.importing.tables import Table, clean_cell
from intake.importing.values import plain
from intake.models import ImportBatch, ImportRow

# What one portion may cost: this many rows, each against ``MOST_COMPARED`` others of the list and of the files.
PORTION = 250
KEEP_FOR = datetime.timedelta(days=30)


class NotPossible(ValueError):
    """A decision that contradicts the rows; ``message`` says why."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


class NotOpen(NotPossible):
    """The list is not there to be decided any more; nothing was written."""


def known_codes(today: datetime.date) -> KnownCodes:
    """The codes of the value lists on a day."""
    sources: dict[str, str] = {}
    for row in AccessSource.objects.valid_on(today):
        for name in (row.code, row.label_de, row.label_en):
            sources[plain(name)] = row.code
    return KnownCodes(
        countries=frozenset(row.code.lower() for row in Country.objects.valid_on(today)),
        languages=frozenset(row.code.lower() for row in SpokenLanguage.objects.valid_on(today)),
        sources=sources,
    )


def mapping_of(batch: ImportBatch) -> tuple[TargetField, ...]:
    """The mapping chosen for a batch."""
    return tuple(TargetField(field) for field in batch.mapping)


def stage(actor: Actor, batch: ImportBatch, table: Table) -> ImportBatch:
    """Keep an uploaded table until it is imported or thrown away.

    Args:
        actor: who acts, and when.
        batch: unsaved, with municipality, source, file name and one-time token.
        table: what was read from the file.

    Raises:
        DuplicateSubmission: the same form was posted before.
    """
    actor.require("import.run")
    with transaction.atomic():
        discard_old(actor)
        batch.uploaded_by = actor.user
        batch.uploaded_at = actor.now
        batch.encoding = table.encoding
        batch.separator = table.separator
        batch.sheet = table.sheet[:80]
        batch.header = list(table.header)
        batch.mapping = [field.value for field in propose_mapping(table)]
        batch.skipped = [
            {"line": line.line, "kind": line.kind.value, "text": line.text}
            for line in table.skipped
            if line.text
        ]
        batch.total_rows = len(table.rows)
        create_once(batch)
        ImportRow.objects.bulk_create(
            [
                ImportRow(batch=batch, position=position, line=row.line, cells=list(row.cells))
                for position, row in enumerate(table.rows)
            ],
            batch_size=500,
        )
        record(actor, actions.IMPORT_STARTED, kind="import", count=len(table.rows))
    return batch


def discard_old(actor: Actor) -> int:
    """Delete one's lists of more than 30 days ago, imported or not; names do not lie about without a purpose."""
    old = ImportBatch.objects.visible_to(actor.user).filter(uploaded_at__lt=actor.now - KEEP_FOR)
    number = old.count()
    old.delete()
    return number


def discard(actor: Actor, batch: ImportBatch) -> None:
    """Throw a list away with all its rows; files already made stay."""
    actor.require("import.run")
    with transaction.atomic():
        ImportBatch.objects.visible_to(actor.user).filter(pk=batch.pk).delete()
        record(actor, actions.IMPORT_DISCARDED, kind="import", count=batch.total_rows)


def choose_mapping(actor: Actor, batch: ImportBatch, mapping: Sequence[TargetField]) -> ImportBatch:
    """Set what the columns mean and start checking; earlier decisions fall, because they were about other values.

    Raises:
        NotOpen: the list was imported or thrown away meanwhile.
    """
    with transaction.atomic():
        batch = _locked(actor, batch)
        if not batch.is_open:
            raise NotOpen(IMPORTED_ALREADY)
        batch.mapping = [field.value for field in mapping]
        batch.rows.update(decision="", head=None, dismissed=[])
        _restart(batch)
    return batch


def restart_if_stale(actor: Actor, batch: ImportBatch) -> bool:
    """Judge the rows again when they were judged on an earlier day: ages and dates in the future change."""
    if batch.state != ImportState.READY or batch.checked_on == actor.today:
        return False
    with transaction.atomic():
        stored = _locked(actor, batch)
        if stored.state == ImportState.READY and stored.checked_on != actor.today:
            _restart(stored)
    batch.refresh_from_db()
    return True


IMPORTED_ALREADY = _("This list was imported already; nothing was changed.")
CHANGED_MEANWHILE = _("This list has changed meanwhile. Please look at its rows once more.")


def _locked(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """The stored list of the actor, locked: decisions, corrections and imports wait until the transaction ends."""
    actor.require("import.run")
    rows = ImportBatch.objects.visible_to(actor.user).select_for_update(no_key=True)
    stored: ImportBatch | None = rows.filter(pk=batch.pk).first()
    if stored is None:
        raise NotOpen(CHANGED_MEANWHILE)
    return stored


def _locked_row(actor: Actor, batch: ImportBatch, row: ImportRow) -> ImportRow:
    """The stored row of a list that waits to be decided; the list is locked.

    Raises:
        NotOpen: the list was imported, thrown away or is checked anew; what was read before counts no more.
    """
    stored = _locked(actor, batch)
    if stored.state != ImportState.READY:
        raise NotOpen(CHANGED_MEANWHILE if stored.is_open else IMPORTED_ALREADY)
    found: ImportRow = stored.rows.get(pk=row.pk)
    return found


def _restart(batch: ImportBatch) -> None:
    batch.state = ImportState.CHECKING
    batch.checked_rows = 0
    batch.checked_on = None
    batch.save(update_fields=["mapping", "state", "checked_rows", "checked_on"])


# --- judging ------------------------------------------------------------------------------------------


def read_rows(batch: ImportBatch, rows: Iterable[ImportRow], today: datetime.date) -> list[ReadRow]:
    """The rows as the present mapping reads them."""
    mapping = mapping_of(batch)
    known = known_codes(today)
    return [read_row(row.cells, mapping, row.line, today, known) for row in rows]


def advance(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Judge the next portion of rows; after the last one the proposals are made and the list is ready.

    Safe to call twice at the same time: the portion is the same, and so is its result.
    """
    actor.require("import.run")
    with transaction.atomic():
        batch = ImportBatch.objects.visible_to(actor.user).select_for_update(no_key=True).get(pk=batch.pk)
        if batch.state != ImportState.CHECKING:
            return batch
        rows = list(batch.rows.order_by("position"))
        start = batch.checked_rows
        stop = min(start + PORTION, len(rows))
        read = read_rows(batch, rows[:stop], actor.today)
        found = duplicates_in_list(read, start, stop)
        in_files = duplicates_in_files(actor, read[start:stop], batch)
        for position in range(start, stop):
            findings = read[position].findings + in_files.get(position - start, ())
            _judge(rows[position], read[position], findings)
        for position, findings in found.items():
            _add(rows[position], findings)
        changed = [rows[position] for position in {*range(start, stop), *found}]
        save_rows(changed, JUDGED)
        batch.checked_rows = stop
        if stop == len(rows):
            _propose_all(rows, read, actor.today)
            batch.state = ImportState.READY
            batch.checked_on = actor.today
        batch.save(update_fields=["state", "checked_rows", "checked_on"])
    return batch


def _judge(row: ImportRow, read: ReadRow, findings: Iterable[Finding]) -> None:
    row.label = read.label[:40]
    row.family_key = read.values.family_key[:120]
    row.folded_surname = fold(read.values.surname)[:120]
    row.findings = [finding.as_json() for finding in findings]
    _mark(row)


def _add(row: ImportRow, findings: Iterable[Finding]) -> None:
    row.findings = row.findings + [finding.as_json() for finding in findings]
    _mark(row)


# Before the key of a suspect whose own row said it: the dismissal is that row's to take back.
HEARD = "heard:"


def _mark(row: ImportRow) -> None:
    levels = {finding["level"] for finding in row.findings}
    row.has_error = Level.ERROR in levels
    row.is_suspected = bool(_suspects(row) - {key.removeprefix(HEARD) for key in row.dismissed})
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


def _suspects(row: ImportRow) -> set[str]:
    return {Finding.from_json(stored).suspect for stored in row.findings} - {""}


FILED_CODES = (FindingCode.DUPLICATE_FILE, FindingCode.DUPLICATE_INBOX, FindingCode.DUPLICATE_COLLEAGUE)


def _is_filed(row: ImportRow, finding: Mapping[str, Any]) -> bool:
    """Whether a finding says that this very person has a file: the same list imported a second time."""
    if Finding.from_json(finding).suspect in row.dismissed:
        return False
    if finding["code"] == FindingCode.DUPLICATE_COLLEAGUE:
        return True
    return finding["code"] in FILED_CODES and SURE.issubset(finding["values"]["reasons"].split())


def _propose_all(rows: Sequence[ImportRow], read: Sequence[ReadRow], today: datetime.date) -> None:
    changed: list[ImportRow] = []
    alone = Finding(Level.HINT, FindingCode.MINOR_WITHOUT_FAMILY)
    filed = {row.position for row in rows if any(_is_filed(row, finding) for finding in row.findings)}
    for row, person, proposal in zip(rows, read, propose(read, today, filed), strict=True):
        kept = [finding for finding in row.findings if finding["code"] != alone.code]
        if stands_alone(person, proposal, today):
            kept = [*kept, alone.as_json()]
        new = (proposal.decision.value, proposal.head, kept)
        if new != (row.proposal, row.proposed_head, row.findings):
            row.proposal, row.proposed_head, row.findings = new
            _mark(row)
            changed.append(row)
    save_rows(changed, ["proposal", "proposed_head", "findings", "is_noted"])


# --- deciding ------------------------------------------------------------------------------------------


def decide(
    actor: Actor, batch: ImportBatch, row: ImportRow, decision: Decision, head: int | None = None
) -> ImportRow:
    """Set what becomes of a row.

    Args:
        actor: who acts, and when.
        decision: own file, relative or leave out.
        head: position of the person a relative belongs to.

    Raises:
        NotPossible: the row has an error, or the other row gets no own file.
        NotOpen: the list is not there to be decided any more.
    """
    with transaction.atomic():
        row = _locked_row(actor, batch, row)
        _check_decision(batch, row, decision, head)
        row.decision = decision.value
        row.head = head if decision is Decision.RELATIVE else None
        row.save(update_fields=["decision", "head"])
        # A file of their own in spite of a suspicion says that it is another person; anything else does not.
        _set_dismissed(batch, row, _suspects(row) if decision is Decision.OWN_FILE else set())
    return row


def _check_decision(batch: ImportBatch, row: ImportRow, decision: Decision, head: int | None) -> None:
    if row.has_error and decision is not Decision.LEAVE_OUT:
        raise NotPossible(_("This row has an error. Please correct it first, or leave it out."))
    if decision is Decision.RELATIVE:
        other = batch.rows.filter(position=head).exclude(pk=row.pk).first() if head is not None else None
        if other is None or other.current_decision != Decision.OWN_FILE:
            raise NotPossible(_("Please choose a person who gets an own file."))


def dismiss_duplicates(actor: Actor, batch: ImportBatch, row: ImportRow) -> ImportRow:
    """The person is none of the suspected ones and gets a file; the answer is kept when the list is imported.

    Raises:
        NotPossible: the row has an error.
        NotOpen: the list is not there to be decided any more.
    """
    with transaction.atomic():
        row = _locked_row(actor, batch, row)
        if row.current_decision == Decision.LEAVE_OUT:
            return decide(actor, batch, row, Decision.OWN_FILE)
        _set_dismissed(batch, row, _suspects(row))
    return row


def reopen(actor: Actor, batch: ImportBatch, row: ImportRow) -> ImportRow:
    """Take the dismissal back: the suspicion stands again, and with it what was proposed.

    Raises:
        NotOpen: the list is not there to be decided any more.
    """
    with transaction.atomic():
        row = _locked_row(actor, batch, row)
        row.decision, row.head = "", None
        row.save(update_fields=["decision", "head"])
        _take_back(batch, row)
    return row


def _set_dismissed(batch: ImportBatch, row: ImportRow, suspects: set[str]) -> None:
    """Write the dismissal this row gives, and its other half on the rows it is about; what those said stays."""
    heard = {key for key in row.dismissed if key.startswith(HEARD)}
    before, mine = set(row.dismissed) - heard, f"{HEARD}{ROW}{row.position}"
    if before == suspects:
        return
    positions = {int(key.removeprefix(ROW)) for key in before ^ suspects if key.startswith(ROW)}
    changed = list(batch.rows.select_for_update(no_key=True).filter(position__in=positions))
    for other in changed:
        half = {mine} if f"{ROW}{other.position}" in suspects else set()
        other.dismissed = sorted((set(other.dismissed) - {mine}) | half)
    row.dismissed = sorted(suspects | heard)
    _save_dismissed([row, *changed])


def _take_back(batch: ImportBatch, row: ImportRow) -> None:
    """Drop every dismissal about a row, whichever row gave it."""
    _set_dismissed(batch, row, set())
    told = {key.removeprefix(HEARD).removeprefix(ROW) for key in row.dismissed}
    givers = list(batch.rows.select_for_update(no_key=True).filter(position__in=[int(key) for key in told]))
    for giver in givers:
        giver.dismissed = [key for key in giver.dismissed if key != f"{ROW}{row.position}"]
    row.dismissed = []
    _save_dismissed([row, *givers])


def _save_dismissed(rows: Sequence[ImportRow]) -> None:
    for row in rows:
        _mark(row)
    save_rows(rows, ["dismissed", "is_suspected"])


def correct(actor: Actor, batch: ImportBatch, row: ImportRow, cells: Mapping[int, str]) -> ImportRow:
    """Replace cells of one row and judge it again, with the rows it may repeat and its family.

    Args:
        actor: who acts, and when.
        cells: new text by column; columns outside the table are left alone.

    Raises:
        NotOpen: the list is not there to be decided any more.
    """
    with transaction.atomic():
        row = _locked_row(actor, batch, row)
        rows = list(batch.rows.select_for_update(no_key=True).order_by("position"))
        row = rows[row.position]
        mapping = mapping_of(batch)
        before = read_rows(batch, [row], actor.today)[0].values.traits
        for column, text in cells.items():
            new = clean_cell(text)
            if (
                0 <= column < len(row.cells)
                and mapping[column] != TargetField.IGNORE
                and row.cells[column] != new
            ):
                row.cells = [*row.cells[:column], new, *row.cells[column + 1 :]]
                row.corrected = sorted({*row.corrected, column})
        read = read_rows(batch, rows, actor.today)
        changed = _forget_pairs(rows, row.position)
        findings = read[row.position].findings
        is_another = read[row.position].values.traits != before
        findings += duplicates_in_files(actor, [read[row.position]], batch, counts=is_another).get(0, ())
        _judge(row, read[row.position], findings)
        for position, pairs in duplicates_of_row(read, row.position).items():
            _add(rows[position], pairs)
            changed.add(position)
        row.decision, row.head = "", None
        row.save()
        save_rows([rows[position] for position in sorted(changed)], JUDGED)
        _propose_all(rows, read, actor.today)
    return row


def _forget_pairs(rows: Sequence[ImportRow], position: int) -> set[int]:
    """Drop what other rows say about a corrected one, dismissals included; returns their positions."""
    changed = set()
    rows[position].dismissed = []
    for row in rows:
        kept = [finding for finding in row.findings if finding["values"].get("position") != str(position)]
        told = [key for key in row.dismissed if key.removeprefix(HEARD) != f"{ROW}{position}"]
        if (kept, told) != (row.findings, row.dismissed):
            row.findings, row.dismissed = kept, told
            _mark(row)
            changed.add(row.position)
    return changed


@dataclass(frozen=True)
class Tally:
    """What would be imported if one pressed the button now."""

    rows: int
    own_files: int
    relatives: int
    left_out: int
    errors: int
    suspected: int
    noted: int

    @property
    def imported(self) -> int:
        return self.own_files + self.relatives


def tally(batch: ImportBatch) -> Tally:
    """The counts above the rows, from one query."""
    decisions: Counter[str] = Counter()
    errors = suspected = noted = 0
    marks = batch.rows.values_list("decision", "proposal", "has_error", "is_suspected", "is_noted")
    for decision, proposal, has_error, is_suspected, is_noted in marks:
        decisions[decision or proposal] += 1
        errors += has_error
        suspected += is_suspected
        noted += is_noted
    return Tally(
        rows=decisions.total(),
        own_files=decisions[Decision.OWN_FILE],
        relatives=decisions[Decision.RELATIVE],
        left_out=decisions[Decision.LEAVE_OUT],
        errors=errors,
        suspected=suspected,
        noted=noted,
    )
