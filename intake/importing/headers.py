"""What a column of a list can mean here, and the names offices give such columns in German and English."""

import re

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


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def normalise_header(text: str) -> str:
    """``Staatsang.`` and ``STAATSANG`` → ``staatsang``; umlauts spelt out, signs become single blanks."""
    plain = anyascii(text.lower().translate(_UMLAUTS)).lower()
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
        "geburtsjahr|jahrgang|"
        "dob|date of birth|birth date|birthdate|birthday|born|born on|year of birth"
    ),
    TargetField.GENDER: "geschl|geschlecht|m w|m w d|w m d|anrede|sex|gender",
    TargetField.NATIONALITY: (
        "staatsang|staatsangehoerigkeit|staatsang k|sta|stang|nationalitaet|nation|herkunftsland|"
        "herkunftsstaat|"
        "nationality|citizenship|country|country of origin"
    ),
    TargetField.FAMILY_KEY: (
        "familienverband|familie|fam verband|famverband|familien nr|familiennummer|fam nr|familienkennung|"
        "haushalt|"
        "haushaltsnummer|family|family id|family no|family number|household|household id"
    ),
    TargetField.FAMILY_HEAD: (
        "familienoberhaupt|haushaltsvorstand|bezugsperson|hv|head of family|head of household|family head"
    ),
    TargetField.ARRIVED_ON: (
        "einreise|einreisedatum|einreise am|einreise d|einreise in d|einreise nach d|eingereist|"
        "eingereist am|"
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
    TargetField.TOWN: "ort|wohnort|stadt|gemeinde|ortsteil|city|town|place",
    TargetField.RESIDENCE_STATUS: (
        "aufenthaltsstatus|aufenthaltstitel|aufenthalt|status|titel|ausl status|residence status|"
        "residence permit|"
        "permit|legal status"
    ),
    TargetField.RESIDENCE_UNTIL: (
        "gueltig bis|titel gueltig bis|aufenthalt bis|aufenthaltstitel bis|befristet bis|befristung|"
        "gueltigkeit|"
        "valid until|valid to|expires|expiry|permit valid until"
    ),
    TargetField.PHONE: (
        "telefon|tel|telefonnummer|telefon nr|tel nr|mobil|mobiltelefon|mobilnummer|handy|handynummer|"
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
        "aktenzeichen|az|personennummer|personen nr|personen id|kennnummer|kenn nr|ordnungsnummer|"
        "externe nummer|label|"
        "id|person id|reference|reference number|case number|external number"
    ),
    TargetField.RUNNING_NUMBER: (
        "lfd nr|lfdnr|lfd|lfd no|laufende nummer|nr|pos|position|no|number|running number|row"
    ),
    # Known, and left out on purpose: remarks about people are not taken over from a list, and there is no
    # field for religion or ethnicity. The register number of foreigners is bound by law to purposes this
    # service does not have.
    TargetField.IGNORE: (
        "bemerkung|bemerkungen|anmerkung|anmerkungen|notiz|notizen|hinweis|hinweise|kommentar|sonstiges|"
        "remark|remarks|"
        "note|notes|comment|comments|religion|konfession|volkszugehoerigkeit|ethnie|ethnicity|azr|azr nr|"
        "azr nummer"
    ),
}  # fmt: skip

FIELD_BY_HEADER: dict[str, TargetField] = {
    name: field for field, names in _NAMES.items() for name in names.split("|")
}


# Longer texts are sentences; a name with its addition in brackets is shorter.
LONGEST_HEADER = 120
# Below this length a name is too common a beginning ("Name der Unterkunft" is no surname).
MIN_PREFIX = 6


def field_for_header(text: str) -> TargetField | None:
    """The field a column name stands for, None when unknown; a known name may have an addition in brackets."""
    if len(text) > LONGEST_HEADER:
        return None
    words = normalise_header(text).split()
    exact = FIELD_BY_HEADER.get(" ".join(words))
    if exact is not None:
        return exact
    for length in range(len(words) - 1, 0, -1):
        beginning = " ".join(words[:length])
        if len(beginning) >= MIN_PREFIX and beginning in FIELD_BY_HEADER:
            return FIELD_BY_HEADER[beginning]
    return None


def is_known_header(text: str) -> bool:
    """Whether this cell is one of the column names we know, including those left out on purpose."""
    return field_for_header(text) is not None
