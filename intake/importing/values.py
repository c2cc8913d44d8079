"""Read single cells: what a German or English list says, as the codes of the value lists.

Every function returns None (or leaves out) what it does not understand; guessing would put a wrong fact into
a file.
"""

import re
from collections.abc import Mapping
from functools import cache

from anyascii import anyascii
from babel import Locale

from clients.choices import PointKind
from clients.rules.names import normalise_phone

STATELESS = "stateless"
UNCLEAR = "unclear"

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def plain(text: str) -> str:
    """Lower-case ASCII words separated by single blanks; umlauts spelt out, signs dropped."""
    folded = anyascii(text.lower().translate(_UMLAUTS)).lower()
    return re.sub(r"[^a-z0-9]+", " ", folded).strip()


def _table(entries: Mapping[str, str]) -> dict[str, str]:
    return {plain(name): code for code, names in entries.items() for name in names.split("|")}


# --- gender ---------------------------------------------------------------------------------------

_GENDERS = _table(
    {
        "m": "m|männlich|maennl|mann|herr|male|man",
        "f": "w|weiblich|weibl|frau|f|female|woman",
        "d": "d|divers|diverse|x|nonbinary|other",
    }
)


def read_gender(text: str) -> str | None:
    """The gender code, or None when the list says nothing usable."""
    return _GENDERS.get(plain(text))


# --- nationality ----------------------------------------------------------------------------------

# Names and shortenings on official lists that differ from the usual country name.
_OTHER_COUNTRY_NAMES = _table(
    {
        STATELESS: "staatenlos|stateless|ohne staatsangehörigkeit|xxa",
        UNCLEAR: "ungeklärt|unklar|unbekannt|unknown|unclear|k a|keine angabe|xxx",
        "SY": "syrer|syrisch|arabische republik syrien|syrian arab republic|syr arab rep",
        "AF": "afghanisch|islamische republik afghanistan",
        "IQ": "irakisch|iraq",
        "IR": "iranisch|islamische republik iran|islamic republic of iran",
        "TR": "türkisch|turkey|turkei",
        "DE": "deutsch|d|bundesrepublik deutschland|brd",
        "ER": "eritreisch",
        "GM": "gambisch|the gambia",
        "NG": "nigerianisch",
        "SO": "somalisch",
        "UA": "ukrainisch",
        "RU": "russische föderation|russisch|russian federation",
        "XK": "kosovarisch|republik kosovo",
        "RS": "serbisch",
        "MK": "mazedonien|makedonien|macedonia",
        "MD": "moldau|moldawien|moldova",
        "GE": "georgisch",
        "PK": "pakistanisch",
        "LK": "sri lanka|srilankisch",
        "CM": "kamerunisch",
        "CD": "dr kongo|demokratische republik kongo|kongo dem rep|dr congo|democratic republic of the congo",
        "CG": "kongo|republik kongo|congo",
        "CI": "elfenbeinküste|ivory coast|cote d ivoire",
        "PS": "palästina|palestine|palästinensisch",
        "BA": "bosnien|bosnien herzegowina|bosnia",
        "VN": "vietnamesisch|viet nam",
        "CN": "volksrepublik china|vr china",
        "BY": "weissrussland",
        "GB": "grossbritannien|great britain|england",
        "US": "usa|vereinigte staaten von amerika",
        "CZ": "tschechische republik|czech republic",
        "CV": "kap verde|cape verde",
        "MM": "birma|burma",
        "TL": "osttimor|east timor",
        "SZ": "swasiland|swaziland",
    }
)
_ALPHA3 = {
    "SYR": "SY", "AFG": "AF", "IRQ": "IQ", "IRN": "IR", "TUR": "TR", "DEU": "DE", "ERI": "ER", "GMB": "GM",
    "NGA": "NG", "SOM": "SO", "UKR": "UA", "RUS": "RU", "XKX": "XK", "RKS": "XK", "SRB": "RS", "MKD": "MK",
    "MDA": "MD", "GEO": "GE", "PAK": "PK", "LKA": "LK", "CMR": "CM", "COD": "CD", "ALB": "AL", "ETH": "ET",
    "SDN": "SD", "TGO": "TG", "GIN": "GN", "MLI": "ML", "SEN": "SN", "GHA": "GH", "CHN": "CN", "IND": "IN",
    "VNM": "VN", "MAR": "MA", "DZA": "DZ", "TUN": "TN", "EGY": "EG", "LBN": "LB", "JOR": "JO", "YEM": "YE",
    "LBY": "LY", "ARM": "AM", "AZE": "AZ", "BIH": "BA", "VEN": "VE", "COL": "CO", "PSE": "PS", "BLR": "BY",
    "KAZ": "KZ", "TJK": "TJ", "UZB": "UZ", "CIV": "CI", "BFA": "BF", "SLE": "SL",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in ("en", "de"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "ZZ", "XA", "XB"):
                known[plain(name)] = code
                known[code.lower()] = code
    known.update({alpha3.lower(): code for alpha3, code in _ALPHA3.items()})
    # Last, because "d" and "kongo" mean something else there.
    known.update(_OTHER_COUNTRY_NAMES)
    return known


def read_nationality(text: str) -> str | None:
    """ISO 3166 alpha-2 code, ``STATELESS`` or ``UNCLEAR``; None when the name is not known.

    With two nationalities ("Syrien / Türkei") the first known one counts.
    """
    known = _countries()
    for part in (text, *re.split(r"[/,;]| und ", text)):
        code = known.get(plain(part))
        if code is not None:
            return code
    return None


# --- languages ------------------------------------------------------------------------------------

_LANGUAGES = _table(
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


def read_languages(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The language codes in a cell in order, and the words that are no language we know."""
    codes: dict[str, None] = {}
    unknown: list[str] = []
    for part in re.split(r"[/,;+&()]|\bund\b|\band\b", text):
        word = plain(part)
        if not word:
            continue
        code = _language_names().get(word)
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
    (r"\bpar 24\b|ukraine|voruebergehender schutz|temporary protection", "ukraine_24"),
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


def read_phones(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The phone numbers in a cell in stored form, and the parts that are no number.

    "0151/123456" is one number.
    """
    whole = normalise_phone(text)
    if whole is not None:
        return (whole,), ()
    numbers: dict[str, None] = {}
    unknown: list[str] = []
    for part in re.split(r"[,;]|\s/\s|\bund\b|\boder\b", text):
        stripped = part.strip()
        if not stripped:
            continue
        number = normalise_phone(stripped)
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


_YES = frozenset({"ja", "j", "x", "yes", "y", "true", "wahr", "1"})


def read_yes(text: str) -> bool:
    """Whether a cell says yes; everything else, the empty cell included, is no."""
    return plain(text) in _YES
