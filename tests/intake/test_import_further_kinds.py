"""Kinds of lists beyond those that came first: names of columns in three lines, other calendars, words and pages."""

import io
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from intake.importing.checks import differ_in_digits
from intake.importing.code_pages import proposed_pages, repaired, western
from intake.importing.countries import read_nationality
from intake.importing.date_values import DateReading, parse, proposed_reading, readings_offered
from intake.importing.headers import TargetField, field_for_header
from intake.importing.mapping import propose_mapping
from intake.importing.people import PersonValues
from intake.importing.permits import read_permit
from intake.importing.rows import read_row
from intake.importing.tables import LineKind, Table
from intake.importing.uploads import read_table
from intake.importing.values import read_gender, read_languages, read_phones

TODAY = date(2026, 11, 30)


def table_of(text: str) -> Table:
    return read_table(text.encode(), "liste.csv")


def people_of(table: Table) -> list[PersonValues]:
    mapping = propose_mapping(table)
    readings = [
        proposed_reading((row.cells[number] for row in table.rows), since_1904=table.since_1904).value
        for number in range(len(table.header))
    ]
    return [read_row(row.cells, mapping, row.line, TODAY, None, readings).values for row in table.rows]


def test_names_of_columns_in_three_lines_are_one():
    book = Workbook()
    for line in (
        ("Person", None, None, "Aufenthalt", None),
        ("Name", None, "Geburts-", "Titel", None),
        ("Familien-", "Vor-", "datum", "Art", "gültig bis"),
        ("Muster", "Ada", "14.3.86", "Duldung", "31.12.27"),
    ):
        book.active.append(line)
    target = io.BytesIO()
    book.save(target)
    table = read_table(target.getvalue(), "liste.xlsx")
    assert [field.value for field in propose_mapping(table)] == [
        *("surname", "given_name", "birth_date", "residence_status", "residence_until")
    ]
    (person,) = people_of(table)
    assert (person.surname, str(person.born), person.residence_until) == (
        *("Muster", "14.03.1986"),
        date(2027, 12, 31),
    )


@pytest.mark.parametrize(
    "below", ["1;2;3;4", "(1);(2);(3);(4)", ";;(TT.MM.JJJJ);", "Pflichtfeld;;TT.MM.JJJJ;"]
)
def test_what_numbers_or_explains_the_columns_is_nobody(below):
    table = table_of(f"Name;Vorname;Geb.;Ort\n{below}\nMuster;Ada;1.2.1990;Weiler\n")
    assert [row.cells[0] for row in table.rows] == ["Muster"]


def test_a_second_header_in_another_order_holds_for_what_stands_below_it():
    table = table_of("Name;Vorname;Geb.\nMuster;Ada;1.2.1990\n\nVorname;Name;Geb.\nBo;Beispiel;2.2.1991\n")
    assert [(person.surname, person.given_name) for person in people_of(table)] == [
        ("Muster", "Ada"),
        ("Beispiel", "Bo"),
    ]


def test_another_table_below_the_list_is_no_part_of_it_and_told():
    table = table_of(
        "Name;Vorname;Geb.\nMuster;Ada;1.2.1990\nE-Mail;Telefon;Zimmer Nr\nName;Telefon;E-Mail\nAmt;1;a\n"
    )
    other = [line.line for line in table.skipped if line.kind is LineKind.OTHER_TABLE]
    assert (len(table.rows), other) == (2, [4, 5])


def test_days_of_a_workbook_that_counts_from_1904_are_offered_so():
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for line in (("Name", "Vorname", "Geb."), ("Muster", "Ada", date(1986, 3, 14)), ("Muster", "Bo", 30023)):
        book.active.append(line)
    target = io.BytesIO()
    book.save(target)
    table = read_table(target.getvalue(), "liste.xlsx")
    assert table.since_1904
    assert [str(person.born) for person in people_of(table)] == ["14.03.1986", "14.03.1986"]
    cells = [row.cells[2] for row in table.rows]
    offered = readings_offered(cells, TODAY, ahead=False, since_1904=True)
    assert offered[0][0] is DateReading.SINCE_1904
    assert "30023 → 14.03.1986" in offered[0][1]
    usual = readings_offered(["30023"], TODAY, ahead=False)
    assert DateReading.SINCE_1904 not in [reading for reading, _examples in usual]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("14.III.1986", "14.03.1986"),
        ("14. XI. 1986", "14.11.1986"),
        ("14.03 1986", "14.03.1986"),
        ("14·03·1986", "14.03.1986"),
        ("14.03.'86", "14.03.1986"),
        ("14th March 1986", "14.03.1986"),
        ("00.00.0000", None),
        ("00:00:00", None),
        ("0", None),
        ("n.b.", None),
        ("entfällt", None),
    ],
)
def test_dates_in_further_spellings(text, read):
    found = parse(text, DateReading.DAY_FIRST, today=TODAY)
    assert (str(found) if found else None) == read


