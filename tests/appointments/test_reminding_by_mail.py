"""A reminder by e-mail: only with consent, without content, in the outbox like any other mail, and on record."""

import datetime
import uuid

import pytest
from django.urls import reverse

from accounts.actor import Actor
from appointments.choices import AppointmentState, Channel, Result
from appointments.models import Appointment, Contact, ReminderText
from appointments.rules.contact import is_attempt
from appointments.services.contacts import fact_of
from clients.choices import PointKind
from clients.models import ContactPoint
from daily.models import MessageState
from daily.services import outbox
from documents.choices import ConsentKind
from documents.models import ClientMail, Consent
from documents.services.consents import revoke_consent
from tests.appointments.log_desk import reachable
from tests.daily import mail_server
from tests.factories.appointments import AppointmentFactory
from tests.factories.documents import ConsentFactory
from tests.worklists import derive

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 30, 9, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(minutes=20)
TODAY = NOW.date()
BUTTON = "Per E-Mail senden"


@pytest.fixture
def server(settings):
    with mail_server.served() as server:
        mail_server.use(settings, server.port)
        yield server


@pytest.fixture
def client(cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    client = reachable(cast.manager)
    ContactPoint.objects.create(
        client=client,
        kind=PointKind.EMAIL,
        value="familie@example.org",
        normalised="familie@example.org",
        since=NOW - datetime.timedelta(days=9),
    )
    return client


@pytest.fixture
def consent(client):
    return ConsentFactory(client=client, kind=ConsentKind.EMAIL, recipient="")


@pytest.fixture
def appointment(client):
    made = AppointmentFactory(
        client=client,
        starts_at=NOW + datetime.timedelta(days=1),
        place="Suchtberatung, Zimmer 3",
        channel=Channel.HOME_VISIT,
    )
    derive(client)
    return made


def url(appointment, name="appointment"):
    return reverse(f"file_appointments:{name}", args=[appointment.client.uuid, appointment.uuid])


def page(browser, appointment):
    return browser.get(url(appointment)).content.decode()


def press(browser, appointment, token=None):
    data = {"form_token": token or str(uuid.uuid4())}
    return browser.post(url(appointment, "reminder_mail"), data, follow=True).content.decode()


def send(at=LATER):
    tally = outbox.send_due(Actor.system("send_outbox", at))
    return tally.sent, tally.put_off, tally.given_up


def mail():
    return ClientMail.objects.get()


@pytest.mark.django_db(transaction=True)
def test_it_says_when_and_nothing_else(as_user, cast, client, consent, appointment, server):
    browser = as_user(cast.manager)
    assert BUTTON in page(browser, appointment)
    assert "innerhalb einer Viertelstunde" in press(browser, appointment)
    assert BUTTON not in page(browser, appointment), "none is sent twice"
    assert send() == (1, 0, 0)
    [(to, message)] = server.taken
    assert to == ["familie@example.org"]
    assert message["Subject"] == "Ihr Termin"
    text = message.get_content()
    assert "01.12.2026" in text
    assert "10:00" in text
    assert text.rstrip().endswith("Ihr Integrationsmanagement")
    assert "wir erinnern an Ihren Termin am 01.12.2026 um 10:00 Uhr." in text
    secrets = (
        "Suchtberatung",
        "Zimmer",
        "zu Ihnen nach Hause",
        client.case_no,
        client.surname,
        client.given_name,
    )
    assert [secret for secret in secrets if secret in str(message)] == []
    assert mail().state == MessageState.SENT
    assert "Erinnerung per E-Mail verschickt am 30.11.2026" in page(browser, appointment)


def test_it_is_one_attempt_in_the_log(as_user, cast, client, consent, appointment):
    browser, token = as_user(cast.manager), str(uuid.uuid4())
    press(browser, appointment, token)
    press(browser, appointment, token)
    assert "Diese Erinnerung wurde schon geschrieben." in press(browser, appointment)
    contact = Contact.objects.get()
    assert (contact.channel, contact.result) == (Channel.EMAIL, Result.SENT)
    assert is_attempt(fact_of(contact))
    assert mail().logged == contact.uuid


def test_without_consent_it_is_not_offered_and_not_sent(as_user, cast, client, appointment):
    browser = as_user(cast.manager)
    shown = page(browser, appointment)
    assert BUTTON not in shown
    assert f"{reverse('file_documents:consent_new', args=[client.uuid])}?kind=email" in shown
    assert "Dafür ist keine Einwilligung in Kraft" in press(browser, appointment)
    assert not ClientMail.objects.exists()
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda client: client.contact_points.filter(kind="email").update(may_use=False),
        lambda client: client.contact_points.filter(kind="email").update(until=NOW),
        lambda client: type(client).objects.filter(pk=client.pk).update(may_be_written=False),
    ],
)
def test_an_address_that_may_not_be_used_is_none(as_user, cast, client, consent, appointment, change):
    change(client)
    browser = as_user(cast.manager)
    assert BUTTON not in page(browser, appointment)
    assert "Es gibt keine E-Mail-Adresse, die genutzt werden darf." in press(browser, appointment)
    assert not Contact.objects.exists()


def test_a_revocation_tells_what_waits_and_stops_it(as_user, cast, client, consent, appointment):
    browser = as_user(cast.manager)
    press(browser, appointment)
    address = reverse("file_documents:consent_revoke", args=[client.uuid, consent.uuid])
    assert (
        "Die wartende Erinnerung an den 01.12.2026 wird nicht verschickt."
        in browser.get(address).content.decode()
    )
    answer = browser.post(address, {"form_token": str(uuid.uuid4()), "on": TODAY.isoformat()}, follow=True)
    assert "Eine wartende E-Mail wird nicht verschickt." in answer.content.decode()
    assert (mail().state, mail().last_error) == (MessageState.GIVEN_UP, "Stopped")
    assert Contact.objects.get().returned_at is not None
    assert "ging nicht hinaus" in page(browser, appointment)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        lambda client: Consent.objects.update(revoked_on=TODAY),
        lambda client: ContactPoint.objects.filter(kind="email").update(until=LATER),
        lambda client: Appointment.objects.update(state=AppointmentState.CANCELLED_US),
        lambda client: Appointment.objects.update(
            starts_at=NOW + datetime.timedelta(days=5), ends_at=NOW + datetime.timedelta(days=5, hours=1)
        ),
    ],
)
@pytest.mark.facts_by_hand
def test_it_is_asked_again_when_it_is_sent(as_user, cast, client, consent, appointment, server, change):
    press(as_user(cast.manager), appointment)
    change(client)
    assert send() == (0, 0, 1)
    assert server.taken == []
    assert Contact.objects.get().returned_at is not None


@pytest.mark.django_db(transaction=True)
def test_what_the_server_refuses_counts_as_returned_and_may_be_sent_again(
    as_user, cast, client, consent, appointment, server
):
    browser = as_user(cast.manager)
    press(browser, appointment)
    server.answers["RCPT"] = "550 nobody here"
    assert send() == (0, 0, 1)
    contact = Contact.objects.get()
    assert contact.returned_at is not None
    assert BUTTON in page(browser, appointment)


def test_without_texts_of_the_administration_nothing_is_sent(as_user, cast, client, consent, appointment):
    ReminderText.objects.all().delete()
    assert "keinen Erinnerungstext" in press(as_user(cast.manager), appointment)
    assert not Contact.objects.exists()


def test_a_revoked_consent_is_none_for_the_next_reminder(as_user, cast, client, consent, appointment):
    revoke_consent(Actor(cast.manager), consent, on=TODAY)
    assert BUTTON not in page(as_user(cast.manager), appointment)
