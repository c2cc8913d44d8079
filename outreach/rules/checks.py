"""Whether a step made today would count: is the address valid, is the language one the person reads (rules.md §4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from outreach.rules.view import Action


class Way(StrEnum):
    """How a step can be made."""

    LETTER = "letter"
    CALL = "call"
    VISIT = "visit"


class Flaw(StrEnum):
    """Why a step made this way today would not count, or what it needs; the first one is said."""

    NO_ADDRESS = "no_address"
    NO_LETTERS = "no_letters"
    MAIL_RETURNS = "mail_returns"
    NO_NUMBER = "no_number"
    NO_CALLS = "no_calls"
    NO_SCRIPT = "no_script"
    OTHER_SCRIPT = "other_script"
    NO_LANGUAGE = "no_language"


WAYS: dict[Action, tuple[Way, ...]] = {
    Action.LETTER_OR_CALL: (Way.LETTER, Way.CALL),
    Action.LETTER: (Way.LETTER,),
    Action.CALL: (Way.CALL,),
    Action.VISIT: (Way.VISIT,),
    Action.SECOND_VISIT: (Way.VISIT,),
    Action.CLARIFY: (Way.LETTER, Way.CALL, Way.VISIT),
    Action.TRY_AGAIN: (Way.LETTER, Way.CALL, Way.VISIT),
}
"""What the present step can be made by."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the client, with the script it is written in."""

    name: str
    script: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of reaching a person today.

    `letter`, `email` and `number` hold when they may be used. `scripts` are those the person reads, none recorded is
    None, and `reads_nothing` is recorded illiteracy.
    """

    address: bool = False
    letter: bool = False
    email: bool = False
    number: bool = False
    no_letters: bool = False
    mail_returns: bool = False
    no_calls: bool = False
    reads_nothing: bool = False
    languages: tuple[Language, ...] = ()
    scripts: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One way today: `flaw` is None when a step counts, `languages` are those it may be written in."""

    way: Way
    flaw: Flaw | None = None
    languages: tuple[str, ...] = ()


def checks_of(action: Action | None, known: Known) -> list[Check]:
    """The ways of the present step, each with what stands against it.

    Args:
        action: what is to be done; nothing to check for a decision or while waiting.
        known: what is known today.
    """
    return [_check(way, known) for way in WAYS.get(action, ())] if action is not None else []


def _check(way: Way, known: Known) -> Check:
    if way == Way.VISIT:
        return Check(way, None if known.address else Flaw.NO_ADDRESS)
    if way == Way.CALL:
        if known.number:
            return Check(way)
        return Check(way, Flaw.NO_CALLS if known.no_calls else Flaw.NO_NUMBER)
    if not known.letter and not known.email:
        if known.mail_returns:
            return Check(way, Flaw.MAIL_RETURNS)
        return Check(way, Flaw.NO_LETTERS if known.no_letters else Flaw.NO_ADDRESS)
    if known.reads_nothing:
        return Check(way, Flaw.NO_SCRIPT)
    if not known.languages:
        return Check(way, Flaw.NO_LANGUAGE)
    readable = tuple(language.name for language in _readable(known))
    return Check(way, None if readable else Flaw.OTHER_SCRIPT, readable)


def _readable(known: Known) -> Iterable[Language]:
    return (
        language for language in known.languages if known.scripts is None or language.script in known.scripts
    )
