"""The tables of people: an officer reads the stored ones, a manager the exact ones of her own caseload."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from accounts.models import Municipality
from clients.figures import FilesOverTime
from clients.figures_people import Attribute
from clients.models import Client
from reports import tables
from reports.models import ProtectedTable
from reports.rules import periods, protected

PART_OF = {"arrivals": "referrals"}
"""Tables whose numbers are part of another one's: their shares are of that one, row by row (rules.md §14)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its words, its numbers, and the share of the first number."""

    label: str
    numbers: Sequence[int]
    share: int | None


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """One table in the reader's language. With columns, each row ends with its total.

    Attributes:
        whole: the total of the table this one is part of, and the share of it; None for any other.
    """

    code: str
    day: dt.date
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    total: Sequence[int]
    lacking: int | None
    is_rounded: bool
    whole: tuple[int, int | None] | None = None

    @classmethod
    def of(
        cls,
        content: Mapping[str, Any],
        day: dt.date,
        *,
        is_rounded: bool,
        others: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> PeopleTable:
        """From what was stored, or was counted in the same way.

        Args:
            content: what was stored.
            day: of which day.
            is_rounded: whether its numbers are.
            others: the contents of that day by code, among them what this one is part of.
        """
        language = "en" if (get_language() or "de").startswith("en") else "de"
        total, code = content["total"], content["title"]["code"]
        whole = (others or {}).get(PART_OF.get(code, ""))
        if code not in PART_OF:
            base = {row["code"]: total[-1] for row in content["rows"]}
        else:
            base = {row["code"]: row["numbers"][-1] for row in whole["rows"]} if whole else {}
        return cls(
            code=code,
            day=day,
            title=content["title"][language],
            columns=[column[language] for column in content["columns"]],
            rows=[
                Row(
                    row[language],
                    row["numbers"],
                    protected.share(row["numbers"][-1], base.get(row["code"], 0)),
                )
                for row in content["rows"]
            ],
            total=total,
            lacking=content["lacking"],
            is_rounded=is_rounded,
            whole=(whole["total"][-1], protected.share(total[-1], whole["total"][-1])) if whole else None,
        )


def as_stored(found: Iterable[tuple[Mapping[str, Any], dt.date]]) -> list[PeopleTable]:
    """Stored contents with their days as they are shown; what belongs together is of one day."""
    stored = list(found)
    by_day: dict[dt.date, dict[str, Mapping[str, Any]]] = {}
    for content, day in stored:
        by_day.setdefault(day, {})[content["title"]["code"]] = content
    return [PeopleTable.of(content, day, is_rounded=True, others=by_day[day]) for content, day in stored]


@dataclass(frozen=True, slots=True)
class Choice:
    """A table that can be chosen."""

    code: str
    title: str


def stored_tables(place: Municipality | None, until: dt.date) -> list[PeopleTable]:
    """The tables of `last_tables` as they are shown (one query)."""
    return as_stored((one.content, one.day) for one in last_tables(place, until))


def last_tables(place: Municipality | None, until: dt.date) -> list[ProtectedTable]:
    """The last stored table of each kind up to a day, the newest first (one query).

    Args:
        place: the municipality; None for the district.
        until: the last reference day that counts.
    """
    rows = ProtectedTable.objects.filter(municipality=place, day__lte=until)
    later = rows.filter(code=OuterRef("code"), day__gt=OuterRef("day"))
    return list(rows.filter(~Exists(later)).order_by("-day", "id"))


def days_of(place: Municipality | None, code: str) -> list[dt.date]:
    """On which days a table was stored, the last one first."""
    rows = ProtectedTable.objects.filter(municipality=place, code=code).order_by("-day")
    return list(rows.values_list("day", flat=True))


class OwnTables:
    """The tables of a manager's own caseload: the same ones, with the numbers as they are."""

    def __init__(self, manager_id: int, today: dt.date) -> None:
        self.today = today
        caseload = Client.objects.unscoped(reason="figures of one's own caseload").filter(
            manager_id=manager_id
        )
        self.files = caseload.filter(phase__in=tables.IN_STOCK)
        self.everything = FilesOverTime(caseload)
        self.attributes = tables.attributes(today)
        self.work = tables.work()

    @property
    def choices(self) -> list[Choice]:
        """What can be shown, in the order of the page."""
        attributes = [attribute.title for attribute in self.attributes]
        changes = [tables.change_title(attribute) for attribute in self.attributes if attribute.rank]
        titles = [*attributes, self._crossing.title, *changes, *(one.title for one in self.work)]
        return [Choice(title.code, title.label) for title in titles]

    @property
    def _crossing(self) -> tables.Crossing:
        return tables.crossing(self.attributes)

    def table(self, code: str) -> PeopleTable | None:
        """One table; None when there is no such table."""
        content = self._content(code)
        if content is None:
            return None
        whole = self._content(PART_OF[code]) if code in PART_OF else None
        others = {PART_OF[code]: whole} if whole else {}
        return PeopleTable.of(content, self.today, is_rounded=False, others=others)

    def _content(self, code: str) -> dict[str, Any] | None:
        by_code = {attribute.title.code: attribute for attribute in self.attributes}
        work = {one.title.code: one for one in self.work}
        persons = self.files.count()
        if code in by_code:
            return self._content_of(by_code[code], persons)
        if code == self._crossing.title.code:
            down, across = (
                one.read(self.files, self.today) for one in (self._crossing.down, self._crossing.across)
            )
            return tables.content_crossed(self._crossing, down, across, _exactly, persons=persons)
        if code in work:
            first = periods.half_year_of(self.today)
            return tables.content_of_work(
                work[code], work[code].entries(self.everything, first, self.today), _exactly
            )
        attribute = by_code.get(code.removeprefix(tables.CHANGE))
        if attribute is None or attribute.rank is None:
            return None
        before, after = (
            attribute.read(self.files, dt.date(self.today.year - years, 12, 31)) for years in (2, 1)
        )
        return tables.content_of_change(attribute, before, after, _exactly)

    def _content_of(self, attribute: Attribute, persons: int) -> dict[str, Any]:
        values = attribute.read(self.files, self.today)
        places = set(self.files.values_list("municipality_id", flat=True)) if attribute.place_of else None
        return tables.content_of(attribute, values, _exactly, persons=persons, fine=True, places=places)


def _exactly(number: int) -> int:
    """Numbers of one's own files are not rounded: she knows the files."""
    return number
