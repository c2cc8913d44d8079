"""Workbooks as offices send them: stored results, several sheets, hidden rows, merged cells, broken headers."""

import io
import re
import zipfile

import pytest
from openpyxl import Workbook

from intake.importing.headers import TargetField, field_for_header
from intake.importing.mapping import propose_mapping
from intake.importing.tables import NoTableFound, Table
from intake.importing.uploads import read_table


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_results(data: bytes, **results: str) -> bytes:
    """The workbook as Excel saves it: every formula with its result beside it."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                text = content.decode()
                for cell, result in results.items():
                    text = re.sub(
                        rf'<c r="{cell}"[^>]*><f>(.*?)</f><v ?/?>(</v>)?</c>',
                        rf'<c r="{cell}" t="str"><f>\1</f><v>{result}</v></c>',
                        text,
                    )
                content = text.encode()
            packed.writestr(entry, content)
    return target.getvalue()


def book_of(*rows: tuple[object, ...], title: str = "Liste") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def fields(table: Table) -> dict[str, TargetField]:
    return dict(zip(table.header, propose_mapping(table), strict=True))


def test_a_formula_is_read_as_the_result_stored_with_it():
    book = book_of(("Name", "Vorname", "Ort"), ('=UPPER("muster")', "Ada", "=A2"), ("Zweite", "Bo", "Weiler"))
    table = read_table(with_results(saved(book), A2="MUSTER", C2="Weiler"), "liste.xlsx")
    assert table.rows[0].cells == ("MUSTER", "Ada", "Weiler")
    assert table.unstored == ()


def test_a_formula_without_a_stored_result_is_empty_and_named():
    book = book_of(
        ("Name", "Vorname", "Ort"), ("Muster", "Ada", '=CONCAT("Wei","ler")'), ("Zweite", "Bo", "Weiler")
    )
    table = read_table(saved(book), "liste.xlsx")
    assert table.rows[0].cells == ("Muster", "Ada", "")
    assert table.unstored == ("C2",)


def test_every_visible_sheet_is_read_and_every_other_one_named():
    book = book_of(("Name", "Vorname", "geb. am"), ("Muster", "Ada", "1.2.1990"), title="Mai")
    june = book.create_sheet("Juni")
    june.append(("Vorname", "Familienname", "Geburtsdatum", "Telefon"))
    june.append(("Bo", "Zweite", "3.4.1991", "0721 6080000"))
    book.create_sheet("Legende").append(("m = männlich",))
    old = book.create_sheet("Alt")
    old.append(("Name", "Vorname"))
    old.append(("Früher", "Eva"))
    old.sheet_state = "hidden"
    table = read_table(saved(book), "liste.xlsx")
    assert [(row.sheet, row.line) for row in table.rows] == [("Mai", 2), ("Juni", 2)]
    people = [dict(zip(propose_mapping(table), row.cells, strict=True)) for row in table.rows]
    assert [person[TargetField.SURNAME] for person in people] == ["Muster", "Zweite"]
    assert [person[TargetField.PHONE] for person in people] == ["", "0721 6080000"]
    assert {note.name: note.is_chosen for note in table.sheets} == {
        "Mai": True, "Juni": True, "Legende": False, "Alt": False,
    }  # fmt: skip
    reasons = {note.name: note.reason for note in table.sheets if note.reason}
    assert reasons == {"Legende": "keine Tabelle", "Alt": "in der Arbeitsmappe ausgeblendet"}


def test_a_table_of_something_else_is_offered_and_not_chosen():
    book = book_of(("Name", "Vorname"), ("Muster", "Ada"), title="Personen")
    codes = book.create_sheet("Codes")
    codes.append(("Status", "Sprache", "Bedeutung"))
    codes.append(("A", "B", "C"))
    table = read_table(saved(book), "liste.xlsx")
    assert {note.name: (note.rows, note.is_chosen) for note in table.sheets} == {
        "Personen": (1, True),
        "Codes": (1, False),
    }


def test_a_workbook_with_hidden_sheets_only_has_no_table():
    book = book_of(("Name", "Vorname"), ("Muster", "Ada"))
    book.create_sheet("Leer")
    book["Liste"].sheet_state = "veryHidden"
    book.active = 1
    with pytest.raises(NoTableFound):
        read_table(saved(book), "liste.xlsx")


def test_hidden_rows_are_told():
    book = book_of(("Name", "Vorname"), ("Muster", "Ada"), ("Zweite", "Bo"), ("Dritte", "Cem"))
    book.active.row_dimensions[3].hidden = True
    table = read_table(saved(book), "liste.xlsx")
    assert [row.is_hidden for row in table.rows] == [False, True, False]
    assert table.sheets[0].hidden_rows == 1


def test_a_cell_merged_over_a_family_belongs_to_each_of_its_rows():
    book = book_of(
        ("Familie", "Name", "Vorname", "Straße"),
        ("F-1", "Muster", "Ada", "Musterweg 4"),
        (None, "Muster", "Bo", None),
        (None, "Muster", "Cem", None),
        ("F-2", "Zweite", "Dina", None),
    )
    book.active.merge_cells("A2:A4")
    book.active.merge_cells("D2:D4")
    table = read_table(saved(book), "liste.xlsx")
    assert [(row.cells[0], row.cells[3]) for row in table.rows] == [
        ("F-1", "Musterweg 4"), ("F-1", "Musterweg 4"), ("F-1", "Musterweg 4"), ("F-2", ""),
    ]  # fmt: skip


def test_a_merged_cell_makes_no_person_of_an_empty_line():
    book = book_of(("Familie", "Name", "Vorname"), ("F-1", "Muster", "Ada"), (None, None, None))
    book.active.merge_cells("A2:A3")
    assert len(read_table(saved(book), "liste.xlsx").rows) == 1


def test_names_of_columns_may_stand_in_two_lines():
    book = book_of(
        ("Zuweisungen des Monats",),
        ("Nr.", "Person", None, "Geburts-", "Aufenthalt", None, "Anschrift", None),
        (None, "Familienname", "Vorname", "datum", "Titel", "gültig bis", "Straße", "Ort"),
        (1, "Muster", "Ada", "1.2.1990", "Duldung", "1.2.2030", "Musterweg 4", "Weiler"),
    )
    book.active.merge_cells("B2:C2")
    book.active.merge_cells("E2:F2")
    book.active.merge_cells("A2:A3")
    table = read_table(saved(book), "liste.xlsx")
    assert list(fields(table).values()) == [
        TargetField.RUNNING_NUMBER, TargetField.SURNAME, TargetField.GIVEN_NAME, TargetField.BIRTH_DATE,
        TargetField.RESIDENCE_STATUS, TargetField.RESIDENCE_UNTIL, TargetField.STREET, TargetField.TOWN,
    ]  # fmt: skip
    assert len(table.rows) == 1


def test_names_in_two_lines_are_found_in_a_text_file_too():
    text = "Nr.;Name;;Geburts-;Staatsange-\n;Familienname;Vorname;datum;hörigkeit\n1;Muster;Ada;1.2.1990;Syrien\n"
    table = read_table(text.encode(), "liste.csv")
    assert list(fields(table).values())[1:] == [
        TargetField.SURNAME, TargetField.GIVEN_NAME, TargetField.BIRTH_DATE, TargetField.NATIONALITY,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Geburts-\ndatum", "birth_date"),
        ("Staatsange-\nhörigkeit", "nationality"),
        ("Aufenthalts\nstatus", "residence_status"),
        ("Fami\u00adlien\u00adname", "surname"),
        ("Staatsangeh.", "nationality"),
        ("Handy-Nr.", "phone"),
        ("Tel. 2", "phone"),
        ("Fam.-name", "surname"),
        ("Fam.-Nr.", "family_key"),
        ("Aufenth.-Titel", "residence_status"),
        ("Gült. bis", "residence_until"),
        ("Zuw.-Datum", "assigned_on"),
        ("Geschlecht (m/w/d)", "gender"),
        ("Name (lt. Pass)", "surname"),
        ("Stra?e", "street"),
        ("Geburtsort", "ignore"),
        ("Integrationsmanager:in", "manager"),
        ("Beratung seit", "counselled_since"),
        ("Letztes Gespräch am", "last_talk"),
    ],
)
def test_broken_and_abbreviated_names_of_columns_are_known(header, field):
    found = field_for_header(" ".join(header.split()))
    assert found is not None
    assert found.value == field


@pytest.mark.parametrize("header", ["Name der Unterkunft", "Familienstand", "Kinderzahl", "A.", "...", "?"])
def test_what_only_looks_like_a_name_of_a_column_is_not_taken_for_one(header):
    assert field_for_header(header) is None


@pytest.mark.parametrize("name", ["bis", "", "Ende"])
def test_a_column_of_dates_beside_the_status_says_until_when_it_is_valid(name):
    text = f"Name;Vorname;Status;{name}\nMuster;Ada;Duldung;01.02.2030\nZweite;Bo;Duldung;03.04.2031\n"
    table = read_table(text.encode(), "liste.csv")
    assert propose_mapping(table)[3] is TargetField.RESIDENCE_UNTIL


def test_no_value_and_guarded_text_are_read_as_what_they_mean():
    text = (
        "Nachname;Vorname;Geb.-Datum;Telefon\n"
        "#N/A;#NV;#BEZUG!;#WERT!\n"
        'Haddad;Lina;"=""14.03.1986""";"=""+49 170 5551234"""\n'
        "Haddad;Omar;'15.03.1988;'0170 5551235\n"
        "'Abbas;'Ali;1990;\n"
    )
    rows = read_table(text.encode(), "liste.csv").rows
    assert [row.cells for row in rows] == [
        ("Haddad", "Lina", "14.03.1986", "+49 170 5551234"),
        ("Haddad", "Omar", "15.03.1988", "0170 5551235"),
        # The apostrophe before a letter is part of the name, if not every name of the column has one.
        ("'Abbas", "'Ali", "1990", ""),
    ]


def test_a_column_in_which_every_text_is_guarded_loses_the_apostrophes():
    text = "Nachname;Vorname;Ort\n'Muster;Ada;'Weiler\n'Zweite;Bo;'Weiler\n"
    assert [row.cells for row in read_table(text.encode(), "liste.csv").rows] == [
        ("Muster", "Ada", "Weiler"),
        ("Zweite", "Bo", "Weiler"),
    ]
