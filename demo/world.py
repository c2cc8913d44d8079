"""The stage: catalogues, municipalities, staff and the calendar everything is dated by."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import string
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dateutil.relativedelta import relativedelta

from accounts.catalogues import Catalogue
from accounts.models import (
    Absence,
    District,
    Membership,
    Municipality,
    Role,
    Service,
    StandIn,
    StandInKind,
    User,
)
from accounts.rules.calendar import BERLIN, add_working_days, next_working_day, subtract_working_days
from clients.choices import ResidenceStatus
from clients.models import (
    AccessSource,
    ClosingReason,
    Country,
    FactValue,
    PermitDecree,
    SpokenLanguage,
    Topic,
)
from integration_plans.models import GoalTemplate, Module, PlanPolicy
from integration_plans.policies import policy_on

PLACES: tuple[tuple[str, str], ...] = (
    ("STU", "Stutensee"),
    ("PFI", "Pfinztal"),
    ("WGB", "Weingarten"),
    ("WAL", "Walzbachtal"),
    ("LIN", "Linkenheim-Hochstetten"),
    ("EGG", "Eggenstein-Leopoldshafen"),
    ("BRU", "Bruchsal"),
    ("BRE", "Bretten"),
    ("KRA", "Kraichtal"),
    ("OST", "Östringen"),
    ("UBS", "Ubstadt-Weiher"),
    ("FOR", "Forst"),
)
FILES_PER_PLACE = 250
"""Two managers with 125 files each serve one municipality; a larger installation has more of them."""
TOLD_PLACES = 5
"""Beyond so many municipalities histories repeat with other people (decision 0012)."""
REASON = "bulk loading of the demonstration"
"""Why rows of all files are read and written past their scope."""
OUTSIDER_YEARS = 4
"""How long the second municipality has taken part already: some of its people have come a long way."""


def random_key(pick: random.Random) -> uuid.UUID:
    """A key drawn from the seed, so that the same seed makes the same rows."""
    return uuid.UUID(int=pick.getrandbits(128), version=4)


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality and the managers who work there."""

    municipality: Municipality
    managers: Sequence[User]
    began_on: dt.date


def active_files(clients: int) -> list[int]:
    """How many files in phase active each municipality has.

    In a very large installation all have the same number, so that one's histories fit another; the last one
    has what is left over.
    """
    if clients > TOLD_PLACES * FILES_PER_PLACE:
        whole, left = divmod(clients, FILES_PER_PLACE)
        return [FILES_PER_PLACE] * whole + [left] * (left > 0)
    places = max(1, round(clients / FILES_PER_PLACE))
    share, left = divmod(clients, places)
    return [share + (1 if number < left else 0) for number in range(places)]


