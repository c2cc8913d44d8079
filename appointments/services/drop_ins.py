"""Contacts left in a colleague's file: leaving, reading, accepting (rules.md §1 "Drop-in")."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.duties import FileDuty
from accounts.models import User
from accounts.records import create_once, save_edited
from appointments import actions
from appointments.models import Contact, FollowUp
from appointments.services.contacts import FACTS, Participant, store, write_down
from appointments.services.follow_ups import CHANGEABLE
from audit.recording import record
from clients.models import Client, Topic
from clients.services.change import change


def leave_drop_in(
    actor: Actor,
    contact: Contact,
    *,
    note: str = "",
    topics: Iterable[Topic] = (),
    follow_up: FollowUp | None = None,
) -> Contact:
    """Leave a contact in a colleague's file of the same municipality (rules.md §1 "Drop-in").

    It counts and ends the ladder at once; the responsible manager sees it until she accepts or corrects it.

    Args:
        actor: who acts, and when.
        contact: validated and unsaved, with the colleague's client.
        note: what the responsible manager reads.
        topics: topics besides the main one.
        follow_up: validated and unsaved; it belongs to the responsible manager from the start.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the user leaves no contacts, or the file is closed, has no manager, is in the user's own
            scope or in another municipality.
    """
    actor.require("contact.drop_in")
    with change(actor, [contact.client]) as locked:
        client = locked.file(contact.client)
        if not may_leave(actor, client) or client.manager is None:
            raise PermissionDenied
        contact.left_by = actor.user
        store(contact, [Participant(client)], {client: note}, topics, locked.actor)
        write_down(actor, actions.DROP_IN_LEFT, [client], FACTS)
        if follow_up is not None:
            follow_up.client, follow_up.owner, follow_up.contact = client, client.manager, contact
            follow_up.recorded_at, follow_up.recorded_by = locked.now, actor.user
            create_once(follow_up)
            record(actor, actions.FOLLOW_UP_CREATED, client=client, kind="follow_up", fields=CHANGEABLE)
    return contact


def may_leave(actor: Actor, client: Client) -> bool:
    """Whether the user may leave a contact for this file: a colleague's, open, in the same municipality."""
    scope = actor.scope
    return bool(
        client.manager_id is not None
        and client.manager_id not in scope.caseloads
        and client.municipality_id in scope.municipalities
        and not client.is_closed
    )


def accept_drop_in(actor: Actor, contact: Contact, *, expected_version: int) -> Contact:
    """The responsible manager has read what a colleague left; from then on only she may correct it.

    Raises:
        StaleRecord: the author changed it meanwhile.
    """
    with change(actor, [contact.client], needs="contact.correct") as locked:
        if contact.waits_for_acceptance:
            contact.accepted_at = locked.now
            save_edited(contact, expected_version, ["accepted_at"])
            write_down(actor, actions.DROP_IN_ACCEPTED, [contact.client], ["accepted_at"])
    return contact


class DropInDuty(FileDuty):
    """What a colleague left is read before its file is closed: afterwards it would stand in nobody's *Mein Tag*.

    When a manager leaves it goes with its file.
    """

    code = "drop_ins"
    label = _("contacts left by colleagues")

    def open_for(self, user: User, client: Client | None = None) -> int:
        return 0

    def open_in(self, client: Client) -> int:
        rows = Contact.objects.unscoped(reason="a file closes with nothing left to read")
        return int(rows.filter(client=client).waiting_for_acceptance().count())

    def transfer(self, actor: Actor, old: User, new: User | None, client: Client | None) -> int:
        return 0
