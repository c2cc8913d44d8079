"""The log in a browser: sixty seconds for a routine talk, and no word lost whatever dies."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser

from appointments.models import Contact
from clients.models import Draft
from tests.appointments.log_desk import reachable
from tests.browser.desk import Clock, Desk
from tests.cast import Cast
from tests.overlap import answers, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).parent.parent.parent
NOTE = (
    "Bescheid der Familienkasse gelesen. Sie fragt nach der Nachzahlung und bringt morgen die Kontoauszüge."
)
PATIENCE = 60


class Server:
    """A server in a process of its own that can be killed."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.site = f"http://127.0.0.1:{self.port}"
        settings = {
            "DJANGO_SETTINGS_MODULE": "tests.served_settings",
            "SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", "--insecure", str(self.port)],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: answers(f"{self.site}/login/"))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=PATIENCE)


@pytest.fixture
def servers() -> Iterator[Any]:
    running: list[Server] = []

    def start() -> Server:
        running.append(Server())
        return running[-1]

    yield start
    for server in running:
        server.kill()


def test_text_survives_a_killed_tab_a_killed_server_and_another_device(
    staff: Cast, chromium: Browser, servers: Any
) -> None:
    client = reachable(staff.manager)
    path = f"/clients/{client.uuid}/contacts/new/"

    server = servers()
    first = chromium.new_context(locale="de-DE")
    desk = Desk(first.new_page(), server.site)
    desk.log_in("manager")
    desk.go(path)
    desk.chip("Wie?", "Telefon")
    desk.page.get_by_role("textbox", name="Notiz").press_sequentially(NOTE, delay=5)
    until(lambda: [draft.data["note"] for draft in Draft.objects.all()] == [[NOTE]])
    desk.page.get_by_text("Entwurf gespeichert um").wait_for()
    server.kill()
    first.close()

    again = servers()
    second = chromium.new_context(locale="de-DE", viewport={"width": 390, "height": 844})
    other = Desk(second.new_page(), again.site)
    other.log_in("manager")
    other.go("/")
    assert client.case_no in other.text
    other.go(path)
    assert other.page.get_by_role("textbox", name="Notiz").input_value() == NOTE
    assert other.page.get_by_role("group", name="Wie?").get_by_label("Telefon").is_checked()
    other.chip("Hauptthema", "Post und Anträge")
    other.press("Speichern")
    assert Contact.objects.get().notes.get().text == NOTE
    assert not Draft.objects.filter(discarded_at=None).exists()
    assert other.complaints == []
    second.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_routine_talk_is_logged_with_the_keyboard_in_four_inputs(
    width: int, staff: Cast, desks: Any, clock: Clock
) -> None:
    clock.at("2019-03-14 10:30")
    client = reachable(staff.manager, surname="Zitronenbaumova")
    reachable(staff.manager, surname="Zitronenfalterova")
    desk: Desk = desks(width)
    desk.log_in("manager")
    desk.go("/appointments/contacts/new/")
    page = desk.page
    page.keyboard.type("Zitronenbaum")
    page.locator("main").get_by_text("1 Treffer").wait_for()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("Post und Anträge").first.press("Space")
    page.get_by_role("textbox", name="Notiz").fill(NOTE)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    contact = Contact.objects.get()
    assert contact.client == client
    assert contact.minutes == 30
    assert contact.language is not None
    assert contact.main_topic is not None
    assert contact.has_time


def test_the_form_shows_what_fits_the_chosen_way(staff: Cast, desks: Any, clock: Clock) -> None:
    clock.at("2019-03-14 10:30")
    client = reachable(staff.manager)
    desk: Desk = desks(1280)
    desk.log_in("manager")
    desk.go(f"/clients/{client.uuid}/contacts/new/")
    page = desk.page
    assert not page.get_by_text("nicht erreicht", exact=True).is_visible()
    assert not page.get_by_label("Welche Stelle?").is_visible()
    desk.chip("Wie?", "Telefon")
    desk.unfold("Weitere Angaben")
    desk.chip("Was kam heraus?", "nicht erreicht")
    assert not page.get_by_text("Dauer in Minuten", exact=True).is_visible()
    assert not page.get_by_role("group", name="Wie lange?").is_visible()
    desk.chip("Wie?", "Brief")
    assert page.get_by_label("abgeschickt").is_checked()
    desk.chip("Mit wem?", "andere Stelle")
    assert page.get_by_label("Welche Stelle?").is_visible()
    assert not page.get_by_label("Was ist zu tun?").is_visible()
    desk.chip("Wiedervorlage", "an einem Tag")
    assert page.get_by_label("Fällig am").is_visible()
    assert page.get_by_label("Was ist zu tun?").is_visible()


def test_two_windows_with_the_same_draft_save_two_talks_and_lose_neither(
    staff: Cast, desks: Any, clock: Clock
) -> None:
    clock.at("2019-03-14 10:30")
    client = reachable(staff.manager)
    path = f"/clients/{client.uuid}/contacts/new/"
    first: Desk = desks(1280)
    first.log_in("manager")
    first.go(path)
    first.chip("Hauptthema", "Post und Anträge")
    with first.page.expect_response(lambda answer: "Familienkasse" in (answer.request.post_data or "")):
        first.page.get_by_role("textbox", name="Notiz").fill(NOTE)
    second = Desk(first.page.context.new_page(), first.site)
    second.go(path)
    note = second.page.get_by_role("textbox", name="Notiz")
    assert note.input_value() == NOTE
    first.press("Speichern")
    assert Contact.objects.count() == 1
    with second.refusals_expected():
        note.fill("Am Nachmittag kam die Frau noch einmal mit den Kontoauszügen.")
        second.press("Speichern")
    second.sees("Dieses Formular wurde schon einmal gespeichert, mit anderem Inhalt.")
    assert note.input_value() == "Am Nachmittag kam die Frau noch einmal mit den Kontoauszügen."
    assert Contact.objects.count() == 1
    second.press("Speichern")
    texts = [contact.notes.get().text for contact in Contact.objects.order_by("pk")]
    assert texts == [NOTE, "Am Nachmittag kam die Frau noch einmal mit den Kontoauszügen."]
    assert not Draft.objects.filter(discarded_at=None).exists()
    assert second.complaints == []
