"""What is entered for a funding period; nothing of it is overwritten (rules.md "Money")."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy
from accounts.records import Record
from accounts.rules.days import Days
from funding.choices import BookingKind
from funding.fields import CentsField
from funding.models.catalogues import BudgetLine
from funding.models.periods import FundingPeriod
from funding.querysets import FundingEntryQuerySet
from funding.rules.shares import Share


class Entry(Record):
    """A row that is never changed: another one of its kind corrects or reverses it.

    Attributes:
        replaces: the entry this one corrects or reverses.
        is_reversal: it only says that ``replaces`` counts no more.
        reason: why it was corrected or reversed.
    """

    period = models.ForeignKey(FundingPeriod, on_delete=models.CASCADE, related_name="%(class)ss")
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by", editable=False
    )
    is_reversal = models.BooleanField(default=False, editable=False)
    reason = models.CharField(max_length=200, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True

    @property
    def is_current(self) -> bool:
        """Whether it counts; needs ``replaced_by`` loaded."""
        return not self.is_reversal and getattr(self, "replaced_by", None) is None


class Booking(Entry):
    """Money of one line that was approved, received or spent.

    Attributes:
        day: of the notice, of the payment, of the expense.
        about: the number of a notice or receipt, or a few words.
    """

    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("line")
    )
    kind = models.CharField(_("what happened"), max_length=10, choices=BookingKind)
    day = models.DateField(pgettext_lazy("booking", "day"))
    amount = CentsField(_("amount in euros"))
    about = models.CharField(_("reference or note"), max_length=120, blank=True)

    objects = FundingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ("-day", "-id")
        constraints = [
            models.CheckConstraint(
                name="a_booking_is_of_some_money_and_an_expense_above_zero",
                condition=(Q(kind=BookingKind.SPENT) & Q(amount__gt=0))
                | (~Q(kind=BookingKind.SPENT) & ~Q(amount=0)),
            )
        ]
        indexes = [models.Index(fields=["period", "-day", "-id"], name="booking_by_period_and_day")]

    def __str__(self) -> str:
        return f"booking {self.pk}"

    def clean(self) -> None:
        """Say at the field what the database would refuse.

        Raises:
            ValidationError: nothing, or less than nothing, was spent.
        """
        super().clean()
        if self.amount is None:
            return
        if self.amount == 0:
            raise ValidationError({"amount": gettext("Please enter an amount other than zero.")})
        if self.amount < 0 and self.kind == BookingKind.SPENT:
            raise ValidationError(
                {"amount": gettext("An expense is above zero. One that came back is reversed.")}
            )


class PerCapita(Entry):
    """Persons assigned on a reference date, as the officer enters them, and what is paid for each.

    The number is never counted from files: assigned is not counselled (rules.md §9).
    """

    reference_on = models.DateField(_("reference date"))
    persons = models.PositiveIntegerField(_("persons assigned on this day"))
    amount = CentsField(_("amount per person in euros"))

    objects = FundingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("per-capita amount")
        verbose_name_plural = _("per-capita amounts")
        ordering = ("-reference_on", "-id")
        constraints = [
            models.CheckConstraint(name="a_per_capita_amount_is_above_zero", condition=Q(amount__gt=0))
        ]

    def __str__(self) -> str:
        return f"per capita {self.pk}"

    def clean(self) -> None:
        """Say at the field what the database would refuse.

        Raises:
            ValidationError: nothing is paid for a person.
        """
        super().clean()
        if self.amount is not None and self.amount <= 0:
            raise ValidationError({"amount": gettext("Please enter an amount above zero.")})

    @property
    def total(self) -> int:
        """Cents for all persons together."""
        return self.persons * self.amount


class Position(Entry):
    """A share of a full position of one member of staff that this money pays, from–to."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="funded_positions",
        verbose_name=_("person"),
    )
    share = models.DecimalField(
        _("share of a full position"),
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("1.00"))],
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("to, inclusive"))

    objects = FundingEntryQuerySet.as_manager()
    privacy = Privacy(
        scope="person",
        data_class="staff",
        root="user",
        export=False,
        erase=KEEP("whose position public money paid, and when"),
    )

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ("person__last_name", "person__first_name", "since", "id")
        constraints = [
            models.CheckConstraint(name="a_position_ends_after_it_begins", condition=Q(until__gte=F("since")))
        ]
        indexes = [models.Index(fields=["person", "until"], name="position_by_person")]

    def __str__(self) -> str:
        return f"position {self.pk}"

    def clean(self) -> None:
        """Say at the field what the database would refuse.

        Raises:
            ValidationError: it ends before it begins, or lies outside its funding period.
        """
        super().clean()
        if not self.since or not self.until:
            return
        wrong: dict[str, str] = {}
        if self.until < self.since:
            wrong["until"] = gettext("The end lies before the beginning.")
        elif self.until > self.period.until:
            wrong["until"] = gettext("The funding period ends before that.")
        if self.since < self.period.since:
            wrong["since"] = gettext("The funding period begins after that.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def as_share(self) -> Share:
        return Share(Days(self.since, self.until), self.share)
