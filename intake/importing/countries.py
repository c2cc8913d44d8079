"""Read the country a list names: in German and English, as a code, turned round or abbreviated."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from babel import Locale

from intake.importing.values import plain, table

STATELESS = "stateless"
UNCLEAR = "unclear"

# Names and shortenings on official lists that differ from the usual country name.
_OTHER_COUNTRY_NAMES = table(
    {
        STATELESS: "staatenlos|stateless|ohne staatsangehörigkeit|xxa",
        UNCLEAR: "ungeklärt|unklar|unbekannt|unbek|unknown|unclear|k a|o a|keine angabe|ohne angabe|xxx",
        "SY": "syrer|syrerin|syrisch|arabische republik syrien|syrian|syrian arab republic|syr arab rep",
        "AF": "afghane|afghanin|afghanisch|afghan|islamische republik afghanistan",
        "IQ": "iraker|irakerin|irakisch|iraqi|iraq",
        "IR": "iraner|iranerin|iranisch|iranian|islamische republik iran|islamic republic of iran",
        "TR": "türke|türkin|türkisch|turkish|turkey|turkei",
        "DE": "deutsch|d|bundesrepublik deutschland|brd",
        "ER": "eritreer|eritreerin|eritreisch|eritrean",
        "GM": "gambier|gambierin|gambisch|gambian|the gambia",
        "NG": "nigerianer|nigerianerin|nigerianisch|nigerian",
        "SO": "somalier|somalierin|somalisch|somali",
        "UA": "ukrainer|ukrainerin|ukrainisch|ukrainian",
        "ET": "äthiopier|äthiopierin|äthiopisch|ethiopian",
        "AL": "albaner|albanerin|albanisch|albanian",
        "RU": "russe|russin|russisch|russische föderation|russisch|russian federation",
        "XK": "kosovarisch|republik kosovo",
        "RS": "serbisch",
        "MK": "mazedonien|makedonien|macedonia",
        "MD": "moldau|moldawien|moldova",
        "GE": "georgier|georgierin|georgisch|georgian",
        "KG": "kirgistan|kirgisien|kirgisische republik",
        "PK": "pakistaner|pakistanerin|pakistanisch|pakistani",
        "LK": "sri lanka|srilankisch",
        "CM": "kamerunisch",
        "CD": "dr kongo|demokratische republik kongo|kongo dem rep|dr congo|democratic republic of the congo",
        "CG": "kongo|republik kongo|congo",
        "TW": "republik china|republic of china|china taiwan",
        "CI": "elfenbeinküste|ivory coast|cote d ivoire",
        "PS": "palästina|palestine|palästinensisch|palästinenser|palästinenserin",
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


# Words of official names by which no country differs from another.
_NEUTRAL = frozenset(
    re.findall(
        r"\w+",
        "republik republic rep of the der des und and islamische islamischer islamic arabische arab staat state "
        "koenigreich kingdom sozialistische socialist plurinationaler foederative "
        "foederierte staaten bundesrepublik federal federated states former ehemalige ehemals fr "
        "jugoslawische yugoslav plurinational bolivarische bolivarian united vereinigte occupied besetzte",
    )
)
_LONG = {
    "dem": "demokratische", "demokr": "demokratische", "isl": "islamische", "arab": "arabische", "rep": "republik",
    "democratic": "demokratische", "people": "volks", "peoples": "volks", "volksrepublik": "volks",
    "rd": "demokratische", "ehem": "ehemalige",
}  # fmt: skip
# Names that more than one country begins with: what stands beside them decides, or nobody does.
_SHARED = frozenset(
    {"kongo", "congo", "korea", "sudan", "guinea", "irland", "ireland", "zypern", "samoa", "cyprus", "china"}
)
# Two countries today, whatever the name was.
_PARTED = frozenset({"korea", "serbien und montenegro", "serbien montenegro", "serbia and montenegro"})
_MORE_NAMES = table(
    {
        "KR": "republik korea|republic of korea|südkorea",
        "KP": "demokratische volksrepublik korea|democratic peoples republic of korea|nordkorea",
        "SS": "südsudan|republik südsudan|south sudan",
        "GQ": "äquatorialguinea|republik äquatorialguinea|equatorial guinea",
        "GN": "guinea|republik guinea",
        "GW": "guinea bissau|republik guinea bissau",
        "SD": "sudan|republik sudan",
        "LA": "laos|demokratische volksrepublik laos|lao peoples democratic republic",
        "PS": "palästinensische gebiete|palestinian territory",
    }
)


def _essence(words: Iterable[str]) -> frozenset[str]:
    """The words by which a country differs from others, in any order."""
    spelt = {_LONG.get(word, word) for word in words if len(word) > 1}
    return frozenset(spelt - _NEUTRAL) or frozenset(spelt)


@cache
def _countries_by_essence() -> dict[frozenset[str], str]:
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    for names in (_countries(), _MORE_NAMES):
        for name, code in names.items():
            if len(name) > 3:
                found[_essence(name.split())].add(code)
    return {words: codes.pop() for words, codes in found.items() if len(codes) == 1}


def _abbreviated(word: str) -> str | None:
    """The only country whose name begins so: "afgh.", but not "nig."."""
    codes = {
        code for names in (_countries(), _MORE_NAMES) for name, code in names.items() if name.startswith(word)
    }
    return codes.pop() if len(codes) == 1 else None


def _one_country(text: str) -> str | None:
    """The country of one name: as it is usually written, inverted ("Kongo, Demokratische Republik"), abbreviated."""
    words = re.sub(r"\d+", " ", plain(text)).split()
    known = _countries()
    if " ".join(words) in _PARTED:
        return None
    direct = known.get(" ".join(words)) or _MORE_NAMES.get(" ".join(words))
    if direct is not None or not words or (len(words) == 1 and words[0] in _SHARED):
        return direct
    if 1 < len(words) < 4 and all(len(word) > 2 for word in words):
        # "Süd-Korea", and "Sudan, Süd-", "Guinea (Äquatorial-)"
        for joined in ("".join(words), "".join([*words[1:], words[0]])):
            if joined in known or joined in _MORE_NAMES:
                return known.get(joined) or _MORE_NAMES.get(joined)
    if len(words) == 1 and text.strip().endswith(".") and len(words[0]) > 2:
        return _abbreviated(words[0])
    return _countries_by_essence().get(_essence(words))


def read_nationality(text: str) -> str | None:
    """ISO 3166 alpha-2 code, ``STATELESS`` or ``UNCLEAR``; None when the name is not known.

    A comma or brackets may turn a name round ("Korea, Republik"). With two nationalities ("Syrien / Türkei") the first
    counts, if both are known; a name that several countries share is never completed by guessing.
    """
    whole = _one_country(text)
    if whole is not None:
        return whole
    if plain(text) in _PARTED:
        return None
    parts = [_one_country(part) for part in re.split(r"[/,;+]| und | and ", text) if part.strip()]
    if len(parts) > 1 and all(parts):
        return parts[0]
    before, _bracket, inside = re.sub(r"[\[\]]", "(", text).partition("(")
    if not inside or plain(before) in _SHARED or _one_country(inside.strip(")( ")):
        return None
    return _one_country(before)
