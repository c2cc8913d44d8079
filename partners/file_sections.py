"""The section of the file page: referrals whose outcome is missing, and their own page as a tab."""

from typing import Any

from django.utils.translation import gettext_lazy

from clients.file_context import FileContext
from clients.sections import Section
from partners.file_rows import referrals_of

SHOWN = 4


def referrals(file: FileContext) -> dict[str, Any]:
    """Open ones; how many there are besides."""
    rows = referrals_of(file)
    return {
        "referrals": [row for row in rows if row.is_open][:SHOWN],
        "number_of_referrals": len(rows),
        "may_refer": not file.client.is_closed and file.may("referral.edit"),
    }


SECTION = Section(
    code="referrals",
    title=gettext_lazy("Referrals"),
    template="partners/_file_referrals.html",
    context=referrals,
    order=40,
    place="aside",
    route="file_partners:referrals",
)
