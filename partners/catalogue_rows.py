"""The kinds of partners as they come with the product (domain: Verweisberatung)."""

from accounts.catalogues import add_missing
from partners.models import PartnerKind

VOLUNTEERS = "volunteers"
"""The kind of a referral to a volunteer."""

# Code, German, English; those that tell something about health or safety are marked.
KINDS: tuple[tuple[str, str, str, bool], ...] = (
    ("jobcenter", "Jobcenter", "Job centre", False),
    ("employment_agency", "Agentur für Arbeit", "Employment agency", False),
    ("immigration_office", "Ausländerbehörde", "Immigration office", False),
    ("social_office", "Sozialamt/AsylbLG", "Social office", False),
    ("youth_office", "Jugendamt/ASD", "Youth office", False),
    ("migration_counselling", "MBE/JMD", "Migration counselling", False),
    ("debt_counselling", "Schuldnerberatung", "Debt counselling", False),
    ("pregnancy_counselling", "Schwangerenberatung", "Pregnancy counselling", True),
    ("psychosocial_centre", "Psychosoziales Zentrum", "Psychosocial centre", True),
    ("health", "Arzt/Klinik", "Doctor, hospital", True),
    ("language_course", "Sprachkursträger/VHS", "Language courses", False),
    ("school", "Schule/Kita", "School, day care", False),
    ("recognition", "IHK/HWK/Anerkennungsberatung", "Chambers, recognition of degrees", False),
    ("housing_office", "Wohnungsamt", "Housing office", False),
    ("womens_shelter", "Frauenhaus", "Women's shelter", True),
    ("legal_advice", "Rechtsberatung", "Legal advice", False),
    (VOLUNTEERS, "Ehrenamt", "Volunteers", False),
    ("association", "Verein", "Association", False),
    ("municipality", "Nachbarkommune", "Neighbouring municipality", False),
)


def load() -> int:
    """Add the kinds that are missing; returns how many rows that were."""
    return add_missing(
        PartnerKind,
        (
            {"code": code, "label_de": german, "label_en": english, "about_health": health, "order": order}
            for order, (code, german, english, health) in enumerate(KINDS, start=1)
        ),
    )
