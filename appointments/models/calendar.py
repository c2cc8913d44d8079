"""What a manager keeps about her own calendar."""

import datetime
import hashlib
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import DELETE, Privacy, ScopedQuerySet
from appointments.rules.slots import SUNDAY, Hours


class WorkingHoursQuerySet(ScopedQuerySet["WorkingHours"]):
    def between(self, first: datetime.date, last: datetime.date) -> Self:
        """Those that hold on a day from ``first`` to ``last``, both included."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first), valid_from__lte=last)


class WorkingHours(models.Model):
    """A span of a weekday on which a manager works, from a day on until she says otherwise.

    Without any she is never warned: not every contract says when somebody works.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), help_text="0 is Monday")
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True)

    objects = WorkingHoursQuerySet.as_manager()
    privacy = Privacy(scope="user", data_class="staff", root="user", export=False, erase=DELETE)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ("valid_from", "weekday", "begins")
        constraints = [
            models.CheckConstraint(name="working_hours_are_of_a_weekday", condition=Q(weekday__lte=SUNDAY)),
            models.CheckConstraint(
                name="working_hours_end_after_they_begin", condition=Q(ends__gt=F("begins"))
            ),
            models.CheckConstraint(
                name="working_hours_hold_for_a_day",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["user", "valid_from"], name="working_hours_of_user")]

    def __str__(self) -> str:
        return f"working hours {self.pk}"

    @property
    def rule(self) -> Hours:
        """As the rules take them."""
        return Hours(self.weekday, self.begins, self.ends, self.valid_from, self.valid_until)


class CalendarFeedQuerySet(ScopedQuerySet["CalendarFeed"]):
    def with_token(self, token: str) -> Self:
        """The one this token opens."""
        return self.filter(digest=digest_of(token))


def digest_of(token: str) -> str:
    """What is kept of a token; as it is long and random, no slow digest is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeed(models.Model):
    """The one address under which a manager's own calendar programme reads her appointments.

    Only a digest of its token is kept: whoever reads the database cannot read the feed.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField(editable=False)

    objects = CalendarFeedQuerySet.as_manager()
    privacy = Privacy(scope="user", data_class="staff", root="user", export=False, erase=DELETE)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"calendar feed {self.pk}"
