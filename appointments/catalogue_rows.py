"""What every installation starts with of this app."""

from accounts.catalogues import add_missing
from appointments.choices import ReminderKind
from appointments.models import ReminderText
from appointments.reminder_rows import SIGNATURE, TEXTS
from clients.models import SpokenLanguage


def load() -> int:
    """Add missing reminder texts; returns how many rows that were."""
    languages = SpokenLanguage.objects.in_bulk(TEXTS, field_name="code")
    rows = [
        {
            **ReminderText.names_of(languages[code], kind),
            "language": languages[code],
            "kind": kind,
            "text": f"{getattr(texts, kind)}\n{SIGNATURE}",
        }
        for code, texts in TEXTS.items()
        for kind in ReminderKind
    ]
    return add_missing(ReminderText, rows)
