"""One person with a file. There is no separate person table (architecture.md "Data model")."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import DELETE, KEEP, Privacy
from accounts.models import Municipality
from accounts.records import Record
from clients.choices import Gender, Intensity, Phase, Precision, Reading
from clients.models.catalogues import AccessSource, ClosingReason, Country, SpokenLanguage
from clients.querysets import ClientNameQuerySet, ClientQuerySet, FileRowQuerySet
from clients.rules import sounds
from clients.rules.dates import UncertainDate
from ui.links import reverse


class CaseNumberCounter(models.Model):
    """The last running number given in a municipality and year; locked while numbers are drawn."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "year"], name="one_counter_per_place_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id}/{self.year}: {self.last}"


class Client(Record):
    """The root of every case row.

    ``manager`` is the copy of the open ``Responsibility`` row; None means the municipality's inbox. The
    block "summary" is written only by ``clients.recompute``, from the facts the apps own.
    """

    subject_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case_no = models.CharField(_("case number"), max_length=20, unique=True, editable=False)
    # By which officers speak of the file; by chance, and none until the file joins their list (rules.md §8).
    list_number = models.PositiveIntegerField(_("list number"), null=True, unique=True, editable=False)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="clients", verbose_name=_("municipality")
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="caseload",
        verbose_name=_("manager"),
    )
    phase = models.CharField(_("phase"), max_length=20, choices=Phase, default=Phase.ACCESS)
    phase_since = models.DateField(editable=False)
    source = models.ForeignKey(
        AccessSource,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("access source"),
    )

    surname = models.CharField(_("surname"), max_length=120)
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    # A transliteration may be several times as long as the name (one Chinese sign, a whole syllable).
    search_name = models.CharField(max_length=1000, editable=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    birth_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True)
    nationality = models.ForeignKey(
        Country,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("nationality"),
    )

    interpreter_needed = models.BooleanField(_("interpreter needed"), default=False)
    preferred_language = models.ForeignKey(
        SpokenLanguage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("language for letters and talks"),
    )
    reading = models.CharField(_("reading"), max_length=10, choices=Reading, blank=True)
    scripts = models.JSONField(_("scripts read"), default=list, blank=True)
    may_be_called = models.BooleanField(_("may be called"), default=True)
    may_be_written = models.BooleanField(_("may be written to by post"), default=True)
    preferred_channel = models.CharField(_("best way to reach"), max_length=120, blank=True)
    no_home_visits_since = models.DateField(_("wants no home visits since"), null=True, blank=True)
    benefit_unit = models.CharField(_("benefit unit"), max_length=40, blank=True)

    arrived_on = models.DateField(_("arrived in Germany"), null=True, blank=True)
    arrived_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    assigned_on = models.DateField(_("allocated to the municipality"), null=True, blank=True)

    clock_justification = models.TextField(_("justification for months 37 to 48"), blank=True)
    clock_justified_on = models.DateField(null=True, editable=False)
    clock_justified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    # A running case taken over from elsewhere: what was known of it on that day (rules.md §10 "Taken over").
    taken_over_on = models.DateField(_("taken over on"), null=True, editable=False)
    counselled_since = models.DateField(_("counselled since"), null=True, editable=False)
    former_last_talk_on = models.DateField(_("last talk before taking over"), null=True, editable=False)
    former_intensity = models.CharField(
        _("intensity before taking over"), max_length=20, choices=Intensity, blank=True, editable=False
    )
    former_review_on = models.DateField(_("next review as taken over"), null=True, editable=False)

    # Summary: what lists show from the right-hand apps (architecture.md "Recompute").
    intensity = models.CharField(max_length=20, choices=Intensity, blank=True, editable=False)
    unprotected_intensity = models.CharField(max_length=20, choices=Intensity, blank=True, editable=False)
    intensity_since = models.DateField(null=True, editable=False)
    counselling_started_on = models.DateField(null=True, editable=False)
    last_contact_on = models.DateField(null=True, editable=False)
    next_appointment_at = models.DateTimeField(null=True, editable=False)
    next_review_on = models.DateField(null=True, editable=False)
    next_due_on = models.DateField(null=True, editable=False)

    registered_at = models.DateTimeField(editable=False)
    # Nothing in the file is recorded later; ``clients.services.change`` alone moves it on.
    last_recorded_at = models.DateTimeField(null=True, editable=False)

    level: str
    reads_health: bool
    """What `with_level_for` adds for one reader."""

    objects = ClientQuerySet.as_manager()
    privacy = Privacy(scope="", data_class="master")

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ("search_name", "id")
        indexes = [
            models.Index(fields=["manager", "search_name", "id"], name="client_by_caseload"),
            models.Index(fields=["manager", "phase", "search_name", "id"], name="client_by_phase"),
            models.Index(fields=["municipality", "phase", "id"], name="client_by_place"),
            models.Index(fields=["municipality", "list_number"], name="client_by_list_number"),
            models.Index(fields=["manager", "birth_date"], name="client_by_birth_date"),
            models.Index(
                fields=["taken_over_on"], condition=Q(taken_over_on__isnull=False), name="client_taken_over"
            ),
        ]
        constraints = [
            models.CheckConstraint(name="client_has_a_surname", condition=~Q(surname="")),
        ]

    def __str__(self) -> str:
        # Neutral on purpose: logs, admin pages and error mails never carry a name.
        return self.case_no

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.surname}".strip()

    @property
    def list_name(self) -> str:
        return f"{self.surname}, {self.given_name}" if self.given_name else self.surname

    def get_absolute_url(self) -> str:
        return reverse("clients:detail", args=[self.uuid])

    @property
    def birth(self) -> UncertainDate | None:
        """The date of birth with its precision."""
        return UncertainDate(self.birth_date, Precision(self.birth_precision)) if self.birth_date else None

    @property
    def arrival(self) -> UncertainDate | None:
        """The day of arrival in Germany with its precision."""
        return UncertainDate(self.arrived_on, Precision(self.arrived_precision)) if self.arrived_on else None

    @property
    def is_closed(self) -> bool:
        return self.phase == Phase.CLOSED

    def brought(self, day: datetime.date | None) -> bool:
        """Whether what happened on a day was taken over with the running case, and is in no record here."""
        return day is not None and self.taken_over_on is not None and day < self.taken_over_on


