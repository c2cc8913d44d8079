"""Tables as files: CSV that a German Excel opens, and XLSX with typed cells. No text ever becomes a formula."""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from ui.dates import date_de, datetime_de


@dataclass(frozen=True, slots=True)
class Percent:
    """A share in per cent, which a sheet keeps as a number between 0 and 1."""

    value: Decimal


Value = str | int | float | Decimal | Percent | datetime.date | datetime.datetime | None
IN_MEMORY = 2**20
LONGEST_CELL = 32_767
# What a spreadsheet takes for the beginning of a formula, in full width too, also behind blanks.
FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
DATE, MOMENT, SHARE, DECIMAL = "DD.MM.YYYY", "DD.MM.YYYY HH:MM", "0.0%", "0.0#"
# What the name of a sheet may not hold, and how long it may be.
UNNAMEABLE, LONGEST_NAME = re.compile(r"[\[\]:*?/\\']"), 31


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook.

    Attributes:
        title: its name, shortened where it is too long.
        header: labels of the columns.
        rows: dates, instants in local time and numbers stay what they are, all else is text.
        widths: of the first columns, in characters; others keep the usual one.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()


def harmless(text: str) -> str:
    """A text as a CSV may hold it: what would begin a formula begins with an apostrophe."""
    return f"'{text}" if FORMULA.match(text) else text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """A file with byte order mark, semicolons and every field quoted; the caller closes it."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(label) for label in header])
    for row in rows:
        writer.writerow([_as_text(value) for value in row])
    text.flush()
    text.detach()
    file.seek(0)
    return file


def _as_text(value: Value) -> str:
    if isinstance(value, datetime.datetime):
        return datetime_de(value)
    if isinstance(value, datetime.date):
        return date_de(value)
    if isinstance(value, Percent):
        return f"{value.value} %".replace(".", ",")
    if isinstance(value, Decimal):
        # A number below zero is no formula; German spreadsheets read the comma.
        return f"{value:f}".replace(".", ",")
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return "" if value is None else harmless(str(value))


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """A workbook of one sheet, written row by row; the caller closes it.

    Args:
        title: name of the sheet, without the signs that sheets refuse.
        header: labels of the columns.
        rows: dates, instants in local time and numbers stay what they are, all else is text.
    """
    return write_workbook([Sheet(title, header, rows)])


def write_workbook(sheets: Iterable[Sheet]) -> IO[bytes]:
    """A workbook of several sheets, written row by row; the caller closes it. Names that are taken get a number."""
    # The library is large and seldom needed.
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for one in sheets:
        sheet = book.create_sheet(_free_name(one.title, book.sheetnames))
        sheet.freeze_panes = "A2"
        for number, width in enumerate(one.widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_cell(sheet, label, bold=True) for label in one.header])
        for row in one.rows:
            sheet.append([_cell(sheet, value) for value in row])
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


def _free_name(title: str, taken: Sequence[str]) -> str:
    """The name of a sheet without what is refused, told apart from those there are."""
    name, number = UNNAMEABLE.sub(" ", title)[:LONGEST_NAME].strip() or "1", 1
    used = {other.casefold() for other in taken}
    while name.casefold() in used:
        number += 1
        end = f" ({number})"
        name = f"{UNNAMEABLE.sub(' ', title)[: LONGEST_NAME - len(end)].strip()}{end}"
    return name


def _cell(sheet: object, value: Value, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
        # The library takes a text with "=" in front for a formula.
        cell.data_type = "s"
    elif isinstance(value, Percent):
        cell = WriteOnlyCell(sheet, value.value / 100)
        cell.number_format = SHARE
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, datetime.date):
            cell.number_format = MOMENT if isinstance(value, datetime.datetime) else DATE
        elif isinstance(value, Decimal):
            cell.number_format = DECIMAL
    if bold:
        cell.font = Font(bold=True)
    return cell
