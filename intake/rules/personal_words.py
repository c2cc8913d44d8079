"""Words of a text that may name a person: names of files, case numbers and list numbers."""

import re
from collections.abc import Collection, Iterable

from clients.rules.names import fold

SHORTEST = 3
"""Shorter parts of names are everyday words too often."""
_WORDS = re.compile(r"[^\W\d_]+")
_LIST_NUMBERS = re.compile(r"\bL[-\s]?[1-9][0-9]{5}\b", re.ASCII | re.IGNORECASE)


def names_in(text: str, parts: Collection[str]) -> list[str]:
    """The words of a text that are part of a name, as they are typed, each once; also with the s of a genitive.

    Args:
        text: what was typed.
        parts: folded parts of names.
    """
    known = {part for part in parts if len(part) >= SHORTEST}
    words = dict.fromkeys(word for word in _WORDS.findall(text) if _readings(fold(word)) & known)
    return list(words)


def _readings(folded: str) -> set[str]:
    return {folded, folded.removesuffix("s")}


def numbers_in(text: str, codes: Iterable[str]) -> list[str]:
    """Case numbers and list numbers in a text, as they are typed, each once.

    Args:
        text: what was typed.
        codes: with what case numbers begin, by municipality.
    """
    found = _LIST_NUMBERS.findall(text)
    if prefixes := "|".join(map(re.escape, sorted(codes))):
        cases = rf"\b(?:{prefixes})[-\s]?[0-9]{{4}}[-\s]?[0-9]{{1,6}}\b"
        found += re.findall(cases, text, re.ASCII | re.IGNORECASE)
    return list(dict.fromkeys(found))
