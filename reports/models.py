"""Protected figures as they were stored, and what is needed to judge whether the next ones may be (rules.md §8)."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy, ScopedQuerySet
from accounts.catalogues import Policy
from accounts.models import Municipality
from clients.models import Client
from reports.frozen import FrozenFile, FrozenReport, Narrative, Reminder
from reports.rules.protected import Thresholds

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = [
    "CountedPerson",
    "FigurePolicy",
    "FrozenFile",
    "FrozenReport",
    "KeptSums",
    "Narrative",
    "ProtectedTable",
    "Purpose",
    "ReferenceDay",
    "Reminder",
]


def _at_least(label: "StrOrPromise", default: int) -> models.PositiveSmallIntegerField:
    """A threshold that may be raised and never lowered: what it protects is no matter of taste."""
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(default), MaxValueValidator(10_000)]
    )


class FigurePolicy(Policy):
    """When tables of people may be stored, and when files join the list of cases (rules.md §8)."""

    persons = _at_least(_("persons a table needs"), 50)
    units = _at_least(_("families that came or left since the last table"), 20)
    crossed_persons = _at_least(_("persons a table of two attributes needs"), 200)
    entries = _at_least(_("entries a table about work needs"), 50)
    entry_persons = _at_least(_("persons these entries are about"), 20)
    days_after = _at_least(_("tables are stored … days after their day"), 15)
    joining_files = _at_least(_("new files join the list of cases together, at least"), 5)

    class Meta(Policy.Meta):
        verbose_name = _("policy of figures")
        verbose_name_plural = _("policies of figures")
        constraints = [models.UniqueConstraint(fields=["valid_from"], name="one_figure_policy_a_day")]

    @property
    def thresholds(self) -> Thresholds:
        """What the pure rules take."""
        return Thresholds(
            persons=self.persons,
            units=self.units,
            crossed_persons=self.crossed_persons,
            entries=self.entries,
            entry_persons=self.entry_persons,
        )


class ProtectedTable(models.Model):
    """One table of protected figures: stored once, never computed again.

    Without a municipality it is the district's. ``content`` is all that is shown: words in both languages and rounded
    numbers, so that no later change of a list or a file reaches it.
    """

    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    day = models.DateField()
    stored_at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        verbose_name = _("protected table")
        verbose_name_plural = _("protected tables")
        ordering = ("-day", "id")
        # Two, because both databases take two rows without a municipality for different ones.
        constraints = [
            models.UniqueConstraint(
                fields=["code", "day"],
                condition=Q(municipality__isnull=True),
                name="one_district_table_a_day",
            ),
            models.UniqueConstraint(
                fields=["municipality", "code", "day"],
                condition=Q(municipality__isnull=False),
                name="one_table_a_day_and_municipality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.day}"


class KeptSums(models.Model):
    """What was counted of a municipality for a month; the district is the sum of them (decision 0023).

    Sums are read as a whole, so they stand in JSON under the names `reports.keeping` gives them. They are numbers, and
    name neither clients nor staff.

    Attributes:
        month: its first day.
        counted_at: the instant of the count; stocks of the running month are of that day.
        rules: the version of the rules of counting (`definitions.RULE_VERSION`).
        active_clients: at its end.
        consultations: in the month; one that belongs to two municipalities is only in one of them.
        days: the same for each day of the month.
        stock: sums of its last day.
        flows: sums that add up over months.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    counted_at = models.DateTimeField()
    rules = models.PositiveSmallIntegerField(default=0)
    active_clients = models.PositiveIntegerField()
    consultations = models.PositiveIntegerField()
    days = models.JSONField()
    stock = models.JSONField()
    flows = models.JSONField()

    class Meta:
        verbose_name = _("kept sums")
        verbose_name_plural = _("kept sums")
        ordering = ("month", "municipality_id")
        constraints = [
            models.UniqueConstraint(fields=["month", "municipality"], name="one_row_a_month_and_municipality")
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.month:%Y-%m}"


class CountedPerson(models.Model):
    """A person counted in the stored tables of a day; kept as long as later tables are compared with these.

    ``lacks`` are the codes of the attributes without a recorded value then, between blanks.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    lacks = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="figures")

    class Meta:
        verbose_name = _("person counted in tables")
        verbose_name_plural = _("persons counted in tables")
        constraints = [models.UniqueConstraint(fields=["day", "client"], name="a_person_counts_once_a_day")]

    def __str__(self) -> str:
        return f"counted {self.pk}"


class Purpose(models.TextChoices):
    TABLES = "tables", _("protected tables")
    CASE_LIST = "case_list", _("list of cases")


class ReferenceDay(models.Model):
    """A reference day that has been dealt with: what is recorded late changes nothing of it any more."""

    purpose = models.CharField(max_length=20, choices=Purpose)
    day = models.DateField()
    handled_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reference day")
        verbose_name_plural = _("reference days")
        constraints = [models.UniqueConstraint(fields=["purpose", "day"], name="a_day_is_dealt_with_once")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.day}"
