"""Rows made and written past what the ORM does for one row at a time.

A row is a real model instance, so that properties and rules work on it, but it is made without the model's
constructor, has its number from the beginning, and reaches the database by COPY or ``executemany``. Constraints
are the database's and hold as always; numbers are drawn here because the installation is empty and nobody else
writes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models.base import ModelState


class Store:
    """Makes, numbers and writes the rows of one run."""

    def __init__(self) -> None:
        self._tables: dict[type[models.Model], Table] = {}

    def table(self, model: type[models.Model]) -> Table:
        """The table of a model; it begins behind the last row there is."""
        if model not in self._tables:
            self._tables[model] = Table(model)
        return self._tables[model]

    def make(self, model: type[models.Model], **values: Any) -> Any:
        """An unsaved row with its number; `values` as the model's constructor takes them."""
        return self.table(model).make(values)

    def write(self, model: type[models.Model], rows: Iterable[Any]) -> None:
        """Insert rows made here."""
        self.table(model).insert([row.__dict__ for row in rows])

    def give_back_numbers(self) -> None:
        """Let the database go on counting behind the rows written here; the next row made here asks it again."""
        used = list(self._tables)
        self._tables.clear()
        statements = connection.ops.sequence_reset_sql(no_style(), used)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


class Table:
    """What one model's rows consist of, looked up once."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.local_concrete_fields
        self.model = model
        self.columns = [field.column for field in fields]
        self.free = (model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1
        self._relations = {field.name: field.attname for field in fields if field.is_relation}
        self._names = {field.name for field in fields} | {field.attname for field in fields}
        self._fixed: dict[str, Any] = {}
        self._computed: dict[str, Callable[[], Any]] = {}
        for field in fields:
            if callable(field.default) and field.default is not models.NOT_PROVIDED:
                self._computed[field.attname] = (
                    _hex(field) if isinstance(field, models.UUIDField) else field.default
                )
            else:
                self._fixed[field.attname] = field.get_default()
        self._pick = itemgetter(*(field.attname for field in fields))
        self._adapted = [(number, adapt) for number, field in enumerate(fields) if (adapt := _adapter(field))]
        self._copy = _copy_statement(model._meta.db_table, fields)

    def reserve(self, count: int = 1) -> int:
        """The first of so many numbers nobody else will get."""
        self.free += count
        return self.free - count

    def make(self, values: dict[str, Any]) -> Any:
        """An unsaved row.

        Raises:
            TypeError: a name the model does not have.
        """
        if not values.keys() <= self._names:
            raise TypeError(f"{self.model.__name__} has no {sorted(values.keys() - self._names)}")
        row = self.model.__new__(self.model)
        stored = row.__dict__
        stored.update(self._fixed, **values)
        related: dict[str, Any] = {}
        for name in values.keys() & self._relations.keys():
            related[name] = value = stored.pop(name)
            stored[self._relations[name]] = None if value is None else value.id
        for attname, compute in self._computed.items():
            if attname not in stored:
                stored[attname] = compute()
        stored["id"] = self.reserve()
        stored["_state"] = state = ModelState()
        state.fields_cache = related
        return row

    def insert(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write rows given by column attribute."""
        if not rows:
            return
        lines: Iterable[Sequence[Any]] = map(self._pick, rows)
        if self._adapted:
            lines = self._adapt(lines)
        if connection.vendor == "postgresql":
            self._copy_in(lines)
        else:
            self._execute(lines)

    def _adapt(self, lines: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
        for line in lines:
            values = list(line)
            for number, adapt in self._adapted:
                if values[number] is not None:
                    values[number] = adapt(values[number])
            yield values

    def _copy_in(self, lines: Iterable[Sequence[Any]]) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        text.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(self._copy, text)

    def _execute(self, lines: Iterable[Sequence[Any]]) -> None:
        quote = connection.ops.quote_name
        columns = ", ".join(quote(column) for column in self.columns)
        places = ", ".join("%s" for _column in self.columns)
        statement = f"INSERT INTO {quote(self.model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(statement, lines)


def _copy_statement(table: str, fields: Sequence[Any]) -> str:
    """In CSV an empty value is NULL, except in the texts, which are never NULL in this application."""
    quote = connection.ops.quote_name
    texts = [field for field in fields if isinstance(field, models.CharField | models.TextField)]
    nullable = [field.name for field in texts if field.null]
    if nullable:
        raise TypeError(f"{table}: an empty text and none cannot be told apart in {nullable}")
    columns = ", ".join(quote(field.column) for field in fields)
    never_null = ", ".join(quote(field.column) for field in texts)
    force = f", FORCE_NOT_NULL ({never_null})" if texts else ""
    return f"COPY {quote(table)} ({columns}) FROM STDIN WITH (FORMAT csv{force})"


def _hex(field: Any) -> Callable[[], str]:
    """Keys are kept as databases read them; making a UUID of each and a text of that costs more than drawing it."""
    return lambda: field.default().hex


def _adapter(field: Any) -> Callable[[Any], Any] | None:
    """What a value needs before the driver takes it."""
    if isinstance(field, models.JSONField):
        return json.dumps
    if connection.vendor == "sqlite" and isinstance(field, models.DateTimeField):
        adapt: Callable[[datetime], Any] = connection.ops.adapt_datetimefield_value
        return adapt
    return None
