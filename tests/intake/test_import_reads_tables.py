"""A file of unknown make becomes one table, or a sentence that says why not. No database."""

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from intake.importing import headers, tables
from intake.importing.tables import LineKind, NoTableFound, Table, UnreadableTable
from intake.importing.uploads import MAX_BYTES, read_table

DATA = Path(__file__).parent.parent / "data"
SMALL = "Nachname;Vorname;geb. am\nÇelik;Gül;17.12.1983\nGroß;Jürgen;15.05.1960\n"


def workbook(*rows: tuple[object, ...], title: str = "Liste") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def archive(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        for name, content in ({"workbook.xml": b"<workbook/>"} | parts).items():
            packed.writestr(f"xl/{name}", content)
    return target.getvalue()


def lines(table: Table, kind: LineKind) -> tuple[str, ...]:
    """What was read and is no row, of one kind."""
    return tuple(line.text for line in table.skipped if line.kind is kind)


def test_the_allocation_list_is_read_with_its_title_total_and_empty_lines():
    table = read_table((DATA / "allocation_list.csv").read_bytes(), "allocation_list.csv")
    assert (table.encoding, table.separator, table.header_line) == ("cp1252", ";", 3)
    assert lines(table, LineKind.TITLE) == (
        "Landratsamt Musterkreis - Zuweisungsliste Anschlussunterbringung",
        "Stand: 29.01.2018",
    )
    assert lines(table, LineKind.TOTAL) == ("Summe: 26 Personen",)
    assert len(lines(table, LineKind.EMPTY)) == 1
    assert [row.cells[0] for row in table.rows] == [str(number) for number in range(1, 27)]
    assert len(table.header) == 18
    assert table.header[17] == "Bemerkung"


def test_a_quoted_field_keeps_its_separator_and_rows_know_their_line():
    table = read_table((DATA / "allocation_list.csv").read_bytes(), "allocation_list.csv")
    twentieth = table.rows[19]
    assert twentieth.cells[17] == "wünscht Anruf nach 17 Uhr; spricht etwas Deutsch"
    assert table.rows[0].line == 4
    assert twentieth.line == 24


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_recognised(encoding, name):
    table = read_table(SMALL.encode(encoding), "liste.csv")
    assert table.encoding == name
    assert table.rows[0].cells == ("Çelik", "Gül", "17.12.1983")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_recognised(separator):
    table = read_table(SMALL.replace(";", separator).encode(), "liste.csv")
    assert table.separator == separator
    assert table.header == ("Nachname", "Vorname", "geb. am")


def test_line_breaks_inside_quotes_do_not_shift_the_line_numbers():
    text = 'Nachname;Vorname\n"Muster\nfrau";Ada\nZweite;Bo\n'
    table = read_table(text.encode(), "liste.csv")
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ("Muster frau", "Ada")),
        (4, ("Zweite", "Bo")),
    ]


def test_a_header_with_unknown_names_is_found_by_its_shape():
    table = read_table((DATA / "list_permuted.csv").read_bytes(), "list_permuted.csv")
    assert table.header_line == 3
    assert table.header[1:3] == ("Ruf", "Stammname")
    assert lines(table, LineKind.TITLE) == ("Neuzugänge der Woche",)
    assert lines(table, LineKind.TOTAL) == ("Gesamt 3",)
    assert len(table.rows) == 3


def test_direction_marks_and_control_characters_are_dropped():
    text = "Nachname;Vorname\nMus\u202eter\u200b;A\x07da\n"
    assert read_table(text.encode(), "liste.csv").rows[0].cells == ("Muster", "A da")


def test_a_header_repeated_on_the_next_printed_page_is_no_person():
    text = "Nachname;Vorname\nMuster;Ada\nNachname;Vorname\nZweite;Bo\n"
    assert len(read_table(text.encode(), "liste.csv").rows) == 2


