"""Dated facts of a file: what changes keeps its history, so that effects can be reported."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.choices import (
    AccommodationKind,
    FactKind,
    FactSource,
    PermitNote,
    PointKind,
    Precision,
    ResidenceStatus,
)
from clients.models.catalogues import FactValue
from clients.models.client import Client
from clients.models.houses import House
from clients.querysets import AccommodationQuerySet, ContactPointQuerySet, DatedQuerySet, FileRowQuerySet
from clients.rules.dates import UncertainDate


class Accommodation(Record):
    """Where a person lives, from–to. The address lives here, not on the household."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="accommodations")
    # The address of a house is copied into the row, and follows when the house is corrected.
    house = models.ForeignKey(
        House,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("accommodation of the municipality"),
    )
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
    is_protected = models.BooleanField(default=False, editable=False)

    objects = AccommodationQuerySet.as_manager()
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
    def kind_text(self) -> str:
        """How the person lives, as far as it tells no protected address."""
        return "" if self.is_protected else str(self.get_kind_display())

    @property
    def address_lines(self) -> list[str]:
        """The address as lists, rounds, prints and other people's pages show it."""
        return [gettext("protected address")] if self.is_protected else self.unprotected_lines

    @property
    def unprotected_lines(self) -> list[str]:
        """The address itself, for whoever may read it in the file (``FileFacts.reads_address``)."""
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
    """A residence status with both dates: the printed one and "gilt fort bis".

    Attributes:
        ended_on: the first day on which it no longer held; a former status has it.
        follows: the status that ended with this one, so that taking this one back lets it hold again.
        reminded_days: the last reminder step dealt with, in days before the end; the next one speaks up again.
        reminded_as: what was done about it, since ``reminded_on``.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="residences")
    status = models.CharField(_("residence status"), max_length=40, choices=ResidenceStatus)
    since = models.DateField(_("since"), null=True, blank=True)
    printed_until = models.DateField(_("printed on the document: valid until"), null=True, blank=True)
    continues_until = models.DateField(_("continues to be valid until"), null=True, blank=True)
    no_decree = models.BooleanField(_("not prolonged by general decrees"), default=False)
    ended_on = models.DateField(null=True, editable=False)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)
    reminded_as = models.CharField(max_length=10, choices=PermitNote, blank=True, editable=False)
    reminded_on = models.DateField(null=True, editable=False)

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

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is the status of that day, as far as its dates are known."""
        has_begun = self.since is None or self.since <= day
        return has_begun and (self.ended_on is None or self.ended_on > day)

    @property
    def own_end(self) -> datetime.date | None:
        """The later of both dates, None when neither is known; a decree may prolong it (``rules.permits``)."""
        known = [day for day in (self.printed_until, self.continues_until) if day is not None]
        return max(known) if known else None


class DatedFact(Record):
    """German level, course, employment and the like: a value since a day.

    Attributes:
        since: the first day it can have held, known to ``since_precision``; ``until`` the last one.
        follows: the value that ended with this one, which was to end on ``follows_until``; taking this one back
            restores it.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(_("kind"), max_length=20, choices=FactKind)
    value = models.ForeignKey(FactValue, on_delete=models.PROTECT, related_name="+", verbose_name=_("value"))
    detail = models.CharField(_("detail"), max_length=160, blank=True)
    source = models.CharField(_("known from"), max_length=20, choices=FactSource, blank=True)
    since = models.DateField(_("since"))
    since_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    until = models.DateField(_("until"), null=True, blank=True)
    until_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    follows_until = models.DateField(null=True, editable=False)

    objects = DatedQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="dated fact")

    class Meta:
        verbose_name = _("dated fact")
        verbose_name_plural = _("dated facts")
        ordering = ("kind", "-since", "-id")
        indexes = [models.Index(fields=["client", "kind", "-since"], name="dated_fact_of_client")]
        constraints = [
            models.CheckConstraint(
                name="fact_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            )
        ]

    def __str__(self) -> str:
        return f"fact {self.pk}"

    def holds_on(self, day: datetime.date) -> bool:
        """Whether the value holds on a day."""
        return self.since <= day and (self.until is None or self.until >= day)

    @property
    def begun(self) -> UncertainDate:
        """The first day with its precision."""
        return UncertainDate(self.since, Precision(self.since_precision))

    @property
    def ended(self) -> UncertainDate | None:
        """The last day with its precision."""
        return UncertainDate(self.until, Precision(self.until_precision)) if self.until else None


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
