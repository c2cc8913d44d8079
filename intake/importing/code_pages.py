"""Text that was read in a wrong encoding: noticed by its look, judged per column, the right one offered.

A file of single bytes says nowhere which code page it is in, and programs before this one may have read it wrongly
too. Read as Windows-1252, Cyrillic, Arabic or Turkish names look like "Øåâ÷åíêî", "ÇáÎØíÈ", "Gülþah". Every such text
can be turned back into its bytes, so nothing is lost until somebody has looked at the examples.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class CodePage(models.TextChoices):
    """How the bytes of a column are to be read; the values are the names Python has for them."""

    AS_IT_IS = "", _("as it is")
    UTF_8 = "utf-8", _("UTF-8")
    TURKISH = "cp1254", _("Turkish (Windows-1254, ISO 8859-9)")
    CYRILLIC = "cp1251", _("Cyrillic (Windows-1251)")
    ARABIC = "cp1256", _("Arabic (Windows-1256)")
    EASTERN = "cp1250", _("Eastern European (Windows-1250)")
    CYRILLIC_KOI = "koi8_u", _("Cyrillic (KOI8)")
    CYRILLIC_DOS = "cp866", _("Cyrillic (DOS)")
    CYRILLIC_ISO = "iso8859_5", _("Cyrillic (ISO 8859-5)")
    ARABIC_ISO = "iso8859_6", _("Arabic (ISO 8859-6)")
    CYRILLIC_MAC = "mac_cyrillic", _("Cyrillic (Macintosh)")
    GREEK = "cp1253", _("Greek (Windows-1253)")
    TURKISH_DOS = "cp857", _("Turkish (DOS)")
    EASTERN_DOS = "cp852", _("Eastern European (DOS)")
    WESTERN_DOS = "cp850", _("Western European (DOS)")
    WESTERN_MAC = "mac_roman", _("Western European (Macintosh)")


def _western(byte: int) -> str:
    """A byte as browsers read Windows-1252: the five it lacks stay control characters, so that none is lost."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_LETTERS = "".join(map(_western, range(256)))
_WESTERN_SIGNS = {byte: _LETTERS[byte] for byte in range(0x80, 0xA0)}
_BYTES = {letter: byte for byte, letter in enumerate(_LETTERS)}
_WORDS = re.compile(r"[^\W\d_]+")
_TOKENS = re.compile(r"[^\s\d,;./()\-]+")
# Signs that no name has between its letters, control characters included.
_SIGN_INSIDE = re.compile(
    r"[\x80-\x9f]"
    r"|(?<=[^\W\d_])[\u201e\u201d\u201c\u2122\u2020\u2021\u2022¶±§©®°¹²³»«¿¡¦¨´¸÷×\xa0\xad](?=[^\W\d_])"
    r"|(?<=[^\W\d_])[\u2030\u02c6\u02dc¤¢£¥¬¯¼½¾]|[\u2030\u02c6\u02dc¤¢£¥¬¯¼½¾](?=[^\W\d_])"
    r"|(?<=[a-zäöü])[§ª\u0192](?![^\W\d_])|(?<![^\W\d_])[ª\u20ac\u2026\u0192](?=[a-zäöü])"
)
# A great letter behind a small one that no name has there: "MŸller", "JŠger".
_GREAT_INSIDE = re.compile(r"(?<=[a-zäöüß])[À-ÖØ-ÞŠŒŽŸ]|(?<=[^\W\d_])[À-ÖØ-ÞŠŒŽŸ](?=[a-z])")
_RARE_IN_THE_WEST = frozenset("ðþýÐÞÝæ")
_WESTERN = frozenset("äöüßÄÖÜéèêëàâáíìîïóòôúùûçñãõåøÉÈÊËÀÂÁÍÌÎÏÓÒÔÚÙÛÇÑÃÕÅØÆœŒÿŠšŽž")
_TURKISH = frozenset("çğıöşüâîûÇĞİÖŞÜÂÎÛäÄßé")
_EASTERN = frozenset("ćčđšžĆČĐŠŽłńśźżąęóŁŃŚŹŻĄĘÓőűŐŰěřůťďňĚŘŮŤĎŇáíéúÁÍÉÚôäöüÄÖÜßľĺŕăâîșțĂÂÎţşŢŞë")
_COMMON_ARABIC = frozenset("المينرهدعبوتسحفكقأةىجخشصطزإئ")
_CYRILLIC_PAGES = frozenset(
    {
        CodePage.CYRILLIC,
        CodePage.CYRILLIC_KOI,
        CodePage.CYRILLIC_DOS,
        CodePage.CYRILLIC_ISO,
        CodePage.CYRILLIC_MAC,
    }
)
_CYRILLIC_VOWELS = frozenset("аеёиоуыэюяіїєў")
_RARE_CYRILLIC = frozenset("ъэщђѓѕјљњћќџўѐѝ")
_GREEK_VOWELS = frozenset("αεηιουωάέήίόύώϊϋΐΰ")
_SEEN = 200
MIN_SCORE = 0.3
# What a page loses that reads nothing of the other cells, and how near another one is as good.
UNREAD, AS_GOOD = 0.3, 0.96


