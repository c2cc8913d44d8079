"""The number of queries of a page does not depend on how many rows it shows (architecture.md "Lists and long work")."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped_models
from accounts.actor import Actor
from reports.keeping import keep_sums
from tests.access.matrix import FILE, FILE_OWNER, MATRIX
from tests.access.stage import kwargs_for, open_file, values_for
from tests.appointments.log_desk import reachable, routine
from tests.worklists import derive

pytestmark = pytest.mark.django_db

MANY = 50
PAGES = sorted(route for route, row in MATRIX.items() if row.get == 200 and not route.startswith("account_"))
IN_A_FILE = [route for route in PAGES if MATRIX[route].kind in (FILE, FILE_OWNER)]
LISTS = [route for route in PAGES if route not in IN_A_FILE] + ["clients:detail"]


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
    derive(file.client)


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


def asked(work: Callable[[], Any]) -> int:
    """Statements of what is done, savepoints apart; nothing of it stays."""
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        work()
        transaction.set_rollback(True)
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_a_search_costs_the_same_for_one_hit_and_for_fifty(cast, as_user):
    browser = as_user(cast.manager)
    client = reachable(cast.manager)

    def search() -> None:
        answer = browser.post(reverse("clients:search"), {"q": client.surname[:4]})
        assert client.surname in answer.text

    search()
    one = asked(search)
    for _number in range(MANY - 1):
        reachable(cast.manager, surname=client.surname)
    assert asked(search) == one


def test_saving_a_talk_costs_the_same_in_a_file_of_one_row_and_of_fifty(cast, file, as_user):
    browser = as_user(cast.manager)
    address = reverse("file_appointments:contact_new", args=[file.client.uuid])

    def save() -> None:
        assert browser.post(address, routine()).status_code == 302

    save()
    one = asked(save)
    multiply(file, cast, MANY - 1)
    # What the rows written by hand change in the ladder is written down first.
    save()
    assert asked(save) == one


def test_lists_cost_the_same_for_one_file_and_for_fifty(cast, file):
    roles = ("manager", "officer", "coordinator")
    keep_sums(Actor.system("keep_sums"), timezone.localdate())
    before = {role: counts(cast.users[role], file, LISTS) for role in roles}

    for _number in range(MANY - 1):
        open_file(cast.manager, cast)
    keep_sums(Actor.system("keep_sums"), timezone.localdate())

    after = {role: counts(cast.users[role], file, LISTS) for role in roles}
    assert after == before


def test_file_pages_cost_the_same_for_one_row_and_for_fifty(cast, file):
    before = counts(cast.manager, file, IN_A_FILE)

    multiply(file, cast, MANY - 1)

    after = counts(cast.manager, file, IN_A_FILE)
    assert {route: (before[route], after[route]) for route in before if before[route] != after[route]} == {}
