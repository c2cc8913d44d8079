"""Read single cells: what a German or English list says, as the codes of the value lists.

Every function returns None (or leaves out) what it does not understand; guessing would put a wrong fact into
a file.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from anyascii import anyascii
from babel import Locale

from clients.choices import Intensity, PointKind
from clients.rules.names import normalise_phone

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def plain(text: str) -> str:
    """Lower-case ASCII words separated by single blanks; umlauts spelt out, signs dropped."""
    folded = anyascii(text.lower().translate(_UMLAUTS)).lower()
    return re.sub(r"[^a-z0-9]+", " ", folded).strip()


def table(entries: Mapping[str, str]) -> dict[str, str]:
    """Codes by the plain form of every way to write them, which a bar divides."""
    return {plain(name): code for code, names in entries.items() for name in names.split("|")}


_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")

# --- gender ---------------------------------------------------------------------------------------

_GENDERS = table(
    {
        "m": "m|männlich|maennl|mann|herr|hr|herrn|junge|knabe|male|man|boy",
        "f": "w|weiblich|weibl|frau|fr|f|mädchen|female|woman|girl",
        "d": "d|divers|diverse|x|nonbinary|other",
    }
)


def read_gender(text: str) -> str | None:
    """The gender code, or None when the list says nothing usable."""
    signs = {"♂": "m", "♀": "f"}
    return (
        signs.get(text.strip()) or _GENDERS.get(plain(text)) or _GENDERS.get(plain(_BRACKETS.sub(" ", text)))
    )


# --- languages ------------------------------------------------------------------------------------

_LANGUAGES = table(
    {
        "ar": "Arabisch|Arabic|Hocharabisch",
        "uk": "Ukrainisch|Ukrainian",
        "ru": "Russisch|Russian",
        "fa": "Farsi|Persisch|Persian",
        "prs": "Dari|Afghanisch Persisch",
        "ps": "Paschtu|Paschto|Pashto|Pashtu|Paschtunisch",
        "kmr": "Kurmandschi|Kurmanci|Kurmanji|Kurmandji|Kurdisch|Kurdisch Kurmandschi|Kurdish|Nordkurdisch",
        "ckb": "Sorani|Kurdisch Sorani|Zentralkurdisch",
        "ti": "Tigrinya|Tigrinisch|Tigrigna",
        "am": "Amharisch|Amharic",
        "so": "Somali|Somalisch",
        "tr": "Türkisch|Turkish",
        "en": "Englisch|English",
        "fr": "Französisch|French",
        "de": "Deutsch|German",
        "sq": "Albanisch|Albanian",
        "sr": "Serbisch|Serbian",
        "mk": "Mazedonisch|Macedonian",
        "bs": "Bosnisch|Bosnian",
        "hr": "Kroatisch|Croatian",
        "rom": "Romani|Romanes|Romanisch",
        "ka": "Georgisch|Georgian",
        "ha": "Haussa|Hausa",
        "mnk": "Mandinka|Mandingo|Manding",
        "wo": "Wolof",
        "ff": "Fula|Fulfulde|Fulani|Pular|Ful",
        "ig": "Igbo|Ibo",
        "yo": "Yoruba|Joruba",
        "pcm": "Pidgin|Nigerianisches Pidgin",
        "ur": "Urdu",
        "pa": "Pandschabi|Punjabi|Panjabi",
        "ta": "Tamil|Tamilisch",
        "zh": "Chinesisch|Chinese|Mandarin",
        "vi": "Vietnamesisch|Vietnamese",
        "es": "Spanisch|Spanish",
        "pt": "Portugiesisch|Portuguese",
        "it": "Italienisch|Italian",
        "ro": "Rumänisch|Romanian|Moldauisch",
        "hy": "Armenisch|Armenian",
        "az": "Aserbaidschanisch|Azerbaijani|Aseri",
    }
)


@cache
def _language_names() -> dict[str, str]:
    known: dict[str, str] = {}
    for locale in ("en", "de"):
        for code, name in Locale(locale).languages.items():
            if "_" not in code:
                known.setdefault(plain(name), code)
    # "Kurdisch" alone is Kurmanji in this country's lists; CLDR has no entry for it.
    known.update(_LANGUAGES)
    return known


_LEVEL = re.compile(r"\b[ABC][12]\b|\bmuttersprach\w*|\bgrundkenntnisse|\bgut\b|\bfließend", re.IGNORECASE)
_NO_LANGUAGE = frozenset({"keine", "keine angabe", "unbekannt", "k a"})


def _abbreviated_language(word: str) -> str | None:
    """The only language whose name begins so: "arab.", "Kurd."; nothing shorter than three letters."""
    if len(word) < 3 or " " in word:
        return None
    codes = {code for name, code in _LANGUAGES.items() if name.startswith(word) and " " not in name}
    return codes.pop() if len(codes) == 1 else None


def read_languages(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The language codes in a cell in order, and the words that are no language we know."""
    codes: dict[str, None] = {}
    unknown: list[str] = []
    for part in re.split(r"[/,;+&()\n]|\bund\b|\band\b|\su\.\s", text):
        word = plain(_LEVEL.sub(" ", part))
        if not word or word in _NO_LANGUAGE:
            continue
        code = _language_names().get(word) or _abbreviated_language(word)
        if code is None:
            unknown.append(part.strip())
        else:
            codes[code] = None
    return tuple(codes), tuple(unknown)