def test_letters_that_were_lost_before_are_said_and_not_guessed():
    with pytest.raises(UnreadableTable, match="Buchstaben verloren"):
        read_table(SMALL.replace("ß", "\ufffd").encode(), "liste.csv")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "liste.csv", "leer"),
        (b"  \n \n", "liste.csv", "leer"),
        (b"a\x00b;c\n1;2\n", "liste.csv", "Nullbytes"),
        (b"%PDF-1.7 ...", "liste.csv", "keine Textliste"),
        (b"PK\x03\x04....", "liste.csv", "keine Textliste"),
        (b"Nachname;Vorname\n", "liste.xlsx", "keine Excel-Arbeitsmappe"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "liste.xlsx", "Passwort"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "liste.xls", ".xlsx"),
        (b"Nachname;Vorname\nA;B\n", "liste.html", "CSV oder Excel"),
        (b"Nachname;Vorname\nA;B\n", "liste", "CSV oder Excel"),
        (b"\xff\xfeN", "liste.csv", "beschädigt"),
        (b'Nachname;Vorname\n"offen;B\n' + b"Z;Y\n" * 30, "liste.csv", "Anführungszeichen"),
        (b"Nachname;Vorname\nA;B;C;D\n", "liste.csv", "mehr Spalten"),
        (b"Nachname;Vorname\n" + b"A" * 600 + b";B\n", "liste.csv", "länger als 500"),
        (b"Nachname;Vorname\n" + b"A;B\n" * 6000, "liste.csv", "teilen"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data, name, words):
    with pytest.raises(UnreadableTable, match=words):
        read_table(data, name)


@pytest.mark.parametrize(
    "text",
    [
        "Sehr geehrte Damen und Herren,\n\nanbei die Liste, wie besprochen.\n\nMit Gruß, Muster\n",
        "nur ein Wort\n",
        "Nachname;Vorname;geb. am\n",
        "Summe: 0 Personen\n",
        "1;2;3\n4;5;6\n",
    ],
    ids=["a letter", "a word", "header only", "total only", "numbers"],
)
def test_a_file_without_a_table_says_so(text):
    with pytest.raises(NoTableFound, match="Tabelle"):
        read_table(text.encode(), "liste.csv")


def test_eleven_megabytes_are_refused_before_anything_is_read():
    with pytest.raises(UnreadableTable, match="10 MB"):
        read_table(b"x" * (MAX_BYTES + 1), "liste.xlsx")


def test_a_workbook_is_read_with_dates_as_dates():
    data = workbook(
        ("Landratsamt Musterkreis",),
        (),
        ("Name", "Vorname", "Geburtsdatum", "PLZ", "Telefon"),
        ("Muster", "Ada", datetime.datetime(1990, 4, 30), 76297, "0721 6080000"),
        ("Zweite", "Bo", 1979, 76297.0, None),
        ("Summe", 2),
    )
    table = read_table(data, "Liste.XLSX")
    assert table.sheet == "Liste"
    assert lines(table, LineKind.TITLE) == ("Landratsamt Musterkreis",)
    assert lines(table, LineKind.TOTAL) == ("Summe 2",)
    assert table.rows[0].cells == ("Muster", "Ada", "1990-04-30", "76297", "0721 6080000")
    assert table.rows[1].cells == ("Zweite", "Bo", "1979", "76297", "")


def test_a_remark_beside_a_workbook_table_becomes_a_column_without_name():
    table = read_table(workbook(("Name", "Vorname"), ("Muster", "Ada", "evtl. doppelt")), "liste.xlsx")
    assert table.header == ("Name", "Vorname", "")
    assert table.rows[0].cells == ("Muster", "Ada", "evtl. doppelt")


def test_the_sheet_with_the_table_is_found():
    book = Workbook()
    book.active.title = "Deckblatt"
    book.active.append(("Zuweisungen",))
    sheet = book.create_sheet("Personen")
    sheet.append(("Name", "Vorname"))
    sheet.append(("Muster", "Ada"))
    hidden = book.create_sheet("Alt")
    hidden.append(("Name", "Vorname", "geb. am"))
    hidden.append(("Alt", "Eva", "1.1.1970"))
    hidden.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    assert read_table(target.getvalue(), "liste.xlsx").sheet == "Personen"


