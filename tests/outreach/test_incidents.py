"""Vorfälle: read by whom they happened to, counted by the coordination, and never joined to a file."""

import datetime

import pytest

from audit.models import AuditEntry
from outreach.models import Incident
from tests.outreach.outreach_desk import fill
from tests.outreach.visit_desk import plain

pytestmark = pytest.mark.django_db
NEW = "/visits/incidents/new/"


@pytest.fixture(autouse=True)
def today(clock):
    clock("2019-03-18 17:00")


def report(browser, address=NEW, **typed):
    said = {
        "kind": "dog",
        "place": "Treppenhaus",
        "happened": "Ein Hund ohne Leine hat mich gebissen.",
        "informed": "Unfallkasse",
    }
    return fill(browser, address, **{**said, **typed})


def test_an_incident_is_kept_and_read_by_its_author_alone(by, cast, as_user):
    browser = as_user(by)
    sent = report(browser)
    assert sent.status_code == 302
    incident = Incident.objects.unscoped(reason="test").get()
    assert "Ein Hund ohne Leine" in plain(browser.get(sent.url))
    assert "Treppenhaus" in plain(browser.get("/visits/incidents/"))
    for other in (cast.colleague, cast.substitute):
        assert as_user(other).get(incident.get_absolute_url()).status_code == 404
        assert "Treppenhaus" not in plain(as_user(other).get("/visits/incidents/"))
    for other in (cast.officer, cast.coordinator, cast.admin):
        assert as_user(other).get(incident.get_absolute_url()).status_code == 403


def test_the_coordination_counts_by_month_and_kind_without_text(by, cast, as_user):
    report(as_user(by))
    report(as_user(by), happened="Noch einer.")
    report(as_user(cast.colleague), kind="threat", day="2019-02-11")
    page = as_user(cast.coordinator).get("/visits/incidents/")
    assert page.context["months"] == [
        (datetime.date(2019, 3, 1), [0, 0, 2, 0]),
        (datetime.date(2019, 2, 1), [1, 0, 0, 0]),
    ]
    text = plain(page)
    assert "Treppenhaus" not in text
    assert "Rehbaum" not in text


def test_an_officer_of_a_town_counts_none(cast, as_user):
    assert as_user(cast.officer).get("/visits/incidents/").status_code == 403


def test_from_a_file_it_offers_a_safety_note_there(client, by, cast, as_user):
    sent = report(as_user(by), f"{NEW}?file={client.uuid}")
    assert sent.url.endswith(f"?file={client.uuid}")
    text = plain(as_user(by).get(sent.url))
    assert f'href="/clients/{client.uuid}/safety/new/"' in text
    stranger = as_user(cast.colleague)
    report(stranger, f"{NEW}?file={client.uuid}")
    assert "Sicherheitshinweis setzen" not in plain(stranger.get("/visits/incidents/"))
    named = {field.related_model for field in Incident._meta.get_fields() if field.is_relation}
    assert type(client) not in named


def test_what_cannot_be_is_said_at_its_field(by, as_user):
    sent = report(as_user(by), day="2019-03-19", happened="")
    assert sent.status_code == 422
    assert set(sent.context["form"].errors) == {"day", "happened"}


def test_the_log_of_accesses_keeps_no_text(by, as_user):
    report(as_user(by))
    entry = AuditEntry.objects.get(action="incident.reported")
    assert sorted(entry.fields) == ["day", "kind"]
    assert entry.subject_ref is None
