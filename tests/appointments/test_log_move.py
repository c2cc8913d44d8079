"""A contact logged for the wrong person: it moves with its note, and the former file says only that it did."""

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.models import Contact, ContactNote, ContactParticipant, ContactVersion, FollowUp
from appointments.services.contacts import Participant
from appointments.services.corrections import move_contact
from appointments.services.follow_ups import create_follow_up
from audit.models import AuditEntry
from clients.models import Draft
from tests.appointments.log_desk import reachable, talk, text_of
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory

pytestmark = pytest.mark.django_db


def url(name: str, contact: Contact, client: Any = None) -> str:
    return reverse(f"file_appointments:{name}", args=[(client or contact.client).uuid, contact.uuid])


def moving(contact: Contact, to: str, reason: str = "Namen verwechselt.") -> dict[str, Any]:
    return {"to": to, "reason": reason, "version": contact.version, "form_token": str(uuid.uuid4())}


@pytest.fixture
def wrong(cast: Cast) -> Any:
    return reachable(cast.manager, surname="Falschova", case_no="STU-2018-0301")


@pytest.fixture
def right(cast: Cast) -> Any:
    return reachable(cast.manager, surname="Richtigova", case_no="STU-2018-0302")


@pytest.mark.parametrize("typed", ["stu-2018-0302", "Richtigova"])
def test_it_moves_with_its_note_and_both_files_are_computed_anew(
    cast: Cast, as_user: Any, wrong: Any, right: Any, typed: str
) -> None:
    contact = talk(wrong, cast.manager, note="Gehört zur anderen Akte.")
    browser = as_user(cast.manager)
    assert url("contact_move", contact) in text_of(browser.get(url("contact", contact)))
    answer = browser.post(url("contact_move", contact), moving(contact, typed))
    assert answer["Location"] == url("contact", contact, right)
    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.last_contact_on, right.last_contact_on) == (None, timezone.localdate())
    standing = ContactParticipant.objects.current_version()
    assert list(standing.values_list("client", flat=True)) == [right.pk]
    note = ContactNote.objects.current_version().get()
    assert (note.client, note.text) == (right, "Gehört zur anderen Akte.")
    assert ContactVersion.objects.get().reason == "Namen verwechselt."
    assert browser.get(url("contact", contact, wrong)).status_code == 404


def test_the_former_file_tells_that_an_entry_went_and_not_whose_it_is(
    cast: Cast, as_user: Any, wrong: Any, right: Any
) -> None:
    contact = talk(wrong, cast.manager, note="Gehört zur anderen Akte.")
    browser = as_user(cast.manager)
    browser.post(url("contact_move", contact), moving(contact, right.case_no, "Frau Richtigova war es."))
    page = text_of(browser.get(reverse("clients:timeline", args=[wrong.uuid])))
    assert "Eintrag verschoben" in page
    assert "gehörte in eine andere Akte" in page
    for word in ("Richtigova", right.case_no, "Gehört zur anderen Akte."):
        assert word not in page.split("<main")[1]
    assert "Eintrag verschoben" not in text_of(browser.get(reverse("clients:timeline", args=[right.uuid])))
    entries = AuditEntry.objects.filter(action="contact.moved")
    assert set(entries.values_list("subject_ref", flat=True)) == {wrong.subject_ref, right.subject_ref}


def test_the_same_post_twice_moves_once_and_leads_to_the_same_page(
    cast: Cast, as_user: Any, wrong: Any, right: Any
) -> None:
    contact = talk(wrong, cast.manager)
    browser = as_user(cast.manager)
    key = browser.get(url("contact_move", contact)).context["draft_key"]
    post = {**moving(contact, right.case_no), "draft_key": key}
    first, second = (browser.post(url("contact_move", contact), post) for _time in range(2))
    assert (second.status_code, second["Location"]) == (first.status_code, first["Location"])
    assert ContactVersion.objects.count() == 1
    assert not Draft.objects.exists()
    # Nobody else learns by it where the contact went.
    assert as_user(cast.colleague).post(url("contact_move", contact), post).status_code == 404
    assert as_user(cast.substitute).post(url("contact_move", contact), post).status_code == 404


def test_a_date_there_was_not_set_by_the_letter_that_went_to_somebody_else(
    cast: Cast, as_user: Any, wrong: Any, right: Any
) -> None:
    letter = talk(wrong, cast.manager, channel="letter", result="sent")
    invited = AppointmentFactory(client=wrong, invited_by=letter)
    move_contact(Actor(cast.manager), letter, right, expected_version=1, reason="Namen verwechselt.")
    invited.refresh_from_db()
    assert invited.invited_by is None


def test_what_is_still_to_be_done_goes_along(cast: Cast, wrong: Any, right: Any) -> None:
    contact = talk(wrong, cast.manager)
    actor = Actor(cast.manager)
    due = FollowUp(client=wrong, text="Bescheid prüfen", due_on=timezone.localdate() + datetime.timedelta(7))
    create_follow_up(actor, due, contact=contact)
    move_contact(actor, contact, right, expected_version=contact.version, reason="Verwechselt.")
    due.refresh_from_db()
    assert (due.client, due.contact) == (right, contact)


def test_who_else_took_part_stays(cast: Cast, wrong: Any, right: Any) -> None:
    other = reachable(cast.manager)
    contact = talk(wrong, cast.manager, participants=[Participant(other), Participant(right)])
    move_contact(Actor(cast.manager), contact, right, expected_version=contact.version, reason="Verwechselt.")
    standing = ContactParticipant.objects.current_version().filter(contact=contact)
    assert set(standing.values_list("client", flat=True)) == {right.pk, other.pk}


def test_only_into_a_file_she_may_edit(cast: Cast, as_user: Any, wrong: Any) -> None:
    theirs = reachable(cast.colleague, surname="Fremdova", case_no="STU-2018-0303")
    contact = talk(wrong, cast.manager)
    for typed in (theirs.case_no, "Fremdova", wrong.case_no):
        answer = as_user(cast.manager).post(url("contact_move", contact), moving(contact, typed))
        assert answer.context["form"].errors["to"] == [
            "In Ihrem Bestand passt keine andere offene Akte dazu."
        ], typed
    with pytest.raises(PermissionDenied):
        move_contact(Actor(cast.manager), contact, theirs, expected_version=contact.version, reason="x")
    assert Contact.objects.get().client == wrong


def test_a_name_of_several_and_a_missing_reason_are_said_at_their_fields(
    cast: Cast, as_user: Any, wrong: Any, right: Any
) -> None:
    reachable(cast.manager, surname="Richtigova", given_name="Zweite")
    contact = talk(wrong, cast.manager)
    answer = as_user(cast.manager).post(url("contact_move", contact), moving(contact, "Richtigova", ""))
    errors = answer.context["form"].errors
    assert errors["to"] == ["Davon gibt es mehrere. Bitte die Fallnummer eingeben."]
    assert errors["reason"] == ["Bitte „Warum wird er verschoben?“ ausfüllen."]


def test_a_contact_corrected_meanwhile_is_not_moved(cast: Cast, as_user: Any, wrong: Any, right: Any) -> None:
    contact = talk(wrong, cast.manager)
    post = {**moving(contact, right.case_no), "version": contact.version + 1}
    assert as_user(cast.manager).post(url("contact_move", contact), post).status_code == 409
    assert Contact.objects.get().client == wrong
