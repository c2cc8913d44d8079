"""Who lives together. Notes stay with each person; a household only says who shares an address."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
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
from clients.choices import HouseholdEvent, Relation
from clients.models import Client, Household, HouseholdMember, Relative
from clients.querysets import HouseholdMemberQuerySet
from clients.rules.dates import age_text
from clients.rules.stays import Stay, earliest_arrival, earliest_departure, left_on
from clients.services.change import Change, change
from clients.services.files import register_client
from clients.services.household_history import note_change
from clients.services.protection import protected_among, share_protection

RELATIVE_FIELDS = ("surname", "given_name", "birth_date", "birth_precision", "relation")
_NAMED = ("username", "first_name", "last_name")
# Of two files, two managers and a relative; composing whole rows took longer than reading these.
_SHOWN = (
    *(field.name for field in HouseholdMember._meta.concrete_fields),
    *(f"relative__{field.name}" for field in Relative._meta.concrete_fields),
    *(f"client__{name}" for name in ("uuid", "case_no", "surname", "given_name", "birth_date")),
    *("client__birth_precision", "client__benefit_unit", "client__manager", "relative__client__manager"),
    *(f"{path}client__manager__{name}" for path in ("", "relative__") for name in _NAMED),
)


def _members() -> HouseholdMemberQuerySet:
    return HouseholdMember.objects.unscoped(reason="the household of a file the view let in")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a household as one user may see them.

    Files of another caseload are only "another person": ``foreign_manager`` says who is responsible, everything else
    is empty. It is one line for each responsible manager, so that nobody can count who is in her files.
    """

    member_id: int
    name: str = ""
    case_no: str = ""
    url: str = ""
    relation: str = ""
    age: str = ""
    relative: Relative | None = None
    foreign_manager: str = ""
    shares_benefit_unit: bool = False


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
        .disclosed_to(client)
        .filter(household__in=own.values("household_id"), since__lte=today)
        .exclude(client=client)
        .select_related("client__manager", "relative__client__manager")
        .only(*_SHOWN)
        .order_by()
    )
    caseloads = scope_of(user).caseloads
    people: list[Person] = []
    foreign: dict[int | None, Person] = {}
    for row in sorted(rows, key=lambda row: (row.since, row.pk)):
        file = row.file
        if file.manager_id in caseloads:
            people.append(_as_seen(row, client, today))
        else:
            manager = str(file.manager) if file.manager else _("inbox")
            foreign[file.manager_id] = Person(row.pk, foreign_manager=manager)
    return [*people, *foreign.values()]


