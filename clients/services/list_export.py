"""The client list as a file: the rows and columns of the page, for a reason that is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit.recording import record
from clients import actions
from clients.list_columns import Around, Column, columns_for, facts_below_name
from clients.list_filters import filtered
from clients.list_rows import page_rows
from clients.models import Client, ListExport
from clients.models.exports import ListFormat
from ui.spreadsheets import Value, write_csv, write_xlsx

AT_ONCE = 1000


def export_list(actor: Actor, export: ListExport, chosen: Mapping[str, str]) -> IO[bytes]:
    """Write what the list shows into a file.

    It is read in portions of ``AT_ONCE`` files and written row by row, so that the memory it takes does not grow.

    Args:
        actor: whose list it is.
        export: validated, unsaved: reason and format.
        chosen: filters and order, as in the address of the list.

    Returns:
        The open file, at its beginning.
    """
    actor.require("client.export")
    columns = columns_for(actor, chosen.get("order", ""))
    header = [_("Name"), _("Case number"), _("Age"), *(str(column.label) for column in columns)]
    chosen = {name: value for name, value in chosen.items() if name != "after"}
    clients = page_rows(filtered(actor, chosen), actor, chosen, columns).iterator(chunk_size=AT_ONCE)
    rows = _Counted(_rows(clients, columns, actor))
    # Before the transaction, which would lock others out as long as it is written.
    file = write_csv(header, rows) if export.format == ListFormat.CSV else write_xlsx(_("List"), header, rows)
    with transaction.atomic():
        export.user, export.at, export.count = actor.user, actor.now, rows.number
        export.columns = ["name", "case_no", "age", *(column.code for column in columns)]
        export.full_clean(exclude=["user"])
        export.save(force_insert=True)
        record(actor, actions.LIST_EXPORTED, kind="client", fields=export.columns, count=export.count)
    return file


class _Counted:
    """Rows, and how many came by."""

    def __init__(self, rows: Iterable[list[Value]]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[list[Value]]:
        for row in self._rows:
            self.number += 1
            yield row


def _rows(clients: Iterator[Client], columns: Sequence[Column], actor: Actor) -> Iterator[list[Value]]:
    while portion := list(islice(clients, AT_ONCE)):
        around = Around(portion, columns, actor.today)
        for client in portion:
            values = (column.value(client, around) for column in columns)
            yield [client.list_name, *facts_below_name(client, actor.today), *values]
