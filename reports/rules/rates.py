"""Rates of steering figures; a rate over nothing is no number (rules.md §10: "denominator 0 shows –")."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def percent(part: int, base: int) -> Decimal | None:
    """`part` of `base` in per cent with one decimal, half up; None when the base is 0.

    Raises:
        ValueError: a negative number, or a part larger than its base.
    """
    if part < 0 or base < 0 or part > base:
        raise ValueError(f"{part} of {base} is no share.")
    if base == 0:
        return None
    return (Decimal(part) * 100 / Decimal(base)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def no_show_rate(*, held: int, unexcused: int) -> Decimal | None:
    """No-show rate = unexcused / (held + unexcused) of agreed appointments, in per cent (rules.md §3).

    Undecided, excused, cancelled, moved and not-met appointments are in neither number.
    """
    return percent(unexcused, held + unexcused)


def plan_coverage(*, with_valid_plan: int, active_files: int) -> Decimal | None:
    """Plan coverage = active files with a valid plan / active files, in per cent (rules.md §6)."""
    return percent(with_valid_plan, active_files)


def load_per_position(weighted: Decimal, fte_share: Decimal) -> Decimal | None:
    """Weighted caseload of a full position: the weighted files divided by the share of a position.

    Args:
        weighted: sum of the workload weights of the intensity levels (rules.md §5).
        fte_share: share of a full position, 1 for full time; None is returned for 0.
    """
    if fte_share <= 0:
        return None
    return (weighted / fte_share).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def mean(total: int, number: int) -> Decimal | None:
    """How many each time, to one place; None for no times."""
    return (Decimal(total) / number).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if number else None
