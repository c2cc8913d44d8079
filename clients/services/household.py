"""Who lives together. Notes stay with each person; a household only says who shares an address."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import scope_of
from accounts.records import AlreadyDone, create_once, refuse_repetition, save_edited
from clients import actions
from clients.choices import Relation
from clients.models import Client, Household, HouseholdMember, Relative
from clients.rules.dates import age_text
from clients.services.closed_files import refuse_closed
from clients.services.files import (
    lock_files,
    lock_open_file,
    now_under_lock,
    record_in_file,
    register_client,
)

RELATIVE_FIELDS = ("surname", "given_name", "birth_date", "birth_precision", "relation")


def _recorded(client: Client, by: Any, field: str) -> None:
    record_in_file(actions.CHANGED, client, by, "household", [field])


def _members() -> Any:
    return HouseholdMember.objects.unscoped(reason="the household of a file the view let in")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a household as one user may see them.

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


def people_in(client: Client, *, user: Any, today: datetime.date) -> list[Person]:
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


def add_relative(relative: Relative, *, by: Any, now: datetime.datetime) -> Relative:
    """Add a co-counselled relative with minimal data to the client's household.

    Args:
        relative: validated and unsaved, with client.

    Raises:
        AlreadyDone: the same form was posted before.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(relative.client))
        refuse_repetition(relative)
        today = timezone.localdate(now)
        relative.full_clean()
        create_once(relative)
        household = ensure_household(relative.client, since=today)
        HouseholdMember.objects.create(
            household=household, relative=relative, relation=relative.relation, since=today
        )
        _recorded(relative.client, by, "relative")
    return relative


def change_relative(relative: Relative, *, expected_version: int, by: Any) -> Relative:
    """Correct a relative's data; the relation in the household follows.

    Raises:
        StaleRecord: somebody else saved meanwhile.
    """
    with transaction.atomic():
        lock_open_file(relative.client)
        relative.full_clean()
        save_edited(relative, expected_version, list(RELATIVE_FIELDS))
        _members().current().filter(relative=relative).update(relation=relative.relation)
        _recorded(relative.client, by, "relative")
    return relative


def join_household(
    client: Client, other: Client, *, relation: str, by: Any, now: datetime.datetime
) -> HouseholdMember:
    """Another client joins the household of this one; both files are in the acting user's caseload.

    Args:
        client: whose household is joined.
        other: who joins; leaves their former household.
        relation: what ``other`` is to the reference person.

    Raises:
        ValidationError: a client cannot join themselves.
    """
    if client.pk == other.pk:
        raise ValidationError({"other": _("This is the same person.")})
    with transaction.atomic():
        files = lock_files([client, other])
        for file in files.values():
            refuse_closed(file)
        present = _members().current().filter(client=other).first()
        if present is not None and present.household == household_of(client):
            return _as_member(present)
        now = now_under_lock(now, *files.values())
        today = timezone.localdate(now)
        household = ensure_household(client, since=today)
        if present is not None:
            _end(present, today)
        member = HouseholdMember.objects.create(
            household=household, client=other, relation=relation, since=today
        )
        _recorded(client, by, "household")
        _recorded(other, by, "household")
    return member


def _as_member(member: Any) -> HouseholdMember:
    found: HouseholdMember = member
    return found


def _end(member: HouseholdMember, day: datetime.date) -> None:
    member.until = max(day, member.since)
    member.save(update_fields=["until"])


def leave_household(
    member: HouseholdMember, *, client: Client, by: Any, now: datetime.datetime
) -> HouseholdMember:
    """A member no longer lives there; leaving twice changes nothing.

    Args:
        member: the membership.
        client: the file in which this is recorded.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        if member.until is None:
            _end(member, timezone.localdate(now))
            _recorded(client, by, "household")
    return member


def open_file_for(relative: Relative, *, by: Any, now: datetime.datetime) -> Client:
    """A relative gets a file of their own; the household membership goes over to it.

    Raises:
        ValidationError: the relative has a file already, with somebody else.
        AlreadyDone: the file is there, and the acting user's own.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(relative.client))
        stored: Relative = (
            Relative.objects.unscoped(reason="lock of a relative the view let in")
            .select_for_update(no_key=True)
            .get(pk=relative.pk)
        )
        if stored.became is not None and stored.became.manager_id == by.pk:
            raise AlreadyDone(stored.became)
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
        register_client(person, by=by, now=now)
        stored.became = person
        save_edited(stored, stored.version, ["became"])
        membership = _members().current().filter(relative=stored).first()
        if membership is not None:
            _end(membership, timezone.localdate(now))
            HouseholdMember.objects.create(
                household_id=membership.household_id,
                client=person,
                relation=membership.relation,
                since=timezone.localdate(now),
            )
        _recorded(relative.client, by, "relative")
    return person
