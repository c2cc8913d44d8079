"""The number of queries of a page does not depend on how many rows it shows (house.md §3b)."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped_models
from tests.access.matrix import MATRIX
from tests.access.stage import kwargs_for, open_file, values_for

pytestmark = pytest.mark.django_db

MANY = 50
PAGES = sorted(route for route, row in MATRIX.items() if row.get == 200)


def counts(user: Any, file: Any) -> dict[str, int]:
    """Queries of every page for one user, the first request of each kind thrown away."""
    found = {}
    for route in PAGES:
        row = MATRIX[route]
        if row.kind.refusal_for(user.username) is not None:
            continue
        url = reverse(route, kwargs=kwargs_for(route, file))
        with transaction.atomic():
            browser = Browser()
            browser.force_login(type(user).objects.get(pk=user.pk))
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


@pytest.mark.parametrize("role", ["manager", "officer", "coordinator"])
def test_lists_cost_the_same_for_one_file_and_for_fifty(role, cast):
    file = open_file(cast.manager, cast)
    before = counts(cast.users[role], file)

    for _number in range(MANY - 1):
        open_file(cast.manager, cast)

    after = counts(cast.users[role], file)
    assert {r: (before[r], after[r]) for r in before if before[r] != after[r]} == {}


def test_file_pages_cost_the_same_for_one_row_and_for_fifty(cast):
    file = open_file(cast.manager, cast)
    before = counts(cast.manager, file)

    multiply(file, cast, MANY - 1)

    after = counts(cast.manager, file)
    assert {r: (before[r], after[r]) for r in before if before[r] != after[r]} == {}
