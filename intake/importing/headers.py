"""What a column of a list can mean here, and the names offices give such columns in German and English."""

import re
from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii
from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetField(models.TextChoices):
    """Where the values of a column go."""

    IGNORE = "ignore", _("do not import")
    SURNAME = "surname", _("Surname")
    GIVEN_NAME = "given_name", _("Given name")
    FULL_NAME = "full_name", _("Surname, given name in one column")
    BIRTH_DATE = "birth_date", _("Date of birth")
    GENDER = "gender", _("Gender")
    NATIONALITY = "nationality", _("Nationality")
    FAMILY_KEY = "family_key", _("Family (same sign = same family)")
    FAMILY_HEAD = "family_head", _("Head of family (yes/no)")
    ARRIVED_ON = "arrived_on", _("Arrival in Germany")
    ASSIGNED_ON = "assigned_on", _("Allocation to the municipality")
    ACCOMMODATION = "accommodation", _("Accommodation (name)")
    STREET = "street", _("Street and number")
    POSTCODE = "postcode", _("Postcode")
    TOWN = "town", _("Town")
    RESIDENCE_STATUS = "residence_status", _("Residence status")
    RESIDENCE_UNTIL = "residence_until", _("Residence status valid until")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    LANGUAGES = "languages", _("Language(s)")
    SOURCE = "source", _("Way of access")
    EXTERNAL_NUMBER = "external_number", _("Number at the sending office")
    RUNNING_NUMBER = "running_number", _("Running number in the list")
    MANAGER = "manager", _("Running case: responsible manager")
    COUNSELLED_SINCE = "counselled_since", _("Running case: counselled since")
    INTENSITY = "intensity", _("Running case: intensity")
    LAST_TALK = "last_talk", _("Running case: last talk")
    NEXT_REVIEW = "next_review", _("Running case: next review")


DATE_FIELDS = frozenset(
    {
        TargetField.BIRTH_DATE,
        TargetField.ARRIVED_ON,
        TargetField.ASSIGNED_ON,
        TargetField.RESIDENCE_UNTIL,
        TargetField.COUNSELLED_SINCE,
        TargetField.LAST_TALK,
        TargetField.NEXT_REVIEW,
    }
)
# Their days lie ahead, so that a year of two digits is one of this century.
AHEAD_FIELDS = frozenset({TargetField.RESIDENCE_UNTIL, TargetField.NEXT_REVIEW})


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def normalise_header(text: str) -> str:
    """``Staatsang.`` and ``STAATSANG`` → ``staatsang``; umlauts spelt out, signs become single blanks."""
    plain = anyascii(text.replace("\u00ad", "").lower().translate(_UMLAUTS)).lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


