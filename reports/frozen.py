"""Reports as they were frozen, with the records they counted, and reminders of what is missing."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy, ScopedQuerySet
from accounts.models import Municipality, User
from accounts.records import Record
from clients.models import Client
from reports.rules import periods
from reports.rules.periods import Period

APPEND_ONLY = "A frozen report is never changed."


class FrozenReportQuerySet(models.QuerySet["FrozenReport"]):
    def for_places(self, municipalities: Any) -> Self:
        """Those that are about none but these municipalities: a report of two towns is for who serves both."""
        others = Municipality.objects.exclude(pk__in=municipalities)
        named = FrozenReport.municipalities.through.objects.values("frozenreport")
        return self.filter(pk__in=named).exclude(municipalities__in=others)

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        raise TypeError(APPEND_ONLY)


class FrozenReport(Record):
    """The figures of a period as they were on the day of freezing; never changed afterwards.

    Attributes:
        figures: every number by its name: in all, by municipality, by manager, a year before, what was missing,
            and structural observations by topic.
        tables: the stored tables of people that were the last ones then (`ProtectedTable.content`) with their day.
        parameters: what was asked and by which thresholds.
        record_hash: SHA-256 over the list of the records counted.
    """

    title = models.CharField(_("what it is for"), max_length=120)
    municipalities = models.ManyToManyField(Municipality, related_name="+", editable=False)
    first = models.DateField(editable=False)
    last = models.DateField(editable=False)
    rule_version = models.PositiveSmallIntegerField(editable=False)
    parameters = models.JSONField(editable=False)
    figures = models.JSONField(editable=False)
    tables = models.JSONField(editable=False)
    record_count = models.PositiveIntegerField(editable=False)
    record_hash = models.CharField(max_length=64, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    frozen_at = models.DateTimeField(editable=False)

    objects = FrozenReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen report")
        verbose_name_plural = _("frozen reports")
        ordering = ("-frozen_at", "-id")

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        return periods.parse(self.parameters["period"])

    @property
    def hash_words(self) -> str:
        """The hash in groups, which can be read out and break on a narrow screen."""
        return " ".join(self.record_hash[at : at + 8] for at in range(0, len(self.record_hash), 8))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)


class FrozenFile(models.Model):
    """The records of one file that a frozen report counted; what belongs to no file stands in one row without.

    A record is its sort, what it was counted as, its key, municipality, member of staff and size: no day, no text.
    When the person is erased the row stays and belongs to nobody, so that the report can still be reproduced.

    Attributes:
        ref: a digest of the file's key, by which the list of records tells files apart.
        person: that of the file the person was counted by; another one's where two files are linked.
    """

    report = models.ForeignKey(FrozenReport, on_delete=models.PROTECT, related_name="files")
    client = models.ForeignKey(Client, null=True, on_delete=models.SET_NULL, related_name="+")
    ref = models.CharField(max_length=24, blank=True, editable=False)
    person = models.CharField(max_length=24, blank=True, editable=False)
    records = models.JSONField(editable=False)

    objects = ScopedQuerySet.as_manager()
    privacy = Privacy(
        scope="client",
        data_class="figures",
        export=False,
        erase=KEEP("what a report counted, without whose it was"),
    )

    class Meta:
        verbose_name = _("file in a frozen report")
        verbose_name_plural = _("files in frozen reports")
        constraints = [
            models.UniqueConstraint(fields=["report", "ref"], name="a_file_stands_once_in_a_frozen_report")
        ]

    def __str__(self) -> str:
        return f"frozen {self.pk}"


class Narrative(Record):
    """The report in words to a frozen report: proposed from its figures, then written by the officer."""

    report = models.OneToOneField(FrozenReport, on_delete=models.PROTECT, related_name="narrative")
    overview = models.TextField(_("The period in short"), max_length=2500)
    work = models.TextField(_("Counselling"), max_length=2500)
    plans = models.TextField(_("Plans and goals"), max_length=2500)
    network = models.TextField(_("Network and enquiries"), max_length=2500, blank=True)
    outlook = models.TextField(_("Obstacles and outlook"), max_length=2500, blank=True)

    class Meta:
        verbose_name = _("report in words")
        verbose_name_plural = _("reports in words")

    def __str__(self) -> str:
        return f"narrative {self.pk}"


class Reminder(models.Model):
    """A manager was asked, as all of her municipality were, to complete her records of a period."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()
    privacy = Privacy(scope="user", data_class="staff", root="user", export=False)

    class Meta:
        verbose_name = _("reminder of missing records")
        verbose_name_plural = _("reminders of missing records")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"reminder {self.pk}"
