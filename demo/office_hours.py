"""Open office hours and evenings for everybody: what took place with its counts, what comes, and exceptions."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Mapping, Sequence

from accounts.models import User
from accounts.rules.calendar import next_working_day
from appointments.choices import SessionState
from appointments.models import GroupEvent, OfficeHourCount, OfficeHourSeries, OfficeHourSession
from appointments.models import Place as Room
from appointments.rules.office_hours import session_days
from appointments.services.office_hours import DAYS_AHEAD
from demo.people import weighted
from demo.world import Place, World, at, random_key

RHYTHMS: Sequence[tuple[int, tuple[int, int], int]] = ((0, (10, 12), 1), (1, (15, 17), 2))
"""Which room, between which hours, every how many weeks; only the town that is shown has the second."""
VISITORS: Sequence[tuple[int, int]] = ((1, 10), (2, 30), (3, 30), (4, 20), (5, 10))
"""How many come to one session (demonstration.md "Contacts")."""
OUTCOMES: Sequence[tuple[str, int]] = (("own", 70), ("drop_ins", 16), ("anonymous", 14))
LANGUAGES: Sequence[tuple[str, int]] = (("ar", 30), ("uk", 24), ("fa", 12), ("ti", 10), ("tr", 8), ("de", 10))
TOPICS: Sequence[tuple[str, int]] = (("post", 40), ("housing", 25), ("work", 20), ("residence", 15))
LEAVES = 0.2
"""Share of sessions in which somebody leaves without a talk."""


def hold_office_hours(world: World, places: Sequence[Place], rooms: Mapping[int, Sequence[Room]]) -> None:
    """The series of every municipality with all their sessions; the first one is the town that is shown."""
    counts: list[OfficeHourCount] = []
    sessions: list[OfficeHourSession] = []
    for number, place in enumerate(places):
        for series in _series(world, place, rooms[place.municipality.pk], len(RHYTHMS) if number == 0 else 1):
            pick = world.chance("office hours", place.municipality.code, series.weekday)
            last = world.as_of + dt.timedelta(days=DAYS_AHEAD)
            held = [_session(series, day, pick) for day in session_days(series, place.began_on, last)]
            for session in held:
                if session.planned_on < world.as_of:
                    counts += _close(session, place.managers[0], world, pick)
            if series.every_weeks == 1:
                _except([one for one in held if one.planned_on > world.as_of])
            for session in held:
                if session.state != SessionState.CANCELLED:
                    for manager in place.managers:
                        world.diary.close(manager, session.starts_at, session.ends_at)
            sessions += held
    _evenings(world, places[0])
    OfficeHourSession.objects.bulk_create(sessions)
    OfficeHourCount.objects.bulk_create(counts)


def _evenings(world: World, place: Place) -> None:
    """Two evenings for whoever came, in no file."""
    pick = world.chance("evenings", place.municipality.code)
    told = (("Infoabend zur Kinderbetreuung", 11, "education"), ("Strom und Heizung sparen", 26, "housing"))
    for title, days, topic in told:
        GroupEvent.objects.create(
            uuid=random_key(pick),
            municipality=place.municipality,
            title=title,
            held_on=world.working_day(-days),
            minutes=90,
            attendees=pick.randint(9, 24),
            main_topic=world.topics[topic],
            language=world.languages["de"],
        )


def _series(world: World, place: Place, rooms: Sequence[Room], most: int) -> list[OfficeHourSeries]:
    """The first one meets on the day shown, so that there is a desk to sit at."""
    shown = next_working_day(world.as_of)
    found = []
    for number, (room, hours, every_weeks) in enumerate(RHYTHMS[:most]):
        pick = world.chance("series", place.municipality.code, number)
        found.append(
            OfficeHourSeries.objects.create(
                uuid=random_key(pick),
                municipality=place.municipality,
                place=rooms[room],
                weekday=next_working_day(shown + dt.timedelta(days=2 * number)).weekday(),
                begins=dt.time(hours[0]),
                ends=dt.time(hours[1]),
                every_weeks=every_weeks,
                valid_from=place.began_on,
            )
        )
    return found


def _session(series: OfficeHourSeries, day: dt.date, pick: random.Random) -> OfficeHourSession:
    return OfficeHourSession(
        uuid=random_key(pick),
        series=series,
        municipality_id=series.municipality_id,
        place_id=series.place_id,
        planned_on=day,
        starts_at=at(day, series.begins.hour),
        ends_at=at(day, series.ends.hour),
    )


def _close(session: OfficeHourSession, by: User, world: World, pick: random.Random) -> list[OfficeHourCount]:
    """The counts of a session that took place."""
    outcomes, languages, topics = Counter[str](), Counter[str](), Counter[str]()
    for _visitor in range(weighted(pick, VISITORS)):
        outcome = weighted(pick, OUTCOMES)
        outcomes[outcome] += 1
        languages[weighted(pick, LANGUAGES)] += 1
        if outcome == "anonymous":
            topics[weighted(pick, TOPICS)] += 1
    session.own, session.drop_ins = outcomes["own"], outcomes["drop_ins"]
    session.anonymous, session.left = outcomes["anonymous"], int(pick.random() < LEAVES)
    session.average_wait = pick.randint(4, 25)
    session.state, session.closed_by = SessionState.CLOSED, by
    session.closed_at = session.ends_at + dt.timedelta(minutes=pick.randint(2, 20))
    return [
        *(
            OfficeHourCount(session=session, language=world.languages[code], number=number)
            for code, number in languages.items()
        ),
        *(
            OfficeHourCount(session=session, topic=world.topics[code], number=number)
            for code, number in topics.items()
        ),
    ]


def _except(coming: Sequence[OfficeHourSession]) -> None:
    """One of the next office hours is cancelled, another begins later; both say why."""
    if len(coming) > 2:
        cancelled, moved = coming[1:3]
        cancelled.state, cancelled.reason = SessionState.CANCELLED, "Fortbildung des Teams"
        moved.reason = "Der Raum ist bis mittags vergeben"
        length = moved.ends_at - moved.starts_at
        moved.starts_at = at(moved.planned_on, 13)
        moved.ends_at = moved.starts_at + length
