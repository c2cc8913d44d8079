"""Everything that happened in one file, newest first: sources merged without loading the whole past."""

import datetime
import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby, islice, takewhile
from typing import Protocol

from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from clients.file_context import FileContext
from ui.dates import local_day
from ui.rows import timeline_entry

Cursor = tuple[datetime.datetime, str]
"""The instant and the key of the last entry shown."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A filter group, named by the app whose entries it holds; ``order`` is its place among the filters."""

    code: str
    label: str | Promise
    order: int


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline.

    Args:
        at: the instant it happened; orders the list.
        key: unique and stable within its source, breaks ties ("contact-17").
        kind: code of the filter group it belongs to, one of its source's.
        icon: name of a sprite symbol.
        title: what, in bold for talks.
        text: the rest of the line.
        detail: lines shown when the entry is opened.
        meta: small facts below (duration, language).
        by: who recorded it, and when if that was later.
        url: link for "Berichtigen" or the object, if any.
        url_label: text of that link.
        is_talk: a held talk.
        has_time: whether the time of day is known.
    """

    at: datetime.datetime
    key: str
    kind: str
    icon: str
    title: str | Promise
    text: str | Promise = ""
    detail: tuple[str | Promise, ...] = field(default_factory=tuple)
    meta: tuple[str | Promise, ...] = field(default_factory=tuple)
    by: str = ""
    url: str = ""
    url_label: str | Promise = ""
    is_talk: bool = False
    has_time: bool = True


class TimelineSource(Protocol):
    """One app's part of the past.

    ``kinds`` are the filter groups it can yield. ``entries`` returns at most ``limit`` entries strictly
    older than ``before``, newest first.
    """

    code: str
    kinds: frozenset[str]

    def entries(
        self,
        file: FileContext,
        before: Cursor | None,
        kinds: frozenset[str] | None,
        limit: int,
    ) -> Iterable[TimelineEntry]: ...


_REGISTRY: dict[str, TimelineSource] = {}
_KINDS: dict[str, Kind] = {}


def register(source: TimelineSource, *kinds: Kind) -> None:
    """Register a source and name the kinds that are its own; called from ``contributions.py``."""
    _REGISTRY[source.code] = source
    _KINDS.update((kind.code, kind) for kind in kinds)


def registered() -> list[TimelineSource]:
    """All sources by code."""
    return [_REGISTRY[code] for code in sorted(_REGISTRY)]


def named_kinds() -> list[Kind]:
    """The filters, in their order."""
    return sorted(_KINDS.values(), key=lambda kind: kind.order)


def merged(
    file: FileContext,
    *,
    before: Cursor | None = None,
    since: datetime.datetime | None = None,
    kinds: frozenset[str] | None = None,
    limit: int = 50,
) -> list[TimelineEntry]:
    """The newest entries older than ``before`` over all sources.

    Args:
        file: sources leave out what its actor may not see (health).
        before: the last entry shown, as ``(at, key)``.
        since: the first instant that counts, or None for the whole past.
        kinds: filter groups, or None for all.
        limit: how many at most.
    """
    streams = [
        source.entries(file, before, kinds, limit)
        for source in registered()
        if kinds is None or kinds & source.kinds
    ]
    together = heapq.merge(*streams, key=lambda entry: (entry.at, entry.key), reverse=True)
    lately = takewhile(lambda entry: since is None or entry.at >= since, together)
    return list(islice(lately, limit))


def newest(entries: Iterable[TimelineEntry], before: Cursor | None, limit: int) -> list[TimelineEntry]:
    """The newest of some entries of one source that are older than ``before``; for sources of few rows."""
    older = [entry for entry in entries if before is None or (entry.at, entry.key) < before]
    return sorted(older, key=lambda entry: (entry.at, entry.key), reverse=True)[:limit]


def by_month(entries: Iterable[TimelineEntry]) -> list[tuple[datetime.date, SafeString]]:
    """Entries under the month they happened in, written."""
    months = groupby(entries, lambda entry: local_day(entry.at).replace(day=1))
    return [
        (month, format_html_join("", "{}", ((timeline_entry(entry),) for entry in inside)))
        for month, inside in months
    ]
