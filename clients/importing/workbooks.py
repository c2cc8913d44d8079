"""Lists as Excel workbooks, opened only after a look at what they would unpack to."""

import datetime
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_lazy as _

from clients.importing.tables import (
    MAX_COLUMNS,
    NO_TABLE,
    Found,
    NoTableFound,
    Table,
    UnreadableTable,
    find_table,
)

OLD_OR_PROTECTED = _(
    "The workbook is in the old Excel format or protected by a password. Please save it as .xlsx without a "
    "password."
)
NO_WORKBOOK = _("The file is not an Excel workbook, although its name says so. Was it renamed?")
DAMAGED = _("The workbook is damaged and cannot be opened.")

MAX_ZIP_ENTRIES = 1_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What a stranger's workbook can make the reader raise; the file is wrong then, never the program.
BROKEN_WORKBOOK = (
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


def read_workbook(data: bytes) -> Table:
    """The table on the visible sheet with the most telling header.

    Raises:
        NoTableFound: readable, but without a header row and rows.
        UnreadableTable: wrong kind, too large, damaged or hostile file.
    """
    # Ten megabytes and a quarter of a second for every worker, for a list that is uploaded now and then.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if data.startswith(OLE_MAGIC):
        raise UnreadableTable(OLD_OR_PROTECTED)
    if not data.startswith(ZIP_MAGIC):
        raise UnreadableTable(NO_WORKBOOK)
    try:
        check_archive(data)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            best: tuple[Found, str] | None = None
            for sheet in workbook.worksheets:
                if sheet.sheet_state != "visible":
                    continue
                sheet.reset_dimensions()
                lines = _sheet_lines(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True))
                found = find_table(lines, widen=True)
                if found is not None and (best is None or found.score > best[0].score):
                    best = (found, sheet.title)
        finally:
            workbook.close()
    except UnreadableTable:
        raise
    except (InvalidFileException, *BROKEN_WORKBOOK) as error:
        raise UnreadableTable(DAMAGED) from error
    if best is None:
        raise NoTableFound(NO_TABLE)
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
            raise UnreadableTable(NO_WORKBOOK)
        for entry in entries:
            if entry.flag_bits & 0x1:
                raise UnreadableTable(OLD_OR_PROTECTED)
            if entry.filename.lower().endswith((".zip", ".xlsx", ".xlsm", ".docx", ".bin", ".ole")) and (
                "embeddings" in entry.filename or "vba" in entry.filename.lower()
            ):
                raise UnreadableTable(_("The workbook contains embedded files or macros and was not opened."))
            if entry.filename.lower().endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    start = part.read(2048)
                if b"<!DOCTYPE" in start or b"<!ENTITY" in start or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise UnreadableTable(DAMAGED)


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
