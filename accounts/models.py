"""Who is at the keyboard, where they serve, and for whom they stand in."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy, ScopedQuerySet
from accounts.records import Record
from accounts.rules.days import ONE_DAY, Days
from ui.dates import date_de

T = TypeVar("T", bound="Term", covariant=True)


class Role(models.TextChoices):
    MANAGER = "manager", _("Integration manager")
    OFFICER = "officer", _("Integration officer")
    ADMIN = "admin", _("Administration")


class Language(models.TextChoices):
    GERMAN = "de", _("German")
    ENGLISH = "en", _("English")


class UserManager(DjangoUserManager["User"]):
    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        """The first account of an installation: an administrator like any other, under the rules for passwords.

        Raises:
            ValidationError: the password is too weak, also where the command offers to pass the rules by.
        """
        extra.update(role=Role.ADMIN, is_staff=True, is_superuser=False)
        if password is not None:
            validate_password(password, self.model(username=username, email=email or ""))
        return self.create_user(username, email, password, **extra)


class User(AbstractUser):
    """A member of staff with a role of their own; there is no shared log-in.

    ``whole_district`` makes an officer the district's coordinator. Django's ``is_superuser`` counts as the
    admin role and gives no case content either.
    """

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MANAGER)
    whole_district = models.BooleanField(
        _("whole district"), default=False, help_text=_("Officers only: responsible for all municipalities.")
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.GERMAN)
    must_change_password = models.BooleanField(
        default=False, editable=False, help_text="somebody else knows the password: it serves for one log-in"
    )

    morning_digest = models.BooleanField(_("morning digest"), default=False)
    list_columns = models.CharField(
        max_length=300,
        blank=True,
        editable=False,
        help_text="codes of the client list's columns; none: the usual ones",
    )
    privacy_screen = models.BooleanField(
        default=False, editable=False, help_text="case numbers instead of names on every page"
    )

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("last_name", "first_name", "username")
        constraints = [
            models.CheckConstraint(
                name="user_whole_district_is_for_officers",
                condition=Q(whole_district=False) | Q(role=Role.OFFICER),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def is_coordinator(self) -> bool:
        return self.role == Role.OFFICER and self.whole_district

    @property
    def needs_place(self) -> bool:
        """Whether the pages of this account show nothing without a municipality."""
        works = self.role == Role.MANAGER or (self.role == Role.OFFICER and not self.whole_district)
        return works and not self.is_superuser

    @property
    def initials(self) -> str:
        letters = (self.first_name[:1] + self.last_name[:1]) or self.username[:2]
        return letters.upper()


class District(models.Model):
    """The Landkreis that employs the managers; one installation holds one."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A town or village whose refugees the district counsels."""

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="municipalities", verbose_name=_("district")
    )
    code = models.CharField(
        _("code"), max_length=5, unique=True, help_text=_("Begins every case number, e.g. STU.")
    )
    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """When a municipality takes part; limits new registrations and figures, never existing files."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("municipality")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("since",)
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Membership since %(day)s") % {"day": date_de(self.since)}


class ServiceQuerySet(models.QuerySet["Service"]):
    def on(self, day: datetime.date) -> "ServiceQuerySet":
        """Services in force on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Service(models.Model):
    """Who serves where, from–to, with which share of a full position."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="services", verbose_name=_("user"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="services", verbose_name=_("municipality")
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    fte_share = models.DecimalField(
        _("share of a full position"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("1.00"))],
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ("since",)
        constraints = [
            models.CheckConstraint(
                name="service_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Service since %(day)s") % {"day": date_de(self.since)}


class StandInKind(models.TextChoices):
    PLANNED = "planned", _("Planned stand-in")
    EMERGENCY = "emergency", _("Emergency stand-in")


class TermQuerySet(ScopedQuerySet[T]):
    """Rows that hold from ``since`` to ``until``, or until the day before ``ended_on``."""

    def active_on(self, day: datetime.date) -> Self:
        """Those in force on a day; nothing has to be switched off when one ends."""
        return self.filter(since__lte=day, until__gte=day).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        )

    def not_over_on(self, day: datetime.date) -> Self:
        """Active and planned ones."""
        return self.filter(until__gte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class Term(Record):
    """From–to, both days included; it ends by itself.

    ``ended_on`` is the first day it holds no more when it was ended early; on or before ``since`` it never held.
    """

    since = models.DateField(_("from"))
    until = models.DateField(_("to, inclusive"))
    ended_on = models.DateField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def days(self) -> Days:
        """The days it holds, or held."""
        last = self.until if self.ended_on is None else min(self.until, self.ended_on - ONE_DAY)
        return Days(self.since, last)

    def is_over_on(self, day: datetime.date) -> bool:
        """Whether it holds no more from a day on."""
        return self.days.last < day


class StandInQuerySet(TermQuerySet["StandIn"]):
    def stepped_in_since(self, day: datetime.date) -> Self:
        """Emergency stand-ins that began on a day or later; the absent manager did not plan them."""
        return self.filter(kind=StandInKind.EMERGENCY, since__gte=day)


class StandIn(Term):
    """One manager stands in for another from–to, both days included; it ends by itself (rules.md §8)."""

    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stood_in_by")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in_for")
    kind = models.CharField(max_length=20, choices=StandInKind, default=StandInKind.PLANNED)
    reason = models.CharField(_("reason"), max_length=300)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    objects = StandInQuerySet.as_manager()
    privacy = Privacy(
        scope="absent", data_class="staff", root="user", export=False, erase=KEEP("who had access when")
    )

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ("-since", "-id")
        constraints = [
            models.CheckConstraint(name="stand_in_ends_after_it_begins", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="nobody_stands_in_for_themselves", condition=~Q(absent=F("substitute"))
            ),
        ]
        indexes = [models.Index(fields=["substitute", "until"], name="stand_in_by_substitute")]

    def __str__(self) -> str:
        return f"stand-in {self.pk}"

    @property
    def is_emergency(self) -> bool:
        return bool(self.kind == StandInKind.EMERGENCY)


class AbsenceQuerySet(TermQuerySet["Absence"]):
    def of_managers(self) -> Self:
        """Absences of users who are managers today; users who left or changed role have no caseload."""
        return self.filter(user__is_active=True, user__role=Role.MANAGER, user__is_superuser=False)


class Absence(Term):
    """A manager is not there from–to, entered by herself or by the coordinator (rules.md §4).

    Only the days are kept: leave, illness and courses are not told apart.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    entered_at = models.DateTimeField(editable=False)

    objects = AbsenceQuerySet.as_manager()
    privacy = Privacy(scope="user", data_class="staff", root="user", export=False)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("-since", "-id")
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_begins", condition=Q(until__gte=F("since"))),
        ]
        indexes = [models.Index(fields=["user", "until"], name="absence_by_user")]

    def __str__(self) -> str:
        return f"absence {self.pk}"


