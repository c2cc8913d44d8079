"""The invented rooms of the service and their opening hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from accounts.models import Municipality
from appointments.models import Appointment, Place, PlaceHours
from demo.world import REASON, World

ROOMS: Sequence[tuple[str, str]] = (
    ("Beratungsbüro Blankenloch", "Lindenpassage, Erdgeschoss"),
    ("Beratungsraum Spöck", "Alte Webstube, erster Stock"),
)
"""Those of Stutensee; every other municipality has one that bears its name."""
WORKING_DAYS = range(5)
FRIDAY = 4
MORNING = (dt.time(8), dt.time(12, 30))
AFTERNOON = (dt.time(13), dt.time(17))
TUESDAY = 1
EARLIER_AFTERNOON = (dt.time(13), dt.time(16))
"""Until the present hours began, Tuesday was shorter."""


def furnish(world: World, municipalities: Sequence[Municipality]) -> dict[int, list[Place]]:
    """The rooms of each municipality, by its key; the first one is the town that is shown."""
    rooms: dict[int, list[Place]] = {}
    hours: list[PlaceHours] = []
    for number, town in enumerate(municipalities):
        names = ROOMS if number == 0 else ((f"Beratungsbüro {town.name}", "Im Bürgerhaus"),)
        rooms[town.pk] = [
            Place.objects.create(municipality=town, name=name, address=address) for name, address in names
        ]
        for room in rooms[town.pk]:
            hours += _hours(room, world)
    PlaceHours.objects.bulk_create(hours)
    return rooms


def meet_in_rooms() -> None:
    """What was planned in a room is in the first place of its municipality."""
    first: dict[int, Place] = {}
    for room in Place.objects.order_by("pk"):
        first.setdefault(room.municipality_id, room)
    rows = Appointment.objects.unscoped(reason=REASON).exclude(place="")
    for town, room in first.items():
        for place in rows.filter(client__municipality=town).values_list("place", flat=True).distinct():
            rows.filter(client__municipality=town, place=place).update(room=room, place=f"{room}, {place}")


def _hours(room: Place, world: World) -> list[PlaceHours]:
    changed_on = max(world.as_of - dt.timedelta(days=90), world.began_on + dt.timedelta(days=1))
    found = []
    for weekday in WORKING_DAYS:
        found.append(_row(room, weekday, MORNING, world.began_on))
        if weekday == TUESDAY:
            former = _row(room, weekday, EARLIER_AFTERNOON, world.began_on)
            former.valid_until = changed_on - dt.timedelta(days=1)
            found += [former, _row(room, weekday, AFTERNOON, changed_on)]
        elif weekday != FRIDAY:
            found.append(_row(room, weekday, AFTERNOON, world.began_on))
    return found


def _row(room: Place, weekday: int, span: tuple[dt.time, dt.time], since: dt.date) -> PlaceHours:
    return PlaceHours(place=room, weekday=weekday, opens=span[0], closes=span[1], valid_from=since)
