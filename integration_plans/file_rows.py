"""What the pages of a file read of its plan, in one statement (``clients.file_rows``)."""

import datetime

from accounts.file_loader import Wanted
from accounts.models import User
from clients.file_rows import rows_of
from clients.models import Client, CounsellingPeriod, SpokenLanguage
from integration_plans import plan_status
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    Goal,
    GoalContent,
    GoalProgress,
    IntensityDecision,
    Measure,
    MeasureContent,
    MeasureProgress,
    Module,
    PlanPolicy,
    PlanVersion,
    Review,
)

OTHER_MODULES = GoalContent.other_modules.through
PLAN_TABLES: tuple[Wanted, ...] = (
    Assessment,
    AssessmentEntry,
    CounsellingPeriod,
    Goal,
    GoalContent,
    GoalProgress,
    IntensityDecision,
    Measure,
    MeasureContent,
    MeasureProgress,
    OTHER_MODULES,
    PlanPolicy,
    PlanVersion,
    Review,
    # what these point to
    Module,
    SpokenLanguage,
    User,
)
PROGRESS_TABLES: tuple[Wanted, ...] = (
    CounsellingPeriod,
    Goal,
    GoalContent,
    Measure,
    MeasureContent,
    OTHER_MODULES,
    PlanVersion,
    # what these point to
    Module,
)
"""What a form about something else reads to offer progress of goals and measures."""


class PlanRows:
    """The plan of one file as it is stored, with what belongs together beside each other.

    Args:
        client: the file the view was let into.
        tables: `PLAN_TABLES` or `PROGRESS_TABLES`.
    """

    def __init__(self, client: Client, tables: tuple[Wanted, ...] = PLAN_TABLES) -> None:
        self.rows = rows_of(client, tables)

    def version_in_force(self, today: datetime.date) -> PlanVersion | None:
        """The last agreed version of the present counselling period."""
        periods = (row.opened_on for row in self.rows[CounsellingPeriod])
        return plan_status.version_in_force(self.rows[PlanVersion], periods, today)

    def decisions(self, *, with_health: bool) -> list[IntensityDecision]:
        """Confirmed intensities, the last one first; none without health (`DecisionQuerySet.readable`)."""
        return self.rows[IntensityDecision] if with_health else []

    def contents_of(self, version: PlanVersion | None, *, with_health: bool) -> list[GoalContent]:
        """The goals of a version; goals that touch health only for a user who may read it."""
        hidden = frozenset() if with_health else self.about_health()
        return [
            row
            for row in self.rows[GoalContent]
            if version is not None and row.plan_id == version.pk and row.pk not in hidden
        ]

    def measures_of(self, content: GoalContent) -> list[MeasureContent]:
        """What a version says about the measures of a goal."""
        return [row for row in self.rows[MeasureContent] if row.goal_content_id == content.pk]

    def modules_of(self, content: GoalContent) -> list[Module]:
        """The leading module of a goal and the others it touches."""
        others = [row.module for row in self.rows[OTHER_MODULES] if row.goalcontent_id == content.pk]
        return [content.module, *sorted(others, key=lambda module: (module.order, module.label_de))]

    def about_health(self) -> frozenset[int]:
        """Keys of contents that touch a sensitive module, leading or not."""
        return frozenset(
            content.pk
            for content in self.rows[GoalContent]
            if any(module.sensitive for module in self.modules_of(content))
        )

    def once_about_health(self) -> frozenset[int]:
        """Keys of goals that touched a sensitive module in some version: what was said then stays protected."""
        contents = self.about_health()
        return frozenset(row.goal_id for row in self.rows[GoalContent] if row.pk in contents)
