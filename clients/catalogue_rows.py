"""The value lists of the file as they come with the product; administrators change them in the admin."""

import datetime
from typing import Any

from babel import Locale

from accounts.catalogues import add_missing
from clients.choices import KEPT_TWICE, FactKind, Script
from clients.models import (
    AccessSource,
    ClosingReason,
    Country,
    FactValue,
    FilePolicy,
    SpokenLanguage,
    Topic,
)

# Before the first file of any installation: the VwV began in 2017, older files may be entered late.
FIRST_DAY = datetime.date(2000, 1, 1)

# Regions of CLDR that are no states or territories with papers of their own.
NOT_COUNTRIES = frozenset(
    {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)
# The most frequent nationalities of people in the service stand first (demonstration.md "People").
FREQUENT_COUNTRIES = ("UA", "SY", "AF", "TR", "IQ", "ER", "NG", "GM", "IR", "SO")
OWN_COUNTRIES: tuple[tuple[str, str, str], ...] = (
    ("stateless", "staatenlos", "stateless"),
    ("unclear", "ungeklärt", "unclear"),
)

# ISO 639 code, German, English, script. Dari, Kurmanji and Romani are missing in CLDR's German list.
LANGUAGES: tuple[tuple[str, str, str, Script], ...] = (
    ("ar", "Arabisch", "Arabic", Script.ARABIC),
    ("uk", "Ukrainisch", "Ukrainian", Script.CYRILLIC),
    ("ru", "Russisch", "Russian", Script.CYRILLIC),
    ("prs", "Dari", "Dari", Script.ARABIC),
    ("fa", "Farsi", "Farsi", Script.ARABIC),
    ("ps", "Paschtu", "Pashto", Script.ARABIC),
    ("kmr", "Kurmandschi", "Kurmanji", Script.LATIN),
    ("ckb", "Sorani", "Sorani", Script.ARABIC),
    ("ti", "Tigrinya", "Tigrinya", Script.ETHIOPIC),
    ("am", "Amharisch", "Amharic", Script.ETHIOPIC),
    ("so", "Somali", "Somali", Script.LATIN),
    ("tr", "Türkisch", "Turkish", Script.LATIN),
    ("en", "Englisch", "English", Script.LATIN),
    ("fr", "Französisch", "French", Script.LATIN),
    ("de", "Deutsch", "German", Script.LATIN),
    ("sq", "Albanisch", "Albanian", Script.LATIN),
    ("sr", "Serbisch", "Serbian", Script.CYRILLIC),
    ("bs", "Bosnisch", "Bosnian", Script.LATIN),
    ("hr", "Kroatisch", "Croatian", Script.LATIN),
    ("mk", "Mazedonisch", "Macedonian", Script.CYRILLIC),
    ("rom", "Romani", "Romani", Script.LATIN),
    ("ka", "Georgisch", "Georgian", Script.OTHER),
    ("hy", "Armenisch", "Armenian", Script.OTHER),
    ("az", "Aserbaidschanisch", "Azerbaijani", Script.LATIN),
    ("mnk", "Mandinka", "Mandinka", Script.LATIN),
    ("wo", "Wolof", "Wolof", Script.LATIN),
    ("ff", "Fula", "Fula", Script.LATIN),
    ("ha", "Haussa", "Hausa", Script.LATIN),
    ("ig", "Igbo", "Igbo", Script.LATIN),
    ("yo", "Yoruba", "Yoruba", Script.LATIN),
    ("pcm", "Nigerianisches Pidgin", "Nigerian Pidgin", Script.LATIN),
    ("sw", "Swahili", "Swahili", Script.LATIN),
    ("ln", "Lingala", "Lingala", Script.LATIN),
    ("om", "Oromo", "Oromo", Script.LATIN),
    ("bm", "Bambara", "Bambara", Script.LATIN),
    ("ur", "Urdu", "Urdu", Script.ARABIC),
    ("pa", "Pandschabi", "Punjabi", Script.OTHER),
    ("bn", "Bengalisch", "Bengali", Script.OTHER),
    ("ta", "Tamil", "Tamil", Script.OTHER),
    ("hi", "Hindi", "Hindi", Script.OTHER),
    ("zh", "Chinesisch", "Chinese", Script.OTHER),
    ("vi", "Vietnamesisch", "Vietnamese", Script.LATIN),
    ("ro", "Rumänisch", "Romanian", Script.LATIN),
    ("es", "Spanisch", "Spanish", Script.LATIN),
    ("pt", "Portugiesisch", "Portuguese", Script.LATIN),
    ("it", "Italienisch", "Italian", Script.LATIN),
)

TOPICS: tuple[tuple[str, str, str], ...] = (
    ("post", "Post und Anträge", "Letters and applications"),
    ("finance", "Finanzen", "Finances"),
    ("family", "Familie", "Family"),
    ("education", "Bildung", "Education"),
    ("work", "Arbeit", "Work"),
    ("health", "Gesundheit", "Health"),
    ("housing", "Wohnen", "Housing"),
    ("residence", "Aufenthalt", "Residence"),
    ("participation", "Teilhabe und Alltag", "Participation and everyday life"),
    ("plan", "Integrationsplan", "Integration plan"),
    ("other", "Sonstiges", "Other"),
)

ACCESS_SOURCES: tuple[tuple[str, str, str], ...] = (
    ("allocation", "Zuweisung aus vorläufiger Unterbringung", "Allocation from provisional accommodation"),
    ("family_reunion", "Familiennachzug", "Family reunification"),
    ("relocation", "Zuzug oder Umverteilung", "Move or redistribution"),
    ("self", "Selbstmeldung", "Came by themselves"),
    ("open_hour", "Offene Sprechstunde", "Open office hour"),
    ("volunteer", "Ehrenamt", "Volunteer"),
    ("jobcenter", "Jobcenter", "Jobcenter"),
    ("school", "Schule oder Kita", "School or day care"),
    ("health_service", "Gesundheitsdienst", "Health service"),
    ("town", "Städtische Stelle", "Town office"),
    ("handover", "Andere Integrationsmanager:in", "Another integration manager"),
    ("other", "Sonstiger Zugang", "Other"),
)

CLOSING_REASONS: tuple[tuple[str, str, str], ...] = (
    ("goals_reached", "Ziele erreicht, selbstständig", "Goals reached, independent"),
    ("mainstream", "Übergabe an Regeldienst", "Handed over to a mainstream service"),
    ("moved_in_district", "Wegzug innerhalb des Landkreises", "Moved within the district"),
    ("moved_away", "Wegzug aus dem Landkreis", "Moved out of the district"),
    ("departure", "Ausreise oder Rückkehr", "Departure or return"),
    ("limit", "Längste Beratungsdauer erreicht", "Limit of counselling reached"),
    ("not_wished", "Beratung nicht mehr gewünscht", "Counselling no longer wished"),
    ("consent_revoked", "Einwilligung widerrufen", "Consent revoked"),
    ("no_contact", "Kein Kontakt mehr", "No contact any more"),
    ("not_responsible", "Nicht zuständig", "Not responsible"),
    ("naturalised", "Einbürgerung", "Naturalised"),
    ("deceased", "Verstorben", "Deceased"),
    (KEPT_TWICE, "Doppelt geführt", "Kept twice"),
)

FACT_VALUES: dict[FactKind, tuple[tuple[str, str, str], ...]] = {
    FactKind.GERMAN_LEVEL: (
        ("none", "keine Deutschkenntnisse", "no German"),
        ("literacy", "Alphabetisierung nötig", "literacy course needed"),
        ("a1", "A1", "A1"),
        ("a2", "A2", "A2"),
        ("b1", "B1", "B1"),
        ("b2", "B2", "B2"),
        ("c1", "C1", "C1"),
        ("c2", "C2", "C2"),
    ),
    FactKind.COURSE: (
        ("not_entitled", "nicht berechtigt", "not entitled"),
        ("entitled", "berechtigt", "entitled"),
        ("obliged", "verpflichtet", "obliged"),
        ("waiting", "auf der Warteliste", "on the waiting list"),
        ("running", "Kurs läuft", "course running"),
        ("interrupted", "unterbrochen", "interrupted"),
        ("passed_b1", "B1 bestanden", "B1 passed"),
        ("passed_a2", "DTZ mit A2", "DTZ with A2"),
        ("ended", "beendet ohne Abschluss", "ended without certificate"),
        ("orientation_passed", "Leben in Deutschland bestanden", "Life in Germany passed"),
        ("vocational", "Berufssprachkurs", "vocational language course"),
        ("first_orientation", "Erstorientierung", "first orientation"),
        ("vwv", "VwV Deutsch", "VwV German"),
    ),
    FactKind.EMPLOYMENT: (
        ("not_school_age", "Kind, nicht schulpflichtig", "child below school age"),
        ("school", "Schule", "school"),
        ("training", "Ausbildung", "vocational training"),
        ("studies", "Studium", "studies"),
        ("full_time", "Vollzeit, sozialversicherungspflichtig", "full-time, insured"),
        ("part_time", "Teilzeit, sozialversicherungspflichtig", "part-time, insured"),
        ("mini_job", "Minijob", "mini-job"),
        ("self_employed", "selbstständig", "self-employed"),
        ("seeking", "arbeitsuchend", "looking for work"),
        ("measure", "Maßnahme oder Praktikum", "measure or internship"),
        ("work_opportunity", "Arbeitsgelegenheit", "work opportunity"),
        ("care", "Elternzeit oder Pflege", "parental leave or care"),
        ("unfit", "arbeitsunfähig", "unfit for work"),
        ("pension", "Rente", "pension"),
    ),
    FactKind.BENEFITS: (
        ("none", "keine Leistungen", "no benefits"),
        ("asylblg_3", "AsylbLG § 3", "AsylbLG § 3"),
        ("asylblg_2", "AsylbLG § 2 (analog)", "AsylbLG § 2 (by analogy)"),
        ("sgb2", "Jobcenter, SGB II", "Jobcenter, SGB II"),
        ("sgb12", "Sozialamt, SGB XII", "Social welfare office, SGB XII"),
        ("alg1", "Arbeitslosengeld", "Unemployment benefit"),
        ("housing_benefit", "Wohngeld", "Housing benefit"),
        ("child_benefit", "Kindergeld", "Child benefit"),
        ("training_grant", "BAföG oder BAB", "Training grant"),
    ),
    FactKind.SCHOOLING: (
        ("none", "keine Schule besucht", "no school"),
        ("primary", "Grundschule", "primary school"),
        ("middle", "mittlerer Abschluss", "middle school"),
        ("secondary", "Abitur oder vergleichbar", "university entrance"),
        ("university", "Hochschule", "university"),
        ("unknown", "unbekannt", "unknown"),
    ),
    FactKind.VOCATION: (
        ("none", "kein Beruf gelernt", "no vocation"),
        ("not_applied", "Anerkennung nicht beantragt", "recognition not applied for"),
        ("running", "Anerkennung läuft", "recognition in progress"),
        ("partly", "teilweise anerkannt", "partly recognised"),
        ("fully", "voll anerkannt", "fully recognised"),
        ("refused", "Anerkennung abgelehnt", "recognition refused"),
    ),
    FactKind.CHILD_CARE: (
        ("day_care", "Kita-Platz", "place in day care"),
        ("day_care_waiting", "Kita, auf der Warteliste", "day care, on the waiting list"),
        ("day_care_none", "kein Kita-Platz", "no place in day care"),
        ("preparatory", "Vorbereitungsklasse (VKL)", "preparatory class"),
        ("regular_class", "Regelklasse", "regular class"),
        ("vabo", "VABO-Klasse", "vocational preparatory class"),
        ("vocational_school", "Berufsschule", "vocational school"),
    ),
    FactKind.DRIVING_LICENCE: (
        ("none", "kein Führerschein", "no driving licence"),
        ("foreign", "aus dem Herkunftsland, Umschreibung offen", "of the country of origin, to be exchanged"),
        ("training", "in der Fahrschule", "taking lessons"),
        ("german_b", "deutscher Führerschein, Klasse B", "German licence, class B"),
    ),
}


def _countries() -> list[dict[str, Any]]:
    german, english = Locale("de").territories, Locale("en").territories
    codes = [
        code
        for code in map(str, german)
        if len(code) == 2 and code.isalpha() and code.isupper() and code not in NOT_COUNTRIES
    ]
    rest = sorted(set(codes) - set(FREQUENT_COUNTRIES))
    places = [*enumerate(FREQUENT_COUNTRIES, start=1), *((100, code) for code in rest)]
    return [
        {"code": code, "label_de": german[code], "label_en": english.get(code, ""), "order": order}
        for order, code in places
    ] + [
        {"code": code, "label_de": german_label, "label_en": english_label, "order": 200}
        for code, german_label, english_label in OWN_COUNTRIES
    ]


def _labelled(rows: tuple[tuple[str, str, str], ...]) -> list[dict[str, Any]]:
    return [
        {"code": code, "label_de": german, "label_en": english, "order": order * 10}
        for order, (code, german, english) in enumerate(rows, start=1)
    ]


def _languages() -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label_de": german,
            "label_en": english,
            "script": script,
            "right_to_left": script == Script.ARABIC,
            "order": order * 10,
        }
        for order, (code, german, english, script) in enumerate(LANGUAGES, start=1)
    ]


def _fact_values() -> list[dict[str, Any]]:
    # The same word may stand in several lists, so the code begins with its kind.
    return [
        {**row, "kind": kind, "code": f"{kind.value}-{row['code']}"}
        for kind, values in FACT_VALUES.items()
        for row in _labelled(values)
    ]


def load() -> int:
    """Add what is missing of this app's lists; returns how many rows that were."""
    return (
        add_missing(Country, _countries())
        + add_missing(SpokenLanguage, _languages())
        + add_missing(Topic, _labelled(TOPICS))
        + add_missing(AccessSource, _labelled(ACCESS_SOURCES))
        + add_missing(ClosingReason, _labelled(CLOSING_REASONS))
        + add_missing(FactValue, _fact_values())
        + add_missing(FilePolicy, [{"valid_from": FIRST_DAY}], key="valid_from")
    )
