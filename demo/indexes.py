"""Foreign keys and indexes put aside while rows come in by the million, and back in place before anybody reads.

A foreign key that comes back is checked against all rows at once, and building an index over a full table takes a
fraction of what keeping it up row by row takes. All of it happens in the transaction of the caller: if anything
fails, everything is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

CACHE_KIB = 256 * 1024
"""What sorting and random writes may take of the memory meanwhile."""
Tables = Sequence[type[models.Model]]


@contextmanager
def postponed_foreign_keys(tables: Tables) -> Iterator[None]:
    """Within the block the tables' own references are not checked; SQLite checks them at little cost anyway."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        constraints = _drop_constraints(cursor, tables, "f")
        yield
        _add_constraints(cursor, constraints)


@contextmanager
def postponed_indexes(tables: Tables) -> Iterator[None]:
    """Within the block the tables have their primary keys only, on SQLite their unique columns too."""
    with (
        _postponed_on_postgresql(tables)
        if connection.vendor == "postgresql"
        else _postponed_on_sqlite(tables)
    ):
        yield


@contextmanager
def _postponed_on_postgresql(tables: Tables) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{CACHE_KIB}kB'")
        constraints = _drop_constraints(cursor, tables, "ux")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary ORDER BY indexrelid",
            [_quoted(tables)],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        _add_constraints(cursor, constraints)


def _drop_constraints(cursor: Any, tables: Tables, kinds: str) -> list[tuple[str, str, str]]:
    """Drop the constraints of these kinds (as PostgreSQL abbreviates them); returns what brings them back."""
    # A table whose rows still wait to be checked cannot be altered.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = ANY(%s::regclass[]) AND contype = ANY(%s) ORDER BY oid",
        [_quoted(tables), list(kinds)],
    )
    constraints: list[tuple[str, str, str]] = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return constraints


def _add_constraints(cursor: Any, constraints: Sequence[tuple[str, str, str]]) -> None:
    for table, name, definition in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _quoted(tables: Tables) -> list[str]:
    return [connection.ops.quote_name(model._meta.db_table) for model in tables]


@contextmanager
def _postponed_on_sqlite(tables: Tables) -> Iterator[None]:
    """The index of a unique column is part of the table and stays."""
    names = {model._meta.db_table for model in tables}
    with connection.cursor() as cursor:
        cache = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        cursor.execute(
            "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
        indexes = [(name, definition) for table, name, definition in cursor.fetchall() if table in names]
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        try:
            yield
            for _name, definition in indexes:
                cursor.execute(definition)
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(cache)}")
