"""Every ladder a client ever had, derived from the recorded facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from appointments.choices import EndReason, Stage
from appointments.rules.calendar import local_date, start_of_day
from appointments.rules.ladder.ends import end_of, question_of
from appointments.rules.ladder.facts import Known, LadderFacts, known, retroactive_points
from appointments.rules.ladder.openings import Ladder, may_open, openings_of, two_ways_of
from appointments.rules.ladder.policy import LadderPolicy, policy_for
from appointments.rules.ladder.present import view_of
from appointments.rules.ladder.replay import Restart, replay
from appointments.rules.ladder.view import End, LadderView

RANK = {stage: rank for rank, stage in enumerate(Stage)}


def evaluate(facts: LadderFacts, policies: Sequence[LadderPolicy], now: datetime) -> tuple[LadderView, ...]:
    """Every ladder of the client as known at `now`, in the order of t0; at most one is open and it comes last.

    Args:
        facts: the recorded facts, in any order, also later ones (they are ignored).
        policies: the versions of the district and its municipalities; the one valid on t0, where the file
            belonged then, applies.
        now: an aware instant.
    """
    firsts = [a.planned_start for a in facts.appointments] + [
        start_of_day(local_date(t.at)) for t in facts.takes
    ]
    restarts: list[Restart] = []
    vanished: dict[str, LadderView] = {}
    for point in retroactive_points(facts, min(firsts), now) if firsts else ():
        before = _derive(known(facts, point, inclusive=False), policies, point, restarts)
        after = _derive(known(facts, point), policies, point, restarts)
        earlier = [*before, *vanished.values()]
        restarts += [restart for view in after if (restart := _restart_of(view, earlier, point)) is not None]
        gone = [view for view in earlier if not any(view.keys & other.keys for other in after)]
        vanished = {view.key: _corrected(view, point) if view.is_open else view for view in gone}
    views = _derive(known(facts, now), policies, now, restarts)
    lost = [
        replace(view, today=local_date(now), question=None)
        for view in vanished.values()
        if not any(view.keys & other.keys for other in views)
    ]
    return tuple(sorted([*views, *lost], key=lambda view: (view.is_open, view.t0, view.key)))


def current(views: Sequence[LadderView]) -> LadderView | None:
    """The open ladder, if there is one."""
    return next((view for view in views if view.is_open), None)


def _restart_of(view: LadderView, before: Sequence[LadderView], point: datetime) -> Restart | None:
    if not view.is_open:
        return None
    matches = [other for other in before if other.keys & view.keys]
    reopened = bool(matches) and (
        all(not other.is_open for other in matches)
        or any(other.key == view.key and not other.is_open for other in matches)
    )
    fell_back = any(other.is_open and RANK[Stage(other.stage)] > RANK[Stage(view.stage)] for other in matches)
    return Restart(view.key, view.stage, point) if reopened or fell_back else None


def _corrected(view: LadderView, at: datetime) -> LadderView:
    return replace(
        view,
        stage=Stage.ENDED,
        end=End(EndReason.CORRECTED, at),
        suspended=False,
        clarify=False,
        action=None,
        not_before=None,
        due_on=None,
        postponed_to=None,
        postponed_on=None,
        announce_by=None,
        recheck_on=None,
        closing_proposed=False,
    )


def _derive(
    facts: Known, policies: Sequence[LadderPolicy], now: datetime, restarts: Sequence[Restart]
) -> list[LadderView]:
    """All ladders from one state of knowledge, without looking at how that knowledge came about."""
    two_ways = two_ways_of(facts, now)
    ladders: list[Ladder] = []
    for opening in openings_of(facts, now):
        last = ladders[-1] if ladders else None
        if last is not None and (last.end is None or last.end.at > opening.t0):
            if opening.miss is not None:
                last.misses.append(opening.miss)
                last.end = end_of(last, facts, two_ways, now)
            continue
        policy = policy_for(policies, local_date(opening.t0), facts.place_at(opening.opened_at))
        if may_open(opening, facts, two_ways, policy):
            ladder = Ladder(opening, policy, [opening.miss] if opening.miss is not None else [])
            ladder.end = end_of(ladder, facts, two_ways, now)
            ladders.append(ladder)
    views = [view_of(replay(ladder, facts, two_ways, now, restarts), now) for ladder in ladders]
    if views and (question := question_of(views[-1], facts)) is not None:
        views[-1] = replace(views[-1], question=question)
    return views
