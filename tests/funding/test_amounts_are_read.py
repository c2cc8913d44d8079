"""Amounts as people write them: read exactly or refused, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.rules.money import MOST_CENTS, MoneyFault, NotMoney, as_decimal, in_euros, read_cents, written

AMOUNTS = st.integers(min_value=-MOST_CENTS, max_value=MOST_CENTS)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,5", 123_450),
        ("1.234,50", 123_450),
        ("1234,50 €", 123_450),
        ("€ 1234,50", 123_450),
        ("1234,5 EUR", 123_450),
        ("1.234", 123_400),
        ("1 234,05", 123_405),
        ("1\u00a0234,05\u202f€", 123_405),
        ("1.234.567,89", 123_456_789),
        ("0,07", 7),
        ("0", 0),
        ("12,--", 1_200),
        ("12,-", 1_200),
        ("12,–", 1_200),
        ("-80", -8_000),
        ("−1.234,50 €", -123_450),
        ("  51.000 ", 5_100_000),
        ("999.999.999,99", MOST_CENTS),
    ],
)
def test_it_is_read_as_it_is_meant(text, cents):
    assert read_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1,234.50", MoneyFault.POINT_BEFORE_CENTS),
        ("1234.50", MoneyFault.POINT_BEFORE_CENTS),
        ("12.34", MoneyFault.POINT_BEFORE_CENTS),
        ("0.123", MoneyFault.POINT_BEFORE_CENTS),
        ("1234.567", MoneyFault.POINT_BEFORE_CENTS),
        ("1,234,567", MoneyFault.POINT_BEFORE_CENTS),
        ("1,234", MoneyFault.LONG_CENTS),
        ("1.234,505", MoneyFault.LONG_CENTS),
        ("", MoneyFault.UNREADABLE),
        ("viel", MoneyFault.UNREADABLE),
        ("1,", MoneyFault.UNREADABLE),
        (",50", MoneyFault.UNREADABLE),
        ("1.234 567", MoneyFault.UNREADABLE),
        ("1e5", MoneyFault.UNREADABLE),
        ("٣", MoneyFault.UNREADABLE),
        ("--5", MoneyFault.UNREADABLE),
        ("1.000.000.000", MoneyFault.TOO_LARGE),
    ],
)
def test_what_is_no_amount_or_two_is_refused_with_its_reason(text, fault):
    with pytest.raises(NotMoney) as refused:
        read_cents(text)
    assert refused.value.fault == fault


@given(AMOUNTS)
def test_what_is_written_is_read_back(cents):
    assert read_cents(written(cents)) == cents
    assert read_cents(in_euros(cents)) == cents
    assert read_cents(written(cents).replace(".", "")) == cents


@given(AMOUNTS)
def test_a_file_holds_the_same_amount(cents):
    assert as_decimal(cents) * 100 == cents
    assert f"{as_decimal(cents):f}".replace(".", ",") == written(cents).replace(".", "")


@given(st.lists(AMOUNTS, max_size=50))
def test_sums_are_exact(amounts):
    assert sum(map(as_decimal, amounts), Decimal(0)) == as_decimal(sum(amounts))


@given(st.text(max_size=30))
def test_any_text_is_an_amount_within_bounds_or_refused(text):
    try:
        cents = read_cents(text)
    except NotMoney:
        return
    assert abs(cents) <= MOST_CENTS
