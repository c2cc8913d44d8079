"""Taking a file from the inbox, and where a user may register people."""

import datetime
import uuid
from collections.abc import Sequence
from contextlib import suppress

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import scope_of
from accounts.actor import Actor
from accounts.models import Municipality, User
from accounts.rules.calendar import start_of_day
from audit.actions import ACCESS, CHANGE, codes_of
from audit.models import AuditEntry
from audit.recording import record
from clients.choices import Phase
from clients.models import Client, PhaseChange, Responsibility
from clients.services.change import Change, change
from clients.services.files import takes_part
from clients.services.responsibility import assign
from intake import actions

REASON = "the file of whoever takes or gives back"


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
        return _take(locked, client)


def take_clients(actor: Actor, clients: Sequence[Client]) -> list[Client]:
    """Take several files in one step, a household above all; those another manager took meanwhile are left out.

    Args:
        actor: who acts, and when.
        clients: files of her inbox.

    Returns:
        The files that are hers now.

    Raises:
        PermissionDenied: ``by`` takes no files, or one waits in a municipality she does not serve.
        ValidationError: ``by`` is no active manager any more; nothing was written.
    """
    actor.require("inbox.take")
    taken: list[Client] = []
    with change(actor, clients, allow_closed=True) as locked:
        for client in sorted(clients, key=lambda file: file.pk):
            with suppress(AlreadyTaken):
                taken.append(_take(locked, client))
    return taken


def _take(locked: Change, client: Client) -> Client:
    actor, file = locked.actor, locked.file(client)
    if file.manager_id is not None or file.phase == Phase.CLOSED:
        raise AlreadyTaken
    if file.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied
    if file.phase == Phase.ACCESS:
        # A file that fell back to the inbox keeps its phase: the counselling goes on with another manager.
        file.phase, file.phase_since = Phase.CONTACTING, locked.today
        file.version += 1
        file.save(update_fields=["phase", "phase_since", "version"])
        PhaseChange.objects.create(
            client=file, phase=Phase.CONTACTING, on=locked.today, at=locked.now, by=actor.user
        )
    assign(actor, file, actor.user, is_taking=True)
    record(actor, actions.TAKEN, client=file, kind="client", fields=["manager", "phase"])
    return file


class WorkedOn(Exception):
    """Taking cannot be taken back: it was on another day, or something was recorded in the file since."""


def give_back(actor: Actor, client: Client) -> Client:
    """Take taking a file back the same day: it waits in the inbox again, and no first contact is due.

    Args:
        actor: who took it.
        client: the file.

    Raises:
        WorkedOn: it was not taken today by the actor, or has been worked on; nothing was written.
    """
    with change(actor, [client], needs="inbox.take") as locked:
        file = locked.file(client)
        taking = _taking_of_today(locked.actor, file)
        if taking is None:
            raise WorkedOn
        taking.withdrawn_at = taking.until = locked.now
        taking.save(update_fields=["withdrawn_at", "until"])
        Responsibility.objects.create(
            client=file,
            manager=None,
            municipality_id=file.municipality_id,
            since=locked.now,
            former_manager=taking.former_manager,
            recorded_by=actor.user,
        )
        file.manager = client.manager = None
        began = PhaseChange.objects.unscoped(reason=REASON).filter(client=file, at__gte=taking.since)
        if began.filter(phase=Phase.CONTACTING).exists():
            file.phase, file.phase_since = Phase.ACCESS, locked.today
            PhaseChange.objects.create(
                client=file, phase=Phase.ACCESS, on=locked.today, at=locked.now, by=actor.user
            )
        file.version += 1
        file.save(update_fields=["manager", "phase", "phase_since", "version"])
        record(actor, actions.GIVEN_BACK, client=file, kind="client", fields=["manager", "phase"])
    return file


def _taking_of_today(actor: Actor, client: Client) -> Responsibility | None:
    rows = Responsibility.objects.unscoped(reason=REASON).filter(client=client, until__isnull=True)
    taking = rows.filter(is_taking=True, manager=actor.user, since__gte=start_of_day(actor.today)).first()
    if taking is None:
        return None
    # Whatever writes into a file leaves an entry, so nothing has to be asked of table after table.
    writing = {*codes_of(CHANGE), *codes_of(ACCESS)} - {actions.TAKEN.code}
    written = AuditEntry.objects.about(client.subject_ref).filter(at__gte=taking.since, action__in=writing)
    return None if written.exists() else taking


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