@pytest.mark.parametrize(
    ("text", "status", "until", "unclear"),
    [
        ("Duldung (31.12.2026)", "Duldung", date(2026, 12, 31), ""),
        ("Duldung 31.12.2026", "Duldung", date(2026, 12, 31), ""),
        ("Duldung v. 1.1.24 - 31.12.26", "Duldung", date(2026, 12, 31), ""),
        ("Duldung bis: 31.12.26 verl.", "Duldung", date(2026, 12, 31), ""),
        ("§ 24 AufenthG - 4.3.2027", "§ 24 AufenthG", date(2027, 3, 4), ""),
        ("AE befr. b. 1.1.2020", "AE", date(2020, 1, 1), ""),
        ("Duldung vom 01.12.2026", "Duldung", None, "01.12.2026"),
        ("Duldung 01.12.2020", "Duldung", None, "01.12.2020"),
        ("Duldung bis 12/2026", "Duldung", None, "12/2026"),
        ("§ 25 Abs. 2 AufenthG", "§ 25 Abs. 2 AufenthG", None, ""),
        ("31.12.2026", "", date(2026, 12, 31), ""),
    ],
)
def test_the_day_beside_a_status_is_taken_or_asked_for(text, status, until, unclear):
    found = read_permit(text, TODAY)
    assert (found.status, found.until, found.unclear) == (status, until, unclear)


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Name;Status;von;bis", ["surname", "residence_status", "ignore", "residence_until"]),
        ("Name;Status;Datum;bis", ["surname", "residence_status", "ignore", "residence_until"]),
        ("Name;bis;Status;Ort", ["surname", "residence_until", "residence_status", "town"]),
        ("Name;Status;erteilt am;Ort", ["surname", "residence_status", "ignore", "town"]),
        ("Name;Status;;Ort", ["surname", "residence_status", "residence_until", "town"]),
    ],
)
def test_of_the_days_beside_a_status_the_last_one_counts(header, fields):
    cells = {"residence_status": "Duldung", "town": "Weiler", "surname": "Muster"}
    line = ";".join(cells.get(field, "31.12.2027") for field in fields)
    assert [field.value for field in propose_mapping(table_of(f"{header}\n{line}\n"))] == fields


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Telefon Betreuer", None),
        ("Vorname des Kindes", None),
        ("Vorname Name", None),
        ("Tel./Handy", TargetField.PHONE),
        ("PLZ/Ort", TargetField.TOWN),
        ("BG-Nr.", TargetField.FAMILY_KEY),
        ("Ankunft in Deutschland", TargetField.ARRIVED_ON),
    ],
)
def test_columns_about_others_are_not_taken_for_the_person(name, field):
    assert field_for_header(name) is field


def test_cells_of_further_kinds_are_read():
    assert read_phones("4915112345678") == (("+4915112345678",), ())
    assert read_phones("380671234567") == (("+380671234567",), ())
    assert read_phones("Tel. ٠١٥١١٢٣٤٥٦٧٨") == (("+4915112345678",), ())
    assert read_phones("1511234567") == (("+491511234567",), ())
    assert read_phones("keine") == ((), ())
    assert read_languages("Arab., Kurd. u. Deutsch (A2)") == (("ar", "kmr", "de"), ())
    assert read_languages("rom.") == ((), ("rom.",))
    assert [read_gender(text) for text in ("Fr.", "Junge", "weiblich (w)", "♂")] == ["f", "m", "f", "m"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Süd-Korea", "KR"),
        ("China, Republik", None),
        ("Serbien und Montenegro", None),
        ("Korea", None),
        ("Vietnam, Sozialistische Republik", "VN"),
        ("Bolivien, Plurinationaler Staat", "BO"),
        ("436 Afghanistan", "AF"),
        ("afgh.", "AF"),
        ("nig.", None),
        ("Syrerin", "SY"),
        ("o.A.", "unclear"),
    ],
)
def test_countries_in_further_spellings_are_right_or_asked_for(text, code):
    assert read_nationality(text) == code


def test_an_address_in_one_column_is_taken_apart():
    table = table_of("Name;Vorname;Anschrift\nMuster;Ada;Hauptstr. 5, 76297 Stutensee\nMuster;Bo;-\n")
    one, other = people_of(table)
    assert (one.street, one.postcode, one.town) == ("Hauptstr. 5", "76297", "Stutensee")
    assert (other.street, other.town) == ("", "")


def test_letters_as_web_pages_write_them_are_letters():
    table = table_of("Name;Vorname\nM&uuml;ller;&#1054;лена\n")
    assert table.rows[0].cells == ("Müller", "Олена")


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("mac_roman", ["Müller", "Jäger", "Weiß"]),
        ("mac_cyrillic", ["Шевченко", "Коваленко"]),
        ("cp857", ["Gülşah", "Çağlar", "Yıldız"]),
        ("cp852", ["Łukaszewski", "Nováček"]),
        ("cp1253", ["Παπαδόπουλος", "Γιώργος"]),
    ],
)
def test_further_code_pages_are_proposed(page, names):
    seen = [western(name.encode(page)) for name in names]
    (proposed,) = proposed_pages([seen])
    assert [repaired(cell, proposed) for cell in seen] == names


def test_where_two_pages_read_a_column_as_well_the_rest_of_the_list_decides():
    columns = [["Nešić", "Šimić"], ["Đorđe"]]
    pages = proposed_pages([[western(cell.encode("cp1250")) for cell in cells] for cells in columns])
    assert pages == ["cp1250", "cp1250"]


@pytest.mark.parametrize(
    ("one", "other"), [("Kind I", "Kind II"), ("Kind A", "Kind B"), ("Zwilling 1", "Zwilling 2")]
)
def test_children_told_apart_by_letters_or_roman_numbers_are_two(one, other):
    assert differ_in_digits(
        PersonValues(surname="Muster", given_name=one).traits,
        PersonValues(surname="Muster", given_name=other).traits,
    )
