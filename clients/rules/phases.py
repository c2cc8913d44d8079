"""Which phase of a file may follow which.

access → contacting → intake → active ⇄ paused → closed (with a reason) → re-opened as a new counselling
period. Taking a file sets *contacting*; later phases are proposed and the manager sets them.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from clients.choices import Intensity, Phase
from ui.dates import date_de

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


@dataclass(frozen=True, slots=True)
class PhaseFacts:
    """What the next phase of a file is proposed from.

    Attributes:
        phase: the present phase.
        since: the day it began.
        reopened_on: the day the present counselling period began when there was an earlier one, else None;
            what happened before that day proposes nothing.
        last_talk_on: day of the last held talk.
        intensity: the intensity confirmed last, "" while none is.
        intensity_since: the day of that confirmation.
    """

    phase: str
    since: datetime.date
    reopened_on: datetime.date | None = None
    last_talk_on: datetime.date | None = None
    intensity: str = ""
    intensity_since: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class PhaseProposal:
    """The phase a manager may want to set, and one sentence why.

    Attributes:
        phase: the proposed phase; it may follow the present one.
        on: the day of the fact that speaks for it.
        begins_on: the day the phase would begin, never before the present one did.
        reason: why, in one sentence.
    """

    phase: Phase
    on: datetime.date
    begins_on: datetime.date
    reason: str


def propose_phase(facts: PhaseFacts) -> PhaseProposal | None:
    """The next phase the facts of a file speak for (decision 0017: proposed, the manager sets it).

    A talk ends making contact, a confirmed intensity ends the intake,
    and a talk after the day a pause began speaks for its end. No fact proposes a pause or the closing.
    """
    talk = _within(facts.last_talk_on, facts.reopened_on)
    confirmed = _within(facts.intensity_since, facts.reopened_on) if facts.intensity else None
    match facts.phase:
        case Phase.CONTACTING if talk is not None:
            return _proposal(facts, Phase.INTAKE, talk)
        case Phase.INTAKE if confirmed is not None:
            return _proposal(facts, Phase.ACTIVE, confirmed)
        case Phase.PAUSED if talk is not None and talk > facts.since:
            return _proposal(facts, Phase.ACTIVE, talk)
        case _:
            return None


def reason_for(phase: str, intensity: str, on: datetime.date) -> str:
    """What speaks for the phase after this one, in one sentence.

    Args:
        phase: the present phase, one in which something is proposed.
        intensity: the intensity confirmed last.
        on: the day of the fact that speaks for it.
    """
    day = date_de(on)
    match phase:
        case Phase.CONTACTING:
            return _("A talk was held on %(day)s: the person has been reached.") % {"day": day}
        case Phase.INTAKE:
            reason = _("The intensity “%(level)s” was confirmed on %(day)s: the need is known.")
            return reason % {"level": Intensity(intensity).label, "day": day}
        case _:
            return _("A talk was held on %(day)s, after the pause had begun.") % {"day": day}


def _within(day: datetime.date | None, begun_on: datetime.date | None) -> datetime.date | None:
    return day if day is not None and (begun_on is None or day >= begun_on) else None


def _proposal(facts: PhaseFacts, phase: Phase, on: datetime.date) -> PhaseProposal:
    return PhaseProposal(phase, on, max(on, facts.since), reason_for(facts.phase, facts.intensity, on))
