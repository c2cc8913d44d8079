"""Log-ins in the audit trail, and the end of sessions.

Django's own log-in signals are the only signals of this project (architecture.md "Where a rule lives").
"""

import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.actor import Actor
from audit.actions import LOGGED_IN, LOGGED_OUT, LOGIN_FAILED
from audit.recording import record


def _logged_in(sender: Any, user: Any, **kwargs: Any) -> None:
    record(Actor(user), LOGGED_IN, kind="session")


def _logged_out(sender: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        record(Actor(user), LOGGED_OUT, kind="session")


def _login_failed(sender: Any, **kwargs: Any) -> None:
    # The name that was typed may be a password in the wrong field; it is not kept.
    record(Actor(None), LOGIN_FAILED, kind="session")


def connect() -> None:
    """Connect the three receivers once."""
    user_logged_in.connect(_logged_in, dispatch_uid="audit_logged_in")
    user_logged_out.connect(_logged_out, dispatch_uid="audit_logged_out")
    user_login_failed.connect(_login_failed, dispatch_uid="audit_login_failed")


def end_sessions(user: Any) -> int:
    """Delete every open session of a user; returns how many there were."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended


def forget_expired(now: datetime.datetime) -> int:
    """Delete the sessions that ended by themselves; returns how many there were."""
    ended, _per_model = Session.objects.filter(expire_date__lt=now).delete()
    return ended
