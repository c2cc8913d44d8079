"""Closing with what holds at the end: German, work and housing are asked once more, so that an effect can be told."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.actor import Actor
from clients.models import Accommodation, Client, ClosingReason, DatedFact
from clients.services.accommodations import move_accommodation
from clients.services.change import change
from clients.services.dated_facts import add_fact
from clients.services.files import close_counselling

HOUSING = "housing"
"""The field of the form that asks for the kind of accommodation; facts are asked for under their kind."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Why and when the counselling ends; ``expected_version`` is that of the file the form showed."""

    reason: ClosingReason
    on: datetime.date
    note: str = ""
    expected_version: int | None = None


def close_with_last_facts(
    actor: Actor,
    client: Client,
    closing: Closing,
    *,
    facts: Iterable[DatedFact] = (),
    home: Accommodation | None = None,
) -> Client:
    """Record what has changed by the end, then close; both or neither.

    Args:
        actor: the responsible manager.
        client: the file.
        closing: reason, day and note.
        facts: unsaved values since the day of closing that differ from those recorded.
        home: an unsaved accommodation, where the kind differs from the one recorded.

    Raises:
        ValidationError: something is open in the file, or a later value is recorded already, by field; nothing was
            written.
        StaleRecord: somebody else changed the file meanwhile.
    """
    with change(actor, [client], allow_closed=True, needs="client.close"):
        for fact in facts:
            try:
                add_fact(actor, fact)
            except ValidationError as refused:
                raise ValidationError({fact.kind: refused.messages}) from refused
        if home is not None:
            try:
                move_accommodation(actor, home)
            except ValidationError as refused:
                raise ValidationError({HOUSING: refused.messages}) from refused
        return close_counselling(
            actor,
            client,
            reason=closing.reason,
            note=closing.note,
            on=closing.on,
            expected_version=closing.expected_version,
        )
