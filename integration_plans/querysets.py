"""Questions over the rows of a plan; who sees which comes from the scope (architecture.md "Row access")."""

from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from clients.querysets import FileRowQuerySet
from integration_plans.choices import AgreementOutcome


class EntryQuerySet(FileRowQuerySet):
    """What an assessment says about the modules."""

    def readable(self, *, with_health: bool) -> Self:
        """Rows of modules marked sensitive need the second filter (architecture.md "Row access")."""
        return self if with_health else self.filter(module__sensitive=False)


class DecisionQuerySet(FileRowQuerySet):
    """Confirmed intensities: every module counts in them."""

    def readable(self, *, with_health: bool) -> Self:
        """None without health: a level beside what the other modules propose tells what the protected ones say."""
        return self if with_health else self.none()


class VersionQuerySet(FileRowQuerySet):
    """Versions of plans: one working version at most, all others closed by an outcome."""

    def working(self) -> Self:
        """The version still being written."""
        return self.filter(outcome="")

    def closed(self) -> Self:
        """Versions signed, agreed orally or declined."""
        return self.exclude(outcome="")

    def agreed(self) -> Self:
        """Versions signed or agreed orally; a declined one supersedes nothing."""
        return self.closed().exclude(outcome=AgreementOutcome.DECLINED)


class GoalContentQuerySet(FileRowQuerySet):
    """What a version says about its goals."""

    def readable(self, *, with_health: bool) -> Self:
        """Goals that touch a module marked sensitive, leading or not, need the second filter."""
        return self if with_health else self.exclude(_touches_health(self.model, "pk"))

    def marked(self) -> Self:
        """With ``about_health``: what `readable` would leave out."""
        return self.annotate(about_health=_touches_health(self.model, "pk"))


class MeasureContentQuerySet(FileRowQuerySet):
    """What a version says about the measures of a goal."""

    def readable(self, *, with_health: bool) -> Self:
        """Measures go with their goal."""
        return self if with_health else self.exclude(self._touch_health())

    def marked(self) -> Self:
        """With ``about_health``: what `readable` would leave out."""
        return self.annotate(about_health=self._touch_health())

    def _touch_health(self) -> Exists:
        return _touches_health(self.model._meta.get_field("goal_content").related_model, "goal_content_id")


class GoalProgressQuerySet(FileRowQuerySet):
    """Progress of goals; it belongs to the goal in all plan versions."""

    def readable(self, *, with_health: bool) -> Self:
        """A goal that touched a sensitive module in any version stays behind the second filter."""
        if with_health:
            return self
        goal = self.model._meta.get_field("goal").related_model
        contents = goal._meta.get_field("contents").related_model
        sensitive = contents._base_manager.filter(goal=OuterRef("goal_id")).filter(
            Q(module__sensitive=True) | Q(other_modules__sensitive=True)
        )
        return self.exclude(Exists(sensitive))


def _touches_health(contents: Any, key: str) -> Exists:
    rows = contents._base_manager.filter(pk=OuterRef(key))
    return Exists(rows.filter(Q(module__sensitive=True) | Q(other_modules__sensitive=True)))
