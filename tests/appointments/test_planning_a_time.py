"""Planning shows that day, proposes free times, warns and never blocks; looking saves and loses nothing."""

import datetime
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence
from accounts.rules.calendar import BERLIN
from appointments.models import Appointment, WorkingHours
from clients.models import Client, Draft
from tests.appointments.log_desk import reachable, text_of
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db

# A Friday; the Monday after it, and the holiday of that week.
NOW = datetime.datetime(2030, 9, 27, 9, 0, tzinfo=BERLIN)
MONDAY = datetime.date(2030, 9, 30)
HOLIDAY = datetime.date(2030, 10, 3)
FRIDAY = datetime.date(2030, 10, 4)
MORNING = datetime.time(8), datetime.time(12)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def works(user: Any, *weekdays: int) -> None:
    for weekday in weekdays:
        WorkingHours.objects.create(
            user=user,
            weekday=weekday,
            begins=datetime.time(8),
            ends=datetime.time(12),
            valid_from=datetime.date(2019, 1, 1),
        )


def moment(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=BERLIN)


def new(client: Client) -> str:
    return reverse("file_appointments:appointment_new", args=[client.uuid])


def typed(**changes: Any) -> dict[str, str]:
    fields = {
        "form_token": str(uuid.uuid4()),
        "date": MONDAY.isoformat(),
        "begins": "09:00",
        "ends": "09:45",
        "channel": "office",
        "place": "Zimmer 3",
        "matter": "Kindergeld",
        "interpreter": "none",
        "agreed": "on",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def slots(answer: Any) -> list[str]:
    return [slot.value for slot in answer.context["plan"].slots]


def said(answer: Any) -> str:
    """What the last of the lines at the top says."""
    return [str(message) for message in get_messages(answer.wsgi_request)][-1]


def test_the_form_shows_the_day_and_the_next_free_times(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    works(cast.manager, 0, 3, 4)
    AppointmentFactory(client=client, starts_at=moment(MONDAY, 8, 30))
    answer = as_user(cast.manager).post(new(client), typed(look="1", matter="Noch nicht gesendet"))
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Montag, 30. September" in page
    assert "08:30–09:15" in page
    assert "Arbeitszeit 08:00–12:00" in page
    assert 'value="Noch nicht gesendet"' in page
    # On Thursday is a holiday.
    assert slots(answer) == [
        "2030-09-30T09:15/10:00",
        "2030-09-30T10:00/10:45",
        "2030-09-30T10:45/11:30",
        "2030-10-04T08:00/08:45",
        "2030-10-04T08:45/09:30",
    ]
    assert Appointment.objects.count() == 1


def test_one_tap_takes_a_free_time_and_keeps_what_was_typed(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(
        new(client), typed(slot="2030-10-04T08:45/09:30", date="", place="Rathaus", agreed=None)
    )
    form = answer.context["form"]
    values = {
        name: str(form[name].value()) for name in ("date", "begins", "ends", "place", "matter", "agreed")
    }
    assert values == {
        "date": "2030-10-04",
        "begins": "08:45",
        "ends": "09:30",
        "place": "Rathaus",
        "matter": "Kindergeld",
        "agreed": "False",
    }
    assert "geplant ist noch nichts" in text_of(answer)
    assert not Appointment.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("slot", ["", "x", "2030-13-01T08:00/09:00", "2030-10-04T08:45", "/", "2030-10-04/9"])
def test_nonsense_for_a_free_time_changes_no_entry(slot: str, cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), typed(slot=slot, date="irgendwann"))
    assert answer.status_code == 200
    assert answer.context["form"]["date"].value() == "irgendwann"
    assert answer.context["form"].errors == {}


def test_htmx_gets_the_day_alone(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), typed(look="1"), headers={"hx-request": "true"})
    page = text_of(answer)
    assert "Montag, 30. September" in page
    assert "<html" not in page
    assert "Kindergeld" not in page


def test_what_speaks_against_a_time_is_said_and_blocks_nothing(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    works(cast.manager, 0, 3)
    Absence.objects.create(
        user=cast.manager, since=FRIDAY, until=FRIDAY, entered_by=cast.manager, entered_at=timezone.now()
    )
    cases = {
        MONDAY.isoformat(): "Diese Zeit liegt außerhalb der Arbeitszeit (08:00–12:00).",
        HOLIDAY.isoformat(): "Dieser Tag ist ein Feiertag: Tag der Deutschen Einheit.",
        FRIDAY.isoformat(): "Sie sind an diesem Tag abwesend.",
        "2030-10-01": "An diesem Tag ist keine Arbeitszeit eingetragen.",
    }
    for day, sentence in cases.items():
        looked = browser.post(new(client), typed(look="1", date=day, begins="13:00", ends="14:00"))
        assert sentence in text_of(looked)
        planned = browser.post(new(client), typed(date=day, begins="13:00", ends="14:00"))
        assert planned.status_code == 302
        assert sentence in said(planned)
    assert Appointment.objects.count() == 4


def test_an_open_office_hour_is_shown_proposed_around_and_warned_about(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    works(cast.manager, 0)
    place = PlaceFactory(municipality=cast.stutensee, name="Bürgerhaus")
    SessionFactory(series__place=place, starts_at=moment(MONDAY, 9))
    browser = as_user(cast.manager)
    looked = browser.post(new(client), typed(look="1", begins="10:30", ends="11:15"))
    warning = "Dann ist offene Sprechstunde (09:00–11:00, Bürgerhaus)."
    assert warning in text_of(looked)
    assert [(entry.span, entry.is_office_hour) for entry in looked.context["plan"].taken] == [
        ("09:00–11:00", True)
    ]
    assert "Offene Sprechstunde" in text_of(looked)
    assert slots(looked)[:3] == [
        "2030-09-30T08:00/08:45",
        "2030-09-30T11:00/11:45",
        "2030-10-07T08:00/08:45",
    ]
    assert warning not in text_of(browser.post(new(client), typed(look="1", begins="11:00", ends="11:45")))
    planned = browser.post(new(client), typed(begins="10:30", ends="11:15"))
    assert planned.status_code == 302
    assert warning in said(planned)


OVER = "Diese Zeit ist schon vorbei. Ein Gespräch, das stattgefunden hat, halten Sie mit „Beratung erfassen“ fest."


@pytest.mark.parametrize(
    ("day", "begins", "field"), [("2029-09-27", "10:00", "date"), ("2030-09-27", "08:45", "begins")]
)
def test_nothing_is_planned_or_moved_into_the_past(
    day: str, begins: str, field: str, cast: Cast, as_user: Any
) -> None:
    client = reachable(cast.manager)
    made = AppointmentFactory(client=client, starts_at=moment(MONDAY, 9))
    browser = as_user(cast.manager)
    move = reverse("file_appointments:appointment_move", args=[client.uuid, made.uuid])
    for path in (new(client), move):
        answer = browser.post(path, typed(date=day, begins=begins, ends="11:00", version=str(made.version)))
        assert answer.status_code == 422
        assert answer.context["form"].errors == {field: [OVER]}
    assert list(Appointment.objects.all()) == [made]
    assert (
        browser.post(new(client), typed(date="2030-09-27", begins="09:00", ends="09:30")).status_code == 302
    )


def test_the_header_names_the_coming_appointment_and_the_one_without_outcome(
    cast: Cast, as_user: Any
) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)

    def said_in_header() -> str:
        Client.objects.filter(pk=client.pk).update(
            next_appointment_at=Appointment.objects.order_by("starts_at").first().starts_at
        )
        page = text_of(browser.get(client.get_absolute_url()))
        found = re.search(r"<dt>Nächster Termin</dt>\s*<dd>(.*?)</dd>", page, re.S)
        assert found
        return found[1].strip()

    running = AppointmentFactory(client=client, starts_at=NOW - datetime.timedelta(minutes=15))
    assert said_in_header() == "27.09.2030, 08:45"
    running.starts_at, running.ends_at = NOW - datetime.timedelta(hours=1), NOW
    running.save()
    assert said_in_header() == "keiner vereinbart · 27.09.2030, 08:00, Ergebnis offen"
    AppointmentFactory(client=client, starts_at=moment(MONDAY, 9))
    assert said_in_header() == "30.09.2030, 09:00 · 27.09.2030, 08:00, Ergebnis offen"


def test_without_working_hours_nobody_is_warned(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), typed(begins="21:00", ends="22:00"))
    assert said(answer) == "Termin geplant: 30.09.2030, 21:00."


def test_a_conflict_is_told_at_its_field_with_whom_and_when_it_is_free(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    other = AppointmentFactory(client=client, starts_at=moment(MONDAY, 9))
    answer = as_user(cast.manager).post(new(client), typed(begins="09:30", ends="10:15"))
    (error,) = answer.context["form"].errors["begins"]
    assert error == (
        f"Da steht schon ein Termin, 30.09.2030, 09:00 bis 09:45 ({other.client.case_no}). "
        "Frei ist an dem Tag wieder ab 09:45 Uhr."
    )
    assert answer.context["form"]["matter"].value() == "Kindergeld"


def test_a_file_of_somebody_else_stays_without_a_name(cast: Cast, as_user: Any) -> None:
    mine, theirs = reachable(cast.manager), reachable(cast.colleague)
    # Held by the manager from a stand-in that is over.
    AppointmentFactory(client=theirs, manager=cast.manager, starts_at=moment(MONDAY, 9))
    browser = as_user(cast.manager)
    page = text_of(browser.post(new(mine), typed(look="1")))
    assert "belegt" in page
    answer = browser.post(new(mine), typed())
    for text in (page, text_of(answer)):
        assert theirs.case_no not in text
        assert theirs.display_name not in text


def test_a_stand_in_sees_the_calendar_into_which_it_goes(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    works(cast.manager, 0)
    AppointmentFactory(client=client, starts_at=moment(MONDAY, 8))
    browser = as_user(cast.substitute)
    own = browser.post(new(client), typed(look="1", holder=str(cast.substitute.pk)))
    assert own.context["plan"].taken == []
    covered = browser.post(new(client), typed(look="1", holder=str(cast.manager.pk)))
    assert "Kalender von Jana Rehbaum" in text_of(covered)
    assert [entry.span for entry in covered.context["plan"].taken] == ["08:00–08:45"]
    stranger = browser.post(new(client), typed(look="1", holder=str(cast.colleague.pk)))
    assert stranger.context["plan"].whose == ""


def test_moving_leaves_the_appointment_itself_out_of_its_way(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    works(cast.manager, 0)
    appointment = AppointmentFactory(client=client, starts_at=moment(MONDAY, 8))
    answer = as_user(cast.manager).get(
        reverse("file_appointments:appointment_move", args=[client.uuid, appointment.uuid])
    )
    assert answer.context["plan"].taken == []
    assert slots(answer)[0] == "2030-09-30T08:00/08:45"


def test_a_fuller_calendar_costs_no_more_statements(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.post(new(client), typed(look="1")).status_code == 200
        return len(found)

    place = PlaceFactory(municipality=cast.stutensee)
    AppointmentFactory(client=client, starts_at=moment(MONDAY, 5))
    SessionFactory(series__place=place, starts_at=moment(MONDAY, 5))
    statements()
    one = statements()
    for number in range(1, 50):
        start = moment(MONDAY, 6) + datetime.timedelta(minutes=15 * number)
        end = start + datetime.timedelta(minutes=15)
        AppointmentFactory(client=reachable(cast.manager), starts_at=start, ends_at=end)
        SessionFactory(series__place=place, starts_at=start)
    assert statements() == one


def test_a_place_of_the_service_is_kept_as_such_and_its_hours_are_pointed_out(
    cast: Cast, as_user: Any
) -> None:
    client = reachable(cast.manager)
    room = PlaceFactory(municipality=cast.stutensee, name="Rathaus", hours=[(0, *MORNING)])
    elsewhere = PlaceFactory(municipality=cast.pfinztal, name="Bürgerhaus")
    browser = as_user(cast.manager)
    page = text_of(browser.get(new(client)))
    assert "Rathaus" in page
    assert "Bürgerhaus" not in page
    assert browser.post(new(client), typed(room=str(elsewhere.pk))).status_code == 422
    cases = [
        (MONDAY, "08:00", "12:00", ""),
        (
            MONDAY + datetime.timedelta(days=7),
            "11:30",
            "12:15",
            "Rathaus ist an diesem Tag nur 08:00–12:00 geöffnet.",
        ),
        (FRIDAY, "09:00", "10:00", "Rathaus ist an diesem Tag geschlossen."),
    ]
    for day, begins, ends, sentence in cases:
        post = typed(date=day.isoformat(), begins=begins, ends=ends, room=str(room.pk))
        answer = browser.post(new(client), post)
        planned = f"Termin geplant: {day:%d.%m.%Y}, {begins}."
        assert said(answer) == f"{planned} {sentence}".strip()
        made = Appointment.objects.latest("pk")
        assert (made.room, made.place) == (room, "Rathaus, Zimmer 3")


def test_nobody_is_visited_in_a_place_of_the_service(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    room = PlaceFactory(municipality=cast.stutensee, name="Rathaus")
    as_user(cast.manager).post(new(client), typed(channel="home_visit", room=str(room.pk), place=""))
    made = Appointment.objects.get()
    assert (made.room, made.place) == (None, "")


def test_the_place_is_changed_without_being_written_twice(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    room = PlaceFactory(municipality=cast.stutensee, name="Rathaus")
    made = AppointmentFactory(
        client=client, starts_at=moment(MONDAY, 9), room=room, place="Rathaus, Zimmer 3"
    )
    path = reverse("file_appointments:appointment_edit", args=[client.uuid, made.uuid])
    browser = as_user(cast.manager)
    form = browser.get(path).context["form"]
    assert (form["room"].value(), form["place"].value()) == (room.pk, "Zimmer 3")
    post = typed(version=str(made.version), room=str(room.pk), place="Zimmer 4")
    assert browser.post(path, post).status_code == 302
    made.refresh_from_db()
    assert made.place == "Rathaus, Zimmer 4"
    closed = PlaceFactory(municipality=cast.stutensee, name="Bürgerhaus", hours=[(4, *MORNING)])
    post = typed(version=str(made.version), room=str(closed.pk))
    assert said(browser.post(path, post)) == "Termin gespeichert. Bürgerhaus ist an diesem Tag geschlossen."
    made.refresh_from_db()
    too_long = browser.post(path, {**post, "version": str(made.version), "place": "x" * 109})
    assert "Hier passen höchstens 108 Zeichen hin." in text_of(too_long)
