"""Logging over HTTP: one form, everything that follows from it, and nothing lost."""

import datetime
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.choices import AppointmentState, Channel, InterpreterKind, Result, SpokenWith
from appointments.models import Appointment, Contact, ContactNote, ContactParticipant, FollowUp
from appointments.wording import person_text
from audit.models import AuditEntry
from clients.models import Draft, Household, HouseholdMember, SpokenLanguage
from tests.appointments.log_desk import language, reachable, routine, talk, text_of, topic
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory, ContactFactory
from tests.factories.clients import ClientFactory, RelativeFactory

pytestmark = pytest.mark.django_db


def new(client: Any, query: str = "") -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid]) + query


def test_a_routine_talk_takes_one_topic_and_a_note(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    page = browser.get(new(client))
    assert page.status_code == 200
    answer = browser.post(new(client), routine())
    assert answer.status_code == 302
    assert answer["Location"] == client.get_absolute_url()
    contact = Contact.objects.get(client=client)
    assert (contact.channel, contact.result, contact.minutes) == (Channel.OFFICE, Result.TALK, 30)
    assert contact.main_topic == topic()
    assert contact.language == language("prs")
    assert contact.happened_on == timezone.localdate()
    assert contact.has_time
    assert ContactNote.objects.get(contact=contact).text == "Bescheid der Familienkasse gelesen."
    client.refresh_from_db()
    assert client.last_contact_on == timezone.localdate()
    assert client.counselling_started_on == timezone.localdate()
    entry = AuditEntry.objects.get(action="contact.logged")
    assert entry.subject_ref == client.subject_ref
    assert "channel" in entry.fields


def test_the_presets_are_now_office_talk_client_thirty_minutes_and_the_clients_language(
    cast: Cast, as_user: Any
) -> None:
    client = reachable(cast.manager)
    ContactFactory(client=client, interpreter=InterpreterKind.PROFESSIONAL)
    form = as_user(cast.manager).get(new(client)).context["form"]
    assert form.initial["channel"] == Channel.OFFICE
    assert form.initial["result"] == Result.TALK
    assert form["spoken_with"].initial == SpokenWith.CLIENT
    assert form["minutes"].initial == "30"
    assert form.initial["language"] == language("prs").pk
    assert form["interpreter"].initial == InterpreterKind.PROFESSIONAL
    assert form.initial["date"] == timezone.localdate()


def test_a_step_of_the_ladder_presets_the_channel(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    form = as_user(cast.manager).get(new(client, "?channel=letter&step=step1")).context["form"]
    assert form.initial["channel"] == Channel.LETTER
    assert form.initial["result"] == Result.SENT


def test_a_talk_without_a_topic_asks_for_it_at_the_field(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), routine(main_topic=None))
    assert answer.status_code == 422
    assert answer.context["form"].errors["main_topic"] == ["Bitte das Hauptthema wählen."]
    assert "Bescheid der Familienkasse gelesen." in text_of(answer)
    assert not Contact.objects.exists()


def test_a_further_topic_alone_becomes_the_main_one(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    first, second = topic("family"), topic("work")
    as_user(cast.manager).post(new(client), routine(main_topic=None, topics=[str(first.pk), str(second.pk)]))
    contact = Contact.objects.get()
    assert contact.main_topic == first
    assert contact.topics.count() == 1


@pytest.mark.parametrize(
    ("fields", "direction", "spoken_with", "result"),
    [
        ({"channel": "phone", "result": "not_reached"}, "out", "nobody", "not_reached"),
        ({"channel": "letter", "result": "sent"}, "out", "client", "sent"),
        ({"channel": "message", "result": "received"}, "in", "client", "received"),
        ({"channel": "phone", "result": "missed_call"}, "in", "client", "missed_call"),
        (
            {"channel": "home_visit", "result": "message_left", "spoken_with": "relative"},
            "out",
            "relative",
            "message_left",
        ),
        ({"channel": "home_visit", "result": "not_met_card"}, "out", "nobody", "not_met_card"),
        (
            {"channel": "phone", "spoken_with": "third_party", "organisation": "Jobcenter"},
            "out",
            "third_party",
            "talk",
        ),
        ({"channel": "phone", "direction": "in"}, "in", "client", "talk"),
    ],
)
def test_every_kind_of_contact_comes_from_the_same_form(
    cast: Cast, as_user: Any, fields: dict[str, str], direction: str, spoken_with: str, result: str
) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), routine(**fields))
    assert answer.status_code == 302
    contact = Contact.objects.get()
    assert (contact.direction, contact.spoken_with, contact.result) == (direction, spoken_with, result)


