"""Amounts as people write them in German, in whole cents (rules.md "Money")."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

MOST_CENTS = 99_999_999_999
"""999.999.999,99 €: whatever is more is a slip of the keyboard."""
CENTS_OF_A_EURO = 100
_WHOLE = r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+"
_GERMAN = re.compile(rf"(?P<sign>-?) ?(?P<euros>{_WHOLE})(?:,(?P<cents>\d{{1,2}}|--?))?", re.ASCII)
_POINT_BEFORE_CENTS = re.compile(r"-? ?\d+(?:,\d{3})*\.\d+|-? ?\d{1,3}(?:,\d{3}){2,}", re.ASCII)
_LONG_CENTS = re.compile(r"-? ?[\d. ]+,\d{3,}", re.ASCII)
_CURRENCY = re.compile(r"^(?:€|eur|euro)\s*|\s*(?:€|eur|euro)$", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_MINUS = str.maketrans("−–", "--")


class MoneyFault(StrEnum):
    """Why a text is no amount."""

    UNREADABLE = "unreadable"
    POINT_BEFORE_CENTS = "point_before_cents"
    LONG_CENTS = "long_cents"
    TOO_LARGE = "too_large"


class NotMoney(ValueError):
    """A text that is no amount.

    Attributes:
        fault: why.
    """

    def __init__(self, fault: MoneyFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_cents(text: str) -> int:
    """The cents of "1.234,5", "1234,50 €", "1.234", "1 234,--" or "-80".

    A point groups thousands and nothing else. "1,234.50" and "1234.50" are refused and not guessed at: of two ways to
    read an amount one is wrong by a factor of a hundred.

    Args:
        text: what was typed.

    Raises:
        NotMoney: it is no amount, or could be two.
    """
    plain = _BLANKS.sub(" ", text.translate(_MINUS)).strip()
    plain = _CURRENCY.sub("", plain).strip()
    found = _GERMAN.fullmatch(plain)
    if found is None:
        raise NotMoney(_fault_of(plain))
    euros = int(re.sub(r"[. ]", "", found["euros"]))
    cents = (found["cents"] or "").strip("-").ljust(2, "0")
    amount = euros * CENTS_OF_A_EURO + int(cents)
    if amount > MOST_CENTS:
        raise NotMoney(MoneyFault.TOO_LARGE)
    return -amount if found["sign"] else amount


def _fault_of(plain: str) -> MoneyFault:
    if _POINT_BEFORE_CENTS.fullmatch(plain):
        return MoneyFault.POINT_BEFORE_CENTS
    if _LONG_CENTS.fullmatch(plain):
        return MoneyFault.LONG_CENTS
    return MoneyFault.UNREADABLE


def written(cents: int) -> str:
    """1.234,50: how a field shows an amount, and what ``read_cents`` reads back."""
    euros, rest = divmod(abs(cents), CENTS_OF_A_EURO)
    grouped = f"{euros:,}".replace(",", ".")
    return f"{'-' if cents < 0 else ''}{grouped},{rest:02}"


def in_euros(cents: int) -> str:
    """1.234,50 €, with a proper minus: how a page says it; the blank does not break."""
    return f"{written(cents).replace('-', '−')}\N{NO-BREAK SPACE}€"


def as_decimal(cents: int) -> Decimal:
    """Euros as an exact number, for files."""
    return Decimal(cents).scaleb(-2)
