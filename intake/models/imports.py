"""Allocation lists on their way into the inbox."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy, ScopedQuerySet
from accounts.models import Municipality
from accounts.records import Record
from clients.models.catalogues import AccessSource
from clients.models.client import Client
from intake.choices import ImportState
from intake.querysets import ImportBatchQuerySet


class ImportBatch(Record):
    """One allocation list on its way into the inbox; seen by the person who uploaded it alone.

    The rows are staged and judged in portions; ``checked_rows`` is how far that has come, so that a reload
    or a new day goes on where it stopped. What was imported is written in one transaction at the end.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(editable=False)
    filename = models.CharField(max_length=200, editable=False)
    source = models.ForeignKey(
        AccessSource,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("access source"),
    )
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.MAPPING, editable=False)
    encoding = models.CharField(max_length=20, editable=False)
    separator = models.CharField(max_length=1, blank=True, editable=False)
    sheet = models.CharField(max_length=80, blank=True, editable=False)
    header = models.JSONField(default=list, editable=False)
    mapping = models.JSONField(default=list, editable=False)
    skipped = models.JSONField(
        default=list, editable=False, help_text="lines that are no rows: line, kind, text"
    )
    encodings = models.JSONField(default=list, editable=False, help_text="code page of each column")
    readings = models.JSONField(
        default=list, editable=False, help_text="how the dates of each column are read"
    )
    sheets = models.JSONField(
        default=list,
        editable=False,
        help_text="what became of each sheet: name, rows, hidden, chosen, reason",
    )
    unstored = models.JSONField(
        default=list, editable=False, help_text="cells with a formula whose result is not in the file"
    )
    with_hidden = models.BooleanField(default=False, editable=False)
    mapped_before = models.DateField(
        null=True, editable=False, help_text="the day from which the proposed mapping is known"
    )
    total_rows = models.PositiveIntegerField(default=0, editable=False)
    checked_rows = models.PositiveIntegerField(default=0, editable=False)
    checked_on = models.DateField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    footprint = models.JSONField(
        default=dict, editable=False, help_text="how many rows of each kind the files began with"
    )
    arrived = models.JSONField(
        default=dict,
        editable=False,
        help_text="into which houses, other places and caseloads the files came, with numbers",
    )
    own_files = models.PositiveIntegerField(default=0, editable=False)
    relatives = models.PositiveIntegerField(default=0, editable=False)
    left_out = models.PositiveIntegerField(default=0, editable=False)

    objects = ImportBatchQuerySet.as_manager()
    privacy = Privacy(scope="uploaded_by", data_class="import", root="user", export=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-uploaded_at", "-id")
        indexes = [models.Index(fields=["uploaded_by", "state"], name="import_by_person")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def listed(self) -> "ScopedQuerySet[ImportRow]":
        """The rows that are decided: those of chosen sheets, the hidden ones only if they were asked for."""
        return self.rows.filter(position__isnull=False).order_by("position")

    @property
    def set_aside(self) -> "ScopedQuerySet[ImportRow]":
        """Rows of sheets that were not chosen, and hidden ones."""
        return self.rows.filter(position__isnull=True).order_by("pk")

    @property
    def is_open(self) -> bool:
        return self.state in (ImportState.MAPPING, ImportState.CHECKING, ImportState.READY)


class ImportRow(models.Model):
    """One row of the list as staged; its cells are emptied once the person has a file.

    Without a position it is set aside: its sheet was not chosen, or the sheet hides it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(null=True)
    sheet = models.CharField(max_length=80, blank=True)
    is_hidden = models.BooleanField(default=False, help_text="the sheet does not show it")
    line = models.PositiveIntegerField(help_text="where the row stands in the file")
    label = models.CharField(max_length=40, blank=True, help_text="how the list itself counts the row")
    cells = models.JSONField(default=list)
    family_key = models.CharField(max_length=120, blank=True)
    folded_surname = models.CharField(
        max_length=120, blank=True, help_text="finds the family where no key is given"
    )
    corrected = models.JSONField(default=list, help_text="columns corrected on the screen")
    findings = models.JSONField(default=list)
    dismissed = models.JSONField(
        default=list, help_text="suspects the person was told apart from: other rows, files"
    )
    proposal = models.CharField(max_length=20, blank=True)
    proposed_head = models.PositiveIntegerField(null=True)
    decision = models.CharField(max_length=20, blank=True, help_text="empty: as proposed")
    head = models.PositiveIntegerField(null=True, help_text="position of the person a relative belongs to")
    has_error = models.BooleanField(default=False)
    is_suspected = models.BooleanField(default=False)
    is_noted = models.BooleanField(default=False, help_text="warnings or hints")
    client = models.ForeignKey(Client, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedQuerySet.as_manager()
    privacy = Privacy(scope="batch__uploaded_by", data_class="import", root="user", export=False)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_row_per_position_of_an_import")
        ]

    def __str__(self) -> str:
        return f"row {self.pk}"

    @property
    def place(self) -> int:
        """The position of a row that is not set aside."""
        if self.position is None:
            raise ValueError("a row set aside has no position")
        return self.position

    @property
    def is_settled(self) -> bool:
        """There were suspicions, and all were answered with "another person"."""
        return bool(self.dismissed) and not self.is_suspected

    @property
    def current_decision(self) -> str:
        return self.decision or self.proposal

    @property
    def current_head(self) -> int | None:
        return self.head if self.decision else self.proposed_head


class ColumnMemory(models.Model):
    """What somebody said the columns of a list mean; offered for the next list with the same column names.

    The names themselves are not kept, only their digest.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=list)
    saved_on = models.DateField()

    objects = ScopedQuerySet.as_manager()
    privacy = Privacy(scope="user", data_class="import", root="user", export=False)

    class Meta:
        verbose_name = _("columns of a list")
        verbose_name_plural = _("columns of lists")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "user", "signature"], name="one_memory_per_header_and_user"
            )
        ]

    def __str__(self) -> str:
        return f"columns {self.pk}"
