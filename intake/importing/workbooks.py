"""Lists as Excel workbooks, opened only after a look at what they would unpack to."""

import datetime
import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from intake.importing.sheets import Layout, Sheet, joined, read_sheet
from intake.importing.tables import MAX_COLUMNS, Table, UnreadableTable

OLD_OR_PROTECTED = _(
    "The workbook is in the old Excel format or protected by a password. Please save it as .xlsx without a "
    "password."
)
NO_WORKBOOK = _("The file is not an Excel workbook, although its name says so. Was it renamed?")
DAMAGED = _("The workbook is damaged and cannot be opened.")

MAX_ZIP_ENTRIES = 1_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
MAX_SHARED_STRINGS = 10 * 1024 * 1024
MAX_XML = 50 * 1024 * 1024
# Cells of 5,000 lines and 60 columns; reading a part costs time by its elements, not by its bytes.
MAX_CELL_ELEMENTS = 1_000_000
CELL_ELEMENTS = frozenset({"row", "c", "v", "is", "si", "t", "r", "f"})
# Fonts, formats, names, merged cells: some ten times as costly as a cell.
MAX_OTHER_ELEMENTS = 150_000
# A shared formula is spelt out anew for each of its cells.
MAX_FORMULA_TEXT = 2_000_000

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What a stranger's workbook can make the reader raise; the file is wrong then, never the program.
BROKEN_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    expat.ExpatError,
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


def read_workbook(data: bytes) -> Table:
    """The tables on the visible sheets as one, with what became of every sheet.

    Formulas give the result stored with them. Merged cells belong to every row they cover.

    Raises:
        NoTableFound: readable, but without a header row and rows.
        UnreadableTable: wrong kind, too large, damaged or hostile file.
    """
    # Ten megabytes and a quarter of a second for every worker, for a list that is uploaded now and then.
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904
    from openpyxl.utils.exceptions import InvalidFileException

    if data.startswith(OLE_MAGIC):
        raise UnreadableTable(OLD_OR_PROTECTED)
    if not data.startswith(ZIP_MAGIC):
        raise UnreadableTable(NO_WORKBOOK)
    try:
        layouts = check_archive(data)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            since_1904 = workbook.epoch == CALENDAR_MAC_1904
            sheets: list[Sheet] = []
            for sheet in workbook.worksheets:
                layout = layouts.get(sheet._worksheet_path.lstrip("/"), Layout())
                if sheet.sheet_state != "visible":
                    sheets.append(Sheet(sheet.title, layout, is_visible=False))
                    continue
                sheet.reset_dimensions()
                cells = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
                sheets.append(read_sheet(sheet.title, layout, _sheet_lines(cells)))
        finally:
            workbook.close()
    except UnreadableTable:
        raise
    except (InvalidFileException, *BROKEN_WORKBOOK) as error:
        raise UnreadableTable(DAMAGED) from error
    return replace(joined(sheets), since_1904=since_1904)


def check_archive(data: bytes) -> dict[str, Layout]:
    """Refuse a zip-based file that would unpack into something hostile, or that costs too much to read.

    The sizes in the directory come first, then every XML part is counted as a stream, before anything is kept.

    Returns:
        How each part that is a sheet is laid out, by its name.

    Raises:
        UnreadableTable: too many entries, too large unpacked, too high a ratio, archives inside, XML with
            document types (entity expansion), or more elements than a list has.
    """
    layouts: dict[str, Layout] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries) or 1
        if len(entries) > MAX_ZIP_ENTRIES or unpacked > MAX_UNPACKED or unpacked / packed > MAX_RATIO:
            raise UnreadableTable(_("The workbook unpacks to more than is allowed and was not opened."))
        names = {entry.filename for entry in entries}
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise UnreadableTable(NO_WORKBOOK)
        for entry in entries:
            name = entry.filename.lower()
            if entry.flag_bits & 0x1:
                raise UnreadableTable(OLD_OR_PROTECTED)
            if name.endswith((".zip", ".xlsx", ".xlsm", ".docx", ".bin", ".ole")) and (
                "embeddings" in name or "vba" in name
            ):
                raise UnreadableTable(_("The workbook contains embedded files or macros and was not opened."))
            if name.endswith("sharedstrings.xml") and entry.file_size > MAX_SHARED_STRINGS:
                raise UnreadableTable(
                    _(
                        "The texts of the workbook take more than 10 MB. Please save the sheet with the list alone."
                    )
                )
        judge = _Judge()
        for entry in entries:
            with archive.open(entry) as part:
                judge.read(part)
            if judge.is_sheet:
                layouts[entry.filename] = judge.layout
    return layouts


