"""Enquiries: what arrives before there is a file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.models import Municipality
from accounts.records import Record
from clients.models.catalogues import AccessSource, SpokenLanguage, Topic
from clients.models.client import Client
from intake.choices import EnquiryState
from intake.querysets import EnquiryQuerySet


class EnquiryCounter(models.Model):
    """The last enquiry number given in a municipality and year; locked while a number is drawn."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year"], name="one_enquiry_counter_per_place_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id}/{self.year}: {self.last}"


class Enquiry(Record):
    """A request for help (rules.md §8). It has its own number, which tells no case number.

    ``client`` is known to the manager who took it only. An enquiry the officer answered herself names nobody.
    """

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(editable=False)
    surname = models.CharField(_("surname"), max_length=120, blank=True)
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    reach = models.CharField(_("how to reach the person"), max_length=200, blank=True)
    reason = models.TextField(_("what it is about"), max_length=2000, blank=True)
    source = models.ForeignKey(
        AccessSource,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("access source"),
    )
    language = models.ForeignKey(
        SpokenLanguage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("language"),
    )
    state = models.CharField(max_length=20, choices=EnquiryState, default=EnquiryState.OPEN, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, editable=False)
    client = models.ForeignKey(
        Client, null=True, editable=False, on_delete=models.CASCADE, related_name="enquiries"
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("topic")
    )
    minutes = models.PositiveSmallIntegerField(_("duration in minutes"), null=True, blank=True)

    objects = EnquiryQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="enquiry")

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ("-registered_at", "-id")
        indexes = [
            models.Index(
                fields=["municipality", "state", "-registered_at"], name="enquiry_by_place_and_state"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="enquiry_taken_has_a_taker",
                condition=Q(state=EnquiryState.TAKEN, taken_by__isnull=False) | ~Q(state=EnquiryState.TAKEN),
            ),
            models.CheckConstraint(
                name="enquiry_with_a_file_was_taken",
                condition=Q(client__isnull=True) | Q(taken_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.surname}".strip()
