"""Freezing a report, reproducing it from the records it kept, and comparing these with what is recorded today."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.models import Municipality
from accounts.permissions import Column, column_of
from accounts.records import create_once, raise_if_submitted
from audit.recording import record
from clients.models import Client
from integration_plans.policies import policy_on
from reports.actions import REPORT_FROZEN
from reports.definitions import RULE_VERSION
from reports.models import FrozenFile, FrozenReport
from reports.periods.report import (
    PeriodReport,
    missing_of,
    numbers_before,
    observations_of,
    of_managers,
    of_places,
    tables_of,
)
from reports.periods.sources import Asked, facts_of, leading_of, refs_of
from reports.rules.counting import Fact, Numbers, Tallies, hash_of, tallied
from reports.rules.periods import Period


def freeze(
    actor: Actor, frozen: FrozenReport, municipalities: Sequence[Municipality], period: Period
) -> FrozenReport:
    """Keep the numbers of a period and the records they are made of, for good.

    Args:
        actor: who freezes; the coordinator's report has the sheets per manager.
        frozen: validated and unsaved: what it is for.
        municipalities: those it is about.
        period: whole months that are over.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the actor does not serve one of the municipalities.
        ValueError: the period is not over.
    """
    actor.require("report.freeze")
    if not {place.pk for place in municipalities} <= actor.scope.municipalities:
        raise PermissionDenied
    if not period.is_complete(actor.today):
        raise ValueError("Only what is over can be frozen.")
    by_manager = column_of(actor.user) == Column.COORDINATOR
    with transaction.atomic():
        raise_if_submitted(frozen)
        asked = Asked.of(municipalities, period)
        refs = refs_of(asked)
        leading = leading_of(asked, refs)
        facts = sorted(set(facts_of(asked, refs, by_user=by_manager)), key=lambda fact: fact.line)
        report = _report(asked, tallied(facts, leading), actor.now, by_manager=by_manager)
        frozen.first, frozen.last, frozen.rule_version = period.first, period.last, RULE_VERSION
        frozen.parameters = _parameters(asked, by_manager=by_manager)
        frozen.figures = report.figures()
        frozen.tables = [{"content": one.content, "day": one.day.isoformat()} for one in tables_of(asked)]
        frozen.record_count, frozen.record_hash = len(facts), hash_of(fact.line for fact in facts)
        frozen.frozen_by, frozen.frozen_at = actor.user, actor.now
        create_once(frozen)
        frozen.municipalities.set(asked.places)
        FrozenFile.objects.bulk_create(_files(frozen, facts, leading, refs), batch_size=500)
        record(actor, REPORT_FROZEN, kind="figures", count=len(facts))
    return frozen


def _report(asked: Asked, tallies: Tallies, now: dt.datetime, *, by_manager: bool) -> PeriodReport:
    """The report made of records one by one."""
    return PeriodReport(
        period=asked.period,
        counted_at=now,
        rule_version=RULE_VERSION,
        total=tallies.total.numbers(RULE_VERSION),
        before=numbers_before(asked.places, asked.period),
        places=of_places(asked, tallies.places),
        managers=of_managers(asked, tallies.users) if by_manager else [],
        missing=missing_of(asked, now),
        tables=[],
        observations=observations_of(asked),
    )


def _parameters(asked: Asked, *, by_manager: bool) -> dict[str, object]:
    """What was asked, and the thresholds that numbers of plans go by."""
    policy = policy_on(asked.period.last)
    return {
        "period": asked.period.code,
        "municipalities": [place.code for place in asked.places],
        "by_manager": by_manager,
        "grace_days": policy.grace_days,
    }


def _files(
    frozen: FrozenReport, facts: Iterable[Fact], leading: Mapping[str, str], refs: Mapping[int, str]
) -> Iterator[FrozenFile]:
    """A row for each file with its records, and one for what belongs to none."""
    records: dict[str, list[list[object]]] = defaultdict(list)
    for fact in facts:
        records[fact.file].append([fact.record, fact.counted_as, fact.key, fact.place, fact.user, fact.size])
    keys = {ref: key for key, ref in refs.items()}
    for ref, rows in records.items():
        yield FrozenFile(
            report=frozen, client_id=keys.get(ref), ref=ref, person=leading.get(ref, ref), records=rows
        )


@dataclass(frozen=True, slots=True)
class Reproduced:
    """A frozen report counted anew from the records it kept.

    Attributes:
        total: its numbers.
        is_same: all numbers and the hash are those that were frozen.
    """

    total: Numbers
    record_hash: str
    is_same: bool


def reproduce(frozen: FrozenReport) -> Reproduced:
    """Count the records that were kept, by the version of the rules of that day (one query)."""
    facts, leading = _kept(frozen)
    tallies = tallied(facts, leading)
    version, figures = frozen.rule_version, frozen.figures
    total, record_hash = tallies.total.numbers(version), hash_of(fact.line for fact in facts)
    codes = dict(frozen.municipalities.values_list("code", "pk"))
    is_same = (
        total == figures["total"]
        and record_hash == frozen.record_hash
        and all(
            tallies.places[codes[place["code"]]].numbers(version) == place["numbers"]
            for place in figures["places"]
            if codes[place["code"]] in tallies.places
        )
    )
    return Reproduced(total, record_hash, is_same)


def _kept(frozen: FrozenReport) -> tuple[list[Fact], dict[str, str]]:
    """The records a report counted, and of two linked files the one by which the person counted."""
    rows = FrozenFile.objects.unscoped(reason="reproducing a report").filter(report=frozen)
    facts: list[Fact] = []
    leading: dict[str, str] = {}
    for ref, person, records in rows.values_list("ref", "person", "records").iterator(chunk_size=500):
        leading[ref] = person
        facts += (
            Fact(sort, word, key, ref, place, user, size) for sort, word, key, place, user, size in records
        )
    return facts, leading


class Step(StrEnum):
    """What became of a record since a report was frozen."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that is counted otherwise today, under the list number of its file: never the case number.

    Attributes:
        list_number: None for a file that has none yet or was erased.
        in_file: whether it belongs to a file at all.
    """

    list_number: int | None
    in_file: bool
    sort: str
    step: Step


@dataclass(frozen=True, slots=True)
class Comparison:
    """A frozen report beside what would be counted today."""

    reproduced: Reproduced
    now: Numbers
    differences: Sequence[Difference]


def compare(frozen: FrozenReport) -> Comparison:
    """Name the records that are counted otherwise today, by list number (rules.md §8).

    Which day, channel or state a record has is not told: beside a list number that would be more than the list of
    cases says.
    """
    places = list(frozen.municipalities.order_by("name"))
    asked = Asked.of(places, frozen.period)
    refs = refs_of(asked)
    now = set(facts_of(asked, refs, by_user=bool(frozen.parameters["by_manager"])))
    then, _leading = _kept(frozen)
    tallies = tallied(now, leading_of(asked, refs))
    differences = _differences(set(then), now, refs)
    return Comparison(reproduce(frozen), tallies.total.numbers(RULE_VERSION), differences)


def _differences(then: set[Fact], now: set[Fact], refs: Mapping[int, str]) -> list[Difference]:
    changed = {fact.file for fact in then ^ now}
    keys = {key: ref for key, ref in refs.items() if ref in changed}
    files = Client.objects.unscoped(reason="the list number of what changed").filter(pk__in=keys)
    numbers = {keys[key]: number for key, number in files.values_list("pk", "list_number")}
    known_then, known_now = _records(then), _records(now)
    found = []
    for ref, sort, key in _records(then ^ now):
        was, is_there = (ref, sort, key) in known_then, (ref, sort, key) in known_now
        step = Step.CHANGED if was and is_there else Step.GONE if was else Step.ADDED
        found.append(Difference(numbers.get(ref), bool(ref), sort, step))
    return sorted(found, key=lambda one: (not one.in_file, one.list_number or 10**9, one.sort, one.step))


def _records(facts: Iterable[Fact]) -> set[tuple[str, str, int]]:
    """The records that some facts are about; a record can be counted as several things."""
    return {(fact.file, fact.record, fact.key) for fact in facts}
