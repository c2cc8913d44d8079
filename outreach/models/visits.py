"""Going there: the order of a round, a colleague who comes along, when somebody is back, and incidents."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy, ScopedQuerySet
from accounts.records import Record
from appointments.models import Appointment
from clients.models import Client
from clients.querysets import FileRowQuerySet
from outreach.choices import CompanionState, IncidentKind
from outreach.querysets import BackByQuerySet, CompanionQuerySet
from ui.links import reverse


class RoundStop(models.Model):
    """A person on somebody's round of a day: added by hand, or put in order by hand, or both.

    Announced visits and appointments are on the round without a row.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(null=True)
    added = models.BooleanField(default=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="outreach", export=False)

    class Meta:
        verbose_name = _("stop of a round")
        verbose_name_plural = _("stops of rounds")
        ordering = ("day", "position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day", "client"], name="a_person_is_on_a_round_of_visits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"stop {self.pk}"


class VisitCompanion(Record):
    """A colleague asked to come along on a visit; accepted, it takes its time in her calendar.

    She is told time and address only, so the address is kept as it was when she was asked. ``appointment`` is the visit
    where it stands in the calendar; an announced visit of the ladder is known by its day.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="companions")
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    address = models.CharField(_("address"), max_length=500)
    state = models.CharField(
        _("state"), max_length=20, choices=CompanionState, default=CompanionState.ASKED, editable=False
    )
    asked_at = models.DateTimeField(editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = CompanionQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="outreach")

    class Meta:
        verbose_name = _("visit in pairs")
        verbose_name_plural = _("visits in pairs")
        ordering = ("starts_at", "id")
        indexes = [models.Index(fields=["colleague", "starts_at"], name="companion_of_colleague")]
        constraints = [
            models.CheckConstraint(
                name="a_visit_in_pairs_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"companion {self.pk}"


class BackBy(Record):
    """Until when somebody wants to be back from a stop, and which colleague is told when that passes.

    The address is kept only while she is out.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", editable=False
    )
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(editable=False)
    by_at = models.DateTimeField(_("back by"))
    address = models.CharField(_("address"), max_length=500, blank=True)
    back_at = models.DateTimeField(null=True, editable=False)

    objects = BackByQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="outreach", export=False)

    class Meta:
        verbose_name = _("back by")
        verbose_name_plural = _("back by")
        ordering = ("by_at", "id")
        indexes = [models.Index(fields=["user", "back_at"], name="back_by_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(back_at__isnull=True), name="nobody_is_out_twice"
            ),
        ]

    def __str__(self) -> str:
        return f"back by {self.pk}"


class Incident(Record):
    """A threat, an accident, a dog …: a record of the staff, without a client."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    kind = models.CharField(_("What was it?"), max_length=20, choices=IncidentKind)
    day = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=200)
    happened = models.TextField(_("What happened?"), max_length=4000)
    informed = models.CharField(_("Who was informed?"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(editable=False)

    objects = ScopedQuerySet.as_manager()
    privacy = Privacy(
        scope="author",
        data_class="staff",
        root="user",
        export=False,
        erase=KEEP("accidents at work are kept for the insurance"),
    )

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("-day", "-id")
        indexes = [models.Index(fields=["day"], name="incident_by_day")]

    def __str__(self) -> str:
        return f"incident {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("visits:incident", args=[self.uuid])
