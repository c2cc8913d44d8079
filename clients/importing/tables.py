"""Read a CSV or XLSX file of unknown make into one table of text cells.

Offices send what their software exports: title lines above the header, total lines below, Windows-1252 or
UTF-16, semicolons or tabs. Nothing here interprets a value; a formula stays the text it is. Limits follow
the upload rules of the security concept: 10 MB, at most 1,000 entries, 100 MB unpacked and a ratio of 100
for zip-based files.
"""

import codecs
import csv
import datetime
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.etree.ElementTree import ParseError

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from clients.importing.headers import is_known_header, normalise_header

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000
MAX_LINES = 50_000
MAX_COLUMNS = 60
MAX_CELL = 500
MAX_ZIP_ENTRIES = 1_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
HEADER_SEARCH_LINES = 40
SEPARATORS = (";", ",", "\t", "|")

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_MAGICS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)

# What a stranger's workbook can make the reader raise; the file is wrong then, never the program.
BROKEN_WORKBOOK = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    OSError,
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

    def _lines(self, kind: LineKind) -> tuple[str, ...]:
        return tuple(line.text for line in self.skipped if line.kind is kind)

    @property
    def title_lines(self) -> tuple[str, ...]:
        return self._lines(LineKind.TITLE)

    @property
    def total_lines(self) -> tuple[str, ...]:
        return self._lines(LineKind.TOTAL)

    @property
    def empty_lines(self) -> int:
        return len(self._lines(LineKind.EMPTY))


def read_table(data: bytes, filename: str) -> Table:
    """Read the table out of an uploaded file.

    Args:
        data: the whole file.
        filename: its name as uploaded; only the extension is used.

    Raises:
        NoTableFound: readable, but without a header row and rows.
        UnreadableTable: wrong kind, too large, wrong encoding, damaged or hostile file.
    """
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    if len(data) > MAX_BYTES:
        raise UnreadableTable(_("The file is larger than 10 MB."))
    if not data.strip():
        raise UnreadableTable(_("The file is empty."))
    if extension == "xlsx":
        return _read_workbook(data)
    if extension in ("csv", "txt", "tsv"):
        return _read_text(data)
    if extension in ("xls", "xlsm", "xlsb", "ods"):
        raise UnreadableTable(
            _(
                "This kind of spreadsheet cannot be read. Please save it as “Excel workbook (.xlsx)” or as "
                "CSV."
            )
        )
    raise UnreadableTable(_("Only lists as CSV or Excel (.xlsx) can be imported."))


# --- text files -----------------------------------------------------------------------------------


def _read_text(data: bytes) -> Table:
    if data.startswith((ZIP_MAGIC, OLE_MAGIC, *OTHER_MAGICS)):
        raise UnreadableTable(_("The file is not a text list, although its name says so. Was it renamed?"))
    text, encoding = decode(data)
    best: tuple[_Found, str] | None = None
    refused: UnreadableTable | None = None
    for separator in SEPARATORS:
        try:
            found = _find_table(_csv_lines(text, separator), widen=False)
        except UnreadableTable as error:
            refused = refused or error
            continue
        if found is not None and (best is None or found.score > best[0].score):
            best = (found, separator)
    if best is None:
        if refused is not None:
            raise refused
        # A quote that is never closed swallows the header together with the rest: say that instead of "no
        # table".
        _refuse_open_quote(text)
        raise NoTableFound(
            _("No table was found in this file. Expected is a row with column names (such as name, date of "
              "birth) "
              "and below it one line per person.")
        )  # fmt: skip
    return best[0].table(encoding=encoding, separator=best[1])


def decode(data: bytes) -> tuple[str, str]:
    """Decode a text file whose encoding nobody knows; returns the text and the encoding's name.

    Raises:
        UnreadableTable: binary content, or an encoding that would turn names into nonsense.
    """
    text, encoding = _decode_bytes(data)
    if "\x00" in text:
        raise UnreadableTable(_("The file contains zero bytes and is no text list."))
    if _looks_mangled(text, encoding):
        raise UnreadableTable(
            _("The character encoding of this file is not recognised: umlauts would become wrong letters. "
              "Please save the list as “CSV UTF-8” or as .xlsx.")
        )  # fmt: skip
    return text, encoding


def _decode_bytes(data: bytes) -> tuple[str, str]:
    try:
        if data.startswith(codecs.BOM_UTF8):
            return data.decode("utf-8-sig"), "utf-8-sig"
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), "utf-16"
        sample = data[:4096]
        if sample.count(0) > len(sample) // 4:
            little = sample[1::2].count(0) > sample[::2].count(0)
            name = "utf-16-le" if little else "utf-16-be"
            return data.decode(name), name
    except UnicodeDecodeError as error:
        raise UnreadableTable(
            _("The file is damaged: its character encoding breaks off in the middle.")
        ) from error
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as error:
        raise UnreadableTable(
            _("The character encoding of this file is not recognised: umlauts would become wrong letters. "
              "Please save the list as “CSV UTF-8” or as .xlsx.")
        ) from error  # fmt: skip


_DOUBLE_ENCODED = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]")
# DOS code pages put umlauts where Windows-1252 has quotes and signs, so these stand between letters.
_SIGN_INSIDE_WORD = re.compile(r"[A-Za-z][„”“™‰ˆ†‡•¤¢£¥¬¶±][a-z]")


def _looks_mangled(text: str, encoding: str) -> bool:
    if _DOUBLE_ENCODED.search(text) or "\ufffd" in text:
        return True
    if encoding != "cp1252":
        return False
    if _SIGN_INSIDE_WORD.search(text):
        return True
    letters = [char for char in text if char.isalpha()]
    foreign = sum(1 for char in letters if char > "\x7f")
    # Latin text in Windows-1252 has a few accented letters; Cyrillic or Arabic read as such has little else.
    return foreign > 20 and foreign > len(letters) * 0.3


