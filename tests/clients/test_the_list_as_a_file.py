"""The client list as a file: what the page shows, for a reason, and nothing a spreadsheet would run."""

import datetime
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from audit.models import AuditEntry
from clients.models import Country, ListExport, SpokenLanguage
from tests.factories.clients import ClientFactory, ClientLanguageFactory, ResidenceFactory, recount_contacts
from ui.spreadsheets import FORMULA, harmless, write_csv, write_xlsx

EXPORT = "/clients/export/"
WHY = {"reason": "Liste für die Teamsitzung", "format": "xlsx"}


@pytest.fixture
def own(cast):
    def make(count=1, **values):
        return [
            ClientFactory(municipality=cast.stutensee, manager=cast.manager, **values) for _ in range(count)
        ]

    return make


def body(answer):
    return b"".join(answer.streaming_content)


def csv_lines(browser, address=EXPORT):
    answer = browser.post(address, {**WHY, "format": "csv"})
    assert answer.status_code == 200
    text = body(answer).decode("utf-8")
    assert text.startswith("\ufeff")
    return [line.split(";") for line in text.lstrip("\ufeff").splitlines()]


def sheet_of(answer):
    return load_workbook(io.BytesIO(body(answer))).active


@pytest.mark.django_db
def test_it_holds_the_rows_and_columns_of_the_page(browser, own):
    (ahmadi,) = own(surname="Ahmadi", given_name="Zahra", birth_date=datetime.date(1990, 5, 2))
    own(surname="Touray", given_name="Lamin", phase="paused")
    ClientLanguageFactory(client=ahmadi, language=SpokenLanguage.objects.get(code="fa"))
    recount_contacts(ahmadi, [datetime.date(2018, 3, 14)])
    header, *rows = csv_lines(browser, EXPORT + "?phase=active")
    assert header == [
        f'"{label}"'
        for label in (
            "Name",
            "Fallnummer",
            "Alter",
            "Sprachen",
            "Phase",
            "Intensität",
            "Letztes Gespräch",
            "Nächster Termin",
        )
    ]
    assert [row[0] for row in rows] == ['"Ahmadi, Zahra"']
    assert rows[0][1] == f'"{ahmadi.case_no}"'
    assert rows[0][3:8] == ['"Farsi"', '"aktiv"', '""', '"14.03.2018"', '""']


@pytest.mark.django_db
def test_dates_stay_dates_and_texts_stay_texts(browser, own, cast):
    cast.manager.list_columns = "last_talk,birth_date,permit,nationality"
    cast.manager.save()
    (client,) = own(surname="=1+1", given_name="", birth_date=datetime.date(1990, 5, 2))
    client.nationality = Country.objects.first()
    client.save()
    ResidenceFactory(client=client, printed_until=datetime.date(2027, 1, 31), continues_until=None)
    recount_contacts(client, [datetime.date(2018, 3, 14)])
    answer = browser.post(EXPORT, WHY)
    assert answer["Content-Disposition"].startswith('attachment; filename="akten-')
    header, row = sheet_of(answer).iter_rows()
    assert [cell.value for cell in header] == [
        "Name",
        "Fallnummer",
        "Alter",
        "Letztes Gespräch",
        "Geburtsdatum",
        "Staatsangehörigkeit",
        "Aufenthalt gültig bis",
    ]
    assert (row[0].value, row[0].data_type) == ("=1+1", "s")
    assert [cell.value for cell in row[3:]] == [
        datetime.datetime(2018, 3, 14),
        datetime.datetime(1990, 5, 2),
        client.nationality.label,
        datetime.datetime(2027, 1, 31),
    ]
    assert row[3].number_format == "DD.MM.YYYY"


@given(st.text(min_size=1))
def test_no_text_of_a_csv_begins_like_a_formula(text):
    assert not FORMULA.match(harmless(text))
    assert harmless(text).endswith(text)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\rx", "＝1", "＋1", "－1", "＠x", "  =1"])
def test_every_beginning_of_a_formula_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


