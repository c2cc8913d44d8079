"""A list number names a file for the officer; the manager finds it by search and nobody else does."""

import pytest

from accounts.actor import Actor
from clients.models import Client
from clients.rules.list_numbers import NUMBERS, format_list_number, parse_list_number
from clients.rules.names import QueryKind, classify_query
from clients.services.search import search_clients
from tests.factories.clients import ClientFactory


@pytest.mark.parametrize("typed", ["L-482913", "l-482913", "L482913", " L 482913 "])
def test_a_list_number_is_unmistakable(typed):
    assert parse_list_number(typed) == 482_913
    assert classify_query(typed).kind is QueryKind.LIST_NUMBER


@pytest.mark.parametrize("typed", ["482913", "L-48291", "L-4829130", "L-082913", "LA-482913", "L-٤٨٢٩١٣", ""])
def test_anything_else_is_none(typed):
    assert parse_list_number(typed) is None


def test_every_number_is_written_as_it_is_read():
    assert {parse_list_number(format_list_number(number)) for number in (NUMBERS[0], NUMBERS[-1])} == {
        NUMBERS[0],
        NUMBERS[-1],
    }


@pytest.mark.django_db
def test_the_manager_finds_her_file_and_a_colleague_finds_nothing(cast, as_user):
    own = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    Client.objects.filter(pk=own.pk).update(list_number=482_913)
    assert search_clients(Actor(cast.manager), "L-482913").clients == (own,)
    for other in (cast.colleague, cast.outsider, cast.officer):
        found = search_clients(Actor(other), "L-482913", announce=True)
        assert (found.clients, found.announced) == ((), None)
    opened = as_user(cast.manager).post("/clients/search/", {"q": "L-482913"})
    assert opened.url == own.get_absolute_url()
