"""Municipalities whose files have the histories of another's, with other people (decision 0012).

The rows of a municipality told before are copied by the database itself, with numbers, keys, staff and municipality
exchanged; only what says who somebody is is drawn anew. Ladders, standing columns and due dates are right because
they follow from facts that are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models

from accounts.catalogues import Catalogue, Policy
from accounts.models import Municipality, User
from appointments.models import Appointment, Ladder
from appointments.rules.calendar import start_of_day
from clients.choices import PointKind, ReachKind
from clients.models import (
    Accommodation,
    Client,
    ClientName,
    ContactPoint,
    ReachPeriod,
    Relative,
    Responsibility,
)
from clients.rules.names import display_phone
from clients.services.names import fill_folded, fill_search_name
from demo.people import Child, Person
from demo.rows import ORDER
from demo.store import Store
from demo.town import FilePlan, Town
from demo.world import Place, World, random_key

NOBODY = -1
"""No row has this number, so a foreign key refuses whoever was not thought of."""
PREFIX = 12
"""Digits of a key that tell the copies of a row apart; the version follows them."""


@dataclass(frozen=True, slots=True)
class Original:
    """A municipality whose files were told one by one.

    Attributes:
        plans: its files in the order of their numbers.
        spans: the numbers of its rows.
    """

    place: Place
    plans: Sequence[FilePlan]
    spans: Mapping[type[models.Model], range]

    @property
    def size(self) -> int:
        """How many rows it has."""
        return sum(len(span) for span in self.spans.values())


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who a copied file is about."""

    person: Person
    case_no: str
    place: Place
    children: Iterator[Child]


class Exchange:
    """What takes the place of what in one copy."""

    def __init__(self, world: World, store: Store, original: Original, place: Place) -> None:
        self._moved = {
            model: store.table(model).reserve(len(span)) - span.start
            for model, span in original.spans.items()
        }
        managers = zip(original.place.managers, place.managers, strict=True)
        self._replaced: dict[type[models.Model], dict[int, int]] = {
            Municipality: {original.place.municipality.pk: place.municipality.pk},
            User: {theirs.pk: ours.pk for theirs, ours in managers},
        }
        self._prefix = random_key(world.chance("keys", place.municipality.code))[:PREFIX]

    def number(self, model: type[models.Model], number: int) -> int:
        """The copy of a row."""
        return number + self._moved[model]

    def value(self, field: Any, value: Any) -> Any:
        """What stands in a column of the copy; `value` is what stands there in the original."""
        if value is None:
            return None
        if _is_key(field):
            return self._prefix + value.hex[PREFIX:]
        model = _numbered(field)
        if model in self._moved:
            return self.number(model, value)
        if model in self._replaced:
            return self._replaced[model][value]
        return value

    def expression(self, field: Any) -> str:
        """The same for the database."""
        column = connection.ops.quote_name(field.column)
        if _is_key(field):
            if connection.vendor == "postgresql":
                return f"('{self._prefix}' || substr(replace({column}::text, '-', ''), {PREFIX + 1}))::uuid"
            return f"'{self._prefix}' || substr({column}, {PREFIX + 1})"
        model = _numbered(field)
        if model in self._moved:
            return f"{column} + {self._moved[model]}"
        if model in self._replaced:
            cases = " ".join(f"WHEN {theirs} THEN {ours}" for theirs, ours in self._replaced[model].items())
            return f"CASE WHEN {column} IS NOT NULL THEN CASE {column} {cases} ELSE {NOBODY} END END"
        return column


class Copying:
    """Copies one municipality any number of times.

    Raises:
        LookupError: a model of the files points to rows that are neither copied nor a value list.
    """

    def __init__(self, world: World, store: Store, original: Original) -> None:
        _refuse_unknown_references()
        self._world = world
        self._store = store
        self._original = original
        self._personal = {
            model: list(model._base_manager.filter(pk__in=original.spans[model]).order_by("pk").values())
            for model in CHANGES
        }
        self._later = {
            (model, field): list(
                model._base_manager.filter(pk__in=original.spans[model])
                .exclude(**{field.name: None})
                .values_list("pk", field.attname)
            )
            for model, field in _later_references()
        }

    def fill(self, town: Town) -> None:
        """Write the files of another municipality."""
        exchange = Exchange(self._world, self._store, self._original, town.place)
        people = self._people(town)
        for model in ORDER:
            if model in CHANGES:
                rows = [self._row(model, row, exchange, people) for row in self._personal[model]]
                self._store.table(model).insert(rows)
            else:
                self._copy(model, exchange)
        self._point_forward(exchange)

    def _people(self, town: Town) -> dict[int, Somebody]:
        """By the number of the original's file."""
        found: dict[int, Somebody] = {}
        numbers = town.case_numbers(self._original.plans)
        keys = self._original.spans[Client]
        before: tuple[FilePlan, Person] | None = None
        for key, plan, case_no in zip(keys, self._original.plans, numbers, strict=True):
            family = before[1] if before is not None and _live_together(before[0], plan) else None
            known_from = plan.taken_on or plan.registered_on
            person = town.people.somebody_like(plan.person, known_from, family)
            found[key] = Somebody(person, case_no, town.place, iter(person.children))
            before = plan, person
        return found

    def _row(
        self,
        model: type[models.Model],
        row: dict[str, Any],
        exchange: Exchange,
        people: Mapping[int, Somebody],
    ) -> dict[str, Any]:
        copied = {
            field.attname: exchange.value(field, row[field.attname])
            for field in model._meta.local_concrete_fields
        }
        somebody = people[row["id" if model is Client else "client_id"]]
        return copied | CHANGES[model](row, somebody, exchange)

    def _copy(self, model: type[models.Model], exchange: Exchange) -> None:
        span = self._original.spans[model]
        quote = connection.ops.quote_name
        fields = model._meta.local_concrete_fields
        later = {field for _model, field in self._later}
        columns = ", ".join(quote(field.column) for field in fields)
        values = ", ".join("NULL" if field in later else exchange.expression(field) for field in fields)
        table = quote(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}"  # noqa: S608
                " WHERE id >= %s AND id < %s ORDER BY id",
                [span.start, span.stop],
            )

    def _point_forward(self, exchange: Exchange) -> None:
        """References to rows that come later in the order; SQLite searches whole tables when one stands open."""
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            for (model, field), pairs in self._later.items():
                cursor.executemany(
                    f"UPDATE {quote(model._meta.db_table)} SET {quote(field.column)} = %s WHERE id = %s",  # noqa: S608
                    [
                        (exchange.value(field, target), exchange.number(model, number))
                        for number, target in pairs
                    ],
                )


