"""Questions over consents, documents and waiting mail; each row belongs to one file."""

from __future__ import annotations

import datetime
from typing import Any, Self

from django.db.models import Q, QuerySet, Sum

from clients.models import Client
from clients.querysets import FileRowQuerySet
from daily.models import MessageState, OutgoingQuerySet


class HealthMarkedQuerySet(FileRowQuerySet):
    """Rows of which some are about health, which is a second filter (rules.md §8)."""

    def readable(self, *, with_health: bool) -> Self:
        """Those the reader may know of."""
        return self if with_health else self.filter(about_health=False)


class ConsentQuerySet(HealthMarkedQuerySet):
    def in_force(self, day: datetime.date) -> Self:
        """Consents that hold on a day: given, not over, not revoked (rules.md §13)."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            Q(revoked_on__isnull=True) | Q(revoked_on__gt=day),
            given_on__lte=day,
        )


class KeptQuerySet(QuerySet[Any]):
    """Kept files, whatever they belong to."""

    def kept(self) -> Self:
        """Those that were not deleted."""
        return self.filter(deleted_at__isnull=True)

    def with_bytes(self) -> Self:
        """Those whose file is stored: kept ones, and ones deleted today, which can still be brought back."""
        return self.exclude(sha256="")

    def bytes_stored(self) -> int:
        """How much all of them take."""
        total: int | None = self.with_bytes().aggregate(total=Sum("size"))["total"]
        return total or 0


class DocumentQuerySet(KeptQuerySet, HealthMarkedQuerySet):
    """Files kept in a client's file."""


class ClientMailQuerySet(OutgoingQuerySet):
    def of(self, client: Client) -> Self:
        """Mail of one file; the caller has checked access to it."""
        return self.filter(client=client)

    def waiting(self) -> Self:
        """Mail that no mail server has heard of yet."""
        return self.filter(state=MessageState.WAITING)
