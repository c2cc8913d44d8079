"""What was known of a participant when a contact was logged (rules.md §4 "What counts as a step").

Judged by when the contact happened, and by what is on record when it is logged or corrected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from appointments.choices import Channel
from appointments.models import Contact
from appointments.rules.calendar import start_of_day
from appointments.rules.contact import language_counts
from appointments.rules.ladder.periods import Kind, PeriodFact
from appointments.services.ladder_facts import reach_facts
from clients.choices import Reading
from clients.models import Client, ReachPeriod

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
    """Whether address or number were valid and permitted, and whether the language is one they read or speak."""

    address_valid: bool = True
    language_ok: bool = True


def take_snapshot(client: Client, contact: Contact) -> Snapshot:
    """What was known of a participant on the day of a contact.

    Args:
        client: the participant.
        contact: with its day, channel, result and language.
    """
    rows = ReachPeriod.objects.unscoped(reason="snapshot of the participant").of(client).on_record()
    reach = reach_facts(rows)
    needed = NEEDED.get(Channel(contact.channel))
    return Snapshot(
        address_valid=needed is None or _held_on_the_day(reach, needed, contact),
        language_ok=_language_counts(
            client,
            contact,
            reads_no_script=any(
                period.kind == Kind.READS_NO_SCRIPT and period.covers(contact.happened_at) for period in reach
            ),
        ),
    )


def _held_on_the_day(reach: Sequence[PeriodFact], kind: Kind, contact: Contact) -> bool:
    """Whether it held at some moment of the day: a number noted right after the call it served was valid for it."""
    begin, end = start_of_day(contact.happened_on), start_of_day(contact.happened_on + timedelta(days=1))
    return any(period.kind == kind and period.touches(begin, end) for period in reach)


def _language_counts(client: Client, contact: Contact, *, reads_no_script: bool) -> bool:
    languages = [row.language for row in client.client_languages.select_related("language")]
    read = {language.code for language in languages if language.script in client.scripts}
    knows_scripts = client.reading == Reading.SCRIPTS and bool(client.scripts)
    return language_counts(
        channel=contact.channel,
        result=contact.result,
        used={contact.language.code} if contact.language else set(),
        spoken={language.code for language in languages},
        # Scripts are recorded and none of the languages is written in them: nothing can be read.
        read=(read or {""}) if knows_scripts else None,
        reads_no_script=reads_no_script,
        understood_ticked=contact.understood_ticked,
    )
