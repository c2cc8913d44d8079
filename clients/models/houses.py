"""The houses in which a municipality accommodates people; they name nobody who lives there."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import Scope
from accounts.models import Municipality
from accounts.records import Record
from clients.choices import HOUSE_KINDS

if TYPE_CHECKING:
    pass


class HouseQuerySet(models.QuerySet["House"]):
    def kept_in(self, scope: Scope) -> Self:
        """Houses of the municipalities somebody serves."""
        return self.filter(municipality__in=scope.municipalities)

    def on(self, day: datetime.date) -> Self:
        """Houses in use on a day."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class House(Record):
    """An accommodation of the municipality, from–until; managers and officers of the municipality keep it."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="houses", verbose_name=_("municipality")
    )
    name = models.CharField(_("name of the accommodation"), max_length=120)
    kind = models.CharField(
        _("kind of accommodation"), max_length=20, choices=[(kind.value, kind.label) for kind in HOUSE_KINDS]
    )
    street = models.CharField(_("street and number"), max_length=160)
    postcode = models.CharField(_("postcode"), max_length=10)
    town = models.CharField(_("town"), max_length=120)
    quarter = models.CharField(_("part of town"), max_length=120, blank=True)
    capacity = models.PositiveSmallIntegerField(pgettext_lazy("offer", "places"), null=True, blank=True)
    caretaker = models.CharField(_("caretaker"), max_length=120, blank=True)
    caretaker_phone = models.CharField(_("phone of the caretaker"), max_length=40, blank=True)
    valid_from = models.DateField(_("in use from"), default=timezone.localdate)
    valid_until = models.DateField(_("in use until"), null=True, blank=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("accommodation of the municipality")
        verbose_name_plural = _("accommodations of the municipality")
        ordering = ("municipality", "quarter", "name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"],
                name="a_house_has_its_own_name",
                violation_error_message=_("There is an accommodation of this name in this municipality."),
            ),
            models.CheckConstraint(
                name="a_house_is_left_after_it_is_used",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("houses:detail", args=[self.uuid])

    def clean(self) -> None:
        """Say at the field what the database would refuse.

        Raises:
            ValidationError: it was left before it was used.
        """
        super().clean()
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": gettext("The end lies before the beginning.")})

    @property
    def address(self) -> dict[str, Any]:
        """What the accommodation of everybody who lives there says."""
        return {
            name: getattr(self, name) for name in ("name", "kind", "street", "postcode", "town", "quarter")
        }

    @property
    def address_lines(self) -> list[str]:
        place = f"{self.postcode} {self.town}"
        return [self.street, f"{place}-{self.quarter}" if self.quarter else place]
