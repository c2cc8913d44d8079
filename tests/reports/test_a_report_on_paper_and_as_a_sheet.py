"""What leaves the house: the workbook read by openpyxl, the PDF by pypdf; both say what the page says."""

import datetime as dt
import io
import uuid

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.actor import Actor
from clients.models import Client
from reports.frozen import FrozenReport, Narrative
from reports.models import ProtectedTable
from reports.periods import narrating, printing
from reports.periods.freezing import freeze
from reports.periods.lines import LINES
from reports.periods.report import counted_report, frozen_report
from reports.rules import periods
from tests.reports.settlement import at
from tests.reports.small_year import D, live_through

pytestmark = [pytest.mark.django_db, pytest.mark.facts_by_hand]

YEAR = periods.parse("2025-01_2025-12")
QUERY = "?since=2025-01&until=2025-12"


def stored(place, day, total):
    """A table of people as it is stored: rounded numbers and words in both languages."""
    words = {"code": "gender", "de": "Geschlecht", "en": "Gender"}
    rows = [
        {"code": code, "de": de, "en": en, "numbers": [number]}
        for code, de, en, number in (("f", "weiblich", "female", total - 20), ("m", "männlich", "male", 20))
    ]
    content = {"title": words, "columns": [], "rows": rows, "total": [total], "lacking": 5}
    return ProtectedTable.objects.create(
        municipality=place, code="gender", day=day, stored_at=at(day), content=content
    )


@pytest.fixture
def year(cast):
    people = live_through(cast)
    stored(cast.stutensee, D(2024, 12, 31), 60)
    stored(cast.stutensee, D(2025, 6, 30), 70)
    stored(cast.stutensee, D(2026, 6, 30), 90)
    return people


def fetch(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return io.BytesIO(b"".join(answer.streaming_content))


def text_of(file):
    reader = PdfReader(file)
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags_of(reader):
    """The kinds of the structure elements, from the root down."""
    kinds = []

    def walk(element):
        element = element.get_object()
        if not isinstance(element, dict):
            return
        if "/S" in element:
            kinds.append(element["/S"])
        children = element.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            if not isinstance(child, int):
                walk(child)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return kinds


def test_the_workbook_has_typed_cells(cast, as_user, year):
    book = load_workbook(fetch(as_user(cast.officer), f"/reports/period/file/xlsx/{QUERY}"))
    assert book.sheetnames == ["Bericht", "Kennzahlen", "Menschen", "Methode"]
    rows = {row[1].value: row for row in book["Kennzahlen"].iter_rows(min_row=2)}
    talks, coverage = rows["Beratungsgespräche"], rows["Plan-Quote"]
    assert [cell.value for cell in talks[2:]] == [5, 1, 4]
    assert {cell.data_type for cell in talks[2:]} == {"n"}
    assert (coverage[2].value, coverage[2].number_format) == (0.5, "0.0%")
    about = {row[0].value: row[1] for row in book["Bericht"].iter_rows(min_row=2)}
    assert about["Von"].value == dt.datetime(2025, 1, 1)
    assert about["Von"].number_format == "DD.MM.YYYY"
    assert about["Stand"].value == "nicht festgeschrieben: Einträge können sich noch ändern"
    assert len(list(book["Methode"].iter_rows())) > 10


def test_missing_data_stand_first(cast, as_user, year):
    book = load_workbook(fetch(as_user(cast.officer), f"/reports/period/file/xlsx/{QUERY}"))
    first = [[cell.value for cell in row] for row in book["Bericht"].iter_rows(min_row=2, max_row=4)]
    assert first == [
        ["Was noch fehlt:", "1 Termin ohne Ergebnis"],
        ["Was noch fehlt:", "5 Kontakte ohne Thema"],
        ["Was noch fehlt:", "2 Akten ohne Bedarfsermittlung"],
    ]
    html = as_user(cast.officer).get(f"/reports/period/{QUERY}").content.decode()
    assert html.index("1 Termin ohne Ergebnis") < html.index("Stand am letzten Tag")


def test_protected_figures_are_the_last_stored_ones_with_their_day(cast, as_user, year):
    book = load_workbook(fetch(as_user(cast.officer), f"/reports/period/file/xlsx/{QUERY}"))
    rows = [[cell.value for cell in row] for row in book["Menschen"].iter_rows(min_row=2)]
    day = dt.datetime(2025, 6, 30)
    assert rows == [
        ["Geschlecht", day, "weiblich", None, 50],
        ["Geschlecht", day, "männlich", None, 20],
        ["Geschlecht", day, "gesamt", None, 70],
    ]
    text = text_of(fetch(as_user(cast.officer), f"/reports/period/file/pdf/{QUERY}"))
    assert "Geschlecht, Stichtag 30.06.2025" in text
    assert "weiblich 50 71 %" in text
    assert "Geschlecht, Stichtag 31.12.2024" not in text


def test_the_coordinator_gets_a_sheet_for_each_position(cast, as_user, year):
    book = load_workbook(fetch(as_user(cast.coordinator), f"/reports/period/file/xlsx/{QUERY}"))
    assert book.sheetnames[2:4] == ["Kommunen", "Stellen"]
    name = next(name for name in book.sheetnames if "Rehbaum" in name)
    sheet = {row[0].value: row[1].value for row in book[name].iter_rows(min_row=2)}
    assert (sheet["Stellenanteil"], sheet["Beratungsgespräche"], sheet["Beratene Personen"]) == (1, 3, 2)
    names = load_workbook(fetch(as_user(cast.officer), f"/reports/period/file/xlsx/{QUERY}")).sheetnames
    assert not any("Rehbaum" in name for name in names)


@pytest.mark.parametrize("kind", ["pdf", "council"])
def test_a_pdf_is_tagged_in_german_and_has_a_title(cast, as_user, year, kind):
    file = fetch(as_user(cast.officer), f"/reports/period/file/{kind}/{QUERY}")
    reader = PdfReader(file)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert "Januar 2025 – Dezember 2025" in reader.metadata.title
    assert reader.xmp_metadata is not None
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()
    kinds = tags_of(reader)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} - set(kinds) == set()
    assert kinds.count("/H1") == 1


