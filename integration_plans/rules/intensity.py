"""Counselling intensity: what is proposed and why, and what follows from a level.

Source of every rule in this module: rules.md §5 and §10 "Intensity, plan, clock".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.rules.calendar import add_months, next_working_day
from clients.choices import Intensity
from integration_plans.choices import Need

UNASSESSED = ""
"""Value of `Client.intensity` as long as no level was confirmed ("noch nicht ermittelt")."""


@dataclass(frozen=True, slots=True)
class IntensityRule:
    """One version of the thresholds; a policy row turns into it.

    Counts are numbers of modules, intervals and `unassessed_days` days, reviews weeks or months,
    weights multiples of one file in a manager's workload. An interval of None means none is required.
    """

    version: int = 1
    intensive_from_high: int = 2
    regular_from_high: int = 1
    regular_from_medium: int = 2
    crisis_interval_days: int | None = 7
    intensive_interval_days: int | None = 30
    regular_interval_days: int | None = 90
    punctual_interval_days: int | None = None
    unassessed_days: int = 90
    crisis_review_weeks: int = 4
    intensive_review_months: int = 3
    regular_review_months: int = 6
    punctual_review_months: int = 12
    crisis_weight: Decimal = Decimal(4)
    intensive_weight: Decimal = Decimal(3)
    regular_weight: Decimal = Decimal("1.5")
    punctual_weight: Decimal = Decimal("0.5")
    unassessed_weight: Decimal = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class ModuleNeed:
    """What was found in one module active on the day of the assessment.

    `level` is 0–4; None means not discussed or no wish to say, never a 0.
    """

    code: str
    label: str
    level: int | None
    acute_means_crisis: bool = False


class Ground(Enum):
    """Which line of the rule decided."""

    NOTHING_ASSESSED = "nothing_assessed"
    ACUTE_IN_CRISIS_MODULE = "acute_in_crisis_module"
    ACUTE = "acute"
    HIGH_FOR_INTENSIVE = "high_for_intensive"
    HIGH_FOR_REGULAR = "high_for_regular"
    MEDIUM_FOR_REGULAR = "medium_for_regular"
    LITTLE = "little"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed level with everything its explanation needs.

    `level` is an `Intensity` value or `UNASSESSED`; `deciding` are the modules the decision rests on.
    """

    level: str
    ground: Ground
    deciding: tuple[ModuleNeed, ...]
    assessed: int
    active: int
    rule_version: int

    @property
    def missing(self) -> int:
        """Number of active modules that were not discussed."""
        return self.active - self.assessed


def propose(needs: Sequence[ModuleNeed], rule: IntensityRule) -> Proposal:
    """Propose an intensity by counting modules, never summing levels.

    Args:
        needs: one entry per module active on the day of the assessment.
        rule: the policy version valid on that day.
    """
    assessed = [need for need in needs if need.level is not None]
    acute = _at_least(assessed, Need.ACUTE)
    crisis = tuple(need for need in acute if need.acute_means_crisis)
    high = _at_least(assessed, Need.HIGH)
    medium = _at_least(assessed, Need.MEDIUM)

    deciding: tuple[ModuleNeed, ...]
    if not assessed:
        level, ground, deciding = UNASSESSED, Ground.NOTHING_ASSESSED, ()
    elif crisis:
        level, ground, deciding = Intensity.CRISIS.value, Ground.ACUTE_IN_CRISIS_MODULE, crisis
    elif acute:
        level, ground, deciding = Intensity.INTENSIVE.value, Ground.ACUTE, acute
    elif len(high) >= rule.intensive_from_high:
        level, ground, deciding = Intensity.INTENSIVE.value, Ground.HIGH_FOR_INTENSIVE, high
    elif len(high) >= rule.regular_from_high:
        level, ground, deciding = Intensity.REGULAR.value, Ground.HIGH_FOR_REGULAR, high
    elif len(medium) >= rule.regular_from_medium:
        level, ground, deciding = Intensity.REGULAR.value, Ground.MEDIUM_FOR_REGULAR, medium
    else:
        level, ground, deciding = Intensity.PUNCTUAL.value, Ground.LITTLE, medium
    return Proposal(
        level=level,
        ground=ground,
        deciding=deciding,
        assessed=len(assessed),
        active=len(needs),
        rule_version=rule.version,
    )


def explain(proposal: Proposal) -> str:
    """The arithmetic in words, in the active language; it names the modules that decide."""
    if proposal.ground is Ground.NOTHING_ASSESSED:
        return _("No module has been assessed yet, so the intensity remains “not yet assessed”.")
    sentence = _("Proposal “%(level)s”, because %(reason)s.") % {
        "level": Intensity(proposal.level).label,
        "reason": _reason(proposal),
    }
    return f"{sentence} {_coverage(proposal)}"