def test_an_attempt_needs_no_topic_and_has_no_duration(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    as_user(cast.manager).post(new(client), routine(channel="phone", result="not_reached", main_topic=None))
    assert Contact.objects.get().minutes is None
    client.refresh_from_db()
    assert client.last_contact_on is None


def test_a_result_that_does_not_fit_the_channel_is_named_with_what_fits(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), routine(channel="letter", result="talk"))
    assert answer.status_code == 422
    assert "Das passt nicht zu „Brief“" in answer.context["form"].errors["result"][0]


def test_work_with_a_third_party_names_the_organisation(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), routine(spoken_with="third_party"))
    assert answer.context["form"].errors["organisation"] == ["Bitte die Stelle nennen."]


def test_follow_up_and_next_appointment_come_in_the_same_breath(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    day = timezone.localdate() + datetime.timedelta(days=9)
    answer = as_user(cast.manager).post(
        new(client),
        routine(
            follow_up_in="2",
            follow_up_hard="on",
            next_on=day.isoformat(),
            next_at="10:00",
            next_place="Rathaus, Zimmer 3",
        ),
    )
    assert answer.status_code == 302
    contact = Contact.objects.get()
    follow_up = FollowUp.objects.get()
    assert follow_up.contact == contact
    assert follow_up.client == client
    assert follow_up.owner == cast.manager
    assert follow_up.is_hard
    assert follow_up.due_on == timezone.localdate() + datetime.timedelta(weeks=2)
    assert str(topic()) in follow_up.text
    appointment = Appointment.objects.get()
    assert appointment.manager == cast.manager
    assert appointment.agreed_at is not None
    assert timezone.localtime(appointment.starts_at).strftime("%H:%M") == "10:00"
    client.refresh_from_db()
    assert client.next_appointment_at == appointment.starts_at


def test_an_appointment_sent_by_letter_is_not_agreed_and_knows_its_letter(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    day = timezone.localdate() + datetime.timedelta(days=9)
    as_user(cast.manager).post(
        new(client), routine(channel="letter", result="sent", next_on=day.isoformat(), next_at="10:00")
    )
    appointment = Appointment.objects.get()
    assert appointment.agreed_at is None
    assert appointment.invited_by == Contact.objects.get()


def test_a_taken_time_is_an_error_at_the_field_and_nothing_is_saved(cast: Cast, as_user: Any) -> None:
    client, other = reachable(cast.manager), reachable(cast.manager)
    start = timezone.localtime() + datetime.timedelta(days=3)
    AppointmentFactory(client=other, starts_at=start.replace(hour=10, minute=0, second=0, microsecond=0))
    answer = as_user(cast.manager).post(
        new(client), routine(next_on=start.date().isoformat(), next_at="10:30", follow_up_in="1")
    )
    assert answer.status_code == 422
    error = answer.context["form"].errors["next_at"][0]
    assert error.startswith("Da steht schon ein Termin")
    assert other.case_no in error
    assert f"{start:%d.%m.%Y}, 10:30" in answer.content.decode()
    assert not Contact.objects.exists()
    assert not FollowUp.objects.exists()


def test_an_appointment_is_held_by_logging_its_talk(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    start = timezone.now() - datetime.timedelta(hours=2)
    appointment = AppointmentFactory(client=client, starts_at=start)
    url = new(client, f"?appointment={appointment.uuid}")
    browser = as_user(cast.manager)
    form = browser.get(url).context["form"]
    assert form.initial["minutes"] == "45"
    assert browser.post(url, routine()).status_code == 302
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.HELD
    assert Contact.objects.get().appointment == appointment


def test_a_foreign_appointment_in_the_address_does_not_exist(cast: Cast, as_user: Any) -> None:
    client, stranger = reachable(cast.manager), reachable(cast.outsider)
    foreign = AppointmentFactory(client=stranger)
    assert as_user(cast.manager).get(new(client, f"?appointment={foreign.uuid}")).status_code == 404
    assert as_user(cast.manager).get(new(client, "?appointment=quatsch")).status_code == 404


def test_the_same_post_twice_makes_one_contact(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    fields = routine(follow_up_in="1")
    assert browser.post(new(client), fields).status_code == 302
    assert browser.post(new(client), fields).status_code == 302
    assert Contact.objects.count() == 1
    assert FollowUp.objects.count() == 1


def test_a_joint_talk_is_one_contact_seen_from_both_files_with_the_note_in_one(
    cast: Cast, as_user: Any
) -> None:
    client, partner = reachable(cast.manager), reachable(cast.manager, given_name="Omid")
    household = Household.objects.create(municipality=cast.stutensee)
    for person in (client, partner):
        HouseholdMember.objects.create(household=household, client=person, since=datetime.date(2018, 1, 1))
    child = RelativeFactory(client=client)
    HouseholdMember.objects.create(household=household, relative=child, since=datetime.date(2018, 1, 1))
    browser = as_user(cast.manager)
    offered = dict(browser.get(new(client)).context["form"].fields["people"].choices)
    assert set(offered.values()) == {person_text(partner), person_text(child)}
    people = [f"c:{partner.uuid}", f"r:{child.uuid}"]
    assert browser.post(new(client), routine(people=people, note="Nur für die eine Akte.")).status_code == 302
    contact = Contact.objects.get()
    assert ContactParticipant.objects.filter(contact=contact).count() == 3
    partner.refresh_from_db()
    assert partner.last_contact_on == timezone.localdate()
    other_file = text_of(browser.get(reverse("clients:timeline", args=[partner.uuid])))
    assert str(topic()) in other_file
    assert "Nur für die eine Akte." not in other_file
    page = reverse("file_appointments:contact", args=[partner.uuid, contact.uuid])
    assert "Nur für die eine Akte." not in text_of(browser.get(page))
    own = reverse("file_appointments:contact", args=[client.uuid, contact.uuid])
    assert "Nur für die eine Akte." in text_of(browser.get(own))
    correct = reverse("file_appointments:contact_correct", args=[partner.uuid, contact.uuid])
    assert browser.get(correct).status_code == 403


def test_a_stranger_cannot_be_ticked_as_participant(cast: Cast, as_user: Any) -> None:
    client, stranger = reachable(cast.manager), reachable(cast.outsider)
    answer = as_user(cast.manager).post(new(client), routine(people=[f"c:{stranger.uuid}"]))
    assert answer.status_code == 422
    assert answer.context["form"].errors["people"]
    assert stranger.display_name not in text_of(answer)
    assert not Contact.objects.exists()


def test_further_people_are_found_by_search_without_losing_what_was_typed(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    friend = reachable(cast.manager, surname="Weidenmüllerin", given_name="Rana")
    stranger = reachable(cast.outsider, surname="Weidenmüllerin", given_name="Fremd")
    answer = as_user(cast.manager).post(
        new(client), routine(find_people="1", people_q="Weidenmüllerin", note="Schon getippt.")
    )
    assert answer.status_code == 200
    text = text_of(answer)
    assert friend.display_name in text
    assert stranger.display_name not in text
    assert "Schon getippt." in text
    fragment = as_user(cast.manager).post(
        new(client), routine(find_people="1", people_q="Weidenmüllerin"), headers={"HX-Request": "true"}
    )
    assert friend.display_name in text_of(fragment)
    assert "<html" not in text_of(fragment)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"date": "2019-02-29"}, "date"),
        ({"date": "2999-01-01"}, "date"),
        ({"minutes": "other", "minutes_other": ""}, "minutes_other"),
        ({"minutes": "other", "minutes_other": "100000"}, "minutes_other"),
        ({"note": "x" * 100_000}, "note"),
        ({"note": "vor\x00her"}, "note"),
        ({"main_topic": "99999999"}, "main_topic"),
        ({"language": "99999999"}, "language"),
        ({"channel": "brieftaube"}, "channel"),
        ({"next_on": "2015-01-01", "next_at": "10:00"}, "next_on"),
        ({"next_on": "2026-12-01"}, "next_at"),
        ({"next_at": "10:00"}, "next_on"),
        ({"next_at": "25:61", "next_on": "2026-12-01"}, "next_at"),
        ({"follow_up_in": "day"}, "follow_up_on"),
        ({"follow_up_text": "Anrufen"}, "follow_up_on"),
        ({"follow_up_on": "2015-01-01"}, "follow_up_on"),
        ({"people": ["c:nicht-da", "'; DROP TABLE"]}, "people"),
        ({"letters_read": "-3"}, "letters_read"),
    ],
)
def test_bad_input_is_a_message_at_its_field_and_changes_nothing(
    cast: Cast, as_user: Any, change: dict[str, Any], field: str
) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), routine(**change))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Contact.objects.exists()
    assert not Appointment.objects.exists()