@dataclass(slots=True)
class World:
    """Everything histories are made of.

    Attributes:
        as_of: the day the demonstration shows; nothing has been recorded on it yet.
        began_on: the first day of the service in Stutensee.
    """

    as_of: dt.date
    began_on: dt.date
    seed: int
    countries: Mapping[str, Country]
    languages: Mapping[str, SpokenLanguage]
    topics: Mapping[str, Topic]
    sources: Mapping[str, AccessSource]
    closing_reasons: Mapping[str, ClosingReason]
    fact_values: Mapping[str, FactValue]
    modules: Sequence[Module]
    templates: Sequence[GoalTemplate]
    policy: PlanPolicy
    diary: Diary = field(default_factory=lambda: Diary())
    phones: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def now(self) -> dt.datetime:
        """The instant up to which everything is recorded: before work begins on `as_of`."""
        return at(self.as_of, 7, 0)

    @property
    def yesterday(self) -> dt.date:
        return self.as_of - dt.timedelta(days=1)

    def chance(self, *names: object) -> random.Random:
        """A separate source of chance, so that one file's story does not depend on another's."""
        return random.Random(":".join(str(name) for name in (self.seed, *names)))

    def working_day(self, offset: int) -> dt.date:
        """The working day `offset` working days after `as_of`; before it when negative."""
        if offset < 0:
            return subtract_working_days(self.as_of, -offset)
        return add_working_days(next_working_day(self.as_of), offset)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """An instant of local time."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


class Diary:
    """Keeps every manager in one place at a time: free times of 45 minutes in office hours."""

    MORNING = ((8, 30), (9, 15), (10, 0), (10, 45), (11, 30))
    AFTERNOON = ((13, 0), (13, 45), (14, 30), (15, 15))
    LENGTH = dt.timedelta(minutes=45)
    FRIDAY = 4

    def __init__(self) -> None:
        self._taken: set[tuple[int, dt.date, int]] = set()

    def book(
        self,
        manager: User,
        earliest: dt.date,
        pick: random.Random,
        *,
        latest: dt.date | None = None,
        slots: int = 1,
    ) -> tuple[dt.datetime, dt.datetime] | None:
        """The first day with room from `earliest` on, at a time drawn from what is free; None after `latest`.

        Args:
            slots: how many times of 45 minutes in a row.
        """
        day = next_working_day(earliest)
        while latest is None or day <= latest:
            times = self.MORNING if day.weekday() == self.FRIDAY else self.MORNING + self.AFTERNOON
            free = [
                number
                for number in range(len(times) - slots + 1)
                if all(self._is_free(manager, day, number + more) for more in range(slots))
                and self._before_or_after_lunch(number, slots)
            ]
            if free:
                number = pick.choice(free)
                for more in range(slots):
                    self._taken.add((manager.pk, day, number + more))
                begin = at(day, *times[number])
                return begin, begin + self.LENGTH * slots
            day = next_working_day(day + dt.timedelta(days=1))
        return None

    def close(self, manager: User, begins: dt.datetime, ends: dt.datetime) -> None:
        """Keep some hours of a day free of appointments."""
        day = begins.date()
        for number, time in enumerate(self.MORNING + self.AFTERNOON):
            if at(day, *time) < ends and at(day, *time) + self.LENGTH > begins:
                self._taken.add((manager.pk, day, number))

    def _is_free(self, manager: User, day: dt.date, number: int) -> bool:
        return (manager.pk, day, number) not in self._taken

    def _before_or_after_lunch(self, number: int, slots: int) -> bool:
        noon = len(self.MORNING)
        return not number < noon < number + slots


STAFF: Mapping[str, tuple[str, str]] = {
    "manager": ("Jana", "Rehbaum"),
    "colleague": ("Tobias", "Kettelhack"),
    "outsider": ("Silke", "Wiedenroth"),
    "officer": ("Henrike", "Sauerbrey"),
    "coordinator": ("Birte", "Althoffer"),
    "admin": ("Karsten", "Nuelle"),
}


def _code(number: int) -> str:
    """Case numbers begin with letters only: MAAM for the twelfth."""
    letters = string.ascii_uppercase
    return "M" + "".join(letters[number // len(letters) ** power % len(letters)] for power in (2, 1, 0))


class Staffing:
    """Creates the district, its municipalities, the demo users and as many more as the files need."""

    def __init__(self, as_of: dt.date, began_on: dt.date, password: str) -> None:
        self._as_of = as_of
        self._began_on = began_on
        self._password = password
        self._hashed = ""
        self.outsider_began_on = began_on.replace(day=1) - relativedelta(years=OUTSIDER_YEARS)

    def build(self, number: int) -> tuple[list[Place], Place, dict[str, User]]:
        """The places with active files, the outsider's place, and the demo users by name."""
        district = District.objects.get_or_create(name="Landkreis Karlsruhe")[0]
        municipalities = [self._municipality(district, index) for index in range(max(2, number + 1))]
        users = {name: self._person(name, *names) for name, names in STAFF.items()}
        stutensee, pfinztal = municipalities[0], municipalities[1]
        self._serve(users["manager"], stutensee, self._began_on)
        self._serve(users["colleague"], stutensee, self._began_on)
        self._serve(users["officer"], stutensee, self._began_on)
        self._serve(users["outsider"], pfinztal, self.outsider_began_on)
        places = [Place(stutensee, (users["manager"], users["colleague"]), self._began_on)]
        for index, municipality in enumerate(municipalities[2:], start=2):
            managers = [self._more_staff(index, position) for position in (1, 2)]
            for manager in managers:
                self._serve(manager, municipality, self._began_on)
            places.append(Place(municipality, managers, self._began_on))
        return places, Place(pfinztal, (users["outsider"],), self.outsider_began_on), users

    def _municipality(self, district: District, index: int) -> Municipality:
        code, name = PLACES[index] if index < len(PLACES) else (_code(index), f"Musterort {index}")
        place = Municipality.objects.get_or_create(code=code, defaults={"district": district, "name": name})[
            0
        ]
        since = self.outsider_began_on if index == 1 else self._began_on
        Membership.objects.get_or_create(municipality=place, since=since)
        return place

    def _person(self, username: str, first_name: str, last_name: str) -> User:
        officers = ("officer", "coordinator")
        role = Role.OFFICER if username in officers else Role.ADMIN if username == "admin" else Role.MANAGER
        user = User(
            username=username,
            first_name=first_name,
            last_name=last_name,
            email=f"{username}@example.org",
            morning_digest=username == "manager",
            role=role,
            whole_district=username == "coordinator",
            is_staff=role == Role.ADMIN,
        )
        if not self._hashed:
            # One hash for all: the demonstration has one password, and hashing is slow on purpose.
            user.set_password(self._password)
            self._hashed = user.password
        user.password = self._hashed
        user.save()
        return user

    def _more_staff(self, index: int, position: int) -> User:
        return self._person(f"manager-{index}-{position}", "Muster", f"Fachkraft {index}-{position}")

    def _serve(self, user: User, municipality: Municipality, since: dt.date) -> None:
        Service.objects.create(user=user, municipality=municipality, since=since)


