"""Ill in the morning: what lies ahead is cancelled by us in one step, then whom to call."""

import datetime
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Absence, User
from accounts.rules.calendar import BERLIN
from appointments.choices import AppointmentState
from appointments.models import Appointment, AppointmentOutcome
from appointments.services import sick_day as services
from appointments.services.sick_day import DayChanged, cancel_day
from clients.choices import PointKind
from clients.models import Client
from tests.appointments.log_desk import language, reachable, text_of
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory
from tests.factories.clients import ClientFactory, ClientLanguageFactory, ContactPointFactory

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2030, 9, 30, 7, 30, tzinfo=BERLIN)
SICK = reverse("appointments:sick_day")
CALLS = reverse("appointments:call_list")


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def today(hour: int, client: Client, **facts: Any) -> Appointment:
    return AppointmentFactory(client=client, starts_at=NOW.replace(hour=hour, minute=0), **facts)


def posted(browser: Any, path: str = SICK, **changes: str) -> dict[str, str]:
    form = browser.get(path).context["form"]
    fields = {"form_token": str(uuid.uuid4()), "shown": form["shown"].value()}
    return {**fields, **changes}


def states() -> list[str]:
    return list(Appointment.objects.order_by("starts_at").values_list("state", flat=True))


def test_the_same_button_pressed_twice_for_somebody_stood_in_for_is_done_once(
    cast: Cast, as_user: Any
) -> None:
    today(9, reachable(cast.manager))
    browser = as_user(cast.substitute)
    address = f"{SICK}?of={cast.manager.pk}"
    post = posted(browser, address)
    first, second = browser.post(address, post), browser.post(address, post)
    assert (first.status_code, second.status_code) == (302, 302)
    assert AppointmentOutcome.objects.count() == 1


