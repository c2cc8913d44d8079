"""What may be entered about a contact: which results belong to which way, and who it was from (rules.md §1).

The log form asks only how it was and what came of it. Who was at the other end of a call nobody answered, and who
began an exchange that a result already names, follows from that.
"""

from __future__ import annotations

from datetime import datetime

from appointments.choices import Channel, Direction, Result, SpokenWith
from appointments.rules.contact import CLIENT_SIDE, WRITING

_IN_PERSON = (Result.TALK, Result.MESSAGE_LEFT)
_BY_VOICE = (
    Result.TALK,
    Result.NOT_REACHED,
    Result.MESSAGE_LEFT,
    Result.RECEIVED,
    Result.MISSED_CALL,
)
_IN_WRITING = (Result.SENT, Result.ANSWERED, Result.RECEIVED)

#: The results of each channel, the usual one first.
RESULTS: dict[str, tuple[Result, ...]] = {
    Channel.OFFICE: _IN_PERSON,
    Channel.OPEN_HOUR: _IN_PERSON,
    Channel.ACCOMPANIMENT: _IN_PERSON,
    Channel.GROUP: (Result.TALK,),
    Channel.PHONE: _BY_VOICE,
    Channel.VIDEO: _BY_VOICE,
    Channel.MESSAGE: _IN_WRITING,
    Channel.LETTER: _IN_WRITING,
    Channel.EMAIL: _IN_WRITING,
    Channel.NOTE: (Result.SENT, Result.ANSWERED, Result.RECEIVED),
    Channel.HOME_VISIT: (Result.TALK, Result.NOT_MET_CARD, Result.NOT_MET, Result.MESSAGE_LEFT),
}
#: Nobody was at the other end.
_NOBODY = frozenset({Result.NOT_REACHED, Result.NOT_MET, Result.NOT_MET_CARD})
#: With these results the contact came from the client.
_INBOUND = frozenset({Result.RECEIVED, Result.MISSED_CALL})
_EITHER_WAY = frozenset({Result.TALK, Result.ANSWERED})


def usual_result(channel: str) -> Result:
    """The result a channel usually has: a talk, or that something was sent."""
    return RESULTS[channel][0]


#: How long a contact usually takes, in minutes; only a preset, one tap changes it.
_USUAL_MINUTES: dict[str, int] = {
    Channel.PHONE: 10,
    Channel.MESSAGE: 5,
    Channel.LETTER: 10,
    Channel.EMAIL: 10,
    Channel.NOTE: 5,
    Channel.OPEN_HOUR: 15,
    Channel.HOME_VISIT: 45,
    Channel.ACCOMPANIMENT: 90,
    Channel.GROUP: 60,
}


def usual_minutes(channel: str) -> int:
    """How long a contact of this kind usually takes, in minutes."""
    return _USUAL_MINUTES.get(channel, 30)


def fits(channel: str, result: str) -> bool:
    """Whether a result belongs to a channel."""
    return result in RESULTS[channel]


def direction_of(result: str, chosen: str) -> Direction:
    """Who began: named by the result where it says so, else what was chosen."""
    if result in _INBOUND:
        return Direction.IN
    return Direction(chosen) if result in _EITHER_WAY else Direction.OUT


def spoken_with_of(result: str, chosen: str) -> SpokenWith:
    """Who was at the other end; nobody when nobody was reached."""
    if result in _NOBODY and chosen in CLIENT_SIDE:
        return SpokenWith.NOBODY
    if result not in _NOBODY and chosen == SpokenWith.NOBODY:
        return SpokenWith.CLIENT
    return SpokenWith(chosen)


def needs_topic(channel: str, spoken_with: str, result: str) -> bool:
    """Whether a main topic must be named: of every held talk with the client, so that none is missing later."""
    return result == Result.TALK and spoken_with in CLIENT_SIDE and channel not in WRITING


def has_duration(result: str) -> bool:
    """Whether it makes sense to ask how long it took; an unanswered call has none."""
    return result not in _NOBODY | {Result.MISSED_CALL}


def is_outgoing_writing(channel: str, result: str) -> bool:
    """Something was written to the client: it can set a date, and it can come back."""
    return channel in WRITING and result == Result.SENT


def may_be_returned(channel: str, result: str) -> bool:
    """A letter we sent can come back."""
    return channel in (Channel.LETTER, Channel.NOTE) and result in (Result.SENT, Result.ANSWERED)


def happened_too_late(happened_at: datetime, now: datetime) -> bool:
    """Nothing that is still to come can be logged."""
    return happened_at > now
