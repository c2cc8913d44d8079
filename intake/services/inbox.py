"""Taking a file from the inbox, and where a user may register people."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import scope_of
from accounts.actor import Actor
from accounts.models import Municipality, User
from audit.recording import record
from clients.choices import Phase
from clients.models import Client, PhaseChange, Responsibility
from clients.services.change import change
from clients.services.files import takes_part
from clients.services.responsibility import assign
from intake import actions


class AlreadyTaken(Exception):
    """Another manager was faster; the message names nobody."""


def municipalities_of(user: User, today: datetime.date) -> QuerySet[Municipality]:
    """The municipalities a user serves today and in which new files may be opened."""
    served = Municipality.objects.filter(pk__in=scope_of(user, today).municipalities)
    return served.filter(pk__in=[place.pk for place in served if takes_part(place, today)])


def why_nothing_new(user: User, today: datetime.date) -> str:
    """Why a user can open nothing new today, and whom to ask; empty when there is a municipality for it."""
    if municipalities_of(user, today):
        return ""
    if not scope_of(user, today).municipalities:
        return str(_("Nothing new can be entered here without a municipality."))
    return str(
        _(
            "No municipality you work in takes part today, so nothing new can be entered. "
            "Please ask the administration to enter since when it takes part."
        )
    )


def take_client(actor: Actor, client: Client) -> Client:
    """Take a file from the inbox: it joins the caseload, making contact begins, the first-contact ladder starts.

    Args:
        actor: who acts, and when.
        client: a file without a manager in a municipality ``by`` serves.

    Raises:
        AlreadyTaken: another manager took it meanwhile; nothing was written.
        PermissionDenied: ``by`` takes no files, or it waits in a municipality she does not serve.
        ValidationError: ``by`` is no active manager any more; nothing was written.
    """
    actor.require("inbox.take")
    with change(actor, [client], allow_closed=True) as locked:
        file = locked.file(client)
        if file.manager_id is not None or file.phase == Phase.CLOSED:
            raise AlreadyTaken
        if file.municipality_id not in actor.scope.municipalities:
            raise PermissionDenied
        if file.phase == Phase.ACCESS:
            # A file that fell back to the inbox keeps its phase: the counselling goes on with another manager.
            today = locked.today
            file.phase, file.phase_since = Phase.CONTACTING, today
            file.version += 1
            file.save(update_fields=["phase", "phase_since", "version"])
            PhaseChange.objects.create(
                client=file, phase=Phase.CONTACTING, on=today, at=locked.now, by=actor.user
            )
        assign(actor, file, actor.user, is_taking=True)
        record(actor, actions.TAKEN, client=file, kind="client", fields=["manager", "phase"])
    return file


JUST_NOW = datetime.timedelta(hours=12)


def left_inbox_lately(key: uuid.UUID, *, user: User, now: datetime.datetime) -> bool:
    """Whether a file was in the user's inbox in the last hours, so that she may be told it is gone.

    Everything else one may not see does not exist.
    """
    rows = Responsibility.objects.unscoped(reason="who was slower is told that the entry is gone")
    return rows.filter(
        client__uuid=key,
        manager__isnull=True,
        municipality_id__in=scope_of(user).municipalities,
        until__gte=now - JUST_NOW,
    ).exists()
