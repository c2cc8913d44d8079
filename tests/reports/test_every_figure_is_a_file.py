"""Each figure is a page, a picture, a CSV and an XLSX, and all of them say the same numbers (rules.md §8)."""

import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from django.test import Client as Browser

from accounts.models import User
from audit.models import AuditEntry
from reports import figures, managers
from tests.invented_town import AS_OF

pytestmark = pytest.mark.django_db

CHAPTERS = ["/reports/", "/reports/?period=2026-Q3", "/reports/work/", "/reports/work/?period=2025"]


@pytest.fixture(autouse=True)
def on_that_monday(time_machine):
    time_machine.move_to(f"{AS_OF}T08:00:00Z", tick=False)


def get(role, url):
    browser = Browser()
    browser.force_login(User.objects.get(username=role))
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return answer


def figures_of(html):
    """The figures of a page by name, as they stand in it."""
    return dict(re.findall(r'<figure class="fig[^"]*" id="([\w-]+)-fig">(.*?)</figure>', html, re.S))


def words(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def table_of(figure):
    """Heads and rows of the table of a figure, as it is read."""
    table = re.search(r"<table.*?</table>", figure, re.S).group()
    lines = re.findall(r"<tr>(.*?)</tr>", table, re.S)
    return [[words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)] for line in lines]


def as_read(value):
    """A cell of a file as the page writes it; what a page says by a dash is empty."""
    if value is None or value == "":
        return "–"
    if isinstance(value, int | float):
        whole = isinstance(value, int) or value == int(value)
        return f"{int(value)}" if whole else f"{value:.1f}".replace(".", ",")
    return value.removesuffix(",0")


def as_page(rows):
    """The figures of a page without signs of thousands and without empty decimals; a gap is a dash."""
    return [[head, *map(plain, cells)] for head, *cells in rows]


def plain(cell):
    return re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", cell).removesuffix(",0") or "–"


def beside(rows):
    """What stands beside a label in the page has a column of its own in a file."""
    return [[" ".join(filter(None, (row[0], row[-1]))), *row[1:-1]] for row in rows]


def csv_of(role, url, name):
    answer = get(role, f"{url}{'&' if '?' in url else '?'}figure={name}&as=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def xlsx_of(role, url, name):
    answer = get(role, f"{url}{'&' if '?' in url else '?'}figure={name}&as=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


@pytest.mark.parametrize("url", CHAPTERS)
@pytest.mark.parametrize("role", ["officer", "coordinator", "manager"])
def test_page_picture_and_files_say_the_same(town, role, url):
    found = figures_of(get(role, url).content.decode())
    assert len(found) >= 4
    for name, figure in found.items():
        head, *rows = table_of(figure) if "<table" in figure else [[]]
        if not rows:
            continue
        as_csv, as_xlsx = csv_of(role, url, name), xlsx_of(role, url, name)
        noted = len(as_csv[0]) > len(head)
        assert as_csv[0][: len(head)] == head
        told = beside(as_csv[1:]) if noted else as_csv[1:]
        assert [[row[0], *map(as_read, row[1:])] for row in told] == as_page(rows), name
        for line, cells in zip(as_csv, as_xlsx, strict=True):
            assert [as_read(cell) for cell in cells] == [as_read(text) for text in line]
            assert as_csv.index(line) == 0 or not any(
                isinstance(cell, str) for cell in cells[1 : len(head)]
            ), "numbers are numbers"
        ends = [words(end) for end in re.findall(r'<span class="bar-end">(.*?)</span>', figure, re.S)]
        if ends:
            assert [plain(end) for end in ends] == [row[-1] for row in as_page(rows)], name
        drawn = re.findall(r'<text class="on-[^>]*>\s*([\d.,]+)\s*</text>', figure)
        known = {cell for row in as_page(rows) for cell in row[1:]}
        assert {plain(text) for text in drawn} - known == set(), name


def test_a_file_of_the_coordinator_has_everybody(town, monkeypatch):
    whole = csv_of("coordinator", "/reports/", "work"), csv_of("coordinator", "/reports/", "places")
    monkeypatch.setattr(managers, "MANAGERS_ON_A_PAGE", 1)
    monkeypatch.setattr(figures, "PLACES_ON_A_PAGE", 1)
    assert (csv_of("coordinator", "/reports/", "work"), csv_of("coordinator", "/reports/", "places")) == whole
    assert len(csv_of("coordinator", "/reports/work/", "places")) == 3


@pytest.mark.parametrize(
    "url",
    [
        "/reports/?as=csv",
        "/reports/?figure=phases&as=pdf",
        "/reports/?figure=work&as=csv",
        "/reports/work/?figure=phases&as=csv",
        "/reports/people/?figure=surname&as=csv",
        "/reports/?place=PFI&figure=phases&as=csv",
    ],
)
def test_a_figure_one_does_not_read_is_no_file_either(town, url):
    """An officer's page has no work per manager, and no other town."""
    browser = Browser()
    browser.force_login(User.objects.get(username="officer"))
    assert browser.get(url).status_code == 404


def test_taking_a_file_along_is_recorded(town):
    csv_of("officer", "/reports/", "phases")
    entry = AuditEntry.objects.filter(action="report.figure_exported").latest("pk")
    assert (entry.kind, entry.count, entry.subject_ref) == ("figures", 5, None)


@pytest.mark.parametrize("url", ["/reports/", "/reports/work/"])
def test_every_figure_says_what_it_means(town, url):
    html = get("officer", url).content.decode()
    for name, figure in figures_of(html).items():
        assert "So wird gezählt" in figure, name
    assert "noch gültig" not in html
    kpis = re.search(r'<dl class="kpis">.*?</dl>\s*<p', html, re.S)
    assert kpis is None or kpis.group().count("<details") == 6
