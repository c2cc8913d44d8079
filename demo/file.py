"""What stands in a file from the first day on, and who is responsible for it in which phase."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import asdict
from typing import Self

from accounts.models import User
from accounts.rules.calendar import local_date
from clients.choices import FactKind, Phase, PointKind, Precision, Reading, Relation, RevisionKind
from clients.models import (
    Accommodation,
    Client,
    ClientName,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    FactRevision,
    Household,
    HouseholdMember,
    PhaseChange,
    Relative,
    Residence,
    Responsibility,
    SafetyNote,
)
from clients.rules.names import display_phone
from clients.services.names import fill_folded, fill_search_name
from clients.services.new_file import new_file
from demo import texts
from demo.people import Person
from demo.rows import Rows
from demo.world import Place, World, at, random_key
from integration_plans.rules.plan import ReviewDate

LEVELS = ("none", "a1", "a2", "b1", "b2", "c1")
LEARNING = dt.timedelta(days=200)
"""So long it takes from one level to the next."""
WRONG_AT_FIRST = 0.1


class File:
    """Writes the rows of one file into a batch.

    Args:
        world: catalogues and calendar.
        rows: where the rows go.
        place: the municipality.
        manager: who takes the file; None leaves it in the inbox.
        person: whose file it is.
        case_no: its number.
        registered_on: when it came into the inbox.
    """

    def __init__(
        self,
        world: World,
        rows: Rows,
        place: Place,
        manager: User | None,
        person: Person,
        case_no: str,
        registered_on: dt.date,
    ) -> None:
        self.world = world
        self.rows = rows
        self.place = place
        self.manager = manager
        self.person = person
        self.pick: random.Random = world.chance("story", case_no)
        self.registered_at = at(registered_on, self.pick.randint(8, 11), self.pick.randint(0, 59))
        self.registered_on = registered_on
        self.level = self.unprotected_level = ""
        self.level_since: dt.date | None = None
        self.review_by_plan: ReviewDate | None = None
        self.review_by_intensity: ReviewDate | None = None
        self.talk_days: list[dt.date] = []
        self.partner: Self | None = None
        self.household: Household | None = None
        self.children: list[Relative] = []
        self.client = self._open()
        self.be_about(person, case_no, place)

    # What stands in the file from the first day on

    def key(self) -> uuid.UUID:
        """A key drawn from this file's own chance."""
        return random_key(self.pick)

    def _open(self) -> Client:
        person, world = self.person, self.world
        client: Client = self.rows.add(
            Client,
            uuid=self.key(),
            subject_ref=self.key(),
            municipality=self.place.municipality,
            phase=Phase.ACCESS,
            phase_since=self.registered_on,
            source=world.sources["allocation" if self.pick.random() < 0.7 else "self"],
            birth_precision=person.birth_precision,
            gender=person.gender,
            nationality=world.countries[person.nationality],
            interpreter_needed=person.interpreter_needed,
            preferred_language=world.languages[person.tongue.code],
            reading=Reading.SCRIPTS if person.reads else Reading.NONE,
            scripts=person.scripts,
            arrived_on=person.arrived_on,
            arrived_precision=Precision.DAY,
            assigned_on=self.registered_on - dt.timedelta(days=3),
            registered_at=self.registered_at,
        )
        spoken = [person.tongue.code, "de"] if person.speaks_german else [person.tongue.code]
        first = new_file(client, by=None, languages=[world.languages[code] for code in spoken])
        made = {type(row): self.rows.gather(row) for row in first}
        self.name, self.period = made[ClientName], made[CounsellingPeriod]
        self.waiting = made[Responsibility]
        self._facts(client)
        return client

    def _facts(self, client: Client) -> None:
        person, pick, world = self.person, self.pick, self.world
        quarter = person.quarter if self.place.municipality.code == "STU" else ""
        self.home = self.rows.add(
            Accommodation,
            uuid=self.key(),
            client=client,
            kind=person.accommodation,
            postcode="76297",
            quarter=quarter,
            since=self.registered_on - dt.timedelta(days=3),
            recorded_at=self.registered_at,
        )
        self.phone = self.rows.add(
            ContactPoint,
            uuid=self.key(),
            client=client,
            kind=PointKind.MOBILE,
            since=self.registered_at,
        )
        self._residence(client)
        for kind, value in (
            (FactKind.GERMAN_LEVEL, person.german_level),
            (
                FactKind.COURSE,
                pick.choice(("waiting", "running", "running", "passed_b1", "interrupted", "entitled")),
            ),
            (
                FactKind.EMPLOYMENT,
                pick.choice(("seeking", "full_time", "part_time", "mini_job", "care", "measure")),
            ),
            (FactKind.BENEFITS, pick.choice(("sgb2", "sgb2", "sgb2", "asylblg_2", "none"))),
        ):
            fact = self.rows.add(
                DatedFact,
                uuid=self.key(),
                client=client,
                kind=kind,
                value=world.fact_values[f"{kind.value}-{value}"],
                since=self.registered_on,
                recorded_at=self.registered_at,
            )
            if kind is FactKind.GERMAN_LEVEL:
                self._learned(fact)

    def _learned(self, fact: DatedFact) -> None:
        """Who has come some way in German had less before; now and then the level was entered wrongly at first."""
        since, chance = self.registered_on + LEARNING, self.world.chance("facts", str(fact.uuid))
        rank = LEVELS.index(self.person.german_level) if self.person.german_level in LEVELS else 0
        if rank == 0 or since > self.world.as_of or self.manager is None:
            return
        self.rows.add(
            DatedFact,
            uuid=random_key(chance),
            client=fact.client,
            kind=fact.kind,
            value=self.world.fact_values[f"{fact.kind}-{LEVELS[rank - 1]}"],
            since=self.registered_on,
            until=since - dt.timedelta(days=1),
            recorded_at=self.registered_at,
        )
        fact.since, fact.recorded_at = since, at(since, 11, 15)
        if chance.random() < WRONG_AT_FIRST:
            self.rows.add(
                FactRevision,
                client=fact.client,
                kind=fact.kind,
                entry=fact.uuid,
                how=RevisionKind.CORRECTED,
                value=self.world.fact_values[f"{fact.kind}-{LEVELS[rank - 1]}"],
                since=since,
                at=at(since, 16, 40),
                by=self.by,
            )

    def _residence(self, client: Client) -> None:
        pick = self.pick
        ends = self.world.as_of + dt.timedelta(days=pick.randint(-5, 900))
        self.rows.add(
            Residence,
            uuid=self.key(),
            client=client,
            status=self.person.residence,
            since=min(ends - dt.timedelta(days=365), self.registered_on),
            printed_until=ends,
            recorded_at=self.registered_at,
        )

    def be_about(self, person: Person, case_no: str, place: Place) -> None:
        """Say who it is about, which is all that tells one file from another with the same history."""
        client, name = self.client, self.name
        client.case_no = case_no
        client.surname, client.given_name = name.surname, name.given_name = person.surname, person.given_name
        client.birth_date = person.birth_date
        fill_search_name(client)
        fill_folded(name)
        self.home.street, self.home.town = person.street, place.municipality.name
        self.phone.value, self.phone.normalised = display_phone(person.mobile), person.mobile
        for relative, child in zip(self.children, person.children, strict=False):
            relative.surname, relative.given_name = child.surname, child.given_name
            relative.birth_date = child.birth_date

    def live_with(self, other: Self | None, children: bool) -> None:
        """Form a household: with a partner who has a file, and with the children named in this file."""
        if other is None and not (children and self.person.children):
            return
        if other is not None and other.household is not None:
            self.household = other.household
            self.partner, other.partner = other, self
        else:
            self.household = self.rows.add(Household, uuid=self.key(), municipality=self.place.municipality)
        relation = Relation.PARTNER if other is not None else Relation.REFERENCE
        since = self.registered_on
        self.rows.add(
            HouseholdMember, household=self.household, client=self.client, relation=relation, since=since
        )
        for child in self.person.children if children else ():
            relative = self.rows.add(
                Relative, uuid=self.key(), client=self.client, relation=Relation.CHILD, **asdict(child)
            )
            self.children.append(relative)
            self.rows.add(
                HouseholdMember,
                household=self.household,
                relative=relative,
                relation=Relation.CHILD,
                since=since,
            )

    def warn(self, day: dt.date) -> None:
        """A safety note: visits only in pairs."""
        self.rows.add(
            SafetyNote,
            uuid=self.key(),
            client=self.client,
            only_in_pairs=True,
            reason=self.pick.choice(texts.SAFETY_REASONS),
            set_by=self.by,
            set_at=at(day, 16, 10),
            expires_on=self.world.as_of + dt.timedelta(days=200),
        )

    # Phases and responsibility

    @property
    def by(self) -> User:
        """Who acts in this file: its manager."""
        if self.manager is None:
            raise ValueError("nobody has taken this file")
        return self.manager

    def phase(self, phase: Phase, moment: dt.datetime, reason: str = "") -> None:
        """The manager sets the phase."""
        on = local_date(moment)
        self.rows.add(
            PhaseChange, client=self.client, phase=phase, on=on, at=moment, by=self.by, reason=reason
        )
        self.client.phase, self.client.phase_since = phase, on

    def take(self, day: dt.date) -> dt.datetime:
        """The manager takes the file from the inbox."""
        moment = at(day, self.pick.randint(8, 10), self.pick.randint(5, 55))
        moment = max(moment, self.registered_at + dt.timedelta(minutes=30))
        self.waiting.until = moment
        self.rows.add(
            Responsibility,
            client=self.client,
            manager=self.manager,
            municipality=self.place.municipality,
            since=moment,
            is_taking=True,
        )
        self.client.manager = self.manager
        self.phase(Phase.CONTACTING, moment)
        return moment

    def move(self, place: Place, manager: User, day: dt.date) -> None:
        """The client moves to another municipality and gets its manager; the case number stays."""
        moment = at(day, 9, 40)
        former = next(
            row
            for row in reversed(self.rows.of(Responsibility))
            if row.client is self.client and row.until is None
        )
        former.until = moment
        self.rows.add(
            Responsibility,
            client=self.client,
            manager=manager,
            municipality=place.municipality,
            since=moment,
            recorded_by=self.manager,
            reason="Umzug",
        )
        self.place, self.manager = place, manager
        self.client.municipality, self.client.manager = place.municipality, manager

    def close(self, day: dt.date, reason: str) -> None:
        """Counselling ends."""
        moment = at(day, 16, 20)
        self.phase(Phase.CLOSED, moment)
        self.period.closed_on = day
        self.period.closing_reason = self.world.closing_reasons[reason]
        self.period.closed_by = self.by
