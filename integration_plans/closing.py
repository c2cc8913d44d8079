"""What of the plan is looked at before a file closes: where the goals stand, and the need at the end."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clients.file_context import FileContext
from clients.worklist import Group
from integration_plans.choices import GoalState
from integration_plans.overview import overview_of
from ui.dates import date_de
from ui.due import DueLine

OPEN = frozenset({GoalState.OPEN, GoalState.IN_PROGRESS})


def open_goals(file: FileContext, back: str) -> list[DueLine]:
    """Goals of the version in force without a result."""
    plan = overview_of(file.client, file.user, file.now, file.today)
    return [
        _line(
            file,
            kind="goal",
            title=line.content.title,
            text=str(line.state.label),
            icon="flag",
            label=_("Note result"),
            url=reverse("file_plans:goal_progress", args=[file.client.uuid, line.content.goal.uuid]),
            back=back,
        )
        for line in plan.goals
        if line.state in OPEN
    ]


def last_assessment(file: FileContext, back: str) -> list[DueLine]:
    """How things stand at the end is asked once more: without it no effect can be told."""
    plan = overview_of(file.client, file.user, file.now, file.today)
    if plan.latest is not None and plan.latest.assessed_on == file.today:
        return []
    text = (
        _("assessed last on %(date)s") % {"date": date_de(plan.latest.assessed_on)}
        if plan.latest is not None
        else _("The need was never assessed.")
    )
    return [
        _line(
            file,
            kind="assessment",
            title=_("How do things stand at the end?"),
            text=text,
            icon="plan",
            label=_("Assess now"),
            url=reverse("file_plans:assess", args=[file.client.uuid]),
            back=back,
        )
    ]


def _line(
    file: FileContext, *, kind: str, title: str, text: str, icon: str, label: str, url: str, back: str
) -> DueLine:
    return DueLine(
        group=Group.PLANS,
        kind=kind,
        today=file.today,
        title=title,
        text=text,
        icon=icon,
        action_label=label,
        action_url=f"{url}?{urlencode({'next': back})}",
    )
