"""Who lives together. Notes stay with each person; a household only says who shares an address."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.access import scope_of
from accounts.actor import Actor
from accounts.models import User
from accounts.records import DuplicateSubmission, create_once, raise_if_submitted, save_edited
from audit.recording import record
from clients import actions
from clients.choices import Relation
from clients.models import Client, Household, HouseholdMember, Relative
from clients.querysets import HouseholdMemberQuerySet
from clients.rules.dates import age_text
from clients.services.change import change
from clients.services.files import register_client

RELATIVE_FIELDS = ("surname", "given_name", "birth_date", "birth_precision", "relation")


def _members() -> HouseholdMemberQuerySet:
    return HouseholdMember.objects.unscoped(reason="the household of a file the view let in")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a household as one user may see them.

    A client of another caseload, and relatives named in such a file, are only "another person":
    ``foreign_manager`` says who is responsible, everything else is empty.
    """

    member_id: int
    name: str = ""
    case_no: str = ""
    url: str = ""
    relation: str = ""
    age: str = ""
    relative: Relative | None = None
    foreign_manager: str = ""


def people_in(client: Client, *, user: User, today: datetime.date) -> list[Person]:
    """Everybody in the household of a file the view let in, the file's own person left out.

    Args:
        client: the file.
        user: decides who is named.
        today: memberships in force on this day count.
    """
    own = _members().current().filter(client=client).order_by()
    rows = (
        _members()
        .current()
        .filter(household__in=own.values("household_id"), since__lte=today)
        .exclude(client=client)
        .select_related("client__manager", "relative__client__manager")
        .order_by("since", "id")
    )
    caseloads = scope_of(user).caseloads
    return [_as_seen(row, caseloads, today) for row in rows]


def _as_seen(member: HouseholdMember, caseloads: frozenset[int], today: datetime.date) -> Person:
    file = member.client or (member.relative.client if member.relative else None)
    if file is None or file.manager_id not in caseloads:
        manager = str(file.manager) if file is not None and file.manager else _("inbox")
        return Person(member.pk, foreign_manager=manager)
    relation = str(Relation(member.relation).label)
    if member.client is not None:
        return Person(
            member.pk,
            name=member.client.display_name,
            case_no=member.client.case_no,
            url=member.client.get_absolute_url(),
            relation=relation,
            age=age_text(member.client.birth, today),
        )
    relative: Any = member.relative
    return Person(
        member.pk,
        name=relative.display_name,
        relation=relation,
        age=age_text(relative.birth, today),
        relative=relative,
    )


def household_of(client: Client) -> Household | None:
    """The household a client lives in now."""
    member = _members().current().filter(client=client).select_related("household").first()
    return member.household if member else None


def ensure_household(client: Client, *, since: datetime.date) -> Household:
    """The client's household, made with the client as reference person when there is none; inside a
    transaction."""
    household = household_of(client)
    if household is None:
        household = Household.objects.create(municipality=client.municipality)
        HouseholdMember.objects.create(
            household=household, client=client, relation=Relation.REFERENCE, since=since
        )
    return household


def add_relative(actor: Actor, relative: Relative) -> Relative:
    """Add a co-counselled relative with minimal data to the client's household.

    Args:
        actor: who acts, and when.
        relative: validated and unsaved, with client.

    Raises:
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [relative.client], needs="client.household") as locked:
        raise_if_submitted(relative)
        today = locked.today
        relative.full_clean()
        create_once(relative)
        household = ensure_household(relative.client, since=today)
        HouseholdMember.objects.create(
            household=household, relative=relative, relation=relative.relation, since=today
        )
        record(actor, actions.CHANGED, client=relative.client, kind="household", fields=["relative"])
    return relative


def change_relative(actor: Actor, relative: Relative, *, expected_version: int) -> Relative:
    """Correct a relative's data; the relation in the household follows.

    Raises:
        StaleRecord: another user saved meanwhile.
    """
    with change(actor, [relative.client], needs="client.household"):
        relative.full_clean()
        save_edited(relative, expected_version, list(RELATIVE_FIELDS))
        _members().current().filter(relative=relative).update(relation=relative.relation)
        record(actor, actions.CHANGED, client=relative.client, kind="household", fields=["relative"])
    return relative


def join_household(actor: Actor, client: Client, other: Client, *, relation: str) -> HouseholdMember:
    """Another client joins the household of this one; both files are in the acting user's caseload.

    Args:
        actor: who acts, and when.
        client: whose household is joined.
        other: who joins; leaves their former household.
        relation: what ``other`` is to the reference person.

    Raises:
        ValidationError: a client cannot join themselves.
    """
    if client.pk == other.pk:
        raise ValidationError({"other": _("This is the same person.")})
    with change(actor, [client, other], needs="client.household") as locked:
        present = _members().current().filter(client=other).first()
        if present is not None and present.household == household_of(client):
            return _as_member(present)
        today = locked.today
        household = ensure_household(client, since=today)
        if present is not None:
            _end(present, today)
        member = HouseholdMember.objects.create(
            household=household, client=other, relation=relation, since=today
        )
        record(actor, actions.CHANGED, client=client, kind="household", fields=["household"])
        record(actor, actions.CHANGED, client=other, kind="household", fields=["household"])
    return member


def _as_member(member: Any) -> HouseholdMember:
    found: HouseholdMember = member
    return found


def _end(member: HouseholdMember, day: datetime.date) -> None:
    member.until = max(day, member.since)
    member.save(update_fields=["until"])


def leave_household(actor: Actor, member: HouseholdMember, *, client: Client) -> HouseholdMember:
    """A member no longer lives there; leaving twice changes nothing.

    Args:
        actor: who acts, and when.
        member: the membership.
        client: the file in which this is recorded.
    """
    with change(actor, [client], needs="client.household") as locked:
        if member.until is None:
            _end(member, locked.today)
            record(actor, actions.CHANGED, client=client, kind="household", fields=["household"])
    return member


def open_file_for(actor: Actor, relative: Relative) -> Client:
    """A relative gets a file of their own; the household membership goes over to it.

    Raises:
        ValidationError: the relative already has a file, with another manager.
        DuplicateSubmission: the file is there, and the acting user's own.
    """
    with change(actor, [relative.client], needs="client.household") as locked:
        stored: Relative = (
            Relative.objects.unscoped(reason="lock of a relative the view let in")
            .select_for_update(no_key=True)
            .get(pk=relative.pk)
        )
        if stored.became is not None and stored.became.manager_id == actor.user.pk:
            raise DuplicateSubmission(stored.became)
        if stored.became is not None:
            raise ValidationError(_("This person has a file already."))
        person = Client(
            municipality=relative.client.municipality,
            surname=relative.surname,
            given_name=relative.given_name,
            birth_date=relative.birth_date,
            birth_precision=relative.birth_precision,
            source=relative.client.source,
            nationality=relative.client.nationality,
        )
        register_client(actor, person)
        stored.became = person
        save_edited(stored, stored.version, ["became"])
        membership = _members().current().filter(relative=stored).first()
        if membership is not None:
            _end(membership, locked.today)
            HouseholdMember.objects.create(
                household_id=membership.household_id,
                client=person,
                relation=membership.relation,
                since=locked.today,
            )
        record(actor, actions.CHANGED, client=relative.client, kind="household", fields=["relative"])
    return person
