"""A file of the manager, as these tests meet it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from clients.models import Client
from tests.cast import Cast
from tests.factories.clients import ClientFactory


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.fixture
def client(cast: Cast) -> Client:
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee)


@pytest.fixture
def manager(cast: Cast) -> Any:
    return cast.manager


@pytest.fixture
def browser(as_user: Any, cast: Cast) -> Any:
    return as_user(cast.manager)


@pytest.fixture
def stand_in(as_user: Any, cast: Cast) -> Any:
    return as_user(cast.substitute)
