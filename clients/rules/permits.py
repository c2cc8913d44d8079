"""When the end of a residence permit is announced (rules.md §11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from clients.choices import ResidenceStatus

# Documents that are no titles and are prolonged every few months.
SHORT_STATUSES = frozenset({ResidenceStatus.GESTATTUNG, ResidenceStatus.DULDUNG, ResidenceStatus.FIKTION})


@dataclass(frozen=True, slots=True)
class PermitPolicy:
    """Reminder steps in days before the end, longest first."""

    steps: tuple[int, ...] = (120, 60, 30)
    short_steps: tuple[int, ...] = (30, 14, 7)


DEFAULT_POLICY = PermitPolicy()


class Decree(Protocol):
    """All documents of ``status`` valid on a day go on until another. Columns of a row have no type of their own."""

    status: Any
    valid_on: Any
    continues_until: Any


class Document(Protocol):
    """A residence document as it is recorded; ``own_end`` is the later of its two dates."""

    status: Any
    since: Any
    no_decree: Any

    @property
    def own_end(self) -> date | None: ...


D = TypeVar("D", bound=Decree)


@dataclass(frozen=True, slots=True)
class PermitEnd(Generic[D]):
    """The last day of a document, and the decree it owes that day to, if it is one."""

    day: date
    decree: D | None = None


def end_of(document: Document, decrees: Iterable[D]) -> PermitEnd[D] | None:
    """Until when a document is valid; None while no end is recorded, which no decree can prolong.

    A decree takes in whatever is valid on its day, also by an earlier decree; it never shortens.

    Args:
        document: as recorded.
        decrees: those in force, of any status.
    """
    if document.own_end is None:
        return None
    end: PermitEnd[D] = PermitEnd(document.own_end)
    if document.no_decree:
        return end
    for decree in sorted(decrees, key=lambda decree: (decree.valid_on, decree.continues_until)):
        has_begun = document.since is None or document.since <= decree.valid_on
        is_valid = has_begun and end.day >= decree.valid_on
        if decree.status == document.status and is_valid and decree.continues_until > end.day:
            end = PermitEnd(decree.continues_until, decree)
    return end


def steps_of(status: str, policy: PermitPolicy = DEFAULT_POLICY) -> tuple[int, ...]:
    """The reminder steps for a document of this status, in days before its end."""
    return policy.short_steps if status in SHORT_STATUSES else policy.steps


def step_reached(left: int, steps: Iterable[int]) -> int | None:
    """The smallest number of days not exceeded by those left; 0 once none is, None before the first step."""
    return 0 if left < 0 else min((step for step in steps if left <= step), default=None)


def reminder_step(
    status: str, valid_until: date | None, today: date, policy: PermitPolicy = DEFAULT_POLICY
) -> int | None:
    """The reminder step reached: the smallest number of days not exceeded; 0 once the permit has ended.

    Args:
        status: a value of ``ResidenceStatus``.
        valid_until: the later of the printed end and "continues to be valid until"; that day still counts.
        today: the day of asking.
        policy: the steps in force.

    Returns:
        None while the end is unknown or further away than the first step.
    """
    if valid_until is None:
        return None
    return step_reached((valid_until - today).days, steps_of(status, policy))


def needs_reminder(step: int | None, reminded_days: int | None) -> bool:
    """Whether the step reached speaks up: nobody dealt with this step or a later one yet."""
    return step is not None and (reminded_days is None or step < reminded_days)
