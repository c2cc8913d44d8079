"""The accommodations of a municipality: entered and corrected by those who work in it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from audit.recording import record, record_each
from clients import actions
from clients.models import Accommodation, Client, House

FIELDS = (
    *("name", "kind", "street", "postcode", "town", "quarter"),
    *("capacity", "caretaker", "caretaker_phone", "valid_from", "valid_until"),
)


def add_house(actor: Actor, house: House) -> House:
    """Enter an accommodation.

    Args:
        actor: who acts.
        house: validated and unsaved, with its municipality.

    Raises:
        PermissionDenied: it is in a municipality the actor does not serve.
        DuplicateSubmission: the same form was posted before.
    """
    _require(actor, house)
    with transaction.atomic():
        raise_if_submitted(house)
        house.full_clean()
        create_once(house)
        record(actor, actions.HOUSE_KEPT, kind="house", fields=FIELDS)
    return house


def change_house(actor: Actor, house: House, *, expected_version: int) -> House:
    """Correct an accommodation, or say until when it is used; whoever lives there has the corrected address.

    Raises:
        PermissionDenied: it is in a municipality the actor does not serve.
        StaleRecord: somebody else saved meanwhile.
    """
    _require(actor, house)
    with transaction.atomic():
        house.full_clean()
        save_edited(house, expected_version, list(FIELDS))
        # A copy in files of every caseload; nothing is derived from the words of an address.
        rows = Accommodation.objects.unscoped(reason="the address of a house").filter(house=house)
        rows.update(version=F("version") + 1, **house.address)
        files = Client.objects.unscoped(reason="files that have the corrected address")
        record_each(
            actor,
            actions.CHANGED,
            files.filter(pk__in=rows.values("client")),
            kind="accommodation",
            fields=house.address,
        )
        record(actor, actions.HOUSE_KEPT, kind="house", fields=FIELDS)
    return house


def _require(actor: Actor, house: House) -> None:
    actor.require("house.edit")
    if house.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied
