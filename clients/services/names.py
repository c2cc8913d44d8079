"""Spellings of a name, each with its folded forms; the main one is copied to the file for lists."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit.recording import record
from clients import actions
from clients.models import Client, ClientName, NameKey
from clients.rules.likeness import keys_of
from clients.rules.names import name_parts, search_key
from clients.services.change import change

LONGEST = 1000
MOST_SPELLINGS = 20
FOLDED = ("folded", "folded_given", "parts", "keys")


def fill_folded(row: ClientName) -> ClientName:
    """Fill the search columns of a spelling; also for bulk loading past the services."""
    parts = name_parts(row.surname) + name_parts(row.given_name)
    keys = sorted(keys_of(row.surname, row.given_name))
    row.folded = search_key(row.surname, row.given_name)[:LONGEST]
    row.folded_given = search_key(row.given_name, row.surname)[:LONGEST]
    row.parts = _between_blanks(parts)
    row.keys = _between_blanks(keys)
    return row


def _between_blanks(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "[:LONGEST] if words else ""


def file_under_keys(rows: Iterable[Any]) -> None:
    """Write the index of the keys of some stored spellings anew; also for bulk loading past the services.

    Args:
        rows: just written; those that are no spellings are left out.
    """
    names = [row for row in rows if isinstance(row, ClientName)]
    stored = NameKey.objects.unscoped(reason="the index follows the spelling")
    stored.filter(name__in=[row.pk for row in names]).delete()
    keys = [NameKey(name=row, key=key) for row in names for key in row.keys.split()]
    NameKey.objects.bulk_create(keys, batch_size=1000)


def refold(files: Collection[Client], *, dry_run: bool = False) -> set[int]:
    """Bring the search columns and the index of the names of some files back in line with the rules of folding.

    Returns:
        The keys of the files in which something differed.
    """
    rows = ClientName.objects.unscoped(reason="search columns are derived").filter(client__in=files)
    wrong = []
    for row in rows.prefetch_related("filed_under"):
        stored = (*(getattr(row, name) for name in FOLDED), {key.key for key in row.filed_under.all()})
        fill_folded(row)
        if stored != (*(getattr(row, name) for name in FOLDED), set(row.keys.split())):
            wrong.append(row)
    if wrong and not dry_run:
        with transaction.atomic():
            ClientName.objects.unscoped(reason="search columns are derived").bulk_update(wrong, FOLDED)
            file_under_keys(wrong)
    return {row.client_id for row in wrong}


def fill_search_name(client: Client) -> None:
    """The key the list is ordered by; a name without letters has an empty key and comes first."""
    client.search_name = search_key(client.surname, client.given_name)[:LONGEST]


def write_main_name(client: Client) -> None:
    """Copy the name of the file to its main spelling; call it inside a transaction."""
    rows = ClientName.objects.unscoped(reason="the main spelling follows the file")
    row = rows.filter(client=client, is_main=True).first() or ClientName(client=client, is_main=True)
    row.surname, row.given_name = client.surname, client.given_name
    fill_folded(row).save()
    file_under_keys([row])


def add_spelling(actor: Actor, client: Client, *, surname: str, given_name: str) -> ClientName:
    """Add another spelling or an alias; the same one twice stays one row.

    Raises:
        ValidationError: there are twenty already, or a name is missing or too long.
    """
    with change(actor, [client], needs="client.edit"):
        rows = ClientName.objects.unscoped(reason="spellings of one file").filter(client=client)
        same = rows.filter(surname=surname, given_name=given_name).first()
        if same is not None:
            return same
        if rows.count() >= MOST_SPELLINGS:
            raise ValidationError(
                _("More than %(number)s spellings cannot be kept.") % {"number": MOST_SPELLINGS}
            )
        row = fill_folded(ClientName(client=client, surname=surname, given_name=given_name))
        row.full_clean()
        row.save()
        file_under_keys([row])
        record(actor, actions.CHANGED, client=client, kind="name", fields=["alias"])
    return row


def remove_spelling(actor: Actor, row: ClientName) -> None:
    """Remove an alias; the main name is changed in the file itself.

    Raises:
        ValidationError: the row is the main name.
    """
    if row.is_main:
        raise ValidationError(_("The main name is changed in the personal details."))
    with change(actor, [row.client], needs="client.edit"):
        row.delete()
        record(actor, actions.CHANGED, client=row.client, kind="name", fields=["alias"])
