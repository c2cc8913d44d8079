"""A house without the cast, to invent a town in."""

import datetime as dt
from collections.abc import Generator
from typing import Any

import pytest
from django.db import transaction

from accounts.models import District, Membership, Municipality, Service, StandIn, User
from demo.seed import Counts, seed

AS_OF = dt.date(2026, 11, 23)


def empty_the_house() -> None:
    """Only the catalogues stay; a transaction brings the cast back."""
    for model in (StandIn, Service, Membership, User, Municipality, District):
        model._base_manager.all().delete()


def invent(**options: Any) -> Counts:
    """Fill the empty house; small and deterministic unless asked otherwise."""
    values = {"profile": "seed", "clients": 15, "seed": 1, "as_of": AS_OF, "month": 15, "password": "demo"}
    return seed(**{**values, **options})


@pytest.fixture
def empty_house(db: None) -> None:
    empty_the_house()


@pytest.fixture(scope="module")
def _town_of_the_module(django_db_setup: None, django_db_blocker: Any) -> Generator[Counts, None, None]:
    """Inventing takes seconds, so the reading tests of a module share one town."""
    with django_db_blocker.unblock(), transaction.atomic():
        empty_the_house()
        yield invent(clients=60)
        transaction.set_rollback(True)


@pytest.fixture
def town(_town_of_the_module: Counts, db: None) -> Counts:
    """A town of 60 active files on Monday, 23 November 2026; what a test writes is undone."""
    return _town_of_the_module