def test_no_cell_of_a_workbook_is_a_formula_and_control_characters_are_left_out():
    with write_xlsx("Liste", ["=A1"], [["=1+1\x01"], ["@x"]]) as file:
        sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet


def test_every_field_of_a_csv_is_quoted():
    with write_csv(["Name"], [['a;"b'], [None], [3]]) as file:
        assert file.read().decode("utf-8-sig").splitlines() == ['"Name"', '"a;""b"', '""', '"3"']


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"format": "csv"}, {"reason": "   ", "format": "csv"}])
def test_without_a_reason_nothing_leaves_and_it_is_said_at_the_field(browser, own, fields):
    own(surname="Ahmadi")
    answer = browser.post(EXPORT, fields)
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in answer.text
    assert ListExport.objects.count() == 0
    assert not AuditEntry.objects.filter(action="client.list_exported").exists()


@pytest.mark.django_db
def test_it_is_recorded_with_count_and_columns_and_the_reason_is_kept(browser, own, cast):
    own(3)
    body(browser.post(EXPORT + "?phase=active", WHY))
    entry = AuditEntry.objects.get(action="client.list_exported")
    assert (entry.actor, entry.count, entry.subject_ref) == (cast.manager, 3, None)
    assert entry.fields == sorted(
        ["name", "case_no", "age", "languages", "phase", "intensity", "last_talk", "next_appointment"]
    )
    export = ListExport.objects.get()
    assert (export.user, export.reason, export.count) == (cast.manager, WHY["reason"], 3)
    assert "Liste für die Teamsitzung" in browser.get(EXPORT).text


@pytest.mark.django_db
def test_nobody_elses_files_and_a_stand_in_those_of_her_list(as_user, own, cast):
    own(surname="Zwirnelfe", given_name="")
    assert len(csv_lines(as_user(cast.colleague))) == 1
    header, row = csv_lines(as_user(cast.substitute))
    assert (header[-1], row[0], row[-1]) == ('"In Vertretung für"', '"Zwirnelfe"', '"Jana Rehbaum"')


@pytest.mark.django_db
def test_a_stand_in_without_the_reason_takes_no_review_and_no_protected_level(as_user, own, cast):
    cast.substitute.list_columns = "intensity,next_review"
    cast.substitute.save()
    (client,) = own()
    type(client).objects.unscoped(reason="test").filter(pk=client.pk).update(
        intensity="crisis", unprotected_intensity="regular", next_review_on=datetime.date(2030, 1, 2)
    )
    _header, row = csv_lines(as_user(cast.substitute))
    assert row[3:5] == ['"regelmäßig, ohne geschützte Bausteine"', '""']


@pytest.mark.django_db
def test_the_whole_list_is_taken_not_one_page(browser, own, monkeypatch):
    from clients.services import list_export

    monkeypatch.setattr(list_export, "AT_ONCE", 4)
    files = own(11)
    lines = csv_lines(browser, f"{EXPORT}?after={files[5].uuid}")
    assert len(lines) == 12


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_takes_the_same_statements_for_one_file_and_for_fifty(browser, own, kind, cast):
    cast.manager.list_columns = "languages,nationality,permit,next_due"
    cast.manager.save()

    def statements():
        with CaptureQueriesContext(connection) as captured:
            body(browser.post(EXPORT, {**WHY, "format": kind}))
        return len(captured)

    for client in own(1):
        ResidenceFactory(client=client)
    statements()
    one = statements()
    for client in own(49):
        ResidenceFactory(client=client)
    assert statements() == one


@pytest.mark.django_db
def test_the_permit_of_today_is_shown(browser, own, cast):
    cast.manager.list_columns = "permit"
    cast.manager.save()
    (client,) = own()
    past = ResidenceFactory(client=client, printed_until=datetime.date(2031, 5, 1), continues_until=None)
    type(past).objects.unscoped(reason="test").filter(pk=past.pk).update(ended_on=timezone.localdate())
    ResidenceFactory(client=client, printed_until=datetime.date(2029, 5, 1), continues_until=None)
    assert csv_lines(browser)[1][3] == '"01.05.2029"'
