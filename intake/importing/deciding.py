"""What becomes of each row: decided, told apart, corrected, and counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from intake.importing.checks import Decision, duplicates_of_row
from intake.importing.filed import duplicates_in_files
from intake.importing.findings import ROW
from intake.importing.headers import TargetField
from intake.importing.judging import (
    HEARD,
    JUDGED,
    add_findings,
    judge,
    mark,
    propose_all,
    read_rows,
    save_rows,
    suspects_of,
)
from intake.importing.staging import NotPossible, locked_row, mapping_of, readable
from intake.importing.tables import clean_cell
from intake.models import ImportBatch, ImportRow


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
        row = locked_row(actor, batch, row)
        _check_decision(batch, row, decision, head)
        row.decision = decision.value
        row.head = head if decision is Decision.RELATIVE else None
        row.save(update_fields=["decision", "head"])
        # A file of their own in spite of a suspicion says that it is another person; anything else does not.
        _set_dismissed(batch, row, suspects_of(row) if decision is Decision.OWN_FILE else set())
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
        row = locked_row(actor, batch, row)
        if row.current_decision == Decision.LEAVE_OUT:
            return decide(actor, batch, row, Decision.OWN_FILE)
        _set_dismissed(batch, row, suspects_of(row))
    return row


def reopen(actor: Actor, batch: ImportBatch, row: ImportRow) -> ImportRow:
    """Take the dismissal back: the suspicion stands again, and with it what was proposed.

    Raises:
        NotOpen: the list is not there to be decided any more.
    """
    with transaction.atomic():
        row = locked_row(actor, batch, row)
        row.decision, row.head = "", None
        row.save(update_fields=["decision", "head"])
        _take_back(batch, row)
    return row


def _set_dismissed(batch: ImportBatch, row: ImportRow, suspects: set[str]) -> None:
    """Write the dismissal this row gives, and its other half on the rows it is about; what those said stays."""
    heard = {key for key in row.dismissed if key.startswith(HEARD)}
    before, mine = set(row.dismissed) - heard, f"{HEARD}{ROW}{row.place}"
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
        giver.dismissed = [key for key in giver.dismissed if key != f"{ROW}{row.place}"]
    row.dismissed = []
    _save_dismissed([row, *givers])


def _save_dismissed(rows: Sequence[ImportRow]) -> None:
    for row in rows:
        mark(row)
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
        row = locked_row(actor, batch, row)
        rows = list(batch.listed.select_for_update(no_key=True))
        row = rows[row.place]
        mapping = mapping_of(batch)
        before = read_rows(batch, [row], actor.today)[0].values.traits
        shown = readable(row.cells, batch.encodings, row.corrected)
        for column, text in cells.items():
            new = clean_cell(text)
            if (
                0 <= column < len(row.cells)
                and mapping[column] != TargetField.IGNORE
                and shown[column] != new
            ):
                row.cells = [*row.cells[:column], new, *row.cells[column + 1 :]]
                row.corrected = sorted({*row.corrected, column})
        read = read_rows(batch, rows, actor.today)
        changed = _forget_pairs(rows, row.place)
        findings = read[row.place].findings
        is_another = read[row.place].values.traits != before
        findings += duplicates_in_files(actor, [read[row.place]], batch, counts=is_another).get(0, ())
        judge(row, read[row.place], findings)
        for position, pairs in duplicates_of_row(read, row.place).items():
            add_findings(rows[position], pairs)
            changed.add(position)
        row.decision, row.head = "", None
        row.save()
        save_rows([rows[position] for position in sorted(changed)], JUDGED)
        propose_all(rows, read, actor.today)
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
            mark(row)
            changed.add(row.place)
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
    marks = batch.listed.values_list("decision", "proposal", "has_error", "is_suspected", "is_noted")
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
