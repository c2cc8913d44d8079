"""What was known of a participant when a contact was logged (rules.md §4 "What counts as a step")."""

import datetime

from django.utils import timezone

from appointments.choices import Channel
from appointments.models import Contact
from appointments.rules.contact import language_counts
from clients.choices import PointKind, Reading
from clients.models import Accommodation, Client, ContactPoint

VOICE_AND_SMS = frozenset({Channel.PHONE, Channel.VIDEO, Channel.MESSAGE})
ON_PAPER = frozenset({Channel.LETTER, Channel.NOTE})


def address_valid(client: Client, channel: str, day: datetime.date) -> bool:
    """Whether an address or number valid and permitted on a day was there for the channel.

    Args:
        client: the participant.
        channel: how the contact took place.
        day: local date of the contact.
    """
    if channel in ON_PAPER or channel == Channel.HOME_VISIT:
        return _reachable_at_home(client, day, by_post=channel != Channel.HOME_VISIT)
    if channel == Channel.EMAIL:
        return bool(_points(client, day, PointKind.EMAIL))
    if channel in VOICE_AND_SMS:
        return client.may_be_called and bool(_points(client, day, PointKind.MOBILE, PointKind.PHONE))
    return True


def _reachable_at_home(client: Client, day: datetime.date, *, by_post: bool) -> bool:
    homes = Accommodation.objects.unscoped(reason="snapshot of the participant").of(client).on(day)
    if not by_post:
        return any(home.is_known_address for home in homes)
    return client.may_be_written and any(home.is_known_address and home.letters_reach for home in homes)


def _points(client: Client, day: datetime.date, *kinds: str) -> list[ContactPoint]:
    points = ContactPoint.objects.unscoped(reason="snapshot of the participant").of(client)
    return [
        point
        for point in points.filter(kind__in=kinds, may_use=True)
        if timezone.localdate(point.since) <= day
        and (point.until is None or timezone.localdate(point.until) >= day)
    ]


def language_ok(client: Client, contact: Contact) -> bool:
    """Whether the contact was in a language this participant reads or speaks."""
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
        reads_no_script=client.reading == Reading.NONE,
        understood_ticked=contact.understood_ticked,
    )
