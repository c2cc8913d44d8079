"""Modules, goal templates and thresholds as they come with the product; administrators change them."""

import datetime
from typing import Any

from accounts.catalogues import add_missing
from integration_plans.models import GoalTemplate, Module, PlanPolicy

# Before the first file of any installation: older assessments may be entered late.
FIRST_DAY = datetime.date(2000, 1, 1)
NOT_YET = datetime.date(2017, 11, 30)
"""End of validity of modules that wait to be switched on: the administration clears it."""

# code, German, English, sensitive, acute means crisis, switched on, meanings of 0–4 in German and English
_MODULES: list[tuple[str, str, str, bool, bool, bool, list[str], list[str]]] = [
    (
        "finance",
        "Finanzen",
        "Finances",
        False,
        True,
        True,
        [
            "Einkommen oder Leistungen reichen, Post wird selbst erledigt",
            "Einzelne Fragen zu Bescheiden oder Anträgen",
            "Anträge gelingen nur mit Hilfe, Konto oder Versicherung unklar",
            "Leistungen fehlen oder Schulden drücken",
            "Kein Geld für Essen, Miete oder Strom",
        ],
        [
            "Income or benefits suffice, letters are handled alone",
            "Single questions about decisions or applications",
            "Applications succeed only with help, account or insurance unclear",
            "Benefits are missing or debts weigh heavily",
            "No money for food, rent or electricity",
        ],
    ),
    (
        "family",
        "Familie",
        "Family",
        False,
        True,
        True,
        [
            "Die Familie ist gut versorgt oder die Person lebt gern allein",
            "Einzelne Fragen zu Kita, Schule oder Erziehung",
            "Betreuung oder Familiennachzug brauchen Begleitung",
            "Starke Belastung, Trennung oder Kinder ohne Platz",
            "Gewalt, Kindeswohl oder Schutz in Gefahr",
        ],
        [
            "The family is well provided for or the person lives well alone",
            "Single questions about day care, school or upbringing",
            "Child care or family reunion need support",
            "Heavy strain, separation or children without a place",
            "Violence, or the welfare of a child at risk",
        ],
    ),
    (
        "education",
        "Bildung",
        "Education",
        False,
        False,
        True,
        [
            "Sprache und Abschluss reichen für das eigene Ziel",
            "Ein Kurs läuft, kleine Fragen",
            "Ein passender Kurs oder eine Anerkennung wird gesucht",
            "Kein Zugang zu Sprache, Schule oder Ausbildung",
            "Ein Platz oder Abschluss geht in diesen Tagen verloren",
        ],
        [
            "Language and qualification suffice for the person's own aim",
            "A course is running, small questions",
            "A suitable course or recognition is being sought",
            "No access to language, school or training",
            "A place or qualification will be lost in the coming days",
        ],
    ),
    (
        "health",
        "Gesundheit",
        "Health",
        True,
        True,
        True,
        [
            "Gut versorgt, Ärztin oder Arzt ist bekannt",
            "Einzelne Fragen zu Arzt, Kasse oder Vorsorge",
            "Behandlung nötig, der Zugang gelingt mit Hilfe",
            "Starke Belastung, die Behandlung fehlt",
            "Gefahr für Leib oder Leben, sofortige Hilfe nötig",
        ],
        [
            "Well provided for, a doctor is known",
            "Single questions about doctors, insurance or check-ups",
            "Treatment needed, access succeeds with help",
            "Heavy strain, treatment is missing",
            "Danger to life, help needed at once",
        ],
    ),
    (
        "housing",
        "Wohnen",
        "Housing",
        False,
        True,
        False,
        [
            "Wohnung passt, Vertrag ist klar",
            "Einzelne Fragen zu Nebenkosten oder Hausordnung",
            "Eine andere Wohnung wird gesucht",
            "Sehr beengt, Kündigung droht",
            "Ohne Unterkunft oder Räumung steht bevor",
        ],
        [
            "The flat fits, the contract is clear",
            "Single questions about costs or house rules",
            "Another flat is being sought",
            "Very cramped, notice is threatening",
            "Without shelter, or eviction is imminent",
        ],
    ),
    (
        "work",
        "Arbeit",
        "Work",
        False,
        False,
        False,
        [
            "Arbeit oder Ausbildung passt",
            "Einzelne Fragen zu Vertrag oder Lohn",
            "Arbeit wird gesucht, Unterlagen fehlen",
            "Seit Langem ohne Arbeit, viele Hindernisse",
            "Kündigung oder Ausbeutung, sofort handeln",
        ],
        [
            "Work or training fits",
            "Single questions about contract or pay",
            "Work is being sought, papers are missing",
            "Long without work, many obstacles",
            "Dismissal or exploitation, act at once",
        ],
    ),
    (
        "residence",
        "Aufenthalt",
        "Residence",
        False,
        False,
        False,
        [
            "Aufenthalt und Pass sind geklärt",
            "Termine und Verlängerungen stehen an",
            "Unterlagen oder Pass fehlen, Beratung nötig",
            "Der Titel läuft bald ab und nichts ist vorbereitet",
            "Frist oder Abschiebung steht bevor, an Rechtsberatung verweisen",
        ],
        [
            "Residence and passport are settled",
            "Dates and extensions are coming up",
            "Papers or passport are missing, advice needed",
            "The permit ends soon and nothing is prepared",
            "A deadline or deportation is imminent, refer to legal advice",
        ],
    ),
    (
        "participation",
        "Alltag",
        "Everyday life",
        False,
        False,
        False,
        [
            "Findet sich zurecht, hat Kontakte",
            "Einzelne Fragen zu Post, Verkehr oder Vereinen",
            "Braucht Begleitung bei Behörden und Post",
            "Zieht sich zurück, kommt allein nicht weiter",
            "Der Alltag bricht zusammen",
        ],
        [
            "Finds the way, has contacts",
            "Single questions about letters, transport or clubs",
            "Needs company for offices and letters",
            "Withdraws, gets no further alone",
            "Everyday life is breaking down",
        ],
    ),
]

