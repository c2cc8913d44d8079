"""Questions over the network, its meetings and the referrals of files."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from accounts.access import Scope
from clients.models import SpokenLanguage, Topic
from documents.querysets import HealthMarkedQuerySet
from partners.rules.network import confirmed_since

if TYPE_CHECKING:
    from accounts.models import Municipality


class NetworkEntryQuerySet(models.QuerySet[Any]):
    """Entries that somebody confirms now and then."""

    def stale(self, today: datetime.date) -> Self:
        """Those nobody has confirmed for twelve months."""
        return self.filter(confirmed_on__lt=confirmed_since(today))


class OrganisationQuerySet(NetworkEntryQuerySet):
    """Organisations; all towns of the district share them."""

    def current(self) -> Self:
        """Those that were neither retired nor merged into another."""
        return self.filter(retired_on__isnull=True)

    def after(self, row: Any) -> Self:
        """Rows after a cursor row in the usual order."""
        return self.filter(name__gte=row.name).filter(Q(name__gt=row.name) | Q(pk__gt=row.pk))


class OfferQuerySet(models.QuerySet[Any]):
    def on(self, day: datetime.date) -> Self:
        """Offers that are held on a day, of organisations in use."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), organisation__retired_on__isnull=True
        )

    def fitting(
        self, *, topic: Topic | None, language: SpokenLanguage | None, place: Municipality | None
    ) -> Self:
        """Offers for a need, in a language, open to the people of a town; None asks for nothing."""
        rows = self
        if topic is not None:
            rows = rows.filter(topic=topic)
        if language is not None:
            rows = rows.filter(languages=language)
        if place is not None:
            rows = rows.filter(Q(municipality=place) | Q(municipality__isnull=True))
        return rows


class VolunteerQuerySet(NetworkEntryQuerySet):
    """Volunteers; they are known in their own municipality only."""

    def kept_in(self, scope: Scope) -> Self:
        """Those of the municipalities somebody serves."""
        return self.filter(municipality__in=scope.municipalities)


class MeetingQuerySet(models.QuerySet[Any]):
    """Meetings; all towns of the district share them."""

    def from_now(self, now: datetime.datetime) -> Self:
        """Meetings to come, the next one first."""
        return self.filter(starts_at__gte=now).order_by("starts_at", "pk")

    def before(self, row: Any) -> Self:
        """Meetings before a cursor row, the last one first."""
        return self.filter(starts_at__lte=row.starts_at).filter(
            Q(starts_at__lt=row.starts_at) | Q(pk__lt=row.pk)
        )


class MeetingDecisionQuerySet(models.QuerySet[Any]):
    """What meetings decided."""

    def open(self) -> Self:
        """Decisions not done."""
        return self.filter(done_at__isnull=True)

    def waiting_for(self, user: Any) -> Self:
        """What somebody has to do because a meeting decided so, the earliest first, each with its meeting."""
        return self.open().filter(responsible=user).select_related("meeting").order_by("due_on", "pk")


class ReferralQuerySet(HealthMarkedQuerySet):
    """Referrals of files."""

    def counted(self) -> Self:
        """Those that were not entered by mistake."""
        return self.exclude(state="withdrawn")
