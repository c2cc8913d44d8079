"""Thresholds of the file as versioned data."""

from itertools import pairwise

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.catalogues import Policy
from clients.rules.clock import ClockPolicy
from clients.rules.permits import PermitPolicy

_REMINDERS = ("first_reminder_days", "second_reminder_days", "last_reminder_days")
_SHORT_REMINDERS = ("short_first_reminder_days", "short_second_reminder_days", "short_last_reminder_days")


class FilePolicy(Policy):
    """The counselling clock (rules.md §7) and the reminders before a permit ends (rules.md §11)."""

    limit_months = models.PositiveSmallIntegerField(
        _("limit in months"), default=36, validators=[MinValueValidator(1)]
    )
    hard_limit_months = models.PositiveSmallIntegerField(
        _("limit with justification, in months"), default=48, validators=[MinValueValidator(1)]
    )
    first_warning_months = models.PositiveSmallIntegerField(_("first warning, in months"), default=30)
    second_warning_months = models.PositiveSmallIntegerField(_("second warning, in months"), default=34)
    first_reminder_days = models.PositiveSmallIntegerField(
        _("first reminder, days before a permit ends"), default=120
    )
    second_reminder_days = models.PositiveSmallIntegerField(_("second reminder, days before"), default=60)
    last_reminder_days = models.PositiveSmallIntegerField(_("last reminder, days before"), default=30)
    short_first_reminder_days = models.PositiveSmallIntegerField(
        _("short permits: first reminder, days before"), default=30
    )
    short_second_reminder_days = models.PositiveSmallIntegerField(
        _("short permits: second reminder, days before"), default=14
    )
    short_last_reminder_days = models.PositiveSmallIntegerField(
        _("short permits: last reminder, days before"), default=7
    )

    class Meta(Policy.Meta):
        verbose_name = _("policy of the file")
        verbose_name_plural = _("policies of the file")
        constraints = [
            models.UniqueConstraint(fields=["valid_from"], name="one_file_policy_a_day"),
            models.CheckConstraint(
                name="hard_limit_is_not_below_the_limit",
                condition=Q(hard_limit_months__gte=F("limit_months")),
            ),
        ]

    def clean(self) -> None:
        """Each reminder stands nearer to the end than the one before.

        Raises:
            ValidationError: at the reminder that does not.
        """
        super().clean()
        for names in (_REMINDERS, _SHORT_REMINDERS):
            for earlier, later in pairwise(names):
                before, after = getattr(self, earlier), getattr(self, later)
                if before is not None and after is not None and after >= before:
                    raise ValidationError({later: _("Fewer days than the reminder before it, please.")})

    @property
    def clock(self) -> ClockPolicy:
        """The thresholds the clock is read with."""
        return ClockPolicy(
            limit=self.limit_months,
            hard_limit=self.hard_limit_months,
            warnings=(self.first_warning_months, self.second_warning_months, self.limit_months),
        )

    @property
    def permits(self) -> PermitPolicy:
        """The reminder steps before the end of a permit."""
        steps, short_steps = (
            tuple(getattr(self, name) for name in names) for names in (_REMINDERS, _SHORT_REMINDERS)
        )
        return PermitPolicy(steps=steps, short_steps=short_steps)
