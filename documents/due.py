"""How the end of a consent reads in *Mein Tag*."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import DueItem
from clients.worklist import Group, Reader, file_line
from documents.choices import ConsentKind
from ui.dates import date_de
from ui.due import DueLine


def compose(items: Sequence[DueItem], reader: Reader) -> list[DueLine]:
    """The lines of this app's items; no recipient is named."""
    return [_ends(item, reader) for item in items]


def _ends(item: DueItem, reader: Reader) -> DueLine:
    until = item.due_on or reader.today
    words = {"kind": ConsentKind(item.step).label, "date": date_de(until)}
    is_over = until < reader.today
    text = (
        _("Consent “%(kind)s” was valid until %(date)s. Is it still needed?") % words
        if is_over
        else _("Consent “%(kind)s” is valid until %(date)s.") % words
    )
    new = reverse("file_documents:consent_new", args=[item.client.uuid])
    return file_line(
        item,
        reader.today,
        group=Group.PLANS,
        when=item.due_on,
        icon="doc",
        text=text,
        action_label=_("Renew"),
        action_url=f"{new}?renews={item.object}",
    )
