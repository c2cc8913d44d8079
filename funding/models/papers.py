"""Documents of a funding period: notices, receipts, the proof of use."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models import KeptFile
from funding.choices import PaperKind
from funding.models.periods import FundingPeriod
from funding.querysets import PaperQuerySet


class Paper(KeptFile):
    """A file kept with a funding period; it belongs to no client."""

    period = models.ForeignKey(FundingPeriod, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(_("what it is"), max_length=12, choices=PaperKind, default=PaperKind.APPROVAL)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of funding")
        verbose_name_plural = _("documents of funding")
        ordering = ("-added_at", "-id")
        constraints = [
            models.CheckConstraint(
                name="only_a_deleted_paper_lost_its_bytes",
                condition=~Q(sha256="") | Q(deleted_at__isnull=False),
            )
        ]