def test_an_empty_workbook_has_no_table():
    with pytest.raises(NoTableFound, match="Tabelle"):
        read_table(workbook(("Guten Tag",)), "liste.xlsx")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive(bomb=b"\0" * (101 * 1024 * 1024)), "entpackt"),
        (archive(ratio=b"\0" * (5 * 1024 * 1024)), "entpackt"),
        (archive(**{f"part{number}.xml": b"<a/>" for number in range(1001)}), "entpackt"),
        (
            archive(**{"worksheets/sheet1.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
            "beschädigt",
        ),
        (archive(**{"vbaProject.bin": b"x"}), "Makros"),
        (archive(**{"embeddings/other.xlsx": b"x"}), "Makros"),
        (archive(), "beschädigt"),
        (workbook(("Name", "Vorname"), ("A", "B"))[:-300], "beschädigt"),
        (b"PK\x03\x04" + b"x" * 500, "beschädigt"),
    ],
    ids=["100 MB", "ratio", "entries", "entities", "macros", "embedded", "hollow", "cut off", "not a zip"],
)
def test_a_hostile_or_damaged_workbook_is_refused(data, words):
    with pytest.raises(UnreadableTable, match=words):
        read_table(data, "liste.xlsx")


def test_any_other_zip_is_no_workbook():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("brief.txt", "Guten Tag")
    with pytest.raises(UnreadableTable, match="keine Excel-Arbeitsmappe"):
        read_table(target.getvalue(), "liste.xlsx")


