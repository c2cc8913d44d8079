"""Entries that come again and again: one tap fills in what is always the same."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appointments.choices import Channel, Result, SpokenWith
from appointments.forms.contact import facts_of
from appointments.models import Contact
from appointments.querysets import ATTEMPT
from clients.models import Client, Topic

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

POST = "post"
AGAIN = "again"
REPEATED = (
    "channel",
    "result",
    "spoken_with",
    "organisation",
    "minutes",
    "minutes_other",
    "main_topic",
    "topics",
)
QUICK: dict[str, tuple["StrOrPromise", dict[str, Any]]] = {
    "letter": (_("Letter read"), {"minutes": "15", "letters_read": "1"}),
    "form": (_("Form filled in"), {"minutes": "15", "forms_filled": "1"}),
    "call": (
        _("Call to an office"),
        {
            "channel": Channel.PHONE,
            "result": Result.TALK,
            "spoken_with": SpokenWith.THIRD_PARTY,
            "minutes": "10",
        },
    ),
    "missed": (
        pgettext_lazy("quick entry", "Not reached"),
        {"channel": Channel.PHONE, "result": Result.NOT_REACHED, "spoken_with": SpokenWith.CLIENT},
    ),
    AGAIN: (_("As last time"), {}),
}
ON_POST = ("letter", "form")
"""These are about letters and applications."""


def buttons(client: Client) -> list[tuple[str, "StrOrPromise"]]:
    """The quick entries of a file; there is a last time only after a talk."""
    return [
        (code, label) for code, (label, _values) in QUICK.items() if code != AGAIN or client.last_contact_on
    ]


def quick_values(code: str, client: Client, topics: Callable[[], list[Topic]]) -> dict[str, Any]:
    """What a quick entry fills in; nothing for an unknown one.

    Args:
        code: which.
        client: the file.
        topics: the topics offered.
    """
    if code == AGAIN:
        return _as_last_time(client)
    if code not in QUICK:
        return {}
    values = dict(QUICK[code][1])
    if code in ON_POST:
        values["main_topic"] = next((topic.pk for topic in topics() if topic.code == POST), None)
    return values


def _as_last_time(client: Client) -> dict[str, Any]:
    """Way, topics, duration and with whom of the last contact of the file that was no mere attempt; never its note."""
    rows = Contact.objects.unscoped(reason="contacts of a file the view let in").filter(client=client)
    last: Contact | None = rows.exclude(ATTEMPT).order_by("-happened_at").prefetch_related("topics").first()
    facts = facts_of(last) if last is not None else {}
    return {name: facts[name] for name in REPEATED if name in facts}
