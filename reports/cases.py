"""The officer's list of cases: steering attributes by case number, never a person (rules.md §8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from clients import figures as client_figures
from clients.choices import Intensity, Phase
from clients.figures import SteeringFacts
from clients.querysets import ClientQuerySet
from clients.rules.phases import WORKING_PHASES
from integration_plans import figures as plan_figures
from integration_plans.rules.intensity import UNASSESSED
from integration_plans.rules.plan import review_due_on
from outreach import figures as ladder_figures
from outreach.choices import Stage
from reports.charts import UNASSESSED_CODE, level_label

PAGE = 50
COUNTED_UP_TO = 1000
"""Counting stops here; a longer list says "more than 1,000" (architecture.md "Lists and long work")."""

WORKING = "working"
"""Filter for the three phases that count as active clients."""

SHOWS_LEVEL = frozenset({Phase.ACTIVE, Phase.PAUSED})
"""Phases in which the confirmed intensity says something."""


class Concern(StrEnum):
    """What a case needs attention for."""

    REVIEW = "review"
    NO_ASSESSMENT = "assessment"
    PAST_LIMIT = "limit"
    OUTREACH = "outreach"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the reader asked for; empty means all."""

    phase: str = ""
    level: str = ""
    manager: str = ""
    state: str = ""
    stage: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], *, by_manager: bool) -> CaseFilter:
        """From an address; a value that is none of the list's is left out.

        Args:
            query: what stands in the address.
            by_manager: the reader may ask for the cases of one manager. A town's officer may not: each row says
                what is overdue in it, and that per manager is for herself and the coordinator (rules.md §8).
        """
        allowed: dict[str, set[str]] = {
            "phase": {WORKING, *Phase.values},
            "level": {UNASSESSED_CODE, *Intensity.values},
            "state": {concern.value for concern in Concern},
            "stage": {stage.value for stage in Stage if stage != Stage.ENDED},
        }
        chosen = {name: query.get(name, "") for name in allowed}
        chosen = {name: value if value in allowed[name] else "" for name, value in chosen.items()}
        return cls(**chosen, manager=query.get("manager", "") if by_manager else "")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list."""

    facts: SteeringFacts
    level: str
    stage: Stage | None
    has_plan: bool
    review_on: dt.date | None
    review_overdue: bool
    days_since_contact: int | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the list; `after` is the key of its last row when there are more."""

    rows: Sequence[CaseRow]
    after: str
    count: int
    more_than_counted: bool


def filtered(files: ClientQuerySet, chosen: CaseFilter, today: dt.date, now: dt.datetime) -> ClientQuerySet:
    """The files a filter leaves; closed ones only when asked for."""
    if chosen.phase == WORKING:
        files = files.filter(phase__in=WORKING_PHASES)
    elif chosen.phase:
        files = files.filter(phase=chosen.phase)
    else:
        files = files.open()
    if chosen.level:
        # As in the figures: what nobody has taken yet has no level, and a paused file only if that is asked for.
        # What lost its manager stays among the others: its absence would tell whose it was.
        files = files.filter(intensity=UNASSESSED if chosen.level == UNASSESSED_CODE else chosen.level)
        files = files.exclude(manager__isnull=True, phase=Phase.ACCESS)
        if not chosen.phase:
            files = files.exclude(phase=Phase.PAUSED)
    if chosen.manager:
        files = files.filter(manager__username=chosen.manager)
    match chosen.state:
        case Concern.REVIEW:
            files = files.filter(pk__in=_with_overdue_review(files, today))
        case Concern.NO_ASSESSMENT:
            files = plan_figures.without_assessment(files.filter(phase=Phase.ACTIVE), today)
        case Concern.PAST_LIMIT:
            files = files.filter(pk__in=client_figures.past_limit_without_justification(files, today))
        case Concern.OUTREACH:
            files = ladder_figures.in_outreach(files, now)
    if chosen.stage:
        files = ladder_figures.in_outreach(files, now, chosen.stage)
    return files


def _with_overdue_review(files: ClientQuerySet, today: dt.date) -> frozenset[int]:
    """Only files whose stored review date is past can be overdue; the rule decides among them."""
    return plan_figures.plans_on(files.filter(next_review_on__lt=today), today).overdue


def page_of(files: ClientQuerySet, after: str, today: dt.date, now: dt.datetime) -> CasePage:
    """Up to 50 cases by case number, those after the row with the key `after`.

    Args:
        files: the filtered files.
        after: the key of the last row seen; an unknown one starts at the beginning.
        today: the day ages and reviews are told for.
        now: the instant ladders are computed for.
    """
    ordered = files.order_by("case_no")
    rest = ordered
    last_seen = _case_no(files, after)
    if last_seen:
        rest = ordered.filter(case_no__gt=last_seen)
    keys = list(rest.values_list("pk", flat=True)[: PAGE + 1])
    shown = keys[:PAGE]
    facts = client_figures.steering_facts(ordered.filter(pk__in=shown), today)
    rows = _rows(files.filter(pk__in=shown), facts, today, now)
    counted = ordered.order_by()[: COUNTED_UP_TO + 1].count()
    return CasePage(
        rows=rows,
        after=str(facts[-1].uuid) if len(keys) > PAGE else "",
        count=min(counted, COUNTED_UP_TO),
        more_than_counted=counted > COUNTED_UP_TO,
    )


def _case_no(files: ClientQuerySet, key: str) -> str:
    """The case number behind a paging key, looked up among the reader's files only."""
    try:
        found = files.filter(uuid=UUID(key)).values_list("case_no", flat=True).first()
    except ValueError:
        return ""
    return found or ""


def _rows(
    files: ClientQuerySet, facts: Sequence[SteeringFacts], today: dt.date, now: dt.datetime
) -> list[CaseRow]:
    stages = ladder_figures.stages_on(files, now)
    plans = plan_figures.plans_on(files, today)
    rows = []
    for fact in facts:
        version = plans.versions.get(fact.key)
        last = fact.last_contact_on
        rows.append(
            CaseRow(
                facts=fact,
                level=level_label(fact.intensity) if fact.phase in SHOWS_LEVEL else "",
                stage=stages.get(fact.key),
                has_plan=version is not None,
                review_on=review_due_on(version.review_on) if version else None,
                review_overdue=fact.key in plans.overdue,
                days_since_contact=(today - last).days if last else None,
            )
        )
    return rows


def concern_label(concern: Concern) -> str:
    """A concern in words."""
    return {
        Concern.REVIEW: _("Review overdue"),
        Concern.NO_ASSESSMENT: _("No assessment"),
        Concern.PAST_LIMIT: _("Past the limit without justification"),
        Concern.OUTREACH: _("Outreach running"),
    }[concern]
