"""Open office hours: the series, its sessions, who is in line, and the counts that stay.

Nobody is named here. An arrival is a number, a language and a time; it is deleted when its session closes, and what
became of it stays as a count. No arrival points to a contact or a file.
"""

from __future__ import annotations

import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import scope_of
from accounts.models import Municipality
from accounts.permissions import may
from accounts.records import Record
from accounts.rules.calendar import bounds, local_date
from appointments.choices import ArrivalOutcome, SessionState
from appointments.models.place import Place
from clients.models import SpokenLanguage, Topic
from ui.links import reverse

MOST_WEEKS = 2


class OfTheMunicipality(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Rows of the municipalities a manager serves today; nobody else works at these desks."""
        if not may(user, "office_hours.run"):
            return self.none()
        return self.filter(municipality__in=scope_of(user).municipalities)


class SeriesQuerySet(OfTheMunicipality):
    def running(self, day: datetime.date) -> Self:
        """Series that go on after a day, at a place in use."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), place__is_active=True)


class OfficeHourSeries(Record):
    """A weekly or fortnightly office hour at one place, kept by the managers of its municipality.

    Its rhythm is never changed: a series is ended, and another one begins.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="office_hour_series", editable=False
    )
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="office_hour_series", verbose_name=_("place")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    begins = models.TimeField(pgettext_lazy("time", "from"))
    ends = models.TimeField(pgettext_lazy("time", "to"))
    every_weeks = models.PositiveSmallIntegerField(
        _("how often"), default=1, choices=[(1, _("every week")), (MOST_WEEKS, _("every two weeks"))]
    )
    valid_from = models.DateField(_("for the first time from"))
    valid_until = models.DateField(_("for the last time until"), null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of office hours")
        verbose_name_plural = _("series of office hours")
        ordering = ("weekday", "begins", "pk")
        constraints = [
            models.CheckConstraint(
                name="an_office_hour_ends_after_it_begins", condition=Q(ends__gt=F("begins"))
            ),
            models.CheckConstraint(
                name="a_series_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="a_series_is_weekly_or_fortnightly", condition=Q(every_weeks__range=(1, MOST_WEEKS))
            ),
        ]

    def __str__(self) -> str:
        return f"series {self.pk}"

    def clean(self) -> None:
        """Say at the field what the database would refuse.

        Raises:
            ValidationError: an end lies before its beginning.
        """
        super().clean()
        wrong: dict[str, str] = {}
        if self.begins and self.ends and self.ends <= self.begins:
            wrong["ends"] = gettext("The end must come after the beginning.")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            wrong["valid_until"] = gettext("The end lies before the beginning.")
        if wrong:
            raise ValidationError(wrong)


class SessionQuerySet(OfTheMunicipality):
    def on(self, day: datetime.date) -> Self:
        """Sessions that begin on a local day."""
        start, end = bounds(day)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def kept_by(self, user: Any) -> Self:
        """Those at which a manager sits, as her day, her calendar and her feed tell them; none that was cancelled."""
        return self.visible_to(user).exclude(state=SessionState.CANCELLED).select_related("place")

    def with_waiting(self) -> Self:
        """Each with ``waiting``: how many are in line."""
        in_line = Q(arrivals__called_at__isnull=True, arrivals__outcome="")
        return self.annotate(waiting=Count("arrivals", filter=in_line))


class OfficeHourSession(Record):
    """One office hour on one day.

    ``planned_on`` is the day the series meant; a moved session keeps it. ``reason`` is why it was moved or cancelled.
    The counts are empty until it closes. ``closed_by`` is empty when the daily run closed it.
    """

    series = models.ForeignKey(
        OfficeHourSeries, on_delete=models.PROTECT, related_name="sessions", editable=False
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="office_hour_sessions", editable=False
    )
    planned_on = models.DateField(editable=False)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="office_hour_sessions", verbose_name=_("place")
    )
    starts_at = models.DateTimeField(_("begins"), editable=False)
    ends_at = models.DateTimeField(_("ends"), editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=SessionState, default=SessionState.PLANNED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    own = models.PositiveSmallIntegerField(null=True, editable=False)
    drop_ins = models.PositiveSmallIntegerField(null=True, editable=False)
    anonymous = models.PositiveSmallIntegerField(null=True, editable=False)
    left = models.PositiveSmallIntegerField(null=True, editable=False)
    average_wait = models.PositiveSmallIntegerField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("office hour")
        verbose_name_plural = _("office hours")
        ordering = ("starts_at", "pk")
        indexes = [models.Index(fields=["municipality", "starts_at"], name="office_hour_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["series", "planned_on"], name="a_series_meets_once_a_day"),
            models.UniqueConstraint(
                fields=["place", "starts_at"],
                condition=~Q(state=SessionState.CANCELLED),
                name="a_place_has_one_office_hour_at_a_time",
            ),
            models.CheckConstraint(
                name="a_session_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="a_closed_session_has_its_counts",
                condition=~Q(state=SessionState.CLOSED)
                | Q(
                    closed_at__isnull=False,
                    own__isnull=False,
                    drop_ins__isnull=False,
                    anonymous__isnull=False,
                    left__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"office hour {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("appointments:office_hour", args=[self.uuid])

    @property
    def day(self) -> datetime.date:
        return local_date(self.starts_at)

    @property
    def is_open(self) -> bool:
        return bool(self.state == SessionState.PLANNED)

    @property
    def is_moved(self) -> bool:
        return self.is_open and bool(self.reason)

    @property
    def visitors(self) -> int:
        """Everybody somebody talked with; who left without a talk is counted apart."""
        return (self.own or 0) + (self.drop_ins or 0) + (self.anonymous or 0)


class ArrivalQuerySet(models.QuerySet["OfficeHourArrival"]):
    def in_line(self) -> Self:
        """Those nobody has called, in the order they will be."""
        return self.filter(called_at__isnull=True, outcome="").order_by("turn")

    def at_a_desk(self) -> Self:
        """Those somebody is talking with."""
        return self.filter(called_at__isnull=False, outcome="")


class OfficeHourArrival(Record):
    """Somebody who came: a number, a language and a time. The row is deleted when its session closes.

    ``turn`` is the place in line: that of the number, until somebody is put back at the end.
    """

    session = models.ForeignKey(OfficeHourSession, on_delete=models.CASCADE, related_name="arrivals")
    number = models.PositiveSmallIntegerField()
    language = models.ForeignKey(SpokenLanguage, null=True, on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField()
    turn = models.PositiveSmallIntegerField()
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=20, choices=ArrivalOutcome, blank=True)
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="a_number_is_given_once"),
            models.UniqueConstraint(
                fields=["session", "called_by"],
                condition=Q(called_by__isnull=False, outcome=""),
                name="a_manager_talks_with_one_at_a_time",
            ),
            models.CheckConstraint(
                name="who_was_called_was_called_by_somebody",
                condition=Q(called_at__isnull=True, called_by__isnull=True)
                | Q(called_at__isnull=False, called_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"arrival {self.number}"


class OfficeHourCount(models.Model):
    """How many visitors of a closed session spoke a language, or came about a topic (only those without a file).

    One of both is set; a row without either counts the visitors whose language nobody asked.
    """

    session = models.ForeignKey(OfficeHourSession, on_delete=models.CASCADE, related_name="counts")
    language = models.ForeignKey(SpokenLanguage, null=True, on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("count of an office hour")
        verbose_name_plural = _("counts of office hours")
        ordering = ("-number", "pk")
        constraints = [
            models.CheckConstraint(
                name="a_count_is_of_a_language_or_a_topic",
                condition=Q(language__isnull=True) | Q(topic__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of session {self.session_id}"
