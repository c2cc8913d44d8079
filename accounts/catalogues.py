"""Dated value lists and versioned policies: data the administration keeps, never constants.

``Catalogue`` rows come from the idempotent command ``load_catalogues``; administrators change them in the
Django admin on ``accounts.catalogue_admin.CatalogueAdmin``. A retired row stays readable where it was used.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class CatalogueQuerySet(models.QuerySet[Any]):
    def valid_on(self, day: datetime.date) -> Self:
        """Rows in force on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        )


class Catalogue(models.Model):
    """A row of a value list."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label_de = models.CharField(_("German label"), max_length=120)
    label_en = models.CharField(_("English label"), max_length=120, blank=True)
    order = models.PositiveIntegerField(_("order"), default=100)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar[Sequence[str]] = ("order", "label_de")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        if (get_language() or "de").startswith("en") and self.label_en:
            return self.label_en
        return self.label_de

    def is_valid_on(self, day: datetime.date) -> bool:
        """Whether the row is in force on a day; `CatalogueQuerySet.valid_on` for one row."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or self.valid_until >= day)


# Years.
LONGEST_AHEAD = 20


class PolicyQuerySet(models.QuerySet[Any]):
    def in_force_on(self, day: datetime.date) -> Self:
        """The versions valid on a day, newest first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from", "-pk")


def valid_among(rows: Iterable[Any], day: datetime.date) -> list[Any]:
    """Those of some loaded rows of a value list that are in force on a day."""
    return [
        row
        for row in rows
        if (row.valid_from is None or row.valid_from <= day)
        and (row.valid_until is None or row.valid_until >= day)
    ]


def in_force_among(versions: Iterable[Any], day: datetime.date) -> Any:
    """The version of some loaded ones that is valid on a day; None before the first."""
    begun = [version for version in versions if version.valid_from <= day]
    return max(begun, key=lambda version: (version.valid_from, version.pk), default=None)


class Policy(models.Model):
    """A version of a rule's thresholds, valid from a day on; what began before keeps its version."""

    valid_from = models.DateField(_("valid from"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-valid_from",)

    def __str__(self) -> str:
        return f"{self.valid_from:%d.%m.%Y}"

    def clean(self) -> None:
        """A day far ahead is a slip of the keyboard.

        Raises:
            ValidationError: at the day.
        """
        super().clean()
        day, today = self.valid_from, timezone.localdate()
        if day is not None and (day.year - LONGEST_AHEAD, day.month, day.day) > (
            today.year,
            today.month,
            today.day,
        ):
            raise ValidationError({"valid_from": _("Please enter a day within the next 20 years.")})


def add_missing(model: type[models.Model], rows: Iterable[dict[str, Any]], *, key: str = "code") -> int:
    """Insert the rows whose key is not there yet; rows that exist stay as the administration left them.

    Args:
        model: a catalogue or policy.
        rows: field values by name.
        key: the field that identifies a row.

    Returns:
        How many rows were added.
    """
    known = set(model._default_manager.values_list(key, flat=True))
    fresh = [model(**row) for row in rows if row[key] not in known]
    model._default_manager.bulk_create(fresh)
    return len(fresh)
