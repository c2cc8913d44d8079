"""Goals and measures as such, and how far they are: dated beside the agreed content (rules.md §6)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.models import Client
from clients.querysets import FileRowQuerySet
from integration_plans.choices import GoalState
from integration_plans.querysets import GoalProgressQuerySet


class Goal(Record):
    """The stable identity of a goal through all versions; ``state`` is the copy of its last progress."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="goals")
    state = models.CharField(_("state"), max_length=20, choices=GoalState, default=GoalState.OPEN)
    state_on = models.DateField(null=True, editable=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="plan")

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"goal {self.pk}"


class Measure(Record):
    """The stable identity of a measure; ``done_on`` is the copy of its last progress."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measures")
    done_on = models.DateField(_("done on"), null=True, blank=True)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="goal__client", data_class="plan")

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"measure {self.pk}"


class GoalProgress(Record):
    """A dated step of a goal: its new state, a remark, or both."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="progress")
    review = models.ForeignKey(
        "integration_plans.Review", null=True, on_delete=models.CASCADE, related_name="steps", editable=False
    )
    state = models.CharField(_("state"), max_length=20, choices=GoalState)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    on = models.DateField(_("as of"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(editable=False)

    objects = GoalProgressQuerySet.as_manager()
    privacy = Privacy(scope="goal__client", data_class="plan, health")

    class Meta:
        verbose_name = _("progress of a goal")
        verbose_name_plural = _("progress of goals")
        ordering = ("-on", "-id")
        indexes = [models.Index(fields=["goal", "on", "id"], name="progress_of_goal")]

    def __str__(self) -> str:
        return f"progress {self.pk}"


class MeasureProgress(models.Model):
    """A measure was done, or turned out not to be."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="progress")
    done = models.BooleanField(_("done"))
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    on = models.DateField(_("as of"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(editable=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="measure__goal__client", data_class="plan, health")

    class Meta:
        verbose_name = _("progress of a measure")
        verbose_name_plural = _("progress of measures")
        ordering = ("-on", "-id")

    def __str__(self) -> str:
        return f"measure progress {self.pk}"