def _reason(proposal: Proposal) -> str:
    count = len(proposal.deciding)
    if not count:
        return _("no module is above low")
    values = {
        "number": _number_word(count),
        "level": _lowest_level(proposal.deciding),
        "modules": ", ".join(need.label for need in proposal.deciding),
    }
    if proposal.ground is Ground.LITTLE:
        text = ngettext(
            "only one module is at %(level)s (%(modules)s)",
            "only %(number)s modules are at %(level)s (%(modules)s)",
            count,
        )
    elif proposal.ground is Ground.ACUTE_IN_CRISIS_MODULE:
        text = ngettext(
            "one module is at %(level)s in which acute means crisis (%(modules)s)",
            "%(number)s modules are at %(level)s in which acute means crisis (%(modules)s)",
            count,
        )
    else:
        text = ngettext(
            "one module is at %(level)s (%(modules)s)",
            "%(number)s modules are at %(level)s (%(modules)s)",
            count,
        )
    return text % values


def _coverage(proposal: Proposal) -> str:
    values = {"assessed": proposal.assessed, "active": proposal.active}
    if not proposal.missing:
        return _("%(assessed)d of %(active)d modules assessed.") % values
    if proposal.level == Intensity.CRISIS:
        return _("%(assessed)d of %(active)d modules assessed; a higher level does not exist.") % values
    return (
        ngettext(
            "%(assessed)d of %(active)d modules assessed; the missing one could only raise the level.",
            "%(assessed)d of %(active)d modules assessed; the missing ones could only raise the level.",
            proposal.missing,
        )
        % values
    )


def _at_least(needs: Sequence[ModuleNeed], level: Need) -> tuple[ModuleNeed, ...]:
    return tuple(need for need in needs if need.level is not None and need.level >= level)


def _lowest_level(needs: Sequence[ModuleNeed]) -> str:
    levels = {need.level for need in needs if need.level is not None}
    label = str(Need(min(levels)).label)
    # Only with changed thresholds can a count of "at least medium" hold different levels.
    return label if len(levels) == 1 else _("%(level)s or above") % {"level": label}


def _number_word(count: int) -> str:
    words = {
        2: pgettext("number", "two"),
        3: pgettext("number", "three"),
        4: pgettext("number", "four"),
        5: pgettext("number", "five"),
        6: pgettext("number", "six"),
        7: pgettext("number", "seven"),
        8: pgettext("number", "eight"),
        9: pgettext("number", "nine"),
        10: pgettext("number", "ten"),
    }
    return words.get(count, str(count))


def interval_days(level: str, rule: IntensityRule) -> int | None:
    """Longest time between two held talks in days; None when the level requires none."""
    return {
        UNASSESSED: rule.unassessed_days,
        Intensity.CRISIS.value: rule.crisis_interval_days,
        Intensity.INTENSIVE.value: rule.intensive_interval_days,
        Intensity.REGULAR.value: rule.regular_interval_days,
        Intensity.PUNCTUAL.value: rule.punctual_interval_days,
    }[level]


def interval_broken_from(
    level: str, *, last_talk_on: date | None, resumed_on: date | None, rule: IntensityRule
) -> date | None:
    """First day on which the contact interval is broken; None when it cannot be.

    Before the first held talk nothing is broken, and a paused file is not asked about. A level raised since
    the talk changes the number of days, not the day they are counted from; after a pause they count from
    the resume. The day is not moved to a working day.

    Args:
        level: confirmed `Intensity` value or `UNASSESSED`.
        last_talk_on: day of the last held talk with the client.
        resumed_on: day the last pause ended, if there was one.
        rule: policy version valid today.
    """
    days = interval_days(level, rule)
    if days is None or last_talk_on is None:
        return None
    start = max(last_talk_on, resumed_on) if resumed_on else last_talk_on
    return start + timedelta(days=days + 1)


def assessment_due_on(
    first_talk_on: date | None, rule: IntensityRule, taken_over_on: date | None = None
) -> date | None:
    """The day the first assessment is due: 90 days after the first talk, moved to a working day (rules.md §10).

    In a running case that was taken over the days count from the taking over.
    """
    if first_talk_on is None:
        return None
    begun = max(first_talk_on, taken_over_on) if taken_over_on else first_talk_on
    return next_working_day(begun + timedelta(days=rule.unassessed_days))


def next_review_on(level: str, confirmed_on: date, rule: IntensityRule) -> date:
    """Date of the next review, counted from the confirmation of the level.

    Months are calendar months and clamp to the month's last day. The date is not moved: it is due on the next working
    day, but the days a plan stays valid count from the date itself.

    Raises:
        KeyError: for `UNASSESSED`, which has no review.
    """
    if level == Intensity.CRISIS:
        return confirmed_on + timedelta(weeks=rule.crisis_review_weeks)
    months = {
        Intensity.INTENSIVE.value: rule.intensive_review_months,
        Intensity.REGULAR.value: rule.regular_review_months,
        Intensity.PUNCTUAL.value: rule.punctual_review_months,
    }[level]
    return add_months(confirmed_on, months)


def weight(level: str, *, paused: bool, rule: IntensityRule) -> Decimal:
    """Share of one file in its manager's workload; a paused file weighs nothing."""
    if paused:
        return Decimal(0)
    return {
        UNASSESSED: rule.unassessed_weight,
        Intensity.CRISIS.value: rule.crisis_weight,
        Intensity.INTENSIVE.value: rule.intensive_weight,
        Intensity.REGULAR.value: rule.regular_weight,
        Intensity.PUNCTUAL.value: rule.punctual_weight,
    }[level]
