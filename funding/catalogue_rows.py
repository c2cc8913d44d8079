"""What every installation starts with of this app."""

from accounts.catalogues import add_missing
from funding.models import BudgetLine, Programme

PROGRAMMES = (
    {
        "code": "integration_management",
        "label_de": "Integrationsmanagement (VwV)",
        "label_en": "Integration management (state)",
        "order": 10,
        "yearly_figures": True,
    },
    {
        "code": "integration_officers",
        "label_de": "VwV Integrationsbeauftragte",
        "label_en": "Integration officers (state)",
        "order": 20,
        "yearly_application": True,
    },
)
LINES = tuple(
    {"code": code, "label_de": german, "label_en": english, "order": 10 * number}
    for number, (code, german, english) in enumerate(
        (
            ("personnel", "Personalkosten", "Personnel"),
            ("per_capita", "Pauschale je Person", "Lump sum per person"),
            ("materials", "Sachkosten", "Materials"),
            ("training", "Fortbildung und Supervision", "Training and supervision"),
            ("interpreters", "Sprachmittlung", "Interpreters"),
            ("own_share", "Eigenanteil", "Own share"),
        ),
        1,
    )
)


def load() -> int:
    """Add the programmes and lines that are missing; returns how many rows that were."""
    return add_missing(Programme, PROGRAMMES) + add_missing(BudgetLine, LINES)
