"""The officer's list of cases: steering attributes in classes by list number, never a person (rules.md §8).

Exact days would tell who of the people an officer has met is which row. So the list says how long ago the last talk was
in four classes, the clock in half-years, outreach only from the visit on; and a new file joins with others only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from clients import figures as client_figures
from clients.choices import Intensity, Phase
from clients.figures import SteeringFacts
from clients.figures_clock import MONTHS_OF_A_HALF_YEAR, near_limit
from clients.querysets import ClientQuerySet
from clients.rules.list_numbers import format_list_number, parse_list_number
from clients.rules.phases import WORKING_PHASES
from clients.services.questions import AskedAbout, asked_about, files_asked_about
from integration_plans import figures as plan_figures
from integration_plans.plan_status import plan_statuses
from integration_plans.rules.intensity import UNASSESSED
from integration_plans.rules.plan import VersionFacts, is_review_overdue, overdue_before
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
    PAST_LIMIT = "limit"
    NEAR_LIMIT = "near_limit"
    NO_TALK = "no_talk"
    OUTREACH = "outreach"
    ASKED = "asked"


class Order(StrEnum):
    """How the list can stand; within a class always by list number, which tells nothing."""

    NUMBER = ""
    TALK = "talk"
    CLOCK = "clock"


class LastTalk(StrEnum):
    """How long ago the last held talk was; the longest first."""

    LONGER = "longer"
    UP_TO_180 = "180"
    UP_TO_90 = "90"
    UP_TO_30 = "30"
    NONE = "none"


NO_TALK_FOR = dt.timedelta(days=90)


class ReviewState(StrEnum):
    """Where the review of the plan stands."""

    NONE = "none"
    IN_ORDER = "in_order"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the reader asked for; empty means all."""

    phase: str = ""
    level: str = ""
    manager: str = ""
    state: str = ""
    stage: str = ""
    order: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], *, by_manager: bool) -> CaseFilter:
        """Read the filter from an address; values that are not in the list are ignored.

        Args:
            query: what stands in the address.
            by_manager: the reader may ask for the cases of one manager. A town's officer may not: each row says
                what is overdue in it, and that per manager is for herself and the coordinator (rules.md §8).
        """
        allowed: dict[str, set[str]] = {
            "phase": {WORKING, *Phase.values},
            "level": {UNASSESSED_CODE, *Intensity.values},
            "state": {concern.value for concern in Concern},
            "stage": {stage.value for stage in ladder_figures.FROM_VISIT},
            "order": {order.value for order in Order},
        }
        chosen = {name: query.get(name, "") for name in allowed}
        chosen = {name: value if value in allowed[name] else "" for name, value in chosen.items()}
        return cls(**chosen, manager=query.get("manager", "") if by_manager else "")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list; `half_years` are complete months of counselling ÷ 6, None before the first talk."""

    number: str
    municipality: str
    manager: str
    phase: Phase
    level: str
    stage: Stage | None
    review: ReviewState
    half_years: int | None
    last_talk: LastTalk
    asked: Sequence[AskedAbout] = ()

    @property
    def may_be_asked(self) -> bool:
        """Whoever has lost its manager, too: what is missing beside a number would tell whose it was."""
        return self.phase is not Phase.CLOSED

    @property
    def review_text(self) -> str:
        """The state of the review in words; an overdue one also has a sign."""
        return _("in order") if self.review is ReviewState.IN_ORDER else _("no plan")

    @property
    def is_overdue(self) -> bool:
        return self.review is ReviewState.OVERDUE

    @property
    def last_talk_text(self) -> str:
        """The class of the last talk in words."""
        return {
            LastTalk.NONE: _("none yet"),
            LastTalk.UP_TO_30: _("up to 30 days ago"),
            LastTalk.UP_TO_90: _("31 to 90 days ago"),
            LastTalk.UP_TO_180: _("91 to 180 days ago"),
            LastTalk.LONGER: _("more than 180 days ago"),
        }[self.last_talk]


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the list; `after` is the number of its last row when there are more."""

    rows: Sequence[CaseRow]
    after: str
    count: int
    more_than_counted: bool


def filtered(
    files: ClientQuerySet, chosen: CaseFilter, user: User, today: dt.date, now: dt.datetime
) -> ClientQuerySet:
    """The files of the list a filter leaves for a reader; closed ones only when asked for."""
    files = files.filter(list_number__isnull=False)
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
            files = files.filter(plan_figures.to_be_reviewed_before(overdue_before(today), today))
        case Concern.PAST_LIMIT:
            files = files.filter(pk__in=client_figures.past_limit_without_justification(files, today))
        case Concern.NEAR_LIMIT:
            files = files.filter(pk__in=near_limit(files, today))
        case Concern.NO_TALK:
            files = files.filter(Q(last_contact_on__isnull=True) | Q(last_contact_on__lt=today - NO_TALK_FOR))
        case Concern.ASKED:
            files = files.filter(pk__in=files_asked_about(user, now))
        case Concern.OUTREACH:
            files = ladder_figures.in_outreach(files, now, ladder_figures.FROM_VISIT)
    if chosen.stage:
        files = ladder_figures.in_outreach(files, now, [Stage(chosen.stage)])
    return files