class ClientName(models.Model):
    """A spelling of a name: the main one, an alias, another transcription; folded for search."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="names")
    surname = models.CharField(_("surname"), max_length=120)
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    is_main = models.BooleanField(default=False, editable=False)
    # "surname given" and "given surname" for prefixes; every folded part and every consonant key between
    # blanks, so that " oezt" finds Çelik-Öztürk within a caseload (clients.services.names fills all four).
    folded = models.CharField(max_length=1000, editable=False)
    folded_given = models.CharField(max_length=1000, editable=False)
    parts = models.CharField(max_length=1000, editable=False)
    keys = models.CharField(max_length=1000, editable=False)

    objects = ClientNameQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="master")

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        indexes = [
            models.Index(fields=["folded", "id"], name="client_name_folded"),
            models.Index(fields=["folded_given", "id"], name="client_name_given"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(is_main=True), name="one_main_name_per_client"
            ),
        ]

    def __str__(self) -> str:
        return f"name {self.pk}"

    @property
    def list_name(self) -> str:
        return f"{self.surname}, {self.given_name}" if self.given_name else self.surname


class NameKey(models.Model):
    """A key under which a spelling is found by its sound, as an index of ``ClientName.keys``."""

    name = models.ForeignKey(ClientName, on_delete=models.CASCADE, related_name="filed_under")
    key = models.CharField(max_length=sounds.LONGEST_KEY)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="name__client", data_class="master", export=False)

    class Meta:
        verbose_name = _("key of a name")
        verbose_name_plural = _("keys of names")
        indexes = [models.Index(fields=["key", "name"], name="name_by_key")]

    def __str__(self) -> str:
        return f"key of name {self.name_id}"


class ClientLanguage(models.Model):
    """A language of the client, in order of fluency."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="client_languages")
    language = models.ForeignKey(SpokenLanguage, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="master")

    class Meta:
        verbose_name = _("language of a client")
        verbose_name_plural = _("languages of a client")
        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint(fields=["client", "language"], name="a_language_once_per_client")
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.language_id}"


class Responsibility(models.Model):
    """Who is responsible, over time; one open row, ``Client.manager`` is its copy."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="responsibilities")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    former_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_taking = models.BooleanField(default=False, help_text="a manager took the file from the inbox")
    withdrawn_at = models.DateTimeField(null=True, help_text="the taking was taken back the same day")
    reason = models.CharField(max_length=300, blank=True)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="master", erase=KEEP("who was responsible when"))

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        ordering = ("since", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(until__isnull=True), name="one_open_responsibility"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} → {self.manager_id}"


class PhaseChange(models.Model):
    """Every change of phase with who and why."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="phase_changes")
    phase = models.CharField(_("phase"), max_length=20, choices=Phase)
    on = models.DateField(_("from"))
    at = models.DateTimeField(help_text="when it was recorded")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="master", erase=DELETE)

    class Meta:
        verbose_name = _("phase change")
        verbose_name_plural = _("phase changes")
        ordering = ("on", "id")
        indexes = [models.Index(fields=["client", "on", "id"], name="phase_change_of_client")]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.phase}"


class CounsellingPeriod(models.Model):
    """From opening to closing; re-opening a file makes the next one."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="periods")
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closing_reason = models.ForeignKey(
        ClosingReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closing_note = models.TextField(_("note on closing"), blank=True, max_length=2000)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="master")

    class Meta:
        verbose_name = _("counselling period")
        verbose_name_plural = _("counselling periods")
        ordering = ("opened_on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(closed_on__isnull=True), name="one_open_counselling_period"
            ),
            models.CheckConstraint(
                name="period_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.opened_on}"
