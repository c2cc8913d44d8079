"""What came and went in whole months, as sums under names: counted just now for a town, kept for the district.

Names are those under which `KeptSums.flows` keeps the same sums, so that both are read alike.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from appointments.choices import Channel
from appointments.figures_channels import BY, VISITS, VISITS_MET, channels_by_month
from appointments.figures_facts import contact_facts, counselled, outcome_numbers
from appointments.figures_office_hours import group_events_by_month, office_hours_by_month
from clients.figures import FilesOverTime
from clients.figures_flow import CLOSED, OPENED, opened_and_closed
from intake.figures_enquiries import ANSWERED, ARRIVED, TAKEN, enquiries_by_month
from integration_plans.figures import goal_attainment
from partners.figures import MADE, referrals_by_month
from reports.rules.periods import Period

SESSIONS, VISITORS, EVENTS, ATTENDEES = "sessions", "visitors", "events", "attendees"
HELD, UNEXCUSED = "held", "unexcused"
PERSONS, REACHED, REVIEWED = "persons", "goals:reached", "goals:reviewed"
"""A person and a goal count once in a period, so that months of them do not add up as they are."""

Sum = tuple[dt.date, int, str, int]
"""First day of a month, municipality, what is counted, and how often."""


def without_talks(
    files: FilesOverTime, places: Collection[int], first: dt.date, last: dt.date, *, since: dt.date
) -> Iterator[Sum]:
    """All sums but those of talks, by month and municipality (seven queries).

    Args:
        files: the files asked for.
        places: keys of the municipalities asked for.
        first: first day of a month.
        last: last day, included.
        since: from which month on is told what came and went.
    """
    for (month, place, name), number in opened_and_closed(files, since, last).items():
        yield month, place, name, number
    for (place, month), hours in office_hours_by_month(places, first, last).items():
        yield month, place, SESSIONS, hours.sessions
        yield month, place, VISITORS, hours.visitors
    for (place, month), events in group_events_by_month(files, places, first, last).items():
        yield month, place, EVENTS, events.events
        yield month, place, ATTENDEES, events.attendees
    for (month, place, name), number in enquiries_by_month(places, first, last).items():
        yield month, place, name, number
    for (month, place, name), number in referrals_by_month(files, first, last).items():
        yield month, place, name, number


def counted(
    files: FilesOverTime, places: Collection[int], first: dt.date, last: dt.date, *, since: dt.date
) -> Counter[tuple[dt.date, str]]:
    """All sums by month, these municipalities together (nine queries); a talk across two of them is one.

    What is asked for is said as in `without_talks`.
    """
    sums = channels_by_month(files, first, last)
    for month, _place, name, number in without_talks(files, places, first, last, since=since):
        sums[month, name] += number
    return sums


def of_period(files: FilesOverTime, period: Period) -> Counter[str]:
    """Appointments by outcome, and what counts once in a period (six queries)."""
    span = period.first, period.last
    goals = goal_attainment(files, *span)
    people = {person for person, _place, _user in counselled(files, contact_facts(files, *span))}
    once = {PERSONS: len(people), REACHED: goals.reached, REVIEWED: goals.reviewed}
    return outcome_numbers(files, *span) + Counter(once)


@dataclass(frozen=True)
class Flows:
    """The sums of one period."""

    sums: Mapping[str, int]

    @classmethod
    def within(cls, period: Period, sums: Mapping[tuple[dt.date, str], int], once: Counter[str]) -> Flows:
        """Of sums by month those of a period, and what is told of the whole of it."""
        found = Counter(once)
        for (month, name), number in sums.items():
            if period.first <= month <= period.last:
                found[name] += number
        return cls(found)

    def _of(self, name: str) -> int:
        return self.sums.get(name, 0)

    @property
    def channels(self) -> Mapping[Channel, int]:
        """Consultations by channel; a group event is none."""
        return {channel: self._of(f"{BY}{channel}") for channel in TALKING}

    @property
    def persons(self) -> int:
        """Persons counselled."""
        return self._of(PERSONS)

    @property
    def consultations(self) -> int:
        return sum(self.channels.values())

    @property
    def held(self) -> int:
        return self._of(HELD)

    @property
    def unexcused(self) -> int:
        return self._of(UNEXCUSED)

    @property
    def goals_reviewed(self) -> int:
        return self._of(REVIEWED)

    @property
    def goals_reached(self) -> int:
        """Wholly or partly."""
        return self._of(REACHED)

    @property
    def home_visits(self) -> int:
        return self._of(VISITS)

    @property
    def home_visits_met(self) -> int:
        return self._of(VISITS_MET)

    @property
    def opened(self) -> int:
        return self._of(OPENED)

    @property
    def closed(self) -> int:
        return self._of(CLOSED)

    @property
    def sessions(self) -> int:
        return self._of(SESSIONS)

    @property
    def visitors(self) -> int:
        return self._of(VISITORS)

    @property
    def events(self) -> int:
        return self._of(EVENTS)

    @property
    def attendees(self) -> int:
        return self._of(ATTENDEES)

    @property
    def referrals(self) -> int:
        return self._of(MADE)

    @property
    def enquiries(self) -> int:
        return self._of(ARRIVED)

    @property
    def enquiries_answered(self) -> int:
        return self._of(ANSWERED)

    @property
    def enquiries_taken(self) -> int:
        return self._of(TAKEN)


TALKING: Sequence[Channel] = [channel for channel in Channel if channel != Channel.GROUP]
"""The channels of consultations, in the order of their list."""
