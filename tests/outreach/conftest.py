"""A file that can be reached, its manager, and a clock to move."""

import pytest

from tests.outreach.ladder_cast import at, reachable_client


@pytest.fixture
def by(cast):
    return cast.manager


@pytest.fixture
def client(cast):
    return reachable_client(cast.manager, cast.stutensee, surname="Rahmatyar", given_name="Samira")


@pytest.fixture
def clock(time_machine):
    def move(text):
        time_machine.move_to(at(text), tick=False)

    return move
