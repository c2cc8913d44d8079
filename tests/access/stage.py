"""A whole file, with every kind of row in it, for the tests that look for what slipped through."""

from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from clients.models import Client
from tests.cast import Cast
from tests.factories import clients as make
from tests.factories.accounts import StandInFactory


@dataclass
class OpenFile:
    """One file and the rows in it, by the name of the URL argument that addresses them."""

    client: Client
    manager: User
    rows: dict[str, Any] = field(default_factory=dict)


def open_file(manager: User, cast: Cast) -> OpenFile:
    """A file of ``manager`` with at least one row of every model that holds personal data."""
    client = make.ClientFactory(manager=manager, municipality=manager.services.get().municipality)
    file = OpenFile(client=client, manager=manager)
    file.rows["stand_in"] = StandInFactory(absent=manager, substitute=cast.former, ended_on=None)
    return file


# Arguments of a route besides the file's own uuid: route → the row they address.
ARGUMENTS: dict[str, dict[str, str]] = {
    "stand_ins:end": {"uuid": "stand_in"},
}


def kwargs_for(route: str, file: OpenFile) -> dict[str, Any]:
    """The arguments that lead a route to this file and its rows."""
    from django.urls import get_resolver

    for name in ARGUMENTS.get(route, {}):
        row = file.rows[ARGUMENTS[route][name]]
        return {name: row.uuid if name != "pk" else row.pk}
    wanted = _arguments_of(get_resolver(), route)
    return {"uuid": file.client.uuid} if wanted else {}


def _arguments_of(resolver: Any, route: str) -> set[str]:
    *spaces, name = route.split(":")
    for space in spaces:
        resolver = resolver.namespace_dict[space][1]
    possibilities = resolver.reverse_dict.getlist(name)
    return {argument for possibility in possibilities for _pattern, names in possibility[0] for argument in names}