# code, module, title, English title, indicator, months, measures of the client, of the service
_TEMPLATES: list[tuple[str, str, str, str, str, int, list[str], list[str]]] = [
    (
        "language_course",
        "education",
        "Integrationskurs beginnen",
        "Begin an integration course",
        "Die Anmeldung ist bestätigt und der Weg zum Kurs ist bekannt.",
        6,
        ["Einstufungstest machen", "Unterlagen zum Termin mitbringen"],
        ["Kurs mit freiem Platz suchen", "Bei der Anmeldung helfen"],
    ),
    (
        "recognition",
        "education",
        "Berufsabschluss anerkennen lassen",
        "Have a qualification recognised",
        "Der Antrag auf Anerkennung ist gestellt.",
        9,
        ["Zeugnisse zusammenstellen"],
        ["Termin bei der Anerkennungsberatung vereinbaren"],
    ),
    (
        "school_place",
        "education",
        "Kind besucht die passende Schule",
        "Child attends a suitable school",
        "Das Kind ist angemeldet und geht regelmäßig hin.",
        3,
        ["Kind anmelden", "Zum Elternabend gehen"],
        ["Mit der Schule sprechen"],
    ),
    (
        "day_care",
        "family",
        "Kind hat einen Kita-Platz",
        "Child has a day-care place",
        "Die Zusage liegt vor.",
        6,
        ["Anmeldung abgeben", "Impfbuch zum Termin mitbringen"],
        ["Anmeldung gemeinsam ausfüllen", "Nach der Warteliste fragen"],
    ),
    (
        "family_reunion",
        "family",
        "Antrag auf Familiennachzug ist gestellt",
        "Application for family reunion is made",
        "Die Eingangsbestätigung liegt vor.",
        12,
        ["Urkunden und Fotos besorgen"],
        ["An eine Rechtsberatung vermitteln"],
    ),
    (
        "benefits",
        "finance",
        "Leistungen sind vollständig beantragt",
        "Benefits are fully applied for",
        "Alle Bescheide liegen vor.",
        3,
        ["Briefe vom Amt zum Gespräch mitbringen", "Kontoauszüge sammeln"],
        ["Antrag gemeinsam ausfüllen", "Beim Amt nachfragen"],
    ),
    (
        "debts",
        "finance",
        "Schulden sind geordnet",
        "Debts are in order",
        "Ein Plan für die Raten ist vereinbart.",
        9,
        ["Alle Rechnungen mitbringen", "Nichts Neues auf Raten kaufen"],
        ["Termin bei der Schuldnerberatung vereinbaren"],
    ),
    (
        "own_letters",
        "finance",
        "Briefe von Behörden selbst erledigen",
        "Handle letters from authorities alone",
        "Drei Briefe hintereinander ohne Hilfe beantwortet.",
        6,
        ["Jeden Brief am selben Tag öffnen", "Einen Ordner führen"],
        ["Erklären, woran man eine Frist erkennt"],
    ),
    (
        "doctor",
        "health",
        "Hausärztin oder Hausarzt gefunden",
        "A family doctor is found",
        "Der erste Termin hat stattgefunden.",
        3,
        ["Termin vereinbaren und hingehen"],
        ["Praxen in der Nähe heraussuchen", "Sprachmittlung klären"],
    ),
]


def _modules() -> list[dict[str, Any]]:
    rows = []
    for order, (code, german, english, sensitive, crisis, is_on, meanings, english_meanings) in enumerate(
        _MODULES, start=1
    ):
        row: dict[str, Any] = {
            "code": code,
            "label_de": german,
            "label_en": english,
            "order": order * 10,
            "sensitive": sensitive,
            "acute_means_crisis": crisis,
            "valid_until": None if is_on else NOT_YET,
        }
        row |= {f"level_{level}": text for level, text in enumerate(meanings)}
        row |= {f"level_{level}_en": text for level, text in enumerate(english_meanings)}
        rows.append(row)
    return rows


def _templates() -> list[dict[str, Any]]:
    modules = {module.code: module for module in Module.objects.all()}
    return [
        {
            "code": code,
            "label_de": german,
            "label_en": english,
            "order": order * 10,
            "module": modules[module],
            "indicator": indicator,
            "months": months,
            "client_measures": "\n".join(client),
            "service_measures": "\n".join(service),
        }
        for order, (code, module, german, english, indicator, months, client, service) in enumerate(
            _TEMPLATES, start=1
        )
    ]


def load() -> int:
    """Add what is missing of this app's lists; returns how many rows that were."""
    return (
        add_missing(Module, _modules())
        + add_missing(GoalTemplate, _templates())
        + add_missing(PlanPolicy, [{"valid_from": FIRST_DAY}], key="valid_from")
    )