def _as_seen(member: HouseholdMember, beside: Client, today: datetime.date) -> Person:
    relation = str(Relation(member.relation).label)
    if member.client is not None:
        return Person(
            member.pk,
            name=member.client.display_name,
            case_no=member.client.case_no,
            url=member.client.get_absolute_url(),
            relation=relation,
            age=age_text(member.client.birth, today),
            shares_benefit_unit=bool(beside.benefit_unit)
            and member.client.benefit_unit == beside.benefit_unit,
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


def ensure_household(locked: Change, client: Client, *, since: datetime.date, act: uuid.UUID) -> Household:
    """The client's household, made with the client as reference person when there is none; inside a change."""
    household = household_of(client)
    if household is None:
        household = Household.objects.create(municipality=client.municipality)
        HouseholdMember.objects.create(
            household=household, client=client, relation=Relation.REFERENCE, since=since
        )
        note_change(locked, client, HouseholdEvent.FORMED, on=since, act=act)
    return household


def stay_of(member: HouseholdMember) -> Stay:
    """The days of a membership."""
    return Stay(member.since, member.until)


def add_relative(actor: Actor, relative: Relative, *, since: datetime.date | None = None) -> Relative:
    """Add a co-counselled relative with minimal data to the client's household.

    Args:
        actor: who acts, and when.
        relative: validated and unsaved, with client.
        since: from when the relative lives there, today by default.

    Raises:
        DuplicateSubmission: the same form was posted before.
        ValidationError: the client lived in another household on that day.
    """
    with change(actor, [relative.client], needs="client.household") as locked:
        raise_if_submitted(relative)
        day = since or locked.today
        if household_of(relative.client) is None:
            _refuse_two_at_once(relative.client, day)
        relative.full_clean()
        create_once(relative)
        household = ensure_household(locked, relative.client, since=day, act=(act := uuid.uuid4()))
        HouseholdMember.objects.create(
            household=household, relative=relative, relation=relative.relation, since=day
        )
        note_change(locked, relative.client, HouseholdEvent.GREW, on=day, act=act)
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


def join_household(
    actor: Actor, client: Client, other: Client, *, relation: str, since: datetime.date | None = None
) -> HouseholdMember:
    """Another client joins the household of this one; both files are in the acting user's caseload.

    Args:
        actor: who acts, and when.
        client: whose household is joined.
        other: who joins; leaves their former household.
        relation: what ``other`` is to the reference person.
        since: the first day there, today by default.

    Raises:
        ValidationError: a client cannot join themselves, nor live in two households on one day.
    """
    if client.pk == other.pk:
        raise ValidationError({"other": _("This is the same person.")})
    with change(actor, [client, other], needs="client.household") as locked:
        present = _members().current().filter(client=other).first()
        home = household_of(client)
        if present is not None and present.household == home:
            return _as_member(present)
        day = since or locked.today
        for person in (other,) if home is not None else (other, client):
            _refuse_two_at_once(person, day)
        household = ensure_household(locked, client, since=day, act=(act := uuid.uuid4()))
        if present is not None:
            _leave(present, day)
        member = HouseholdMember.objects.create(
            household=household, client=other, relation=relation, since=day
        )
        note_change(locked, client, HouseholdEvent.GREW, on=day, act=act)
        note_change(locked, other, HouseholdEvent.JOINED, on=day, act=act)
        record(actor, actions.CHANGED, client=client, kind="household", fields=["household"])
        record(actor, actions.CHANGED, client=other, kind="household", fields=["household"])
    return member


def _as_member(member: Any) -> HouseholdMember:
    found: HouseholdMember = member
    return found


def _refuse_two_at_once(client: Client, day: datetime.date) -> None:
    first = earliest_arrival(map(stay_of, _members().filter(client=client)))
    if day < first:
        raise ValidationError(
            {
                "since": _(
                    "%(name)s lives in another household until then; this is possible from %(date)s on."
                )
                % {"name": client.display_name, "date": f"{first:%d.%m.%Y}"}
            }
        )


def _leave(member: HouseholdMember, day: datetime.date) -> None:
    """End a membership that begins on that day at the latest; one without a single day never was."""
    stay = left_on(stay_of(member), day)
    if stay is None:
        member.delete()
        return
    member.until = stay.until
    member.save(update_fields=["until"])


def split_household(
    actor: Actor, client: Client, leaving: Iterable[HouseholdMember], *, on: datetime.date
) -> Household | None:
    """Some members live elsewhere from a day on; those of them who have a file stay together.

    Nothing of the new household stands in the one that stays: the memberships there end, that is all. A relative who
    goes along with a client becomes a relative in that client's file; the former file keeps its own entry.

    Args:
        actor: who acts, and when.
        client: the file in which this is recorded.
        leaving: memberships of the client's household, the client's own among them or not.
        on: the first day elsewhere.

    Returns:
        The household of those who left, None when nobody of them lives with another.

    Raises:
        ValidationError: somebody came later than that, or everybody would leave.
        FileLost: somebody's file is not the actor's.
    """
    wanted = list(leaving)
    files = [client, *(member.file for member in wanted)]
    with change(actor, files, needs="client.household") as locked:
        household = household_of(client)
        rows = list(
            _members().current().filter(household=household).select_related("client", "relative__client")
        )
        gone = [row for row in rows if row.pk in {member.pk for member in wanted}]
        if not gone:
            return None
        if len(gone) == len(rows):
            raise ValidationError(
                {"members": _("If everybody leaves together, the household stays as it is.")}
            )
        first = earliest_departure(map(stay_of, gone))
        if on < first:
            raise ValidationError(
                {"on": _("Not before %(date)s: somebody came only then.") % {"date": f"{first:%d.%m.%Y}"}}
            )
        act = uuid.uuid4()
        for row in gone:
            what = HouseholdEvent.LEFT if row.relative_id is None else HouseholdEvent.SHRANK
            note_change(locked, row.file, what, on=on, act=act, left=row)
            _leave(row, on)
        if client.pk not in {row.file.pk for row in gone}:
            note_change(locked, client, HouseholdEvent.SHRANK, on=on, act=act)
        for file in locked.lock(files):
            record(actor, actions.CHANGED, client=file, kind="household", fields=["household"])
        return _together(gone, on)


def _together(gone: Sequence[HouseholdMember], day: datetime.date) -> Household | None:
    """A household for those who left, with the first client among them as reference person."""
    clients = [row.client for row in gone if row.client is not None]
    if not clients or len(gone) == 1:
        return None
    head = clients[0]
    household = Household.objects.create(municipality=head.municipality)
    for row in gone:
        relative = row.relative
        if relative is not None and relative.client not in clients:
            relative = Relative.objects.create(
                client=head, **{name: getattr(relative, name) for name in RELATIVE_FIELDS}
            )
        stayed = row.relation if row.relation != Relation.REFERENCE else Relation.OTHER
        HouseholdMember.objects.create(
            household=household,
            client=row.client,
            relative=relative,
            relation=Relation.REFERENCE if row.client == head else stayed,
            since=day,
        )
    return household


def open_file_for(actor: Actor, relative: Relative) -> Client:
    """A relative gets a file of their own; the household membership goes over to it.

    It is counselled by the manager of the file the relative stood in, also when a stand-in opens it.

    Raises:
        ValidationError: the relative already has a file the acting user does not know.
        DuplicateSubmission: the file is there, and the acting user knows it.
    """
    with change(actor, [relative.client], needs="client.household") as locked:
        stored: Relative = (
            Relative.objects.unscoped(reason="lock of a relative the view let in")
            .select_for_update(no_key=True)
            .get(pk=relative.pk)
        )
        if stored.became is not None:
            if Client.objects.visible_to(actor.user).filter(pk=stored.became.pk).exists():
                raise DuplicateSubmission(stored.became)
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
        register_client(actor, person, manager=locked.file(relative.client).manager)
        if protected_among([relative.client]):
            share_protection(locked.actor, relative.client, [person])
        stored.became = person
        save_edited(stored, stored.version, ["became"])
        membership = _members().current().filter(relative=stored).first()
        if membership is not None:
            household, relation = membership.household_id, membership.relation
            _leave(membership, locked.today)
            HouseholdMember.objects.create(
                household_id=household, client=person, relation=relation, since=locked.today
            )
            note_change(locked, person, HouseholdEvent.JOINED, on=locked.today, act=uuid.uuid4())
        record(actor, actions.CHANGED, client=relative.client, kind="household", fields=["relative"])
    return person
