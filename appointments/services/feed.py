"""A manager makes an address for her calendar programme, or takes it back."""

import secrets

from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from accounts.services.locking import as_stored
from appointments import actions
from appointments.models import CalendarFeed
from appointments.models.calendar import CalendarFeedQuerySet, digest_of
from audit.recording import record

TOKEN_BYTES = 32


def open_feed(actor: Actor) -> str:
    """Make an address; the one before it ends.

    Returns:
        The token, which is stored nowhere and cannot be read again.
    """
    actor.require("calendar.own")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        (user,) = as_stored(actor.user)
        _of(user).delete()
        CalendarFeed.objects.create(user=user, digest=digest_of(token), opened_at=actor.now)
        record(actor, actions.FEED_OPENED, kind="calendar_feed")
    return token


def close_feed(actor: Actor) -> bool:
    """Take the address back.

    Returns:
        Whether there was one.
    """
    actor.require("calendar.own")
    with transaction.atomic():
        (user,) = as_stored(actor.user)
        deleted, _by_model = _of(user).delete()
        if deleted:
            record(actor, actions.FEED_CLOSED, kind="calendar_feed")
    return bool(deleted)


def _of(user: User) -> CalendarFeedQuerySet:
    return CalendarFeed.objects.unscoped(reason="the feed of the one who acts").filter(user=user)
