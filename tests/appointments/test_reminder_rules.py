"""Which text reminds of which appointment, and how its gaps are filled."""

import pytest

from appointments.choices import Channel, ReminderKind
from appointments.reminder_rows import TEXTS
from appointments.rules.reminder import fill, kind_of, missing_gaps, unknown_gaps

VALUES = {"date": "01.12.2026", "time": "10:00", "place": "Rathaus, Zimmer 3"}


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_its_text(channel):
    kinds = {Channel.HOME_VISIT: ReminderKind.VISIT} | dict.fromkeys(
        (Channel.PHONE, Channel.VIDEO), ReminderKind.CALL
    )
    assert kind_of(channel) == kinds.get(channel, ReminderKind.MEETING)


def test_gaps_are_filled():
    text = fill("Am {date} um {time}.\nOrt: {place}\nBis dann, {date}", **VALUES, right_to_left=False)
    assert text == "Am 01.12.2026 um 10:00.\nOrt: Rathaus, Zimmer 3\nBis dann, 01.12.2026"


def test_without_a_place_its_line_is_left_out():
    text = fill("Am {date} um {time}.\nOrt: {place}\nBis dann", **VALUES | {"place": ""}, right_to_left=False)
    assert text == "Am 01.12.2026 um 10:00.\nBis dann"


def test_what_a_place_says_in_braces_is_not_filled_again():
    assert fill("{date} {time} {place}", **VALUES | {"place": "{x}"}, right_to_left=False).endswith("{x}")


def test_from_right_to_left_each_value_keeps_its_own_direction():
    text = fill("{date} {time} {place}", **VALUES, right_to_left=True)
    assert text == " ".join(f"\u2068{value}\u2069" for value in VALUES.values())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{date} {time} {place}", []),
        ("{date} {time} {name}", ["{name}"]),
        ("{date} {time} {}", ["{}"]),
        ("{date} {time} { place }", ["{ place }"]),
        ("{date} {time} {date", ["{"]),
        ("{{date}} {time}", ["{", "}"]),
    ],
)
def test_nothing_else_may_stand_in_braces(text, wrong):
    assert unknown_gaps(text) == wrong


def test_day_and_time_must_occur():
    assert missing_gaps("{place}") == ["{date}", "{time}"]
    assert missing_gaps("{time} {date}") == []


@pytest.mark.parametrize("language", TEXTS)
def test_the_texts_of_the_house_are_whole(language):
    texts = TEXTS[language]
    for text in texts:
        assert (unknown_gaps(text), missing_gaps(text)) == ([], [])
    assert ["{place}" in text for text in texts] == [True, False, False]
