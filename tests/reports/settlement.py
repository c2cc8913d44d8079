"""Towns of people without a story: what tables of people are counted from, written in few statements."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from accounts.models import Membership, Municipality
from clients.choices import Phase
from clients.models import (
    Client,
    CounsellingPeriod,
    Country,
    Household,
    HouseholdMember,
    PhaseChange,
    Responsibility,
)

BEGAN = dt.date(2017, 12, 1)
_numbers = itertools.count(1)


def town(code: str, like: Municipality) -> Municipality:
    """A municipality that takes part since long ago."""
    place = Municipality.objects.create(code=code, name=f"Gemeinde {code}", district=like.district)
    Membership.objects.create(municipality=place, since=BEGAN)
    return place


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def settle(
    place: Municipality,
    number: int,
    opened: dt.date,
    *,
    manager: Any = None,
    nationality: str = "SY",
    phase: str = Phase.ACTIVE,
    one_day: bool = False,
    **more: Any,
) -> list[Client]:
    """Open files of so many people, one a day backwards from `opened`, or all on that day; returns them.

    Everybody is thirty years old and lives alone unless told otherwise.
    """
    days = [opened if one_day else opened - dt.timedelta(days=n) for n in range(number)]
    country = Country.objects.get(code=nationality) if nationality else None
    values = {"birth_date": dt.date(opened.year - 30, 1, 1), "gender": "f", **more}
    people = Client.objects.bulk_create(
        Client(
            municipality=place,
            manager=manager,
            case_no=f"{place.code}-{day.year}-{next(_numbers):04}",
            phase=phase,
            phase_since=day,
            surname=f"Erfunden{next(_numbers)}",
            search_name="erfunden",
            nationality=country,
            registered_at=at(day),
            **values,
        )
        for day in days
    )
    both = list(zip(people, days, strict=True))
    PhaseChange.objects.bulk_create(
        PhaseChange(client=who, phase=phase, on=day, at=at(day)) for who, day in both
    )
    CounsellingPeriod.objects.bulk_create(CounsellingPeriod(client=who, opened_on=day) for who, day in both)
    Responsibility.objects.bulk_create(
        Responsibility(client=who, manager=manager, municipality=place, since=at(day)) for who, day in both
    )
    return people


def live_together(people: list[Client], since: dt.date) -> None:
    """Make them one household."""
    home = Household.objects.create(municipality=people[0].municipality)
    HouseholdMember.objects.bulk_create(
        HouseholdMember(household=home, client=who, since=since) for who in people
    )


def close(people: list[Client], day: dt.date) -> None:
    """Close files on a day, as recorded now."""
    for who in people:
        PhaseChange.objects.create(client=who, phase=Phase.CLOSED, on=day, at=timezone.now())
        CounsellingPeriod.objects.filter(client=who, closed_on=None).update(closed_on=day)
        Client.objects.filter(pk=who.pk).update(phase=Phase.CLOSED, phase_since=day)


def move(people: list[Client], place: Municipality, day: dt.date) -> None:
    """They belong to another municipality from a day on."""
    for who in people:
        row = Responsibility.objects.get(client=who, until=None)
        Responsibility.objects.filter(pk=row.pk).update(until=at(day))
        Responsibility.objects.create(client=who, manager=row.manager, municipality=place, since=at(day))
        Client.objects.filter(pk=who.pk).update(municipality=place)
