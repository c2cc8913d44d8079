"""Figures: what may be said and what may be drawn."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from django.utils.formats import number_format

Number = int | float | Decimal
Value = Number | None


class Explained(Protocol):
    """What a figure means: its name, how it comes about, what counts, and where that is written."""

    @property
    def name(self) -> object: ...
    @property
    def formula(self) -> object: ...
    @property
    def counts(self) -> object: ...
    @property
    def source(self) -> str: ...


def percent(value: float) -> str:
    """A position for SVG: at most two decimals, a point in every language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def say(value: Value) -> str:
    """A figure as the reader's language writes it; nothing for no value."""
    if value is None:
        return ""
    places = None if isinstance(value, int) else 1
    return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


def known(values: Sequence[Value]) -> list[float]:
    """The figures that may be drawn."""
    return [float(value) for value in values if value is not None]


def total_of(values: Sequence[Value]) -> Value:
    """The sum, or None of no values."""
    numbers = [value for value in values if value is not None]
    return sum(numbers) if numbers else None