def test_direction_controls_are_taken_out_of_the_organisation(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    as_user(cast.manager).post(
        new(client), routine(spoken_with="third_party", organisation="Job\u202ecenter\u200b")
    )
    assert Contact.objects.get().organisation == "Jobcenter"


def test_a_missing_token_says_that_the_form_is_out_of_date(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), routine(form_token="kaputt"))
    assert answer.status_code == 422
    assert not Contact.objects.exists()


def test_who_may_log_in_a_file(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    codes = {name: as_user(user).get(new(client)).status_code for name, user in cast.users.items()}
    assert codes["manager"] == codes["substitute"] == 200
    assert set(codes.values()) == {200, 404}
    assert [name for name, code in codes.items() if code == 200] == ["manager", "substitute"]
    assert as_user(cast.outsider).post(new(client), routine()).status_code == 404
    assert not Contact.objects.exists()


def test_a_closed_file_takes_no_contact(cast: Cast, as_user: Any) -> None:
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee, closed=True)
    assert as_user(cast.manager).post(new(client), routine()).status_code == 403
    assert not Contact.objects.exists()


def test_a_stand_in_logs_and_chooses_whose_calendar(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    day = timezone.localdate() + datetime.timedelta(days=9)
    browser = as_user(cast.substitute)
    form = browser.get(new(client)).context["form"]
    assert [label for _key, label in form.fields["next_holder"].choices] == [
        str(cast.substitute),
        str(cast.manager),
    ]
    browser.post(
        new(client),
        routine(next_on=day.isoformat(), next_at="10:00", next_holder=str(cast.manager.pk), follow_up_in="1"),
    )
    assert Appointment.objects.get().manager == cast.manager
    assert FollowUp.objects.get().owner == cast.manager
    assert AuditEntry.objects.get(action="contact.logged").acting_for == cast.manager


def test_the_draft_is_gone_after_saving(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    browser.post(reverse("clients:draft_save"), {**routine(), "draft_key": key})
    assert Draft.objects.count() == 1
    browser.post(new(client), {**routine(), "draft_key": key})
    assert not Draft.objects.filter(discarded_at=None).exists()


def test_the_person_is_chosen_first_by_name_case_number_or_birth_date(cast: Cast, as_user: Any) -> None:
    client = reachable(
        cast.manager, surname="Silbertannova", case_no="STU-2018-4711", birth_date=datetime.date(1984, 3, 2)
    )
    reachable(cast.outsider, surname="Silbertannova")
    browser = as_user(cast.manager)
    url = reverse("appointments:contact_new")
    for query in ("Silbertannova", "silbertan", "STU-2018-4711", "02.03.1984"):
        answer = browser.post(url, {"q": query})
        assert answer.status_code == 302, query
        assert answer["Location"] == new(client)
    reachable(cast.manager, surname="Silbertannova", given_name="Zweite")
    several = browser.post(url, {"q": "Silbertannova"}, headers={"HX-Request": "true"})
    assert text_of(several).count("/contacts/new/") == 2
    assert new(client) in text_of(several)
    assert "<html" not in text_of(several)


def test_a_colleagues_file_is_announced_on_purpose_but_not_while_typing(cast: Cast, as_user: Any) -> None:
    theirs = reachable(cast.colleague, case_no="STU-2018-0815")
    url = reverse("appointments:contact_new")
    browser = as_user(cast.manager)
    typing = browser.post(url, {"q": theirs.case_no}, headers={"HX-Request": "true"})
    assert str(cast.colleague) not in text_of(typing)
    sent = browser.post(url, {"q": theirs.case_no})
    assert f"Akte vorhanden, zuständig: {cast.colleague}." in text_of(sent)
    assert theirs.display_name not in text_of(sent)


def test_only_managers_open_the_log(cast: Cast, as_user: Any) -> None:
    url = reverse("appointments:contact_new")
    allowed = {name for name, user in cast.users.items() if as_user(user).get(url).status_code == 200}
    assert allowed == {"manager", "colleague", "substitute", "former", "outsider"}
    assert as_user(cast.officer).get(url).status_code == 403


def test_an_unknown_language_stays_choosable_where_it_was_used(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    old = SpokenLanguage.objects.create(
        code=f"x{uuid.uuid4().hex[:6]}", label_de="Altsprache", valid_until=datetime.date(2018, 1, 1)
    )
    contact = talk(client, cast.manager, language=old)
    url = reverse("file_appointments:contact_correct", args=[client.uuid, contact.uuid])
    assert "Altsprache" in text_of(as_user(cast.manager).get(url))
    assert "Altsprache" not in text_of(as_user(cast.manager).get(new(client)))


def test_the_usual_duration_follows_the_way_the_form_was_opened_with(cast: Cast, as_user: Any) -> None:
    browser, client = as_user(cast.manager), reachable(cast.manager)
    assert browser.get(new(client)).context["form"]["minutes"].value() == "30"
    assert browser.get(new(client) + "?channel=letter").context["form"]["minutes"].value() == "10"
