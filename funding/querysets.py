"""Whose rows: a town's officer has those of her town, the coordination reads all and keeps the district's."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from accounts.access import ScopedQuerySet, scope_of
from accounts.models import Municipality
from accounts.permissions import Column, column_of, may
from documents.querysets import KeptQuerySet
from funding.choices import NOTHING_TO_DO


class OwnedQuerySet(ScopedQuerySet[Any]):
    """Rows that lead to a funding period, which is a town's or the district's.

    Attributes:
        path: the look-up to the period, empty on the period itself.
    """

    path: ClassVar[str] = ""

    def visible_to(self, user: Any) -> Self:
        """Rows one may read today; none for managers and the administration."""
        if not may(user, "funding.view"):
            return self.none()
        if column_of(user) == Column.COORDINATOR:
            return self.all()
        return self.filter(**{f"{self.path}municipality__in": scope_of(user).municipalities})

    def of_place(self, place: Municipality | None) -> Self:
        """Those of one town; all where none is named."""
        return self if place is None else self.filter(**{f"{self.path}municipality": place})

    def editable_by(self, user: Any) -> Self:
        """Rows one may write today: the district's for the coordination, those of her towns for an officer."""
        rows = self.visible_to(user)
        if column_of(user) == Column.COORDINATOR:
            return rows.filter(**{f"{self.path}municipality__isnull": True})
        return rows


class PeriodQuerySet(OwnedQuerySet):
    def unsettled(self) -> Self:
        """Periods whose proof of use keeps somebody busy, or will."""
        return self.exclude(proof_state__in=NOTHING_TO_DO)

    def named(self) -> Self:
        """With what their titles say."""
        return self.select_related("programme", "municipality")


class OfPeriodQuerySet(OwnedQuerySet):
    path = "period__"


class FundingEntryQuerySet(OfPeriodQuerySet):
    """Entries are never changed: what was corrected or reversed stays."""

    def current(self) -> Self:
        """Those that count: neither replaced nor a reversal."""
        return self.filter(replaced_by__isnull=True, is_reversal=False)


class PaperQuerySet(KeptQuerySet, OfPeriodQuerySet):  # type: ignore[override]  # each has a manager of its own
    """Documents of a funding period."""
