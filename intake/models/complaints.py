"""Complaints and wishes for another manager: written down by an officer, read by the coordinator alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy
from accounts.models import Municipality
from accounts.records import Record
from intake.choices import ComplaintKind, ComplaintState
from intake.querysets import ComplaintQuerySet
from ui.links import reverse


class Complaint(Record):
    """What somebody holds against a manager or the office (rules.md §8).

    It points to no file. Its number is drawn by chance, so that none tells how many there are; and it takes none of the
    enquiries', where a gap would tell that something went past the inbox.
    """

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    kind = models.CharField(_("What is it?"), max_length=20, choices=ComplaintKind)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    registered_at = models.DateTimeField(editable=False)
    name = models.CharField(_("Who complains?"), max_length=200, blank=True)
    reach = models.CharField(_("how to reach the person"), max_length=200, blank=True)
    concerns = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Whom does it concern?"),
    )
    text = models.TextField(_("what it is about"), max_length=4000)
    state = models.CharField(_("state"), max_length=20, choices=ComplaintState, default=ComplaintState.OPEN)
    answer = models.TextField(_("What was clarified and answered"), max_length=4000, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = ComplaintQuerySet.as_manager()
    privacy = Privacy(
        scope="registered_by",
        data_class="complaint",
        root="user",
        export=False,
        erase=KEEP("the coordinator answers for it; name and way to reach are erased when it is settled"),
    )

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ("-registered_at", "-id")
        indexes = [
            models.Index(fields=["state", "registered_at"], name="complaint_by_state"),
            models.Index(fields=["registered_by", "-registered_at"], name="complaint_of_who_wrote"),
        ]
        constraints = [
            models.CheckConstraint(
                name="complaint_settled_has_a_day_and_an_answer",
                condition=(Q(state=ComplaintState.SETTLED, settled_at__isnull=False) & ~Q(answer=""))
                | (~Q(state=ComplaintState.SETTLED) & Q(settled_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("complaints:detail", args=[self.uuid])

    @property
    def is_settled(self) -> bool:
        return self.state == ComplaintState.SETTLED
