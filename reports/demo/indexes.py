"""Indexes and foreign keys put aside while millions of rows come in, and back in place before anybody reads.

Building an index over a full table takes a fraction of what keeping it up row by row takes, and a foreign key that
comes back is checked against every row at once. All of it happens in the transaction of the caller: if anything
fails, everything is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models

CACHE_KIB = 256 * 1024
"""What sorting and random writes may take of the memory meanwhile."""


@contextmanager
def postponed_indexes(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Within the block the tables have their primary keys and check constraints only."""
    names = [model._meta.db_table for model in tables]
    with (
        _postponed_on_postgresql(names) if connection.vendor == "postgresql" else _postponed_on_sqlite(names)
    ):
        yield


@contextmanager
def _postponed_on_postgresql(names: Sequence[str]) -> Iterator[None]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{CACHE_KIB}kB'")
        # A table with checks still to be made cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x') ORDER BY contype DESC, oid",
            [[quote(name) for name in names]],
        )
        constraints = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)}")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary ORDER BY indexrelid",
            [[quote(name) for name in names]],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {definition}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def _postponed_on_sqlite(names: Sequence[str]) -> Iterator[None]:
    """Unique columns keep their index, it is part of the table; foreign keys are cheap when their target exists."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cache = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        cursor.execute(
            "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
        indexes = [(name, definition) for table, name, definition in cursor.fetchall() if table in names]
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {quote(name)}")
        try:
            yield
            for _name, definition in indexes:
                cursor.execute(definition)
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(cache)}")
