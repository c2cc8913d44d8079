"""Write a decided list into the inbox: one transaction, nothing half-imported, the same post twice imports once."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.records import uuids_of
from audit.recording import record
from clients.choices import AccommodationKind, Phase, PointKind, Precision, Relation
from clients.models import (
    AccessSource,
    Accommodation,
    Client,
    ContactPoint,
    Country,
    Household,
    HouseholdMember,
    ReachPeriod,
    Relative,
    Residence,
    SpokenLanguage,
)
from clients.rules.dates import UncertainDate
from clients.rules.names import display_phone
from clients.services.case_numbers import draw_case_numbers
from clients.services.change import Change, change
from clients.services.duplicate_dismissals import dismiss_between_new_files
from clients.services.files import takes_part
from clients.services.new_file import new_file
from clients.services.reach import first_periods
from intake import actions
from intake.choices import ImportState
from intake.importing.checks import Decision
from intake.importing.findings import FILE, ROW
from intake.importing.rows import PersonValues, ReadRow
from intake.importing.staging import NotPossible, read_rows, save_rows
from intake.importing.values import phone_kind, plain
from intake.models import ImportBatch, ImportRow

BATCH = 500
# What lists write where a private address is meant and not the name of a house.
PRIVATE_WORDS = frozenset({"privat", "private", "privatwohnung", "privatunterkunft", "wohnung"})


def import_list(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Make the files and relatives of a decided list; they wait in the municipality's inbox.

    Args:
        actor: who acts, and when.
        batch: in state *ready*; one that was imported already is returned unchanged.

    Raises:
        NotPossible: the municipality takes no part today, nobody is left to import, or a relative belongs to a row
            that gets no file; nothing was written.
    """
    with change(actor, needs="import.run") as locked:
        today = locked.today
        batch = ImportBatch.objects.visible_to(actor.user).select_for_update(no_key=True).get(pk=batch.pk)
        if batch.state == ImportState.IMPORTED:
            return batch
        if batch.state != ImportState.READY or batch.checked_on != today:
            raise NotPossible(_("The rows have not been checked today. Please look at them once more."))
        if not takes_part(batch.municipality, today):
            raise NotPossible(_("This municipality does not take part today; no new files are opened there."))
        rows = list(batch.rows.order_by("position"))
        plan = _plan(rows, read_rows(batch, rows, today))
        _Writer(locked, batch, plan).write()
        batch.state = ImportState.IMPORTED
        batch.finished_at = locked.now
        batch.own_files = len(plan.own)
        batch.relatives = len(plan.relatives)
        batch.left_out = len(rows) - batch.own_files - batch.relatives
        batch.save(update_fields=["state", "finished_at", "own_files", "relatives", "left_out"])
    return batch


@dataclass
class _Plan:
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


def _plan(rows: Sequence[ImportRow], read: Sequence[ReadRow]) -> _Plan:
    plan = _Plan(rows)
    for row, person in zip(rows, read, strict=True):
        decision = row.current_decision
        if decision == Decision.LEAVE_OUT:
            continue
        if person.has_error:
            raise NotPossible(_("Row %(row)s has an error and cannot be imported.") % {"row": row.label})
        if decision == Decision.OWN_FILE:
            plan.own[row.position] = person.values
        else:
            plan.relatives[row.position] = (
                person.values,
                -1 if row.current_head is None else row.current_head,
            )
    for position, (_person, head) in plan.relatives.items():
        if head not in plan.own:
            raise NotPossible(
                _("Row %(row)s belongs to a person who is left out. Please choose again.")
                % {"row": rows[position].label}
            )
    if not plan.own:
        raise NotPossible(_("All rows are left out; there is nothing to import."))
    return plan


class _Writer:
    """Turns a plan into rows, in bulk: a read view waits behind this transaction on SQLite."""

    def __init__(self, locked: Change, batch: ImportBatch, plan: _Plan) -> None:
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
        self.clients: dict[int, Client] = {}

    def write(self) -> None:
        self.write_clients()
        self.write_facts()
        self.write_families()
        self.write_dismissals()
        self.write_rows()
        # Nobody is responsible yet, so no ladder follows a file from here; taking it announces the change.
        for client in self.clients.values():
            record(self.actor, actions.IMPORTED, client=client, kind="client")
        record(self.actor, actions.IMPORT_FINISHED, kind="import", count=len(self.clients))

    def lock_known_files(self, locked: Change) -> dict[str, Client]:
        """The files people were told apart from that the uploader still knows; before the counter is taken."""
        told = {key for position in self.plan.own for key in self.plan.rows[position].dismissed}
        keys = uuids_of(key.removeprefix(FILE) for key in told if key.startswith(FILE))
        known = locked.lock(Client.objects.known_to(locked.actor.user).filter(uuid__in=keys))
        return {f"{FILE}{file.uuid}": file for file in known}

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

    def client(self, person: PersonValues, case_no: str) -> Client:
        born, born_precision = _stored(person.born)
        arrived, arrived_precision = _stored(person.arrived)
        return Client(
            case_no=case_no,
            municipality=self.batch.municipality,
            phase=Phase.ACCESS,
            phase_since=self.today,
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
                    status=person.residence_status,
                    printed_until=person.residence_until,
                    recorded_at=self.now,
                )
                for client, person in people
                if person.residence_status
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
        return Accommodation(
            client=client,
            kind=AccommodationKind.PRIVATE if private else "",
            name="" if private else person.accommodation,
            street=person.street,
            postcode=person.postcode,
            town=person.town,
            since=min(person.assigned_on or self.today, self.today),
            recorded_at=self.now,
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
        """Empty the rows that became files or relatives: their data needs no second copy."""
        for row in self.plan.rows:
            if row.position in self.plan.own or row.position in self.plan.relatives:
                row.client = self.clients.get(row.position)
                row.cells, row.findings, row.family_key, row.folded_surname = [], [], "", ""
                row.dismissed = []
        save_rows(
            self.plan.rows, ["client", "cells", "findings", "family_key", "folded_surname", "dismissed"]
        )


def _stored(day: UncertainDate | None) -> tuple[datetime.date | None, Precision]:
    return (day.value, Precision(day.precision)) if day is not None else (None, Precision.DAY)


def _is_housed(person: PersonValues) -> bool:
    return bool(person.accommodation or person.street or person.town)
