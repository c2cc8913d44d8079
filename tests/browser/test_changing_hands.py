"""Files that change hands in a browser: proposed and taken over, stood in for until midnight, closed step by step."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import StandIn
from clients.models import Draft
from tests.browser.desk import Clock, Desk
from tests.cast import Cast
from tests.factories.appointments import FollowUpFactory
from tests.factories.clients import ClientFactory
from tests.overlap import until
from tests.worklists import derive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTE = "Spricht Tigrinya, das passt besser zu Ihrer Sprechstunde"


def test_a_file_is_proposed_and_taken_over_from_my_day(staff: Cast, desks: Any) -> None:
    file = ClientFactory(manager=staff.manager, municipality=staff.stutensee, surname="Wechselova")
    giver, receiver = desks(), desks()
    giver.sit_down(staff.manager)
    giver.go(file.get_absolute_url())
    giver.press("Akte übergeben")
    giver.page.get_by_label("Wer übernimmt?").select_option(label="Tobias Kettelhack")
    giver.fill("Warum, und was jetzt wichtig ist", NOTE)
    giver.press("Übergabe vorschlagen")
    expect(giver.page.get_by_text("Tobias Kettelhack ist gefragt.")).to_be_visible()

    receiver.sit_down(staff.colleague)
    receiver.go("/")
    row = receiver.line(file.case_no)
    expect(row).to_contain_text(NOTE)
    row.get_by_role("button", name="Übernehmen").click()
    receiver.sees(f"Die Akte {file.case_no} ist jetzt Ihre.")
    expect(receiver.line(NOTE)).to_have_count(0)
    receiver.go(file.get_absolute_url())
    receiver.sees(file.case_no, "Übergabe")
    assert giver.status_of(file.get_absolute_url()) == 404


def test_at_midnight_a_stand_in_is_over_and_the_typed_text_stays_with_its_author(
    staff: Cast, desks: Any, clock: Clock
) -> None:
    last = timezone.localdate()
    clock.at(f"{last} 23:50")
    StandIn.objects.filter(substitute=staff.substitute).update(until=last)
    file = ClientFactory(manager=staff.manager, municipality=staff.stutensee, surname="Nachtova")
    desk: Desk = desks()
    desk.sit_down(staff.substitute)
    path = f"{file.get_absolute_url()}contacts/new/"
    desk.go(path)
    desk.fill("Notiz", "Sie ruft morgen wegen der Kita an")
    until(lambda: Draft.objects.filter(author=staff.substitute).exists())

    clock.at(f"{last + datetime.timedelta(days=1)} 00:00")
    with desk.refusals_expected():
        desk.press("Speichern")
        expect(
            desk.page.get_by_text("Was Sie eingegeben haben, ist als Ihr Entwurf aufbewahrt.")
        ).to_be_visible()
    assert desk.status_of(file.get_absolute_url()) == 404
    desk.go("/")
    desk.press("Lesen", within=desk.line("Text aus Vertretung"))
    desk.sees("Sie ruft morgen wegen der Kita an")


def test_closing_settles_what_is_open_and_asks_how_things_stand(staff: Cast, desks: Any) -> None:
    file = ClientFactory(manager=staff.manager, municipality=staff.stutensee, surname="Endeova")
    FollowUpFactory(client=file, owner=staff.manager, text="Bescheid der Wohngeldstelle")
    derive(file)
    desk: Desk = desks(390)
    desk.sit_down(staff.manager)
    desk.go(f"{file.get_absolute_url()}close/")
    expect(desk.page.get_by_text("Vor dem Abschluss ist noch zu klären – Wiedervorlagen: 1.")).to_be_visible()
    desk.line("Bescheid der Wohngeldstelle").get_by_role("button").click()
    expect(desk.page.get_by_text("Vor dem Abschluss ist noch zu klären")).to_have_count(0)
    desk.page.locator("label", has_text="Ziele erreicht").click()
    desk.page.get_by_label("Wohnen zum Schluss").select_option("private")
    desk.page.get_by_role("button", name="Beratung abschließen").click()
    expect(desk.page.get_by_text("Die Beratung ist abgeschlossen")).to_be_visible()
