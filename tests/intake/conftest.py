"""The manager at her screen, and the day an allocation list came in."""

import datetime

import pytest
import time_machine

from tests.intake.import_desk import IMPORTED_ON


@pytest.fixture
def browser(cast, as_user):
    return as_user(cast.manager)


@pytest.fixture
def in_january_2018():
    with time_machine.travel(IMPORTED_ON, tick=True):
        yield


@pytest.fixture
def as_manager(in_january_2018, cast, as_user):
    cast.manager.services.update(since=datetime.date(2017, 12, 1))
    cast.stutensee.memberships.update(since=datetime.date(2017, 1, 1))
    return as_user(cast.manager)
