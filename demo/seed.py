"""Fills an empty installation: staff, files, their history, and what follows from it."""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import translation

from appointments.models import Ladder
from appointments.rules.calendar import add_months
from clients.models import Client
from demo import world as stage
from demo.around import add_around_the_files, add_enquiries, add_verdict
from demo.copies import Copying, Original
from demo.indexes import postponed_foreign_keys, postponed_indexes
from demo.people import PROFILES
from demo.rows import ORDER
from demo.store import Store
from demo.telling import Teller
from demo.town import Extras, Town, extras_for
from demo.world import (
    REASON,
    Place,
    Staffing,
    World,
    enter_absences,
    load_world,
    plan_stand_ins,
)


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
    first = add_months(as_of.replace(day=1), -(month - 1))
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
    with (
        translation.override("de"),
        transaction.atomic(),
        _collected_by_hand(),
        postponed_foreign_keys(ORDER),
    ):
        places, neighbour, users = Staffing(as_of, began_on, password).build(len(active))
        world = load_world(as_of, began_on, seed)
        plan_stand_ins(world, users)
        enter_absences(world, users)
        district = _District(world, profile, month, progress)
        told, repeated = _divided(list(zip(places, active, strict=True)))
        originals = district.tell(told, neighbour)
        add_enquiries(world, places[0], users)
        add_verdict(world, originals[0])
        add_around_the_files(world, users)
        # Stutensee is shown, with people who moved there, and no other town has its histories.
        district.repeat(originals[1 : stage.TOLD_PLACES], repeated)
        _tell_the_planner()
        return Counts(
            files=Client.objects.unscoped(reason=REASON).count(),
            active=clients,
            rows=district.rows,
            open_ladders=Ladder.objects.unscoped(reason=REASON).filter(ended_at=None).count(),
        )


@contextmanager
def _collected_by_hand() -> Iterator[None]:
    """Looking for garbage among rows that all still wait to be written takes a third of the time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()


def _divided(
    places: Sequence[tuple[Place, int]],
) -> tuple[list[tuple[Place, int]], list[tuple[Place, int]]]:
    """The municipalities to tell, and those big enough to repeat another's histories."""
    first, others = places[: stage.TOLD_PLACES], places[stage.TOLD_PLACES :]
    repeated = [(place, active) for place, active in others if active == stage.FILES_PER_PLACE]
    left = [(place, active) for place, active in others if active != stage.FILES_PER_PLACE]
    return [*first, *left], repeated


class _District:
    """Municipalities told one by one, and those that repeat their histories."""

    def __init__(self, world: World, profile: str, month: int, progress: Progress) -> None:
        self._world = world
        self._profile = PROFILES[profile]
        self._month = month
        self._progress = progress
        self._store = Store()
        self._teller = Teller(world, self._store)
        self.rows = 0

    def tell(self, places: Sequence[tuple[Place, int]], neighbour: Place) -> list[Original]:
        """Tell the files of these municipalities, each with its number of active files, and of the one next door."""
        told = []
        for place, active in places:
            moved_from = None if told else neighbour
            told.append(self._tell(place, self._month, active, extras_for(active, self._month), moved_from))
        # Next door the service has few people, none of them in phase active: that number is Stutensee's.
        months = (self._world.as_of - neighbour.began_on).days // 30
        self._tell(neighbour, months, 0, Extras(contacting=4, intake=7, paused=3, closed=6, inbox=2), None)
        self._store.give_back_numbers()
        return told

    def _tell(
        self, place: Place, months: int, active: int, extras: Extras, moved_from: Place | None
    ) -> Original:
        original = self._teller.town(
            Town(self._world, place, self._profile, months), active, extras, moved_from
        )
        # The automatic collection is off: nothing of a municipality is garbage before all of it is written.
        gc.collect()
        self.rows += original.size
        self._progress.add(active)
        return original

    def repeat(self, originals: Sequence[Original], places: Sequence[tuple[Place, int]]) -> None:
        """Give these municipalities the histories of the originals, in turn."""
        if not places:
            return
        self._progress.step(f"municipalities that repeat the histories of others: {len(places)}")
        with postponed_indexes(ORDER):
            for number, original in enumerate(originals):
                copying = Copying(self._world, self._store, original)
                for place, active in places[number :: len(originals)]:
                    copying.fill(Town(self._world, place, self._profile, self._month))
                    self.rows += original.size
                    self._progress.add(active)
            self._progress.step("building the indexes")
        self._store.give_back_numbers()


def _tell_the_planner() -> None:
    """PostgreSQL knows nothing of rows that came in one go; a guess of one row made a count take minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
