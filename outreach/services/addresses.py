"""Where a visit goes, and what whoever goes there must know."""

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from clients.models import Accommodation, Client, SafetyNote
from outreach.models import BackBy, VisitCompanion

REASON = "the address of files the view let in"


def address_of(client: Client, day: datetime.date) -> str:
    """The address of a day in one line; empty when it is not known, without a place when it is protected."""
    homes = Accommodation.objects.unscoped(reason=REASON).of(client).on(day)
    home = next((row for row in homes if row.is_known_address), None)
    return ", ".join(home.address_lines) if home is not None else ""


def homes_of(clients: Collection[int], day: datetime.date) -> dict[int, Accommodation]:
    """The accommodation of each file on a day, by key of the file; one statement."""
    rows = Accommodation.objects.unscoped(reason=REASON).filter(client__in=clients).on(day)
    return {row.client_id: row for row in rows.order_by("since", "pk")}


def safety_notes(clients: Sequence[Client], day: datetime.date) -> list[SafetyNote]:
    """What holds on a day for whoever visits these people, each note with its file; one statement."""
    rows = SafetyNote.objects.unscoped(reason="files whose visit the reader prepares")
    found = rows.filter(client__in=clients, ended_at__isnull=True, expires_on__gte=day)
    by_key = {client.pk: client for client in clients}
    notes = list(found.select_related("set_by").order_by("-only_in_pairs", "pk"))
    for note in notes:
        note.client = by_key[note.client_id]
    return notes


def forget_addresses(clients: Iterable[Client]) -> None:
    """What colleagues were told of an address before it was protected says so now (``clients.services.protection``)."""
    for told in (VisitCompanion, BackBy):
        rows = told.objects.unscoped(reason="the copy of an address that is protected now")
        rows.filter(client__in=list(clients)).exclude(address="").update(address=_("protected address"))