@dataclass(frozen=True)
class Offer:
    """A code page with what it makes of some cells of the column."""

    page: CodePage
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Judgement:
    """A column whose text looks wrong: what is proposed, and everything that can be chosen, the best first.

    ``as_good`` are the pages that make as much sense of it as the one proposed.
    """

    proposed: CodePage
    offers: tuple[Offer, ...]
    as_good: tuple[CodePage, ...] = ()


def repaired(text: str, page: str) -> str:
    """A cell as this code page reads it; unchanged where it makes no sense of it (a heading, a German name)."""
    if not page or text.isascii():
        return text
    for _time in range(3):
        read = _read_as(text, page)
        if read is None or read == text:
            return text
        if page != CodePage.UTF_8:
            return read if _sense(read, page) > 0 else text
        # Some programs do it twice.
        text = read
    return text


def looks_wrong(text: str) -> bool:
    """Whether a text has the look of a wrong encoding."""
    raw = _raw(text)
    if text.isascii() or raw is None:
        return False
    if _read_as(text, CodePage.UTF_8) is not None or _SIGN_INSIDE.search(text) or _GREAT_INSIDE.search(text):
        return True
    for word in _WORDS.findall(text):
        foreign = sum(1 for letter in word if letter > "\x7f")
        if foreign >= 2 and foreign * 2 > len(word):
            return True
        if any(letter in _RARE_IN_THE_WEST for letter in word):
            return True
    return False


def judge_column(cells: Iterable[str]) -> Judgement | None:
    """What to do about a column, None when it looks right."""
    distinct = [cell for cell in dict.fromkeys(cells) if not cell.isascii()]
    wrong = [cell for cell in distinct if looks_wrong(cell)][:_SEEN]
    if not wrong:
        return None
    others = [cell for cell in distinct if cell not in wrong][:_SEEN]
    scored = []
    for number, page in enumerate(page for page in CodePage if page):
        score = _sense_of(wrong, page)
        if page in _FACTORS:
            # A Latin page would read what looks right, too; another alphabet leaves it alone.
            score *= 1 - UNREAD * (1 - _sense_of(others, page))
        examples = tuple((cell, new) for cell in wrong if (new := repaired(cell, page)) != cell)
        if examples and score > 0:
            scored.append((-score, number, Offer(page, examples[:3])))
    scored.sort(key=lambda entry: entry[:2])
    proposed = CodePage.AS_IT_IS
    if scored and -scored[0][0] > max(MIN_SCORE, sum(map(_sense_as_it_is, wrong)) / len(wrong)):
        proposed = scored[0][2].page
    same = tuple((cell, cell) for cell in wrong[:3])
    as_good = tuple(offer.page for score, _number, offer in scored if score <= scored[0][0] * AS_GOOD)
    offers = (*(offer for *_rank, offer in scored), Offer(CodePage.AS_IT_IS, same))
    return Judgement(proposed, offers, as_good if proposed else ())


def _sense_of(cells: Sequence[str], page: str) -> float:
    """How much sense a page makes of some cells; 1 where there are none."""
    senses = [_sense(read, page) if (read := _read_as(cell, page)) else 0.0 for cell in cells]
    return sum(senses) / len(senses) if senses else 1.0


def proposed_pages(columns: Sequence[Iterable[str]]) -> list[str]:
    """The code page proposed for each column, "" where the text looks right.

    Where several make as much sense of a column, the one that fits most columns of the list decides.
    """
    judged = [judge_column(cells) for cells in columns]
    fitting = Counter(page for found in judged if found is not None for page in found.as_good)
    return [
        str(max(found.as_good, key=lambda page: fitting[page], default=found.proposed))
        if found is not None
        else ""
        for found in judged
    ]


def western(data: bytes) -> str:
    """Bytes as Windows-1252, every one of them kept."""
    return data.decode("latin-1").translate(_WESTERN_SIGNS)


def _raw(text: str) -> bytes | None:
    try:
        return bytes(map(_BYTES.__getitem__, text))
    except KeyError:
        return None


