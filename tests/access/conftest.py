"""The file every test here plays with is put together by factories, past the services."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.access.stage import OpenFile, open_file
from tests.cast import load_cast

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.facts_by_hand)


@pytest.fixture(scope="module")
def _file_of_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[OpenFile]:
    """A file of the manager takes a while to put together, so the tests of a module share one."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = load_cast()
        yield open_file(cast.manager, cast)
        transaction.set_rollback(True)


@pytest.fixture
def file(_file_of_the_module: OpenFile, db: None) -> OpenFile:
    """The file as its module made it; what a test does with it is undone."""
    return copy.deepcopy(_file_of_the_module)
