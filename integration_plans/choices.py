"""Choices of the integration plan that rules branch on."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Need(models.IntegerChoices):
    """Need per module (rules.md §5). "Not discussed" is no level and never a 0: it is None."""

    NONE = 0, pgettext_lazy("need", "none")
    LOW = 1, pgettext_lazy("need", "low")
    MEDIUM = 2, pgettext_lazy("need", "medium")
    HIGH = 3, pgettext_lazy("need", "high")
    ACUTE = 4, pgettext_lazy("need", "acute")


class CounsellingForm(models.TextChoices):
    """How the client is counselled, named by the manager with the intensity (rules.md §5)."""

    OFFICE = "office", _("in the office")
    PHONE = "phone", _("by phone")
    VISITING = "visiting", _("visiting")
    ACCOMPANIED = "accompanied", _("accompanied")


class GoalState(models.TextChoices):
    """State of a goal; it is progress, dated beside the agreed content (rules.md §6)."""

    OPEN = "open", pgettext_lazy("goal state", "open")
    IN_PROGRESS = "in_progress", pgettext_lazy("goal state", "in progress")
    ACHIEVED = "achieved", pgettext_lazy("goal state", "achieved")
    PARTLY = "partly", pgettext_lazy("goal state", "partly achieved")
    NOT_ACHIEVED = "not_achieved", pgettext_lazy("goal state", "not achieved")
    DROPPED = "dropped", pgettext_lazy("goal state", "dropped")


class Side(models.TextChoices):
    """Who takes on a measure."""

    CLIENT = "client", _("I take this on")
    SERVICE = "service", _("The integration management takes this on")
    THIRD_PARTY = "third_party", _("Others take this on")


class Priority(models.TextChoices):
    """How soon a goal is to be tackled."""

    HIGH = "high", pgettext_lazy("priority", "first")
    NORMAL = "normal", pgettext_lazy("priority", "normal")
    LOW = "low", pgettext_lazy("priority", "later")


class AgreementOutcome(models.TextChoices):
    """How a plan version was agreed (rules.md §6). Declined is valid and supersedes nothing."""

    SIGNED = "signed", _("signed on paper")
    ORAL = "oral", _("agreed orally")
    DECLINED = "declined", pgettext_lazy("agreement", "declined")


class ReviewState(models.TextChoices):
    """Where a file's plan stands, for the list of own plans and Mein Tag."""

    UNASSESSED = "unassessed", _("No assessment yet")
    NO_PLAN = "no_plan", _("No agreement yet")
    DECLINED = "declined", _("Agreement declined")
    LAPSED = "lapsed", _("Review more than 30 days overdue")
    OVERDUE = "overdue", _("Review overdue")
    DUE_SOON = "due_soon", _("Review due soon")
    UNDATED = "undated", _("No review date")
    CURRENT = "current", _("Up to date")
