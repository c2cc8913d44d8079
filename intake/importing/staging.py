"""The state of one import in the database: rows staged, columns named, thrown away.

Rows are judged in ``judging`` and decided in ``deciding``. Nothing here makes a file; that is one transaction in
``commit``.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Municipality
from accounts.records import create_once
from accounts.staff import managers_serving
from audit.recording import record
from clients.models import AccessSource, Country, House, SpokenLanguage
from intake import actions
from intake.choices import ImportState
from intake.importing import remember
from intake.importing.code_pages import judge_column, proposed_pages, repaired
from intake.importing.date_values import proposed_reading
from intake.importing.headers import TargetField
from intake.importing.houses import HouseBook, KnownHouse
from intake.importing.mapping import propose_mapping
from intake.importing.people import KnownCodes
from intake.importing.tables import SourceRow, Table, clean_cell
from intake.importing.values import name_key, plain
from intake.models import ImportBatch, ImportRow

KEEP_FOR = datetime.timedelta(days=30)


class NotPossible(ValueError):
    """A decision that contradicts the rows; ``message`` says why."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


class NotOpen(NotPossible):
    """The list is not there to be decided any more; nothing was written."""


def known_codes(municipality: Municipality, today: datetime.date) -> KnownCodes:
    """The codes of the value lists on a day, and the managers a list may name."""
    sources: dict[str, str] = {}
    for row in AccessSource.objects.valid_on(today):
        for name in (row.code, row.label_de, row.label_en):
            sources[plain(name)] = row.code
    return KnownCodes(
        countries=frozenset(row.code.lower() for row in Country.objects.valid_on(today)),
        languages=frozenset(row.code.lower() for row in SpokenLanguage.objects.valid_on(today)),
        sources=sources,
        managers=_named_managers(municipality, today),
        houses=HouseBook(
            KnownHouse(house.pk, **{name: house.address[name] for name in _OF_A_HOUSE})
            for house in House.objects.filter(municipality=municipality).on(today)
        ),
    )


_OF_A_HOUSE = ("name", "street", "postcode", "town", "quarter")


def _named_managers(municipality: Municipality, today: datetime.date) -> dict[str, str]:
    """User names of the municipality's managers by full name, user name, and surname where only one has it."""
    people = list(managers_serving([municipality.pk], today))
    surnames = Counter(name_key(person.last_name) for person in people)
    named: dict[str, str] = {}
    for person in people:
        surname = name_key(person.last_name)
        first = person.first_name[:1]
        ways = [f"{person.first_name} {person.last_name}", person.username]
        ways += [person.last_name, f"{first} {person.last_name}"] if surnames[surname] == 1 else []
        named |= {name_key(way): person.username for way in ways if name_key(way)}
    return named


def mapping_of(batch: ImportBatch) -> tuple[TargetField, ...]:
    """The mapping chosen for a batch."""
    return tuple(TargetField(field) for field in batch.mapping)


def readable(cells: Sequence[str], encodings: Sequence[str], corrected: Sequence[int] = ()) -> list[str]:
    """The cells of a row by the code page of their columns; what was typed on the screen is as it is."""
    pages = [*encodings, *[""] * (len(cells) - len(encodings))]
    return [
        clean_cell(cell if column in corrected else repaired(cell, pages[column]))
        for column, cell in enumerate(cells)
    ]


def readable_rows(batch: ImportBatch, rows: Iterable[ImportRow]) -> list[SourceRow]:
    """Rows as their columns are read now, for samples and examples."""
    return [
        SourceRow(row.line, tuple(readable(row.cells, batch.encodings, row.corrected)), row.sheet)
        for row in rows
    ]


def header_of(batch: ImportBatch) -> list[str]:
    """The names of the columns as they are read now."""
    pages = [judge_column([cell]) for cell in batch.header]
    return [
        clean_cell(repaired(cell, found.proposed if found else ""))
        for cell, found in zip(batch.header, pages, strict=True)
    ]


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
        batch.encodings = proposed_pages(
            [[row.cells[n] for row in table.rows] for n in range(len(table.header))]
        )
        batch.sheets = [asdict(note) for note in table.sheets]
        batch.unstored = list(table.unstored[:20])
        shown = replace(
            table,
            header=tuple(header_of(batch)),
            rows=tuple(replace(row, cells=tuple(readable(row.cells, batch.encodings))) for row in table.rows),
        )
        batch.mapping = [field.value for field in propose_mapping(shown)]
        batch.readings = [
            proposed_reading((row.cells[number] for row in shown.rows), since_1904=table.since_1904).value
            for number in range(len(table.header))
        ]
        remember.offer(actor.user, batch)
        batch.skipped = [
            {"line": line.line, "kind": line.kind.value, "text": line.text}
            for line in table.skipped
            if line.text
        ]
        chosen = {note.name for note in table.sheets if note.is_chosen}
        positions = count()
        rows = [
            ImportRow(
                position=next(positions) if _is_listed(row, chosen, bool(table.sheets), False) else None,
                line=row.line,
                sheet=row.sheet[:80],
                is_hidden=row.is_hidden,
                cells=list(row.cells),
            )
            for row in table.rows
        ]
        batch.total_rows = next(positions)
        create_once(batch)
        for row in rows:
            row.batch = batch
        ImportRow.objects.bulk_create(rows, batch_size=500)
        record(actor, actions.IMPORT_STARTED, kind="import", count=len(table.rows))
    return batch


