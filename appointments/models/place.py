"""The rooms of the service, and when they are open; never where a client lives."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Scope
from accounts.models import Municipality
from ui.dates import time_de


class PlaceQuerySet(models.QuerySet["Place"]):
    def offered_in(self, scope: Scope) -> Self:
        """Places in use of the municipalities somebody serves, with their hours."""
        found = self.filter(is_active=True, municipality__in=scope.municipalities)
        return found.prefetch_related("hours")


class Place(models.Model):
    """A room of the service in one municipality, kept by the administration; it is retired, never deleted."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="places", verbose_name=_("municipality")
    )
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=120, blank=True, help_text=_("In one line."))
    is_active = models.BooleanField(_("in use"), default=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("municipality", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"],
                name="a_place_has_its_own_name",
                violation_error_message=_("There is a place of this name in this municipality."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceHours(models.Model):
    """When a place is open on a weekday, from a day on; two rows of one day are a morning and an afternoon.

    ``valid_until`` is the last day it holds, None while no end is known.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="hours", verbose_name=_("place"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    opens = models.TimeField(_("opens at"))
    closes = models.TimeField(_("closes at"))
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(name="a_place_closes_after_it_opens", condition=Q(closes__gt=F("opens"))),
            models.CheckConstraint(
                name="hours_of_a_place_end_after_they_begin",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {time_de(self.opens)}–{time_de(self.closes)}"

    def clean(self) -> None:
        """Say at the field what the database would refuse.

        Raises:
            ValidationError: it closes before it opens, or holds until before it holds.
        """
        super().clean()
        wrong: dict[str, str] = {}
        if self.opens and self.closes and self.closes <= self.opens:
            wrong["closes"] = gettext("It closes after it opens.")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            wrong["valid_until"] = gettext("The end lies before the beginning.")
        if wrong:
            raise ValidationError(wrong)
