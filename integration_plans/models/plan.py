"""Versions of the plan and their content, which is frozen when a version is closed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.models import Client, SpokenLanguage
from clients.querysets import FileRowQuerySet
from documents.models import Document
from integration_plans.choices import AgreementOutcome, Priority, Side
from integration_plans.models.assessment import Assessment
from integration_plans.models.catalogues import Module
from integration_plans.models.progress import Goal, Measure
from integration_plans.querysets import GoalContentQuerySet, MeasureContentQuerySet, VersionQuerySet

HOW_AGREED = (
    "outcome",
    "agreed_on",
    "place",
    "language",
    "interpreter",
    "copy_handed_out",
    "review_on",
    "note",
)
"""What is written down about an agreement: asked by its form, kept when the version is closed."""


class PlanVersion(Record):
    """One version (Fassung). Without an outcome it is the working version; an outcome closes it for good."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="plan_versions")
    number = models.PositiveSmallIntegerField(editable=False)
    outcome = models.CharField(_("outcome"), max_length=20, choices=AgreementOutcome, blank=True)
    agreed_on = models.DateField(_("day of the agreement"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    language = models.ForeignKey(
        SpokenLanguage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("language of the talk"),
    )
    interpreter = models.CharField(_("name of the interpreter"), max_length=120, blank=True)
    copy_handed_out = models.BooleanField(_("copy handed out"), default=False)
    review_on = models.DateField(_("next review on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    assessment = models.ForeignKey(
        Assessment, null=True, editable=False, on_delete=models.RESTRICT, related_name="+"
    )
    scan = models.ForeignKey(
        Document,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("signed sheet"),
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    started_at = models.DateTimeField(editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = VersionQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="plan")

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["client", "number"], name="plan_version_number_once"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(outcome=""), name="one_working_version_per_client"
            ),
            models.CheckConstraint(
                name="a_closed_version_is_dated",
                condition=Q(outcome="", closed_at__isnull=True)
                | (~Q(outcome="") & Q(agreed_on__isnull=False, closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="review_comes_after_agreement",
                condition=Q(review_on__isnull=True)
                | Q(agreed_on__isnull=True)
                | Q(review_on__gt=F("agreed_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"plan version {self.pk}"

    @property
    def is_working(self) -> bool:
        return not self.outcome

    @property
    def is_declined(self) -> bool:
        return self.outcome == AgreementOutcome.DECLINED


class GoalContent(Record):
    """What one version says about a goal."""

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="goal_contents")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="contents")
    title = models.CharField(_("goal"), max_length=200)
    indicator = models.CharField(_("how we will know"), max_length=300, blank=True)
    target_on = models.DateField(_("target date"), null=True, blank=True)
    module = models.ForeignKey(
        Module, on_delete=models.PROTECT, related_name="+", verbose_name=_("leading module")
    )
    other_modules = models.ManyToManyField(
        Module, blank=True, related_name="+", verbose_name=_("also touches")
    )
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.NORMAL)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    modules_as_agreed = models.CharField(max_length=500, blank=True, editable=False)

    objects = GoalContentQuerySet.as_manager()
    privacy = Privacy(scope="plan__client", data_class="plan, health")

    class Meta:
        verbose_name = _("goal in a version")
        verbose_name_plural = _("goals in versions")
        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint(fields=["plan", "goal"], name="a_goal_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"goal content {self.pk}"


class MeasureContent(Record):
    """What one version says about a measure: who does what until when."""

    goal_content = models.ForeignKey(GoalContent, on_delete=models.CASCADE, related_name="measure_contents")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="contents")
    side = models.CharField(_("who"), max_length=20, choices=Side)
    third_party = models.CharField(_("name of the other body"), max_length=120, blank=True)
    text = models.CharField(_("measure"), max_length=300)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = MeasureContentQuerySet.as_manager()
    privacy = Privacy(scope="goal_content__plan__client", data_class="plan, health")

    class Meta:
        verbose_name = _("measure in a version")
        verbose_name_plural = _("measures in versions")
        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint(fields=["goal_content", "measure"], name="a_measure_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"measure content {self.pk}"


class Review(Record):
    """A review (Überprüfung) of the version in force: what was said, and when to look again."""

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="reviews")
    reviewed_on = models.DateField(_("reviewed on"))
    note = models.TextField(_("note"), blank=True, max_length=2000)
    next_review_on = models.DateField(_("next review on"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(editable=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="plan__client", data_class="plan")

    class Meta:
        verbose_name = _("plan review")
        verbose_name_plural = _("plan reviews")
        ordering = ("-reviewed_on", "-id")
        constraints = [
            models.CheckConstraint(
                name="next_review_comes_later",
                condition=Q(next_review_on__isnull=True) | Q(next_review_on__gt=F("reviewed_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"
