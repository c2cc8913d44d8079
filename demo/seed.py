"""Fills an empty installation: staff, files, their history, and what follows from it."""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.utils import translation

from accounts.actor import Actor
from clients.models import Client, ClientName
from clients.services.names import file_under_keys
from demo import world as stage
from demo.around import (
    add_around_the_files,
    add_dismissal,
    add_enquiries,
    deal_with_reference_days,
    freeze_half_year,
)
from demo.copies import Told, give_back_numbers
from demo.funding import add_funding
from demo.homes import settle
from demo.kept import keep_documents
from demo.lists import RUNNING, import_running_cases, take_list_away
from demo.network import build_network
from demo.office import ask_about_cases, hear_complaints, report_obstacles
from demo.office_hours import hold_office_hours
from demo.people import PROFILES, Profile
from demo.rooms import furnish, meet_in_rooms
from demo.rows import ORDER
from demo.telling import tell
from demo.town import Extras, Town, extras_for
from demo.visits import add_visits
from demo.world import (
    REASON,
    Place,
    Staffing,
    World,
    at,
    enter_absences,
    load_world,
    plan_stand_ins,
    set_decree,
)
from outreach.models import Ladder
from reports.keeping import keep_sums

FILED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """What was written."""

    files: int
    active: int
    rows: int
    open_ladders: int


class Progress:
    """Says now and then how far a long run has come.

    Args:
        files: how many active files there will be.
        say: takes one line.
    """

    EVERY_SECONDS = 5

    def __init__(self, files: int, say: Callable[[str], object]) -> None:
        self._files = files
        self._say = say
        self._done = 0
        self._began = self._said = time.monotonic()

    def add(self, files: int) -> None:
        """So many active files are written."""
        self._done += files
        if time.monotonic() - self._said >= self.EVERY_SECONDS:
            self.step(f"{self._done} of {self._files} files in active counselling")

    def step(self, what: str) -> None:
        """Something else is about to take a while."""
        self._said = time.monotonic()
        self._say(f"{self._said - self._began:4.0f} s: {what}")


def service_start(as_of: dt.date, month: int) -> dt.date:
    """The first day of the service when `as_of` lies in its n-th month; at least 45 days of it have passed."""
    first = as_of.replace(day=1) - relativedelta(months=month - 1)
    return min(first, as_of - dt.timedelta(days=45))


def seed(
    *,
    profile: str,
    clients: int,
    seed: int,
    as_of: dt.date,
    month: int,
    password: str,
    say: Callable[[str], object] = lambda line: None,
) -> Counts:
    """Write the demonstration in one transaction.

    Args:
        profile: whose distributions, "seed" (2018) or "today".
        clients: own files in phase active; all else comes on top.
        seed: the same number makes the same town.
        as_of: the day it shows.
        month: the month of the service this day lies in.
        password: of the demo users.
        say: takes a line about the progress of a long run.
    """
    began_on = service_start(as_of, month)
    active = stage.active_files(clients)
    progress = Progress(clients, say)
    with translation.override("de"), transaction.atomic(), _collected_rarely():
        places, neighbour, users = Staffing(as_of, began_on, password).build(len(active))
        world = load_world(as_of, began_on, seed)
        plan_stand_ins(world, users)
        set_decree(world, users)
        enter_absences(world, users)
        everywhere = [places[0], neighbour, *places[1:]]
        hold_office_hours(world, everywhere, furnish(world, [place.municipality for place in everywhere]))
        build_network(world, places[0], users)
        district = _District(world, PROFILES[profile], progress)
        running = min(RUNNING, active[0] - 1)
        shown = district.tell(places[0], month, active[0] - running, moved_from=neighbour)
        # Next door the service has few people, none of them in phase active: that number is Stutensee's.
        few = Extras(contacting=4, intake=7, paused=3, closed=6, inbox=2)
        district.tell(neighbour, (as_of - neighbour.began_on).days // 30, 0, few)
        add_enquiries(world, places[0], users)
        add_funding(world, places[0], users)
        hear_complaints(world, places[0], users)
        report_obstacles(world, places[0], users)
        add_dismissal(shown)
        keep_documents(world, [story.client for story in shown.stories if story.manager is not None])
        settle(world, places[0], users)
        add_around_the_files(world, users)
        add_visits(world, places[0], users)
        for (place, files), repeating in _divided(list(zip(places, active, strict=True))[1:]):
            told = district.tell(place, month, files)
            for other in repeating:
                district.repeat(told, other, month)
            give_back_numbers()
        meet_in_rooms()
        _file_names()
        _tell_the_planner()
        deal_with_reference_days(world)
        ask_about_cases(world, users)
        freeze_half_year(world, users, places[0])
        take_list_away(world, users)
        import_running_cases(world, places[0], users, running)
        progress.add(running)
        keep_sums(Actor.system("keep_sums", at(world.as_of, 5)), world.as_of)
        return Counts(
            files=Client.objects.unscoped(reason=REASON).count(),
            active=clients,
            rows=district.rows,
            open_ladders=Ladder.objects.unscoped(reason=REASON).filter(ended_at=None).count(),
        )


def _file_names() -> None:
    """Names were written past the services, and are found by their sound only once they are filed under it."""
    rows = ClientName.objects.unscoped(reason=REASON).order_by("pk")
    last = 0
    while some := list(rows.filter(pk__gt=last)[:FILED_AT_ONCE]):
        file_under_keys(some)
        last = some[-1].pk


@contextmanager
def _collected_rarely() -> Iterator[None]:
    """Looking for garbage among rows that all still wait to be written takes a third of the time."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _divided(places: Sequence[tuple[Place, int]]) -> Iterator[tuple[tuple[Place, int], Sequence[Place]]]:
    """The municipalities to tell beside Stutensee, each with those that repeat its histories.

    Stutensee is shown, with people who moved there, and no other town has its histories.
    """
    told = stage.TOLD_PLACES - 1
    repeating = [place for place, files in places[told:] if files == stage.FILES_PER_PLACE]
    for number, first in enumerate(places[:told]):
        yield first, repeating[number::told]
    for left in places[told + len(repeating) :]:
        yield left, ()


class _District:
    """Municipalities told one by one, and those that repeat their histories."""

    def __init__(self, world: World, profile: Profile, progress: Progress) -> None:
        self._world = world
        self._profile = profile
        self._progress = progress
        self.rows = 0

    def tell(
        self,
        place: Place,
        months: int,
        active: int,
        extras: Extras | None = None,
        moved_from: Place | None = None,
    ) -> Told:
        """Tell the files of a municipality in which the service has worked for so many months."""
        town = Town(self._world, place, self._profile, months)
        told = tell(town, active, extras or extras_for(active, months), moved_from)
        self._count(told, active)
        return told

    def repeat(self, told: Told, place: Place, months: int) -> None:
        """Give a municipality the histories of another."""
        told.write_as(Town(self._world, place, self._profile, months))
        self._count(told, stage.FILES_PER_PLACE)

    def _count(self, told: Told, active: int) -> None:
        self.rows += told.size
        self._progress.add(active)


def _tell_the_planner() -> None:
    """PostgreSQL knows nothing of rows that came in one go; a guess of one row made a count take minutes.

    Only the tables that were filled: those of the whole server are locked until the transaction ends, and another
    database's demonstration would wait for that.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in ORDER)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
