"""A reminder in the client's language: offered on the page of an appointment, and logged as an attempt."""

import datetime
import html
import re
import uuid
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appointments.choices import Channel, Direction, Result, SpokenWith
from appointments.models import Contact, ContactNote, ReminderText
from appointments.rules.contact import is_attempt, is_consultation
from appointments.services.contacts import fact_of
from clients.models import Client, ContactPoint
from tests.appointments.log_desk import language, reachable
from tests.factories.appointments import AppointmentFactory
from tests.factories.clients import ClientLanguageFactory
from tests.overlap import at_once
from tests.worklists import derive

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 30, 9, 0, tzinfo=datetime.UTC)
TITLE = "An den Termin erinnern"


@pytest.fixture
def client(cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    return reachable(cast.manager)


def tomorrow(client, **more):
    """At ten o'clock."""
    values = {"starts_at": NOW + datetime.timedelta(days=1), "place": "Rathaus, Zimmer 3", **more}
    appointment = AppointmentFactory(client=client, **values)
    derive(client)
    return appointment


def url(appointment, name="appointment"):
    return reverse(f"file_appointments:{name}", args=[appointment.client.uuid, appointment.uuid])


def page(browser, appointment):
    return browser.get(url(appointment)).content.decode()


def texts(page):
    """Language and text of each message on a page."""
    found = re.findall(r'<p id="reminder-\w+" lang="(\w+)" dir="auto">(.*?)</p>', page, re.DOTALL)
    return {code: html.unescape(text).split("\n") for code, text in found}


def press(browser, appointment, **changes):
    data = {"form_token": str(uuid.uuid4()), "language": "prs", **changes}
    answer = browser.post(url(appointment, "reminder_sent"), data, follow=True)
    assert answer.redirect_chain == [(url(appointment), 302)]
    return answer.content.decode()


def test_in_her_language_and_in_german_beside_it(as_user, cast, client):
    found = texts(page(as_user(cast.manager), tomorrow(client)))
    assert list(found) == ["prs", "de"]
    assert found["de"] == [
        "Guten Tag, wir erinnern an Ihren Termin am 01.12.2026 um 10:00 Uhr.",
        "Ort: Rathaus, Zimmer 3",
        "Wenn Sie nicht kommen können, sagen Sie uns bitte vorher Bescheid.",
        "Integrationsmanagement",
    ]
    assert found["prs"][0].startswith("سلام")
    assert "\u206801.12.2026\u2069" in found["prs"][0]
    assert found["prs"][1] == "جای: \u2068Rathaus, Zimmer 3\u2069"


@pytest.mark.parametrize(
    ("preferred", "shown"), [("ru", ["ru", "de"]), ("de", ["de"]), ("so", ["prs", "de"])]
)
def test_the_language_for_letters_goes_first(as_user, cast, client, preferred, shown):
    Client.objects.filter(pk=client.pk).update(preferred_language=language(preferred))
    assert list(texts(page(as_user(cast.manager), tomorrow(client)))) == shown


def test_where_there_is_no_text_in_her_language_english_stands_in(as_user, cast, client):
    client.client_languages.all().delete()
    ClientLanguageFactory(client=client, language=language("so"))
    assert list(texts(page(as_user(cast.manager), tomorrow(client)))) == ["en", "de"]


def test_a_retired_text_is_not_offered(as_user, cast, client):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    ReminderText.objects.filter(language__code="prs").update(valid_until=yesterday)
    assert list(texts(page(as_user(cast.manager), tomorrow(client)))) == ["en", "de"]


@pytest.mark.parametrize(
    ("channel", "says"),
    [(Channel.HOME_VISIT, "wir kommen am 01.12.2026"), (Channel.VIDEO, "wir rufen Sie am 01.12.2026")],
)
def test_a_visit_and_a_call_are_said_as_such(as_user, cast, client, channel, says):
    [first, *_more] = texts(page(as_user(cast.manager), tomorrow(client, channel=channel)))["de"]
    assert says in first


def test_the_links_call_and_write_and_lead_to_the_log(as_user, cast, client):
    said = page(as_user(cast.manager), tomorrow(client))
    log = reverse("file_appointments:contact_new", args=[client.uuid])
    calls = re.findall(r'href="tel:\+4915100000001"\s+data-log-url="([^"]*)"', said)
    assert calls == [f"{log}?channel=phone&amp;result=not_reached"] * 2
    assert said.count(f'href="{log}?channel=phone&amp;result=not_reached"') == 2
    sms = re.findall(r'href="sms:\+4915100000001\?body=([^"]*)"\s+data-log-url="([^"]*)"', said)
    assert [address for _body, address in sms] == [f"{log}?channel=message&amp;result=sent"] * 2
    assert [unquote(body).split("\n") for body, _address in sms] == list(texts(said).values())


def test_a_fixed_line_gets_no_sms_and_a_forbidden_number_no_call(as_user, cast, client):
    appointment, browser = tomorrow(client), as_user(cast.manager)
    ContactPoint.objects.filter(client=client).update(kind="phone")
    said = page(browser, appointment)
    assert ("sms:" in said, "tel:" in said) == (False, True)
    ContactPoint.objects.filter(client=client).update(may_use=False)
    said = page(browser, appointment)
    assert "Es gibt keine Nummer, die benutzt werden darf." in said
    assert "tel:" not in said


def test_who_reads_no_script_is_better_called(as_user, cast, client):
    Client.objects.filter(pk=client.pk).update(reading="none")
    assert "Ein Anruf ist besser als ein Text." in page(as_user(cast.manager), tomorrow(client))


@pytest.mark.parametrize(
    "change", [{"starts_at": NOW - datetime.timedelta(hours=2)}, {"outcome": "cancelled_us"}]
)
def test_what_is_over_or_cancelled_needs_no_reminder(as_user, cast, client, change):
    appointment, browser = tomorrow(client, **change), as_user(cast.manager)
    assert TITLE not in page(browser, appointment)
    assert "vorbei oder nicht mehr geplant" in press(browser, appointment)
    assert not Contact.objects.exists()


def test_a_sent_reminder_is_an_attempt_in_writing_and_no_consultation(as_user, cast, client):
    appointment = tomorrow(client)
    said = press(as_user(cast.manager), appointment)
    assert "Erfasst: Erinnerung gesendet." in said
    contact = Contact.objects.get()
    facts = (contact.channel, contact.direction, contact.spoken_with, contact.result, contact.minutes)
    assert facts == (Channel.MESSAGE, Direction.OUT, SpokenWith.CLIENT, Result.SENT, None)
    assert (contact.happened_at, contact.happened_on, contact.has_time) == (NOW, NOW.date(), True)
    assert (contact.client, contact.recorded_by, contact.language.code) == (client, cast.manager, "prs")
    assert (is_attempt(fact_of(contact)), is_consultation(fact_of(contact), on_a_matter=True)) == (
        True,
        False,
    )
    appointment.refresh_from_db()
    assert appointment.state == "planned"
    assert ContactNote.objects.get().text == "Erinnerung an den Termin am 01.12.2026, 10:00"


def test_it_stands_in_the_history_of_the_file(as_user, cast, client):
    browser = as_user(cast.manager)
    press(browser, tomorrow(client))
    said = browser.get(reverse("clients:timeline", args=[client.uuid])).content.decode()
    assert "Erinnerung an den Termin am 01.12.2026, 10:00" in said


def test_pressed_twice_it_is_logged_once(as_user, cast, client):
    appointment, browser, token = tomorrow(client), as_user(cast.manager), str(uuid.uuid4())
    said = [press(browser, appointment, form_token=token) for _time in range(2)]
    assert ["Erfasst: Erinnerung gesendet." in text for text in said] == [True, True]
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("changes", [{"form_token": ""}, {"form_token": "x"}, {"language": "xx"}])
def test_a_garbled_form_writes_nothing_and_says_so(as_user, cast, client, changes):
    said = press(as_user(cast.manager), tomorrow(client), **changes)
    assert "Dieses Formular ist veraltet. Bitte öffnen Sie es neu." in said
    assert not Contact.objects.exists()


def test_a_stand_in_reminds_too_and_nobody_else(as_user, cast, client):
    appointment = tomorrow(client)
    press(as_user(cast.substitute), appointment)
    for name in ("colleague", "officer", "admin"):
        answer = as_user(cast.users[name]).post(url(appointment, "reminder_sent"), {})
        assert answer.status_code == 404
    assert Contact.objects.get().recorded_by == cast.substitute


def test_the_log_is_preset_as_an_attempt(as_user, cast, client):
    log = reverse("file_appointments:contact_new", args=[client.uuid])

    def preset(query):
        said = as_user(cast.manager).get(f"{log}?{query}").content.decode()
        checked = [tag for tag in re.findall(r"<input[^>]*>", said) if " checked" in tag]
        chosen = [re.search(r'name="(channel|result)" value="(\w+)"', tag) for tag in checked]
        return dict(found.groups() for found in chosen if found)

    assert preset("channel=phone&result=not_reached") == {"channel": "phone", "result": "not_reached"}
    assert preset("channel=message&result=sent") == {"channel": "message", "result": "sent"}
    assert preset("channel=phone&result=sent") == {"channel": "phone", "result": "talk"}
    assert preset("channel=phone") == {"channel": "phone", "result": "talk"}


def test_the_page_asks_as_often_with_ten_languages_as_with_one(as_user, cast, client):
    appointment, browser = tomorrow(client), as_user(cast.manager)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            page(browser, appointment)
        return len(captured)

    statements()
    one = statements()
    for code in ("ar", "fa", "ti", "uk", "ru", "fr", "tr", "so", "en"):
        ClientLanguageFactory(client=client, language=language(code))
    assert statements() == one


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_log_one_reminder(as_user, cast, client):
    appointment, token = tomorrow(client), str(uuid.uuid4())
    at_once(*[lambda: press(as_user(cast.manager), appointment, form_token=token)] * 2)
    assert Contact.objects.count() == 1


def test_the_administration_keeps_the_texts(as_user, cast):
    browser = as_user(cast.admin)
    row = ReminderText.objects.get(code="meeting-de")
    change = reverse("admin:appointments_remindertext_change", args=[row.pk])
    fields = {"valid_from": "", "valid_until": ""}
    refused = browser.post(change, {"text": "Am {date}, {ort}", **fields}).content.decode()
    assert "Ausgefüllt werden nur {date}, {time} und {place}, nicht {ort}." in html.unescape(refused)
    refused = browser.post(change, {"text": "Am {date}", **fields}).content.decode()
    assert "Es fehlt: {time}." in html.unescape(refused)
    assert browser.post(change, {"text": "Am {date} um {time}", **fields}).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.code, row.label_de) == (
        "Am {date} um {time}",
        "meeting-de",
        "Deutsch: Termin vor Ort",
    )


def test_a_further_language_is_added_once(as_user, cast):
    browser, add = as_user(cast.admin), reverse("admin:appointments_remindertext_add")
    fields = {"language": language("so").pk, "kind": "call", "text": "{date} {time}"}
    fields |= {"valid_from": "", "valid_until": ""}
    assert browser.post(add, fields).status_code == 302
    row = ReminderText.objects.get(language__code="so")
    assert (row.code, row.label_de) == ("call-so", "Somali: Anruf oder Video")
    assert "Für diese Sprache gibt es schon einen Text." in browser.post(add, fields).content.decode()


def test_loading_them_again_changes_nothing():
    from django.core.management import call_command

    ReminderText.objects.filter(code="meeting-de").update(text="Am {date} um {time}, anders")
    before = list(ReminderText.objects.values())
    call_command("load_catalogues", verbosity=0)
    assert list(ReminderText.objects.values()) == before
    assert len(before) == 30
