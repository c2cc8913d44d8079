"""What a list costs: no step asks the database more often because the list is longer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake.choices import ImportState
from intake.models import ImportBatch
from tests.intake.import_desk import columns_of, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_january_2018")]


def people(number: int, mark: str) -> bytes:
    lines = [
        f"{mark}{'abcdefghij'[n % 10]}{n // 10}son;Ada;{n % 28 + 1:02}.03.1980;Lindenweg {n}"
        for n in range(number)
    ]
    return "\n".join(["Nachname;Vorname;Geburtsdatum;Unterkunft", *lines]).encode()


def costs(browser, cast, number: int, mark: str) -> dict[str, int]:
    """Statements by step, from the upload to the result and back."""
    counted: dict[str, int] = {}

    def step(name, send, status=200):
        with CaptureQueriesContext(connection) as asked:
            answer = send()
        assert answer.status_code == status
        counted[name] = len(asked)

    step("upload", lambda: upload(browser, cast, people(number, mark)), 302)
    batch = ImportBatch.objects.latest("pk")
    page = reverse("intake:import", args=[batch.uuid])
    columns = reverse("intake:import_columns", args=[batch.uuid])
    step("columns", lambda: browser.get(columns))
    step("choice", lambda: browser.post(columns, columns_of(batch)), 302)
    step("check", lambda: browser.get(page))
    step("rows", lambda: browser.get(page))
    step("import", lambda: browser.post(reverse("intake:import_run", args=[batch.uuid])), 302)
    step("result", lambda: browser.get(page))
    step("undo", lambda: browser.post(reverse("intake:import_undo", args=[batch.uuid])), 302)
    batch.refresh_from_db()
    assert (batch.state, batch.undone_at is None) == (ImportState.CHECKING, False)
    return counted


def test_every_step_costs_the_same_for_three_rows_and_for_twenty(as_manager, cast):
    # The first list of a year makes its counter, and what its columns meant is remembered.
    costs(as_manager, cast, 2, "Probe")
    assert costs(as_manager, cast, 20, "Muster") == costs(as_manager, cast, 3, "Beispiel")
