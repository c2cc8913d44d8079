"""One table of text cells, and how it is found among the lines of a file: below titles, above totals."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.importing.headers import is_known_header, normalise_header

MAX_ROWS = 5_000
MAX_LINES = 50_000
MAX_COLUMNS = 60
MAX_CELL = 500
# As many characters as the largest text file has bytes; a workbook can repeat one string in every cell.
MAX_TEXT = 10 * 1024 * 1024
HEADER_SEARCH_LINES = 40

NO_TABLE = _(
    "No table was found in this file. Expected is a row with column names (such as name, date of birth) "
    "and below it one line per person."
)


class UnreadableTable(ValueError):
    """The file cannot be read; ``message`` says why in words for the person who uploaded it."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class NoTableFound(UnreadableTable):
    """The file can be read, but no header row with rows below it is in it."""


class LineKind(StrEnum):
    TITLE = "title"
    TOTAL = "total"
    NOTE = "note"
    REPEATED_HEADER = "repeated_header"
    EMPTY = "empty"


@dataclass(frozen=True)
class SkippedLine:
    """A line that is no row of the table. ``line`` counts from 1 as an editor or spreadsheet shows it."""

    line: int
    kind: LineKind
    text: str


@dataclass(frozen=True)
class SourceRow:
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table of text cells; every row is as wide as the header."""

    header: tuple[str, ...]
    header_line: int
    rows: tuple[SourceRow, ...]
    skipped: tuple[SkippedLine, ...]
    encoding: str
    separator: str
    sheet: str


_DROPPED = dict.fromkeys(
    [*range(0x200B, 0x200C), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_TOTAL = re.compile(r"^(gesamt|summe|total|insgesamt|anzahl|zusammen)", re.IGNORECASE)
_NOTE = re.compile(r"[\d:©]")


def clean_cell(value: str) -> str:
    """One line of visible text: composed Unicode, no control or direction characters, single blanks."""
    return _CONTROLS.sub(" ", unicodedata.normalize("NFC", value).translate(_DROPPED)).strip()


@dataclass(frozen=True)
class Found:
    header: tuple[str, ...]
    header_line: int
    rows: tuple[SourceRow, ...]
    skipped: tuple[SkippedLine, ...]
    score: int

    def table(self, *, encoding: str, separator: str, sheet: str = "") -> Table:
        return Table(self.header, self.header_line, self.rows, self.skipped, encoding, separator, sheet)


def find_table(lines: Iterator[tuple[int, list[str]]], *, widen: bool) -> Found | None:
    """The table in these lines, or None. Known column names find the header; otherwise its shape must.

    ``widen`` accepts cells right of the header as unnamed columns: normal in a spreadsheet, but in a text
    file a separator too many would push every value into the wrong column.
    """
    raw, long = _judged(lines)
    if all(len(row) < 2 for _number, row in raw[:HEADER_SEARCH_LINES]):
        # One column has no header: this was not the separator, or there is no table.
        return None
    cleaned = [(number, [clean_cell(cell) for cell in cells]) for number, cells in raw]
    for _number, row in cleaned:
        while row and not row[-1]:
            row.pop()
    position = _header_position([row for _number, row in cleaned])
    if position is None:
        return None
    header_line, header_cells = cleaned[position]
    width = max(len(row) for _number, row in cleaned[position:]) if widen else len(header_cells)
    header = tuple(header_cells) + ("",) * (width - len(header_cells))
    skipped: list[SkippedLine] = []
    rows: list[SourceRow] = []
    for index, (number, row) in enumerate(cleaned):
        if index == position:
            continue
        kind = LineKind.TITLE if index < position and any(row) else _line_kind(row, header)
        if kind is not None:
            skipped.append(SkippedLine(number, kind, " ".join(cell for cell in row if cell)[:MAX_CELL]))
            continue
        if len(row) > width:
            raise UnreadableTable(
                _("Line %(line)s has more columns than the header. Is a separator inside a text there?")
                % {"line": number}
            )
        if number in long:
            raise too_long(number)
        rows.append(SourceRow(number, tuple(row) + ("",) * (width - len(row))))
    if not rows:
        return None
    if len(rows) > MAX_ROWS:
        raise too_many_lines()
    known = sum(1 for cell in header if is_known_header(cell))
    return Found(header, header_line, tuple(rows), tuple(skipped), known * 100 + width)


def _judged(lines: Iterator[tuple[int, list[str]]]) -> tuple[list[tuple[int, list[str]]], set[int]]:
    """The lines of the file, and the numbers of lines with a text too long for a cell.

    Everything is counted before anything is cleaned: composing Unicode costs time by the square of a text.

    Raises:
        UnreadableTable: more lines, columns or text than a list may have.
    """
    judged: list[tuple[int, list[str]]] = []
    long: set[int] = set()
    filled = text = 0
    for number, cells in lines:
        row = [cell.strip() for cell in cells]
        while row and not row[-1]:
            row.pop()
        if len(row) > MAX_COLUMNS:
            raise UnreadableTable(_("The table has more than %(number)s columns.") % {"number": MAX_COLUMNS})
        filled += bool(row)
        if filled > MAX_ROWS + HEADER_SEARCH_LINES or number > MAX_LINES:
            raise too_many_lines()
        text += sum(map(len, row))
        if text > MAX_TEXT:
            raise UnreadableTable(
                _(
                    "The list holds more than 10 million characters. Please keep only the columns that are needed."
                )
            )
        if any(len(cell) > MAX_CELL for cell in row):
            # A paragraph above or below the table stands alone in its line.
            if sum(map(bool, row)) > 1:
                raise too_long(number)
            long.add(number)
            row = [cell[:MAX_CELL] for cell in row]
        judged.append((number, row))
    return judged, long


def too_long(line: int) -> UnreadableTable:
    """The refusal of one cell."""
    return UnreadableTable(
        _("A cell in line %(line)s is longer than %(number)s characters.")
        % {"line": line, "number": MAX_CELL}
    )


def too_many_lines() -> UnreadableTable:
    """The refusal of a list that must come in parts."""
    return UnreadableTable(
        _("The list has more than %(number)s lines. Please split it.") % {"number": MAX_ROWS}
    )


def _header_position(rows: Sequence[Sequence[str]]) -> int | None:
    best: tuple[int, int] | None = None
    candidates = rows[:HEADER_SEARCH_LINES]
    for index, row in enumerate(candidates):
        known = sum(1 for cell in row if is_known_header(cell))
        if known >= 2 and (best is None or known > best[0]):
            best = (known, index)
    if best is not None:
        return best[1]
    for index, row in enumerate(candidates):
        below = [other for other in rows[index + 1 :] if other]
        if _is_plausible_header(row) and below:
            fitting = sum(1 for other in below if len(row) // 2 < len(other) <= len(row))
            return index if fitting * 10 >= len(below) * 6 else None
    return None


def _is_plausible_header(row: Sequence[str]) -> bool:
    names = [normalise_header(cell) for cell in row]
    return (
        len(row) >= 3
        and all(names)
        and len(set(names)) == len(names)
        and all(len(cell) <= 40 and not any(char.isdigit() for char in cell) for cell in row)
    )


def _line_kind(row: Sequence[str], header: Sequence[str]) -> LineKind | None:
    filled = [cell for cell in row if cell]
    if not filled:
        return LineKind.EMPTY
    if tuple(row) == tuple(header)[: len(row)]:
        return LineKind.REPEATED_HEADER
    if len(header) > 3 and len(filled) <= 3 and any(_TOTAL.match(cell) for cell in filled):
        return LineKind.TOTAL
    if len(header) > 3 and len(filled) == 1 and _NOTE.search(filled[0]):
        return LineKind.NOTE
    return None
