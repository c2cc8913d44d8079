"""The routine talk on both screens: everything in sight, few inputs, saving at any moment, no word lost offline."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from appointments.models import Appointment, Contact
from tests.appointments.log_desk import reachable, talk
from tests.browser.desk import Desk
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTE = "Bescheid der Familienkasse gelesen."
PHONE = {"has_touch": True, "is_mobile": True}
# Counts what a hand does outside text: taps, and keys that choose or send.
COUNT = """window.inputs = Number(sessionStorage.inputs || 0);
const more = () => { window.inputs += 1; sessionStorage.inputs = window.inputs; };
addEventListener("click", (event) => { if (event.isTrusted && event.detail) more(); }, true);
addEventListener("keydown", (event) => {
  if (["Control", "Shift", "Alt"].includes(event.key)) return;
  const writes = event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])");
  if (!writes || event.key === "Tab" || event.ctrlKey) more();
}, true);"""
IN_SIGHT = """element => {
  const box = element.getBoundingClientRect();
  const points = [[box.left + 2, box.top + box.height / 2], [box.right - 2, box.top + box.height / 2]];
  return box.top >= 0 && points.every(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element) || top.closest("label") === element.closest("label"));
  });
}"""


def path(client: Any) -> str:
    return f"/clients/{client.uuid}/contacts/new/"


def button(desk: Desk) -> Locator:
    return desk.page.locator(".form-acts .btn-primary")


@pytest.mark.parametrize(("width", "options"), [(1280, {}), (390, PHONE)])
def test_the_first_screen_holds_what_a_routine_talk_needs(
    staff: Cast, desks: Any, width: int, options: dict[str, Any]
) -> None:
    client = reachable(staff.manager)
    talk(client, staff.manager)
    desk: Desk = desks(width, **options)
    desk.sit_down(staff.manager)
    desk.go(path(client))
    page = desk.page
    needed = {
        "channel": page.locator("[name=channel]:checked + span"),
        "all channels": page.locator(".opts:has([name=channel]) summary"),
        "minutes": page.locator("[name=minutes]:checked + span"),
        "topics": page.locator(".opts:has([name=main_topic]) summary"),
        "note": page.locator("#id_note"),
        "presets": page.locator(".form-fold summary small").first,
        "save": button(desk),
    }
    unseen = [name for name, part in needed.items() if not part.evaluate(IN_SIGHT)]
    assert unseen == []
    presets, bar = needed["presets"].bounding_box(), page.locator(".form-acts").bounding_box()
    assert presets["y"] + presets["height"] <= bar["y"]
    assert page.locator("[name=channel]:visible").count() == 5
    assert page.locator("[name=main_topic]:visible").count() == 5
    assert page.evaluate("scrollY") == 0
    focused = page.evaluate("document.activeElement.name || ''")
    assert focused == ("main_topic" if width == 1280 else "")
    assert desk.too_wide() == []


def test_from_the_file_it_is_a_topic_and_saving(staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    desk: Desk = desks(1280)
    desk.page.add_init_script(COUNT)
    desk.sit_down(staff.manager)
    desk.go(client.get_absolute_url())
    desk.press("Beratung erfassen")
    assert desk.page.url.endswith(path(client))
    desk.page.keyboard.press("Space")
    desk.page.keyboard.press("Tab")
    desk.page.locator("#id_note").fill(NOTE)
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Control+Enter")
    assert Contact.objects.get().client == client
    assert int(desk.page.evaluate("sessionStorage.inputs")) == 4


@pytest.mark.parametrize("width", [390, 1280])
def test_from_my_day_by_taps_alone(staff: Cast, desks: Any, width: int) -> None:
    client = reachable(staff.manager)
    talk(client, staff.manager, hours_ago=48)
    desk: Desk = desks(width, **(PHONE if width == 390 else {}))
    desk.page.add_init_script(COUNT)
    desk.sit_down(staff.manager)
    desk.go("/")
    desk.press("Erfassen" if width == 390 else "Beratung erfassen")
    desk.press(client.case_no)
    desk.page.locator("label:has([name=main_topic])").first.click()
    desk.page.locator("#id_note").fill(NOTE)
    desk.press("Speichern", within=desk.page.locator(".form-acts"))
    assert Contact.objects.count() == 2
    assert int(desk.page.evaluate("sessionStorage.inputs")) == 4


def test_control_enter_saves_before_the_other_scripts_are_there(staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    desk: Desk = desks(1280)
    desk.sit_down(staff.manager)
    page, held = desk.page, []
    page.route(
        "**/*.js", lambda route: route.continue_() if "early" in route.request.url else held.append(route)
    )
    page.goto(desk.site + path(client), wait_until="commit")
    page.locator("label:has([name=main_topic])").first.click()
    page.locator("#id_note").fill(NOTE)
    page.unroute("**/*.js")
    with page.expect_navigation(url=lambda url: "contacts/new" not in url):
        page.keyboard.press("Control+Enter")
    assert Contact.objects.get().notes.get().text == NOTE


def test_a_quick_entry_keeps_what_was_typed_and_says_what_is_set(staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    desk: Desk = desks(390, **PHONE)
    desk.sit_down(staff.manager)
    desk.go(path(client))
    desk.page.locator("#id_note").fill(NOTE)
    desk.press("Brief gelesen")
    expect(desk.page.locator("#id_note")).to_have_value(NOTE)
    expect(desk.page.locator(".form-fold summary").first).to_contain_text("1 Brief gelesen")
    desk.chip("Wie?", "Telefon")
    expect(desk.page.locator(".form-fold summary").first).to_contain_text("Gespräch · Klient:in")
    desk.press("Speichern", within=desk.page.locator(".form-acts"))
    contact = Contact.objects.get()
    assert (contact.channel, contact.letters_read) == ("phone", 1)


def test_without_a_connection_the_text_stays_and_is_stored_once(staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    desk: Desk = desks(390, **PHONE)
    desk.sit_down(staff.manager)
    desk.go(path(client))
    page = desk.page
    desk.chip("Hauptthema", "Familie")
    page.locator("#id_note").fill(NOTE)
    page.context.set_offline(True)
    button(desk).click()
    expect(page.locator("#messages")).to_contain_text("Keine Verbindung")
    expect(page.locator("[data-draft-status]")).to_contain_text("keine Verbindung")
    button(desk).click()
    expect(page.locator("#id_note")).to_have_value(NOTE)
    assert not Contact.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("[data-draft-status]")).to_contain_text("Entwurf gespeichert um")
    with page.expect_navigation():
        button(desk).click()
    assert Contact.objects.get().notes.get().text == NOTE


@pytest.mark.parametrize(("width", "options"), [(1280, {}), (390, PHONE)])
def test_a_free_time_for_the_next_appointment_is_one_tap(
    staff: Cast, desks: Any, width: int, options: dict[str, Any]
) -> None:
    client = reachable(staff.manager)
    desk: Desk = desks(width, **options)
    desk.sit_down(staff.manager)
    desk.go(path(client))
    page = desk.page
    page.locator("label:has([name=main_topic])").first.click()
    page.locator("#id_note").fill(NOTE)
    desk.unfold("Nächster Termin")
    free = page.locator(".next-times .chip").nth(2)
    wanted = free.get_attribute("data-fill") or ""
    free.click()
    expect(page.locator("#id_next_on")).to_have_value(wanted[:10])
    expect(page.locator("#id_next_at")).to_have_value(wanted[11:])
    assert desk.too_wide() == []
    desk.press("Speichern", within=page.locator(".form-acts"))
    starts_at = timezone.localtime(Appointment.objects.get().starts_at)
    assert f"{starts_at:%Y-%m-%d %H:%M}" == wanted
