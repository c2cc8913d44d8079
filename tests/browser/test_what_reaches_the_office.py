"""A complaint from the officer to the coordinator, an observation without a name, a question about a case."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from clients.models import Client, Topic
from tests.appointments.log_desk import reachable
from tests.browser.desk import Desk
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.facts_by_hand]


def sound(desk: Desk) -> None:
    """The page is no wider than the screen, and axe finds nothing."""
    found: list[Any] = Axe().run(desk.page, options={"resultTypes": ["violations"]}).response["violations"]
    assert found == []
    assert desk.too_wide() == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_complaint_goes_to_the_coordinator_and_back_as_a_state(width: int, staff: Cast, desks: Any) -> None:
    officer: Desk = desks(width)
    page = officer.page
    officer.sit_down(staff.officer)
    officer.go("/enquiries/")
    page.get_by_role("link", name="Beschwerden").click()
    page.get_by_role("link", name="Beschwerde aufnehmen").first.click()
    sound(officer)
    page.get_by_label("Beschwerde", exact=True).check()
    page.get_by_label("Um wen geht es?").select_option(label=str(staff.manager))
    page.get_by_label("Wer beschwert sich?").fill("Frau Quakenbrink")
    with officer.refusals_expected():
        page.get_by_role("button", name="An die Koordination geben").click()
        expect(page.locator("#id_text_error")).to_be_visible()
    expect(page.get_by_label("Wer beschwert sich?")).to_have_value("Frau Quakenbrink")
    page.locator("#id_text").fill("Sie hört mir nicht zu.")
    page.get_by_role("button", name="An die Koordination geben").click()
    expect(page.get_by_text("Die Koordination hat es unter der Nummer")).to_be_visible()
    expect(page.get_by_text("Quakenbrink")).to_have_count(0)
    sound(officer)

    coordinator: Desk = desks(width)
    desk = coordinator.page
    coordinator.sit_down(staff.coordinator)
    coordinator.go("/")
    sound(coordinator)
    desk.get_by_role("link", name="Beschwerde STU-B-").click()
    expect(desk.get_by_text("Sie hört mir nicht zu.")).to_be_visible()
    sound(coordinator)
    desk.get_by_label("erledigt").check()
    desk.locator("#id_answer").fill("Gespräch zu dritt geführt.")
    desk.get_by_role("button", name="Speichern").click()
    expect(desk.get_by_text("In diesem Stand ist keine Beschwerde.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("erledigt")).to_be_visible()
    expect(page.get_by_text("Gespräch zu dritt")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_an_observation_is_reported_without_a_name(width: int, staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager, surname="Kaltwasser")
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.manager)
    desk.go("/observations/new/")
    page.get_by_label("Thema").select_option(label=str(Topic.objects.get(code="housing")))
    page.locator("#id_text").fill(f"{client.surname} wartet seit Wochen.")
    with desk.refusals_expected():
        page.get_by_role("button", name="Melden", exact=True).click()
        expect(page.locator("#id_text_error")).to_contain_text(f"heißt jemand {client.surname}")
    sound(desk)
    page.get_by_label(f"„{client.surname}“ ist hier ein gewöhnliches Wort").check()
    page.get_by_role("button", name="Melden", exact=True).click()
    expect(page.get_by_text("Die Antwort steht dann hier.")).to_be_visible()
    sound(desk)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_question_is_asked_by_number_and_answered_in_one_press(width: int, staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    Client.objects.filter(pk=client.pk).update(list_number=482_913)
    office: Desk = desks(width)
    page = office.page
    office.sit_down(staff.officer)
    office.go("/reports/cases/")
    page.get_by_text("Fragen: L-482913").click()
    sound(office)
    page.get_by_role("button", name="Ist ein nächster Schritt geplant?").click()
    expect(page.get_by_text("L-482913: gefragt.")).to_be_visible()
    expect(page.get_by_text("gefragt am")).to_be_visible()
    sound(office)

    manager: Desk = desks(width)
    day = manager.page
    manager.sit_down(staff.manager)
    manager.go("/")
    expect(day.get_by_text("zu L-482913: Ist ein nächster Schritt geplant?")).to_be_visible()
    sound(manager)
    day.get_by_role("button", name="ja", exact=True).click()
    expect(day.get_by_text("Beantwortet.", exact=True)).to_be_visible()

    page.reload()
    expect(page.get_by_text("Ist ein nächster Schritt geplant? ja")).to_be_visible()
