"""Which phase of a file may follow which.

access → contacting → intake → active ⇄ paused → closed (with a reason) → re-opened as a new counselling
period. Taking a file sets *contacting*; later phases are proposed and the manager sets them.
"""

from collections.abc import Mapping
from typing import Final

from clients.choices import Phase

# Steps a manager sets herself. Closing is no entry here: it needs a reason and ends the counselling period.
_FOLLOWERS: Final[Mapping[Phase, frozenset[Phase]]] = {
    Phase.ACCESS: frozenset({Phase.CONTACTING}),
    Phase.CONTACTING: frozenset({Phase.INTAKE}),
    Phase.INTAKE: frozenset({Phase.ACTIVE}),
    Phase.ACTIVE: frozenset({Phase.PAUSED}),
    Phase.PAUSED: frozenset({Phase.ACTIVE}),
    Phase.CLOSED: frozenset(),
}

# A re-opened file starts over with making contact, or with a talk when the person is already there.
REOPENED_PHASES: Final[tuple[Phase, ...]] = (Phase.CONTACTING, Phase.INTAKE, Phase.ACTIVE)

# Phases in which counselling goes on; a paused or closed file is left alone.
WORKING_PHASES: Final[tuple[Phase, ...]] = (Phase.CONTACTING, Phase.INTAKE, Phase.ACTIVE)


def next_phases(phase: str) -> tuple[Phase, ...]:
    """The phases a manager may set from here, in process order; closing and re-opening excluded."""
    return tuple(candidate for candidate in Phase if candidate in _FOLLOWERS[Phase(phase)])


def may_follow(before: str, after: str) -> bool:
    """Whether `after` may be set directly from `before`."""
    return Phase(after) in _FOLLOWERS[Phase(before)]


def may_close(phase: str) -> bool:
    """Every open file can be closed: people move away before the first talk, too."""
    return Phase(phase) is not Phase.CLOSED


def may_reopen(phase: str, to: str) -> bool:
    """Only a closed file is re-opened, into a phase in which counselling goes on."""
    return Phase(phase) is Phase.CLOSED and Phase(to) in REOPENED_PHASES