def _read_as(text: str, page: str) -> str | None:
    raw = _raw(text)
    if raw is None:
        return None
    try:
        read = raw.decode(page)
    except UnicodeDecodeError:
        return None
    return read if "\ufffd" not in read else None


def _sense_as_it_is(text: str) -> float:
    if _SIGN_INSIDE.search(text) or _GREAT_INSIDE.search(text):
        return 0.0
    foreign = [letter for letter in text if letter > "\x7f" and letter.isalpha()]
    words = _WORDS.findall(text)
    if any(sum(letter > "\x7f" for letter in word) > max(2, len(word) / 2) for word in words):
        return 0.0
    return sum(letter in _WESTERN for letter in foreign) / len(foreign) if foreign else 0.0


def _sense(text: str, page: str) -> float:
    """How much a text looks like names or words of the languages of a code page, from 0 to 1."""
    if page == CodePage.UTF_8:
        # Nothing else is valid UTF-8 by chance.
        return 2.0
    tokens = [token for token in _TOKENS.findall(text) if not token.isascii()]
    words = [word for word in _WORDS.findall(text) if not word.isascii()]
    if not words or _SIGN_INSIDE.search(text) or any(map(_has_signs, tokens)):
        return 0.0
    match page:
        case CodePage.ARABIC | CodePage.ARABIC_ISO:
            return 0.0 if any(map(_is_half_latin, tokens)) else min(map(_arabic, words))
        case page if page in _CYRILLIC_PAGES:
            return 0.0 if any(map(_is_half_latin, tokens)) else min(map(_cyrillic, words))
        case CodePage.GREEK:
            return 0.0 if any(map(_is_half_latin, tokens)) else min(map(_greek, words))
        case CodePage.TURKISH | CodePage.TURKISH_DOS:
            return _FACTORS[page] * min(_latin(word, _TURKISH) for word in words)
        case CodePage.EASTERN | CodePage.EASTERN_DOS:
            return _FACTORS[page] * min(_latin(word, _EASTERN) for word in words)
        case _:
            return _FACTORS[page] * min(_latin(word, _WESTERN) for word in words)


# Among pages that read the same the more usual one comes first.
_FACTORS: Mapping[str, float] = {
    CodePage.TURKISH: 1.0,
    CodePage.EASTERN: 0.98,
    CodePage.WESTERN_DOS: 0.95,
    CodePage.WESTERN_MAC: 0.945,
    CodePage.TURKISH_DOS: 0.94,
    CodePage.EASTERN_DOS: 0.93,
}


def _has_signs(token: str) -> bool:
    """Whether a sign that is no letter, mark or joiner stands in a word."""
    foreign = (sign for sign in token if sign > "\x7f" and sign not in "\u200c\u200d’ʼ")
    return any(unicodedata.category(sign)[0] not in "LM" for sign in foreign)


def _is_half_latin(token: str) -> bool:
    return any("a" <= letter <= "z" for letter in token.lower())


def _arabic(word: str) -> float:
    if not all("\u0620" <= letter <= "\u06d3" for letter in word):
        return 0.0
    return 0.4 + 0.6 * sum(letter in _COMMON_ARABIC for letter in word) / len(word)


def _cyrillic(word: str) -> float:
    return _cased(word, "\u0400", "\u04ff", _CYRILLIC_VOWELS, _RARE_CYRILLIC)


def _greek(word: str) -> float:
    return _cased(word, "\u0386", "\u03ce", _GREEK_VOWELS, frozenset())


def _cased(word: str, first: str, last: str, vowels: frozenset[str], rare: frozenset[str]) -> float:
    """A word of an alphabet with small and great letters; a wrong one has no vowels, or many rare letters."""
    if not all(first <= letter <= last for letter in word):
        return 0.0
    lower = word.lower()
    share = sum(letter in vowels for letter in lower) / len(word)
    plausible = 1.0 if len(word) < 4 or 0.2 <= share <= 0.75 else 0.5
    plausible *= 1 - sum(letter in rare for letter in lower) / len(word)
    rest = word[1:]
    if word[0].isupper() and (rest.islower() or rest.isupper() or not rest):
        return plausible
    return plausible / 2 if word.islower() else 0.0


def _latin(word: str, letters: frozenset[str]) -> float:
    foreign = [letter for letter in word if letter > "\x7f"]
    upper_inside = any(one.islower() and other.isupper() for one, other in itertools.pairwise(word))
    if upper_inside or _GREAT_INSIDE.search(word) or not all(letter < "\u0250" for letter in foreign):
        return 0.0
    return sum(letter in letters for letter in foreign) / len(foreign)
