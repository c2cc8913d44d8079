"""A talk with somebody else about the client is always saved, and asks what allowed it."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.models import Contact, ContactVersion
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db
MISSING = "Grundlage nicht festgehalten"


@pytest.fixture
def client(cast):
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee)


def url(name, client, *rows):
    return reverse(f"file_appointments:{name}", args=[client.uuid, *(row.uuid for row in rows)])


def typed(**changes):
    return {
        "form_token": str(uuid.uuid4()),
        "channel": "phone",
        "result": "talk",
        "spoken_with": "third_party",
        "organisation": "Jobcenter",
        "minutes": "10",
        "date": (timezone.localdate() - datetime.timedelta(days=1)).isoformat(),
        **changes,
    }


def log(browser, client, **changes):
    assert browser.post(url("contact_new", client), typed(**changes)).status_code == 302
    return Contact.objects.get()


def test_unanswered_it_is_saved_and_missing(as_user, cast, client):
    browser = as_user(cast.manager)
    contact = log(browser, client)
    assert (contact.basis, contact.basis_on) == ("", None)
    assert MISSING in browser.get(url("contact", client, contact)).content.decode()
    assert MISSING in browser.get(reverse("clients:timeline", args=[client.uuid])).content.decode()


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ("present", "Klient:in war dabei"),
        ("release", "Schriftlich erlaubt"),
        ("no_data", "Ohne Personendaten"),
    ],
)
def test_what_allowed_it_is_read_in_the_file(as_user, cast, client, basis, said):
    browser = as_user(cast.manager)
    contact = log(browser, client, basis=basis, basis_on="2026-01-01")
    assert (contact.basis, contact.basis_on) == (basis, None)
    page = browser.get(url("contact", client, contact)).content.decode()
    assert said in page
    assert MISSING not in page


def test_an_oral_consent_has_a_day_which_is_that_of_the_talk_unless_said(as_user, cast, client):
    browser = as_user(cast.manager)
    contact = log(browser, client, basis="oral")
    assert contact.basis_on == contact.happened_on
    other = timezone.localdate() - datetime.timedelta(days=20)
    browser.post(
        url("contact_correct", client, contact),
        typed(basis="oral", basis_on=other.isoformat(), version=contact.version),
    )
    contact.refresh_from_db()
    assert contact.basis_on == other
    assert ContactVersion.objects.get().basis_on == ContactVersion.objects.get().happened_on
    page = browser.get(url("contact", client, contact)).content.decode()
    assert f"mündlich zugestimmt am {other:%d.%m.%Y}" in page


def test_a_talk_with_the_client_has_no_basis(as_user, cast, client):
    browser = as_user(cast.manager)
    answer = browser.post(
        url("contact_new", client),
        typed(
            spoken_with="client", organisation="", result="not_reached", basis="oral", basis_on="2026-01-01"
        ),
    )
    assert answer.status_code == 302
    contact = Contact.objects.get()
    assert (contact.basis, contact.basis_on) == ("", None)
    assert MISSING not in browser.get(url("contact", client, contact)).content.decode()