def plan_stand_ins(world: World, users: Mapping[str, User]) -> None:
    """One stand-in that is over and one that is planned; none is active."""
    for absent, substitute, offset, days in (
        ("manager", "colleague", -96, 11),
        ("colleague", "manager", 19, 13),
    ):
        since = world.as_of + dt.timedelta(days=offset)
        StandIn.objects.create(
            uuid=random_key(world.chance("stand-in", absent)),
            absent=users[absent],
            substitute=users[substitute],
            kind=StandInKind.PLANNED,
            since=since,
            until=since + dt.timedelta(days=days),
            reason="Urlaub",
            planned_by=users[absent],
            planned_at=at(min(since, world.as_of) - dt.timedelta(days=14), 9, 30),
        )


def set_decree(world: World, users: Mapping[str, User]) -> None:
    """Temporary protection goes on by decree; many cards show a day that is long over."""
    day = world.as_of - dt.timedelta(days=120)
    PermitDecree.objects.create(
        uuid=random_key(world.chance("decree")),
        status=ResidenceStatus.UKRAINE,
        valid_on=day,
        continues_until=world.as_of + dt.timedelta(days=240),
        source="Fortgeltungsverordnung (erfunden)",
        recorded_by=users["admin"],
        recorded_at=at(day, 10, 20),
    )


def enter_absences(world: World, users: Mapping[str, User]) -> None:
    """One absence that is planned and covered, and one of today that nobody stands in for.

    The neighbour's only manager called in sick yesterday: the coordinator's start page counts what waits there.
    """
    covered = StandIn.objects.get(absent=users["colleague"])
    yesterday = at(world.working_day(-1), 16, 40)
    for user, since, until, by, moment in (
        (users["colleague"], covered.since, covered.until, users["colleague"], covered.planned_at),
        (users["outsider"], world.as_of, world.working_day(4), users["coordinator"], yesterday),
    ):
        Absence.objects.create(
            uuid=random_key(world.chance("absence", user.username)),
            user=user,
            since=since,
            until=until,
            entered_by=by,
            entered_at=moment,
        )


def load_world(as_of: dt.date, began_on: dt.date, seed: int) -> World:
    """The catalogues as they stand; `load_catalogues` has run before."""

    def by_code(model: type[Catalogue]) -> dict[str, Any]:
        return {row.code: row for row in model.objects.all()}

    return World(
        as_of=as_of,
        began_on=began_on,
        seed=seed,
        countries=by_code(Country),
        languages=by_code(SpokenLanguage),
        topics=by_code(Topic),
        sources=by_code(AccessSource),
        closing_reasons=by_code(ClosingReason),
        fact_values=by_code(FactValue),
        modules=list(Module.objects.valid_on(as_of).order_by("order", "code")),
        templates=list(
            GoalTemplate.objects.valid_on(as_of).select_related("module").order_by("order", "code")
        ),
        policy=policy_on(as_of),
    )
