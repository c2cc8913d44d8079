"""The calendar as a day, a week and a list, with working hours, absences and holidays."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence
from accounts.rules.calendar import BERLIN
from appointments.models import Place, WorkingHours
from tests.appointments.log_desk import reachable, text_of
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db

CALENDAR = reverse("appointments:day")
HOURS = reverse("appointments:working_hours")
# The week of the Day of German Unity, a Thursday.
MONDAY = datetime.date(2030, 9, 30)
HOLIDAY = datetime.date(2030, 10, 3)


def moment(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=BERLIN)


def shown(browser: Any, view: str, day: datetime.date) -> str:
    return text_of(browser.get(CALENDAR, {"view": view, "on": day.isoformat()}))


def works(user: Any, weekday: int, begins: int, ends: int) -> None:
    WorkingHours.objects.create(
        user=user,
        weekday=weekday,
        begins=datetime.time(begins),
        ends=datetime.time(ends),
        valid_from=datetime.date(2019, 1, 1),
    )


def away(user: Any, first: datetime.date, last: datetime.date) -> Absence:
    return Absence.objects.create(
        user=user, since=first, until=last, entered_by=user, entered_at=timezone.now()
    )


@pytest.mark.parametrize("view", ["day", "week", "agenda"])
def test_own_appointments_are_shown_and_those_one_stands_in_for(view: str, cast: Cast, as_user: Any) -> None:
    mine, theirs = reachable(cast.manager), reachable(cast.colleague)
    AppointmentFactory(client=mine, starts_at=moment(MONDAY, 10))
    AppointmentFactory(client=theirs, starts_at=moment(MONDAY, 10))
    pages = {
        name: shown(as_user(cast.users[name]), view, MONDAY) for name in ("manager", "substitute", "former")
    }
    assert [name for name, page in pages.items() if mine.display_name in page] == ["manager", "substitute"]
    assert [name for name, page in pages.items() if theirs.display_name in page] == []


def test_the_week_says_what_is_free_between_appointments_in_working_hours(cast: Cast, as_user: Any) -> None:
    works(cast.manager, 0, 8, 12)
    works(cast.manager, 3, 8, 12)
    AppointmentFactory(client=reachable(cast.manager), starts_at=moment(MONDAY, 9))
    page = shown(as_user(cast.manager), "week", HOLIDAY)
    assert "Arbeitszeit 08:00–12:00" in page
    assert "frei 08:00–09:00" in page
    assert "frei 09:45–12:00" in page
    assert "Tag der Deutschen Einheit" in page
    assert page.count("frei 0") == 2
    assert "Kalender, Woche 40" in page


def test_an_absence_stands_in_every_view_and_leaves_nothing_free(cast: Cast, as_user: Any) -> None:
    works(cast.manager, 0, 8, 12)
    away(cast.manager, MONDAY, MONDAY)
    away(cast.colleague, MONDAY, MONDAY)
    own, stand_in = as_user(cast.manager), as_user(cast.substitute)
    for view in ("day", "week", "agenda"):
        page = shown(own, view, MONDAY)
        assert "Sie sind abwesend" in page
        assert "frei 08:00" not in page
        assert "Jana Rehbaum ist abwesend" in shown(stand_in, view, MONDAY)
        assert "Tobias Kettelhack" not in page


def test_an_absence_that_was_called_off_is_none(cast: Cast, as_user: Any) -> None:
    row = away(cast.manager, MONDAY, MONDAY)
    Absence.objects.filter(pk=row.pk).update(ended_on=MONDAY)
    assert "abwesend" not in shown(as_user(cast.manager), "day", MONDAY)


def test_the_ways_through_the_calendar_keep_the_view(cast: Cast, as_user: Any) -> None:
    page = shown(as_user(cast.manager), "week", MONDAY)
    assert f"{CALENDAR}?view=week&amp;on=2030-09-23" in page
    assert f"{CALENDAR}?view=week&amp;on=2030-10-07" in page
    assert f"{CALENDAR}?on=2030-10-03" in page
    assert f'href="{CALENDAR}?view=agenda"' in page


def office_hour(cast: Cast, starts_at: datetime.datetime, **facts: Any) -> Any:
    town = {"municipality": facts.pop("town", cast.stutensee), "name": "Bürgerhaus Spöck"}
    place = Place.objects.filter(**town).first() or PlaceFactory(**town)
    return SessionFactory(series__place=place, starts_at=starts_at, **facts)


@pytest.mark.parametrize("view", ["day", "week", "agenda"])
def test_an_open_office_hour_stands_in_the_calendar_of_who_sits_there(
    view: str, cast: Cast, as_user: Any
) -> None:
    session = office_hour(cast, moment(MONDAY, 10))
    for hidden in (
        office_hour(cast, moment(MONDAY, 14), state="cancelled", reason="Fortbildung"),
        office_hour(cast, moment(MONDAY, 15), town=cast.pfinztal),
    ):
        assert hidden.get_absolute_url() not in shown(as_user(cast.manager), view, MONDAY)
    page = shown(as_user(cast.manager), view, MONDAY)
    assert session.get_absolute_url() in page
    assert page.count("Bürgerhaus Spöck") == 1
    assert "Offene Sprechstunde" in page
    # It is no appointment.
    assert {
        "day": "An diesem Tag sind keine Termine",
        "week": "0 Termine in dieser Woche",
        "agenda": "0 Termine in sieben Tagen",
    }[view] in page


def test_an_office_hour_is_no_free_time_and_stands_in_the_order_of_the_day(cast: Cast, as_user: Any) -> None:
    works(cast.manager, 0, 8, 12)
    office_hour(cast, moment(MONDAY, 9))
    client = reachable(cast.manager)
    AppointmentFactory(client=client, starts_at=moment(MONDAY, 11))
    week = shown(as_user(cast.manager), "week", MONDAY)
    assert [text for text in ("frei 08:00–09:00", "frei 11:45–12:00") if text in week] == [
        "frei 08:00–09:00",
        "frei 11:45–12:00",
    ]
    assert "frei 09:00" not in week
    for view in ("day", "agenda"):
        page = shown(as_user(cast.manager), view, MONDAY)
        assert page.index("Bürgerhaus Spöck") < page.index(client.display_name)


@pytest.mark.parametrize("view", ["day", "week", "agenda"])
def test_more_appointments_cost_no_more_statements(view: str, cast: Cast, as_user: Any) -> None:
    browser = as_user(cast.manager)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            shown(browser, view, MONDAY)
        return len(found)

    AppointmentFactory(client=reachable(cast.manager), starts_at=moment(MONDAY, 5))
    office_hour(cast, moment(MONDAY, 5))
    statements()
    one = statements()
    for number in range(1, 50):
        start = moment(MONDAY, 6) + datetime.timedelta(minutes=20 * number)
        AppointmentFactory(
            client=reachable(cast.manager), starts_at=start, ends_at=start + datetime.timedelta(minutes=20)
        )
        office_hour(cast, start)
    assert statements() == one


def test_a_printed_day_says_dates_and_nothing_that_is_wrong_tomorrow(cast: Cast, as_user: Any) -> None:
    with time_machine.travel(moment(MONDAY - datetime.timedelta(days=1), 15), tick=False):
        client = reachable(cast.manager)
        AppointmentFactory(client=client, starts_at=moment(MONDAY, 10), place="Rathaus")
        page = shown(as_user(cast.manager), "day", MONDAY)
    main = page[page.index("<main") : page.index("</main>")]
    assert "Montag, 30. September" in main
    assert "Kalender von Jana Rehbaum, gedruckt 29.09.2030, 15:00" in main
    assert "10:00<small>bis 10:45</small>" in main
    assert client.display_name in main
    assert client.case_no in main
    assert "morgen" not in main.replace("Guten Morgen", "")


def hours_post(**changes: str) -> dict[str, str]:
    return {
        "form_token": "11111111-1111-4111-8111-111111111111",
        **{f"day_{number}": "" for number in range(7)},
        "valid_from": timezone.localdate().isoformat(),
        **changes,
    }


def stored(user: Any) -> set[tuple[Any, ...]]:
    return set(
        WorkingHours.objects.filter(user=user).values_list("weekday", "begins", "valid_from", "valid_until")
    )


def test_working_hours_change_from_a_day_on_and_stay_as_they_were_before(cast: Cast, as_user: Any) -> None:
    browser = as_user(cast.manager)
    today = timezone.localdate()
    later = today + datetime.timedelta(days=30)
    assert browser.post(HOURS, hours_post(day_0="8–12, 13–16", day_2="9-12")).status_code == 302
    assert "08:00–12:00, 13:00–16:00" in text_of(browser.get(HOURS))
    assert browser.post(HOURS, hours_post(day_0="10–12", valid_from=later.isoformat())).status_code == 302
    last = later - datetime.timedelta(days=1)
    assert stored(cast.manager) == {
        (0, datetime.time(8), today, last),
        (0, datetime.time(13), today, last),
        (2, datetime.time(9), today, last),
        (0, datetime.time(10), later, None),
    }
    assert browser.post(HOURS, hours_post(day_4="8-9")).status_code == 302
    assert stored(cast.manager) == {(4, datetime.time(8), today, None)}


def test_working_hours_that_cannot_be_read_are_said_at_their_day(cast: Cast, as_user: Any) -> None:
    browser = as_user(cast.manager)
    answer = browser.post(HOURS, hours_post(day_0="vormittags", day_1="8-12"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"day_0"}
    assert "vormittags" in text_of(answer)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    answer = browser.post(HOURS, hours_post(day_1="8-12", valid_from=yesterday.isoformat()))
    assert "heute oder einen späteren Tag" in text_of(answer)
    assert stored(cast.manager) == set()