def test_the_summary_for_the_council_is_one_page_with_the_year_before(cast, as_user, year):
    file = fetch(as_user(cast.officer), f"/reports/period/file/council/{QUERY}")
    assert len(PdfReader(file).pages) == 1
    text = text_of(file)
    assert "Kurzbericht für den Gemeinderat" in text
    assert "Beratungsgespräche 5 1 +4" in text
    assert "Plan-Quote (%) 50,0 0,0 +50,0" in text


def test_page_sheet_and_print_say_the_same(cast, year):
    report = counted_report([cast.stutensee], YEAR, at(D(2026, 2, 1)), by_manager=False)
    text = text_of(io.BytesIO(printing.report_pdf(report)))
    for code in ("active", "counselled", "talks", "visits", "office_hours", "plans_valid"):
        line = LINES[code]
        assert f"{line.label} {line.value(report.total)} " in text, code


def test_a_frozen_report_prints_its_check_sum(cast, as_user, year):
    frozen = freeze(Actor(cast.officer), FrozenReport(title="Bericht 2025"), [cast.stutensee], YEAR)
    text = text_of(fetch(as_user(cast.officer), f"/reports/frozen/{frozen.uuid}/file/pdf/"))
    assert f"Prüfsumme {frozen.record_hash[:16]}" in text
    book = load_workbook(fetch(as_user(cast.officer), f"/reports/frozen/{frozen.uuid}/file/xlsx/"))
    about = {row[0].value: row[1].value for row in book["Bericht"].iter_rows(min_row=2)}
    assert (about["Prüfsumme der Einträge"], about["Einträge"]) == (frozen.record_hash, frozen.record_count)


def test_the_report_in_words_has_at_most_three_pages(cast, year):
    frozen = freeze(Actor(cast.officer), FrozenReport(title="Bericht 2025"), [cast.stutensee], YEAR)
    longest = " ".join(["Wortreich"] * 300)[:2500]
    narrative = Narrative(report=frozen, **dict.fromkeys(narrating.COLUMNS, longest), form_token=uuid.uuid4())
    made = printing.narrative_pdf(frozen_report(frozen, by_manager=False), narrative)
    assert len(PdfReader(io.BytesIO(made)).pages) <= 3


def test_what_somebody_typed_is_inert_on_paper(cast, year):
    frozen = freeze(Actor(cast.officer), FrozenReport(title="#read(1)"), [cast.stutensee], YEAR)
    typed = dict.fromkeys(narrating.COLUMNS, "#pagebreak() $x$ *nicht fett* <tag> `code`")
    made = printing.narrative_pdf(frozen_report(frozen, by_manager=False), Narrative(report=frozen, **typed))
    assert "#pagebreak() $x$ *nicht fett* <tag> `code`" in text_of(io.BytesIO(made))


def test_nobody_with_a_file_is_named_in_any_of_them(cast, as_user, year):
    browser = as_user(cast.coordinator)
    texts = [text_of(fetch(browser, f"/reports/period/file/{kind}/{QUERY}")) for kind in ("pdf", "council")]
    book = load_workbook(fetch(browser, f"/reports/period/file/xlsx/{QUERY}"))
    texts += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    texts.append(browser.get(f"/reports/period/{QUERY}").content.decode())
    for client in Client.objects.all():
        assert not any(client.surname in text or client.case_no in text for text in texts)


def test_a_kind_nobody_writes_does_not_exist(cast, as_user, year):
    assert as_user(cast.officer).get(f"/reports/period/file/docx/{QUERY}").status_code == 404


def test_months_that_do_not_exist_are_no_file(cast, as_user, year):
    browser = as_user(cast.officer)
    assert browser.get("/reports/period/file/pdf/?since=2025-12&until=2025-01").status_code == 404
    page = browser.get("/reports/period/?since=2025-12&until=2025-01").content.decode()
    assert "Der letzte Monat liegt vor dem ersten." in page
