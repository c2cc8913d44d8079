"""The plan's section of the file page and its part of the timeline."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.choices import Intensity
from clients.file_context import FileContext
from clients.file_rows import Rows
from clients.models import Client
from clients.sections import Section
from clients.timeline import Cursor, TimelineEntry
from integration_plans.choices import CounsellingForm, GoalState
from integration_plans.file_rows import PlanRows
from integration_plans.models import (
    Assessment,
    GoalContent,
    GoalProgress,
    IntensityDecision,
    PlanVersion,
    Review,
)
from integration_plans.overview import overview_of
from ui.dates import date_de
from ui.links import reverse


def plan_context(file: FileContext) -> dict[str, Any]:
    """What `_plan_section.html` needs; the same for the file page and the fragment."""
    plan = overview_of(file.client, file.user, file.now, file.today)
    may_write = not file.client.is_closed
    return {
        "plan": plan,
        "may_edit_plan": may_write,
        "may_agree_plan": may_write and file.may("plan.agree"),
        "may_review_plan": may_write and file.may("plan.review"),
    }


SECTION = Section(
    code="plan",
    title=gettext_lazy("Integration plan"),
    template="integration_plans/_plan_section.html",
    context=plan_context,
    order=300,
    route="file_plans:plan",
)


class PlanTimeline:
    """Assessments, intensities, agreements, reviews and steps of goals in the timeline of a file."""

    code = "plans"
    kinds = frozenset({"plan"})

    def entries(
        self,
        file: FileContext,
        before: Cursor | None,
        kinds: frozenset[str] | None,
        limit: int,
    ) -> Iterable[TimelineEntry]:
        """At most ``limit`` entries older than ``before``, newest first."""
        client = file.client
        plan = PlanRows(client)
        with_health = file.reads_health
        found = [
            *self._assessments(client, plan.rows),
            *self._intensities(plan.decisions(with_health=with_health)),
            *self._versions(client, plan.rows),
            *self._reviews(client, plan.rows, with_health),
            *self._steps(client, plan, with_health),
        ]
        older = [entry for entry in found if before is None or (entry.at, entry.key) < before]
        return sorted(older, key=lambda entry: (entry.at, entry.key), reverse=True)[:limit]

    def _assessments(self, client: Client, rows: Rows) -> Iterable[TimelineEntry]:
        for row in rows[Assessment]:
            yield TimelineEntry(
                at=row.at,
                key=f"assessment-{row.pk:09}",
                kind="plan",
                icon="chart",
                title=_("Needs assessment"),
                text=_("talk on %(day)s") % {"day": date_de(row.assessed_on)},
                detail=(row.summary,) if row.summary else (),
                by=str(row.by),
                url=_plan_url(client),
                url_label=_("Look at plan"),
            )

    def _intensities(self, decisions: Iterable[IntensityDecision]) -> Iterable[TimelineEntry]:
        for row in decisions:
            yield TimelineEntry(
                at=row.at,
                key=f"intensity-{row.pk:09}",
                kind="plan",
                icon="chart",
                title=_("Intensity: %(level)s") % {"level": Intensity(row.chosen).label},
                text=str(CounsellingForm(row.form).label),
                detail=tuple(part for part in (row.arithmetic, row.reason) if part),
                by=str(row.by),
            )

    def _versions(self, client: Client, rows: Rows) -> Iterable[TimelineEntry]:
        for row in rows[PlanVersion]:
            if row.is_working:
                continue
            parts = [row.get_outcome_display(), date_de(row.agreed_on)]
            if row.copy_handed_out:
                parts.append(_("copy handed out"))
            yield TimelineEntry(
                at=row.closed_at,
                key=f"version-{row.pk:09}",
                kind="plan",
                icon="plan",
                title=_("Agreement, version %(number)d") % {"number": row.number},
                text=", ".join(str(part) for part in parts),
                detail=(row.note,) if row.note else (),
                by=str(row.closed_by),
                url=reverse("file_plans:version_print", args=[client.uuid, row.uuid]),
                url_label=_("Show this version"),
            )

    def _reviews(self, client: Client, rows: Rows, with_health: bool) -> Iterable[TimelineEntry]:
        for row in rows[Review]:
            text = _("version %(number)d") % {"number": row.plan.number}
            if row.next_review_on and with_health:
                text = _("%(version)s, next on %(day)s") % {
                    "version": text,
                    "day": date_de(row.next_review_on),
                }
            yield TimelineEntry(
                at=row.at,
                key=f"review-{row.pk:09}",
                kind="plan",
                icon="plan",
                title=_("Review of the plan"),
                text=text,
                detail=(row.note,) if row.note else (),
                by=str(row.by),
                url=_plan_url(client),
                url_label=_("Look at plan"),
            )

    def _steps(self, client: Client, plan: PlanRows, with_health: bool) -> Iterable[TimelineEntry]:
        hidden = frozenset() if with_health else plan.once_about_health()
        contents = sorted(plan.rows[GoalContent], key=lambda content: content.plan.number)
        titles = {content.goal_id: content.title for content in contents}
        for step in plan.rows[GoalProgress]:
            if step.goal_id in hidden:
                continue
            yield TimelineEntry(
                at=step.at,
                key=f"step-{step.pk:09}",
                kind="plan",
                icon="target",
                title=_("Goal %(state)s") % {"state": GoalState(step.state).label},
                text=titles.get(step.goal_id, ""),
                detail=(step.remark,) if step.remark else (),
                by=str(step.by),
                url=_plan_url(client),
                url_label=_("Look at plan"),
            )


def _plan_url(client: Client) -> str:
    return reverse("file_plans:plan", args=[client.uuid])
