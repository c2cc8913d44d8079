"""What managers write: short, factual notes without names. Demonstration data, so German only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOTES: Final[Mapping[str, tuple[str, ...]]] = {
    "post": (
        "Drei Schreiben gemeinsam gelesen, eines wird beantwortet. Kopien mitgegeben.",
        "Antrag auf Bildungspaket ausgefüllt und unterschrieben, geht morgen zur Post.",
        "Brief der Krankenkasse erklärt, nichts weiter zu tun.",
        "Formular zur Rundfunkbefreiung ausgefüllt; Bescheid als Nachweis kopiert.",
    ),
    "finance": (
        "Bescheid geprüft: Miete fehlt in der Berechnung. Widerspruch vorbereitet.",
        "Kontoauszüge für das Jobcenter sortiert, zwei Monate fehlen noch.",
        "Ratenzahlung mit dem Stromversorger besprochen, Vereinbarung liegt vor.",
        "Mahnung geklärt, der Betrag war schon überwiesen.",
    ),
    "family": (
        "Kita-Anmeldung abgegeben, Platz voraussichtlich ab September.",
        "Elterngespräch in der Schule vorbereitet, Fragen aufgeschrieben.",
        "Unterlagen für den Familiennachzug durchgesehen, Heiratsurkunde wird übersetzt.",
        "Antrag auf Kindergeld ergänzt.",
    ),
    "education": (
        "Einstufungstest für den Sprachkurs vereinbart, Fahrweg besprochen.",
        "Kurs läuft gut, Prüfung in sechs Wochen. Übungsmaterial mitgegeben.",
        "Zeugnisse gesichtet, Anerkennungsberatung vereinbart.",
        "Platz im Abendkurs frei geworden, Anmeldung abgeschickt.",
    ),
    "work": (
        "Lebenslauf fertiggestellt, zwei Bewerbungen abgeschickt.",
        "Arbeitsvertrag gemeinsam gelesen, Kündigungsfrist erklärt.",
        "Praktikum im Lager zugesagt, Beginn nächsten Monat.",
        "Probearbeiten war erfolgreich, Rückmeldung wird abgewartet.",
    ),
    "health": (
        "Termin beim Facharzt vereinbart, Überweisung liegt vor.",
        "Zuzahlungsbefreiung erklärt und Antrag mitgegeben.",
        "Hausarztsuche: zwei Praxen nehmen noch auf, Nummern mitgegeben.",
    ),
    "housing": (
        "Wohnungsanzeige besprochen, Besichtigung am Wochenende.",
        "Mietvertrag gelesen, Nebenkosten erklärt. Wohnungsgeberbescheinigung angefordert.",
        "Wohnberechtigungsschein beantragt.",
        "Schaden in der Unterkunft gemeldet, Hausmeister kommt.",
    ),
    "residence": (
        "Termin bei der Ausländerbehörde vereinbart, Fotos sind noch nötig.",
        "Verlängerung beantragt, Bestätigung kopiert.",
        "Passpflicht erklärt, an die Rechtsberatung verwiesen.",
    ),
    "participation": (
        "Vorgestellt und erklärt, was die Beratung leistet. Freiwilligkeit besprochen.",
        "Sportverein empfohlen, erster Besuch gemeinsam mit Ehrenamt.",
        "Fahrplan und Monatskarte erklärt.",
        "Anmeldung in der Bücherei, Sprachtreff gezeigt.",
    ),
    "other": ("Verschiedene Fragen geklärt, nichts offen.",),
}

TOPIC_SHARES: Final[tuple[tuple[str, int], ...]] = (
    ("housing", 18),
    ("family", 15),
    ("work", 14),
    ("finance", 14),
    ("education", 13),
    ("health", 10),
    ("residence", 8),
    ("post", 8),
)
"""Main topics of consultations (demonstration.md "Contacts")."""

FOLLOW_UPS: Final[tuple[tuple[str, bool], ...]] = (
    ("Jobcenter: Kontoauszüge der letzten drei Monate nachreichen", True),
    ("Widerspruch gegen den Gebührenbescheid der Unterkunft", True),
    ("Familienkasse: fehlende Geburtsurkunde schicken", True),
    ("Ausländerbehörde: Passfotos und Mietvertrag einreichen", True),
    ("Rückruf: Stand der Kita-Warteliste", False),
    ("Nach der Zusage für den Sprachkurs fragen", False),
    ("Bescheid der Krankenkasse angekommen?", False),
    ("Unterlagen für die Anerkennung vollständig?", False),
    ("Rückmeldung vom Probearbeiten erfragen", False),
    ("Antwort des Vermieters abwarten, dann anrufen", False),
)

OWN_FOLLOW_UPS: Final = (
    "Raumplan für den Elternabend abstimmen",
    "Liste der Sprachmittler:innen aktualisieren",
)

MATTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "post": ("Schreiben durchgehen",),
    "finance": ("Bescheid prüfen", "Antrag Jobcenter"),
    "family": ("Kita-Anmeldung", "Schulgespräch vorbereiten"),
    "education": ("Sprachkurs", "Anerkennung"),
    "work": ("Bewerbung", "Arbeitsvertrag"),
    "health": ("Arztsuche",),
    "housing": ("Wohnungssuche", "Mietvertrag"),
    "residence": ("Verlängerung vorbereiten",),
    "participation": ("Kennenlernen",),
    "other": ("Verschiedenes",),
}

SITUATIONS: Final[Mapping[int, str]] = {
    0: "Kein Bedarf, kommt gut zurecht.",
    1: "Einzelne Fragen, findet vieles selbst heraus.",
    2: "Braucht bei Anträgen und Terminen Unterstützung.",
    3: "Ohne Begleitung geht es zurzeit nicht voran.",
    4: "Muss in den nächsten Tagen gelöst werden.",
}
RESOURCES: Final = (
    "Kennt Nachbar:innen, die übersetzen.",
    "Lernt schnell und ist zuverlässig.",
    "Hat Berufserfahrung aus dem Herkunftsland.",
    "Die Familie hilft sich gegenseitig.",
    "Nutzt das Telefon sicher, liest mit der App.",
)

OBSTACLES: Final = (
    "Frau im Haus gebeten, auszurichten, dass wir da waren.",
    "Geklingelt, niemand da. Karte eingeworfen.",
)

SAFETY_REASONS: Final = (
    "Streit im Treppenhaus bei einem früheren Besuch",
    "Freilaufender Hund im Hof",
)

OVERRIDE_REASONS: Final = (
    "Steht kurz vor einer Prüfung und möchte häufiger kommen.",
    "Hat gerade ein Kind bekommen und meldet sich lieber selbst.",
)

ENQUIRIES: Final[tuple[tuple[str, str], ...]] = (
    ("Braucht Hilfe mit der Wohnungsgeberbescheinigung", "spricht Tigrinya"),
    ("Neu zugezogen, fragt nach einem Sprachkurs", "kommt vormittags"),
    ("Schule bittet um Kontakt wegen der Anmeldung", "Rückruf über das Sekretariat"),
    ("Fragt nach einem Kita-Platz", "am besten nachmittags anrufen"),
)

COMPLAINTS = (
    (
        "complaint",
        "Samuel Haileselassie",
        "0170 5550142",
        "Dreimal sei ein Termin am selben Tag abgesagt worden, und niemand habe zurückgerufen.",
    ),
    (
        "another_manager",
        "",
        "über die Schulsozialarbeit",
        "Eine Mutter möchte lieber mit einer Frau sprechen und traut sich nicht, das selbst zu sagen.",
    ),
)
"""Complaints and wishes: kind, who, how to reach them, what."""
COMPLAINT_NOTE = "Mit der Familie telefoniert; Gespräch zu dritt für nächste Woche vorgeschlagen."

OBSERVATIONS = (
    ("residence", "Bei der Ausländerbehörde gibt es seit Wochen keine freien Termine zum Verlängern."),
    ("housing", "In der Unterkunft fällt das WLAN tagelang aus; Kurse und Bewerbungen laufen aber online."),
    ("work", "Betriebe verlangen B1 auch für Hilfstätigkeiten; mit A2 findet niemand etwas."),
    ("housing", "Vermieter:innen verlangen eine Bürgschaft, die das Jobcenter nicht gibt."),
)
"""What stands in the way, by topic."""
OBSERVATION_ANSWER = (
    "Ab nächstem Monat hält die Behörde dienstags 20 Termine frei; gebucht werden sie über die Koordination."
)

HANDOVERS = (
    "Zieht in Ihr Quartier; die nächsten Schritte stehen im Plan, der Termin beim Jobcenter ist vereinbart",
    "Spricht Tigrinya, das passt besser zu Ihrer Sprechstunde am Donnerstag",
    "Ich habe gerade sehr viele Akten in Krise, diese läuft ruhig",
)
"""Why somebody wants to hand a file over."""
HANDOVER_DECLINED = "Bis Ende des Monats schaffe ich keine weitere Akte"
