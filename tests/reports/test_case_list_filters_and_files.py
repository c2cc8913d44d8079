"""The list of cases: its orders, its filters, and the file it is taken away in; nothing finer than its classes."""

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from audit.models import AuditEntry
from clients.models import Client
from tests.reports.settlement import settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def listed(cast, today):
    """Five cases: list number, days since the last talk, months of counselling."""
    spread = (
        (500_001, 20, 12),
        (500_002, 120, 31),
        (500_003, 200, 35),
        (500_004, None, None),
        (500_005, 91, 37),
    )
    files = settle(cast.stutensee, len(spread), today - dt.timedelta(days=1300), manager=cast.manager)
    for file, (number, days, months) in zip(files, spread, strict=True):
        began = None if months is None else today - dt.timedelta(days=months * 31)
        Client.objects.filter(pk=file.pk).update(
            list_number=number,
            last_contact_on=None if days is None else today - dt.timedelta(days=days),
            counselling_started_on=began,
        )
    return files


def numbers(browser, query=""):
    page = browser.get(f"/reports/cases/{query}").context["page"]
    return [int(row.number.removeprefix("L-")) - 500_000 for row in page.rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("?order=talk", [3, 2, 5, 1, 4]),
        ("?order=clock", [5, 2, 3, 1, 4]),
        ("?order=name", [1, 2, 3, 4, 5]),
        ("?state=near_limit", [2, 3]),
        ("?state=limit", [5]),
        ("?state=no_talk", [2, 3, 4, 5]),
        ("?state=no_talk&order=clock", [5, 2, 3, 4]),
        ("?state=asked", []),
        ("?level=unassessed", [1, 2, 3, 4, 5]),
    ],
)
def test_orders_and_filters_follow_the_classes_shown(cast, as_user, listed, query, found):
    assert numbers(as_user(cast.officer), query) == found


def test_within_a_class_the_list_number_decides(cast, as_user, listed, today):
    """31 and 90 days ago stand in one class: the exact day must not be read from the order."""
    for file, days in zip(listed, (90, 31, 60, 45, 88), strict=True):
        Client.objects.filter(pk=file.pk).update(last_contact_on=today - dt.timedelta(days=days))
    assert numbers(as_user(cast.officer), "?order=talk") == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("order", ["", "talk", "clock"])
def test_pages_follow_each_other_in_every_order(cast, as_user, listed, monkeypatch, order):
    monkeypatch.setattr("reports.cases.PAGE", 2)
    browser = as_user(cast.officer)
    whole, after = [], ""
    for _page in range(3):
        page = browser.get(f"/reports/cases/?order={order}&after={after}").context["page"]
        whole += [row.number for row in page.rows]
        after = page.after
    assert after == ""
    assert len(set(whole)) == len(whole) == 5


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_file_holds_the_rows_of_the_page_and_nothing_else(cast, as_user, listed):
    answer = as_user(cast.officer).get("/reports/cases/list.csv?order=talk&state=no_talk")
    header, *rows = rows_of(answer)
    assert header == [
        "Listennummer",
        "Kommune",
        "Phase",
        "Intensität",
        "Kontaktleiter",
        "Überprüfung",
        "Halbjahre Beratung",
        "Letztes Gespräch",
    ]
    assert [row[0] for row in rows] == ["L-500003", "L-500002", "L-500005", "L-500004"]
    assert rows[0][1:3] == ["Stutensee", "aktiv"]
    assert rows[0][-2:] == ["5", "vor mehr als 180 Tagen"]
    text = str(rows)
    assert not [word for file in listed for word in (file.surname, file.case_no) if word in text]
    assert "Rehbaum" not in text
    entry = AuditEntry.objects.get(action="report.cases_exported")
    assert entry.count == 4


def test_the_coordinator_also_reads_whose_they_are(cast, as_user, listed):
    header, *rows = rows_of(as_user(cast.coordinator).get("/reports/cases/list.csv?manager=manager"))
    assert header[2] == "Integrationsmanager:in"
    assert {row[2] for row in rows} == {"Jana Rehbaum"}


def test_the_workbook_has_numbers_as_numbers(cast, as_user, listed):
    answer = as_user(cast.officer).get("/reports/cases/list.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    found = {row[0].value: row[6].value for row in sheet.iter_rows(min_row=2)}
    assert found == {"L-500001": 2, "L-500002": 5, "L-500003": 5, "L-500004": None, "L-500005": 6}


def test_an_officer_takes_none_of_another_municipality_away(cast, as_user, listed):
    assert rows_of(as_user(cast.officer_elsewhere).get("/reports/cases/list.csv"))[1:] == []
    assert as_user(cast.officer_elsewhere).get("/reports/cases/list.csv?place=STU").status_code == 404
    assert as_user(cast.manager).get("/reports/cases/list.csv").status_code == 403