_NAMES: dict[TargetField, str] = {
    TargetField.SURNAME: (
        "name|nachname|familienname|zuname|fam name|surname|last name|lastname|family name|name nachname"
    ),
    TargetField.GIVEN_NAME: (
        "vorname|vornamen|vorname n|rufname|first name|firstname|given name|given names|forename"
    ),
    TargetField.FULL_NAME: (
        "name vorname|nachname vorname|familienname vorname|last name first name|surname given name"
    ),
    TargetField.BIRTH_DATE: (
        "geb am|geb|geboren|geboren am|geburtsdatum|geburtstag|geb datum|gebdatum|gebdat|geb dat|"
        "geburtsjahr|jahrgang|geburt|geburt am|geburt datum|tag der geburt|"
        "dob|date of birth|birth date|birthdate|birthday|born|born on|year of birth"
    ),
    TargetField.GENDER: "geschl|geschlecht|m w|m w d|w m d|anrede|sex|gender",
    TargetField.NATIONALITY: (
        "staatsang|staatsangehoerigkeit|staatsang k|sta|stang|nationalitaet|nation|herkunftsland|"
        "herkunftsstaat|"
        "nationality|citizenship|country|country of origin"
    ),
    TargetField.FAMILY_KEY: (
        "hh|hh nr|bg|bg nr|bedarfsgemeinschaft|"
        "familienverband|familie|fam verband|famverband|familien nr|familiennummer|fam nr|familienkennung|"
        "familien id|fam id|"
        "haushalt|"
        "haushaltsnummer|family|family id|family no|family number|household|household id"
    ),
    TargetField.FAMILY_HEAD: (
        "familienoberhaupt|haushaltsvorstand|bezugsperson|hv|head of family|head of household|family head"
    ),
    TargetField.ARRIVED_ON: (
        "einreise|einreisedatum|einreise am|einreise d|einreise in d|einreise nach d|eingereist|"
        "eingereist am|"
        "ankunft|ankunft am|ankunft in d|ankunft in deutschland|ankunftsdatum|"
        "arrival|arrived|arrived on|arrival date|date of arrival|date of entry|entry date"
    ),
    TargetField.ASSIGNED_ON: (
        "zuweisung|zuweisung am|zuweisungsdatum|zugewiesen|zugewiesen am|zuteilung|zuteilung am|zugang am|"
        "assigned|assigned on|assignment|assignment date|allocation|allocated on|allocation date|"
        "date of allocation"
    ),
    TargetField.ACCOMMODATION: (
        "unterkunft|unterbringung|unterkunft name|einrichtung|wohnheim|objekt|accommodation|shelter|"
        "facility|housing"
    ),
    TargetField.STREET: (
        "strasse|str|strasse nr|strasse hausnummer|strasse hausnr|strasse und hausnummer|anschrift|adresse|"
        "street|address|street address"
    ),
    TargetField.POSTCODE: "plz|postleitzahl|zip|zip code|postcode|postal code",
    TargetField.TOWN: "plz ort|plz und ort|plz wohnort|ort|wohnort|stadt|gemeinde|ortsteil|city|town|place",
    TargetField.RESIDENCE_STATUS: (
        "aufenthaltsstatus|aufenthaltstitel|aufenthalt|status|titel|titel art|art des titels|art des aufenthaltstitels|"
        "aufenthaltstitel art|aufenthalt art|ausl status|residence status|"
        "residence permit|"
        "permit|legal status"
    ),
    TargetField.RESIDENCE_UNTIL: (
        "gueltig bis|ae bis|ae gueltig bis|"
        "titel gueltig bis|aufenthalt bis|aufenthaltstitel bis|befristet bis|befristung|"
        "gueltigkeit|gueltig|gilt bis|gilt fort bis|titel bis|aufenthalt gueltig bis|aufenthaltsstatus bis|status bis|"
        "status gueltig bis|aufenthaltstitel gueltig bis|aufenthaltsstatus gueltig bis|ablauf|ablaufdatum|"
        "ablauf am|laeuft ab|laeuft ab am|duldung bis|gestattung bis|gueltigkeitsdatum|titel befristet bis|"
        "valid until|valid to|expires|expiry|permit valid until"
    ),
    TargetField.PHONE: (
        "telefon|tel|tel handy|tel mobil|telefon handy|handy tel|handy telefon|"
        "tel privat|telefon privat|telefonnummer|telefon nr|tel nr|mobil|mobiltelefon|mobilnummer|handy|handynummer|"
        "mobil nr|mobilfunk|festnetz|"
        "rufnummer|"
        "phone|phone number|mobile|mobile phone|cell phone|telephone"
    ),
    TargetField.EMAIL: (
        "e mail|email|mail|e mail adresse|email adresse|mailadresse|email address|e mail address"
    ),
    TargetField.LANGUAGES: (
        "sprache|sprachen|muttersprache|sprachkenntnisse|spricht|language|languages|mother tongue|"
        "first language"
    ),
    TargetField.SOURCE: "zugangsweg|zugangsart|zugang ueber|source|access|referred by",
    TargetField.EXTERNAL_NUMBER: (
        "aktenzeichen|az|bamf az|bamf aktenzeichen|pers nr|persnr|"
        "personennummer|personen nr|personen id|kennnummer|kenn nr|ordnungsnummer|"
        "externe nummer|label|"
        "id|person id|reference|reference number|case number|external number"
    ),
    TargetField.RUNNING_NUMBER: (
        "lfd nr|lfdnr|lfd|lfd no|laufende nummer|nr|pos|position|no|number|running number|row"
    ),
    TargetField.MANAGER: (
        "integrationsmanager|integrationsmanagerin|integrationsmanagement|im|zustaendig|zustaendige person|"
        "zustaendigkeit|zustaendiger im|zustaendige im|zustaendiges im|betreuer|betreuerin|berater|beraterin|"
        "betreut von|beraten von|fallmanager|fallmanagerin|fallfuehrung|"
        "manager|case manager|counsellor|responsible|responsible person"
    ),
    TargetField.COUNSELLED_SINCE: (
        "beratungsbeginn|beratung seit|in beratung seit|beginn beratung|beginn der beratung|beratung beginn|"
        "erstgespraech|erstgespraech am|erstberatung|erstberatung am|erstes gespraech|betreuung seit|"
        "beginn betreuung|betreuungsbeginn|in betreuung seit|fallbeginn|betreut seit|beraten seit|"
        "counselling start|counselled since|counselling since|first talk"
    ),
    TargetField.INTENSITY: (
        "intensitaet|beratungsintensitaet|betreuungsintensitaet|intensitaetsstufe|beratungsstufe|"
        "intensity|counselling intensity"
    ),
    TargetField.LAST_TALK: (
        "letztes gespraech|letztes gespraech am|letzter kontakt|letzter kontakt am|letzte beratung|"
        "letzte beratung am|letztgespraech|zuletzt gesprochen|zuletzt beraten|"
        "last talk|last contact|last consultation"
    ),
    TargetField.NEXT_REVIEW: (
        "naechste ueberpruefung|naechste ueberpruefung am|ueberpruefung am|ueberpruefung|naechste pruefung|"
        "naechster review|review|review am|wiedervorlage ueberpruefung|naechste planueberpruefung|"
        "hilfeplan ueberpruefung|next review|review on|review date"
    ),
    # Known, and left out on purpose: remarks about people are not taken over from a list, and there is no
    # field for religion or ethnicity. The register number of foreigners is bound by law to purposes this
    # service does not have.
    TargetField.IGNORE: (
        "bemerkung|bemerkungen|anmerkung|anmerkungen|notiz|notizen|hinweis|hinweise|kommentar|sonstiges|"
        "remark|remarks|"
        "note|notes|comment|comments|geburtsort|geburt ort|geburtsland|geburt land|place of birth|birthplace|"
        "birth place|country of birth|religion|konfession|volkszugehoerigkeit|ethnie|ethnicity|azr|azr nr|"
        "azr nummer"
    ),
}  # fmt: skip

