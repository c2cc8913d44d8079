"""The thresholds of the ladder as versioned data (rules.md §4, table)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LadderPolicy:
    """The thresholds of one policy version (rules.md §4, table). `_wd` working days, `_days` calendar days.

    `place` is the municipality it is for, None the whole district. The version valid on t0 stays with the ladder.
    """

    version: str = "default"
    valid_from: date = date.min
    place: int | None = None
    min_age: int = 16
    step1_due_wd: int = 2
    first_contact_due_wd: int = 10
    step2_after_letter_wd: int = 5
    step2_after_call_wd: int = 1
    step2_due_wd: int = 3
    invitation_hold_wd: int = 1
    visit_after_wd: int = 3
    visit_due_wd: int = 10
    visit_announced: bool = True
    visit_announced_wd: int = 2
    visit2_after_days: int = 3
    visit2_due_days: int = 14
    decide_after_days: int = 14
    recheck_after_days: int = 90
    recheck_due_wd: int = 10
    close_after_wd: int = 5
    fast_lane: bool = True
    fast_lane_months: int = 6
    question_after_days: int = 3


def policy_for(policies: Sequence[LadderPolicy], day: date, place: int | None = None) -> LadderPolicy:
    """The version valid on `day` for a municipality: its own if it has one by then, else the district's.

    Args:
        policies: the versions of the district and of its municipalities.
        day: t0; before the district's first version that one counts.
        place: the municipality the file belonged to then.
    """
    ordered = sorted(policies, key=lambda policy: policy.valid_from)
    own = [policy for policy in ordered if policy.place is not None and policy.place == place]
    district = [policy for policy in ordered if policy.place is None] or [LadderPolicy()]
    for versions in (own, district):
        valid = [policy for policy in versions if policy.valid_from <= day]
        if valid:
            return valid[-1]
    return district[0]