# --- residence status -----------------------------------------------------------------------------

_PARAGRAPH_25 = re.compile(
    r"\b25(?: abs(?:atz)?)? (?P<paragraph>[1-5]|i{1,3}|iv|v)\b"
    r"(?:(?: (?:s|satz) \d)?(?: alt(?:ernative)?)? (?P<alternative>[12])\b)?"
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_STATUS_WORDS: tuple[tuple[str, str], ...] = (
    (r"chancen|\b104 ?c\b", "chancen_104c"),
    (r"\b25 ?[ab]\b|bleiberecht", "bleibe_25ab"),
    (r"\b60 ?[dc]\b|\b16 ?g\b|ausbildungsduldung|beschaeftigungsduldung", "ausbildung_beschaeftigung"),
    (r"duldung|geduldet|\b60 ?a\b|toleration|tolerated", "duldung"),
    (r"gestattung|\b55 asylg\b|asylum seeker|asylbewerber", "gestattung"),
    (r"fiktion|\bpar 81\b", "fiktion"),
    (r"eu daueraufenthalt|daueraufenthalt eu|\b9 ?a\b|long term resident", "eu_daueraufenthalt"),
    (r"niederlassung|unbefristet|permanent residence|settlement permit", "ne"),
    (r"asylberechtigt|\b16 ?a\b|entitled to asylum", "asyl_16a"),
    (r"subsidiaer|subsidiary", "subs"),
    (r"\bgfk\b|fluechtlingseigenschaft|anerkannter? fluechtling|refugee status|recognised refugee", "gfk"),
    (r"abschiebungsverbot|abschiebeverbot|\b60 (?:abs )?[57]\b|ban on deportation", "abschiebungsverbot"),
    (
        r"\bpar 24\b|\b24 (?:abs 1 )?aufenthg\b|ukraine|voruebergehender schutz|temporary protection",
        "ukraine_24",
    ),
    (
        r"familiennachzug|familienzusammenfuehrung|\bpar (?:2[7-9]|3[0-6])(?: ?ff)?\b|family reunification",
        "familie",
    ),
    (r"eingebuergert|einbuergerung|naturalised", "de_eingebuergert"),
    (r"unbekannt|ungeklaert|unknown", "unbekannt"),
)


def read_residence_status(text: str) -> str | None:
    """The residence status in a cell ("AE § 25 Abs. 2 Alt. 1" → ``gfk``), as `ResidenceStatus` codes it;
    None: unclear.

    § 25 Abs. 2 without an alternative stays unclear: refugee and subsidiary protection differ in their
    rights.
    """
    words = plain(text.replace("§", " par "))
    for pattern, code in _STATUS_WORDS:
        if re.search(pattern, words):
            return code
    found = _PARAGRAPH_25.search(words)
    if found is None:
        return None
    paragraph = _ROMAN.get(found["paragraph"], found["paragraph"])
    if paragraph == "2":
        return {"1": "gfk", "2": "subs"}.get(found["alternative"] or "")
    return {"1": "asyl_16a", "3": "abschiebungsverbot"}.get(paragraph)


# --- contact points -------------------------------------------------------------------------------

_EMAIL = re.compile(r"^[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}$")


_PHONE_WORDS = re.compile(r"^(?:tel(?:efon)?|mobil|handy|fon|phone|whatsapp)[.:\s]+", re.IGNORECASE)
_NO_PHONE = frozenset({"", "0", "kein", "keine", "keines", "keins", "nicht vorhanden", "unbekannt"})
_COUNTRY_FIRST = re.compile(r"49(?:1[567]\d{7,9}|\d{10,})|[1-9]\d{11,14}")


def _phone(text: str) -> str | None:
    """A number in stored form; spreadsheets drop the plus sign or the two zeros before a country."""
    number = _PHONE_WORDS.sub("", text.strip())
    digits = re.sub(r"[\s/.()-]", "", number)
    return normalise_phone(f"+{digits}" if _COUNTRY_FIRST.fullmatch(digits) else number)


def read_phones(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The phone numbers in a cell in stored form, and the parts that are no number.

    "0151/123456" is one number.
    """
    if plain(text) in _NO_PHONE:
        return (), ()
    text = "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)
    whole = _phone(text)
    if whole is not None:
        return (whole,), ()
    numbers: dict[str, None] = {}
    unknown: list[str] = []
    for part in re.split(r"[,;]|\s/\s|\bund\b|\boder\b", text):
        stripped = part.strip()
        if not stripped:
            continue
        number = _phone(stripped)
        if number is None:
            unknown.append(stripped)
        else:
            numbers[number] = None
    return tuple(numbers), tuple(unknown)


# Number blocks of the German mobile networks.
MOBILE_PREFIXES = ("+4915", "+4916", "+4917")


def phone_kind(number: str) -> PointKind:
    """Whether a number in stored form is a mobile phone, which can be written to as well."""
    return PointKind.MOBILE if number.startswith(MOBILE_PREFIXES) else PointKind.PHONE


def read_email(text: str) -> str | None:
    """An e-mail address in lower case, or None."""
    return text.lower() if _EMAIL.match(text) else None


_INTENSITIES = table(
    {
        Intensity.CRISIS: "krise|krisenintervention|akut|notfall|crisis",
        Intensity.INTENSIVE: "intensiv|intensive|hoch|stark|high",
        Intensity.REGULAR: "regelmäßig|regelmaessige|regulär|normal|mittel|regular|medium|standard",
        Intensity.PUNCTUAL: "punktuell|punktuelle|gering|niedrig|bei bedarf|sporadisch|low|punctual",
    }
)


def read_intensity(text: str) -> str | None:
    """The counselling intensity, None when a list calls it otherwise."""
    return _INTENSITIES.get(plain(re.sub(r"(?i)beratung|betreuung|intensität", " ", text)))


_TITLES = frozenset({"frau", "fr", "herr", "hr", "dr"})


def name_key(text: str) -> str:
    """The words of a member of staff's name in any order, without titles: "Berger, Anna" is "Frau Anna Berger"."""
    return " ".join(sorted(set(plain(text).split()) - _TITLES))


_YES = frozenset({"ja", "j", "x", "yes", "y", "true", "wahr", "1"})


def read_yes(text: str) -> bool:
    """Whether a cell says yes; everything else, the empty cell included, is no."""
    return plain(text) in _YES
