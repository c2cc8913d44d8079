"""One table of text cells, and how it is found among the lines of a file: below titles, above totals."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.importing.header_lines import HEADER_SEARCH_LINES, header_place, is_header_again
from intake.importing.headers import TargetField, field_for_header, is_known_header, normalise_header

MAX_ROWS = 5_000
MAX_LINES = 50_000
MAX_COLUMNS = 60
MAX_CELL = 500
# As many characters as the largest text file has bytes; a workbook can repeat one string in every cell.
MAX_TEXT = 10 * 1024 * 1024

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
    OTHER_TABLE = "other_table"


@dataclass(frozen=True)
class SkippedLine:
    """A line that is no row of the table. ``line`` counts from 1 as an editor or spreadsheet shows it."""

    line: int
    kind: LineKind
    text: str


@dataclass(frozen=True)
class SourceRow:
    """A row as it stands in the file; ``is_hidden`` where the workbook does not show it."""

    line: int
    cells: tuple[str, ...]
    sheet: str = ""
    is_hidden: bool = False


@dataclass(frozen=True)
class SheetNote:
    """What became of one sheet of a workbook; ``reason`` says why nothing of it was read."""

    name: str
    rows: int = 0
    hidden_rows: int = 0
    is_chosen: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Table:
    """One table of text cells; every row is as wide as the header.

    Cells keep the signs of a wrong encoding until somebody decided about their column (``code_pages``). ``unstored``
    names cells with a formula whose result is not stored in the file.
    """

    header: tuple[str, ...]
    header_line: int
    rows: tuple[SourceRow, ...]
    skipped: tuple[SkippedLine, ...]
    encoding: str
    separator: str
    sheet: str
    sheets: tuple[SheetNote, ...] = ()
    unstored: tuple[str, ...] = ()
    since_1904: bool = False


_DROPPED = dict.fromkeys(
    [*range(0x200B, 0x200C), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
# Bytes of other code pages look like these; they are judged per column before they may go.
_LINE_SIGNS = re.compile(r"[\x00-\x20\x7f\u2000-\u200a\u2028\u2029\u202f\u3000]+")
_TOTAL = re.compile(
    r"^(gesamt(zahl|summe|anzahl)?|(zwischen)?summe|total|insgesamt|anzahl|zusammen)\b", re.IGNORECASE
)
_NOTE = re.compile(r"[\d:©]")
# What is said about the columns below their names: "(TT.MM.JJJJ)", "Pflichtfeld".
_ABOUT_COLUMN = re.compile(
    r"\(.*\)|[tdmjy]{1,4}([./-][tmdjy]{1,4}){1,2}|pflicht(feld|angabe)?|optional", re.IGNORECASE
)
# What spreadsheets write where there is no value, in German and English.
_NO_VALUE = re.compile(
    r"#(n/a|n/v|nv|ref!|bezug!|value!|wert!|div/0!|name\?|num!|zahl!|null!|spill!|überlauf!|calc!|kalk!|getting_data)|n/a",
    re.IGNORECASE,
)
_AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
# Letters as web pages write them: "M&uuml;ller".
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[\da-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
# A text that is to stay one: before a number or a sign. Before a letter it may belong to the name.
_GUARD = re.compile(r"['’‘`](?=[\d=+\-@(])")


def clean_cell(value: str) -> str:
    """One line of visible text: composed Unicode, no control or direction characters, single blanks."""
    return _CONTROLS.sub(" ", unicodedata.normalize("NFC", value).translate(_DROPPED)).strip()


def staged_cell(value: str) -> str:
    """A cell as it is staged: on one line, without what only protects it, empty where the file says "#N/A"."""
    text = _LINE_SIGNS.sub(" ", unicodedata.normalize("NFC", value).translate(_DROPPED)).strip(" ")
    if match := _AS_FORMULA.fullmatch(text):
        text = match[1].replace('""', '"').strip(" ")
    text = _GUARD.sub("", text, count=1) if _GUARD.match(text) else text
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return "" if not clean_cell(text) or _NO_VALUE.fullmatch(text) else text


@dataclass(frozen=True)
class Found:
    header: tuple[str, ...]
    header_line: int
    rows: tuple[SourceRow, ...]
    skipped: tuple[SkippedLine, ...]
    score: int

    def table(self, *, encoding: str, separator: str, sheet: str = "") -> Table:
        return Table(self.header, self.header_line, self.rows, self.skipped, encoding, separator, sheet)

    @property
    def has_names(self) -> bool:
        """Whether a column is named as the one with the surnames."""
        fields = {field_for_header(cell) for cell in self.header}
        return bool(fields & {TargetField.SURNAME, TargetField.FULL_NAME})


def find_table(lines: Iterator[tuple[int, list[str]]], *, widen: bool) -> Found | None:
    """The table in these lines, or None. Known column names find the header; otherwise its shape must.

    ``widen`` accepts cells right of the header as unnamed columns: normal in a spreadsheet, but in a text
    file a separator too many would push every value into the wrong column.
    """
    raw, long, widths = _judged(lines)
    if all(len(row) < 2 for _number, row in raw[:HEADER_SEARCH_LINES]):
        # One column has no header: this was not the separator, or there is no table.
        return None
    cleaned = [(number, [staged_cell(cell) for cell in cells]) for number, cells in raw]
    for _number, row in cleaned:
        while row and not row[-1]:
            row.pop()
    place = header_place([row for _number, row in cleaned])
    if place is None:
        return None
    position, header_cells = place.last, list(place.cells)
    header_line = cleaned[place.first][0]
    names = {tuple(cleaned[index][1]) for index in range(place.first, place.last + 1)}
    width = longest = max(len(row) for _number, row in cleaned[position:])
    if not widen:
        # A header that ends with separators has columns without a name.
        width = max(len(header_cells), min(widths[cleaned[position][0]], longest))
    header = tuple(header_cells) + ("",) * (width - len(header_cells))
    skipped: list[SkippedLine] = []
    rows: list[SourceRow] = []
    order: Sequence[int] | None = range(width)
    for index, (number, row) in enumerate(cleaned):
        if place.first <= index <= position:
            continue
        kind = LineKind.TITLE if index < position and any(row) else _line_kind(row, header, names)
        if kind is None and index == position + 1 and is_header_again(row, 1):
            # A further line of the names above it that says nothing new.
            kind = LineKind.REPEATED_HEADER
        elif kind is LineKind.REPEATED_HEADER:
            order = range(width)
        elif kind is None and index > position and is_header_again(row):
            # Another table below: with the same columns in another order it goes on, else it is no part of the list.
            order = _order(row, header)
            kind = LineKind.REPEATED_HEADER if order is not None else LineKind.OTHER_TABLE
        if order is None and any(row):
            kind = LineKind.OTHER_TABLE
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
        rows.append(SourceRow(number, _in_order(row, order or range(width), width)))
    if not rows:
        return None
    if len(rows) > MAX_ROWS:
        raise too_many_lines()
    rows = _without_guards(rows, width)
    known = sum(1 for cell in header if is_known_header(cell))
    return Found(header, header_line, tuple(rows), tuple(skipped), known * 100 + width)


def _order(again: Sequence[str], header: Sequence[str]) -> list[int] | None:
    """At which columns the cells below another header belong; None where it names columns the first did not."""
    names = [normalise_header(cell) for cell in header]
    wanted = [normalise_header(cell) for cell in again]
    known = all(not name or name in names for name in wanted)
    return [names.index(name) if name else -1 for name in wanted] if known else None


def _in_order(row: Sequence[str], order: Sequence[int], width: int) -> tuple[str, ...]:
    cells = [""] * width
    for place, cell in zip(order, row, strict=False):
        if place >= 0:
            cells[place] = cell
    return tuple(cells)


def _judged(
    lines: Iterator[tuple[int, list[str]]],
) -> tuple[list[tuple[int, list[str]]], set[int], dict[int, int]]:
    """The lines of the file, the numbers of lines with a text too long for a cell, and how wide each was written.

    Everything is counted before anything is cleaned: composing Unicode costs time by the square of a text.

    Raises:
        UnreadableTable: more lines, columns or text than a list may have.
    """
    judged: list[tuple[int, list[str]]] = []
    long: set[int] = set()
    widths: dict[int, int] = {}
    filled = text = 0
    for number, cells in lines:
        row = [cell.strip(" \t\r\n\v\f") for cell in cells]
        widths[number] = len(row)
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
    return judged, long, widths


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


def _without_guards(rows: list[SourceRow], width: int) -> list[SourceRow]:
    """Columns in which every text begins with an apostrophe lose it: nobody's names all begin with one."""
    guarded = []
    for column in range(width):
        filled = [row.cells[column] for row in rows if row.cells[column]]
        # A number lost its apostrophe already.
        texts = [cell for cell in filled if not cell[0].isdigit()]
        if len(texts) > 1 and all(cell.startswith("'") for cell in texts):
            guarded.append(column)
    if not guarded:
        return rows
    return [
        replace(
            row,
            cells=tuple(
                cell.removeprefix("'").strip() if column in guarded else cell
                for column, cell in enumerate(row.cells)
            ),
        )
        for row in rows
    ]


def _line_kind(row: Sequence[str], header: Sequence[str], names: Set[tuple[str, ...]]) -> LineKind | None:
    filled = [cell for cell in row if cell]
    if not filled:
        return LineKind.EMPTY
    if tuple(row) == tuple(header)[: len(row)] or tuple(row) in names or _is_about_columns(filled):
        return LineKind.REPEATED_HEADER
    if len(header) > 3 and len(filled) <= 3 and any(_TOTAL.match(cell) for cell in filled):
        return LineKind.TOTAL
    if len(header) > 3 and len(filled) == 1 and _NOTE.search(filled[0]):
        return LineKind.NOTE
    return None


def _is_about_columns(filled: Sequence[str]) -> bool:
    """Whether a line numbers the columns ("1 2 3 4"), or says how they are to be filled in."""
    numbers = [cell.strip("().") for cell in filled]
    first = int(numbers[0]) if numbers[0].isdecimal() and len(numbers[0]) < 3 else 0
    is_counted = len(filled) > 3 and numbers == [str(first + place) for place in range(len(numbers))]
    return is_counted or all(_ABOUT_COLUMN.fullmatch(cell) for cell in filled)
