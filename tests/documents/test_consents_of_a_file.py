"""A consent is recorded, told before it ends, revoked with its consequences shown, and asked for where we send."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.records import StaleRecord
from accounts.rules.calendar import add_months
from audit.models import AuditEntry
from clients.health import grant_health
from clients.models import AccessSource, Client
from documents.choices import ConsentKind
from documents.models import Consent, InformationGiven
from documents.rules.consent import TOLD_AFTER, TOLD_BEFORE, Given, holds_on, is_followed
from documents.services.consents import (
    ConsentMissing,
    record_consent,
    reinstate_consent,
    require_consent,
    revoke_consent,
)
from tests.factories.clients import ClientFactory
from tests.factories.documents import ConsentFactory, DocumentFactory
from tests.worklists import derive

pytestmark = pytest.mark.django_db
DAYS = st.dates(datetime.date(2018, 1, 1), datetime.date(2030, 12, 31))


@pytest.fixture
def client(cast):
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee)


@pytest.fixture
def today():
    return timezone.localdate()


def url(name, client, *rows):
    return reverse(f"file_documents:{name}", args=[client.uuid, *(row.uuid for row in rows)])


def typed(**changes):
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "kind": "release",
        "recipient": "Jobcenter, Frau Sommer",
        "scope": "Stand des Antrags",
        "purpose": "Antrag klären",
        "how": "written",
        "given_on": timezone.localdate().isoformat(),
        **changes,
    }


def test_it_is_recorded_with_all_it_must_say(as_user, cast, client):
    browser = as_user(cast.manager)
    answer = browser.post(
        url("consent_new", client), typed(about_health="on", mutual="on", explained="on"), follow=True
    )
    page = answer.content.decode()
    assert "Einwilligung festgehalten: Schweigepflichtentbindung: Jobcenter, Frau Sommer." in page
    assert "Ausdrücklich genannt: Gesundheit" in page
    consent = Consent.objects.get()
    assert (consent.recorded_by, consent.special, consent.mutual) == (cast.manager, ["Gesundheit"], True)
    entry = AuditEntry.objects.about(client.subject_ref).filter(action="consent.given")
    assert entry.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"recipient": ""}, "recipient", "Bitte nennen Sie, für wen sie gilt"),
        ({"scope": ""}, "scope", ""),
        ({"given_on": "2100-01-01"}, "given_on", ""),
        ({"valid_until": "2018-01-01"}, "valid_until", "Das Ende liegt vor dem Beginn."),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(as_user, cast, client, changes, field, said):
    answer = as_user(cast.manager).post(url("consent_new", client), typed(**changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert said in answer.context["form"].errors[field][0]
    assert not Consent.objects.exists()


def test_the_signed_sheet_is_chosen_by_what_it_is_called_and_opened_from_its_consent(as_user, cast, client):
    sheet = DocumentFactory(client=client, description="Entbindung Jobcenter")
    DocumentFactory(client=client, description="Attest", about_health=True)
    stand_in = as_user(cast.substitute)
    choices = [
        label
        for _key, label in stand_in.get(url("consent_new", client)).context["form"].fields["document"].choices
    ]
    assert choices[1:] == ["Entbindung Jobcenter"]
    browser = as_user(cast.manager)
    browser.post(url("consent_new", client), typed(document=sheet.pk))
    address = reverse("file_documents:document", args=[client.uuid, sheet.uuid])
    assert address in browser.get(url("consents", client)).content.decode()


def test_what_we_ask_for_ourselves_needs_no_recipient(as_user, cast, client):
    browser = as_user(cast.manager)
    assert browser.post(url("consent_new", client), typed(kind="email", recipient="")).status_code == 302


def test_before_it_is_revoked_its_consequences_are_told(as_user, cast, client, today):
    release = ConsentFactory(client=client, mutual=True)
    ConsentFactory(client=client, kind=ConsentKind.EMAIL, recipient="")
    browser = as_user(cast.manager)
    page = browser.get(url("consent_revoke", client, release)).content.decode()
    assert "Jobcenter Beispielstadt erfährt von uns nichts mehr." in page
    assert "Jobcenter Beispielstadt darf auch uns nichts mehr mitteilen." in page
    assert "Diese gelten weiter, bis sie einzeln widerrufen werden: Erinnerungen per E-Mail." in page
    assert "Was bis dahin geschah, bleibt rechtmäßig." in page
    assert Consent.objects.in_force(today).count() == 2, "looking revokes nothing"


def test_it_is_revoked_dated_and_taken_back(as_user, cast, client, today):
    consent = ConsentFactory(client=client)
    browser = as_user(cast.manager)
    day = today - datetime.timedelta(days=2)
    answer = browser.post(
        url("consent_revoke", client, consent),
        {"form_token": str(uuid.uuid4()), "on": day.isoformat()},
        follow=True,
    )
    page = answer.content.decode()
    assert url("consent_reinstate", client, consent) in page
    assert f"widerrufen am {day:%d.%m.%Y}" in page
    stored = Consent.objects.get()
    assert (stored.revoked_on, stored.revoked_by) == (day, cast.manager)
    assert not stored.holds_on(day)
    assert stored.holds_on(day - datetime.timedelta(days=1))
    assert (
        "Einwilligung widerrufen"
        in browser.get(reverse("clients:timeline", args=[client.uuid])).content.decode()
    )

    browser.post(url("consent_reinstate", client, consent))
    assert Consent.objects.in_force(today).count() == 1


def test_a_revocation_of_an_earlier_day_stays(as_user, cast, client, today):
    consent = ConsentFactory(client=client, given_on=today - datetime.timedelta(days=90))
    yesterday = timezone.now() - datetime.timedelta(days=1)
    Consent.objects.update(revoked_on=today, revoked_at=yesterday, revoked_by=cast.manager)
    answer = as_user(cast.manager).post(url("consent_reinstate", client, consent), follow=True)
    assert "nur am selben Tag" in answer.content.decode()
    assert Consent.objects.get().revoked_at == yesterday


def test_a_stand_in_with_a_grant_corrects_but_never_unmarks_what_is_about_health(as_user, cast, client):
    sheet = DocumentFactory(client=client, about_health=True)
    consent = ConsentFactory(client=client, about_health=True)
    Consent.objects.update(document=sheet)
    grant_health(Actor(cast.substitute), client, reason="Anruf der Klinik")
    edit = url("consent_edit", client, consent)
    answer = as_user(cast.substitute).post(edit, typed())
    assert answer.status_code == 422
    assert "Nur die zuständige Person" in answer.content.decode()
    assert Consent.objects.get().about_health
    assert as_user(cast.substitute).post(edit, typed(about_health="on")).status_code == 302
    answer = as_user(cast.manager).post(edit, typed(version="2"))
    assert answer.status_code == 302
    assert not Consent.objects.get().about_health


def test_a_sheet_the_reader_may_not_know_of_stays_with_its_consent(as_user, cast, client):
    sheet = DocumentFactory(client=client, about_health=True)
    consent = ConsentFactory(client=client)
    Consent.objects.update(document=sheet)
    assert as_user(cast.substitute).post(url("consent_edit", client, consent), typed()).status_code == 302
    assert Consent.objects.get().document == sheet


@pytest.mark.parametrize("shift", [1, -30])
def test_it_cannot_be_revoked_ahead_or_before_it_was_given(as_user, cast, client, today, shift):
    consent = ConsentFactory(client=client)
    on = (today + datetime.timedelta(days=shift)).isoformat()
    answer = as_user(cast.manager).post(
        url("consent_revoke", client, consent), {"form_token": str(uuid.uuid4()), "on": on}
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["on"]
    assert Consent.objects.get().revoked_on is None


def test_a_stand_in_hears_a_revocation(cast, client, today):
    consent = ConsentFactory(client=client)
    revoke_consent(Actor(cast.substitute), consent, on=today)
    assert Consent.objects.get().revoked_by == cast.substitute


def test_in_a_closed_file_it_can_be_revoked_and_nothing_else_is_written(as_user, cast, client, today):
    consent = ConsentFactory(client=client, recipient="Jobcenter Beispielstadt")
    Client.objects.filter(pk=client.pk).update(phase="closed")
    manager = as_user(cast.manager)
    page = manager.get(url("consents", client)).content.decode()
    revoke = url("consent_revoke", client, consent)
    assert revoke in page
    assert f'href="{url("consent_edit", client, consent)}"' not in page
    assert url("consent_new", client) not in page
    assert "Jobcenter Beispielstadt" in manager.get(revoke).content.decode()
    answer = manager.post(revoke, {"form_token": str(uuid.uuid4()), "on": today.isoformat()})
    assert answer.status_code == 302
    assert Consent.objects.get(pk=consent.pk).revoked_on == today
    assert Client.objects.get(pk=client.pk).phase == "closed"
    assert AuditEntry.objects.filter(action="consent.revoked", subject_ref=client.subject_ref).count() == 1
    manager.post(url("consent_reinstate", client, consent))
    assert Consent.objects.get(pk=consent.pk).revoked_on is None
    assert manager.post(url("consent_edit", client, consent), typed()).status_code == 403
    assert as_user(cast.colleague).get(revoke).status_code == 404


def test_where_we_send_somebody_has_to_have_allowed_it(client, today):
    with pytest.raises(ConsentMissing, match="Dafür ist keine Einwilligung in Kraft"):
        require_consent(client, ConsentKind.RELEASE, on=today, recipient="Jobcenter Beispielstadt")
    consent = ConsentFactory(client=client)
    found = require_consent(client, ConsentKind.RELEASE, on=today, recipient=" jobcenter  BEISPIELSTADT ")
    assert found == consent
    for wanted in (
        {"recipient": "Schule"},
        {"special": ["about_health"]},
        {"on": today - datetime.timedelta(days=11)},
    ):
        with pytest.raises(ConsentMissing):
            require_consent(client, ConsentKind.RELEASE, **{"on": today, **wanted})
    other = ClientFactory(manager=client.manager, municipality=client.municipality)
    with pytest.raises(ConsentMissing):
        require_consent(other, ConsentKind.RELEASE, on=today)


def lines(browser, client):
    return browser.get(reverse("file_reports:due", args=[client.uuid])).content.decode()


@pytest.mark.parametrize(("left", "is_told"), [(31, False), (30, True), (0, True), (-14, True), (-15, False)])
def test_thirty_days_before_it_ends_it_waits_in_the_day(as_user, cast, client, today, left, is_told):
    consent = ConsentFactory(client=client, valid_until=None, given_on=today - datetime.timedelta(days=90))
    Consent.objects.filter(pk=consent.pk).update(valid_until=today + datetime.timedelta(days=left))
    derive(client)
    assert ("Schweigepflichtentbindung“" in lines(as_user(cast.manager), client)) == is_told


def test_a_renewed_or_revoked_consent_waits_no_more(as_user, cast, client, today):
    consent = ConsentFactory(client=client, valid_until=today + datetime.timedelta(days=5))
    derive(client)
    browser = as_user(cast.manager)
    assert f"?renews={consent.uuid}" in lines(browser, client)
    form = browser.get(f"{url('consent_new', client)}?renews={consent.uuid}").context["form"]
    assert form["recipient"].value() == "Jobcenter Beispielstadt"
    record_consent(
        Actor(cast.manager),
        Consent(
            client=client,
            kind="release",
            recipient="jobcenter beispielstadt",
            scope="x",
            purpose="x",
            how="oral",
            given_on=today,
            valid_until=add_months(today, 12),
        ),
    )
    assert "renews" not in lines(browser, client)


def test_a_consent_about_health_does_not_exist_for_a_stand_in_without_a_reason(as_user, cast, client, today):
    consent = ConsentFactory(
        client=client,
        recipient="Suchtklinik",
        about_health=True,
        valid_until=today + datetime.timedelta(days=3),
    )
    derive(client)
    browser = as_user(cast.substitute)
    pages = [
        url("consents", client),
        client.get_absolute_url(),
        reverse("clients:timeline", args=[client.uuid]),
    ]
    for page in pages:
        assert "Suchtklinik" not in browser.get(page).content.decode()
    assert "renews" not in lines(browser, client)
    assert browser.get(url("consent_revoke", client, consent)).status_code == 404
    renewing = browser.get(f"{url('consent_new', client)}?renews={consent.uuid}").content.decode()
    assert "Suchtklinik" not in renewing
    grant_health(Actor(cast.substitute), client, reason="Anruf der Klinik")
    for page in pages:
        assert "Suchtklinik" in browser.get(page).content.decode()
    assert "renews" in lines(browser, client)


@pytest.mark.parametrize(("source", "article"), [("self", "13"), ("allocation", "14"), ("", "14")])
def test_who_was_never_informed_has_a_quiet_line(as_user, cast, client, source, article):
    client.source = AccessSource.objects.filter(code=source).first()
    client.save(update_fields=["source"])
    browser = as_user(cast.manager)
    page = browser.get(client.get_absolute_url()).content.decode()
    assert f"Art. {article} DSGVO" in page
    form = browser.get(url("information_new", client)).context["form"]
    assert form["article"].value() == article
    post = {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "article": article,
        "how": "sheet",
        "given_on": timezone.localdate().isoformat(),
    }
    assert browser.post(url("information_new", client), post).status_code == 302
    assert InformationGiven.objects.get().article == article
    assert "DSGVO)" not in browser.get(client.get_absolute_url()).content.decode()


def test_reinstating_what_was_never_revoked_changes_nothing(cast, client):
    consent = ConsentFactory(client=client)
    reinstate_consent(Actor(cast.manager), consent)
    assert Consent.objects.get().version == consent.version


@given(DAYS, st.none() | DAYS, st.none() | DAYS, DAYS)
def test_it_holds_exactly_from_its_day_until_its_end(given_on, until, revoked_on, day):
    given = Given(given_on, until, revoked_on)
    expected = given_on <= day
    expected &= until is None or day <= until
    expected &= revoked_on is None or day < revoked_on
    assert holds_on(given, day) is bool(expected)


@given(DAYS, DAYS, st.none() | DAYS)
def test_what_follows_takes_over_without_a_gap_longer_than_the_line_stands(until, given_on, later_until):
    ends = Given(min(until, given_on), until)
    later = Given(given_on, later_until)
    if is_followed(ends, later):
        assert later.given_on <= until + TOLD_AFTER
        assert later_until is None or later_until > until
        assert later.revoked_on is None
    assert TOLD_BEFORE.days == 30


def test_a_revocation_that_somebody_else_saved_first_is_said_on_the_form(as_user, cast, client, monkeypatch):
    consent = ConsentFactory(client=client)

    def meanwhile(*args, **kwargs):
        raise StaleRecord(consent)

    monkeypatch.setattr("documents.services.consents.revoke_consent", meanwhile)
    answer = as_user(cast.manager).post(
        url("consent_revoke", client, consent),
        {"form_token": str(uuid.uuid4()), "on": timezone.localdate().isoformat()},
    )
    assert answer.status_code == 409
    assert "inzwischen jemand anderes" in answer.text
