"""Read an uploaded CSV or XLSX file of unknown make into one table of text cells.

Offices send what their software exports: title lines above the header, total lines below, Windows-1252 or
UTF-16, semicolons or tabs. Nothing here interprets a value; a formula stays the text it is. Limits follow
the upload rules of the security concept: 10 MB, at most 1,000 entries, 100 MB unpacked and a ratio of 100
for zip-based files.
"""

from django.utils.translation import gettext_lazy as _

from intake.importing.tables import Table, UnreadableTable
from intake.importing.text_files import read_text
from intake.importing.workbooks import read_workbook

MAX_BYTES = 10 * 1024 * 1024


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
        return read_workbook(data)
    if extension in ("csv", "txt", "tsv"):
        return read_text(data)
    if extension in ("xls", "xlsm", "xlsb", "ods"):
        raise UnreadableTable(
            _(
                "This kind of spreadsheet cannot be read. Please save it as “Excel workbook (.xlsx)” or as "
                "CSV."
            )
        )
    raise UnreadableTable(_("Only lists as CSV or Excel (.xlsx) can be imported."))
