"""What happens on reference days: tables of people are stored, and new files join the list of cases (rules.md §8)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.actor import Actor
from accounts.models import Municipality
from audit.recording import record
from clients import figures as client_figures
from clients import figures_people
from clients.choices import Phase
from clients.figures import FilesOverTime
from clients.figures_people import Attribute, Values
from clients.models import Client, CounsellingPeriod
from clients.rules.list_numbers import NUMBERS
from reports import tables
from reports.actions import CASES_JOINED, TABLES_STORED
from reports.models import CountedPerson, FigurePolicy, ProtectedTable, Purpose, ReferenceDay
from reports.rules import periods, protected
from reports.rules.protected import Entry, rounded
from reports.tables import Work

REASON = "tables of people are counted over all files"
DISTRICT = None
"""The place of the district's table."""

Place = int | None
Bases = Mapping[int, set[int]]
"""The persons with a recorded value, by municipality."""


def policy_on(day: dt.date) -> FigurePolicy:
    """The thresholds valid on a day; without any, the defaults of rules.md."""
    stored = FigurePolicy.objects.in_force_on(day).first()
    return stored or FigurePolicy(valid_from=day)


def store_due_tables(actor: Actor) -> int:
    """Store the tables of the last 30 June or 31 December that is due and not dealt with; returns how many.

    A day is due fifteen days later, or on the first run after that. Only the last one is dealt with: facts without a
    date of their own, such as a nationality, are known of the present only.
    """
    today = actor.today
    past = (day for day in periods.half_year_ends(today) if day <= today)
    day = next(day for day in past if day + dt.timedelta(days=policy_on(day).days_after) <= today)
    return store_tables_of(actor, day)


def store_tables_of(actor: Actor, day: dt.date) -> int:
    """Store the tables of one reference day by the facts recorded until now; returns how many.

    A second call stores nothing, also when new facts were recorded since.

    Args:
        actor: who acts, and when.
        day: 30 June or 31 December.
    """
    with transaction.atomic():
        _handled, is_first = ReferenceDay.objects.get_or_create(
            purpose=Purpose.TABLES, day=day, defaults={"handled_at": actor.now}
        )
        if not is_first:
            return 0
        found = _Storing(day).tables()
        for table in found:
            table.stored_at = actor.now
        ProtectedTable.objects.bulk_create(found)
        _forget_what_is_compared_no_more()
        record(actor, TABLES_STORED, kind="figures", count=len(found))
        return len(found)


def _forget_what_is_compared_no_more() -> None:
    """Keep who was counted only as long as a later table is compared with it: the last one, and the last year's end."""
    last: dict[tuple[Place, str, bool], dt.date] = {}
    work = [one.title.code for one in tables.work()]
    compared = ProtectedTable.objects.exclude(code__in=work).order_by("day")
    for table in compared.only("municipality_id", "code", "day"):
        last[table.municipality_id, table.code, False] = table.day
        if table.day.month == 12:
            last[table.municipality_id, table.code, True] = table.day
    counted = CountedPerson.objects.unscoped(reason=REASON)
    counted.exclude(day__in=set(last.values())).delete()


