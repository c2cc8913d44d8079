"""What was known of a participant when a contact was logged (rules.md §4 "What counts as a step").

Judged by when the contact happened, and by what is on record when it is logged or corrected.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from accounts.file_loader import load_together
from accounts.rules.calendar import bounds
from appointments.choices import Channel
from appointments.models import Contact
from appointments.rules.contact import language_counts, script_counts
from clients.choices import Reading, Script
from clients.models import Client, ClientLanguage, ReachPeriod, SpokenLanguage
from clients.rules.reach_periods import Kind, PeriodFact
from clients.services.reach import reach_facts

#: What must have been known for a channel; the other channels need nothing.
NEEDED = {
    Channel.LETTER: Kind.LETTER,
    Channel.NOTE: Kind.LETTER,
    Channel.EMAIL: Kind.EMAIL,
    Channel.PHONE: Kind.PHONE,
    Channel.VIDEO: Kind.PHONE,
    Channel.MESSAGE: Kind.PHONE,
    Channel.HOME_VISIT: Kind.ACCOMMODATION,
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Whether address or number were valid and permitted, the script one they read, the language one of theirs."""

    address_valid: bool = True
    script_ok: bool = True
    language_ok: bool = True


def take_snapshots(clients: Sequence[Client], contact: Contact) -> dict[int, Snapshot]:
    """What was known of the participants on the day of a contact, by key; one statement.

    Args:
        clients: the participants.
        contact: with its day, channel, result and language.
    """
    rows = load_together([client.pk for client in clients], ReachPeriod, ClientLanguage, SpokenLanguage)
    return {
        client.pk: _snapshot(
            client,
            contact,
            [row for row in rows[ReachPeriod] if row.client_id == client.pk and row.withdrawn_at is None],
            {row.language.code for row in rows[ClientLanguage] if row.client_id == client.pk},
        )
        for client in clients
    }


def _snapshot(
    client: Client, contact: Contact, on_record: Iterable[ReachPeriod], spoken: Collection[str]
) -> Snapshot:
    reach = reach_facts(on_record)
    preferred = [client.preferred_language.code] if client.preferred_language is not None else []
    needed = NEEDED.get(Channel(contact.channel))
    return Snapshot(
        address_valid=needed is None or _held_on_the_day(reach, needed, contact),
        script_ok=script_counts(
            channel=contact.channel, script=_script_of(contact), read=_scripts_read(client, contact, reach)
        ),
        language_ok=language_counts(
            channel=contact.channel,
            result=contact.result,
            spoken_with=contact.spoken_with,
            used=contact.language.code if contact.language else None,
            known={*spoken, *preferred},
            understood_ticked=contact.understood_ticked,
        ),
    )


def _held_on_the_day(reach: Sequence[PeriodFact], kind: Kind, contact: Contact) -> bool:
    """Whether it held at some moment of the day: a number noted right after the call it served was valid for it."""
    begin, end = bounds(contact.happened_on)
    return any(period.kind == kind and period.touches(begin, end) for period in reach)


def _script_of(contact: Contact) -> str | None:
    """The script of what was written; without a language named, the tick says it was German or English."""
    if contact.language is not None:
        return contact.language.script
    return Script.LATIN if contact.understood_ticked else None


def _scripts_read(client: Client, contact: Contact, reach: Sequence[PeriodFact]) -> Collection[str] | None:
    """The scripts the client reads, none if recorded so at that time; None if nothing is recorded."""
    if any(p.kind == Kind.READS_NO_SCRIPT and p.covers(contact.happened_at) for p in reach):
        return ()
    return client.scripts if client.reading == Reading.SCRIPTS and client.scripts else None
