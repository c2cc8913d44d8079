"""The one log of every interaction (rules.md §1).

A contact holds facts and no text. Who took part and what was noted are rows of their own, so that a joint
talk is seen from every participant's file and a note from its own file only. The record is bitemporal:
``happened_at`` says when it was, ``recorded_at`` when this version became the record. A correction writes the
former facts into a ``ContactVersion``, hangs its participants and notes there and stores new ones; the contact
keeps its identity. ``ContactParticipant.facts`` is therefore all the outreach ladder needs.
"""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from appointments.choices import Basis, Channel, Direction, InterpreterKind, Result, SpokenWith
from appointments.querysets import ContactQuerySet, CurrentVersionQuerySet
from clients.models import Client, Relative, SpokenLanguage, Topic
from clients.querysets import FileRowQuerySet
from ui.links import reverse

LONGEST = 600
NOTE_LENGTH = 10_000
MOST_ATTENDEES = 500


class ContactFacts(models.Model):
    """The facts of a contact, of the current record as of every former version.

    ``happened_on`` is the local date of ``happened_at``, stored because every list and figure asks for it. A
    contact without a time (``has_time`` off) is placed at the end of its day. ``returned_at`` is the instant a
    letter was recorded as returned. ``attendees`` of a group event is how many came, the client of the file
    included; the named ones are participants, and the event counts once (rules.md §1). ``basis`` is what allowed a
    talk with a third party, ``basis_on`` the day the client agreed orally (rules.md §13).
    """

    happened_at = models.DateTimeField(_("date and time"))
    has_time = models.BooleanField(default=True)
    happened_on = models.DateField(_("date"))
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    minutes = models.PositiveSmallIntegerField(
        _("duration in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.OFFICE)
    direction = models.CharField(_("direction"), max_length=5, choices=Direction, default=Direction.OUT)
    spoken_with = models.CharField(
        _("spoken with"), max_length=24, choices=SpokenWith, default=SpokenWith.CLIENT
    )
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    basis = models.CharField(_("what allowed it"), max_length=10, choices=Basis, blank=True)
    basis_on = models.DateField(_("agreed on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=20, choices=Result, default=Result.TALK)
    main_topic = models.ForeignKey(
        Topic,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("main topic"),
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))
    language = models.ForeignKey(
        SpokenLanguage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("language"),
    )
    interpreter = models.CharField(
        _("interpreter"), max_length=20, choices=InterpreterKind, default=InterpreterKind.NONE
    )
    understood_ticked = models.BooleanField(_("German and English are understood"), default=False)
    letters_read = models.PositiveSmallIntegerField(
        _("letters read"), default=0, validators=[MaxValueValidator(99)]
    )
    forms_filled = models.PositiveSmallIntegerField(
        _("forms filled in"), default=0, validators=[MaxValueValidator(99)]
    )
    attendees = models.PositiveSmallIntegerField(
        _("attendees"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ATTENDEES)],
    )
    urgent = models.BooleanField(_("urgent"), default=False)
    returned_at = models.DateTimeField(null=True, editable=False)
    appointment = models.ForeignKey(
        "appointments.Appointment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("appointment"),
    )

    class Meta:
        abstract = True


class Contact(Record, ContactFacts):
    """One interaction. ``client`` is the file it was logged in, always one of the participants.

    A drop-in (rules.md §1) has ``left_by``, and ``accepted_at`` once the responsible manager has accepted or
    corrected it.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contacts")
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, editable=False)

    objects = ContactQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="contact")

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("-happened_at", "-id")
        indexes = [
            models.Index(fields=["client", "-happened_at", "-id"], name="contact_of_client"),
            models.Index(fields=["happened_on", "channel"], name="contact_by_day"),
            models.Index(fields=["recorded_by", "-happened_at"], name="contact_by_author"),
            models.Index(
                fields=["client"],
                condition=Q(left_by__isnull=False, accepted_at__isnull=True),
                name="contact_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="only_a_drop_in_is_accepted",
                condition=Q(accepted_at__isnull=True) | Q(left_by__isnull=False),
            ),
            models.CheckConstraint(
                name="attendees_are_of_a_group_event",
                condition=Q(attendees__isnull=True) | Q(channel=Channel.GROUP, attendees__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("file_appointments:contact", args=[self.client.uuid, self.uuid])

    @property
    def waits_for_acceptance(self) -> bool:
        return self.left_by_id is not None and self.accepted_at is None


class ContactVersion(ContactFacts):
    """The facts of a contact as they stood until a correction.

    ``client`` is the file the contact lay in then; a correction may move it.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="versions")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_versions")
    withdrawn_at = models.DateTimeField(editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="contact")

    class Meta:
        verbose_name = _("former version of a contact")
        verbose_name_plural = _("former versions of contacts")
        ordering = ("-withdrawn_at", "-id")

    def __str__(self) -> str:
        return f"version {self.pk} of contact {self.contact_id}"


class ContactParticipant(models.Model):
    """Who took part: the client of a file, or a relative that file names.

    ``client`` is always set, it is the file the row is scoped by; with ``relative`` the relative took part and
    not the client. ``version`` is None while the row stands. ``address_valid``, ``script_ok`` and ``language_ok``
    are what was known of this person when the contact was logged (rules.md §4 "What counts as a step").
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="participants")
    version = models.ForeignKey(
        ContactVersion, null=True, editable=False, on_delete=models.CASCADE, related_name="participants"
    )
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="participations")
    relative = models.ForeignKey(
        Relative, null=True, blank=True, on_delete=models.CASCADE, related_name="participations"
    )
    address_valid = models.BooleanField(default=True, editable=False)
    script_ok = models.BooleanField(default=True, editable=False)
    language_ok = models.BooleanField(default=True, editable=False)

    objects = CurrentVersionQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="contact")

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ("id",)
        indexes = [models.Index(fields=["client", "contact"], name="participation_of_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "client"],
                condition=Q(version__isnull=True, relative__isnull=True),
                name="a_client_takes_part_once",
            ),
            models.UniqueConstraint(
                fields=["contact", "relative"],
                condition=Q(version__isnull=True, relative__isnull=False),
                name="a_relative_takes_part_once",
            ),
        ]

    def __str__(self) -> str:
        return f"participant {self.pk} of contact {self.contact_id}"

    @property
    def facts(self) -> ContactFacts:
        """The facts this row belongs to: a former version's or the current contact's."""
        return self.version or self.contact

    @property
    def withdrawn_at(self) -> datetime.datetime | None:
        """When these facts stopped being the record, None while they stand."""
        return self.version.withdrawn_at if self.version is not None else None


class ContactNote(models.Model):
    """What was noted, in one file only; a participant never reaches another's note."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="notes")
    version = models.ForeignKey(
        ContactVersion, null=True, editable=False, on_delete=models.CASCADE, related_name="notes"
    )
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_notes")
    text = models.TextField(_("note"), max_length=NOTE_LENGTH)

    objects = CurrentVersionQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="note")

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "client"], condition=Q(version__isnull=True), name="one_note_per_file"
            )
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"
