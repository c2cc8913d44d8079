"""What entries of a file said before they were corrected."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from clients.choices import FactKind, FactSource, Precision, ResidenceStatus, RevisionKind
from clients.models.catalogues import FactValue
from clients.models.client import Client
from clients.querysets import FileRowQuerySet

RESIDENCE = "residence"
ACCOMMODATION = "accommodation"
KINDS = [*FactKind.choices, (RESIDENCE, _("Residence status")), (ACCOMMODATION, _("Accommodation"))]


class FactRevision(models.Model):
    """What a dated entry of the file said until somebody corrected, prolonged or took it back.

    Attributes:
        kind: what the entry is about: a value of ``FactKind``, residence or accommodation.
        entry: uuid of the row; that of one taken back is gone.
        detail: the detail of a fact, the kind and address of an accommodation.
        at: until when it said so; ``by`` changed it.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="fact_revisions")
    kind = models.CharField(max_length=20, choices=KINDS)
    entry = models.UUIDField()
    how = models.CharField(max_length=10, choices=RevisionKind)
    value = models.ForeignKey(FactValue, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=40, choices=ResidenceStatus, blank=True)
    detail = models.CharField(max_length=600, blank=True)
    source = models.CharField(max_length=20, choices=FactSource, blank=True)
    since = models.DateField(null=True)
    since_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    until = models.DateField(null=True)
    until_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    printed_until = models.DateField(null=True)
    continues_until = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="dated fact")

    class Meta:
        verbose_name = _("former wording of an entry")
        verbose_name_plural = _("former wordings of entries")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"revision {self.pk}"
