"""Lists as text, in any encoding and with any separator that office software writes."""

import codecs
import csv
import html
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from intake.importing.code_pages import western
from intake.importing.tables import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_LINES,
    NO_TABLE,
    Found,
    NoTableFound,
    Table,
    UnreadableTable,
    find_table,
    too_many_lines,
)
from intake.importing.workbooks import OLE_MAGIC, ZIP_MAGIC

SEPARATORS = (";", ",", "\t", "|")
# Every column filled to the brim, each with quotation marks, each of them doubled.
LONGEST_LINE = MAX_COLUMNS * (2 * MAX_CELL + 3)

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


# "sep=;", which Excel writes for itself.
_SAID = re.compile(r"\Asep=.(?=[\r\n])", re.IGNORECASE)
_LETTER = re.compile(r"&(?:#\d{2,6}|#x[\da-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)


def _unescaped(match: re.Match[str]) -> str:
    """A letter as web pages write it; its semicolon would divide the cell. Signs stay, for they may be separators."""
    letter = html.unescape(match[0])
    return letter if letter.isalpha() else match[0]


def read_text(data: bytes) -> Table:
    """The table in a text file; every separator is tried, the most telling header wins.

    Raises:
        NoTableFound: readable, but without a header row and rows.
        UnreadableTable: wrong kind, too large, damaged or hostile file.
    """
    if data.startswith((ZIP_MAGIC, OLE_MAGIC, *OTHER_MAGICS)):
        raise UnreadableTable(_("The file is not a text list, although its name says so. Was it renamed?"))
    text, encoding = decode(data)
    text = _LETTER.sub(_unescaped, _SAID.sub("", text))
    _judge_lines(text)
    best: tuple[Found, str] | None = None
    refused: UnreadableTable | None = None
    for separator in SEPARATORS:
        try:
            found = find_table(_csv_lines(text, separator), widen=False)
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
        raise NoTableFound(NO_TABLE)
    return best[0].table(encoding=encoding, separator=best[1])


def _judge_lines(text: str) -> None:
    """Refuse what no separator can turn into a table, before the text is divided into cells.

    Raises:
        UnreadableTable: too many lines, or a line longer than all its columns may be together.
    """
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise too_many_lines()
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if len(line) > LONGEST_LINE:
            raise UnreadableTable(
                _(
                    "Line %(line)s is too long: at most %(columns)s columns with %(number)s characters each can "
                    "be read. Please check the line breaks of the file."
                )
                % {"line": number, "columns": MAX_COLUMNS, "number": MAX_CELL}
            )


def decode(data: bytes) -> tuple[str, str]:
    """Decode a text file whose encoding nobody knows; returns the text and the encoding's name.

    Single bytes are read as Windows-1252 and none is lost: ``code_pages`` judges each column.

    Raises:
        UnreadableTable: binary content, or a file in which letters were lost already.
    """
    text, encoding = _decode_bytes(data)
    if "\x00" in text:
        raise UnreadableTable(_("The file contains zero bytes and is no text list."))
    if "\ufffd" in text:
        raise UnreadableTable(
            _("In this file letters were lost: they were replaced by “�”. "
              "Please ask the office that sent it for the list as .xlsx or as “CSV UTF-8”.")
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
    return western(data), "cp1252"


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
