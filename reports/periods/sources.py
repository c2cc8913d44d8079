"""Everything a period report counts, and how the database counts it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from accounts.models import Municipality
from appointments.figures_facts import appointment_facts, contact_facts, counselled, open_facts
from appointments.models import Contact
from clients import figures as client_figures
from clients.figures import FilesOverTime
from clients.figures_facts import COLUMNS, Facts, openings
from clients.figures_linked import kept_twice
from intake.figures_facts import enquiry_facts
from integration_plans.figures_facts import plan_facts, stock_facts
from integration_plans.policies import policy_on
from partners.figures_facts import referral_facts
from reports.rules.counting import PERSON, Fact, Tallies, Tally
from reports.rules.periods import Period

LONG = 20_000
"""Contacts of a period from which on counting takes longer than a page may."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about.

    Attributes:
        places: the municipalities that take part at some time of the period.
        period: whole months that are over.
        files: the files that belonged to them.
    """

    places: Sequence[Municipality]
    period: Period
    files: FilesOverTime

    @classmethod
    def of(cls, municipalities: Sequence[Municipality], period: Period) -> Asked:
        """The municipalities asked for; the caller has checked that the reader may see them (three queries)."""
        keys = [place.pk for place in municipalities]
        counted = client_figures.counted_municipalities(keys, period.first, period.last)
        places = [place for place in municipalities if place.pk in counted]
        are_all = len(places) == Municipality.objects.count()
        of = client_figures.district_by_place if are_all else client_figures.files_over_time
        return cls(places, period, of([place.pk for place in places]))

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(place.pk for place in self.places)


def sources(asked: Asked) -> list[Facts]:
    """The records of all apps. A new sort of record is one line here, and its numbers one in a version of the rules."""
    files, keys, first, last = asked.files, asked.keys, asked.period.first, asked.period.last
    return [
        *contact_facts(files, first, last),
        *appointment_facts(files, first, last),
        *open_facts(files, keys, first, last),
        *openings(files, first, last),
        *plan_facts(files, first, last),
        *stock_facts(files, last, policy_on(last)),
        *enquiry_facts(keys, first, last),
        *referral_facts(files, first, last),
    ]


def is_long(period: Period) -> bool:
    """Whether counting takes so long that the reader is told meanwhile (one query)."""
    return Contact.objects.unscoped(reason="figures").between(period.first, period.last).count() > LONG


def counted(asked: Asked, *, by_user: bool) -> Tallies:
    """Count in the database, by municipality and by member of staff (a number of queries that no row changes).

    Of one municipality nothing is asked by municipality: it is all there is.

    Args:
        asked: what the report is about.
        by_user: whether the numbers of each member of staff are asked for.
    """
    total, places, users = Tally(), defaultdict[int, Tally](Tally), defaultdict[int, Tally](Tally)
    files, found = asked.files, sources(asked)
    for source in found:
        # Each record is one person's work, so the sum over the staff is the sum over all.
        for word, user, number, size in _grouped(source, "done_by"):
            total.add(word, number, size)
            if by_user and user is not None:
                users[user].add(word, number, size)
        for word, place, number, size in _grouped(source, "belonged_to") if len(asked.places) > 1 else ():
            if place is not None:
                places[place].add(word, number, size)
    everybody: set[int] = set()
    by_place, by_staff = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for person, home, staff in counselled(files, found):
        everybody.add(person)
        by_place[home].add(person)
        if by_user and staff is not None:
            by_staff[staff].add(person)
    total.add(PERSON, len(everybody), len(everybody))
    if len(asked.places) == 1:
        return Tallies(total, {asked.places[0].pk: total}, _with_persons(users, by_staff))
    return Tallies(total, _with_persons(places, by_place), _with_persons(users, by_staff))


def _with_persons(tallies: dict[int, Tally], people: Mapping[int, set[int]]) -> dict[int, Tally]:
    for key, persons_there in people.items():
        tallies[key].add(PERSON, len(persons_there), len(persons_there))
    return tallies


def _grouped(source: Facts, column: str) -> Iterator[tuple[str, int | None, int, int]]:
    """What is counted as what, by a column; a joint talk stands in several rows and is one."""
    rows: Any = source.rows.values_list("counted_as", column)
    yield from rows.annotate(number=Count("record_key", distinct=True), people=Sum("size")).order_by()


def facts_of(asked: Asked, refs: Mapping[int, str], *, by_user: bool) -> Iterator[Fact]:
    """The records one by one, as they are kept when a report is frozen.

    Args:
        asked: what the report is about.
        refs: by which each file is told apart (`refs_of`).
        by_user: whether it is kept whose work they are.
    """
    for source in sources(asked):
        for word, key, file, place, user, size in source.rows.values_list(*COLUMNS).iterator(chunk_size=5000):
            yield Fact(source.record, word, key, refs.get(file, ""), place, user if by_user else None, size)


def refs_of(asked: Asked) -> dict[int, str]:
    """A digest of the key of each file: it says nothing, and nothing any more once the file is erased (one query)."""
    keys = asked.files.rows.order_by().values_list("pk", "uuid")
    return {pk: hashlib.sha256(uuid.bytes).hexdigest()[:24] for pk, uuid in keys.iterator(chunk_size=5000)}


def leading_of(asked: Asked, refs: Mapping[int, str]) -> dict[str, str]:
    """Of two linked files the one by which the person counts (one query)."""
    linked = kept_twice(asked.files)
    return {refs[file]: refs[other] for file, other in linked.items() if file in refs and other in refs}
