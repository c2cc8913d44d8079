"""What a report counts, record by record: the same rows are counted by the database and kept when a report is frozen.

A row says what it is counted as and nothing about the person: the sort of record, its key, the file, where the file
belonged then, and whose work it was. Definitions: rules.md §9.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat

from clients.choices import KEPT_TWICE, Phase
from clients.figures import FilesOverTime, as_they_stood
from clients.figures_linked import kept_twice
from clients.models import CounsellingPeriod, Responsibility

COLUMNS = ("counted_as", "record_key", "file_key", "belonged_to", "done_by", "size")
"""The columns of a fact. ``size`` is 1 unless a record stands for several people, as an office hour does."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Records of one sort that a report counts.

    Attributes:
        record: what sort of record it is; its keys are unique within it.
        rows: the records, annotated with `COLUMNS`.
    """

    record: str
    rows: QuerySet[Any, Any]


def facts(
    record: str, rows: Any, counted_as: Any, *, file: Any, done_by: Any, size: Any = None, key: str = "pk"
) -> Facts:
    """Rows with the columns of facts.

    Args:
        record: what sort of record it is.
        rows: a queryset with `belonged_to`.
        counted_as: a text or an expression of one; what stands behind a colon is a finer part of it.
        file: path to the file, or None for what belongs to none.
        done_by: path to the member of staff, an expression, or None.
        size: how many people a record stands for.
        key: path to the key of the record.
    """

    def number(path: Any) -> Any:
        if path is None:
            return Value(None, output_field=IntegerField())
        return F(path) if isinstance(path, str) else path

    label = Value(counted_as) if isinstance(counted_as, str) else counted_as
    return Facts(
        record,
        rows.order_by().annotate(
            counted_as=Cast(label, CharField(max_length=60)),
            record_key=F(key),
            file_key=number(file),
            done_by=number(done_by),
            size=Value(1) if size is None else size,
        ),
    )


def named(name: str, part: str) -> Concat:
    """What a row is counted as: a name and, behind a colon, the value of a column."""
    return Concat(Value(f"{name}:"), Cast(F(part), TextField()), output_field=TextField())


def responsible_then(day: str, client: str = "client") -> Subquery:
    """Who was responsible for a file at the end of a day.

    Args:
        day: path to the local day.
        client: path to the file.
    """
    spans = Responsibility.objects.unscoped(reason="figures").filter(
        Q(until__isnull=True) | Q(until__date__gt=OuterRef(day)), client=OuterRef(client)
    )
    return Subquery(spans.order_by("since", "id").values("manager")[:1])


def openings(files: FilesOverTime, first: datetime.date, last: datetime.date) -> list[Facts]:
    """*Neuaufnahmen* and *Abschlüsse*: files opened and closed from `first` to `last`; kept twice is no closing."""
    periods = CounsellingPeriod.objects.unscoped(reason="figures")
    opened = periods.filter(opened_on__range=(first, last))
    closed = periods.filter(closed_on__range=(first, last)).exclude(closing_reason__code=KEPT_TWICE)
    return [
        facts(
            "period",
            files.placed(rows, day),
            name,
            file="client_id",
            done_by=responsible_then(day),
        )
        for name, rows, day in (("opened", opened, "opened_on"), ("closed", closed, "closed_on"))
    ]


def left_out_on(files: FilesOverTime, day: datetime.date) -> Sequence[int]:
    """Files kept twice whose leading file is open on a day: the person counts by that one (two queries)."""
    leading = kept_twice(files)
    if not leading:
        return []
    stood: Any = as_they_stood(files, day).filter(pk__in=set(leading.values()))
    rows = stood.exclude(phase_then=Phase.CLOSED).values_list("pk", "phase_then", "place_then")
    is_open = {key for key, phase, place in rows if phase and (files.places is None or place in files.places)}
    return [key for key, other in leading.items() if other in is_open]


def standing(stood: Any, files: FilesOverTime) -> Any:
    """Of files as they stood those that were registered and belonged here, with `belonged_to`."""
    here = stood.filter(phase_then__isnull=False)
    if files.places is not None:
        here = here.filter(place_then__in=files.places)
    return here.annotate(belonged_to=F("place_then"))
