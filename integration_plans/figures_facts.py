"""Plans, goals and the stock of files as a report counts them (`clients.figures_facts`).

The definitions are those of `integration_plans.figures`.
"""

from __future__ import annotations

import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from clients.choices import Phase
from clients.figures import FilesOverTime
from clients.figures_facts import Facts, facts, left_out_on, named, standing
from integration_plans.choices import AgreementOutcome
from integration_plans.figures import LAPSED, OVERDUE, final_states, with_plans
from integration_plans.models import PlanPolicy, PlanVersion


def plan_facts(files: FilesOverTime, first: datetime.date, last: datetime.date) -> list[Facts]:
    """Versions of plans agreed or declined from `first` to `last`, and goals given a final state then.

    A version is new when the file had none agreed before, and an updated one otherwise.
    """
    versions = PlanVersion.objects.unscoped(reason="figures").closed()
    agreed_before = versions.agreed().filter(client=OuterRef("client"), number__lt=OuterRef("number"))
    kind = Case(
        When(outcome=AgreementOutcome.DECLINED, then=Value("plan:declined")),
        When(Exists(agreed_before), then=Value("plan:updated")),
        default=Value("plan:new"),
    )
    closed = files.placed(versions.filter(agreed_on__range=(first, last)), "agreed_on")
    return [
        facts("plan", closed, kind, file="client_id", done_by="closed_by_id"),
        facts(
            "goal",
            final_states(files, first, last),
            named("goal", "state"),
            file="goal__client_id",
            done_by="by_id",
            key="goal_id",
        ),
    ]


def stock_facts(files: FilesOverTime, day: datetime.date, policy: PlanPolicy) -> list[Facts]:
    """The files of a day by phase, those with a valid plan by phase, and open ones whose review is overdue.

    Args:
        files: the files asked for.
        day: the reference date.
        policy: the thresholds of that day.
    """
    stood = standing(with_plans(files, day, policy, only_reviews=True), files)
    stood = stood.exclude(pk__in=left_out_on(files, day))
    lapsed, overdue = (F("plan_then").bitand(flag) for flag in (LAPSED, OVERDUE))
    planned = stood.filter(plan_then__isnull=False)
    is_open = ~Q(phase_then=Phase.CLOSED)
    parts = (
        (named("phase", "phase_then"), stood),
        (named("valid", "phase_then"), planned.annotate(lapsed=lapsed).filter(lapsed=0)),
        (Value("overdue"), planned.annotate(late=overdue).filter(is_open, late__gt=0)),
    )
    return [facts("file", rows, label, file="pk", done_by="manager_then") for label, rows in parts]
