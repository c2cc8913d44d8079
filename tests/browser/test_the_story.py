"""The main job, end to end: from an allocation list to a home visit and the officer's dashboard."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.access import scoped_models
from accounts.models import User
from integration_plans.models import GoalContent, MeasureContent, PlanVersion
from tests.browser.desk import Clock, Desk
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = Path(__file__).parent.parent / "data" / "allocation_list.csv"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_person_from_the_list_gets_a_home_visit_a_plan_and_a_place_in_the_figures(
    width: int, staff: Cast, desks: Any, clock: Clock
) -> None:
    desk: Desk = desks(width)
    page = desk.page

    clock.at("2018-01-31 09:00")
    desk.log_in("manager")
    import_the_list(desk)
    take(desk, "Tesfay, Mebrahtu")
    file = page.url.removeprefix(desk.site)
    desk.sees("Seit der Übernahme der Akte am 31.01. gab es mit ", "bis Mittwoch, 14.02.")

    clock.at("2018-02-01 10:00")
    desk.sit_down(staff.manager)
    desk.go(file)
    desk.press("Brief erfassen")
    desk.chip("Was kam heraus?", "abgeschickt")
    desk.press("Speichern")
    before = figures_of(desk, staff.officer)

    clock.at("2018-02-06 10:00")
    desk.sit_down(staff.manager)
    desk.go(file)
    desk.press("Beratung erfassen", within=page.locator("aside.aside"))
    desk.chip("Wie?", "Telefon")
    desk.chip("Dauer in Minuten", "10")
    desk.chip("Hauptthema", "Post und Anträge")
    desk.fill("Notiz", "Möchte wissen, was im Brief der Krankenkasse steht.")
    desk.unfold("Nächster Termin")
    desk.fill("Nächster Termin am", "2018-02-12")
    desk.fill("um", "10:00")
    desk.press("Speichern")
    desk.sees("Nachgehen beendet", "12.02.2018, 10:00")

    clock.at("2018-02-12 11:00")
    desk.sit_down(staff.manager)
    miss_the_appointment(desk)

    clock.at("2018-02-13 10:00")
    desk.sit_down(staff.manager)
    desk.go(file)
    desk.press("Anruf erfassen")
    desk.chip("Was kam heraus?", "nicht erreicht")
    desk.press("Speichern")
    desk.sees("nicht erreicht")

    clock.at("2018-02-15 10:00")
    desk.sit_down(staff.manager)
    desk.go(file)
    desk.press("Termin", within=page.locator("aside.aside"), exact=True)
    desk.fill("Datum", "2018-02-19")
    desk.fill("von", "10:00")
    desk.fill("bis", "10:45")
    desk.press("Termin planen")

    clock.at("2018-02-19 11:00")
    desk.sit_down(staff.manager)
    miss_the_appointment(desk)
    desk.go(file)
    desk.sees(
        "bis Montag, 05.03.",
        "kam am 12.02. und 19.02. nicht zu den vereinbarten Terminen, beide Male unentschuldigt und ohne "
        "persönliches Gespräch dazwischen, und auf den Anruf vom 13.02. kam keine Antwort; deshalb ist bis "
        "05.03. direkt ein Hausbesuch fällig.",
    )
    desk.press("Besuch ankündigen")
    desk.fill("Wir kommen am", "2018-02-22")
    desk.chip("Angekündigt durch", "Brief")
    desk.press("Angekündigt")

    clock.at("2018-02-22 15:00")
    desk.sit_down(staff.manager)
    desk.go(file)
    desk.press("Besuch erfassen")
    desk.chip("Mebrahtu Tesfay", "angetroffen, Gespräch")
    desk.chip("Hauptthema", "Gesundheit")
    desk.press("Speichern")
    desk.sees("Nachgehen beendet", "Seit 22.02. gibt es Kontakt.")

    # The talk at home: need, intensity, plan
    desk.press("Bedarfsermittlung beginnen")
    desk.level("Finanzen", "hoch")
    desk.level("Familie", "gering")
    desk.press("Speichern und Intensität vorschlagen")
    desk.sees(
        "Vorschlag „regelmäßig“, weil ein Baustein bei hoch liegt (Finanzen).",
        "2 von 4 Bausteinen ermittelt; die fehlenden könnten die Stufe nur erhöhen.",
    )
    desk.press("Intensität bestätigen")
    desk.press("Plan schreiben")
    page.get_by_role("link", name="Leistungen sind vollständig beantragt").click()
    desk.fill("Das übernehme ich", "Ich bringe die Kontoauszüge mit.")
    desk.fill("Das übernimmt das Integrationsmanagement", "Ich rufe beim Jobcenter an.")
    desk.press("Speichern", exact=True)
    desk.press("Plan vereinbaren")
    desk.chip("Ergebnis", "unterschrieben")
    desk.press("Fassung abschließen")
    desk.sees("Fassung 1, unterschrieben am 22.02.2018")
    for phase in ("Erstgespräch", "aktiv"):
        desk.press("Angaben zur Person")
        desk.press(f"Phase auf „{phase}“ setzen")
        desk.press("Speichern")
    content = content_of_the_plan()

    clock.at("2018-02-27 10:30")
    desk.sit_down(staff.manager)
    desk.go(f"{file}contacts/new/")
    desk.chip("Dauer in Minuten", "15")
    desk.chip("Hauptthema", "Finanzen")
    desk.unfold("Ziele der Vereinbarung")
    desk.chip("Leistungen sind vollständig beantragt", "in Arbeit")
    page.get_by_label("Erledigt: Ich bringe die Kontoauszüge mit.").check()
    desk.press("Speichern")
    assert content_of_the_plan() == content
    desk.go(f"{file}plan/print/")
    desk.sees("Stand am 27.02.2018: in Arbeit", "erledigt am 27.02.2018")
    desk.sees("Fassung1, unterschrieben am 22.02.2018")

    after = figures_of(desk, staff.officer)
    changed = {label: (before[label], figure) for label, figure in after.items() if before[label] != figure}
    assert changed == {
        "Beratungsgespräche": ("0", "3"),
        "Nicht erschienen": ("–", "100,0 %"),
        "Mit gültigem Plan": ("–", "100,0 %"),
    }
    desk.sees("1 Akte ist in aktiver Beratung")
    assert desk.status_of(file) == 404
    desk.sit_down(staff.outsider)
    assert desk.status_of(file) == 404
    desk.sit_down(staff.admin)
    assert desk.status_of(file) == 404
    the_administration_shows_no_case(desk)


def import_the_list(desk: Desk) -> None:
    desk.go("/clients/inbox/")
    desk.press("Liste einlesen")
    desk.page.get_by_label("Zuweisungsliste").set_input_files(LIST)
    desk.press("Liste lesen")
    desk.press("Zeilen prüfen")
    desk.page.get_by_role("heading", name="Zeile für Zeile entscheiden").wait_for()
    desk.page.get_by_role("button", name="22 Personen übernehmen").click()
    desk.page.get_by_role("heading", name="Die Liste ist übernommen").wait_for()
    desk.press("Zum Eingang")


def take(desk: Desk, name: str) -> None:
    entry = desk.page.get_by_role("listitem").filter(has=desk.page.get_by_role("heading", name=name))
    desk.press("Übernehmen", within=entry)


def miss_the_appointment(desk: Desk) -> None:
    desk.go("/")
    for outcome in ("Nicht erschienen", "Unentschuldigt"):
        desk.line("Mebrahtu Tesfay").get_by_role("button", name=outcome).click()
        # The row says what was done where it stands.
        expect(desk.page.locator(".entry-said .status-line").last).to_be_focused()


def figures_of(desk: Desk, officer: User) -> dict[str, str]:
    """What the officer's dashboard says, figure by figure."""
    desk.sit_down(officer)
    desk.go("/reports/")
    figures = desk.page.locator(".kpi")
    return {
        figure.locator("dt").first.inner_text(): figure.locator(".kpi-figure").inner_text()
        for figure in figures.all()
    }


def content_of_the_plan() -> list[Any]:
    """What agreeing has frozen: version, goals and measures as they were written down."""
    return [sorted(model._base_manager.values_list()) for model in (PlanVersion, GoalContent, MeasureContent)]


def the_administration_shows_no_case(desk: Desk) -> None:
    """Neither a name nor a number, nor a list of rows that belong to a file."""
    desk.go("/admin/")
    assert "Tesfay" not in desk.text
    assert "STU-2018" not in desk.text
    lists = {link.get_attribute("href") for link in desk.page.locator("main a, #content a").all()}
    of_files = [model for model in scoped_models() if model.privacy.root == "client"]
    of_a_case = {f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in of_files}
    assert lists & of_a_case == set()
    assert len(lists) > 5