def test_one_step_cancels_what_lies_ahead_and_nothing_else(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    today(6, client)
    today(9, client)
    today(11, client, outcome=AppointmentState.CANCELLED_CLIENT)
    today(14, client)
    AppointmentFactory(client=client, starts_at=NOW + datetime.timedelta(days=1))
    today(10, reachable(cast.colleague))
    browser = as_user(cast.manager)
    page = browser.get(SICK)
    assert [f"{timezone.localtime(row.starts_at):%H:%M}" for row in page.context["ahead"]] == [
        "09:00",
        "14:00",
    ]
    assert "2 Termine stehen heute noch bevor." in text_of(page)
    answer = browser.post(SICK, posted(browser, absent="on", until="2030-10-02"), follow=True)
    assert "2 Termine sind von uns abgesagt." in text_of(answer)
    assert states() == ["planned", "cancelled_us", "planned", "cancelled_client", "cancelled_us", "planned"]
    assert set(
        AppointmentOutcome.objects.filter(state="cancelled_us").values_list("by__username", "reason")
    ) == {("manager", "")}
    absence = Absence.objects.get()
    assert (absence.user, absence.since, absence.until) == (
        cast.manager,
        NOW.date(),
        datetime.date(2030, 10, 2),
    )


def test_the_absence_is_left_out_when_it_is_not_wanted(cast: Cast, as_user: Any) -> None:
    today(9, reachable(cast.manager))
    browser = as_user(cast.manager)
    assert browser.post(SICK, posted(browser)).status_code == 302
    assert not Absence.objects.exists()
    assert states() == ["cancelled_us"]


def test_an_absence_that_cannot_be_entered_cancels_nothing(cast: Cast, as_user: Any) -> None:
    today(9, reachable(cast.manager))
    Absence.objects.create(
        user=cast.manager, since=NOW.date(), until=NOW.date(), entered_by=cast.manager, entered_at=NOW
    )
    browser = as_user(cast.manager)
    for until in ("2030-10-02", "2030-09-29", "", "morgen"):
        answer = browser.post(SICK, posted(browser, absent="on", until=until))
        assert answer.status_code == 422
        assert answer.context["form"]["until"].value() == until
    assert states() == ["planned"]


def test_what_was_planned_meanwhile_is_not_cancelled_unseen(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    today(9, client)
    browser = as_user(cast.manager)
    post = posted(browser)
    today(15, client)
    answer = browser.post(SICK, post)
    assert "Abgesagt ist noch nichts" in text_of(answer)
    assert "15:00" in text_of(answer)
    assert states() == ["planned", "planned"]
    assert browser.post(SICK, {**post, "shown": answer.context["form"]["shown"].value()}).status_code == 302
    assert states() == ["cancelled_us", "cancelled_us"]


def test_all_of_them_are_cancelled_or_none(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [today(9, reachable(cast.manager)), today(10, reachable(cast.manager))]
    real = services.record_outcome

    def fails_at_the_second(actor: Actor, row: Appointment, *args: Any, **kwargs: Any) -> Appointment:
        if row == rows[1]:
            raise RuntimeError
        return real(actor, row, *args, **kwargs)

    monkeypatch.setattr(services, "record_outcome", fails_at_the_second)
    with pytest.raises(RuntimeError):
        cancel_day(Actor(cast.manager), cast.manager, shown=[row.uuid for row in rows])
    assert states() == ["planned", "planned"]


def test_whoever_stands_in_cancels_for_the_absent_manager_and_enters_no_absence(
    cast: Cast, as_user: Any
) -> None:
    today(9, reachable(cast.manager))
    today(9, reachable(cast.substitute))
    browser = as_user(cast.substitute)
    path = f"{SICK}?of={cast.manager.pk}"
    assert "Jana Rehbaum ist heute nicht da" in text_of(browser.get(reverse("appointments:day")))
    page = text_of(browser.get(path))
    assert "Jana Rehbaum ist heute nicht da" in page
    assert "abwesend eintragen" not in page
    post = posted(browser, path, absent="on", until="2030-10-02")
    assert browser.post(path, post).status_code == 302
    assert set(Appointment.objects.values_list("manager__username", "state")) == {
        ("manager", "cancelled_us"),
        ("substitute", "planned"),
    }
    assert not Absence.objects.exists()


def test_nobody_else_cancels_anybodys_day(cast: Cast, as_user: Any) -> None:
    row = today(9, reachable(cast.manager))
    path = f"{SICK}?of={cast.manager.pk}"
    codes = {
        name: as_user(cast.users[name]).get(path).status_code for name in ("colleague", "former", "outsider")
    }
    assert set(codes.values()) == {404}
    for name in ("coordinator", "officer", "admin"):
        assert as_user(cast.users[name]).get(path).status_code == 403
    with pytest.raises(DayChanged):
        cancel_day(Actor(User.objects.get(username="colleague")), cast.manager, shown=[row.uuid])
    assert states() == ["planned"]


def test_the_call_list_is_grouped_by_language_and_calls_only_who_may_be_called(
    cast: Cast, as_user: Any
) -> None:
    place = cast.stutensee
    arabic = ClientFactory(
        manager=cast.manager, municipality=place, surname="Haddad", preferred_language=language("ar")
    )
    ContactPointFactory(client=arabic, kind=PointKind.MOBILE, value="0151 5550101")
    ContactPointFactory(client=arabic, kind=PointKind.PHONE, value="07244 555", may_use=False)
    ContactPointFactory(client=arabic, kind=PointKind.EMAIL, value="x@example.org")
    dari = ClientFactory(manager=cast.manager, municipality=place, surname="Rahimi", may_be_called=False)
    ClientLanguageFactory(client=dari, language=language("prs"))
    ContactPointFactory(client=dari, kind=PointKind.MOBILE, value="0151 5550102")
    unknown = ClientFactory(manager=cast.manager, municipality=place, surname="Ohnenummer")
    foreign = ClientFactory(manager=cast.colleague, municipality=place, surname="Fremdling")
    for hour, client in enumerate((arabic, dari, unknown, foreign), start=9):
        today(hour, client, outcome=AppointmentState.CANCELLED_US)
    today(
        16, ClientFactory(manager=cast.manager, municipality=place), outcome=AppointmentState.CANCELLED_CLIENT
    )
    answer = as_user(cast.manager).get(CALLS)
    found = {
        group: [
            (call.appointment.client, [point.value for point in call.numbers], call.why_no_call)
            for call in calls
        ]
        for group, calls in answer.context["groups"]
    }
    assert found == {
        "Arabisch": [(arabic, ["0151 5550101"], "")],
        "Dari": [(dari, [], "nicht anrufen")],
        "Sprache nicht erfasst": [(unknown, [], "keine Nummer bekannt")],
    }
    page = text_of(answer)
    assert page.count('href="tel:') == 1
    assert reverse("file_appointments:appointment_new", args=[arabic.uuid]) in page


def test_more_calls_cost_no_more_statements(cast: Cast, as_user: Any) -> None:
    browser = as_user(cast.manager)

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(CALLS).status_code == 200
        return len(found)

    today(9, reachable(cast.manager), outcome=AppointmentState.CANCELLED_US)
    statements()
    one = statements()
    for _number in range(49):
        today(9, reachable(cast.manager), outcome=AppointmentState.CANCELLED_US)
    assert statements() == one
