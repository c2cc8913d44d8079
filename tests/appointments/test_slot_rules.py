"""Working hours, free times and what speaks against a time, without a database (rules.md §3)."""

import datetime
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.calendar import BERLIN
from accounts.rules.days import Days
from appointments.rules.slots import (
    Concern,
    Hours,
    Span,
    at,
    concerns,
    free_slots,
    gaps,
    hours_of,
    read_spans,
)

MINUTE = datetime.timedelta(minutes=1)
LENGTH = 45 * MINUTE
# A Monday.
DAY = date(2019, 3, 18)
WEEK = [
    Hours(weekday, begins, ends)
    for weekday in range(4)
    for begins, ends in ((time(8), time(12)), (time(13), time(16)))
]
LONG_AGO = datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC)


def span(day: date, begins: str, ends: str) -> Span:
    return at(day, time.fromisoformat(begins)), at(day, time.fromisoformat(ends))


def said(spans: list[Span]) -> list[str]:
    return [f"{begins.astimezone(BERLIN):%d.%m. %H:%M}" for begins, _ends in spans]


def slots(first: date = DAY, *, length: datetime.timedelta = LENGTH, **facts: Any) -> list[str]:
    known = {"hours": WEEK, "taken": [], "away": [], "now": LONG_AGO}
    return said(free_slots(first, length, **{**known, **facts}))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("8-12", [(time(8), time(12))]),
        ("13–16.30, 8:15 - 12", [(time(8, 15), time(12)), (time(13), time(16, 30))]),
        ("8 bis 12 Uhr und 13 bis 16 Uhr", [(time(8), time(12)), (time(13), time(16))]),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, spans: list[tuple[time, time]]) -> None:
    assert read_spans(text) == spans


@pytest.mark.parametrize(
    "text", ["vormittags", "12-8", "8-8", "8-25", "8:70-9", "8-12, 11-13", "8-12-14", "-"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_spans(text)


def test_free_times_lie_between_appointments_and_at_most_three_on_a_day() -> None:
    taken = [span(DAY, "08:00", "09:10"), span(DAY, "10:00", "11:30")]
    assert slots(taken=taken) == [
        "18.03. 09:15",
        "18.03. 13:00",
        "18.03. 13:45",
        "19.03. 08:00",
        "19.03. 08:45",
    ]


def test_a_free_time_ends_before_the_next_appointment_begins() -> None:
    taken = [span(DAY, "08:44", "16:00")]
    assert slots(taken=taken)[0] == "19.03. 08:00"
    assert slots(taken=[span(DAY, "08:45", "16:00")])[0] == "18.03. 08:00"


def test_nothing_is_proposed_in_the_past_on_holidays_or_in_an_absence() -> None:
    # Good Friday and Easter Monday 2019; nobody works on Friday in this week anyway.
    assert slots(date(2019, 4, 19))[0] == "23.04. 08:00"
    assert slots(away=[Days(DAY, DAY + datetime.timedelta(days=1))])[0] == "20.03. 08:00"
    assert slots(now=at(DAY, time(14, 5)))[:2] == ["18.03. 14:15", "18.03. 15:00"]


def test_who_has_said_nothing_is_offered_usual_hours_from_monday_to_friday() -> None:
    saturday = date(2019, 3, 23)
    assert slots(saturday, hours=[])[0] == "25.03. 08:00"


def test_hours_that_hold_later_are_used_from_their_day_on() -> None:
    hours = [
        Hours(0, time(8), time(12), valid_until=date(2019, 3, 24)),
        Hours(0, time(14), time(18), valid_from=date(2019, 3, 25)),
    ]
    assert slots(hours=hours)[2:4] == ["18.03. 09:30", "25.03. 14:00"]


def test_what_speaks_against_a_time_is_named() -> None:
    holiday = date(2019, 10, 3)
    away = [Days(DAY, DAY)]
    assert concerns(span(DAY, "09:00", "10:00"), hours=WEEK, away=[]) == []
    assert concerns(span(DAY, "11:30", "12:30"), hours=WEEK, away=[]) == [Concern.OUTSIDE]
    assert concerns(span(DAY, "09:00", "10:00"), hours=WEEK, away=away) == [Concern.AWAY]
    assert concerns(span(holiday, "20:00", "21:00"), hours=WEEK, away=[]) == [
        Concern.HOLIDAY,
        Concern.OUTSIDE,
    ]
    assert concerns(span(DAY, "03:00", "04:00"), hours=[], away=[]) == []


@pytest.mark.parametrize(("day", "real"), [(date(2019, 3, 31), 3), (date(2019, 10, 27), 5), (DAY, 4)])
def test_a_day_on_which_the_clock_changes_has_the_hours_it_has(day: date, real: int) -> None:
    night = [Hours(day.weekday(), time(0), time(4))]
    ((begins, ends),) = hours_of(day, night)
    assert ends - begins == datetime.timedelta(hours=real)


minutes = st.integers(0, 24 * 60 - 1)
spans = st.lists(st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1]), max_size=6)


@given(spans, spans)
def test_what_is_free_was_open_and_is_not_taken(opened: list[Any], taken: list[Any]) -> None:
    start = at(DAY, time())

    def minute_set(pairs: list[Any]) -> set[int]:
        return {minute for first, last in pairs for minute in range(first, last)}

    def moments(pairs: list[Any]) -> list[Span]:
        return [(start + first * MINUTE, start + last * MINUTE) for first, last in pairs]

    left = gaps(moments(opened), moments(taken))
    free = [((begins - start) // MINUTE, (ends - start) // MINUTE) for begins, ends in left]
    assert minute_set(free) == minute_set(opened) - minute_set(taken)