def _is_listed(
    row: SourceRow | ImportRow, sheets: Collection[str], has_sheets: bool, with_hidden: bool
) -> bool:
    return (row.sheet in sheets or not has_sheets) and (with_hidden or not row.is_hidden)


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


@dataclass(frozen=True)
class Columns:
    """What was said about the columns of a list, in their order, and which of its rows are meant.

    Attributes:
        mapping: what each column means.
        encodings: its code page, "" where it is as it should be.
        readings: how its dates are read.
        sheets: names of the chosen sheets; None where there is no choice.
        with_hidden: also the rows a sheet does not show.
    """

    mapping: Sequence[TargetField]
    encodings: Sequence[str] = ()
    readings: Sequence[str] = ()
    sheets: Collection[str] | None = None
    with_hidden: bool = False


def choose_columns(actor: Actor, batch: ImportBatch, columns: Columns) -> ImportBatch:
    """Set what the columns mean and start checking; earlier decisions fall, because they were about other values.

    Raises:
        NotOpen: the list was imported or thrown away meanwhile.
        NotPossible: no row would be left.
    """
    with transaction.atomic():
        batch = _locked(actor, batch)
        if not batch.is_open:
            raise NotOpen(IMPORTED_ALREADY)
        batch.mapping = [field.value for field in columns.mapping]
        batch.encodings = list(columns.encodings) or batch.encodings
        batch.readings = list(columns.readings) or batch.readings
        if columns.sheets is not None:
            batch.sheets = [
                {**note, "is_chosen": note["name"] in columns.sheets and not note["reason"]}
                for note in batch.sheets
            ]
        _list_rows(batch, columns.with_hidden)
        batch.rows.update(decision="", head=None, dismissed=[])
        _restart(batch)
        remember.keep(actor.user, batch, actor.today)
    return batch


def _list_rows(batch: ImportBatch, with_hidden: bool) -> None:
    """Give positions to the rows of the chosen sheets and set the others aside."""
    rows = list(batch.rows.order_by("pk").only("batch", "position", "sheet", "is_hidden"))
    chosen = {note["name"][:80] for note in batch.sheets if note["is_chosen"]}
    listed = [row for row in rows if _is_listed(row, chosen, bool(batch.sheets), with_hidden)]
    if not listed:
        raise NotPossible(_("Please choose at least one sheet with rows."))
    batch.with_hidden = with_hidden
    if [row.pk for row in listed] == [row.pk for row in rows if row.position is not None]:
        return
    batch.rows.update(position=None)
    for position, row in enumerate(listed):
        row.position = position
    ImportRow.objects.bulk_update(listed, ["position"], batch_size=500)
    batch.total_rows = len(listed)


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


def list_again(batch: ImportBatch) -> None:
    """Show the rows of a list once more, with what was decided about them; they are judged anew.

    Rows that were taken up into another list have left gaps, over which no row may point.
    """
    rows = list(batch.listed)
    places = {row.place: place for place, row in enumerate(rows)}
    if list(places) != list(places.values()):
        batch.rows.update(position=None)
        for row in rows:
            row.position = places[row.place]
            row.head = places.get(row.head) if row.head is not None else None
            row.dismissed = []
        ImportRow.objects.bulk_update(rows, ["position", "head", "dismissed"], batch_size=500)
    batch.total_rows = len(rows)
    _restart(batch)


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


def locked_row(actor: Actor, batch: ImportBatch, row: ImportRow) -> ImportRow:
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
    batch.save(
        update_fields=[
            "mapping",
            "encodings",
            "readings",
            "sheets",
            "with_hidden",
            "total_rows",
            "state",
            "checked_rows",
            "checked_on",
        ]
    )
