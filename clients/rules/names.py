"""How names, case numbers and phone numbers are folded so that one person is found under every spelling.

Folding gives the order of lists and finds what begins as typed; how names sound is told by ``clients.rules.sounds``.
Equal results on every database: nothing here depends on a collation.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import phonenumbers
from anyascii import anyascii

from clients.choices import Precision
from clients.rules import likeness, sounds
from clients.rules.dates import DateInputError, parse_uncertain
from clients.rules.list_numbers import parse_list_number

# The largest code point: ends a prefix range. `~` would lose rows under ICU collations.
PREFIX_END = "\U0010ffff"
HOME_REGION = "DE"
HOME_PREFIX = "+49"
SHORTEST_PHONE = 4
MAX_QUERY_LENGTH = 200

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PART_BREAKS = re.compile(r"[\s\-‐-―_/.,;'’ʼ`´]+")
_CASE_NUMBER = re.compile(r"^([A-Z]{2,6})[-\s]?([0-9]{4})[-\s]?([0-9]{1,6})$")
_CASE_NUMBER_END = re.compile(r"^[0-9]{2,5}$", re.ASCII)
_CASE_NUMBER_START = re.compile(r"^[A-Z]{2,6}-[0-9][0-9-]*$")
_PHONE_CHARACTERS = re.compile(r"^\+?[0-9\s()/.\-]+$")


def fold(text: str) -> str:
    """Fold a name to the letters a–z: umlauts written out, every script transliterated, all else dropped.

    Returns "" for text without a letter.
    """
    composed = unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS)
    return "".join(letter for letter in anyascii(composed).lower() if "a" <= letter <= "z")


def name_parts(text: str, most: int | None = None) -> tuple[str, ...]:
    """Split at blanks, hyphens and apostrophes and fold each part: "Çelik-Öztürk" → celik, oeztuerk.

    Args:
        most: how many words to look at; folding takes time.
    """
    words = [word for word in _PART_BREAKS.split(text) if word]
    folded = (fold(word) for word in words[:most])
    return tuple(part for part in folded if part)


def search_key(surname: str, given: str) -> str:
    """The key a list is ordered and paged by: folded surname, blank, folded given name (DIN 5007)."""
    return f"{fold(surname)} {fold(given)}".strip()


def prefix_range(prefix: str) -> tuple[str, str]:
    """Lower (inclusive) and upper (exclusive) bound of everything that begins with `prefix`."""
    return prefix, prefix + PREFIX_END


# --- Case numbers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """Municipality prefix, year and running number, kept for life."""

    prefix: str
    year: int
    running: int

    def __str__(self) -> str:
        return format_case_number(self.prefix, self.year, self.running)


def format_case_number(prefix: str, year: int, running: int) -> str:
    """STU-2018-0042; from 10,000 on the running number simply has five digits."""
    return f"{prefix}-{year:04d}-{running:04d}"


def parse_case_number(text: str) -> CaseNumber | None:
    """Read a case number however it was typed ("stu 2018 42"); None when it is none."""
    match = _CASE_NUMBER.match(text.strip().upper())
    if match is None:
        return None
    return CaseNumber(match[1], int(match[2]), int(match[3]))


# --- Phone numbers --------------------------------------------------------------------------------


def normalise_phone(text: str) -> str | None:
    """A phone number as +4915112345678; German when no country is given. None when it cannot be a number.

    Only the length is judged (short internal and emergency numbers are none): number blocks are handed out
    faster than their lists are updated.
    """
    if not _PHONE_CHARACTERS.match(text.strip()):
        return None
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or len(str(number.national_number)) < SHORTEST_PHONE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def display_phone(normalised: str) -> str:
    """A stored number as it is read aloud: German numbers without, others with the country code."""
    try:
        number = phonenumbers.parse(normalised, HOME_REGION)
    except phonenumbers.NumberParseException:
        return normalised
    at_home = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


def phone_prefix(text: str) -> str | None:
    """The typed beginning of a number in stored form: "0151 000" → "+49151000"; None below six digits."""
    typed = text.strip()
    if not _PHONE_CHARACTERS.match(typed):
        return None
    # "+49 (0)151": the zero in brackets is only dialled inside the country.
    digits = re.sub(r"[^0-9]", "", typed.replace("(0)", "") if typed.startswith(("+", "00")) else typed)
    if len(digits) < 6:
        return None
    if typed.startswith("+"):
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith("0"):
        return HOME_PREFIX + digits[1:]
    return None


# --- The one search box ---------------------------------------------------------------------------


class QueryKind(StrEnum):
    EMPTY = "empty"
    NAME = "name"
    NAME_AND_BIRTH_DATE = "name_and_birth_date"
    CASE_NUMBER = "case_number"
    LIST_NUMBER = "list_number"
    CASE_NUMBER_END = "case_number_end"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class NameTerm:
    """One reading of typed words: the folded beginnings of surname and given name; "" is no condition."""

    surname: str
    given: str


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The classified content of the search box. Never logged, never put into a URL."""

    kind: QueryKind
    text: str = ""
    names: tuple[NameTerm, ...] = ()
    parts: tuple[str, ...] = ()
    name: str = ""
    """The words of a name as they were typed, without the date beside them."""
    keys: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    """How the keys of a name begin of which the last word is still being typed."""
    born_from: date | None = None
    born_until: date | None = None
    ending: str = ""
    """Digits a case number may end with; a year may be meant as well."""


