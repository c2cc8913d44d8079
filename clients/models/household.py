"""Who lives together; separate from the benefit unit, and without notes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.models import Municipality
from accounts.records import Record
from clients.choices import HouseholdEvent, Precision, Relation
from clients.models.client import Client
from clients.querysets import FileRowQuerySet, HouseholdMemberQuerySet
from clients.rules.dates import UncertainDate


class Household(Record):
    """A shared address. It holds no data about anybody; its members do."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")

    def __str__(self) -> str:
        return f"household {self.pk}"


class Relative(Record):
    """A co-counselled relative with minimal data, scoped by the one file that names them."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="relatives")
    surname = models.CharField(_("surname"), max_length=120)
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    birth_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    relation = models.CharField(_("relation"), max_length=20, choices=Relation, default=Relation.CHILD)
    became = models.OneToOneField(
        Client, null=True, editable=False, on_delete=models.SET_NULL, related_name="was_relative"
    )

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="relative")

    class Meta:
        verbose_name = _("relative")
        verbose_name_plural = _("relatives")
        ordering = ("birth_date", "id")

    def __str__(self) -> str:
        return f"relative {self.pk}"

    @property
    def birth(self) -> UncertainDate | None:
        """The date of birth with its precision."""
        return UncertainDate(self.birth_date, Precision(self.birth_precision)) if self.birth_date else None

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.surname}".strip()


class HouseholdMember(models.Model):
    """A client or a relative in a household, from–to."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    client = models.ForeignKey(
        Client, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    relative = models.ForeignKey(
        Relative, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    relation = models.CharField(_("relation"), max_length=20, choices=Relation, default=Relation.OTHER)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = HouseholdMemberQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="household")

    class Meta:
        verbose_name = _("household member")
        verbose_name_plural = _("household members")
        ordering = ("since", "id")
        constraints = [
            models.CheckConstraint(
                name="household_member_is_client_or_relative",
                condition=Q(client__isnull=False, relative__isnull=True)
                | Q(client__isnull=True, relative__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(until__isnull=True, client__isnull=False),
                name="one_household_at_a_time",
            ),
            models.CheckConstraint(
                name="household_is_left_after_it_was_joined",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"

    @property
    def file(self) -> Client:
        """The file the member belongs to: the own one, or the one that names the relative."""
        owner = self.client if self.relative is None else self.relative.client
        if owner is None:
            raise ValueError("a member is a client or a relative")
        return owner

    @property
    def display_name(self) -> str:
        return self.file.display_name if self.relative is None else self.relative.display_name


class HouseholdChange(Record):
    """What happened to the household of a file; it names nobody but the relatives of the same file.

    Attributes:
        on: the day from which it holds.
        act: the same in all files that one step concerned.
        relative: the co-counselled relative it was about; the person of the file where there is none.
        household: the one that was left, with ``relation`` and ``since`` of the stay that ended, so that undoing
            restores it exactly.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="household_changes")
    what = models.CharField(max_length=10, choices=HouseholdEvent)
    on = models.DateField()
    act = models.UUIDField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    relative = models.ForeignKey(Relative, null=True, on_delete=models.CASCADE, related_name="+")
    household = models.ForeignKey(Household, null=True, on_delete=models.SET_NULL, related_name="+")
    relation = models.CharField(max_length=20, choices=Relation, blank=True)
    since = models.DateField(null=True)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="household")

    class Meta:
        verbose_name = _("change of a household")
        verbose_name_plural = _("changes of households")
        ordering = ("at", "id")
        indexes = [models.Index(fields=["act"], name="household_change_of_act")]

    def __str__(self) -> str:
        return f"household change {self.pk}"
