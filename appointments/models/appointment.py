"""Appointments and the history of their outcomes (rules.md §3)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from appointments.choices import AppointmentState, Channel, Excuse, InterpreterNeed
from appointments.querysets import AppointmentQuerySet
from clients.models import Client
from clients.querysets import FileRowQuerySet
from ui.links import reverse


class Appointment(Record):
    """A planned meeting with one client.

    ``manager`` is the user in whose calendar it stands; None after a handover to a manager who is busy then, until
    it is moved. ``agreed_at`` is when it was agreed with the client, None for a date set by our letter and never
    confirmed; ``invited_by`` is the contact the date was sent with. ``place`` is where in words; ``room`` is set when
    that is a place of the service, and ``place`` begins with its name then. ``state`` and ``excuse`` are copies of the
    latest ``AppointmentOutcome``.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="appointments")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.OFFICE)
    place = models.CharField(_("place"), max_length=120, blank=True)
    room = models.ForeignKey(
        "appointments.Place",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    matter = models.CharField(_("what it is about"), max_length=200, blank=True)
    interpreter = models.CharField(
        _("interpreter"), max_length=20, choices=InterpreterNeed, default=InterpreterNeed.NONE
    )
    agreed_at = models.DateTimeField(null=True, editable=False)
    invited_by = models.ForeignKey(
        "appointments.Contact",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="invitations",
    )
    state = models.CharField(
        _("state"), max_length=20, choices=AppointmentState, default=AppointmentState.PLANNED, editable=False
    )
    excuse = models.CharField(
        _("excuse"), max_length=20, choices=Excuse, default=Excuse.UNDECIDED, editable=False
    )
    moved_to = models.OneToOneField(
        "self", null=True, editable=False, on_delete=models.SET_NULL, related_name="moved_from"
    )
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = AppointmentQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="appointment")

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("starts_at", "id")
        indexes = [
            models.Index(fields=["manager", "starts_at"], name="appointment_of_manager"),
            models.Index(fields=["client", "starts_at"], name="appointment_of_client"),
            models.Index(fields=["state", "starts_at"], name="appointment_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("file_appointments:appointment", args=[self.client.uuid, self.uuid])

    @property
    def agreed_with_client(self) -> bool:
        return self.agreed_at is not None

    @property
    def is_home_visit(self) -> bool:
        return self.channel == Channel.HOME_VISIT


class AppointmentOutcome(models.Model):
    """What was recorded as the outcome; the latest stands, the former ones stay."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="outcomes")
    state = models.CharField(max_length=20, choices=AppointmentState)
    excuse = models.CharField(max_length=20, choices=Excuse, default=Excuse.UNDECIDED)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="appointment__client", data_class="appointment")

    class Meta:
        verbose_name = _("outcome of an appointment")
        verbose_name_plural = _("outcomes of appointments")
        ordering = ("recorded_at", "id")

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.state}"
