"""Approved, received and spent: what counts of the bookings, added up by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Sum

from funding.choices import BookingKind
from funding.models import Booking, BudgetLine, FundingPeriod


@dataclass(slots=True)
class Sums:
    """Cents of one line, or of a whole period."""

    approved: int = 0
    received: int = 0
    spent: int = 0

    @property
    def to_come(self) -> int:
        """Approved and not yet received."""
        return max(0, self.approved - self.received)

    @property
    def unspent(self) -> int:
        """Approved and not yet spent."""
        return max(0, self.approved - self.spent)

    @property
    def overspent(self) -> int:
        """Spent beyond what was approved."""
        return max(0, self.spent - self.approved)

    def add(self, kind: str, amount: int) -> None:
        setattr(self, kind, getattr(self, kind) + amount)


@dataclass(slots=True)
class PeriodSums:
    """The sums of a period, and of each of its lines."""

    total: Sums = field(default_factory=Sums)
    lines: dict[int, Sums] = field(default_factory=lambda: defaultdict(Sums))

    @property
    def is_overspent(self) -> bool:
        """Whether more was spent than approved, in one line at least."""
        return any(line.overspent for line in self.lines.values())


def sums_of(periods: Collection[FundingPeriod]) -> Mapping[int, PeriodSums]:
    """The sums of some periods by their key; one statement."""
    found: dict[int, PeriodSums] = defaultdict(PeriodSums)
    rows = (
        Booking.objects.unscoped(reason="of periods the caller may read")
        .current()
        .filter(period__in=periods)
        .order_by()
    )
    for period, line, kind, amount in rows.values_list("period", "line", "kind").annotate(Sum("amount")):
        found[period].total.add(BookingKind(kind), amount)
        found[period].lines[line].add(BookingKind(kind), amount)
    return found


def by_line(sums: PeriodSums) -> list[tuple[BudgetLine, Sums]]:
    """The lines of a period in the order of their list."""
    lines = BudgetLine.objects.filter(pk__in=sums.lines)
    return [(line, sums.lines[line.pk]) for line in lines]
