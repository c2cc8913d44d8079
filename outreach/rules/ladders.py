"""Every ladder a client ever had, derived from the recorded facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from accounts.rules.calendar import local_date, start_of_day
from outreach.choices import EndReason, Stage
from outreach.rules.ends import end_of, with_question
from outreach.rules.facts import FactsAsOf, LadderFacts, facts_as_of, retroactive_points
from outreach.rules.fast_lane import Pair
from outreach.rules.openings import Ladder, may_open, openings_of, two_ways_of
from outreach.rules.policy import LadderPolicy, policy_for
from outreach.rules.present import view_of
from outreach.rules.replay import Restart, replay
from outreach.rules.view import End, LadderView

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
    standing: set[Pair] = set()
    fast: dict[tuple[str, datetime], str] = {}
    for point in retroactive_points(facts, min(firsts), now) if firsts else ():
        before = _derive(facts_as_of(facts, point, inclusive=False), policies, point, restarts, standing)
        standing = _bases(before)
        after = _derive(facts_as_of(facts, point), policies, point, restarts, standing)
        standing = _bases(after)
        earlier = [*before, *vanished.values()]
        restarts += [restart for view in after if (restart := _restart_of(view, earlier, point)) is not None]
        fast |= {
            (view.key, view.end.at if view.end else point): view.reached
            for view in before
            if view.fast_lane_basis is not None
        }
        vanished = {
            view.key: _corrected(view, point) if view.is_open else view for view in _gone(earlier, after)
        }
    facts_now = facts_as_of(facts, now)
    views = _derive(facts_now, policies, now, restarts, standing)
    # An excuse that ends a ladder, or comes after its end, takes the fast lane's basis; it stood there all the same.
    views = [
        replace(view, reached=fast.get((view.key, view.end.at), view.reached))
        if view.end is not None and view.fast_lane_basis is None
        else view
        for view in views
    ]
    lost = [replace(view, today=local_date(now)) for view in _gone(vanished.values(), views)]
    found = sorted([*views, *lost], key=lambda view: (view.is_open, view.t0, view.key))
    return tuple(with_question(found, facts_now))


def current(views: Sequence[LadderView]) -> LadderView | None:
    """The open ladder, if there is one."""
    return next((view for view in views if view.is_open), None)


def _gone(earlier: Iterable[LadderView], after: Sequence[LadderView]) -> list[LadderView]:
    """The ladders whose trigger belongs to none any more."""
    return [view for view in earlier if not any(view.key in other.keys for other in after)]


def _bases(views: Iterable[LadderView]) -> set[Pair]:
    """The pairs of no-shows on which a fast lane stands."""
    return {view.fast_lane_basis for view in views if view.fast_lane_basis is not None}


def _restart_of(view: LadderView, before: Sequence[LadderView], point: datetime) -> Restart | None:
    if not view.is_open:
        return None
    matches = [other for other in before if other.keys & view.keys]
    reopened = bool(matches) and (
        all(not other.is_open for other in matches)
        or any(other.key == view.key and not other.is_open for other in matches)
    )
    fell_back = any(other.is_open and _rank(other) > _rank(view) for other in matches)
    lost_basis = any(_lost_fast_lane(other, view) for other in matches)
    return Restart(view.key, view.stage, point) if reopened or fell_back or lost_basis else None


def _rank(view: LadderView) -> tuple[int, bool]:
    """How far a ladder has come; within RECHECK, whether its attempt was made."""
    return RANK[Stage(view.stage)], view.step(Stage.RECHECK) is not None


def _lost_fast_lane(before: LadderView, view: LadderView) -> bool:
    """Whether a visit due by the fast lane is due without it, or counts from an earlier no-show again."""
    if not before.is_open or before.fast_lane_misses is None or {before.stage, view.stage} != {Stage.VISIT}:
        return False
    return view.fast_lane_misses is None or view.fast_lane_misses[1] < before.fast_lane_misses[1]


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
    facts: FactsAsOf,
    policies: Sequence[LadderPolicy],
    now: datetime,
    restarts: Sequence[Restart],
    standing: Collection[Pair],
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
    return [view_of(replay(ladder, facts, two_ways, now, restarts, standing), now) for ladder in ladders]
