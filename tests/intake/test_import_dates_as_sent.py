"""Dates as offices write them: what is certain is read, the rest by one decision per column. No database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.dates import DateInputError
from intake.importing.date_values import (
    DateReading,
    looks_like_dates,
    parse,
    proposed_reading,
    readings_offered,
)

TODAY = date(2026, 11, 30)
DAYS = st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 11, 29))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("14.03.1986 00:00:00", "14.03.1986"),
        ("1986-03-14T00:00:00", "14.03.1986"),
        ("14.03.1986, 12:30 Uhr", "14.03.1986"),
        ("1986-03-13T23:00:00Z", "14.03.1986"),
        ("14. März 1986", "14.03.1986"),
        ("14. Maerz 1986", "14.03.1986"),
        ("14.Mrz.1986", "14.03.1986"),
        ("March 14, 1986", "14.03.1986"),
        ("١٤.٠٣.١٩٨٦", "14.03.1986"),
        ("۱۴/۰۳/۱۹۸۶", "14.03.1986"),
        ("14,03,1986", "14.03.1986"),
        ("1986/03/14", "14.03.1986"),
        ("19860314", "14.03.1986"),
        ("14031986", "14.03.1986"),
        ("geb. 14.03.1986", "14.03.1986"),
        ("befristet bis 12.04.2018", "12.04.2018"),
        ("14.03.1986 (40)", "14.03.1986"),
        ("ca. 1986", "1986"),
        ("1.1.1980 (geschätzt)", "1980"),
        ("XX.XX.1986", "1986"),
        ("??.03.1986", "03/1986"),
        ("1986-00-00", "1986"),
        ("März 1986", "03/1986"),
        ("unbekannt", "None"),
        ("k.A.", "None"),
    ],
)
def test_what_is_certain_is_read_in_every_column(text, read):
    assert str(parse(text, DateReading.STRICT, today=TODAY)) == read
    assert str(parse(text, DateReading.DAY_FIRST, today=TODAY)) == read


@pytest.mark.parametrize(
    ("text", "reading", "read"),
    [
        ("14.03.86", "day_first", "14.03.1986"),
        ("14.03.18", "day_first", "14.03.2018"),
        ("15.12.26", "day_first", "15.12.1926"),
        ("14-Mar-86", "day_first", "14.03.1986"),
        ("31485", "day_first", "14.03.1986"),
        ("31485.0", "day_first", "14.03.1986"),
        ("03/14/1986", "month_first", "14.03.1986"),
        ("3/14/1986 12:00:00 AM", "month_first", "14.03.1986"),
        ("۱۳۶۵/۰۱/۰۱", "iranian", "21.03.1986"),
        ("30/12/1403", "iranian", "20.03.2025"),
        ("1365", "iranian", "1986"),
        ("14.03.1986", "iranian", "14.03.1986"),
    ],
)
def test_what_could_be_meant_otherwise_is_read_as_the_column_says(text, reading, read):
    assert str(parse(text, reading, today=TODAY)) == read
    with pytest.raises(DateInputError):
        parse(text if text != "14.03.1986" else "14.03.86", DateReading.STRICT, today=TODAY)


def test_a_year_of_two_digits_ahead_is_one_of_this_century():
    assert str(parse("15.12.27", "day_first", today=TODAY, ahead=True)) == "15.12.2027"


@pytest.mark.parametrize(
    "text", ["30.02.1990", "14.13.1986", "14.03.186", "14.3.", "99999", "morgen", "1.1.1900/2.2"]
)
@pytest.mark.parametrize("reading", DateReading)
def test_what_is_no_date_stays_a_question(text, reading):
    if (text, reading) == ("14.13.1986", DateReading.MONTH_FIRST):
        return
    with pytest.raises(DateInputError):
        parse(text, reading, today=TODAY)


def test_the_order_of_a_column_follows_from_its_values():
    assert proposed_reading(["03/14/1986", "01/02/1980"]) is DateReading.MONTH_FIRST
    assert proposed_reading(["14/03/1986", "01/02/1980"]) is DateReading.DAY_FIRST
    assert proposed_reading(["۱۳۶۵/۰۱/۰۱"]) is DateReading.IRANIAN
    assert proposed_reading([]) is DateReading.DAY_FIRST


def test_a_decision_is_shown_with_three_examples_of_what_differs():
    cells = ["14.03.1986"] * 50 + ["31485", "14.03.86", "15. März 1990"]
    (reading, examples), *others = readings_offered(cells, TODAY, ahead=False)
    assert reading is DateReading.DAY_FIRST
    assert examples == ["31485 → 14.03.1986", "14.03.86 → 14.03.1986", "14.03.1986 → 14.03.1986"]
    assert [other for other, _examples in others] == [DateReading.STRICT]


def test_a_column_that_can_only_be_read_in_one_way_asks_nothing():
    assert len(readings_offered(["14.03.1986", "1986-03-15"], TODAY, ahead=False)) == 1


def test_numbers_and_years_alone_are_not_taken_for_a_column_of_dates():
    assert looks_like_dates(["14.03.1986", "15.03.1986"])
    assert not looks_like_dates(["76297", "76297"])
    assert not looks_like_dates(["1986", "1990"])
    assert not looks_like_dates([])


@given(
    DAYS,
    st.sampled_from(
        ["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d.%m.%Y 00:00:00", "%d.%m.%y", "%d-%m-%y"]
    ),
)
def test_every_day_is_read_back_from_every_way_to_write_it(day, form):
    text = day.strftime(form)
    found = parse(text, DateReading.DAY_FIRST, today=TODAY)
    assert found is not None
    # Who was born more than a hundred years ago is written with four digits.
    assert found.value == (
        day if "%Y" in form or (TODAY - day).days < 36_500 else day.replace(year=day.year + 100)
    )


@given(DAYS)
def test_a_serial_number_is_the_day_a_spreadsheet_shows_for_it(day):
    serial = (day - date(1899, 12, 30)).days
    found = parse(str(serial), DateReading.DAY_FIRST, today=TODAY)
    assert found is not None
    assert found.value == day


@given(DAYS, st.sampled_from("٠۰०"))
def test_digits_of_other_scripts_are_digits(day, zero):
    text = "".join(chr(ord(zero) + int(sign)) if sign.isdigit() else sign for sign in f"{day:%d.%m.%Y}")
    found = parse(text, DateReading.STRICT, today=TODAY)
    assert found is not None
    assert found.value == day


@given(st.integers(1300, 1429), st.integers(1, 12), st.integers(1, 29))
def test_days_of_the_iranian_calendar_keep_their_order_and_distance(year, month, day):
    found = parse(f"{year}/{month:02}/{day:02}", DateReading.IRANIAN, today=TODAY)
    later = parse(f"{year + 1}/{month:02}/{day:02}", DateReading.IRANIAN, today=TODAY)
    assert found is not None
    assert later is not None
    assert 365 <= (later.value - found.value).days <= 366


@given(st.text(max_size=30), st.sampled_from(DateReading))
def test_any_text_is_a_date_unknown_or_a_question(text, reading):
    try:
        found = parse(text, reading, today=TODAY)
    except DateInputError:
        return
    if found is not None:
        assert found.value.year >= 1900
