"""The sheets of a workbook: every visible one is read, those alike are one list, and none is dropped unnamed."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from intake.importing.headers import TargetField, field_for_header, normalise_header
from intake.importing.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    NO_TABLE,
    Found,
    NoTableFound,
    SheetNote,
    SourceRow,
    Table,
    UnreadableTable,
    find_table,
)

MAX_MERGED = 20_000
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


@dataclass
class Layout:
    """What a sheet says about its rows besides their values.

    Attributes:
        hidden: numbers of rows that are not shown.
        merged: by their first row, column and last row of cells merged over several rows.
        unstored: by row, the first cell with a formula whose result is not in the file.
    """

    hidden: set[int] = field(default_factory=set)
    merged: defaultdict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    unstored: dict[int, str] = field(default_factory=dict)
    number: int = 0

    def merge(self, cells: str) -> None:
        """Note a range of merged cells; its value stands in its first column.

        Raises:
            UnreadableTable: more of them than any list has.
        """
        match = _RANGE.fullmatch(cells)
        if match is None:
            return
        column, first, last = _number(match[1]), int(match[2]), int(match[4])
        if last > first and column < MAX_COLUMNS:
            self.number += 1
            if self.number > MAX_MERGED:
                raise UnreadableTable(_("The workbook has too many merged cells. Please save it as CSV."))
            self.merged[first].append((column, last))


def _number(letters: str) -> int:
    """The position of a column: "A" is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


@dataclass(frozen=True)
class Sheet:
    """One sheet with the table found on it, or the reason why there is none."""

    name: str
    layout: Layout
    found: Found | None = None
    is_visible: bool = True
    fault: UnreadableTable | None = None


def read_sheet(name: str, layout: Layout, lines: Iterator[tuple[int, list[str]]]) -> Sheet:
    """Find the table on a sheet; what cannot be read of it is kept as its fault."""
    try:
        return Sheet(name, layout, find_table(_spread(lines, layout), widen=True))
    except UnreadableTable as fault:
        return Sheet(name, layout, fault=fault)


def _spread(lines: Iterator[tuple[int, list[str]]], layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """The lines with the values of merged cells in every row they cover that has something of its own."""
    open_cells: dict[int, tuple[int, str]] = {}
    for number, cells in lines:
        if any(cells):
            for column, (last, value) in open_cells.items():
                if number <= last and column < len(cells) and not cells[column]:
                    cells[column] = value
        open_cells = {column: cell for column, cell in open_cells.items() if cell[0] > number}
        for column, last in layout.merged.get(number, ()):
            if column < len(cells) and cells[column]:
                open_cells[column] = (last, cells[column])
        yield number, cells


def joined(sheets: Sequence[Sheet]) -> Table:
    """One table of all sheets that hold one; whose header names no surname is not chosen, unless none does.

    Raises:
        NoTableFound: on no visible sheet is a table.
        UnreadableTable: what is wrong with the only sheets there are.
    """
    with_table = [sheet for sheet in sheets if sheet.found is not None]
    if not with_table:
        raise next((sheet.fault for sheet in sheets if sheet.fault is not None), NoTableFound(NO_TABLE))
    best = max(with_table, key=_score)
    has_names = any(sheet.found.has_names for sheet in with_table if sheet.found)
    columns: dict[str, str] = {}
    notes: list[SheetNote] = []
    read: list[tuple[Sheet, Found, list[str]]] = []
    number = 0
    # The sheet with the most telling header gives the order of the columns.
    keys_by_sheet = {}
    for sheet in sorted(with_table, key=lambda sheet: sheet is not best):
        if sheet.found is None:
            continue
        keys = _column_keys(sheet.found.header)
        added = {key: cell for key, cell in zip(keys, sheet.found.header, strict=True) if key not in columns}
        if len(columns) + len(added) <= MAX_COLUMNS:
            columns |= added
            keys_by_sheet[id(sheet)] = keys
    for sheet in sheets:
        found = sheet.found
        if found is None or id(sheet) not in keys_by_sheet:
            notes.append(SheetNote(sheet.name, reason=_reason(sheet)))
            continue
        number += len(found.rows)
        if number > MAX_ROWS:
            number -= len(found.rows)
            reason = _("more than %(number)s rows together; please upload it by itself") % {
                "number": MAX_ROWS
            }
            notes.append(SheetNote(sheet.name, len(found.rows), reason=reason))
            continue
        hidden = sum(row.line in sheet.layout.hidden for row in found.rows)
        is_chosen = found.has_names if has_names else sheet is best
        notes.append(SheetNote(sheet.name, len(found.rows), hidden, is_chosen))
        read.append((sheet, found, keys_by_sheet[id(sheet)]))
    return _one_table(best, tuple(columns), columns, read, notes)


def _one_table(
    best: Sheet,
    keys: Sequence[str],
    columns: dict[str, str],
    read: Sequence[tuple[Sheet, Found, list[str]]],
    notes: Sequence[SheetNote],
) -> Table:
    rows: list[SourceRow] = []
    unstored: list[str] = []
    skipped = []
    places = {key: number for number, key in enumerate(keys)}
    for sheet, found, sheet_keys in read:
        skipped += [
            replace(line, text=f"{sheet.name}: {line.text}") if len(notes) > 1 and line.text else line
            for line in found.skipped
        ]
        for row in found.rows:
            cells = [""] * len(keys)
            for key, cell in zip(sheet_keys, row.cells, strict=True):
                cells[places[key]] = cell
            is_hidden = row.line in sheet.layout.hidden
            rows.append(SourceRow(row.line, tuple(cells), sheet.name, is_hidden))
            if row.line in sheet.layout.unstored:
                unstored.append(sheet.layout.unstored[row.line])
    header_line = best.found.header_line if best.found else 0
    return Table(
        tuple(columns.values()),
        header_line,
        tuple(rows),
        tuple(skipped),
        "xlsx",
        "",
        best.name,
        tuple(notes),
        tuple(unstored),
    )


def _score(sheet: Sheet) -> int:
    return sheet.found.score if sheet.found else 0


def _column_keys(header: Sequence[str]) -> list[str]:
    """What makes a column the same on another sheet: its field, else its name, else its position."""
    keys: list[str] = []
    for number, cell in enumerate(header):
        target = field_for_header(cell)
        key = (
            str(target)
            if target not in (None, TargetField.IGNORE)
            else normalise_header(cell) or f"#{number}"
        )
        count = sum(other.partition("/")[0] == key for other in keys)
        keys.append(f"{key}/{count}" if count else key)
    return keys


def _reason(sheet: Sheet) -> str:
    if not sheet.is_visible:
        return _("hidden in the workbook")
    if sheet.fault is not None:
        return str(sheet.fault.message)
    return _("no table") if sheet.found is None else _("other columns; please upload it by itself")
