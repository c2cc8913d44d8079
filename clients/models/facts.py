"""Dated facts of a file: what changes keeps its history, so that effects can be reported."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.choices import AccommodationKind, FactKind, PointKind, ResidenceStatus
from clients.models.catalogues import FactValue
from clients.models.client import Client
from clients.querysets import ContactPointQuerySet, DatedQuerySet, FileRowQuerySet


class Accommodation(Record):
    """Where a person lives, from–to. The address lives here, not on the household."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="accommodations")
    kind = models.CharField(_("kind of accommodation"), max_length=20, choices=AccommodationKind, blank=True)
    name = models.CharField(_("name of the accommodation"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=120, blank=True)
    quarter = models.CharField(_("part of town"), max_length=120, blank=True)
    letters_reach = models.BooleanField(
        _("letters arrive here"), default=True, help_text=_("Untick when mail came back.")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    recorded_at = models.DateTimeField(editable=False)

    objects = DatedQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="accommodation")

    class Meta:
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        ordering = ("-since", "-id")
        constraints = [
            models.CheckConstraint(
                name="accommodation_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(until__isnull=True), name="one_open_accommodation"
            ),
        ]

    def __str__(self) -> str:
        return f"accommodation {self.pk}"

    @property
    def address_lines(self) -> list[str]:
        place = f"{self.postcode} {self.town}".strip()
        if self.quarter:
            place = f"{place}-{self.quarter}" if place else self.quarter
        return [line for line in (self.name, self.street, place) if line]

    @property
    def is_known_address(self) -> bool:
        return bool(self.street and self.town)


class ContactPoint(Record):
    """A number or mail address; ended and replaced, never overwritten."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=20, choices=PointKind)
    value = models.CharField(_("number or address"), max_length=160)
    normalised = models.CharField(max_length=160, editable=False)
    may_use = models.BooleanField(_("may be used"), default=True)
    remark = models.CharField(_("remark"), max_length=160, blank=True)
    since = models.DateTimeField(editable=False)
    until = models.DateTimeField(null=True, editable=False)

    objects = ContactPointQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="contact data")

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ("since", "id")
        indexes = [models.Index(fields=["normalised"], name="contact_point_by_value")]

    def __str__(self) -> str:
        return f"contact point {self.pk}"

    @property
    def is_phone(self) -> bool:
        return self.kind in (PointKind.MOBILE, PointKind.PHONE)


class Residence(Record):
    """A residence status with both dates: the printed one and "gilt fort bis"."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="residences")
    status = models.CharField(_("residence status"), max_length=40, choices=ResidenceStatus)
    since = models.DateField(_("since"), null=True, blank=True)
    printed_until = models.DateField(_("printed on the document: valid until"), null=True, blank=True)
    continues_until = models.DateField(_("continues to be valid until"), null=True, blank=True)
    ended_on = models.DateField(null=True, editable=False)
    recorded_at = models.DateTimeField(editable=False)
    # The last reminder step dealt with, in days before the end; the next step speaks up again.
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="residence")

    class Meta:
        verbose_name = _("residence status")
        verbose_name_plural = _("residence statuses")
        ordering = ("-recorded_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_on__isnull=True), name="one_current_residence"
            )
        ]

    def __str__(self) -> str:
        return f"residence {self.pk}"

    @property
    def valid_until(self) -> datetime.date | None:
        """The later of both dates, None when neither is known."""
        known = [day for day in (self.printed_until, self.continues_until) if day is not None]
        return max(known) if known else None


class DatedFact(Record):
    """German level, course, employment, benefits, schooling: value since a day."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(_("kind"), max_length=20, choices=FactKind)
    value = models.ForeignKey(FactValue, on_delete=models.PROTECT, related_name="+", verbose_name=_("value"))
    detail = models.CharField(_("detail"), max_length=160, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    recorded_at = models.DateTimeField(editable=False)

    objects = DatedQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="dated fact")

    class Meta:
        verbose_name = _("dated fact")
        verbose_name_plural = _("dated facts")
        ordering = ("kind", "-since", "-id")
        indexes = [models.Index(fields=["client", "kind", "-since"], name="dated_fact_of_client")]

    def __str__(self) -> str:
        return f"fact {self.pk}"


class SafetyNote(Record):
    """A note for visits ("only in pairs") with reason, author and expiry."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="safety_notes")
    only_in_pairs = models.BooleanField(_("visit only in pairs"), default=True)
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(editable=False)
    expires_on = models.DateField(_("valid until"))
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="safety")

    class Meta:
        verbose_name = _("safety note")
        verbose_name_plural = _("safety notes")
        ordering = ("-set_at", "-id")

    def __str__(self) -> str:
        return f"safety note {self.pk}"
