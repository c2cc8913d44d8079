"""Municipalities whose files repeat the histories of another one, with other people (decision 0012).

The database copies the rows of that municipality and exchanges numbers, keys, staff and municipality. Only the rows
that name a person are made anew. Ladders, summary columns and due dates are right because they
follow from facts that are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Case, ExpressionWrapper, F, Value, When
from django.db.models.functions import Cast, Concat, Substr

from accounts.catalogues import Catalogue, Policy
from accounts.models import Municipality, User
from accounts.rules.calendar import start_of_day
from appointments.models import Appointment, Contact
from clients.choices import ReachKind
from clients.models import (
    Accommodation,
    Client,
    ClientName,
    ContactPoint,
    ReachPeriod,
    Relative,
    Responsibility,
)
from demo.people import Person
from demo.rows import ORDER, Rows
from demo.story import Story
from demo.town import FilePlan, Town
from demo.world import Place, random_key
from outreach.models import Ladder

Model = type[models.Model]
PERSONAL: tuple[Model, ...] = (Client, ClientName, Accommodation, ContactPoint, ReachPeriod, Relative, Ladder)
"""Rows that differ from person to person, and ladders, whose key holds the number of the row they began with."""
TRIGGERS: Mapping[str, Model] = {"appointment": Appointment, "take": Responsibility}
NOBODY = -1
"""No row has this number, so the foreign key refuses a user that has no counterpart."""
PREFIX = 8
"""Digits of a key that tell the copies of a row apart."""


class Told:
    """A municipality whose files were told one by one and can be written again for another one.

    Its rows have numbers without a gap, and those of a copy follow at once: nobody else writes such rows meanwhile.

    Args:
        place: the municipality.
        plans: its files in the order of their numbers.
        stories: what was told of each.
        rows: everything that was written.

    Raises:
        LookupError: a model of the files points to rows that are neither copied nor a value list.
    """

    def __init__(self, place: Place, plans: Sequence[FilePlan], stories: Sequence[Story], rows: Rows) -> None:
        refuse_unknown_references()
        self.plans = plans
        self.stories = stories
        self._place = place
        self._first = {model: rows.of(model)[0].pk for model in ORDER if rows.of(model)}
        self._count = {model: len(rows.of(model)) for model in self._first}
        self._personal = {model: rows.of(model) for model in PERSONAL}
        births = (row for row in rows.of(ReachPeriod) if row.kind == ReachKind.BORN)
        self._births = [(row, row.client) for row in births]

    @property
    def size(self) -> int:
        """How many rows it has."""
        return sum(self._count.values())

    def write_as(self, town: Town) -> None:
        """Write the files once more, for another municipality."""
        people = zip(self.stories, self._people(town), town.case_numbers(self.plans), strict=True)
        for story, person, case_no in people:
            story.be_about(person, case_no, town.place)
        for row, client in self._births:
            row.since = start_of_day(client.birth_date)
        exchange = Exchange(self._count, self._place, town)
        for model in self._first:
            if model in PERSONAL:
                for row in self._personal[model]:
                    exchange.renew(row)
                model._base_manager.bulk_create(self._personal[model])
            else:
                exchange.copy(model, self._first[model])
            self._first[model] += self._count[model]
        exchange.point_forward(self._first[Appointment])
        self._place = town.place

    def _people(self, town: Town) -> list[Person]:
        found: list[Person] = []
        before: FilePlan | None = None
        for plan in self.plans:
            family = found[-1] if before is not None and _live_together(before, plan) else None
            known_from = plan.taken_on or plan.registered_on
            found.append(town.people.somebody_like(plan.person, known_from, family))
            before = plan
        return found


def _live_together(one: FilePlan, other: FilePlan) -> bool:
    return one.with_partner and one.person.street == other.person.street


class Exchange:
    """What takes the place of what in one copy.

    Args:
        count: how many rows of each model are copied, which is how far their numbers move.
        place: whose rows are copied.
        town: whose rows they become.
    """

    def __init__(self, count: Mapping[Model, int], place: Place, town: Town) -> None:
        self._count = count
        staff = zip(place.managers, town.place.managers, strict=True)
        self._replaced: dict[Model, dict[int, int]] = {
            Municipality: {place.municipality.pk: town.place.municipality.pk},
            User: {theirs.pk: ours.pk for theirs, ours in staff},
        }
        self._pick = town.world.chance("keys", town.place.municipality.code)
        self._prefix = random_key(self._pick).hex[:PREFIX]

    def renew(self, row: Any) -> None:
        """Make a row in memory one of the copy."""
        for field in row._meta.local_concrete_fields:
            stored = getattr(row, field.attname)
            if stored is not None:
                setattr(row, field.attname, self._value(field, stored))
        if isinstance(row, Ladder):
            kind, _colon, number = row.key.partition(":")
            row.key = f"{kind}:{int(number) + self._count[TRIGGERS[kind]]}"

    def _value(self, field: Any, stored: Any) -> Any:
        if _is_key(field):
            return UUID(self._prefix + stored.hex[PREFIX:])
        model = _numbered(field)
        if model in self._replaced:
            return self._replaced[model][stored]
        return stored + self._count[model] if model in self._count else stored

    def copy(self, model: Model, first: int) -> None:
        """Let the database copy the rows of a model, whose numbers begin with the first."""
        fields = model._meta.local_concrete_fields
        rows = model._base_manager.filter(pk__gte=first, pk__lt=first + self._count[model]).order_by("pk")
        select, params = rows.values_list(*map(self._expression, fields)).query.sql_with_params()
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in fields)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {select}", params)

    def _expression(self, field: Any) -> Any:
        """The value of a column of the copy; a reference to what comes later in the order stays as it is."""
        column = F(field.attname)
        if _is_key(field):
            rest = Substr(Cast(column, models.CharField()), PREFIX + 1)
            return Cast(Concat(Value(self._prefix), rest), models.UUIDField())
        model = _numbered(field)
        if model in self._replaced:
            cases = [When(**{field.attname: one}, then=other) for one, other in self._replaced[model].items()]
            nobody = When(**{f"{field.attname}__isnull": True}, then=None)
            return Case(nobody, *cases, default=NOBODY)
        if model in self._count and field.name != "invited_by":
            return ExpressionWrapper(column + self._count[model], models.BigIntegerField())
        return column

    def point_forward(self, first: int) -> None:
        """Point the copied appointments to the copied letters, which exist by now."""
        copied = Appointment._base_manager.filter(pk__gte=first).exclude(invited_by=None)
        copied.update(invited_by=F("invited_by") + self._count[Contact])


def give_back_numbers() -> None:
    """Let the database go on counting behind the rows that came with their numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(ORDER)):
            cursor.execute(statement)


def _is_key(field: Any) -> bool:
    """Forms sent once have a token too, but invented rows came from no form."""
    return isinstance(field, models.UUIDField) and not field.null


def _numbered(field: Any) -> Any:
    """The model whose numbers a column holds, if it holds any."""
    return field.model if field.primary_key else field.related_model


def refuse_unknown_references() -> None:
    known = {*ORDER, Municipality, User}
    for model in ORDER:
        for field in model._meta.local_concrete_fields:
            target = field.related_model
            if target is not None and target not in known and not issubclass(target, Catalogue | Policy):
                raise LookupError(f"{model.__name__}.{field.name} points to rows no copy has")