MARKS = "\u0301\u0316"
KEPT = "Nachname;Vorname;geb. am\nÇelik;Gül;17.12.1983\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (KEPT + "A" + MARKS * 60_000 + ";B;1990\n", "Zeile 3 ist zu lang"),
        (KEPT + ("A" + MARKS * 300 + ";B;1990\n") * 5, "Zeile 3 ist länger als 500 Zeichen"),
        (KEPT + ("A" + MARKS * 240 + ";B;1990\n") * 5_100, "teilen"),
        (";" * 1_000_000, "Zeile 1 ist zu lang"),
        (KEPT + "A" + ";" * 70 + "x\n", "mehr als 60 Spalten"),
        ("x" + "\n" * 1_000_000, "teilen"),
        (KEPT + '"' * 1_000_000, "Zeile 3 ist zu lang"),
        (KEPT + '"offen;B;1990\n' + "Z;Y;1990\n" * 60_000, "teilen"),
        ("x" * 1_000_000, "Zeile 1 ist zu lang"),
    ],
    ids=[
        "one cell of marks",
        "cells of marks",
        "lines of marks",
        "a million columns",
        "too many columns",
        "a million lines",
        "quotation marks",
        "an open quote",
        "one line",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_text_beyond_its_bounds_is_refused_before_a_cell_is_cleaned(text, words, encoding, monkeypatch):
    cleaned = []
    monkeypatch.setattr(tables, "clean_cell", cleaned.append)
    with pytest.raises(UnreadableTable, match=words):
        read_table(text.encode(encoding), "liste.csv")
    assert cleaned == []


def test_a_long_paragraph_above_or_below_the_table_is_no_cell_of_it():
    text = (
        f"{'Hinweis ' * 100}\nNachname;Vorname;geb. am;Ort\nMuster;Ada;1990;Weiler\nStand: {'heute ' * 100}\n"
    )
    table = read_table(text.encode(), "liste.csv")
    assert [row.cells[0] for row in table.rows] == ["Muster"]
    assert len(lines(table, LineKind.TITLE)[0]) <= 500
    assert lines(table, LineKind.NOTE)[0].startswith("Stand: heute")


def test_long_sentences_in_the_first_lines_are_not_compared_with_column_names(monkeypatch):
    compared = []
    headers.field_for_header.cache_clear()
    original = tables.normalise_header
    monkeypatch.setattr(
        "intake.importing.headers.normalise_header", lambda t: compared.append(t) or original(t)
    )
    read_table((";".join(["nachname " * 40] * 30) + "\n" + SMALL).encode(), "liste.csv")
    assert max(map(len, compared)) <= 120


NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
NOISE = b"".join(b"%x" % (number * 7919) for number in range(100_000))


def packed(sheet: bytes = b"", **parts: bytes) -> bytes:
    """A workbook with these raw parts, and as much noise as keeps its ratio below a bomb's."""
    sheets = {"worksheets/sheet1.xml": b"<worksheet %s>%s</worksheet>" % (NS, sheet)}
    return archive(**sheets, **parts, **{"media/noise.png": NOISE})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            packed(**{"sharedStrings.xml": b"<sst>" + NOISE * 16 + b"</sst>"}),
            "größer als 10 MB",
        ),
        (packed(b"<sheetData>" + b'<row r="3"/>' * 1_000_001 + b"</sheetData>" + NOISE), "zu viele Zellen"),
        (packed(**{"styles.xml": b"<a><fonts>" + b"<font/>" * 150_001 + b"</fonts></a>"}), "zu viele Zellen"),
        (packed(b"<mergeCells>" + b"<mergeCell/>" * 150_001 + b"</mergeCells>"), "zu viele Zellen"),
        (packed(**{"workbook.xml": b"<a>" * 150_001 + b"</a>" * 150_001}), "zu viele Zellen"),
        (
            packed(
                b"<c><f t='shared' si='0'>%s</f></c>" % (b"A1+" * 400)
                + b"<c><f t='shared' si='0'/></c>" * 3_000
            ),
            "zu viele Zellen",
        ),
        (
            packed(**{"workbook.xml": b"<a xmlns:r='u'>" + b"<sheet r:id='rId1'/>" * 2 + b"</a>"}),
            "beschädigt",
        ),
        (
            packed(
                **{
                    "_rels/workbook.xml.rels": b"<a><Relationship Target='worksheets/sheet1.xml'/>"
                    b"<Relationship Target='/xl/worksheets/x/../sheet1.xml'/></a>"
                }
            ),
            "beschädigt",
        ),
        (
            packed(**{"workbook.xml": b"<!--" + b" " * 3_000 + b'--><!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
            "beschädigt",
        ),
        (packed(**{"workbook.xml": b"<a><b></a>"}), "beschädigt"),
    ],
    ids=[
        "shared strings",
        "rows",
        "styles",
        "merged cells",
        "nesting",
        "shared formulas",
        "one sheet twice",
        "one part twice",
        "entities behind a comment",
        "broken",
    ],
)
def test_a_workbook_beyond_its_bounds_is_refused_before_it_is_opened(data, words, monkeypatch):
    opened = []
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *args, **kwargs: opened.append(args))
    with pytest.raises(UnreadableTable, match=words):
        read_table(data, "liste.xlsx")
    assert opened == []


def test_one_long_string_in_every_cell_of_a_workbook_is_refused_before_a_cell_is_cleaned(monkeypatch):
    data = workbook(("Name", "Vorname"), *[["x" * 480] * 59] * 400)
    cleaned = []
    monkeypatch.setattr(tables, "clean_cell", cleaned.append)
    with pytest.raises(UnreadableTable, match="10 Millionen Zeichen"):
        read_table(data, "liste.xlsx")
    assert cleaned == []


def test_a_list_of_five_thousand_lines_and_forty_columns_is_read():
    header = ("Name", "Vorname", *(f"Spalte {number}" for number in range(38)))
    text = ";".join(header) + "\n" + (";".join(["Wert"] * 40) + "\n") * 5_000
    assert len(read_table(text.encode(), "liste.csv").rows) == 5_000
