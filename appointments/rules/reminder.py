"""The wording of a reminder: which text fits an appointment, and how its gaps are filled."""

from __future__ import annotations

import re

from appointments.choices import Channel, ReminderKind

GAPS = ("date", "time", "place")
NEEDED = ("date", "time")
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
# First strong isolate and its end: what is written from left to right keeps its order inside Arabic letters.
_ISOLATED = "\u2068{}\u2069"
_BY_VOICE = frozenset({Channel.PHONE, Channel.VIDEO})


def kind_of(channel: str) -> ReminderKind:
    """Which text fits an appointment of this channel."""
    if channel == Channel.HOME_VISIT:
        return ReminderKind.VISIT
    return ReminderKind.CALL if channel in _BY_VOICE else ReminderKind.MEETING


def unknown_gaps(text: str) -> list[str]:
    """What stands in braces and is no gap of ours, as it is written; also a brace alone."""
    return [found.group() for found in _BRACES.finditer(text) if found.group(1) not in GAPS]


def missing_gaps(text: str) -> list[str]:
    """Gaps every reminder needs and this text has not."""
    return [f"{{{name}}}" for name in NEEDED if f"{{{name}}}" not in text]


def fill(text: str, *, date: str, time: str, place: str, right_to_left: bool) -> str:
    """The text with its gaps filled; a line that names the place is left out where there is none.

    Args:
        text: with {date}, {time} and perhaps {place}.
        date: as it is written in Germany.
        time: likewise.
        place: may be empty.
        right_to_left: the direction of the language.
    """
    lines = [line for line in text.splitlines() if place or "{place}" not in line]
    filled = "\n".join(lines)
    for name, value in zip(GAPS, (date, time, place), strict=True):
        filled = filled.replace(f"{{{name}}}", _ISOLATED.format(value) if right_to_left else value)
    return filled
