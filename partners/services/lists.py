"""The network as a list: saved as a file, and taken over from one (rules.md §14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit.recording import record
from partners import actions, spreadsheet
from partners.models import Offer, Organisation
from partners.services.network import OFFER_FIELDS, ORGANISATION_FIELDS, keep_offer, keep_organisation
from partners.spreadsheet import Line
from ui.spreadsheets import write_csv


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many organisations were new, and how many were corrected."""

    new: int
    corrected: int


def export_network(actor: Actor) -> IO[bytes]:
    """Write organisations in use with their offers as CSV; no person is in it."""
    actor.require("network.view")
    in_use = Organisation.objects.current().order_by("name", "pk")
    file = write_csv(spreadsheet.header(), spreadsheet.rows(in_use))
    with transaction.atomic():
        record(actor, actions.NETWORK_EXPORTED, kind="organisation", count=in_use.count())
    return file


def import_network(actor: Actor, lines: Sequence[Line]) -> TakenOver:
    """Enter new organisations and offers, and correct known ones by name and town; what is empty stays as it is.

    Args:
        actor: who acts.
        lines: checked rows.

    Raises:
        ValidationError: a row was refused, named with its line; nothing was written.
    """
    actor.require("network.edit")
    known: dict[tuple[str, str], Organisation] = {
        (row.name.casefold(), row.town.casefold()): row for row in Organisation.objects.current()
    }
    before = set(known)
    touched = set()
    with transaction.atomic():
        for line in lines:
            key = _key(line)
            try:
                known[key] = _organisation(actor, known.get(key), line)
                if line.offer:
                    _offer(actor, known[key], line)
            except ValidationError as refused:
                words = {"number": line.number, "fault": " ".join(refused.messages)}
                raise ValidationError(_("Line %(number)s: %(fault)s") % words) from refused
            touched.add(key)
        record(actor, actions.NETWORK_IMPORTED, kind="organisation", count=len(touched))
    return TakenOver(len(touched - before), len(touched & before))


def _key(line: Line) -> tuple[str, str]:
    return line.organisation["name"].casefold(), line.organisation.get("town", "").casefold()


def _organisation(actor: Actor, row: Organisation | None, line: Line) -> Organisation:
    """The organisation of a line; rows of further offers repeat it unchanged."""
    if row is None:
        return keep_organisation(actor, Organisation(**line.organisation))
    said = {name: value for name, value in line.organisation.items() if name in ORGANISATION_FIELDS}
    if all(getattr(row, name) == value for name, value in said.items()):
        return row
    for name, value in said.items():
        setattr(row, name, value)
    return keep_organisation(actor, row, expected_version=row.version)


def _offer(actor: Actor, organisation: Organisation, line: Line) -> None:
    row = organisation.offers.filter(title=line.offer["title"]).first()
    if row is None:
        keep_offer(actor, Offer(organisation=organisation, **line.offer), line.languages)
        return
    for name, value in line.offer.items():
        if name in OFFER_FIELDS:
            setattr(row, name, value)
    languages = line.languages or list(row.languages.all())
    keep_offer(actor, row, languages, expected_version=row.version)
