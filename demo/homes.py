"""Houses of the municipality and who lives there, a protected address, a parted household, a family in the inbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from accounts.models import User
from clients.choices import AccommodationKind, HouseholdEvent, Phase, Relation
from clients.models import (
    Accommodation,
    AddressProtection,
    Client,
    ClientLanguage,
    ClientName,
    House,
    Household,
    HouseholdChange,
    HouseholdMember,
    Relative,
)
from clients.services.names import fill_folded, fill_search_name
from demo.world import REASON, Place, World, at, random_key

HOUSES = (
    ("Haus Spöck", AccommodationKind.AU_FLAT, "Zum Entwurf 12", "Spöck", 48, "Jürgen Wackershauser"),
    ("Haus Friedrichstal", AccommodationKind.AU_SHARED, "Modellgasse 3", "Friedrichstal", 30, ""),
)


def settle(world: World, place: Place, users: Mapping[str, User]) -> None:
    """Enter the houses of the town that is shown, and what became of a few of its families."""
    _fill_houses(world, place)
    manager = users["manager"]
    active = Client.objects.unscoped(reason=REASON).filter(manager=manager, phase=Phase.ACTIVE).order_by("pk")
    couples = HouseholdMember.objects.unscoped(reason=REASON).current().filter(relation=Relation.PARTNER)
    apart = couples.filter(client__in=active).select_related("client").order_by("pk").first()
    if apart is not None:
        _part(world, manager, apart)
    _family_waits(world, place)


def _fill_houses(world: World, place: Place) -> None:
    pick = world.chance("houses")
    for name, kind, street, quarter, capacity, caretaker in HOUSES:
        house = House.objects.create(
            uuid=random_key(pick),
            municipality=place.municipality,
            name=name,
            kind=kind,
            street=street,
            postcode="76297",
            town=place.municipality.name,
            quarter=quarter,
            capacity=capacity,
            caretaker=caretaker,
            caretaker_phone="07249 5550120" if caretaker else "",
            valid_from=place.began_on - dt.timedelta(days=400),
        )
        homes = Accommodation.objects.unscoped(reason=REASON).filter(
            client__municipality=place.municipality, kind=kind, quarter=quarter, until=None
        )
        # An address that is to be clarified stays unknown.
        homes.exclude(street="").update(house=house, **house.address)


def _part(world: World, manager: User, member: HouseholdMember) -> None:
    """She left three weeks ago, and nobody may learn where she lives."""
    left_on = world.working_day(-15)
    client = member.client
    if client is None or member.since >= left_on:
        return
    member.until = left_on - dt.timedelta(days=1)
    member.save(update_fields=["until"])
    pick = world.chance("parting")
    HouseholdChange.objects.create(
        uuid=random_key(pick),
        act=random_key(pick),
        client=client,
        what=HouseholdEvent.LEFT,
        on=left_on,
        at=at(left_on, 11, 10),
        by=manager,
        household_id=member.household_id,
        relation=member.relation,
        since=member.since,
    )
    AddressProtection.objects.create(
        uuid=random_key(world.chance("protection")),
        client=client,
        reason="Auskunftssperre nach der Trennung; Anschrift auch Angehörigen nicht nennen.",
        since=left_on,
        set_by=manager,
        set_at=at(left_on, 11, 20),
    )
    Accommodation.objects.unscoped(reason=REASON).filter(client=client).update(is_protected=True)


def _become_family(client: Client, head: Client) -> None:
    """The same surname, origin, languages and address as somebody else."""
    client.surname, client.nationality = head.surname, head.nationality
    client.preferred_language, client.interpreter_needed = head.preferred_language, head.interpreter_needed
    client.scripts, client.reading = head.scripts, head.reading
    fill_search_name(client)
    client.save()
    name = ClientName.objects.unscoped(reason=REASON).get(client=client, is_main=True)
    name.surname = head.surname
    fill_folded(name)
    name.save()
    spoken = ClientLanguage.objects.unscoped(reason=REASON)
    spoken.filter(client=client).delete()
    ClientLanguage.objects.bulk_create(
        ClientLanguage(client=client, language_id=row.language_id, order=row.order)
        for row in spoken.filter(client=head)
    )
    homes = Accommodation.objects.unscoped(reason=REASON).filter(until=None)
    home = homes.get(client=head)
    same = {name: getattr(home, name) for name in ("kind", "name", "street", "town", "quarter")}
    homes.filter(client=client).update(house=home.house_id, **same)


def _family_waits(world: World, place: Place) -> None:
    """Two of those who wait in the inbox are a couple with two children."""
    rows = Client.objects.unscoped(reason=REASON).filter(municipality=place.municipality, manager=None)
    grown_up = rows.filter(birth_date__lt=world.as_of - dt.timedelta(days=20 * 366))
    waiting = list(grown_up.filter(phase=Phase.ACCESS, memberships=None).order_by("pk")[:2])
    if len(waiting) < 2:
        return
    pick = world.chance("family")
    first, second = waiting
    _become_family(second, first)
    household = Household.objects.create(uuid=random_key(pick), municipality=place.municipality)
    since = first.registered_at.date()
    for client, relation in ((first, Relation.REFERENCE), (second, Relation.PARTNER)):
        HouseholdMember.objects.create(household=household, client=client, relation=relation, since=since)
    for given_name, years in (("Samira", 9), ("Elias", 4)):
        child = Relative.objects.create(
            uuid=random_key(pick),
            client=first,
            surname=first.surname,
            given_name=given_name,
            birth_date=dt.date(world.as_of.year - years, 3, 17),
            relation=Relation.CHILD,
        )
        HouseholdMember.objects.create(
            household=household, relative=child, relation=Relation.CHILD, since=since
        )
