"""The rows a decided list becomes, written in bulk: files, facts, families, what was told apart."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models

from accounts.models import User
from accounts.records import uuids_of
from accounts.services.locking import lock
from accounts.staff import managers_serving
from audit.recording import record, record_each
from clients.choices import (
    AccommodationKind,
    HouseholdEvent,
    Phase,
    PointKind,
    Precision,
    Relation,
    ResidenceStatus,
)
from clients.models import (
    AccessSource,
    Accommodation,
    Client,
    ClientName,
    ContactPoint,
    Country,
    House,
    Household,
    HouseholdChange,
    HouseholdMember,
    ReachPeriod,
    Relative,
    Residence,
    SpokenLanguage,
)
from clients.rules.dates import UncertainDate
from clients.rules.names import display_phone
from clients.services.case_numbers import draw_case_numbers
from clients.services.change import Change
from clients.services.duplicate_dismissals import dismiss_between_new_files
from clients.services.names import file_under_keys
from clients.services.new_file import new_file
from clients.services.reach import first_periods
from intake import actions
from intake.importing.findings import FILE, ROW
from intake.importing.houses import PRIVATE_WORDS
from intake.importing.judging import save_rows
from intake.importing.people import PersonValues
from intake.importing.values import phone_kind, plain
from intake.models import ImportBatch, ImportRow

BATCH = 500


@dataclass
class Plan:
    """Who gets a file, and whose relative each other person is, by position."""

    rows: Sequence[ImportRow]
    own: dict[int, PersonValues] = field(default_factory=dict)
    relatives: dict[int, tuple[PersonValues, int]] = field(default_factory=dict)

    def families(self) -> list[list[int]]:
        """Positions of those who share a family key, or belong to the same person, two and more."""
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for position, person in self.own.items():
            groups[person.family_key or f"position {position}"].append(position)
        for position, (_person, head) in self.relatives.items():
            groups[self.own[head].family_key or f"position {head}"].append(position)
        return [members for members in groups.values() if len(members) > 1]


class Writer:
    """Turns a plan into rows, in bulk: a read view waits behind this transaction on SQLite."""

    def __init__(self, locked: Change, batch: ImportBatch, plan: Plan) -> None:
        self.batch = batch
        self.plan = plan
        self.known = self.lock_known_files(locked)
        self.actor = locked.actor
        self.now = locked.now
        self.today = locked.today
        self.countries: Mapping[str, Country] = {
            row.code.lower(): row for row in Country.objects.valid_on(self.today)
        }
        self.languages: Mapping[str, SpokenLanguage] = {
            row.code.lower(): row for row in SpokenLanguage.objects.valid_on(self.today)
        }
        self.sources: Mapping[str, AccessSource] = {
            row.code: row for row in AccessSource.objects.valid_on(self.today)
        }
        named = {person.house.pk for person in plan.own.values() if person.house}
        self.houses = House.objects.in_bulk(sorted(named))
        self.managers = self.lock_managers()
        self.clients: dict[int, Client] = {}

    def write(self) -> list[Client]:
        """Write everything; returns the new files."""
        self.write_clients()
        self.write_facts()
        self.write_families()
        self.write_dismissals()
        self.write_rows()
        clients = list(self.clients.values())
        record_each(self.actor, actions.IMPORTED, clients, kind="client")
        record(self.actor, actions.IMPORT_FINISHED, kind="import", count=len(clients))
        return clients

    def lock_known_files(self, locked: Change) -> dict[str, Client]:
        """The files people were told apart from that the uploader still knows; before the counter is taken."""
        told = {key for position in self.plan.own for key in self.plan.rows[position].dismissed}
        keys = uuids_of(key.removeprefix(FILE) for key in told if key.startswith(FILE))
        known = locked.lock(Client.objects.known_to(locked.actor.user).filter(uuid__in=keys))
        return {f"{FILE}{file.uuid}": file for file in known}

    def lock_managers(self) -> dict[str, User]:
        """The managers the list names, none of them deactivated meanwhile; after the files, before the counter."""
        named = {person.manager for person in self.plan.own.values()} - {""}
        people = managers_serving([self.batch.municipality_id], self.today).filter(username__in=named)
        lock(*people.values_list("pk", flat=True))
        return {person.username: person for person in people.all()}

    def write_clients(self) -> None:
        numbers = draw_case_numbers(self.batch.municipality, self.today.year, len(self.plan.own))
        rows: defaultdict[type[models.Model], list[models.Model]] = defaultdict(list)
        for (position, person), number in zip(self.plan.own.items(), numbers, strict=True):
            client = self.clients[position] = self.client(person, number)
            spoken = [self.languages[code] for code in person.languages]
            for row in new_file(client, by=self.actor.user, languages=spoken):
                rows[type(row)].append(row)
        Client.objects.bulk_create(self.clients.values(), batch_size=BATCH)
        for model, same in rows.items():
            model._base_manager.bulk_create(same, batch_size=BATCH)
        file_under_keys(rows[ClientName])

    def client(self, person: PersonValues, case_no: str) -> Client:
        born, born_precision = _stored(person.born)
        arrived, arrived_precision = _stored(person.arrived)
        phase, phase_since = self.phase(person)
        return Client(
            case_no=case_no,
            municipality=self.batch.municipality,
            manager=self.managers.get(person.manager),
            phase=phase,
            phase_since=phase_since,
            taken_over_on=self.today if person.is_running else None,
            counselled_since=person.counselled_since or person.last_talk,
            former_last_talk_on=person.last_talk,
            former_intensity=person.intensity,
            former_review_on=person.next_review,
            registered_at=self.now,
            last_recorded_at=self.now,
            source=self.sources.get(person.source, self.batch.source),
            surname=person.surname,
            given_name=person.given_name,
            birth_date=born,
            birth_precision=born_precision,
            gender=person.gender,
            nationality=self.countries.get(person.nationality.lower()),
            arrived_on=arrived,
            arrived_precision=arrived_precision,
            assigned_on=person.assigned_on,
        )

    def phase(self, person: PersonValues) -> tuple[Phase, datetime.date]:
        """A running case is counselled since its first talk; who has a manager and no talk yet is to be contacted."""
        begun = person.counselled_since or person.last_talk
        if begun is not None:
            return Phase.ACTIVE, begun
        if person.is_running:
            return Phase.CONTACTING if person.manager else Phase.ACCESS, self.today
        return Phase.ACCESS, self.today

    def write_facts(self) -> None:
        people = [(self.clients[position], person) for position, person in self.plan.own.items()]
        clients = [client for client, _person in people]
        points = [point for client, person in people for point in self.contact_points(client, person)]
        homes = [self.accommodation(client, person) for client, person in people if _is_housed(person)]
        ContactPoint.objects.bulk_create(points, batch_size=BATCH)
        Accommodation.objects.bulk_create(homes, batch_size=BATCH)
        ReachPeriod.objects.bulk_create(first_periods(clients, homes, points, (), self.now), batch_size=BATCH)
        Residence.objects.bulk_create(
            [
                Residence(
                    client=client,
                    # A day without a status that we know still ends some day.
                    status=person.residence_status or ResidenceStatus.UNKNOWN,
                    printed_until=person.residence_until,
                    recorded_at=self.now,
                )
                for client, person in people
                if person.residence_status or person.residence_until
            ],
            batch_size=BATCH,
        )

    def contact_points(self, client: Client, person: PersonValues) -> list[ContactPoint]:
        points = [
            ContactPoint(
                client=client,
                kind=phone_kind(number),
                value=display_phone(number),
                normalised=number,
                since=self.now,
            )
            for number in person.phones
        ]
        points += [
            ContactPoint(client=client, kind=PointKind.EMAIL, value=mail, normalised=mail, since=self.now)
            for mail in person.emails
        ]
        return points

    def accommodation(self, client: Client, person: PersonValues) -> Accommodation:
        private = plain(person.accommodation) in PRIVATE_WORDS
        house = self.houses[person.house.pk] if person.house else None
        written = {
            "kind": AccommodationKind.PRIVATE if private else "",
            "name": "" if private else person.accommodation,
            "street": person.street,
            "postcode": person.postcode,
            "town": person.town,
        }
        return Accommodation(
            client=client,
            house=house,
            since=min(person.assigned_on or self.today, self.today),
            recorded_at=self.now,
            **(house.address if house else written),
        )

    def write_families(self) -> None:
        relatives: dict[int, Relative] = {}
        for position, (person, head) in self.plan.relatives.items():
            born, precision = _stored(person.born)
            relatives[position] = Relative(
                client=self.clients[head],
                surname=person.surname,
                given_name=person.given_name,
                birth_date=born,
                birth_precision=precision,
                relation=Relation.CHILD,
            )
        Relative.objects.bulk_create(relatives.values(), batch_size=BATCH)
        families = self.plan.families()
        households = [Household(municipality=self.batch.municipality) for _family in families]
        Household.objects.bulk_create(households, batch_size=BATCH)
        members: list[HouseholdMember] = []
        for household, family in zip(households, families, strict=True):
            reference = self.reference_of(family)
            for position in family:
                members.append(
                    HouseholdMember(
                        household=household,
                        client=self.clients.get(position),
                        relative=relatives.get(position),
                        relation=self.relation(position, reference),
                        since=self.today,
                    )
                )
        HouseholdMember.objects.bulk_create(members, batch_size=BATCH)
        HouseholdChange.objects.bulk_create(
            [
                HouseholdChange(
                    client=member.client,
                    what=HouseholdEvent.JOINED,
                    on=self.today,
                    act=uuid.uuid4(),
                    at=self.now,
                    by=self.actor.user,
                )
                for member in members
                if member.client is not None
            ],
            batch_size=BATCH,
        )

    def reference_of(self, family: Sequence[int]) -> int:
        """The marked head, else the person relatives belong to, else the first on the list."""
        own = [position for position in family if position in self.plan.own]
        heads = {self.plan.relatives[position][1] for position in family if position in self.plan.relatives}
        return min(
            own,
            key=lambda position: (not self.plan.own[position].family_head, position not in heads, position),
        )

    def relation(self, position: int, reference: int) -> Relation:
        # The list says who belongs together, not how; only the children taken along are known as such.
        if position == reference:
            return Relation.REFERENCE
        return Relation.CHILD if position in self.plan.relatives else Relation.OTHER

    def write_dismissals(self) -> None:
        """Whom each person was told apart from: other new files, and files the uploader still knows."""
        suspects = {position: set(self.plan.rows[position].dismissed) for position in self.clients}
        files = dict(self.known)
        files |= {f"{ROW}{position}": client for position, client in self.clients.items()}
        pairs = {
            frozenset((self.clients[position].pk, files[key].pk)): (self.clients[position], files[key])
            for position, told in suspects.items()
            for key in sorted(told & set(files))
        }
        dismiss_between_new_files(self.actor, pairs.values())

    def write_rows(self) -> None:
        """Say which file each row became; its cells stay as long as the import can be taken back."""
        for row in self.plan.rows:
            if row.position in self.plan.own:
                row.client = self.clients[row.position]
        save_rows(self.plan.rows, ["client"])


def _stored(day: UncertainDate | None) -> tuple[datetime.date | None, Precision]:
    return (day.value, Precision(day.precision)) if day is not None else (None, Precision.DAY)


def _is_housed(person: PersonValues) -> bool:
    return bool(person.accommodation or person.street or person.town)
