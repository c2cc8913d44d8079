"""No statement of a page reads through a big table: its time follows what it shows, not what there is.

SQLite says so for tables of any size. PostgreSQL decides by size and would not bother with an index in a test; there
the statements that read many tables at once are asked, for they leave it one way only.
"""

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import scoped_models
from accounts.file_loader import WHOLE, Part, load_columns, load_together, path_to_file
from appointments.file_rows import APPOINTMENT_TABLES
from appointments.models import FollowUp
from clients.file_rows import OWN_TABLES
from clients.list_columns import COLUMNS as LIST_COLUMNS
from clients.models import Client
from integration_plans.file_rows import PLAN_TABLES, PROGRESS_TABLES
from integration_plans.plan_status import COLUMNS
from outreach.file_rows import OUTREACH_TABLES
from tests.access.stage import kwargs_for
from tests.factories.appointments import FollowUpFactory
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

BIG = {Client._meta.db_table, "audit_auditentry"} | {
    model._meta.db_table for model in scoped_models() if path_to_file(model)
}
OF_A_MANAGER = (
    "home",
    "clients:list",
    "clients:detail",
    "clients:timeline",
    "clients:timeline_print",
    "clients:person",
    "clients:access_log",
    "intake:inbox",
    "file_plans:plan",
    "plans:list",
    "appointments:day",
    "appointments:contact_new",
    "file_appointments:contact_new",
)
CHOICES: list[dict[str, str]] = [
    {},
    *({"phase": phase} for phase in ("active", "closed", "all")),
    *({"intensity": level} for level in ("crisis", "none")),
    *({"order": order} for order in ("due", "talk", "appointment")),
    *({"missing": gap} for gap in ("address", "appointment")),
    *({"whose": whose} for whose in ("own", "others")),
    {"language": "prs"},
    {"home": "au_shared"},
    {"new": "assigned"},
]
SEARCHES = {
    "name": "Zwitsch",
    "both names": "Zwitscherlibelle Amira",
    "name and date": "Zwitscherlibelle 01.02.1990",
    "case number": "STU-2018-0001",
    "date": "01.02.1990",
    "phone": "07249 12",
}


@pytest.fixture(autouse=True)
def without_statistics(db: None) -> None:
    """A database that was analysed knows how small these tables are, and reads them from beginning to end."""
    if connection.vendor == "sqlite" and "sqlite_stat1" in table_names():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("ANALYZE sqlite_schema")


def table_names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_schema")
        return {row[0] for row in cursor.fetchall()}


def reading(browser: Browser, method: str, url: str, data: Any = None) -> list[str]:
    """The reading statements of one request, whose writes are taken back."""
    with transaction.atomic():
        with CaptureQueriesContext(connection) as captured:
            assert getattr(browser, method)(url, data).status_code == 200
        transaction.set_rollback(True)
    return [query["sql"] for query in captured if query["sql"].lstrip("(").startswith("SELECT")]


def read_through(statements: list[str]) -> dict[str, list[str]]:
    """The statements that read big tables from beginning to end, with these tables."""
    found = {}
    for sql in statements:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[3] for row in cursor.fetchall()]
        tables = {alias: table for table, alias in re.findall(r'"(\w+)" (?:AS )?"?(\w+)"?', sql)}
        names = [step.split()[1] for step in steps if step.startswith("SCAN ")]
        scanned = [table for table in (tables.get(name, name) for name in names) if table in BIG]
        if scanned:
            found[sql] = scanned
    return found


@pytest.mark.sqlite
@pytest.mark.parametrize("route", OF_A_MANAGER)
def test_pages_of_a_manager_and_of_her_stand_in_find_their_rows_by_index(cast, file, as_user, route):
    url = reverse(route, kwargs=kwargs_for(route, file))
    for user in (cast.manager, cast.substitute):
        assert read_through(reading(as_user(user), "get", url)) == {}


@pytest.mark.sqlite
@pytest.mark.parametrize("query", SEARCHES.values(), ids=SEARCHES.keys())
def test_every_kind_of_search_finds_its_rows_by_index(cast, file, as_user, query):
    statements = reading(as_user(cast.manager), "post", reverse("clients:search"), {"q": query})
    assert read_through(statements) == {}


@pytest.mark.sqlite
@pytest.mark.parametrize("chosen", CHOICES, ids=lambda chosen: "&".join(chosen) or "all")
def test_every_filter_and_order_of_the_list_finds_its_rows_by_index(cast, file, as_user, chosen):
    for user in (cast.manager, cast.substitute):
        user.list_columns = ",".join(LIST_COLUMNS)
        user.save()
        assert read_through(reading(as_user(user), "get", reverse("clients:list"), chosen)) == {}


@pytest.mark.sqlite
def test_the_list_as_a_file_finds_its_rows_by_index(cast, file, as_user):
    asked = {"reason": "Teamsitzung", "format": "csv"}
    address, browser = reverse("clients:list_export"), as_user(cast.manager)
    assert read_through(reading(browser, "get", address)) == {}
    assert read_through(reading(browser, "post", address, asked)) == {}


@pytest.mark.sqlite
def test_the_case_list_finds_its_rows_by_index(cast, file, as_user):
    assert read_through(reading(as_user(cast.coordinator), "get", reverse("reports:cases"))) == {}


@pytest.mark.sqlite
def test_a_statement_without_an_index_is_noticed(cast):
    sql = str(Client.objects.unscoped(reason="to be noticed").filter(version=7).query)
    assert read_through([sql]) == {sql: ["clients_client"]}


def is_read_whole(wanted: Any) -> bool:
    """Thresholds and decrees: a few versions, of which the condition of no index is asked."""
    return (wanted.path if isinstance(wanted, Part) else path_to_file(wanted)) == WHOLE


@pytest.mark.postgres
@pytest.mark.parametrize(
    "tables", [OWN_TABLES, APPOINTMENT_TABLES, OUTREACH_TABLES, PLAN_TABLES, PROGRESS_TABLES, COLUMNS]
)
def test_many_tables_at_once_are_read_by_index_alone(file, tables):
    other = ClientFactory(manager=file.client.manager)
    # Of a handful of rows an index over all open ones would be as good as that of one file.
    open_ones = FollowUpFactory.build_batch(300, client=other, owner=other.manager, recorded_by=other.manager)
    FollowUp.objects.bulk_create(open_ones)
    with CaptureQueriesContext(connection) as captured:
        if isinstance(tables, dict):
            load_columns([file.client.pk], tables)
        else:
            load_together([file.client.pk], *tables)

    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {FollowUp._meta.db_table}")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {captured[0]['sql']}")
        plan = [line for (line,) in cursor.fetchall()]

    whole = {getattr(table, "table", table)._meta.db_table for table in tables if is_read_whole(table)}
    assert {line.split(" on ")[1].split()[0] for line in plan if "Seq Scan" in line} == whole
    found = [line for line in plan if re.search(r"Index (Only )?Scan", line)]
    scans = [line for line in found if not any(f" {table}" in line for table in whole)]
    assert len([line for line in plan if "Index Cond" in line]) >= len(scans) > len(tables) // 2
