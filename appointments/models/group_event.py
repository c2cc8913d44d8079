"""A group event that belongs to no file; nobody is named here."""

from __future__ import annotations

import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from accounts.records import Record
from appointments.models.contact import LONGEST, MOST_ATTENDEES
from appointments.models.office_hour import OfTheMunicipality
from clients.models import SpokenLanguage, Topic


class GroupEventQuerySet(OfTheMunicipality):
    def held_between(self, first: datetime.date, last: datetime.date) -> Self:
        """Events of some days, both included, without those entered by mistake."""
        return self.filter(held_on__range=(first, last), withdrawn=False)


class GroupEvent(Record):
    """An evening for whoever comes, kept by the managers of its municipality as office hours are.

    An event that is about clients of a caseload is a contact in their files instead (rules.md §1). One that was entered
    by mistake is ``withdrawn``: it stays in the list and counts no more.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="group_events", verbose_name=_("municipality")
    )
    title = models.CharField(_("what it was"), max_length=120)
    held_on = models.DateField(_("date"))
    minutes = models.PositiveSmallIntegerField(
        _("duration in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    attendees = models.PositiveSmallIntegerField(
        _("attendees"),
        validators=[
            MinValueValidator(1, _("A group event has at least one attendee.")),
            MaxValueValidator(MOST_ATTENDEES),
        ],
    )
    main_topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("main topic")
    )
    language = models.ForeignKey(
        SpokenLanguage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("language"),
    )

    withdrawn = models.BooleanField(_("entered by mistake"), default=False)

    objects = GroupEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("group event without a file")
        verbose_name_plural = _("group events without a file")
        ordering = ("-held_on", "-pk")
        indexes = [models.Index(fields=["municipality", "-held_on"], name="group_event_of_the_town")]
        constraints = [
            models.CheckConstraint(name="somebody_came_to_a_group_event", condition=Q(attendees__gte=1)),
        ]

    def __str__(self) -> str:
        return f"group event {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("appointments:group_event", args=[self.uuid])
