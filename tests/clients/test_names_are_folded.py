import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.names import (
    NameTerm,
    QueryKind,
    classify_query,
    display_phone,
    fold,
    format_case_number,
    name_parts,
    name_terms,
    normalise_phone,
    parse_case_number,
    phone_prefix,
    prefix_range,
    search_key,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Müller", "mueller"),
        ("Mu\u0308ller", "mueller"),
        ("GROẞ", "gross"),
        ("Çelik-Öztürk", "celikoeztuerk"),
        ("İpek", "ipek"),
        ("Олександра", "oleksandra"),
        ("محمد", "mhmd"),
        ("Al-Hariri", "alhariri"),
        ("=SUMME(A1:A9)", "summeaa"),
        ("", ""),
        ("١٢٣", ""),
    ],
)
def test_a_name_is_folded_to_plain_letters(written, folded):
    assert fold(written) == folded


@given(st.text(max_size=60))
def test_folding_any_text_leaves_only_letters_and_is_stable(text):
    once = fold(text)
    assert re.fullmatch("[a-z]*", once)
    assert fold(once) == once


def test_parts_of_a_name_are_folded_one_by_one():
    assert name_parts("Al-Hariri  d'Abo") == ("al", "hariri", "d", "abo")


def test_the_order_key_sorts_short_surnames_before_longer_ones():
    assert search_key("Al-Hariri", "Khaled") == "alhariri khaled"
    assert search_key("Hussein", "") == "hussein"
    assert search_key("Ali", "Zara") < search_key("Alim", "Ada")


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=12), st.text(alphabet="az ", max_size=6))
def test_everything_beginning_with_a_prefix_lies_in_its_range(prefix, rest):
    lower, upper = prefix_range(prefix)
    assert lower <= prefix + rest < upper


def test_a_case_number_is_written_with_four_digits_and_read_however_typed():
    assert format_case_number("STU", 2018, 42) == "STU-2018-0042"
    assert format_case_number("STU", 2018, 12345) == "STU-2018-12345"
    for typed in ("STU-2018-0042", " stu-2018-42", "stu 2018 42", "STU20180042"):
        assert str(parse_case_number(typed)) == "STU-2018-0042"
    assert parse_case_number("Stutensee") is None
    assert parse_case_number("2018-0042") is None


@given(st.from_regex("[A-Z]{2,6}", fullmatch=True), st.integers(2000, 2099), st.integers(1, 999999))
def test_a_case_number_reads_back_as_written(prefix, year, running):
    number = parse_case_number(format_case_number(prefix, year, running))
    assert number is not None
    assert (number.prefix, number.year, number.running) == (prefix, year, running)


def test_four_ways_to_write_a_phone_number_are_one_number():
    written = ["0151 00000004", "+49 151 00000004", "0049 151 00000004", "0151/00000004"]
    assert {normalise_phone(text) for text in written} == {"+4915100000004"}
    assert {phone_prefix(text) for text in written} == {"+4915100000004"}
    assert phone_prefix("+49 (0)151 00000004") == "+4915100000004"


@pytest.mark.parametrize("text", ["", "12", "keine", "0151 abc", "0" * 40, "+", "unbekannt 0151 00000004"])
def test_what_is_no_phone_number_stays_none(text):
    assert normalise_phone(text) is None


def test_a_phone_number_is_shown_as_it_is_read_aloud():
    assert display_phone("+4972160810") == "0721 60810"
    assert display_phone("+380501234567").startswith("+380 ")
    assert display_phone("nonsense") == "nonsense"


def test_typed_words_are_read_in_both_orders_and_at_every_division():
    assert name_terms("Rahm") == (NameTerm("rahm", ""), NameTerm("", "rahm"))
    terms = name_terms("Al Ahmad Mo")
    assert NameTerm("alahmad", "mo") in terms
    assert NameTerm("alahmadmo", "") in terms
    assert NameTerm("ahmadmo", "al") in terms
    assert name_terms("—") == ()


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", QueryKind.EMPTY),
        ("  ??? ", QueryKind.EMPTY),
        ("Rahmatyar", QueryKind.NAME),
        ("محمد", QueryKind.NAME),
        ("Al-Hariri 2", QueryKind.NAME),
        ("stu-2018-42", QueryKind.CASE_NUMBER),
        ("STU-2018", QueryKind.CASE_NUMBER),
        ("14.03.1986", QueryKind.BIRTH_DATE),
        ("1986-03-14", QueryKind.BIRTH_DATE),
        ("3/1986", QueryKind.BIRTH_DATE),
        ("1979", QueryKind.BIRTH_DATE),
        ("0151 00000004", QueryKind.PHONE),
        ("+49151", QueryKind.EMPTY),
        ("+491510", QueryKind.PHONE),
        ("30.02.2016", QueryKind.EMPTY),
    ],
)
def test_one_search_box_understands_what_was_typed(typed, kind):
    assert classify_query(typed).kind is kind


def test_a_searched_year_spans_the_whole_year():
    query = classify_query("1979")
    assert (str(query.born_from), str(query.born_until)) == ("1979-01-01", "1979-12-31")


@given(st.text(max_size=300))
def test_any_text_is_classified_without_an_error(text):
    query = classify_query(text)
    if query.kind is QueryKind.NAME:
        assert query.names
