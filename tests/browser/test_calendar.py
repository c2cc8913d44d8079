"""The calendar at a desk, on a phone, on paper and by keyboard alone."""

import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from appointments.models import Appointment, WorkingHours
from tests.appointments.log_desk import reachable
from tests.browser.desk import BERLIN, Clock, Desk
from tests.browser.test_by_keyboard_alone import Hands
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A Thursday; the Monday after it.
THURSDAY = "2019-03-14 10:30"
MONDAY = datetime.date(2019, 3, 18)


def moment(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=BERLIN)


def begins(appointment: Appointment) -> str:
    return f"{timezone.localtime(appointment.starts_at):%d.%m.%Y %H:%M}"


def faults(desk: Desk) -> list[str]:
    found = Axe().run(desk.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{fault['id']} {node['target']}" for fault in found for node in fault["nodes"]]


def test_a_time_is_chosen_and_moved_by_keyboard_alone(staff: Cast, desks: Any, clock: Clock) -> None:
    clock.at(THURSDAY)
    client = reachable(staff.manager)
    WorkingHours.objects.create(
        user=staff.manager,
        weekday=0,
        begins=datetime.time(8),
        ends=datetime.time(12),
        valid_from=datetime.date(2019, 1, 1),
    )
    AppointmentFactory(client=client, starts_at=moment(MONDAY, 8))
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    desk.go(reverse("file_appointments:appointment_new", args=[client.uuid]))
    page, hands = desk.page, Hands(desk)
    plan = page.locator("#plan")

    # In which order the parts of a date are typed is the browser's own affair.
    page.locator("#id_date").fill("2019-03-18")
    page.locator("#id_begins").focus()
    expect(plan).to_contain_text("Montag, 18. März")
    expect(plan).to_contain_text("08:00–08:45")
    assert faults(desk) == []
    hands.tab_to("#id_matter")
    hands.type("Kindergeld")
    while page.evaluate("document.activeElement !== document.querySelector('button[name=slot]')"):
        page.keyboard.press("Shift+Tab")
    hands.press("Enter")
    expect(plan).to_contain_text("Die Zeit ist eingetragen")
    expect(page.locator("#id_begins")).to_have_value("08:45")
    expect(page.locator("#id_matter")).to_have_value("Kindergeld")
    with page.expect_navigation():
        hands.press("Control+Enter")
    made = Appointment.objects.latest("pk")
    assert (begins(made), made.matter) == ("18.03.2019 08:45", "Kindergeld")

    desk.go(made.get_absolute_url())
    hands.tab_to("a[href$='/move/']")
    with page.expect_navigation():
        hands.press("Enter")
    hands.tab_to("button[name=slot][value='2019-03-18T09:30/10:15']")
    hands.press("Space")
    expect(page.locator("#id_ends")).to_have_value("10:15")
    hands.tab_to("button.btn-primary[type=submit]:not([name])")
    with page.expect_navigation():
        hands.press("Enter")
    moved = Appointment.objects.latest("pk")
    made.refresh_from_db()
    assert (begins(moved), made.moved_to) == ("18.03.2019 09:30", moved)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_week_fits_the_screen_and_the_phone_opens_the_list(
    width: int, staff: Cast, desks: Any, clock: Clock
) -> None:
    clock.at(THURSDAY)
    client = reachable(staff.manager)
    for days in range(7):
        AppointmentFactory(client=client, starts_at=moment(MONDAY + datetime.timedelta(days=days), 10))
    desk: Desk = desks(width)
    desk.sit_down(staff.manager)
    page = desk.page
    desk.go(f"{reverse('appointments:day')}?view=week&on={MONDAY}")
    tops = page.locator(".week-day").evaluate_all("days => days.map(day => day.getBoundingClientRect().top)")
    assert len(tops) == 7
    assert len(set(tops)) == (1 if width == 1280 else 7)
    assert faults(desk) == []
    desk.go("/")
    calendar = page.locator(".tabbar" if width == 390 else ".side").get_by_role("link", name="Kalender")
    with page.expect_navigation():
        calendar.click()
    expect(page.locator(".chip[aria-current=true]").first).to_have_text("Liste" if width == 390 else "Tag")
    page.set_viewport_size({"width": 320, "height": 640})
    for view in ("week", "agenda", "day"):
        desk.go(f"{reverse('appointments:day')}?view={view}&on={MONDAY}")
        assert desk.too_wide() == []


@pytest.mark.parametrize("screened", ["off", "on"])
def test_a_day_on_paper_says_names_unless_the_screen_is_private(
    screened: str, staff: Cast, desks: Any, clock: Clock
) -> None:
    clock.at(THURSDAY)
    client = reachable(staff.manager)
    AppointmentFactory(client=client, starts_at=moment(datetime.date(2019, 3, 15), 10))
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    page = desk.page
    desk.go(f"{reverse('appointments:day')}?on=2019-03-15")
    page.evaluate("state => document.documentElement.dataset.privacy = state", screened)
    page.emulate_media(media="print")
    paper = page.locator("body").inner_text()
    assert "Freitag, 15. März 2019" in paper
    assert "Kalender von Jana Rehbaum, gedruckt 14.03.2019, 10:3" in paper
    assert "10:00\nbis 10:45" in paper
    assert [client.display_name in paper, client.case_no in paper] == [screened == "off", screened == "on"]
    for word in ("morgen", "Öffnen", "Heute krank", "Gehe zu", "Mein Tag"):
        assert word not in paper
