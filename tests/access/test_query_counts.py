"""The number of queries of a page does not depend on how many rows it shows (architecture.md "Lists and long work")."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped_models
from tests.access.matrix import FILE, FILE_OWNER, MATRIX
from tests.access.stage import kwargs_for, open_file, values_for
from tests.appointments.log_desk import reachable, routine

pytestmark = pytest.mark.django_db

MANY = 50
PAGES = sorted(route for route, row in MATRIX.items() if row.get == 200 and not route.startswith("account_"))
IN_A_FILE = [route for route in PAGES if MATRIX[route].kind in (FILE, FILE_OWNER)]
LISTS = [route for route in PAGES if route not in IN_A_FILE] + ["clients:detail"]


AT_MOST = {
    "home": 30,
    "clients:list": 9,
    "clients:detail": 20,
    "clients:timeline": 12,
    "clients:person": 16,
    "clients:inbox": 11,
    "file_plans:plan": 16,
    "plans:list": 8,
    "appointments:day": 7,
    "file_appointments:contact_new": 13,
    "reports:cases": 16,
}
"""Queries of the main pages with session, user, scope and audit. A page that needs more asks for something twice."""


def counts(user: Any, file: Any, routes: list[str]) -> dict[str, int]:
    """Queries of pages for one user, the first request of each thrown away."""
    browser = Browser()
    browser.force_login(type(user).objects.get(pk=user.pk))
    found = {}
    for route in routes:
        row = MATRIX[route]
        if row.kind.refusal_for(user.username) is not None:
            continue
        url = reverse(route, kwargs=kwargs_for(route, file))
        with transaction.atomic():
            browser.get(url)
            with CaptureQueriesContext(connection) as captured:
                browser.get(url)
            transaction.set_rollback(True)
        found[route] = len(captured)
    return found


def multiply(file: Any, cast: Any, times: int) -> None:
    """Further rows of whatever a file can hold many of."""
    by_label = {model._meta.label: model for model in scoped_models()}
    now = timezone.now()
    for number in range(times):
        for label in MANY_IN_A_FILE:
            values = values_for(by_label[label], file, cast)
            for name in ("uuid", "form_token"):
                values.pop(name, None)
            values.update(SPREAD.get(label, lambda number, now: {})(number, now))
            by_label[label]._base_manager.create(**values)


MANY_IN_A_FILE = [
    "clients.ContactPoint",
    "clients.Relative",
    "clients.SafetyNote",
    "clients.PhaseChange",
    "appointments.Appointment",
    "appointments.FollowUp",
]
SPREAD: dict[str, Any] = {
    "clients.PhaseChange": lambda number, now: {"phase": "active"},
    "appointments.Appointment": lambda number, now: {
        "starts_at": now + datetime.timedelta(days=number + 2),
        "ends_at": now + datetime.timedelta(days=number + 2, minutes=30),
    },
}


def test_the_main_pages_stay_within_their_number_of_queries(cast):
    file = open_file(cast.manager, cast)
    found = counts(cast.coordinator, file, ["reports:cases"]) | counts(
        cast.manager, file, [route for route in AT_MOST if route != "reports:cases"]
    )
    assert found.keys() == AT_MOST.keys()
    assert {route: number for route, number in found.items() if number > AT_MOST[route]} == {}


def test_a_search_and_a_routine_talk_stay_within_their_number_of_queries(cast, as_user):
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    log = reverse("file_appointments:contact_new", args=[client.uuid])
    browser.post(log, routine())

    with CaptureQueriesContext(connection) as search:
        assert browser.post(reverse("clients:search"), {"q": client.surname[:4]}).status_code == 200
    fields = routine()
    with CaptureQueriesContext(connection) as talk:
        assert browser.post(log, fields).status_code == 302

    assert len(search) <= 5
    assert len([query for query in talk if "SAVEPOINT" not in query["sql"]]) <= 33


def test_lists_cost_the_same_for_one_file_and_for_fifty(cast):
    file = open_file(cast.manager, cast)
    roles = ("manager", "officer", "coordinator")
    before = {role: counts(cast.users[role], file, LISTS) for role in roles}

    for _number in range(MANY - 1):
        open_file(cast.manager, cast)

    after = {role: counts(cast.users[role], file, LISTS) for role in roles}
    assert after == before


def test_file_pages_cost_the_same_for_one_row_and_for_fifty(cast):
    file = open_file(cast.manager, cast)
    before = counts(cast.manager, file, IN_A_FILE)

    multiply(file, cast, MANY - 1)

    after = counts(cast.manager, file, IN_A_FILE)
    assert {route: (before[route], after[route]) for route in before if before[route] != after[route]} == {}