def name_terms(text: str) -> tuple[NameTerm, ...]:
    """Every reading of typed words as surname and given name, in either order and at every division.

    "Reza Nazari" may be surname + given name or the reverse; "Al Ahmad Mo" may divide after the first or the
    second word. One word is the beginning of either name.
    """
    words = name_parts(text)[:6]
    terms: dict[NameTerm, None] = {}
    whole = "".join(words)
    if whole:
        terms[NameTerm(whole, "")] = None
        terms[NameTerm("", whole)] = None
    for cut in range(1, len(words)):
        first, last = "".join(words[:cut]), "".join(words[cut:])
        terms[NameTerm(first, last)] = None
        terms[NameTerm(last, first)] = None
    return tuple(terms)


def classify_query(text: str) -> SearchQuery:
    """Classify the content of the one search box.

    Order matters: a date, a case number and a list number are unmistakable, a phone number needs six digits, fewer are
    the end of a case number or a year, the rest is a name, perhaps with a date of birth ("Rahmatyar 14.03.1986"). Text
    without any letter or usable number is EMPTY.
    """
    typed = " ".join(text[:MAX_QUERY_LENGTH].split())
    if (number := parse_case_number(typed)) is not None:
        return SearchQuery(QueryKind.CASE_NUMBER, text=str(number))
    if (listed := parse_list_number(typed)) is not None:
        return SearchQuery(QueryKind.LIST_NUMBER, text=str(listed))
    if _CASE_NUMBER_START.match(typed.upper()):
        return SearchQuery(QueryKind.CASE_NUMBER, text=typed.upper())
    ending = typed if _CASE_NUMBER_END.match(typed) else ""
    if typed[:1].isdigit():
        try:
            born = parse_uncertain(typed)
        except DateInputError:
            born = None
        if born is not None:
            return SearchQuery(
                QueryKind.BIRTH_DATE, text=typed, born_from=born.first, born_until=born.last, ending=ending
            )
    if ending:
        return SearchQuery(QueryKind.CASE_NUMBER_END, text=typed, ending=ending)
    if (prefix := phone_prefix(typed)) is not None:
        return SearchQuery(QueryKind.PHONE, text=prefix)
    words = typed.split(" ")
    dates = [word for word in words if _is_full_date(word)]
    name = " ".join(word for word in words if word not in dates) if len(dates) == 1 else typed
    terms = name_terms(name)
    if not terms:
        return SearchQuery(QueryKind.EMPTY)
    birth_date = parse_uncertain(dates[0]).value if len(dates) == 1 else None
    return SearchQuery(
        QueryKind.NAME_AND_BIRTH_DATE if birth_date else QueryKind.NAME,
        text=fold(name),
        names=terms,
        parts=name_parts(name),
        name=name,
        keys=likeness.keys_of(name),
        begun=frozenset(
            key for word in likeness.words(name)[-1:] for key in sounds.keys(word) if len(key) > 1
        ),
        born_from=birth_date,
        born_until=birth_date,
    )


def _is_full_date(word: str) -> bool:
    try:
        return parse_uncertain(word).precision == Precision.DAY
    except DateInputError:
        return False
