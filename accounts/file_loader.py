"""The rows of files in many tables, read in one statement.

A page about one file shows a few rows each of some twenty tables. Asked for one by one, composing, sending and
planning the statements takes longer than reading the rows. Here each table is a branch of one UNION; tables of
different shape fit into it because every row travels as one JSON array. Which rows belong to a file stands on the
model: ``privacy.scope`` (decision 0002). Thresholds, a few versions each, come along whole.
"""

import datetime
import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection, models

from accounts.access import Privacy
from accounts.catalogues import Policy

Table = type[models.Model]
WHOLE = "*"
"""The path of a value list that is read as a whole."""
PACK = {"postgresql": "json_build_array({})::text", "sqlite": "json_array({})"}
# PostgreSQL would rather read a whole table than believe how few rows a subselect brings; an array it looks up.
AMONG = {"postgresql": "= ANY (ARRAY({}))", "sqlite": "IN ({})"}
# Keys travel as one value, however many they are and however often the statement names them.
IN_KEYS = {"postgresql": "= ANY (%({})s)", "sqlite": "IN (SELECT value FROM json_each(%({})s))"}
FILES, NOW = "files", "now"


@dataclass(frozen=True)
class Part:
    """What is wanted of one table.

    Attributes:
        table: the model.
        path: from its rows to what the keys name; "" for the rows that those of the other parts point to, ``WHOLE`` for
            all rows.
        columns: names of the columns to read, the key among them; none for whole rows.
        among: which keys the path leads to, where there are several sorts.
        empty: names of columns in which these rows hold nothing.
        after: a column of instants, of which only those after ``NOW`` of the keys count.
    """

    table: Table
    path: str
    columns: tuple[str, ...] = ()
    among: str = FILES
    empty: tuple[str, ...] = ()
    after: str = ""

    @property
    def fields(self) -> list[Any]:
        """The fields to read."""
        meta = self.table._meta
        return [meta.get_field(name) for name in self.columns] or list(meta.concrete_fields)


Wanted = Table | Part
Keys = Mapping[str, Collection[Any] | datetime.datetime]


def load_together(keys: Collection[Any] | Keys, *tables: Wanted) -> dict[Table, list[Any]]:
    """The rows of some files, or of what else parts lead to, in their usual order, foreign keys among them joined.

    The caller must have checked access to these keys. Use it for the few rows of a file, not for tables that grow
    without limit.

    Args:
        keys: primary keys of the files; or keys of several sorts by name, as parts say what they lead to, and ``NOW``.
        tables: models with a scope bring the rows of these files, thresholds all their versions; a model without one
            (users, value lists) brings the rows that those of the others point to. A part says otherwise; several parts
            of one table name the same columns.
    """
    parts = tuple(
        _in_order(table) if isinstance(table, Part) else Part(table, path_to_file(table)) for table in tables
    )
    found: dict[Table, list[Any]] = {part.table: [] for part in parts}
    attributes = {part.table: [field.attname for field in part.fields] for part in parts}
    for table, values in _values(keys if isinstance(keys, Mapping) else {FILES: keys}, parts):
        found[table].append(table.from_db(connection.alias, attributes[table], values))
    _join(found)
    for part in parts:
        _sort(found[part.table], _usual_order(part))
    return found


def _in_order(part: Part) -> Part:
    """The same with its columns as a row wants its values."""
    wanted = set(part.fields)
    names = tuple(field.name for field in part.table._meta.concrete_fields if field in wanted)
    return replace(part, columns=names) if part.columns else part


def _usual_order(part: Part) -> list[str]:
    """The fields of the usual order, or the key when not all of these fields are read."""
    names = [str(name) for name in part.table._meta.ordering or ("pk",)]
    read = {"pk", *(field.name for field in part.fields)}
    return names if {name.lstrip("-").partition("__")[0] for name in names} <= read else ["pk"]


def load_columns(keys: Collection[int], columns: Mapping[Table, tuple[str, ...]]) -> dict[Table, list[Any]]:
    """Some columns of the rows of any number of files, as lists in no particular order."""
    parts = tuple(Part(table, path_to_file(table), names) for table, names in columns.items())
    found: dict[Table, list[Any]] = {table: [] for table in columns}
    for table, values in _values({FILES: keys}, parts):
        found[table].append(values)
    return found


def _values(keys: Keys, parts: tuple[Part, ...]) -> Iterator[tuple[Table, list[Any]]]:
    if not any(keys.values()):
        return
    converters = [_converters(part) for part in parts]
    with connection.cursor() as cursor:
        cursor.execute(_statement(parts), {name: _as_one_value(some) for name, some in keys.items()})
        for number, packed in cursor:
            values = zip(converters[number], json.loads(packed), strict=True)
            yield (
                parts[number].table,
                [value if convert is None or value is None else convert(value) for convert, value in values],
            )