FIELD_BY_HEADER: dict[str, TargetField] = {
    name: field for field, names in _NAMES.items() for name in names.split("|")
}


def _squeezed(words: Iterable[str]) -> str:
    """Without blanks, and numbers by one word: "Geburts- datum" is "geburtsdatum", "Handy-Nr." "handynummer"."""
    return "".join("nummer" if word in ("nr", "no", "num") else word for word in words)


_SQUEEZED = {_squeezed(name.split()): field for name, field in FIELD_BY_HEADER.items()}

# Longer texts are sentences; a name with its addition in brackets is shorter.
LONGEST_HEADER = 120
# Below this length a name is too common a beginning ("Name der Unterkunft" is no surname).
MIN_PREFIX = 6
SHORTEST_ABBREVIATION = 3
MOST_ABBREVIATED = 3
BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
# Behind a known name: it is about somebody else, or the column holds the name the other way round.
_ABOUT_OTHERS = re.compile(
    r"\b(des|der|vom|von|betreu\w*|kind\w*|ehe\w*|partner\w*|vater\w*|mutter\w*|vermiet\w*|ansprech\w*|kontakt\w*|"
    r"arzt\w*|schul\w*|vormund\w*|arbeitgeb\w*|sachbearbeit\w*|mitarbeit\w*|ehrenamt\w*|pat(?:e|in|en)|buerg\w*|"
    r"hausmeist\w*|traeger\w*|name|nachname|zuname|familienname)\b"
)
# A letter that another program could not write became a question mark.
_WORD = re.compile(r"[a-z0-9]+(?:\?[a-z0-9]+)*\.?")


@lru_cache(maxsize=4_096)
def field_for_header(text: str) -> TargetField | None:
    """The field a column name stands for, None when unknown.

    Broken words ("Geburts- datum"), abbreviations ("Staatsangeh."), a number behind ("Sprache 2") and an addition in
    brackets or behind a known name are understood.
    """
    if len(text) > LONGEST_HEADER:
        return None
    whole = exact_field(text)
    if whole is not None:
        return whole
    words = normalise_header(text).split()
    plain = normalise_header(BRACKETS.sub(" ", text)).split()
    while len(plain) > 1 and plain[-1].isdigit():
        plain.pop()
    shorter = FIELD_BY_HEADER.get(" ".join(plain)) or _SQUEEZED.get(_squeezed(plain))
    if shorter is not None:
        return shorter
    for length in range(len(words) - 1, 0, -1):
        beginning, rest = " ".join(words[:length]), " ".join(words[length:])
        if _ABOUT_OTHERS.search(rest):
            return None
        if len(beginning) >= MIN_PREFIX and beginning in FIELD_BY_HEADER:
            return FIELD_BY_HEADER[beginning]
    return _abbreviated(text)


def exact_field(text: str) -> TargetField | None:
    """The field whose name this is, however its words are divided."""
    if len(text) > LONGEST_HEADER:
        return None
    words = normalise_header(text).split()
    return FIELD_BY_HEADER.get(" ".join(words)) or _SQUEEZED.get(_squeezed(words))


def _abbreviated(text: str) -> TargetField | None:
    """The field whose name has every word that ends with a full stop as a beginning; the shortest one decides."""
    plain = anyascii(BRACKETS.sub(" ", text).lower().translate(_UMLAUTS)).lower()
    words = [word for word in _WORD.findall(plain) if not word.isdigit()]
    short = [word for word in words if "?" in word or (word.endswith(".") and word != "nr.")]
    if not 0 < len(short) <= MOST_ABBREVIATED or any(len(word) <= SHORTEST_ABBREVIATION for word in short):
        return None
    pattern = re.compile("".join(_beginning(word) for word in words))
    found = [(len(name), name, field) for name, field in _SQUEEZED.items() if pattern.fullmatch(name)]
    return min(found)[2] if found else None


def _beginning(word: str) -> str:
    if word in ("nr", "nr.", "no", "no."):
        return "nummer"
    letters = word.removesuffix(".").replace("?", "[a-z]{1,2}")
    return letters + "[a-z]*" if word.endswith(".") else letters


def is_known_header(text: str) -> bool:
    """Whether this cell is one of the column names we know, including those left out on purpose."""
    return field_for_header(text) is not None
