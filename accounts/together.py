"""The rows of files in many tables, read in one statement.

A page about one file shows a few rows each of some twenty tables. Asked for one by one, composing, sending and
planning the statements takes longer than reading the rows. Here each table is a branch of one UNION; tables of
different shape fit into it because every row travels as one JSON array. Which rows belong to a file stands on the
model: ``privacy.scope`` (decision 0002).
"""

import datetime
import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection, models

from accounts.access import Privacy

Table = type[models.Model]
PACK = {"postgresql": "json_build_array({})::text", "sqlite": "json_array({})"}


def load_together(
    keys: Collection[int], *tables: Table, paths: Mapping[Table, str] | None = None
) -> dict[Table, list[Any]]:
    """The rows of some files, or of what else ``paths`` lead to; foreign keys among them are joined already.

    The caller has settled access to what the keys name. Packing a row costs more than reading it plainly: for the few
    rows of a file, not for what grows without end.

    Args:
        keys: primary keys of the files.
        tables: models with a scope bring the rows of these files in their usual order; a model without one (users,
            value lists) brings the rows that those of the others point to.
        paths: for tables whose rows are not found by ``privacy.scope``, the path to what the keys name.
    """
    wanted = {table: (paths or {}).get(table, path_to_file(table)) for table in tables}
    found: dict[Table, list[Any]] = {table: [] for table in tables}
    if not keys:
        return found
    sql, times = _statement(tuple(wanted.items()), len(keys), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, list(keys) * times)
        for number, packed in cursor:
            table = tables[number]
            values = [
                convert(value) for convert, value in zip(_converters(table), json.loads(packed), strict=True)
            ]
            found[table].append(table.from_db(connection.alias, _attributes(table), values))
    _join(found)
    for table, rows in found.items():
        _sort(rows, table._meta.ordering or ["pk"])
    return found


# The statement


@cache
def _statement(tables: tuple[tuple[Table, str], ...], number: int, vendor: str) -> tuple[str, int]:
    """One UNION over all tables, and how often it takes the keys."""
    these = f"({', '.join(['%s'] * number)})"
    branches = [
        f"SELECT {position}, {_packed(table, vendor)} FROM {_quoted(table)} WHERE {condition}"  # noqa: S608
        for position, (table, condition) in enumerate(
            (table, _within(table, path, these) if path else _pointed_to(table, tables, these))
            for table, path in tables
        )
    ]
    sql = " UNION ALL ".join(branches)
    return sql, sql.count(these)


def _packed(table: Table, vendor: str) -> str:
    return PACK[vendor].format(", ".join(_quoted(field) for field in table._meta.concrete_fields))


def _within(table: Table, path: str, these: str) -> str:
    """The condition that a row belongs to one of the keys, as PostgreSQL and SQLite find it by index."""
    step, _sign, rest = path.partition("__")
    field: Any = table._meta.get_field(step)
    target = field.related_model
    if not rest:
        return f"{_quoted(field)} IN {these}"
    return f"{_quoted(field)} IN (SELECT {_quoted(target._meta.pk)} FROM {_quoted(target)} WHERE {_within(target, rest, these)})"  # noqa: S608, E501


def _pointed_to(table: Table, tables: tuple[tuple[Table, str], ...], these: str) -> str:
    pointers = [
        f"SELECT {_quoted(field)} FROM {_quoted(other)} WHERE {_within(other, path, these)}"  # noqa: S608
        for other, path in tables
        if path
        for field in other._meta.concrete_fields
        if field.related_model is table
    ]
    if not pointers:
        raise ValueError(f"no table points to {table.__name__}")
    return f"{_quoted(table._meta.pk)} IN ({' UNION '.join(pointers)})"


def _quoted(name: Any) -> str:
    column = name.column if isinstance(name, models.Field) else name._meta.db_table
    return connection.ops.quote_name(column)


def path_to_file(table: Table) -> str:
    """The path from a model's rows to the file they belong to, "" for what belongs to none."""
    owner: Any = table._meta.auto_created
    if owner:  # the table behind a many-to-many field goes with the model that has the field
        return f"{owner._meta.model_name}__{path_to_file(owner)}"
    declared = getattr(table, "privacy", None)
    return declared.scope if isinstance(declared, Privacy) and declared.root == "client" else ""


# The rows


@cache
def _attributes(table: Table) -> list[str]:
    return [field.attname for field in table._meta.concrete_fields]


@cache
def _converters(table: Table) -> list[Callable[[Any], Any]]:
    return [_converter(field) for field in table._meta.concrete_fields]


def _converter(field: Any) -> Callable[[Any], Any]:
    """From a value in JSON to the field's own; both databases write moments and truth in their own way."""
    conversions: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
        (models.DateTimeField, _moment),
        (models.DateField, datetime.date.fromisoformat),
        (models.UUIDField, uuid.UUID),
        (models.BooleanField, bool),
        (models.DecimalField, lambda number: Decimal(str(number))),
        (models.JSONField, lambda value: json.loads(value) if isinstance(value, str) else value),
    )
    for kind, convert in conversions:
        if isinstance(field, kind):
            return lambda value: None if value is None else convert(value)
    return lambda value: value


def _moment(text: str) -> datetime.datetime:
    """SQLite keeps UTC without saying so."""
    moment = datetime.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _join(found: Mapping[Table, Iterable[Any]]) -> None:
    """Put the rows that others point to behind their foreign keys."""
    for table, rows in found.items():
        for field in table._meta.concrete_fields:
            if field.related_model not in found:
                continue
            targets = {row.pk: row for row in found[field.related_model]}
            for row in rows:
                target = targets.get(getattr(row, field.attname))
                if target is not None:
                    field.set_cached_value(row, target)


def _sort(rows: list[Any], ordering: Iterable[str]) -> None:
    for name in reversed(list(ordering)):
        read = attrgetter(name.lstrip("-").replace("__", "."))
        rows.sort(key=lambda row, read=read: (read(row) is None, read(row)), reverse=name.startswith("-"))
