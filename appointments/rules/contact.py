"""What a logged interaction is: two-way, held talk, attempt, consultation, case work (rules.md §1 and §10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from appointments.choices import Channel, Direction, Result, SpokenWith
from appointments.rules.calendar import BERLIN, local_date

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


@dataclass(frozen=True, slots=True)
class ContactFact:
    """One logged interaction with one client, as one version of the record.

    `happened_at` and `recorded_at` are aware instants. A contact without a time (`has_time` off) is placed at the
    end of its day by whoever builds the fact. `withdrawn_at` is when this version stopped being the record
    (corrected, or moved to another file). `address_valid` and `language_ok` are the snapshots taken when it was
    logged; `returned_at` is when a letter was recorded as returned. `appointment` names the appointment whose outcome
    this contact is.
    """

    ref: str
    happened_at: datetime
    recorded_at: datetime
    channel: str
    direction: str = Direction.OUT
    spoken_with: str = SpokenWith.CLIENT
    result: str = Result.TALK
    address_valid: bool = True
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


def counts_as_step(contact: ContactFact) -> bool:
    """Whether an attempt can be a step of the ladder.

    The address or number was valid then, the language fitted, and the letter was not recorded as returned.
    """
    return (
        is_attempt(contact)
        and contact.group is not None
        and contact.address_valid
        and contact.language_ok
        and contact.returned_at is None
    )


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


def language_counts(
    *,
    channel: str,
    result: str,
    used: Collection[str],
    spoken: Collection[str],
    read: Collection[str] | None,
    reads_no_script: bool,
    understood_ticked: bool,
) -> bool:
    """Whether an attempt was in a language that lets it count as a step; the snapshot `language_ok`.

    Arguments: `used` the languages of the attempt, `spoken` the client's languages, `read` the recorded languages
    the client reads (None or empty: nothing recorded, which counts as reading), `reads_no_script` recorded as
    reading none, `understood_ticked` the manager's "German and English are understood".

    Writing needs a language of the client and, where reading is recorded, one the client reads. The tick replaces
    the language, never the ability to read. A call not reached needs no language, a message left does; a visit
    needs none.
    """
    if channel == Channel.HOME_VISIT:
        return True
    written = channel in WRITING
    if written and reads_no_script:
        return False
    if not written and result != Result.MESSAGE_LEFT:
        return True
    if understood_ticked:
        return True
    wanted = set(spoken)
    if written and read:
        wanted &= set(read)
    return bool(wanted & set(used))
