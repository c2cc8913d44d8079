"""Whose file lies on the table, and the manager at her screen."""

import datetime

import pytest

from tests.factories.clients import ClientFactory


@pytest.fixture
def client(cast):
    return ClientFactory(
        municipality=cast.stutensee,
        manager=cast.manager,
        surname="Rahmatyar",
        given_name="Samira",
        birth_date=datetime.date(1984, 9, 3),
    )


@pytest.fixture
def browser(cast, as_user):
    return as_user(cast.manager)
