"""A log saved by a slip of the finger: one tap takes it back, with what came with it, and the text stands again."""

import datetime
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.choices import AppointmentState
from appointments.models import Appointment, Contact, ContactNote, FollowUp
from appointments.services.undo import TooLate, undo_log
from audit.models import AuditEntry
from clients import drafts
from clients.models import Draft
from outreach.models import Ladder
from tests.appointments.log_desk import reachable, routine, text_of
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Any:
    return reachable(cast.manager)


def log(browser: Any, client: Any, query: str = "", **fields: Any) -> Any:
    address = reverse("file_appointments:contact_new", args=[client.uuid]) + query
    key = browser.get(address).context["draft_key"]
    return browser.post(address, {**routine(**fields), "draft_key": key}, follow=True)


def undo_in(answer: Any) -> str:
    found = re.search(r'action="([^"]+/undo/[^"]*)"', answer.content.decode())
    assert found is not None
    return found.group(1).replace("&amp;", "&")


def test_it_is_as_if_nothing_had_been_logged_and_the_text_stands_in_the_form(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    day = timezone.localdate() + datetime.timedelta(days=3)
    answer = log(
        browser,
        client,
        note="In die falsche Akte getippt.",
        follow_up_in="day",
        follow_up_on=day.isoformat(),
        next_on=day.isoformat(),
        next_at="10:00",
    )
    assert (Contact.objects.count(), FollowUp.objects.count(), Appointment.objects.count()) == (1, 1, 1)
    client.refresh_from_db()
    assert client.last_contact_on is not None
    form = browser.post(undo_in(answer), follow=True)
    assert (Contact.objects.count(), FollowUp.objects.count(), Appointment.objects.count()) == (0, 0, 0)
    assert not ContactNote.objects.exists()
    client.refresh_from_db()
    assert client.last_contact_on is None
    assert "Zurückgenommen." in text_of(form)
    assert "In die falsche Akte getippt." in text_of(form)
    assert AuditEntry.objects.filter(action="contact.undone", subject_ref=client.subject_ref).exists()
    again = browser.post(form.request["PATH_INFO"], {**routine(), "draft_key": form.context["draft_key"]})
    assert (again.status_code, Contact.objects.count()) == (302, 1)


def test_an_outcome_that_came_with_it_is_taken_back_too(cast: Cast, as_user: Any, client: Any) -> None:
    appointment = AppointmentFactory(client=client, starts_at=timezone.now() - datetime.timedelta(hours=2))
    browser = as_user(cast.manager)
    answer = log(browser, client, f"?appointment={appointment.uuid}")
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.HELD
    browser.post(undo_in(answer))
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.PLANNED


def test_an_outcome_pressed_before_stays(cast: Cast, as_user: Any, client: Any) -> None:
    appointment = AppointmentFactory(client=client, starts_at=timezone.now() - datetime.timedelta(hours=2))
    browser = as_user(cast.manager)
    browser.post(
        reverse("file_appointments:outcome", args=[client.uuid, appointment.uuid]), {"outcome": "held"}
    )
    answer = log(browser, client, f"?appointment={appointment.uuid}")
    browser.post(undo_in(answer))
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.HELD


def test_a_ladder_it_had_ended_is_open_again(cast: Cast, as_user: Any, client: Any) -> None:
    appointment = AppointmentFactory(client=client, starts_at=timezone.now() - datetime.timedelta(days=4))
    browser = as_user(cast.manager)
    browser.post(
        reverse("file_appointments:outcome", args=[client.uuid, appointment.uuid]), {"outcome": "no_show"}
    )
    opened = Ladder.objects.filter(client=client, ended_at__isnull=True)
    before = opened.get().key
    answer = log(browser, client)
    assert not opened.exists()
    browser.post(undo_in(answer))
    assert opened.get().key == before


@pytest.mark.parametrize("why", ["time", "corrected", "follow-up done", "somebody else"])
def test_what_somebody_may_rest_on_already_is_corrected_instead(
    cast: Cast, as_user: Any, client: Any, why: str, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now(), tick=True)
    browser = as_user(cast.manager)
    answer = log(browser, client, follow_up_in="1")
    undo = undo_in(answer)
    who = cast.manager
    if why == "time":
        time_machine.shift(datetime.timedelta(minutes=16))
    elif why == "corrected":
        contact = Contact.objects.get()
        address = reverse("file_appointments:contact_correct", args=[client.uuid, contact.uuid])
        browser.post(address, {**routine(note="Anders."), "version": "1"})
        assert contact.versions.count() == 1
    elif why == "follow-up done":
        FollowUp.objects.update(version=2)
    else:
        who = cast.substitute
    told = as_user(who).post(undo, follow=True)
    assert "lässt sich nicht mehr zurücknehmen" in text_of(told)
    assert Contact.objects.count() == 1


def test_nobody_takes_back_what_is_not_hers(cast: Cast, as_user: Any, client: Any) -> None:
    undo = undo_in(log(as_user(cast.manager), client))
    for who in (cast.colleague, cast.outsider, cast.officer, cast.admin):
        assert as_user(who).post(undo).status_code == 404
    with pytest.raises(TooLate):
        undo_log(Actor(cast.substitute), Contact.objects.get())


def test_what_was_typed_is_forgotten_after_a_day(cast: Cast, as_user: Any, client: Any) -> None:
    log(as_user(cast.manager), client, note="Nur für kurze Zeit.")
    assert Draft.objects.count() == 1
    assert not drafts.kept(cast.manager, timezone.now()).exists()
    assert drafts.forget_old(timezone.now() + datetime.timedelta(hours=25)) == 1
