"""What time alone changes stands beforehand: the stored rows of today are those of any later day."""

import datetime as dt
import itertools
from collections import Counter

import pytest
from django.db import transaction
from django.test import Client as Browser

from accounts.models import User
from clients import worklist
from clients.models import Client, DueItem
from clients.recompute import _write_items, derive_items, stored_facts
from clients.worklist import ITEM_COLUMNS
from demo.world import at
from tests.invented_town import AS_OF

SAID = [name for name in ITEM_COLUMNS if name not in {"id", "shows_on", "shows_until"}]
LATER = [
    AS_OF + dt.timedelta(days=1),
    AS_OF + dt.timedelta(days=7),
    dt.date(2026, 12, 31),
    # The clocks go forward on the one and back on the other; a leap day.
    dt.date(2027, 3, 28),
    dt.date(2027, 10, 31),
    dt.date(2028, 2, 29),
]


def shown_on(day, items):
    """What the items say that stand on a day, whatever their first and last one."""
    return Counter(
        tuple(str(getattr(item, name)) for name in SAID)
        for item in items
        if item.shows_on <= day and (item.shows_until is None or item.shows_until >= day)
    )


@pytest.mark.parametrize("day", LATER)
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_what_is_derived_later_from_the_same_facts_is_stored_already(town, day, hour):
    keys = list(Client.objects.values_list("pk", flat=True))
    derived = derive_items(stored_facts(keys, at(day, hour)))
    stored = DueItem.objects.all()
    assert shown_on(day, derived) == shown_on(day, stored)
    assert len(shown_on(day, stored)) > 20


@pytest.mark.parametrize("day", LATER)
def test_on_a_later_day_no_row_has_to_be_corrected(town, day):
    facts = stored_facts(Client.objects.values_list("pk", flat=True), at(day, 5))
    with transaction.atomic():
        assert _write_items(facts, derive_items(facts)) == set()
        transaction.set_rollback(True)


def test_midnight_alone_changes_what_is_shown(town):
    days = [AS_OF + dt.timedelta(days=number) for number in range(60)]
    stored = list(DueItem.objects.all())
    seen = [shown_on(day, stored) for day in days]
    assert any(before - after for before, after in itertools.pairwise(seen)), "something goes"
    assert any(after - before for before, after in itertools.pairwise(seen)), "something comes"


def test_every_kind_that_is_derived_can_be_read(town):
    derived = set(DueItem.objects.values_list("kind", flat=True))
    assert len(derived) > 12
    assert derived - worklist.kinds() == set()


def test_an_item_of_an_unknown_kind_does_not_stop_the_start_page(town):
    manager = User.objects.get(username="manager")
    browser = Browser()
    browser.force_login(manager)
    assert browser.get("/").status_code == 200
    DueItem.objects.update(kind="unheard_of")
    assert browser.get("/").status_code == 200
