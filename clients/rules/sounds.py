"""How a written name sounds, read from the original letters of its script, and under which keys it is filed.

A word becomes a string of sounds, one character each: small letters for what they stand for, capitals for sounds that
Latin letters write in several ways or that leave open which one is meant. ``keys`` reduces it to the consonants that
every script writes; ``likeness`` compares the sounds one by one. Georgian, Armenian, Greek, Ge'ez and all other scripts
are transliterated first.

H kh · K ch (kh, tsh or sh) · S sh · Q tsh · C ts · W shtsh · Z zh · J dzh · j German or English j · c any c · Y g
before e and i · X ks or Kurdish x · T th · D dh, ض, ظ · G gh · A a vowel that is not told · I, U long vowels.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from anyascii import anyascii
from rapidfuzz import fuzz

MOST_KEYS = 8
MOST_LETTERS = 40
LONGEST_KEY = 40
# Words without a key in common are compared sound by sound only when they are spelled about as much alike.
COMPARABLE = 85.0

_VOWELS = "aeiouAIU"

_ARABIC = {
    **dict(zip("ابتحخدرزسشعفقكلمنهويىة", "abthHdrzsSAfqklmnhUIaa", strict=True)),
    **dict(zip("أإآٱئؤثجذصضطظغ", "AiaaIUTJDsDtDG", strict=True)),
    **dict(zip("پچژگکیېڤٹڈڑںہھےەۆێۇۋڕڵټډړښڼۍ", "bQZgkIIwtdrnhhIeoeuwrltdrSnI", strict=True)),
}
_CYRILLIC = {
    **dict(zip("абвгґдеєжзиіїйклмнопрстуўфхцчшщыэё", "abwggdeeZziiIIklmnoprstuufHCQSWiee", strict=True)),
    **dict(zip("әқғҳһӯҷңөүұјљњћђџӣ", "ekghhuJnouuIlnQJJi", strict=True)),
    "ю": "iu",
    "я": "ia",
    "ь": "",
    "ъ": "",
}
# Latin letters whose mark changes the sound; all other marks are dropped.
_MARKED = {
    **dict(zip("şšșśçčćžżźđțţıəłäøæ", "SSSSQQQZZZJCCieleoe", strict=True)),
    "ß": "ss",
}
# One after the other: longer clusters stand before the letters they contain.
_LATIN = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("schtsch|shch|stsch|szcz|šč|SQ", "W"),
        ("tsch|tch|tsh|cz|tx", "Q"),
        ("dsch|dzh|dj|xh|dZ", "J"),
        ("sch|sh|sz", "S"),
        ("zh", "Z"),
        ("chr", "kr"),
        ("ch", "K"),
        ("ck", "k"),
        ("kh", "H"),
        ("gh", "G"),
        ("gue", "ge"),
        ("g(?=[ei])", "Y"),
        ("ph", "f"),
        ("th", "T"),
        ("dh", "D"),
        ("ts|tz", "C"),
        ("dz|ds(?=[aeiou])", "z"),
        ("ou(?=[aeiou])", "w"),
        ("ou|oo|uu", "U"),
        ("oe", "o"),
        ("ue", "u"),
        ("ee|ie(?![aeiou])", "I"),
        ("ij(?![aeiou])|iy|yi|yj|yy|ii", "I"),
        ("(?<=[aeou])[iy](?![aeiou])", "I"),
        ("ae", "e"),
        ("y", "i"),
        ("v", "w"),
        ("x|ks", "X"),
    )
)
_ANY_SCRIPT = ((re.compile("ks"), "X"), (re.compile("dZ"), "J"), (re.compile("[iI]{2,}"), "I"))
_DOUBLED = re.compile(r"(.)\1+")
# "Abd", "Abdul", "Abdel" and عبد ال before the name of God they belong to.
_SERVANT = re.compile(f"^[aAe]bd(?:[{_VOWELS}]?l(?=.))?")
_ARTICLE = {False: re.compile("^[ae]l(?=.{4})"), True: re.compile("^Al(?=.{3})")}
# Before a sun letter the article takes its sound: Assabbagh, Annasser.
_SUN_ARTICLE = re.compile(r"^[ae](?=([dlnrstz])\1.{3})")

# Forms of one name that differ by more than spelling: Ukrainian, Russian, German.
_FORMS_OF_ONE_NAME = (
    "Mohd Mohammed Mhd",
    "Mykola Nikolai Nikolaj",
    "Mykyta Nikita",
    "Mykhailo Michail Mikhail Michael",
    "Olena Elena Jelena Helena",
    "Oleksii Alexei Aleksey Oleksij",
    "Hanna Anna Ganna",
    "Kateryna Ekaterina Jekaterina Katharina",
    "Yevhen Evgeny Evgeni Jewgeni Yevgeny Eugen",
    "Yevheniia Evgenia Jewgenija Yevgeniya Eugenia",
    "Petro Pyotr Petr Pjotr Peter",
    "Fedir Fedor Fjodor Fyodor Theodor",
    "Pavlo Pavel Paul",
    "Nadiia Nadezhda Nadeschda",
    "Yosyp Iosif Josif Josef",
    "Yakiv Yakov Jakow Jakob",
    "Liubov Ljubow Lyubov",
    "Heorhii Georgi Georgij Heorhij",
)

_CHOICES = {
    **dict.fromkeys("sSQCW", ("s",)),
    # ض and ظ are d in one land and z in the next: Ramadan, Ramazan.
    "z": ("s", "t"),
    **dict.fromkeys("hHw" + _VOWELS, ("",)),
    **dict.fromkeys("kq", ("k",)),
    **dict.fromkeys("gG", ("k", "")),
    **dict.fromkeys("TD", ("t", "s")),
    **dict.fromkeys("dt", ("t",)),
    **dict.fromkeys("bp", ("b",)),
    "K": ("", "s"),
    "Z": ("s", "j"),
    "J": ("j",),
    "j": ("j", ""),
    "c": ("k", "s", "j"),
    "Y": ("k", "", "j"),
    "X": ("ks", ""),
}


class Sound(NamedTuple):
    """The sounds of a word; ``is_short`` when its script leaves short vowels out."""

    sounds: str
    is_short: bool = False


def _read(word: str) -> Sound:
    """The sounds of the letters one after the other, with what doubled letters say still in it."""
    first = next((letter for letter in word if letter.isalpha()), "")
    if first in _ARABIC:
        sounds = "".join(_ARABIC.get(letter) or _plain(letter) for letter in word.removeprefix("ئ"))
        # An initial alif stands for any vowel, an initial waw for the consonant, a final h for -a or -e.
        sounds = re.sub(f"(?<=[^{_VOWELS}])h$", "a", re.sub("^U", "w", re.sub("^a", "A", sounds)))
        return Sound(sounds, is_short=True)
    if first in _CYRILLIC:
        sounds = "".join(_CYRILLIC[letter] if letter in _CYRILLIC else _plain(letter) for letter in word)
    else:
        sounds = "".join(_MARKED.get(letter) or _plain(letter) for letter in word)
        for pattern, sound in _LATIN:
            sounds = pattern.sub(sound, sounds)
    return Sound(sounds)


def _plain(letter: str) -> str:
    return "".join(sign for sign in anyascii(letter).lower() if "a" <= sign <= "z")


def _heard(word: str) -> Sound:
    read = _read(word)
    sounds = read.sounds
    for pattern, sound in _ANY_SCRIPT:
        sounds = pattern.sub(sound, sounds)
    return Sound(_DOUBLED.sub(r"\1", sounds)[:MOST_LETTERS], read.is_short)


@lru_cache(maxsize=16_384)
def forms(word: str) -> tuple[Sound, ...]:
    """What a word may be heard as: with the article written into it, and without.

    Returns an empty tuple for a word without a letter that sounds.
    """
    lower = unicodedata.normalize("NFKC", word).lower()
    composed = unicodedata.normalize("NFC", lower.replace("\u0307", ""))
    heard = _heard(composed)
    if not heard.sounds:
        return ()
    if (servant := _SERVANT.match(heard.sounds)) is not None:
        return (Sound("abd" + heard.sounds[servant.end() :], heard.is_short),)
    bare = _ARTICLE[heard.is_short].sub("", heard.sounds)
    if bare == heard.sounds and (sun := _SUN_ARTICLE.match(composed)) is not None:
        bare = _heard(composed[sun.end() + 1 :]).sounds
    others = {bare: heard.is_short, _ONE_NAME.get(_flat(heard.sounds), heard.sounds): heard.is_short}
    return (heard, *(Sound(*other) for other in others.items() if other[0] != heard.sounds))


def _flat(sounds: str) -> str:
    return sounds.replace("I", "i").replace("U", "u").replace("j", "i")


_ONE_NAME = {
    _flat(_heard(form.lower()).sounds): _heard(forms_of_it.split()[1].lower()).sounds
    for forms_of_it in _FORMS_OF_ONE_NAME
    for form in forms_of_it.split()
}


@lru_cache(maxsize=16_384)
def keys(word: str) -> frozenset[str]:
    """The consonants of a word as every script writes them; several where letters leave open what they stand for.

    Two spellings of one name share at least one. Empty only for a word without a letter that sounds.
    """
    return frozenset(key for form in forms(word) for key in _keys(form.sounds))


def _keys(sounds: str) -> list[str]:
    lead: tuple[str, ...] = ("",)
    if sounds[0] in _VOWELS:
        lead = ("a",)
    elif sounds[0] == "w":
        lead = ("w",)
    elif sounds[0] == "j" or (sounds[0] == "c" and sounds[1:2] in tuple(_VOWELS)):
        # German j is the vowel of Yusuf; Somali c is ع and silent in German ears.
        lead = ("", "a")
    found = []
    for start in lead:
        rest = sounds[1:] if start else sounds
        choices = [(start,), *(_CHOICES.get(sound, (sound,)) for sound in rest)]
        if rest.endswith("c"):
            choices[-1] = ("", *choices[-1])
        # The first choices of all letters first: the many readings of a long word are cut.
        read = ("".join(chosen) for chosen, _n in zip(product(*choices), range(MOST_KEYS), strict=False))
        found += list(read)
    # A word of weak letters alone, as Hoa, has no other key.
    return [key[:LONGEST_KEY] for key in found if key] or ["h"]


@lru_cache(maxsize=65_536)
def likeness(one: str, other: str) -> float:
    """How like two words sound, 0 to 1. Symmetric; 0 where comparing sound by sound would be in vain."""
    best = 0.0
    related = not keys(one).isdisjoint(keys(other))
    for here, there in product(forms(one), forms(other)):
        if here.sounds == there.sounds:
            return 1.0
        if not related and fuzz.ratio(here.sounds, there.sounds) < COMPARABLE:
            continue
        first, second = sorted((here, there))
        cost = _distance(first, second)
        best = max(best, 1 - cost / max(len(first.sounds), len(second.sounds)))
    return best


@lru_cache(maxsize=65_536)
def begins(typed: str, word: str) -> float:
    """How much the beginning of a word sounds like the letters typed so far, 0 to 1; 0 for less than three sounds."""
    best = 0.0
    for here, there in product(forms(typed), forms(word)):
        if len(here.sounds) > 2:
            best = max(best, 1 - _distance(here, there, is_open=True) / len(here.sounds))
    return best


def _distance(one: Sound, other: Sound, *, is_open: bool = False) -> float:
    """What the cheapest way from one string of sounds to the other costs (Levenshtein, weighed by sound).

    Args:
        is_open: to any beginning of the other.
    """
    vowels_told = not (one.is_short or other.is_short)
    drop_one = [_drop(one.sounds, place, vowels_told or one.is_short) for place in range(len(one.sounds))]
    drop_other = [
        _drop(other.sounds, place, vowels_told or other.is_short) for place in range(len(other.sounds))
    ]
    row = [0.0]
    for cost in drop_other:
        row.append(row[-1] + cost)
    for here, sound in enumerate(one.sounds):
        above, row = row, [row[0] + drop_one[here]]
        for there, counterpart in enumerate(other.sounds):
            row.append(
                min(
                    above[there] + _change(sound, counterpart),
                    above[there + 1] + drop_one[here],
                    row[there] + drop_other[there],
                )
            )
    return min(row) if is_open else row[-1]


def _drop(sounds: str, place: int, is_told: bool) -> float:
    """What it costs that a sound has no counterpart.

    Args:
        is_told: short vowels are written on the other side too.
    """
    sound = sounds[place]
    if place > 1 and sounds[place:] in ("a", "A", "ah", "eh"):
        # The ending that makes Karim to Karima, and Amin to Amineh.
        return 1.0
    if place > 1 and sounds[place:] in ("i", "I"):
        # The ending that makes of Aziz a family Azizi.
        return 0.8
    if place == 0 and sound in _VOWELS and (sound not in "iIA" or sounds[1:2] not in tuple(_VOWELS)):
        # A name that begins with a vowel is another one: Ahmed, Hamid; but Yelena may be Elena.
        return 0.8
    if place and sound == "j" and sounds[place - 1] in "iI":
        return 0.1
    if sound in "aeiou":
        return 0.4 if is_told else 0.06
    return _DROPPED.get(sound, 1.0)


_DROPPED = {"A": 0.15, "I": 0.8, "U": 0.8, "h": 0.15, "H": 0.6, "K": 0.6, "w": 0.4, "c": 0.5, "j": 0.5}
_CHANGED = {
    0.0: "cj cK cQ cJ cC cq jJ jZ ji jI iI uU Gg Yg XH KH KQ Ts Tt Dd Dz kq",
    0.1: "Aa Ae Ai Ao Au AI AU Xh Hh Kh wU wu JZ KS WS Gq gq ou YG YJ Yj",
    0.15: "ae ei eI oU sz Zz zC WQ",
    0.2: "cs cS Kk Gk gh Yh pf TD Gh zJ",
    0.25: "dz gk Yk Yq CQ sC SQ SZ TC",
    0.3: "dt bp Hk Tz sS Ds JQ Dt wf JS",
    0.4: "ao eo eu Xk bw wo",
    0.5: "au eU nm",
    0.6: "iu io iU oI uI IU",
    0.8: "ai aI aU",
}
_COST = {frozenset(pair): cost for cost, pairs in _CHANGED.items() for pair in pairs.split()}


def _change(one: str, other: str) -> float:
    return 0.0 if one == other else _COST.get(frozenset((one, other)), 1.0)