class AccountChangeKind(models.TextChoices):
    CREATED = "created", _("created")
    ROLE = "role", _("role changed")
    DEACTIVATED = "deactivated", _("deactivated")
    ACTIVATED = "activated", _("activated")
    PASSWORD = "password", _("one-time password set")


class AccountChangeQuerySet(models.QuerySet["AccountChange"]):
    def since(self, day: datetime.date) -> Self:
        """From the beginning of a local day on, with the people they name."""
        found = self.filter(at__date__gte=day)
        return found.select_related("user", "by", "successor")

    def of_passwords(self) -> Self:
        """Another person knew the password for a time."""
        return self.filter(kind__in=(AccountChangeKind.CREATED, AccountChangeKind.PASSWORD))


class AccountChange(models.Model):
    """What the administration did with an account, with its reason; read by the person and the coordination.

    ``files`` counts the files that went from a manager to ``successor``, or to the inbox. Nobody changes their own
    account, so ``by`` names the person herself for what was done on the command line.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="changes", verbose_name=_("user"))
    kind = models.CharField(_("what changed"), max_length=20, choices=AccountChangeKind)
    old = models.CharField(_("role before"), max_length=40, blank=True)
    new = models.CharField(_("role after"), max_length=40, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    successor = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("successor")
    )
    files = models.PositiveIntegerField(_("files"), default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("changed by"))
    at = models.DateTimeField(_("changed at"))

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("account change")
        verbose_name_plural = _("account changes")
        ordering = ("-at",)

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def actor(self) -> str:
        """Who did it, by name."""
        return gettext("The operator of this installation") if self.by_id == self.user_id else str(self.by)

    @property
    def sentence(self) -> str:
        """What was done and what became of the files, without the reason; needs the people it names loaded."""
        by = {"by": self.actor}
        match self.kind:
            case AccountChangeKind.CREATED:
                return gettext("%(by)s opened this account with a one-time password.") % by
            case AccountChangeKind.PASSWORD:
                return gettext("%(by)s set a one-time password for this account.") % by
            case AccountChangeKind.ACTIVATED:
                return gettext("%(by)s activated this account again.") % by
            case AccountChangeKind.ROLE:
                roles = {"old": Role(self.old).label, "new": Role(self.new).label}
                text = gettext("%(by)s changed the role: %(old)s → %(new)s.") % {**by, **roles}
            case _:
                text = gettext("%(by)s deactivated this account.") % by
        return f"{text} {self._files_text()}".strip()

    def _files_text(self) -> str:
        if not self.files:
            return ""
        words = {"number": self.files, "name": self.successor}
        if self.successor is None:
            text = ngettext(
                "%(number)d file fell to the inbox.", "%(number)d files fell to the inbox.", self.files
            )
        else:
            text = ngettext(
                "%(number)d file went to %(name)s.", "%(number)d files went to %(name)s.", self.files
            )
        return text % words
