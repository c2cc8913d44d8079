"""What waits in a file by its outreach: the present step, and the question left after a talk."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounts.file_loader import Table
from accounts.rules.calendar import add_days, local_date, start_of_day
from appointments.models import Appointment, AppointmentOutcome
from appointments.rules.contact import reached_relative
from clients.models import Client, DueItem, PhaseChange, ReachPeriod, Responsibility
from clients.stored_facts import Columns, StoredFacts
from outreach.models import Ladder, LadderAct, OutreachPolicy
from outreach.rules import Action, LadderPolicy, LadderView, current, evaluate
from outreach.rules.facts import LadderFacts
from outreach.services.ladders import DerivedLadders, derived_ladders

AHEAD = datetime.timedelta(days=7)
TABLES: Mapping[Table, Columns] = {
    Appointment: (),
    AppointmentOutcome: (),
    Ladder: (),
    LadderAct: ("id", "ladder", "kind", "at", "day", "outcome", "reason"),
    OutreachPolicy: (),
    PhaseChange: (),
    ReachPeriod: (),
    Responsibility: (),
}
ANNOUNCE, RELATIVE, IN_PAIRS = "announce", "relative", "in_pairs"
"""Marks among the words of a step."""
ON = "on:"
"""Begins the mark that names the day a visit was announced for."""


class OutreachDue(StrEnum):
    """The kinds of this app."""

    STEP = "step"
    QUESTION = "question"


def due_items(facts: StoredFacts) -> Iterator[DueItem]:
    """What waits in the attended files."""
    ladders = facts.once(derived_ladders)
    for file in facts.attended:
        yield from _steps(file, ladders.views[file.pk], ladders, facts.now)
        yield from _questions(file, ladders.views[file.pk], ladders)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days on which a ladder stands as it does by time alone."""

    since: datetime.date
    until: datetime.date | None
    view: LadderView | None


def _steps(
    file: Client, views: Sequence[LadderView], ladders: DerivedLadders, now: datetime.datetime
) -> Iterator[DueItem]:
    """Due within a week and allowed already; a visit may be announced before it may be made."""
    if current(views) is None:
        return
    known, policies = ladders.facts[file.pk], ladders.policies_of(file.pk)
    for stretch in _stretches(current(views), known, policies, now):
        view = stretch.view
        if view is None or view.act_on is None or view.action in (None, Action.WAIT):
            continue
        first = [stretch.since, view.act_on - AHEAD]
        if view.not_before is not None and not view.must_announce:
            first.append(view.not_before)
        if stretch.until is None or max(first) <= stretch.until:
            yield _step(file, view, max(first), stretch.until)


def _stretches(
    view: LadderView | None, facts: LadderFacts, policies: Sequence[LadderPolicy], now: datetime.datetime
) -> Iterator[_Stretch]:
    """From today on; the rule is asked again for each day on which time alone may change its answer."""
    since = local_date(now)
    while True:
        following = min((day for day in _turns(view, facts) if day > since), default=None)
        yield _Stretch(since, None if following is None else add_days(following, -1), view)
        if following is None:
            return
        since = following
        view = current(evaluate(facts, policies, max(now, start_of_day(since))))


def _turns(view: LadderView | None, facts: LadderFacts) -> Iterable[datetime.date]:
    """Days from which the rule may answer otherwise although nothing is recorded."""
    if view is not None:
        if view.action == Action.WAIT and view.not_before is not None:
            yield view.not_before
        if view.recheck_on is not None:
            yield view.recheck_on
    for period in facts.periods:
        yield local_date(period.since)
        if period.until is not None:
            yield local_date(period.until)


def _step(file: Client, view: LadderView, since: datetime.date, until: datetime.date | None) -> DueItem:
    contacts = [step.contact for step in view.steps if step.contact is not None]
    marks = {
        ANNOUNCE: view.must_announce,
        RELATIVE: any(reached_relative(contact) for contact in contacts),
        IN_PAIRS: view.only_in_pairs and view.action in {Action.VISIT, Action.SECOND_VISIT},
    }
    channels = [contact.channel for contact in contacts[:2]]
    is_announced = view.action == Action.VISIT and view.visit_on is not None
    day = [f"{ON}{view.visit_on}"] if is_announced else []
    return DueItem(
        client=file,
        kind=OutreachDue.STEP,
        object=file.uuid,
        shows_on=since,
        shows_until=until,
        due_on=view.act_on,
        step=view.action or "",
        words=" ".join([view.trigger, *channels, *(mark for mark, holds in marks.items() if holds), *day]),
        count=len(contacts),
        on=local_date(contacts[0].happened_at) if len(contacts) == 1 else view.t0_day,
    )


def _questions(file: Client, views: Iterable[LadderView], ladders: DerivedLadders) -> Iterator[DueItem]:
    for view in views:
        if view.question is not None:
            yield DueItem(
                client=file,
                kind=OutreachDue.QUESTION,
                object=ladders.rows[file.pk, view.key].uuid,
                shows_on=view.question.due_on,
                due_on=view.question.due_on,
            )