def _live_together(one: FilePlan, other: FilePlan) -> bool:
    return one.with_partner and one.person.street == other.person.street


def _is_key(field: Any) -> bool:
    return isinstance(field, models.UUIDField)


def _numbered(field: Any) -> Any:
    """The model whose numbers a column holds, if it holds any."""
    return field.model if field.primary_key else field.related_model


def _later_references() -> list[tuple[type[models.Model], Any]]:
    place = {model: number for number, model in enumerate(ORDER)}
    return [
        (model, field)
        for model in ORDER
        for field in model._meta.local_concrete_fields
        if field.is_relation and place.get(field.related_model, -1) >= place[model]
    ]


def _refuse_unknown_references() -> None:
    known = {*ORDER, Municipality, User}
    for model in ORDER:
        for field in model._meta.local_concrete_fields:
            target = field.related_model
            if target is not None and target not in known and not issubclass(target, Catalogue | Policy):
                raise LookupError(f"{model.__name__}.{field.name} points to rows no copy has")


# What differs from person to person


def _client(row: Mapping[str, Any], somebody: Somebody, exchange: Exchange) -> dict[str, Any]:
    person = somebody.person
    return {
        **_name(person.surname, person.given_name),
        "case_no": somebody.case_no,
        "birth_date": person.birth_date,
    }


def _spelling_of(row: Mapping[str, Any], somebody: Somebody, exchange: Exchange) -> dict[str, Any]:
    return _spelling(somebody.person.surname, somebody.person.given_name)


def _accommodation(row: Mapping[str, Any], somebody: Somebody, exchange: Exchange) -> dict[str, Any]:
    return {"street": somebody.person.street, "town": somebody.place.municipality.name}


def _contact_point(row: Mapping[str, Any], somebody: Somebody, exchange: Exchange) -> dict[str, Any]:
    if row["kind"] != PointKind.MOBILE:
        return {}
    mobile = somebody.person.mobile
    return {"value": display_phone(mobile), "normalised": mobile}


def _reach(row: Mapping[str, Any], somebody: Somebody, exchange: Exchange) -> dict[str, Any]:
    """Of how somebody may be reached, the birth date alone differs."""
    return {"since": start_of_day(somebody.person.birth_date)} if row["kind"] == ReachKind.BORN else {}


def _relative(row: Mapping[str, Any], somebody: Somebody, exchange: Exchange) -> dict[str, Any]:
    child = next(somebody.children)
    return {"surname": child.surname, "given_name": child.given_name, "birth_date": child.birth_date}


def _ladder(row: Mapping[str, Any], somebody: Somebody, exchange: Exchange) -> dict[str, Any]:
    """The name of a trigger holds the number of its row."""
    kind, _colon, number = row["key"].partition(":")
    return {"key": f"{kind}:{exchange.number(TRIGGERS[kind], int(number))}"}


CHANGES: Mapping[type[models.Model], Callable[[Mapping[str, Any], Somebody, Exchange], dict[str, Any]]] = {
    Client: _client,
    ClientName: _spelling_of,
    Accommodation: _accommodation,
    ContactPoint: _contact_point,
    ReachPeriod: _reach,
    Relative: _relative,
    Ladder: _ladder,
}
TRIGGERS: Mapping[str, type[models.Model]] = {"appointment": Appointment, "take": Responsibility}


@lru_cache(maxsize=20_000)
def _name(surname: str, given_name: str) -> dict[str, Any]:
    client = Client(surname=surname, given_name=given_name)
    fill_search_name(client)
    return {"surname": surname, "given_name": given_name, "search_name": client.search_name}


@lru_cache(maxsize=20_000)
def _spelling(surname: str, given_name: str) -> dict[str, Any]:
    row = fill_folded(ClientName(surname=surname, given_name=given_name))
    columns = ("surname", "given_name", "folded", "folded_given", "parts", "keys")
    return {column: getattr(row, column) for column in columns}
