"""What a logged interaction is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from appointments.choices import Channel, Direction, Result, SpokenWith
from appointments.rules.contact import (
    ContactFact,
    NoStep,
    flaw_of,
    is_attempt,
    is_case_work,
    is_consultation,
    is_held_talk,
    is_in_person,
    is_two_way,
    language_counts,
    part_of_day,
    script_counts,
)

AT = datetime(2019, 3, 4, 10, tzinfo=UTC)


def contact(channel=Channel.PHONE, **more) -> ContactFact:
    return replace(ContactFact("c", AT, AT, channel), **more)


@pytest.mark.parametrize("who", [SpokenWith.CLIENT, SpokenWith.LEGAL_REPRESENTATIVE])
@pytest.mark.parametrize("result", [Result.TALK, Result.ANSWERED])
def test_a_talk_or_a_written_answer_with_client_or_legal_representative_is_two_way(who, result):
    assert is_two_way(contact(spoken_with=who, result=result))


@pytest.mark.parametrize(
    "who", [SpokenWith.RELATIVE, SpokenWith.INTERPRETER_ONLY, SpokenWith.THIRD_PARTY, SpokenWith.NOBODY]
)
def test_a_talk_with_anybody_else_is_not_two_way(who):
    assert not is_two_way(contact(spoken_with=who))


@pytest.mark.parametrize(
    "channel", [Channel.LETTER, Channel.MESSAGE, Channel.EMAIL, Channel.NOTE, Channel.PHONE]
)
def test_any_inbound_message_of_the_client_is_two_way(channel):
    assert is_two_way(contact(channel, direction=Direction.IN, result=Result.RECEIVED))
    assert is_two_way(contact(channel, direction=Direction.IN, result=Result.MESSAGE_LEFT))


def test_a_missed_call_is_no_message():
    missed = contact(direction=Direction.IN, result=Result.MISSED_CALL)
    assert not is_two_way(missed)
    assert not is_attempt(missed)


def test_group_attendance_is_neither_two_way_nor_an_attempt():
    group = contact(Channel.GROUP)
    assert not is_two_way(group)
    assert not is_attempt(group)
    assert not is_held_talk(group)


def test_a_talk_with_the_interpreter_alone_is_neither_two_way_nor_an_attempt():
    alone = contact(spoken_with=SpokenWith.INTERPRETER_ONLY)
    assert not is_two_way(alone)
    assert not is_attempt(alone)


@pytest.mark.parametrize(
    ("who", "result"),
    [
        (SpokenWith.NOBODY, Result.NOT_REACHED),
        (SpokenWith.CLIENT, Result.MESSAGE_LEFT),
        (SpokenWith.CLIENT, Result.SENT),
        (SpokenWith.RELATIVE, Result.TALK),
        (SpokenWith.RELATIVE, Result.MESSAGE_LEFT),
    ],
)
def test_outgoing_and_not_two_way_is_an_attempt(who, result):
    assert is_attempt(contact(spoken_with=who, result=result))


def test_work_with_third_parties_is_case_work_and_no_attempt():
    jobcenter = contact(spoken_with=SpokenWith.THIRD_PARTY)
    assert is_case_work(jobcenter)
    assert not is_attempt(jobcenter)


def test_a_message_passed_on_to_us_by_a_neighbour_is_no_attempt_of_ours():
    assert not is_attempt(
        contact(direction=Direction.IN, spoken_with=SpokenWith.RELATIVE, result=Result.RECEIVED)
    )


def test_only_talks_are_held_talks_and_writing_counts_as_consultation_on_a_matter():
    writing = contact(Channel.MESSAGE, result=Result.ANSWERED)
    assert is_held_talk(contact(Channel.VIDEO))
    assert not is_held_talk(writing)
    assert is_consultation(writing, on_a_matter=True)
    assert not is_consultation(writing, on_a_matter=False)
    assert is_consultation(contact(), on_a_matter=False)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (Channel.OFFICE, True),
        (Channel.OPEN_HOUR, True),
        (Channel.HOME_VISIT, True),
        (Channel.ACCOMPANIMENT, True),
        (Channel.PHONE, False),
        (Channel.VIDEO, False),
        (Channel.MESSAGE, False),
        (Channel.GROUP, False),
    ],
)
def test_only_meeting_face_to_face_is_in_person(channel, expected):
    assert is_in_person(contact(channel)) is expected


@pytest.mark.parametrize(
    ("flaws", "reason"),
    [
        ({}, None),
        ({"language_ok": False}, NoStep.LANGUAGE),
        ({"language_ok": False, "script_ok": False}, NoStep.SCRIPT),
        ({"language_ok": False, "script_ok": False, "address_valid": False}, NoStep.ADDRESS),
        ({"address_valid": False, "returned_at": AT}, NoStep.RETURNED),
    ],
)
def test_of_several_flaws_of_an_attempt_the_first_one_counts(flaws, reason):
    letter = contact(Channel.LETTER, result=Result.SENT)
    assert flaw_of(replace(letter, **flaws)) == reason


def test_the_parts_of_the_day_divide_at_12_and_17_local_time():
    assert part_of_day(datetime(2019, 3, 4, 10, 59, tzinfo=UTC)) == "morning"
    assert part_of_day(datetime(2019, 3, 4, 11, 0, tzinfo=UTC)) == "afternoon"
    assert part_of_day(datetime(2019, 3, 4, 16, 0, tzinfo=UTC)) == "evening"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"used": "de"}, False),
        ({"used": None}, False),
        ({"used": "de", "understood_ticked": True}, True),
        ({"known": []}, False),
        ({"known": [], "used": None, "understood_ticked": True}, True),
        ({"channel": "message", "spoken_with": "relative", "used": "de"}, False),
        ({"channel": "phone", "result": "not_reached", "used": None}, True),
        ({"channel": "phone", "result": "message_left", "used": None}, False),
        ({"channel": "phone", "result": "message_left", "used": "prs"}, True),
        ({"channel": "phone", "result": "message_left", "used": None, "understood_ticked": True}, True),
        ({"channel": "phone", "result": "message_left", "used": None, "spoken_with": "relative"}, True),
        ({"channel": "phone", "result": "talk", "used": None, "spoken_with": "relative"}, True),
        ({"channel": "video", "result": "talk", "used": "de", "spoken_with": "relative"}, True),
        ({"channel": "home_visit", "result": "not_met", "used": None}, True),
        ({"channel": "home_visit", "result": "message_left", "used": None}, True),
    ],
)
def test_the_language_of_an_attempt(changes, expected):
    base = {
        "channel": "letter",
        "result": "sent",
        "spoken_with": "client",
        "used": "prs",
        "known": ["prs"],
        "understood_ticked": False,
    }
    assert language_counts(**{**base, **changes}) is expected


@pytest.mark.parametrize(
    ("channel", "script", "read", "expected"),
    [
        ("letter", "arabic", None, True),
        ("letter", "arabic", ["arabic"], True),
        ("letter", "latin", ["arabic"], False),
        ("letter", "latin", [], False),
        ("letter", None, ["arabic"], True),
        ("letter", None, [], False),
        ("message", "latin", ["arabic"], False),
        ("phone", "latin", [], True),
        ("home_visit", "latin", [], True),
    ],
)
def test_the_script_of_an_attempt(channel, script, read, expected):
    assert script_counts(channel=channel, script=script, read=read) is expected
