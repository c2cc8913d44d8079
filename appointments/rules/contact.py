"""What a logged interaction is: two-way, held talk, attempt, consultation, case work (rules.md §1 and §10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.rules.calendar import BERLIN, local_date
from appointments.choices import Channel, Direction, Result, SpokenWith

LETTER = "letter"
PHONE = "phone"
VISIT = "visit"

#: Letter group: wait five working days. Phone group: wait one.
GROUPS: dict[str, str] = {
    Channel.LETTER: LETTER,
    Channel.NOTE: LETTER,
    Channel.EMAIL: LETTER,
    Channel.PHONE: PHONE,
    Channel.MESSAGE: PHONE,
    Channel.VIDEO: PHONE,
    Channel.HOME_VISIT: VISIT,
}
WRITING = frozenset({Channel.LETTER, Channel.NOTE, Channel.EMAIL, Channel.MESSAGE})
IN_PERSON = frozenset({Channel.OFFICE, Channel.OPEN_HOUR, Channel.HOME_VISIT, Channel.ACCOMPANIMENT})
CLIENT_SIDE = frozenset({SpokenWith.CLIENT, SpokenWith.LEGAL_REPRESENTATIVE})
ATTEMPT_WITH = CLIENT_SIDE | {SpokenWith.RELATIVE, SpokenWith.NOBODY}
INBOUND_MESSAGE = frozenset({Result.TALK, Result.ANSWERED, Result.RECEIVED, Result.SENT, Result.MESSAGE_LEFT})
NOON = 12
EVENING = 17


class NoStep(StrEnum):
    """Why an attempt was no step of the ladder; of several reasons the first one counts (rules.md §10 "Languages")."""

    PAUSED = "paused"
    RETURNED = "returned"
    ADDRESS = "address"
    SCRIPT = "script"
    LANGUAGE = "language"
    NOT_ITS_TURN = "not_its_turn"
    TOO_EARLY = "too_early"
    NOT_ANNOUNCED = "not_announced"
    NO_CARD = "no_card"
    SAME_PART_OF_DAY = "same_part_of_day"


@dataclass(frozen=True, slots=True)
class ContactFact:
    """One logged interaction with one client, as one version of the record.

    `happened_at` and `recorded_at` are aware instants. A contact without a time (`has_time` off) is placed at the
    end of its day by whoever builds the fact. `withdrawn_at` is when this version stopped being the record
    (corrected, or moved to another file). `address_valid`, `script_ok` and `language_ok` are the snapshots taken when
    it was logged; `returned_at` is when a letter was recorded as returned. `appointment` names the appointment whose
    outcome this contact is.
    """

    ref: str
    happened_at: datetime
    recorded_at: datetime
    channel: str
    direction: str = Direction.OUT
    spoken_with: str = SpokenWith.CLIENT
    result: str = Result.TALK
    address_valid: bool = True
    script_ok: bool = True
    language_ok: bool = True
    withdrawn_at: datetime | None = None
    returned_at: datetime | None = None
    appointment: str | None = None
    has_time: bool = True

    def has_come(self, at: datetime) -> bool:
        """Whether it counts at `at`: it happened; without a time, on its day as soon as it is recorded."""
        if self.happened_at <= at:
            return True
        today = local_date(self.happened_at) == local_date(at)
        return not self.has_time and today and self.recorded_at <= at

    @property
    def group(self) -> str | None:
        """The step group of the channel, or None for a channel that is no step of the ladder."""
        return GROUPS.get(self.channel)


def is_two_way(contact: ContactFact) -> bool:
    """Spoken with client or legal representative, and talked, answered in writing, or any message from them.

    A missed call is no message; group attendance and a talk with the interpreter alone are not two-way.
    """
    if contact.spoken_with not in CLIENT_SIDE or contact.channel == Channel.GROUP:
        return False
    if contact.direction == Direction.IN:
        return contact.result in INBOUND_MESSAGE
    return contact.result in {Result.TALK, Result.ANSWERED}


def is_held_talk(contact: ContactFact) -> bool:
    """A two-way talk by voice or in person: satisfies the contact interval and starts the clock; writing does not."""
    return is_two_way(contact) and contact.result == Result.TALK and contact.channel not in WRITING


def is_consultation(contact: ContactFact, *, on_a_matter: bool) -> bool:
    """A held talk, or two-way writing on a matter (a topic was given)."""
    return is_held_talk(contact) or (on_a_matter and is_two_way(contact) and contact.channel in WRITING)


def is_attempt(contact: ContactFact) -> bool:
    """Outgoing, not two-way, to the client or answered by a relative or neighbour."""
    return (
        contact.direction == Direction.OUT
        and contact.spoken_with in ATTEMPT_WITH
        and contact.channel != Channel.GROUP
        and not is_two_way(contact)
    )


def is_case_work(contact: ContactFact) -> bool:
    """Work with third parties (Jobcenter, school, landlord); counted apart."""
    return contact.spoken_with == SpokenWith.THIRD_PARTY


def is_in_person(contact: ContactFact) -> bool:
    """Two-way and face to face: resets the count of the fast lane; phone, video, writing and groups do not."""
    return is_two_way(contact) and contact.channel in IN_PERSON


def is_visit(contact: ContactFact) -> bool:
    """A visit at home without two-way talk."""
    return contact.channel == Channel.HOME_VISIT and is_attempt(contact)


def left_card(contact: ContactFact) -> bool:
    """Whether the visit left a card."""
    return contact.channel == Channel.HOME_VISIT and contact.result == Result.NOT_MET_CARD


def reached_relative(contact: ContactFact) -> bool:
    """Whether a relative or neighbour answered: the phone, the door or in writing."""
    answers = {Result.TALK, Result.ANSWERED, Result.MESSAGE_LEFT}
    return contact.spoken_with == SpokenWith.RELATIVE and contact.result in answers


def flaw_of(contact: ContactFact) -> NoStep | None:
    """Why an attempt can be no step of the ladder whenever it was made; None if it can be one."""
    if contact.returned_at is not None:
        return NoStep.RETURNED
    if not contact.address_valid:
        return NoStep.ADDRESS
    if not contact.script_ok:
        return NoStep.SCRIPT
    return None if contact.language_ok else NoStep.LANGUAGE


def part_of_day(instant: datetime) -> str:
    """The part of the day a visit falls in: before 12, 12 to 17, from 17."""
    hour = instant.astimezone(BERLIN).hour
    if hour < NOON:
        return "morning"
    return "afternoon" if hour < EVENING else "evening"


def same_part_of_day(one: ContactFact, other: ContactFact) -> bool:
    """Whether two visits fell in the same part of the day; that of a visit without a time is never another's."""
    timed = one.has_time and other.has_time
    return timed and part_of_day(one.happened_at) == part_of_day(other.happened_at)