def page_of(
    files: ClientQuerySet, after: str, order: str, user: User, today: dt.date, now: dt.datetime
) -> CasePage:
    """Up to 50 cases in an order, those after a given one.

    Args:
        files: the filtered files.
        after: the last number seen; anything that is none starts at the beginning.
        order: a value of `Order`.
        user: the reader; beside each number stands what she asked about it.
        today: the day clock and reviews are told for.
        now: the instant ladders are computed for.
    """
    keys = _keys_after(files, after, order, today)[: PAGE + 1]
    rows = rows_of(files, keys[:PAGE], user, today, now)
    counted = files.order_by()[: COUNTED_UP_TO + 1].count()
    return CasePage(
        rows=rows,
        after=rows[-1].number if len(keys) > PAGE else "",
        count=min(counted, COUNTED_UP_TO),
        more_than_counted=counted > COUNTED_UP_TO,
    )


def _keys_after(files: ClientQuerySet, after: str, order: str, today: dt.date) -> list[int]:
    """The keys of the files behind the last one seen; by number they come from the index, a page at a time."""
    last_seen = parse_list_number(after)
    if order == Order.NUMBER:
        rest = files if last_seen is None else files.filter(list_number__gt=last_seen)
        return list(rest.order_by("list_number").values_list("pk", flat=True)[: PAGE + 1])
    ranked = ranked_keys(files, order, today)
    numbers = [number for _rank, number, _key in ranked]
    begin = numbers.index(last_seen) + 1 if last_seen in numbers else 0
    return [key for _rank, _number, key in ranked[begin : begin + PAGE + 1]]


def ranked_keys(files: ClientQuerySet, order: str, today: dt.date) -> list[tuple[int, int, int]]:
    """All files as rank, list number and key, sorted; the rank is that of the class a row shows."""
    if order == Order.CLOCK:
        facts = client_figures.steering_facts(files.order_by(), today)
        return sorted((-(half_years(fact) or 0), fact.list_number, fact.key) for fact in facts)
    rows = files.order_by().values_list("pk", "list_number", "last_contact_on")
    rank = {talk: position for position, talk in enumerate(LastTalk)} if order == Order.TALK else {}
    return sorted((rank.get(last_talk(day, today), 0), number or 0, key) for key, number, day in rows)


def rows_of(
    files: ClientQuerySet, keys: Sequence[int], user: User, today: dt.date, now: dt.datetime
) -> list[CaseRow]:
    """The lines of some of the files, in this order; as many statements for one as for all."""
    shown = files.filter(pk__in=keys)
    facts = {fact.key: fact for fact in client_figures.steering_facts(shown.order_by(), today)}
    stages = ladder_figures.stages_on(shown, now)
    plans = plan_statuses(list(facts), today)
    asked = asked_about(user, list(facts), now)
    rows = []
    for fact in (facts[key] for key in keys if key in facts):
        stage = stages.get(fact.key)
        rows.append(
            CaseRow(
                number=format_list_number(fact.list_number),
                municipality=fact.municipality,
                manager=fact.manager,
                phase=fact.phase,
                level=level_label(fact.intensity) if fact.phase in SHOWS_LEVEL else "",
                stage=stage if stage in ladder_figures.FROM_VISIT else None,
                review=_review_of(plans[fact.key].current, today),
                half_years=half_years(fact),
                last_talk=last_talk(fact.last_contact_on, today),
                asked=asked.get(fact.key, ()),
            )
        )
    return rows


def half_years(fact: SteeringFacts) -> int | None:
    """Complete half-years of counselling, None before the first talk."""
    return fact.clock.complete // MONTHS_OF_A_HALF_YEAR if fact.clock.month else None


def _review_of(version: VersionFacts | None, today: dt.date) -> ReviewState:
    if version is None:
        return ReviewState.NONE
    return ReviewState.OVERDUE if is_review_overdue(version.review_on, today) else ReviewState.IN_ORDER


def last_talk(day: dt.date | None, today: dt.date) -> LastTalk:
    """The class of the day of the last held talk."""
    if day is None:
        return LastTalk.NONE
    days = (today - day).days
    if days <= 30:
        return LastTalk.UP_TO_30
    if days <= 90:
        return LastTalk.UP_TO_90
    return LastTalk.UP_TO_180 if days <= 180 else LastTalk.LONGER


def concern_label(concern: Concern) -> str:
    """A concern in words."""
    return {
        Concern.REVIEW: _("Review overdue"),
        Concern.PAST_LIMIT: _("Past the limit without justification"),
        Concern.NEAR_LIMIT: _("Limit near"),
        Concern.NO_TALK: _("No talk for more than 90 days"),
        Concern.OUTREACH: _("Outreach running"),
        Concern.ASKED: _("Asked by me"),
    }[concern]


def order_label(order: Order) -> str:
    """An order in words."""
    return {
        Order.NUMBER: _("by list number"),
        Order.TALK: _("longest without a talk first"),
        Order.CLOCK: _("longest in counselling first"),
    }[order]