def _as_one_value(keys: Collection[Any] | datetime.datetime) -> Any:
    """SQLite keeps a UUID as its digits and has no lists."""
    if isinstance(keys, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(keys)
    if connection.vendor == "postgresql":
        return list(keys)
    return json.dumps([key.hex if isinstance(key, uuid.UUID) else key for key in keys])


# The statement


@cache
def _statement(parts: tuple[Part, ...]) -> str:
    """One UNION over all tables, with a place for the keys wherever they belong."""
    return " UNION ALL ".join(
        _select(
            f"{position}, {_packed(part)}",
            part.table,
            _belonging(part) if part.path else _pointed_to(part.table, parts),
        )
        for position, part in enumerate(parts)
    )


def _select(what: str, table: Table, condition: str) -> str:
    """One branch; names come from models and are quoted, values travel beside the statement."""
    return " ".join(["SELECT", what, "FROM", _quoted(table), "WHERE", condition])


def _packed(part: Part) -> str:
    return PACK[connection.vendor].format(", ".join(_quoted(field) for field in part.fields))


def _belonging(part: Part) -> str:
    """The condition that a row belongs to the part."""
    field = part.table._meta.get_field
    empty = [f"{_quoted(field(name))} IS NULL" for name in part.empty]
    after = [f"{_quoted(field(part.after))} > %({NOW})s"] if part.after else []
    return " AND ".join([_within(part.table, part.path, part.among), *empty, *after])


def _within(table: Table, path: str, among: str) -> str:
    """The condition that a row belongs to one of the keys, as both databases find it by index."""
    if path == WHOLE:
        return "1 = 1"
    step, _sign, rest = path.partition("__")
    field: Any = table._meta.get_field(step)
    if not rest:
        return f"{_quoted(field)} {IN_KEYS[connection.vendor].format(among)}"
    target = field.related_model
    inner = _select(_quoted(target._meta.pk), target, _within(target, rest, among))
    return f"{_quoted(field)} {AMONG[connection.vendor].format(inner)}"


def _pointed_to(table: Table, parts: Iterable[Part]) -> str:
    pointers = [
        _select(_quoted(field), part.table, _belonging(part))
        for part in parts
        if part.path
        for field in part.fields
        if field.related_model is table
    ]
    if not pointers:
        raise ValueError(f"no table points to {table.__name__}")
    return f"{_quoted(table._meta.pk)} {AMONG[connection.vendor].format(' UNION '.join(pointers))}"


def _quoted(named: Any) -> str:
    name = named.column if isinstance(named, models.Field) else named._meta.db_table
    return connection.ops.quote_name(str(name))


def path_to_file(table: Table) -> str:
    """The path from a model's rows to the file they belong to, "" for what belongs to none."""
    if issubclass(table, Policy):
        return WHOLE
    owner: Any = table._meta.auto_created
    if owner:  # the table behind a many-to-many field goes with the model that has the field
        return f"{owner._meta.model_name}__{path_to_file(owner)}"
    declared = getattr(table, "privacy", None)
    return declared.scope if isinstance(declared, Privacy) and declared.root == "client" else ""


# The rows


@cache
def _converters(part: Part) -> list[Callable[[Any], Any] | None]:
    return [_converter(field) for field in part.fields]


def _converter(field: Any) -> Callable[[Any], Any] | None:
    """From a value in JSON to the field's own, None for the same: each database has its way with moments and truth."""
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
            return convert
    return None


def _moment(text: str) -> datetime.datetime:
    """SQLite keeps UTC without saying so."""
    moment = datetime.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _join(found: Mapping[Table, Iterable[Any]]) -> None:
    """Put the rows that others point to behind their foreign keys."""
    by_key = {table: {row.pk: row for row in rows} for table, rows in found.items()}
    for table, rows in found.items():
        fields: Iterable[Any] = table._meta.concrete_fields
        for field in fields:
            targets = by_key.get(field.related_model)
            if not targets:
                continue
            for row in rows:
                target = targets.get(row.__dict__.get(field.attname))
                if target is not None:
                    field.set_cached_value(row, target)


def _sort(rows: list[Any], ordering: Sequence[str]) -> None:
    for name in reversed(ordering):
        rows.sort(key=_place(name.lstrip("-")), reverse=name.startswith("-"))


def _place(name: str) -> Callable[[Any], tuple[bool, Any]]:
    """What to sort by for a name of ``ordering``; rows without a value stand last."""
    read = attrgetter(name.replace("__", "."))
    return lambda row: (read(row) is None, read(row))
