"""Reading and correcting what was logged; the former version is kept in two times."""

import datetime
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.choices import AppointmentState, Channel, Direction, Result, SpokenWith
from appointments.models import Contact, ContactNote, ContactParticipant, ContactVersion
from appointments.querysets import ATTEMPT, CASE_WORK
from appointments.rules import contact as rules
from appointments.services.contacts import Participant, fact_of
from appointments.services.corrections import correct_contact
from tests.appointments.log_desk import reachable, routine, talk, text_of
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory, ContactFactory
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db


def url(name: str, contact: Contact, client: Any = None) -> str:
    return reverse(f"file_appointments:{name}", args=[(client or contact.client).uuid, contact.uuid])


def correction(contact: Contact, **changes: Any) -> dict[str, Any]:
    return routine(**{"version": str(contact.version), "reason": "", **changes})


def test_a_correction_keeps_the_former_version_with_its_note(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    contact = talk(client, cast.manager, note="Erste Fassung.")
    browser = as_user(cast.manager)
    page = browser.get(url("contact_correct", contact))
    assert "Erste Fassung." in text_of(page)
    post = correction(contact, channel="phone", note="Zweite Fassung.", reason="Es war ein Anruf.")
    assert browser.post(url("contact_correct", contact), post).status_code == 302
    contact.refresh_from_db()
    assert contact.channel == Channel.PHONE
    version = ContactVersion.objects.get()
    assert version.channel == Channel.OFFICE
    assert version.withdrawn_at == contact.recorded_at
    notes = dict(ContactNote.objects.values_list("version", "text"))
    assert notes == {None: "Zweite Fassung.", version.pk: "Erste Fassung."}
    shown = text_of(browser.get(url("contact", contact)))
    assert "Frühere Fassungen" in shown
    assert "Erste Fassung." in shown
    assert "Es war ein Anruf." in shown


def test_the_facts_of_every_version_can_be_asked_for_as_recorded(cast: Cast) -> None:
    client = reachable(cast.manager)
    contact = talk(client, cast.manager)
    first_recorded = contact.recorded_at
    contact.result, contact.channel, contact.spoken_with = (
        Result.NOT_REACHED,
        Channel.PHONE,
        SpokenWith.NOBODY,
    )
    now = timezone.now()
    correct_contact(Actor(cast.manager, now), contact, expected_version=contact.version)
    rows = ContactParticipant.objects.filter(client=client).select_related("contact", "version")
    told = [(row.facts.result, row.facts.recorded_at, row.withdrawn_at) for row in rows]
    assert told == [(Result.TALK, first_recorded, now), (Result.NOT_REACHED, now, None)]


def test_a_corrected_talk_takes_last_contact_and_clock_back(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    contact = talk(client, cast.manager)
    client.refresh_from_db()
    assert client.last_contact_on is not None
    as_user(cast.manager).post(
        url("contact_correct", contact), correction(contact, channel="phone", result="not_reached")
    )
    client.refresh_from_db()
    assert client.last_contact_on is None
    assert client.counselling_started_on is None


def test_of_two_who_correct_the_second_is_told_and_keeps_her_text(cast: Cast, as_user: Any) -> None:
    contact = talk(reachable(cast.manager), cast.manager)
    first = correction(contact, note="Meine.")
    second = correction(contact, note="Andere.")
    as_user(cast.manager).post(url("contact_correct", contact), first)
    answer = as_user(cast.substitute).post(url("contact_correct", contact), second)
    assert answer.status_code == 409
    assert "inzwischen jemand anderes berichtigt" in text_of(answer)
    assert "Andere." in text_of(answer)
    assert ContactNote.objects.current_version().get().text == "Meine."


def test_an_appointment_follows_the_correction_of_its_talk(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    appointment = AppointmentFactory(client=client, starts_at=timezone.now() - datetime.timedelta(hours=2))
    path = reverse("file_appointments:contact_new", args=[client.uuid])
    browser = as_user(cast.manager)
    browser.post(f"{path}?appointment={appointment.uuid}", routine())
    contact = Contact.objects.get()
    browser.post(
        url("contact_correct", contact),
        correction(contact, channel="phone", spoken_with="relative", result="talk"),
    )
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.PLANNED
    assert appointment.outcomes.count() == 2


@pytest.mark.facts_by_hand
def test_a_letter_that_came_back_is_noted_once_and_stays_in_the_file(cast: Cast, as_user: Any) -> None:
    contact = ContactFactory(client=reachable(cast.manager), letter=True)
    browser = as_user(cast.manager)
    assert "Brief kam zurück" in text_of(browser.get(url("contact", contact)))
    assert browser.post(url("contact_returned", contact), {"version": "1"}).status_code == 302
    contact.refresh_from_db()
    first = contact.returned_at
    assert first is not None
    browser.post(url("contact_returned", contact), {"version": "2"})
    contact.refresh_from_db()
    assert contact.returned_at == first
    other = ContactFactory(client=contact.client)
    assert browser.post(url("contact_returned", other), {"version": "1"}).status_code == 403


def test_what_was_known_when_logging_is_kept(cast: Cast, as_user: Any) -> None:
    reached, lost = reachable(cast.manager), ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    browser = as_user(cast.manager)
    for client, language in ((reached, None), (lost, "")):
        post = routine(channel="letter", result="sent", main_topic=None)
        if language is not None:
            post["language"] = language
        browser.post(reverse("file_appointments:contact_new", args=[client.uuid]), post)
    good = ContactParticipant.objects.get(client=reached)
    bad = ContactParticipant.objects.get(client=lost)
    assert (good.address_valid, good.language_ok) == (True, True)
    assert (bad.address_valid, bad.language_ok) == (False, False)


def test_reading_none_makes_a_letter_unreadable_even_when_german_is_understood(
    cast: Cast, as_user: Any
) -> None:
    client = reachable(cast.manager, reading="none")
    as_user(cast.manager).post(
        reverse("file_appointments:contact_new", args=[client.uuid]),
        routine(channel="letter", result="sent", understood_ticked="on"),
    )
    row = ContactParticipant.objects.get()
    assert (row.script_ok, row.language_ok) == (False, True)


def test_a_joint_talk_keeps_participants_its_corrector_cannot_see(cast: Cast, as_user: Any) -> None:
    client, partner = reachable(cast.manager), reachable(cast.manager)
    contact = talk(client, cast.manager, participants=[Participant(partner)])
    partner.manager = cast.colleague
    partner.save()
    assert "eine weitere Person" in text_of(as_user(cast.manager).get(url("contact", contact)))
    answer = as_user(cast.manager).post(url("contact_correct", contact), correction(contact))
    assert answer.status_code == 302
    present = set(ContactParticipant.objects.current_version().values_list("client", flat=True))
    assert present == {client.pk, partner.pk}


def test_who_reads_and_corrects_a_contact(cast: Cast, as_user: Any) -> None:
    contact = talk(reachable(cast.manager), cast.manager)
    for name in ("contact", "contact_correct"):
        seen = [
            who
            for who, user in cast.users.items()
            if as_user(user).get(url(name, contact)).status_code == 200
        ]
        assert seen == ["manager", "substitute"]


def test_a_contact_of_another_file_does_not_exist_here(cast: Cast, as_user: Any) -> None:
    contact = talk(reachable(cast.manager), cast.manager)
    other = reachable(cast.manager)
    assert as_user(cast.manager).get(url("contact", contact, other)).status_code == 404


@pytest.mark.parametrize("change", [{"version": "x"}, {"form_token": ""}, {"version": ""}])
def test_a_broken_hidden_field_is_no_server_error(cast: Cast, as_user: Any, change: dict[str, str]) -> None:
    contact = talk(reachable(cast.manager), cast.manager)
    answer = as_user(cast.manager).post(url("contact_correct", contact), {**correction(contact), **change})
    assert answer.status_code == 422


CASES = [
    (channel, direction, spoken_with, result)
    for channel in Channel.values
    for direction in Direction.values
    for spoken_with in SpokenWith.values
    for result in Result.values
]


def test_the_conditions_of_the_database_say_what_the_pure_rules_say(cast: Cast) -> None:
    client = ClientFactory(manager=cast.manager)
    now = timezone.now()
    rows = [
        Contact(
            client=client,
            uuid=uuid.uuid4(),
            happened_at=now,
            happened_on=timezone.localdate(now),
            recorded_at=now,
            recorded_by=cast.manager,
            channel=channel,
            direction=direction,
            spoken_with=spoken_with,
            result=result,
        )
        for channel, direction, spoken_with, result in CASES
    ]
    Contact.objects.bulk_create(rows, batch_size=500)
    stored = {row.pk: fact_of(row) for row in Contact.objects.filter(client=client)}
    pairs = [
        (Contact.objects.held_talks(), rules.is_held_talk),
        (Contact.objects.filter(ATTEMPT), rules.is_attempt),
        (Contact.objects.filter(CASE_WORK), rules.is_case_work),
        (Contact.objects.consultations(), lambda fact: rules.is_consultation(fact, on_a_matter=False)),
    ]
    for found, rule in pairs:
        expected = {pk for pk, fact in stored.items() if rule(fact)}
        assert set(found.filter(client=client).values_list("pk", flat=True)) == expected
