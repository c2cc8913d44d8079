"""The counting rules of a period report in their versions: which records make which number (rules.md §9).

A record is counted as a word such as ``talk:phone``. A rule names the words that make a number; one that ends with a
colon stands for everything behind it. A version that was used is never changed: a frozen report is read with its own.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

WORKING = ("contacting", "intake", "active")
OPEN = (*WORKING, "access", "paused")

PERSON = "person"
"""What a person is counted as who had a talk."""

Rule = Mapping[str, tuple[str, ...]]
RULES: dict[int, Rule] = {
    1: {
        "active": tuple(f"phase:{phase}" for phase in WORKING),
        "paused": ("phase:paused",),
        "in_counselling": ("phase:active",),
        "in_counselling_planned": ("valid:active",),
        "overdue_reviews": ("overdue",),
        "counselled": (PERSON,),
        "opened": ("opened",),
        "closed": ("closed",),
        "talks": ("talk:",),
        "case_work": ("case_work:",),
        "attempts": ("attempt:",),
        "visits": tuple(f"{kind}:home_visit" for kind in ("talk", "case_work", "attempt", "other")),
        "visits_met": ("talk:home_visit",),
        "held": ("outcome:held",),
        "unexcused": ("outcome:unexcused",),
        "excused": ("outcome:excused",),
        "undecided": ("outcome:undecided",),
        "cancelled": ("outcome:cancelled",),
        "office_hours": ("office_hour",),
        "group_events": ("group_event",),
        "plans_new": ("plan:new",),
        "plans_updated": ("plan:updated",),
        "plans_declined": ("plan:declined",),
        "plans_valid": tuple(f"valid:{phase}" for phase in OPEN),
        "goals_reviewed": ("goal:",),
        "goals_reached": ("goal:achieved", "goal:partly"),
        "goals_partly": ("goal:partly",),
        "enquiries": ("enquiry:",),
        "enquiries_taken": ("enquiry:taken",),
        "enquiries_answered": ("enquiry:answered",),
        "referrals": ("referral",),
    }
}
SIZES = {"visitors": "office_hours", "attendees": "group_events"}
"""Numbers that add up how many people the records of another one stand for."""

CHANNELS = "talks:"
"""How the number of talks by a channel begins; the channel follows."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One record as it is counted (`clients.figures_facts`); `file` tells files apart and names none."""

    record: str
    counted_as: str
    key: int
    file: str
    place: int | None
    user: int | None
    size: int

    @property
    def line(self) -> str:
        """The fact as one line of the list that a hash is made of."""
        parts = (self.record, self.counted_as, self.key, self.file, self.place, self.user, self.size)
        return "|".join("" if part is None else str(part) for part in parts)


Numbers = dict[str, int]


@dataclass(slots=True)
class Tally:
    """How many different records are counted as what, and how many people they stand for."""

    number: Counter[str] = field(default_factory=Counter)
    size: Counter[str] = field(default_factory=Counter)

    def add(self, counted_as: str, number: int, size: int) -> None:
        self.number[counted_as] += number
        self.size[counted_as] += size

    def numbers(self, version: int) -> Numbers:
        """Every number of the report by a version of the rules.

        Raises:
            KeyError: there is no such version.
        """
        rule = RULES[version]
        found = {name: _sum(self.number, words) for name, words in rule.items()}
        found |= {name: _sum(self.size, rule[of]) for name, of in SIZES.items()}
        for word, number in self.number.items():
            kind, _colon, channel = word.partition(":")
            if kind == "talk":
                found[f"{CHANNELS}{channel}"] = number
        return found


def _sum(counted: Counter[str], words: tuple[str, ...]) -> int:
    return sum(
        number
        for word, number in counted.items()
        if any(word.startswith(known) if known.endswith(":") else word == known for known in words)
    )


@dataclass(frozen=True, slots=True)
class Tallies:
    """One tally of all, one per municipality and one per member of staff.

    A joint talk counts once in all, and once in each municipality its people belonged to.
    """

    total: Tally
    places: Mapping[int, Tally]
    users: Mapping[int, Tally]


def tallied(facts: Iterable[Fact], leading: Mapping[str, str]) -> Tallies:
    """Count records one by one: what the database does for a live report, for one that was frozen.

    Args:
        facts: the records, a joint talk once per participant.
        leading: of two linked files the one by which a person counts.
    """
    total, places, users = Tally(), defaultdict[int, Tally](Tally), defaultdict[int, Tally](Tally)
    seen: set[tuple[object, ...]] = set()

    def count(
        tally: Tally, where: tuple[str, int | None], word: str, key: tuple[object, ...], size: int
    ) -> None:
        if (where, word, key) not in seen:
            seen.add((where, word, key))
            tally.add(word, 1, size)

    for fact in facts:
        key = fact.record, fact.key
        words: list[tuple[str, tuple[object, ...], int]] = [(fact.counted_as, key, fact.size)]
        if fact.counted_as.startswith("talk:") and fact.file:
            words.append((PERSON, (leading.get(fact.file, fact.file),), 1))
        for word, own, size in words:
            count(total, ("all", None), word, own, size)
            if fact.place is not None:
                count(places[fact.place], ("place", fact.place), word, own, size)
            if fact.user is not None:
                count(users[fact.user], ("user", fact.user), word, own, size)
    return Tallies(total, places, users)


def hash_of(lines: Iterable[str]) -> str:
    """SHA-256 over the list of records in a fixed order."""
    digest = hashlib.sha256()
    for line in sorted(lines):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()
