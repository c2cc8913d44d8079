"""Moving within the district: with the person's consent the file follows to the inbox of the new town."""

import datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import duties
from accounts.actor import Actor
from accounts.models import Municipality, User
from accounts.records import create_once, raise_if_submitted
from accounts.rules.calendar import start_of_day
from audit.recording import record
from clients.models import Client
from clients.services.change import change
from clients.services.files import takes_part
from clients.services.responsibility import assign
from intake import actions
from intake.models import DistrictMove
from intake.services.inbox import WorkedOn

REASON = "a file on its way to another town"


def towns_besides(client: Client, today: datetime.date) -> QuerySet[Municipality]:
    """The other municipalities of the district that take part on a day."""
    others = Municipality.objects.exclude(pk=client.municipality_id)
    return Municipality.objects.filter(pk__in=[place.pk for place in others if takes_part(place, today)])


def move_to_town(actor: Actor, move: DistrictMove) -> DistrictMove:
    """Pass a file on to another town's inbox: number, phase, clock and ladder stay, whoever passed it on loses access.

    Figures count the person there from this record on (rules.md §10); the follow-ups go along, appointments wait for
    the next manager.

    Args:
        actor: the responsible manager.
        move: validated and unsaved: file, town, day, consent.

    Raises:
        ValidationError: the town takes no part, or is the one where the file lies; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [move.client], users=[actor.user.pk], needs="handover.propose") as locked:
        raise_if_submitted(move)
        file = locked.file(move.client)
        if not towns_besides(file, locked.today).filter(pk=move.to_municipality_id).exists():
            text = _("Please choose another municipality that takes part today.")
            raise ValidationError({"to_municipality": text})
        move.from_municipality_id = file.municipality_id
        move.recorded_by, move.recorded_at = actor.user, locked.now
        move.full_clean()
        create_once(move)
        duties.transfer_besides(locked.actor, actor.user, None, file)
        _settle_in(locked.actor, file, move.to_municipality, None)
        record(
            actor,
            actions.MOVED_TO_TOWN,
            client=move.client,
            kind="client",
            fields=["municipality", "manager"],
        )
    return move


def _settle_in(actor: Actor, file: Client, place: Municipality, manager: User | None) -> None:
    file.municipality = place
    rows = Client.objects.unscoped(reason=REASON).filter(pk=file.pk)
    rows.update(municipality=place, version=file.version + 1)
    assign(actor, file, manager, needs="handover.propose")


def moves_of_today(actor: Actor) -> QuerySet[DistrictMove]:
    """What the actor passed on today and could take back while nobody took it."""
    rows = DistrictMove.objects.unscoped(reason=REASON).filter(recorded_by=actor.pk)
    return rows.filter(recorded_at__gte=start_of_day(actor.today), client__manager=None)


def take_back(actor: Actor, move: DistrictMove) -> Client:
    """Undo passing a file on, the same day and while nobody in the new town took it.

    Raises:
        WorkedOn: it is too late; nothing was written.
    """
    actor.require("handover.propose")
    with change(actor, [move.client], users=[actor.user.pk]) as locked:
        file = locked.file(move.client)
        stored = moves_of_today(locked.actor).filter(pk=move.pk, to_municipality=file.municipality_id).first()
        if stored is None or file.manager_id is not None:
            raise WorkedOn
        _settle_in(locked.actor, file, stored.from_municipality, actor.user)
        record(
            actor,
            actions.MOVE_TAKEN_BACK,
            subject=file.subject_ref,
            kind="client",
            fields=["municipality", "manager"],
        )
    return file