class _Judge:
    """Counts what reading the parts of a workbook would cost, without keeping any of it."""

    def __init__(self) -> None:
        self.bytes = 0
        self.cells = 0
        self.others = 0
        self.shared = 0
        self.longest_formula = 0
        self.formula = 0
        self.is_sheet = False
        self.has_formula = self.has_result = False

    def read(self, part: IO[bytes]) -> None:
        """Count one part; what does not begin like XML is an image or the like, and no reader will parse it."""
        self.is_sheet = False
        chunk = part.read(65_536)
        if chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UnreadableTable(DAMAGED)
        if not chunk.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return
        self.seen: set[str] = set()
        self.layout = Layout()
        self.row = 0
        self.cell = ""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self.refuse_document_type
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        self.parser = parser
        while chunk:
            self.bytes += len(chunk)
            if self.bytes > MAX_XML:
                raise too_much()
            parser.Parse(chunk)
            chunk = part.read(65_536)
        parser.Parse(b"", True)

    def refuse_document_type(self, *_declared: object) -> None:
        raise UnreadableTable(DAMAGED)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name in CELL_ELEMENTS:
            self.cells += 1
        else:
            self.others += 1
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            if attributes.get("hidden") in ("1", "true"):
                self.layout.hidden.add(self.row)
        elif name == "c":
            self.cell, self.has_formula, self.has_result = attributes.get("r", ""), False, False
        elif name == "v" and self.has_formula:
            self.parser.CharacterDataHandler = self.result
        elif name == "mergeCell":
            self.layout.merge(attributes.get("ref", ""))
        elif name == "worksheet":
            self.is_sheet = True
        if name == "f":
            self.has_formula = True
            self.formula = 0
            self.shared += attributes.get("t") == "shared"
            self.parser.CharacterDataHandler = self.formula_text
        elif name == "Relationship":
            # One part read as many sheets costs as often.
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            if target in self.seen:
                raise UnreadableTable(DAMAGED)
            self.seen.add(target)
        elif name == "sheet":
            key = next((value for at, value in attributes.items() if at.endswith(" id")), "")
            if key in self.seen:
                raise UnreadableTable(DAMAGED)
            self.seen.add(key)
        if (
            self.cells > MAX_CELL_ELEMENTS
            or self.others > MAX_OTHER_ELEMENTS
            or self.shared * self.longest_formula > MAX_FORMULA_TEXT
        ):
            raise too_much()

    def formula_text(self, text: str) -> None:
        self.formula += len(text)

    def result(self, _text: str) -> None:
        self.has_result = True

    def end(self, tag: str) -> None:
        if tag.endswith(" c"):
            if self.has_formula and not self.has_result:
                self.layout.unstored.setdefault(self.row, self.cell)
        elif tag.endswith(" v"):
            self.parser.CharacterDataHandler = None
        elif tag.endswith(" f"):
            self.longest_formula = max(self.longest_formula, self.formula)
            self.parser.CharacterDataHandler = None


def too_much() -> UnreadableTable:
    """The refusal of a workbook that holds far more than a list."""
    return UnreadableTable(
        _(
            "The workbook holds too many cells or formats. Please save the sheet with the list alone, or as CSV."
        )
    )


def _sheet_lines(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=1):
        yield number, [_cell_text(value) for value in row]


def _cell_text(value: object) -> str:
    """A cell as text: dates in ISO form, whole numbers without decimals."""
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
    return str(value)
