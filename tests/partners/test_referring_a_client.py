"""A client is sent on to a partner; the name goes along only with a release; the outcome is asked for."""

import datetime
import uuid
from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.actor import Actor
from audit.models import AuditEntry
from clients.health import grant_health
from clients.models import Client, DueItem, SpokenLanguage
from partners.models import Referral, ReferralStep
from partners.services.referrals import refer
from tests.factories.clients import ClientFactory
from tests.factories.documents import ConsentFactory
from tests.factories.network import (
    OfferFactory,
    OrganisationFactory,
    ReferralFactory,
    VolunteerFactory,
    kind,
)
from tests.worklists import derive

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast):
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee)


@pytest.fixture
def today():
    return timezone.localdate()


def url(name, client, *rows):
    return reverse(f"file_partners:{name}", args=[client.uuid, *(row.uuid for row in rows)])


def typed(to, **changes):
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "to": str(to.uuid),
        "way": "handed_out",
        "about": "Ratenzahlung klären",
        "recommended_on": timezone.localdate().isoformat(),
        **changes,
    }


def step(state, **changes):
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "state": state,
        "on": timezone.localdate().isoformat(),
        **changes,
    }


def test_an_offer_is_handed_out_without_any_consent(as_user, cast, client):
    offer = OfferFactory(title="Offene Sprechstunde Schulden")
    page = as_user(cast.manager).post(url("referral_new", client), typed(offer), follow=True).content.decode()
    assert f"Verweisung eingetragen: {offer.organisation}: Offene Sprechstunde Schulden." in page
    assert "Empfohlen" in page
    referral = Referral.objects.get()
    assert (referral.organisation, referral.offer, referral.kind.code) == (
        offer.organisation,
        offer,
        "debt_counselling",
    )
    assert referral.steps.count() == 1
    assert AuditEntry.objects.about(client.subject_ref).filter(action="referral.made").count() == 1


def test_a_name_is_passed_on_with_a_release_for_this_very_partner(as_user, cast, client):
    organisation = OrganisationFactory(name="Schuldnerberatung Beispielhaus")
    ConsentFactory(client=client, recipient="Jobcenter Beispielstadt")
    browser = as_user(cast.manager)
    post = typed(organisation, way="name_passed")
    answer = browser.post(url("referral_new", client), post)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "„Schweigepflichtentbindung“ für Schuldnerberatung Beispielhaus gilt an diesem Tag nicht." in page
    assert "Ratenzahlung klären" in page
    assert not Referral.objects.exists()
    consent = ConsentFactory(client=client, recipient="schuldnerberatung  BEISPIELHAUS")
    assert browser.post(url("referral_new", client), post).status_code == 302
    assert Referral.objects.get().consent == consent


def test_a_release_for_a_clinic_has_to_name_health(as_user, cast, client):
    organisation = OrganisationFactory(name="Klinik am Musterberg", kind=kind("health"))
    ConsentFactory(client=client, recipient="Klinik am Musterberg")
    browser = as_user(cast.manager)
    post = typed(organisation, way="name_passed")
    page = browser.post(url("referral_new", client), post).content.decode()
    assert "die Gesundheit nennt, gilt an diesem Tag nicht" in page
    ConsentFactory(client=client, recipient="Klinik am Musterberg", about_health=True)
    assert browser.post(url("referral_new", client), post).status_code == 302
    assert Referral.objects.get().about_health


def test_the_release_that_is_missing_is_recorded_from_the_referral_and_leads_back(as_user, cast, client):
    clinic = OrganisationFactory(name="Klinik am Musterberg", kind=kind("health"))
    browser = as_user(cast.manager)
    address = f"{url('referral_new', client)}?to={clinic.uuid}"
    key = browser.get(address).context["draft_key"]
    post = typed(clinic, way="name_passed", draft_key=key)
    refused = browser.post(address, post)
    release = refused.context["release_url"]
    assert escape(release) in refused.text
    assert "Musterberg" not in unquote(release)
    form = browser.get(release).context["form"]
    begun = {name: form[name].value() for name in ("kind", "recipient", "about_health", "mutual")}
    assert begun == {
        "kind": "release",
        "recipient": "Klinik am Musterberg",
        "about_health": True,
        "mutual": False,
    }
    said = {name: form[name].value() or "" for name in form.fields if form[name].value() is not False}
    saved = browser.post(release, {**said, "scope": "Termin", "purpose": "Behandlung", "explained": "on"})
    assert (saved.status_code, saved.url) == (302, address)
    back = browser.get(address).context["form"]
    assert back["about"].value() == "Ratenzahlung klären"
    assert browser.post(address, post).status_code == 302
    assert Referral.objects.get().consent.recipient == "Klinik am Musterberg"


