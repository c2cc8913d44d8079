"""Figures of the counselling clock: which open files are near a limit, as keys for a figure or a list (rules.md §7)."""

import datetime

from accounts.rules.calendar import add_months
from clients.models import FilePolicy
from clients.querysets import ClientQuerySet
from clients.rules.clock import DEFAULT_POLICY, ClockPolicy, ClockReading, Period, read_clock

MONTHS_OF_A_HALF_YEAR = 6


def clock_policy_on(day: datetime.date) -> ClockPolicy:
    """The limits of counselling in force on a day."""
    policy: FilePolicy | None = FilePolicy.objects.in_force_on(day).first()
    return policy.clock if policy else DEFAULT_POLICY


def near_limit(files: ClientQuerySet, day: datetime.date) -> frozenset[int]:
    """Keys of open files in the last half-year of counselling before a limit (two queries; rules.md §7 and §8).

    Whole half-years, as the list of cases shows them: nothing finer can be read from who is among them.
    """
    policy = clock_policy_on(day)
    begins = (policy.limit - 1) // MONTHS_OF_A_HALF_YEAR * MONTHS_OF_A_HALF_YEAR
    clocks = clocks_begun(files, begins, day, policy)
    return frozenset(key for key, clock in clocks.items() if _is_near(clock))


def _is_near(clock: ClockReading) -> bool:
    last = (clock.out_of - 1) // MONTHS_OF_A_HALF_YEAR
    return clock.complete < clock.out_of and clock.complete // MONTHS_OF_A_HALF_YEAR == last


def clocks_begun(
    files: ClientQuerySet, months: int, day: datetime.date, policy: ClockPolicy
) -> dict[int, ClockReading]:
    """The clocks of open files whose first talk is so many months ago; days on which they stood may bring them back."""
    begun = (
        files.open()
        .filter(counselling_started_on__lte=add_months(day, -months))
        .order_by()
        .values_list(
            "pk",
            "counselling_started_on",
            "clock_justification",
            "periods__opened_on",
            "periods__closed_on",
        )
    )
    started: dict[int, tuple[datetime.date | None, bool]] = {}
    periods: dict[int, list[Period]] = {}
    for key, started_on, justification, opened_on, closed_on in begun:
        started[key] = (started_on, bool(justification))
        periods.setdefault(key, []).extend([Period(opened_on, closed_on)] if opened_on else [])
    return {
        key: read_clock(started_on, periods[key], day, justified=justified, policy=policy)
        for key, (started_on, justified) in started.items()
    }
