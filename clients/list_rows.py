"""The rows of the client list, for the page and for a file."""

from collections.abc import Mapping, Sequence

from accounts.actor import Actor
from clients.list_columns import Column
from clients.list_filters import cursor, in_order
from clients.querysets import ClientQuerySet

# What a row shows: fifty whole files would be read for it otherwise.
SHOWN = (
    "uuid",
    "manager",
    "case_no",
    "surname",
    "given_name",
    "birth_date",
    "birth_precision",
    "phase",
    "last_contact_on",
    "next_appointment_at",
    "next_due_on",
    "taken_over_on",
)


def page_rows(
    rows: ClientQuerySet, actor: Actor, chosen: Mapping[str, str], columns: Sequence[Column]
) -> ClientQuerySet:
    """Rows in the order of the list, each with what these columns read of it."""
    fields = dict.fromkeys((*SHOWN, *(name for column in columns for name in column.fields)))
    return in_order(rows, chosen, cursor(actor, chosen)).only(*fields)
