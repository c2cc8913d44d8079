"""The outreach ladder as it is stored: the trigger, the acts, and caches for lists (rules.md §4).

Nothing here decides. `rules.evaluate` derives every ladder from the facts of the file; `services.ladders`
writes the result down with every change of those facts, and the daily command repairs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.catalogues import Policy
from accounts.models import Municipality
from accounts.records import Record
from appointments.choices import Channel
from clients.models import Client
from clients.querysets import FileRowQuerySet
from outreach.choices import ActKind, Answer, ClarifyOutcome, EndReason, Stage, Trigger
from outreach.querysets import LadderQuerySet
from outreach.rules import LadderPolicy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _number(label: StrOrPromise, default: int) -> models.PositiveSmallIntegerField[Any, Any]:
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(0), MaxValueValidator(1000)]
    )


def _is_before(due: int | None, allowed: int | None) -> bool:
    return due is not None and allowed is not None and due < allowed


# Youth services end with 27.
OLDEST_MIN_AGE = 27


class OutreachPolicy(Policy):
    """The thresholds of the ladder from a day on (rules.md §4, table); a ladder keeps the version of its t0.

    Without a municipality it is the district's. A municipality's own version counts before the district's.
    """

    municipality = models.ForeignKey(
        Municipality,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("municipality"),
        help_text=_("A municipality's own version counts before the district's."),
    )
    min_age = _number(_("from which age"), 16)
    step1_due_wd = _number(_("letter or call: due after … working days"), 2)
    first_contact_due_wd = _number(_("first contact: due after … working days"), 10)
    step2_after_letter_wd = _number(_("after a letter: wait … working days"), 5)
    step2_after_call_wd = _number(_("after a call: wait … working days"), 1)
    step2_due_wd = _number(_("the other way: due … working days later"), 3)
    invitation_hold_wd = _number(_("after the date of an invitation: wait … working days"), 1)
    visit_after_wd = _number(_("home visit: not before … working days"), 3)
    visit_due_wd = _number(_("home visit: due after … working days"), 10)
    visit_announced = models.BooleanField(_("home visits are announced"), default=True)
    visit_announced_wd = _number(_("announced … working days before"), 2)
    visit2_after_days = _number(_("second visit: not before … days"), 3)
    visit2_due_days = _number(_("second visit: due after … days"), 14)
    decide_after_days = _number(_("after the card: decide after … days"), 14)
    recheck_after_days = _number(_("after the card: another attempt after … days"), 90)
    recheck_due_wd = _number(_("another attempt: due after … working days"), 10)
    close_after_wd = _number(_("then propose closing after … working days"), 5)
    fast_lane = models.BooleanField(_("two unexcused no-shows lead straight to the visit"), default=True)
    fast_lane_months = _number(_("both within … months"), 6)
    question_after_days = _number(_("ask for the next appointment after … days"), 3)

    class Meta(Policy.Meta):
        verbose_name = _("outreach policy")
        verbose_name_plural = _("outreach policies")
        # Two, because both databases take two rows without a municipality for different ones.
        constraints = [
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=Q(municipality__isnull=True),
                name="one_outreach_policy_a_day_for_the_district",
                violation_error_message=_("The district has a version from this day on already."),
            ),
            models.UniqueConstraint(
                fields=["municipality", "valid_from"],
                condition=Q(municipality__isnull=False),
                name="one_outreach_policy_a_day_for_a_municipality",
                violation_error_message=_("This municipality has a version from this day on already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{super().__str__()}, {self.valid_for}"

    def clean(self) -> None:
        """What contradicts itself is refused at the field.

        Raises:
            ValidationError: by field.
        """
        wrong: dict[str, Any] = {}
        if self.min_age is not None and not 0 <= self.min_age <= OLDEST_MIN_AGE:
            wrong["min_age"] = _("Please enter an age between 0 and 27.")
        if _is_before(self.visit_due_wd, self.visit_after_wd):
            wrong["visit_due_wd"] = _("The visit cannot be due before it is allowed.")
        if _is_before(self.visit2_due_days, self.visit2_after_days):
            wrong["visit2_due_days"] = _("The second visit cannot be due before it is allowed.")
        try:
            super().clean()
        except ValidationError as refused:
            wrong |= refused.error_dict
        if wrong:
            raise ValidationError(wrong)

    @property
    def valid_for(self) -> str:
        """The municipality, or that it is for the whole district."""
        return str(self.municipality) if self.municipality is not None else gettext("whole district")

    @property
    def rule(self) -> LadderPolicy:
        """The thresholds as the pure rule takes them."""
        names = {field.name for field in LadderPolicy.__dataclass_fields__.values()} - {"version", "place"}
        values = {name: getattr(self, name) for name in names}
        return LadderPolicy(version=str(self.pk or ""), place=self.municipality_id, **values)


class Ladder(Record):
    """One outreach ladder of a file, as it was computed last.

    `key` is the trigger (`appointment:17`, `take:4`). `stage` is *ended* once it ended, `reached` the step it stood
    at then. All of these are caches; `answer` is not. When the present step is due stands in ``clients.DueItem``.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="ladders")
    key = models.CharField(max_length=40)
    trigger = models.CharField(_("reason"), max_length=20, choices=Trigger)
    t0 = models.DateTimeField()
    began_on = models.DateField()
    policy = models.ForeignKey(OutreachPolicy, null=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(_("step"), max_length=20, choices=Stage)
    reached = models.CharField(max_length=20, choices=Stage)
    suspended = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)
    answer = models.CharField(max_length=20, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LadderQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="outreach")

    class Meta:
        verbose_name = _("outreach ladder")
        verbose_name_plural = _("outreach ladders")
        ordering = ("-t0", "-id")
        indexes = [
            models.Index(fields=["began_on"], name="ladder_by_beginning"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="a_trigger_opens_one_ladder"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_at__isnull=True), name="one_open_ladder_per_client"
            ),
            models.CheckConstraint(
                name="an_ended_ladder_has_a_reason",
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"ladder {self.pk}"


class LadderAct(Record):
    """An act in a ladder other than a contact; never changed, always with a reason or detail.

    `day` is the announced day of the visit or the day postponed to, `outcome` what clarifying brought, `reason`
    why the ladder was ended, `channel` how the visit was announced.
    """

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="acts")
    kind = models.CharField(max_length=20, choices=ActKind, editable=False)
    at = models.DateTimeField(editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    day = models.DateField(_("day"), null=True, blank=True)
    outcome = models.CharField(_("result"), max_length=20, choices=ClarifyOutcome, blank=True)
    reason = models.CharField(
        _("reason"),
        max_length=20,
        choices=[(reason.value, reason.label) for reason in (EndReason.DECLINED, EndReason.MANAGER)],
        blank=True,
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, blank=True)
    detail = models.CharField(_("detail"), max_length=300)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="ladder__client", data_class="outreach")

    class Meta:
        verbose_name = _("act of outreach")
        verbose_name_plural = _("acts of outreach")
        ordering = ("at", "id")
        constraints = [
            models.CheckConstraint(
                name="an_act_has_a_reason_or_detail",
                condition=~Q(detail="") | ~Q(reason="") | ~Q(outcome="") | ~Q(channel=""),
            ),
        ]

    def __str__(self) -> str:
        return f"act {self.pk}"
