"""Where people live: moving, alone or with others of the household, and correcting what was recorded wrongly."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from audit.recording import record
from clients import actions
from clients.choices import RevisionKind
from clients.models import Accommodation, Client, HouseholdMember
from clients.services.change import change
from clients.services.household import household_of, split_household
from clients.services.protection import protected_among, share_protection
from clients.services.revisions import keep_accommodation

ADDRESS_FIELDS = ("kind", "name", "street", "postcode", "town", "quarter", "letters_reach")
ONE_DAY = datetime.timedelta(days=1)


def move_accommodation(
    actor: Actor,
    accommodation: Accommodation,
    *,
    along: Sequence[HouseholdMember] = (),
    others_stay: bool = False,
) -> Accommodation:
    """The person moved: the former accommodation ends the day before.

    Args:
        actor: who acts, and when.
        accommodation: validated and unsaved, with client and since.
        along: members of the household, of files the actor may change, who move to the same address on the same day.
        others_stay: the household parts: whoever does not come along stays where they were.

    Raises:
        ValidationError: the move lies before the former one of somebody who moves, or in the future beyond today.
        DuplicateSubmission: the same form was posted before.
        FileLost: the file of somebody who comes along is not the actor's.
    """
    client = accommodation.client
    # The files of all members: a relative who comes along is parted from the household, too.
    with change(actor, [client, *(member.file for member in along)], needs="client.edit") as locked:
        raise_if_submitted(accommodation)
        accommodation.recorded_at = locked.now
        together = [member.client for member in along if member.client is not None]
        if protected_among([client]):
            share_protection(locked.actor, client, together)
        protected = protected_among([client, *together])
        accommodation.is_protected = client.pk in protected
        _end_former(accommodation, "since")
        accommodation.full_clean()
        create_once(accommodation)
        record(actor, actions.CHANGED, client=client, kind="accommodation", fields=["accommodation"])
        for person in together:
            home = _same_for(accommodation, person)
            home.is_protected = person.pk in protected
            _end_former(home, "along")
            home.save()
            record(actor, actions.CHANGED, client=person, kind="accommodation", fields=["accommodation"])
        if others_stay:
            _part(actor, client, along, accommodation.since)
    return accommodation


def _same_for(pattern: Accommodation, person: Client) -> Accommodation:
    home = Accommodation(client=person, since=pattern.since, recorded_at=pattern.recorded_at)
    for name in ("house", *ADDRESS_FIELDS):
        setattr(home, name, getattr(pattern, name))
    return home


def _end_former(accommodation: Accommodation, field: str) -> None:
    former = (
        Accommodation.objects.unscoped(reason="the former accommodation of this file")
        .filter(client=accommodation.client, until__isnull=True)
        .first()
    )
    if former is None:
        return
    if accommodation.since <= former.since:
        said = {"date": f"{former.since:%d.%m.%Y}", "name": accommodation.client.case_no}
        text = (
            _("The present accommodation began on %(date)s; a move comes later.")
            if field == "since"
            else _("The present accommodation of %(name)s began on %(date)s; a move comes later.")
        )
        raise ValidationError({field: text % said})
    former.until = accommodation.since - ONE_DAY
    save_edited(former, former.version, ["until"])


def _part(actor: Actor, client: Client, along: Sequence[HouseholdMember], day: datetime.date) -> None:
    """Whoever moved leaves the household; there is nothing to part when all of it moved."""
    household = household_of(client)
    if household is None:
        return
    rows = HouseholdMember.objects.unscoped(reason="who of the household moves").current()
    members = list(rows.filter(household=household).select_related("client", "relative__client"))
    chosen = {member.pk for member in along}
    leaving = [row for row in members if row.client_id == client.pk or row.pk in chosen]
    if len(leaving) == len(members):
        return
    try:
        split_household(actor, client, leaving, on=day)
    except ValidationError as refused:
        raise ValidationError({"others_stay": refused.messages}) from refused


def correct_accommodation(
    actor: Actor, accommodation: Accommodation, *, expected_version: int
) -> Accommodation:
    """Correct what was recorded wrongly, or note that letters no longer arrive.

    Raises:
        StaleRecord: somebody else saved meanwhile.
    """
    with change(actor, [accommodation.client], needs="client.edit") as locked:
        accommodation.full_clean()
        former = Accommodation.objects.unscoped(reason="what it said until now").get(pk=accommodation.pk)
        save_edited(accommodation, expected_version, ["house", *ADDRESS_FIELDS, "since"])
        keep_accommodation(locked.actor, former, accommodation, how=RevisionKind.CORRECTED)
        record(
            actor, actions.CHANGED, client=accommodation.client, kind="accommodation", fields=ADDRESS_FIELDS
        )
    return accommodation
