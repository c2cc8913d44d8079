"""The counselling clock: how many months of counselling a person has had, and when a limit is reached.

It starts with the first held talk (a telephone talk starts it, writing does not) and runs on through pauses
over all counselling periods. Days between closing and re-opening do not count and move the limits back.
n months are complete on first talk + n months; warnings and limits start on that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from accounts.rules.calendar import add_months
from clients.rules.dates import days_between


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """Limits in months. Past `limit` a written justification is needed, past `hard_limit` nothing extends."""

    limit: int = 36
    hard_limit: int = 48
    warnings: tuple[int, ...] = (30, 34, 36)


DEFAULT_POLICY = ClockPolicy()


@dataclass(frozen=True, slots=True)
class Period:
    """One counselling period; both days belong to it. `closed_on` is None while it is open."""

    opened_on: date
    closed_on: date | None = None


class ClockLevel(StrEnum):
    NOT_STARTED = "not_started"
    RUNNING = "running"
    WARNED = "warned"
    PAST_LIMIT = "past_limit"
    PAST_HARD_LIMIT = "past_hard_limit"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Where the clock stands.

    `month` is the running month (13 complete months = month 14), 0 before the first talk. `out_of` is the
    limit to show beside it. `warning` is the highest warning reached, in months. `limit_on` is the day on
    which `out_of` months are complete; None before the first talk, and while a file is closed before it.
    """

    level: ClockLevel
    month: int = 0
    complete: int = 0
    out_of: int = DEFAULT_POLICY.limit
    warning: int | None = None
    limit_on: date | None = None
    justification_missing: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Gap:
    closed_on: date
    reopened_on: date | None


def _gaps(started_on: date, periods: Sequence[Period]) -> list[_Gap]:
    """The stretches between closing and re-opening that touch the time since the first talk, oldest first."""
    ordered = sorted(periods, key=lambda period: period.opened_on)
    gaps: list[_Gap] = []
    for position, period in enumerate(ordered):
        if period.closed_on is None:
            continue
        following = ordered[position + 1].opened_on if position + 1 < len(ordered) else None
        if following is not None and following <= started_on:
            continue
        gaps.append(_Gap(max(period.closed_on, started_on), following))
    return gaps


def months_complete_on(started_on: date, months: int, periods: Sequence[Period]) -> date | None:
    """The day `months` counselled months are complete; None if the file was closed before and still is."""
    due = add_months(started_on, months)
    for gap in _gaps(started_on, periods):
        if due <= gap.closed_on:
            break
        if gap.reopened_on is None:
            return None
        due += timedelta(days=days_between(gap.closed_on, gap.reopened_on))
    return due


def complete_months(started_on: date, periods: Sequence[Period], today: date) -> int:
    """How many counselled months are complete on a day; 0 on the day of the first talk."""
    months = 0
    while (due := months_complete_on(started_on, months + 1, periods)) is not None and due <= today:
        months += 1
    return months


def stopped_days(started_on: date, periods: Sequence[Period]) -> int:
    """Days between closing and re-opening since the first talk, of a file that is open."""
    gaps = _gaps(started_on, periods)
    return sum(days_between(gap.closed_on, gap.reopened_on) for gap in gaps if gap.reopened_on is not None)


def months_less_stopped(started_on: date, stopped: int, today: date) -> int:
    """Complete counselled months of an open file, from how many days the clock stood (`complete_months`)."""
    day = today - timedelta(days=stopped)
    months = (day.year - started_on.year) * 12 + day.month - started_on.month
    return months if add_months(started_on, months) <= day else months - 1


def ahead_of_limit(policy: ClockPolicy) -> int:
    """How many months before a limit the last warning speaks that is not the limit itself."""
    return policy.limit - policy.warnings[-2] if len(policy.warnings) > 1 else 0


def read_clock(
    started_on: date | None,
    periods: Sequence[Period],
    today: date,
    *,
    justified: bool = False,
    policy: ClockPolicy = DEFAULT_POLICY,
) -> ClockReading:
    """The state of the clock on a day.

    Args:
        started_on: the day of the first held talk, None when there was none.
        periods: all counselling periods of the file, in any order.
        today: the day the reading is for; a first talk after it has not happened yet.
        justified: whether a written justification for the time after `policy.limit` is in the file.
        policy: the limits in force.
    """
    closed = bool(periods) and all(period.closed_on is not None for period in periods)
    if started_on is None or started_on > today:
        return ClockReading(ClockLevel.NOT_STARTED, out_of=policy.limit, stopped=closed)
    complete = complete_months(started_on, periods, today)
    out_of = policy.hard_limit if justified else policy.limit
    if complete >= policy.hard_limit:
        level = ClockLevel.PAST_HARD_LIMIT
    elif complete >= policy.limit:
        level = ClockLevel.PAST_LIMIT
    elif any(complete >= warning for warning in policy.warnings):
        level = ClockLevel.WARNED
    else:
        level = ClockLevel.RUNNING
    return ClockReading(
        level,
        month=complete + 1,
        complete=complete,
        out_of=out_of,
        warning=max((warning for warning in policy.warnings if complete >= warning), default=None),
        limit_on=months_complete_on(started_on, out_of, periods),
        justification_missing=complete >= policy.limit and not justified,
        stopped=closed,
    )