class _Storing:
    """The tables of one day, judged against those stored last."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self.limits = policy_on(day).thresholds
        everywhere = Municipality.objects.values_list("pk", flat=True)
        self.places = sorted(client_figures.counted_municipalities(set(everywhere), day, day))
        self.files = client_figures.files_over_time(self.places)
        stock = client_figures.stock_on(self.files, day)
        self.place_of = {
            key: stock.places[key] for key, phase in stock.phases.items() if phase in tables.IN_STOCK
        }
        self.persons = Counter[Place](self.place_of.values())
        self.persons[DISTRICT] = len(self.place_of)
        self.attributes = tables.attributes(day)
        self.values = {one.title.code: self._read(one, self.files, day) for one in self.attributes}
        self.stored: dict[str, list[Place]] = {}
        self.earlier_bases: dict[tuple[dt.date | str, ...], dict[int, set[int]]] = {}
        self.last_days = self._last_days()
        self.before = self._counted_before()
        earlier = (key for people in self.before.values() for key in people)
        self.ties = figures_people.ties(list({*self.place_of, *earlier}))

    def _read(self, attribute: Attribute, files: FilesOverTime, day: dt.date) -> Values:
        values = attribute.read(files.rows, day)
        return {key: value for key, value in values.items() if key in self.place_of}

    def _last_days(self) -> dict[tuple[Place, str], list[dt.date]]:
        """On which days a table was stored, by municipality and code, in order."""
        found: dict[tuple[Place, str], list[dt.date]] = defaultdict(list)
        rows = ProtectedTable.objects.filter(day__lt=self.day).order_by("day")
        for place, code, day in rows.values_list("municipality_id", "code", "day"):
            found[place, code].append(day)
        return found

    def _counted_before(self) -> dict[dt.date, dict[int, tuple[int, frozenset[str]]]]:
        """Who was counted on earlier days: municipality, and the attributes without a value."""
        found: dict[dt.date, dict[int, tuple[int, frozenset[str]]]] = defaultdict(dict)
        rows = CountedPerson.objects.unscoped(reason=REASON).order_by()
        for day, key, place, lacks in rows.values_list("day", "client_id", "municipality_id", "lacks"):
            found[day][key] = place, frozenset(lacks.split())
        return found

    def _base_of(self, day: dt.date | None, codes: Sequence[str]) -> Bases:
        """Who had a value of each of these attributes on an earlier day; nobody before the first table."""
        if day is None:
            return {}
        known = self.earlier_bases.get((day, *codes))
        if known is None:
            known = self.earlier_bases[(day, *codes)] = defaultdict(set)
            for key, (place, lacks) in self.before[day].items():
                if not lacks.intersection(codes):
                    known[place].add(key)
        return known

    @property
    def _is_year_end(self) -> bool:
        return self.day.month == 12

    def tables(self) -> list[ProtectedTable]:
        """All tables of the day that may be stored; who was counted is written down if later ones are compared."""
        found = [
            *(table for one in self.attributes for table in self._of_attribute(one)),
            *self._crossed(),
            *(
                table
                for one in self.attributes
                if self._is_year_end and one.rank
                for table in self._of_change(one)
            ),
        ]
        if found:
            self._write_down_who_counted()
        return [*found, *(table for one in tables.work() for table in self._of_work(one))]

    def _write_down_who_counted(self) -> None:
        rows = [
            CountedPerson(
                client_id=key,
                municipality_id=place,
                day=self.day,
                lacks=" ".join(code for code, values in self.values.items() if key not in values),
            )
            for key, place in self.place_of.items()
        ]
        CountedPerson.objects.bulk_create(rows, batch_size=1000)

    def _table(self, place: Place, content: dict[str, Any]) -> ProtectedTable:
        return ProtectedTable(
            municipality_id=place, code=content["title"]["code"], day=self.day, content=content
        )

    def _stored_for(
        self, code: str, parts: Sequence[str], values: Mapping[Place, Values], persons: int
    ) -> list[Place]:
        """The municipalities, and the district last, whose table of some attributes may be stored."""
        units = self.limits.units
        bases = {place: set(found) for place, found in values.items() if place is not None}
        stored: list[int] = []
        for place in self.places:
            last = self._base_of(self._last_day(place, code), parts).get(place, set())
            if protected.may_store(bases.get(place, set()), last, self.ties, persons=persons, units=units):
                stored.append(place)
        last_of_all = self._base_of(self._last_day(DISTRICT, code), parts)
        if protected.district_may_store(bases, last_of_all, stored, self.ties, persons=persons, units=units):
            return [*stored, DISTRICT]
        return list(stored)

    def _last_day(self, place: Place, code: str) -> dt.date | None:
        days = self.last_days.get((place, code))
        return days[-1] if days else None

    def _by_place(self, values: Values) -> dict[Place, dict[int, str]]:
        """Values by municipality, and in total for the district."""
        found: dict[Place, dict[int, str]] = defaultdict(dict, {DISTRICT: dict(values)})
        for key, value in values.items():
            found[self.place_of[key]][key] = value
        return found

    def _of_attribute(self, one: Attribute) -> Iterable[ProtectedTable]:
        code = one.title.code
        values = self._by_place(self.values[code])
        self.stored[code] = self._stored_for(code, [code], values, self.limits.persons)
        for place in self.stored[code]:
            content = tables.content_of(
                one,
                values[place],
                rounded,
                persons=self.persons[place],
                fine=place is DISTRICT,
                places=None if place is DISTRICT else [place],
            )
            yield self._table(place, content)

    def _crossed(self) -> Iterable[ProtectedTable]:
        crossed = tables.crossing(self.attributes)
        parts = [crossed.down.title.code, crossed.across.title.code]
        down, across = (self.values[code] for code in parts)
        both = self._by_place({key: value for key, value in down.items() if key in across})
        for place in self._stored_for(crossed.title.code, parts, both, self.limits.crossed_persons):
            persons, own = self.persons[place], both[place]
            yield self._table(place, tables.content_crossed(crossed, own, across, rounded, persons=persons))

    def _of_change(self, one: Attribute) -> Iterable[ProtectedTable]:
        """Between the tables of two ends of years, over those counted in both."""
        code = one.title.code
        after = self._by_place(self.values[code])
        before: dict[Place, Values] = {}
        for place in self.stored[code]:
            ends = [day for day in self.last_days.get((place, code), ()) if day.month == 12]
            if ends:
                counted = self._base_of(ends[-1], [code])
                keys = {key for at, found in counted.items() if place in (DISTRICT, at) for key in found}
                values = one.read(self.files.rows, ends[-1])
                before[place] = {k: v for k, v in values.items() if k in keys and k in after[place]}

        def is_enough(keys: Collection[int], values: Values) -> bool:
            changed = (key for key in keys if values[key] != after[DISTRICT][key])
            return (
                len(keys) >= self.limits.persons
                and protected.unit_count(changed, self.ties) >= self.limits.units
            )

        stored = [place for place, values in before.items() if is_enough(values.keys(), values)]
        if DISTRICT in stored:
            # What the municipalities' tables leave of the district's is nobody, or enough by itself.
            rest = {key for key in before[DISTRICT] if self.place_of[key] not in stored}
            if rest and not is_enough(rest, before[DISTRICT]):
                stored.remove(DISTRICT)
        for place in stored:
            content = tables.content_of_change(one, before[place], after[place], rounded)
            yield self._table(place, content)

    def _of_work(self, one: Work) -> Iterable[ProtectedTable]:
        """Entries of the half-year the day ends."""
        entries = one.entries(self.files, periods.half_year_of(self.day), self.day)
        by_place: dict[int, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_place[entry.place].append(entry)
        stored: list[Place] = [
            place for place in self.places if protected.enough_entries(by_place[place], self.limits)
        ]
        with_table = [place for place in stored if place is not None]
        if protected.district_has_enough_entries(entries, with_table, self.limits):
            stored.append(DISTRICT)
        for place in stored:
            own = entries if place is DISTRICT else by_place[place]
            yield self._table(place, tables.content_of_work(one, own, rounded))


def join_case_list(actor: Actor) -> int:
    """Give list numbers to the new files of the last quarter that is over; returns how many joined.

    Files opened in a quarter join together when at least five of a municipality wait, else with the next ones; a file
    closed meanwhile waits no longer. A second call for the same quarter does nothing.
    """
    day = periods.previous(periods.containing(periods.Kind.QUARTER, actor.today)).last
    with transaction.atomic():
        _handled, is_first = ReferenceDay.objects.get_or_create(
            purpose=Purpose.CASE_LIST, day=day, defaults={"handled_at": actor.now}
        )
        if not is_first:
            return 0
        waiting: dict[int, list[int]] = defaultdict(list)
        files = Client.objects.unscoped(reason="new files join the list of cases")
        periods_of_file = CounsellingPeriod.objects.unscoped(reason="when a file was opened")
        opened = Exists(periods_of_file.filter(client=OuterRef("pk"), opened_on__lte=day))
        unlisted = files.filter(opened, list_number=None).exclude(phase=Phase.CLOSED)
        locked = unlisted.select_for_update(of=("self",), no_key=True).order_by("pk")
        for key, place in locked.values_list("pk", "municipality_id"):
            waiting[place].append(key)
        enough = policy_on(day).joining_files
        joining = [key for keys in waiting.values() if len(keys) >= enough for key in keys]
        numbers = _draw_list_numbers(len(joining))
        listed = [Client(pk=key, list_number=number) for key, number in zip(joining, numbers, strict=True)]
        Client.objects.bulk_update(listed, ["list_number"], batch_size=500)
        record(actor, CASES_JOINED, kind="case", count=len(joining))
        return len(joining)


def _draw_list_numbers(count: int) -> list[int]:
    """Numbers nobody has, by chance: neither they nor their order tell when a file was opened or what it is called."""
    files = Client.objects.unscoped(reason="a list number is unique")
    taken = set(files.exclude(list_number=None).values_list("list_number", flat=True))
    drawn: list[int] = []
    while len(drawn) < count:
        number = NUMBERS[secrets.randbelow(len(NUMBERS))]
        if number not in taken:
            taken.add(number)
            drawn.append(number)
    return drawn