def test_what_a_consent_begins_with_is_told_in_no_other_file(as_user, cast, client):
    other = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    browser = as_user(cast.manager)
    post = typed(OrganisationFactory(name="Klinik am Musterberg"), way="name_passed")
    release = browser.post(url("referral_new", client), post).context["release_url"]
    page = browser.get(release.replace(str(client.uuid), str(other.uuid)))
    assert page.status_code == 200
    assert "Klinik am Musterberg" not in page.text


def test_no_release_helps_where_a_volunteer_has_not_signed(as_user, cast, client):
    browser = as_user(cast.manager)
    volunteer = VolunteerFactory(municipality=cast.stutensee, name="Hilde Helferich")
    answer = browser.post(url("referral_new", client), typed(volunteer, way="name_passed"))
    assert "nicht unterschrieben" in answer.text
    assert answer.context["release_url"] == ""


def test_a_volunteer_learns_a_name_only_after_signing(as_user, cast, client, today):
    volunteer = VolunteerFactory(municipality=cast.stutensee, name="Hilde Helferich")
    ConsentFactory(client=client, kind="volunteer_sharing", recipient="Hilde Helferich")
    browser = as_user(cast.manager)
    post = typed(volunteer, way="name_passed")
    page = browser.post(url("referral_new", client), post).content.decode()
    assert "Diese Person hat die Verschwiegenheit noch nicht unterschrieben." in page
    volunteer.confidentiality_on = today
    volunteer.save()
    assert browser.post(url("referral_new", client), post).status_code == 302
    assert (Referral.objects.get().volunteer, Referral.objects.get().kind.code) == (volunteer, "volunteers")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": ""}, "Bitte „An wen“ auswählen."),
        ({"to": str(uuid.uuid4())}, "Auswahl"),
        ({"recommended_on": (timezone.localdate() + datetime.timedelta(days=1)).isoformat()}, "bis heute"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(as_user, cast, client, changes, said):
    answer = as_user(cast.manager).post(
        url("referral_new", client), {**typed(OrganisationFactory()), **changes}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Referral.objects.exists()


def test_the_outcome_is_asked_for_and_then_known(as_user, cast, client, today):
    referral = ReferralFactory(client=client, recommended_on=today - datetime.timedelta(days=20))
    derive(client)
    item = DueItem.objects.get(kind="referral_outcome")
    assert (item.due_on, item.step) == (today - datetime.timedelta(days=6), "recommended")
    browser = as_user(cast.manager)
    due = browser.get(reverse("file_reports:due", args=[client.uuid])).content.decode()
    assert "Verweisung empfohlen: Ist etwas daraus geworden?" in due
    assert referral.organisation.name not in due
    missing = browser.post(url("referral_step", client, referral), step("appointment"))
    assert "Bitte angeben, wann der Termin ist." in missing.content.decode()
    on = today + datetime.timedelta(days=4)
    browser.post(url("referral_step", client, referral), step("appointment", appointment_on=on.isoformat()))
    assert DueItem.objects.get(kind="referral_outcome").due_on == on + datetime.timedelta(days=3)
    browser.post(url("referral_step", client, referral), step("arrived"))
    assert not DueItem.objects.filter(kind="referral_outcome").exists()
    page = browser.get(url("referrals", client)).content.decode()
    assert "Angekommen" in page
    timeline = browser.get(reverse("clients:timeline", args=[client.uuid])).content.decode()
    for line in ("Verweisung: Empfohlen", "Verweisung: Termin vereinbart", "Verweisung: Angekommen"):
        assert line in timeline


def test_a_step_that_does_not_follow_is_refused(as_user, cast, client, today):
    referral = ReferralFactory(client=client)
    browser = as_user(cast.manager)
    earlier = (today - datetime.timedelta(days=1)).isoformat()
    page = browser.post(url("referral_step", client, referral), step("declined", on=earlier)).content.decode()
    assert "Das liegt vor dem, was zuletzt eingetragen wurde." in page
    browser.post(url("referral_step", client, referral), step("declined"))
    assert Referral.objects.get().state == "declined"
    page = browser.get(url("referral_step", client, referral)).content.decode()
    assert "Das Ergebnis dieser Verweisung steht fest." in page


def test_a_slip_is_taken_back_step_by_step_and_stays_in_the_timeline(as_user, cast, client):
    referral = ReferralFactory(client=client)
    browser = as_user(cast.manager)
    browser.post(url("referral_step", client, referral), step("arrived"))
    states = []
    for _ in range(3):
        browser.post(url("referral_take_back", client, referral))
        states.append(Referral.objects.get().state)
    assert states == ["recommended", "withdrawn", "withdrawn"]
    assert ReferralStep.objects.filter(withdrawn_at=None).count() == 0
    timeline = browser.get(reverse("clients:timeline", args=[client.uuid])).content.decode()
    assert "zurückgenommen" in timeline
    assert not Referral.objects.counted().exists()


def test_finding_begins_with_the_persons_language_and_town(as_user, cast, client):
    arabic = SpokenLanguage.objects.get(code="ar")
    Client.objects.filter(pk=client.pk).update(preferred_language=arabic)
    fitting = OfferFactory(title="Passt", municipality=cast.stutensee, speaks=[arabic])
    everywhere = OfferFactory(title="Überall", speaks=[arabic])
    OfferFactory(title="Andere Stadt", municipality=cast.pfinztal, speaks=[arabic])
    OfferFactory(title="Andere Sprache", speaks=[SpokenLanguage.objects.get(code="uk")])
    OfferFactory(title="Stillgelegt", speaks=[arabic], organisation__retired_on=timezone.localdate())
    browser = as_user(cast.manager)
    page = browser.get(url("referral_find", client)).content.decode()
    said = {
        title
        for title in ("Passt", "Überall", "Andere Stadt", "Andere Sprache", "Stillgelegt")
        if title in page
    }
    assert said == {"Passt", "Überall"}
    everything = browser.get(url("referral_find", client) + "?topic=").content.decode()
    assert "Andere Sprache" in everything
    form = browser.get(url("referral_new", client) + f"?to={fitting.uuid}").content.decode()
    assert f'value="{fitting.uuid}" selected' in form
    assert str(everywhere.uuid) in form


def test_a_stand_in_refers_but_reads_no_health_without_a_reason(as_user, cast, client):
    open_one = ReferralFactory(client=client)
    secret = ReferralFactory(
        client=client, organisation__name="Lichtblick", organisation__kind=kind("health"), about_health=True
    )
    derive(client)
    browser = as_user(cast.substitute)
    page = browser.get(url("referrals", client)).content.decode()
    assert (open_one.organisation.name in page, "Lichtblick" in page) == (True, False)
    assert browser.get(url("referral_step", client, secret)).status_code == 404
    assert browser.post(url("referral_step", client, open_one), step("declined")).status_code == 302
    grant_health(Actor(cast.substitute), client, reason="Anruf der Klinik")
    assert "Lichtblick" in browser.get(url("referrals", client)).content.decode()


def test_nobody_else_refers(cast, client):
    referral = Referral(
        client=client, organisation=OrganisationFactory(), recommended_on=timezone.localdate()
    )
    for who in (cast.colleague, cast.officer, cast.coordinator):
        with pytest.raises(PermissionDenied):
            refer(Actor(who), referral)


def test_the_same_form_sent_twice_is_one_referral(as_user, cast, client):
    browser = as_user(cast.manager)
    post = typed(OrganisationFactory())
    for _ in range(2):
        assert browser.post(url("referral_new", client), post).status_code == 302
    assert Referral.objects.count() == 1


def test_the_last_step_sent_twice_is_one_step(as_user, cast, client):
    referral = ReferralFactory(client=client)
    browser = as_user(cast.manager)
    address = reverse("file_partners:referral_step", args=[client.uuid, referral.uuid])
    token = browser.get(address).context["form"]["form_token"].value()
    post = {"state": "declined", "on": timezone.localdate(), "form_token": token, "version": "1"}
    first, second = browser.post(address, post), browser.post(address, post)
    assert (second.status_code, second.url) == (302, first.url)
    assert [step.state for step in referral.steps.all()][1:] == ["declined"]
    other = browser.post(address, {**post, "note": "Kein Platz frei"})
    assert other.status_code == 409
    assert "Kein Platz frei" in other.text
    assert referral.steps.count() == 2


def test_whoever_closes_the_file_sees_what_is_open(as_user, cast, client):
    referral = ReferralFactory(client=client)
    page = as_user(cast.manager).get(reverse("clients:close", args=[client.uuid])).content.decode()
    assert "Offene Verweisungen" in page
    assert referral.organisation.name in page