def script_counts(*, channel: str, script: str | None, read: Collection[str] | None) -> bool:
    """Whether an attempt in writing was in a script the client reads; the snapshot `script_ok`.

    Args:
        channel: of the attempt; what is said needs no script.
        script: of its language, None if that is not known.
        read: the scripts the client reads, empty if none; None if nothing is recorded, which counts as reading.
    """
    if channel not in WRITING or read is None:
        return True
    return bool(read) and (script is None or script in read)


def language_counts(
    *,
    channel: str,
    result: str,
    spoken_with: str,
    used: str | None,
    known: Collection[str],
    understood_ticked: bool,
) -> bool:
    """Whether an attempt was in a language that lets it count as a step; the snapshot `language_ok`.

    Writing and a message left need a language of the client. A call not reached and a visit need none, and nor does
    what is said to a relative or neighbour.

    Args:
        channel: of the attempt.
        result: of the attempt.
        spoken_with: who was at the other end.
        used: the language of the attempt, None if not recorded.
        known: the client's languages, the preferred one for letters among them.
        understood_ticked: "German and English are understood" replaces the language, not the ability to read.
    """
    if channel not in WRITING and (
        channel == Channel.HOME_VISIT or result != Result.MESSAGE_LEFT or spoken_with == SpokenWith.RELATIVE
    ):
        return True
    return understood_ticked or used in known