def _csv_lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableTable(
                _("Line %(line)s cannot be read. Is a quotation mark missing there?") % {"line": line}
            ) from error
        if any(cell.count("\n") > 20 for cell in cells):
            return
        yield line, cells
        line = reader.line_num + 1


def _refuse_open_quote(text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count('"') % 2:
            raise UnreadableTable(
                _("Line %(line)s cannot be read. Is a quotation mark missing there?") % {"line": number}
            )


# --- workbooks ------------------------------------------------------------------------------------


def _read_workbook(data: bytes) -> Table:
    if data.startswith(OLE_MAGIC):
        raise UnreadableTable(
            _("The workbook is in the old Excel format or protected by a password. Please save it as .xlsx "
              "without a password.")
        )  # fmt: skip
    if not data.startswith(ZIP_MAGIC):
        raise UnreadableTable(
            _("The file is not an Excel workbook, although its name says so. Was it renamed?")
        )
    try:
        check_archive(data)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            best: tuple[_Found, str] | None = None
            for sheet in workbook.worksheets:
                if sheet.sheet_state != "visible":
                    continue
                sheet.reset_dimensions()
                lines = _sheet_lines(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True))
                found = _find_table(lines, widen=True)
                if found is not None and (best is None or found.score > best[0].score):
                    best = (found, sheet.title)
        finally:
            workbook.close()
    except UnreadableTable:
        raise
    except BROKEN_WORKBOOK as error:
        raise UnreadableTable(_("The workbook is damaged and cannot be opened.")) from error
    if best is None:
        raise NoTableFound(
            _("No table was found in this file. Expected is a row with column names (such as name, date of "
              "birth) "
              "and below it one line per person.")
        )  # fmt: skip
    return best[0].table(encoding="xlsx", separator="", sheet=best[1])


def check_archive(data: bytes) -> None:
    """Refuse a zip-based file that would unpack into something hostile; reads the directory only.

    Raises:
        UnreadableTable: too many entries, too large unpacked, too high a ratio, archives inside, or XML with
            document types (entity expansion).
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries) or 1
        if len(entries) > MAX_ZIP_ENTRIES or unpacked > MAX_UNPACKED or unpacked / packed > MAX_RATIO:
            raise UnreadableTable(_("The workbook unpacks to more than is allowed and was not opened."))
        names = {entry.filename for entry in entries}
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise UnreadableTable(
                _("The file is not an Excel workbook, although its name says so. Was it renamed?")
            )
        for entry in entries:
            if entry.flag_bits & 0x1:
                raise UnreadableTable(
                    _("The workbook is in the old Excel format or protected by a password. Please save it "
                      "as .xlsx "
                      "without a password.")
                )  # fmt: skip
            if entry.filename.lower().endswith((".zip", ".xlsx", ".xlsm", ".docx", ".bin", ".ole")) and (
                "embeddings" in entry.filename or "vba" in entry.filename.lower()
            ):
                raise UnreadableTable(_("The workbook contains embedded files or macros and was not opened."))
            if entry.filename.lower().endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    start = part.read(2048)
                if b"<!DOCTYPE" in start or b"<!ENTITY" in start or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise UnreadableTable(_("The workbook is damaged and cannot be opened."))


def _sheet_lines(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=1):
        yield number, [_cell_text(value) for value in row]


def _cell_text(value: object) -> str:
    """A cell as text: dates in ISO form, whole numbers without decimals, formulas as they are written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # Array formulas come as objects that carry their text.
    return str(getattr(value, "text", value))


# --- finding the table among the lines ------------------------------------------------------------

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
class _Found:
    header: tuple[str, ...]
    header_line: int
    rows: tuple[SourceRow, ...]
    skipped: tuple[SkippedLine, ...]
    score: int

    def table(self, *, encoding: str, separator: str, sheet: str = "") -> Table:
        return Table(self.header, self.header_line, self.rows, self.skipped, encoding, separator, sheet)


def _find_table(lines: Iterator[tuple[int, list[str]]], *, widen: bool) -> _Found | None:
    """The table in these lines, or None. Known column names find the header; otherwise its shape must.

    ``widen`` accepts cells right of the header as unnamed columns: normal in a spreadsheet, but in a text
    file a separator too many would push every value into the wrong column.
    """
    cleaned: list[tuple[int, list[str]]] = []
    filled = 0
    for number, cells in lines:
        row = [clean_cell(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if len(row) > MAX_COLUMNS:
            raise UnreadableTable(_("The table has more than %(number)s columns.") % {"number": MAX_COLUMNS})
        filled += bool(row)
        if filled > MAX_ROWS + HEADER_SEARCH_LINES or number > MAX_LINES:
            raise UnreadableTable(
                _("The list has more than %(number)s lines. Please split it.") % {"number": MAX_ROWS}
            )
        cleaned.append((number, row))
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
        long = next((cell for cell in row if len(cell) > MAX_CELL), None)
        if long is not None:
            raise UnreadableTable(
                _("A cell in line %(line)s is longer than %(number)s characters.")
                % {"line": number, "number": MAX_CELL}
            )
        rows.append(SourceRow(number, tuple(row) + ("",) * (width - len(row))))
    if not rows:
        return None
    if len(rows) > MAX_ROWS:
        raise UnreadableTable(
            _("The list has more than %(number)s lines. Please split it.") % {"number": MAX_ROWS}
        )
    known = sum(1 for cell in header if is_known_header(cell))
    return _Found(header, header_line, tuple(rows), tuple(skipped), known * 100 + width)


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
