"""Everybody in the service keeps the network of the district; officers curate it."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from clients.models import Draft, SpokenLanguage, Topic
from partners.models import ContactPerson, Offer, Organisation, Referral, Volunteer
from partners.services import network as services
from tests.access.typing import typed_form
from tests.factories.clients import ClientFactory
from tests.factories.network import (
    ContactPersonFactory,
    MeetingFactory,
    OfferFactory,
    OrganisationFactory,
    ReferralFactory,
    VolunteerFactory,
    kind,
)

pytestmark = [pytest.mark.django_db, pytest.mark.facts_by_hand]


def typed(**values):
    return {"form_token": str(uuid.uuid4()), "version": "1", **values}


def new(name, *rows):
    return reverse(f"network:{name}", args=[row.uuid for row in rows])


def test_a_manager_enters_an_organisation_and_what_it_offers(as_user, cast):
    browser = as_user(cast.manager)
    post = typed(
        kind=kind().pk,
        name="Schuldnerberatung Beispielhaus",
        town="Bruchsal",
        phone="0721 608 1234",
        website="beispielhaus.example/schulden",
    )
    browser.post(new("organisation_new"), post)
    organisation = Organisation.objects.get()
    assert (organisation.website, organisation.confirmed_by) == (
        "https://beispielhaus.example/schulden",
        cast.manager,
    )
    languages = [str(SpokenLanguage.objects.get(code=code).pk) for code in ("ar", "tr")]
    finance = Topic.objects.get(code="finance")
    post = typed(title="Sprechstunde", topic=finance.pk, capacity="6", languages=languages)
    browser.post(new("offer_new", organisation), post)
    page = as_user(cast.officer_elsewhere).get(organisation.get_absolute_url()).content.decode()
    for said in ("Sprechstunde", "Arabisch", "Türkisch", "ganzer Landkreis", "6 Plätze", "Finanzen"):
        assert said in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Bitte „Name“ ausfüllen."),
        ("phone", "keine Nummer", "Das ist keine Telefonnummer"),
        ("website", "javascript:alert(1)", "id_website_error"),
        ("email", "nicht@", "id_email_error"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(as_user, cast, field, value, said):
    post = typed(kind=kind().pk, name="Beispielhaus", note="Bitte klingeln")
    answer = as_user(cast.manager).post(new("organisation_new"), {**post, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Bitte klingeln" in page
    assert not Organisation.objects.exists()


def test_an_organisation_is_entered_once_in_a_town(as_user, cast):
    there = OrganisationFactory(name="Beispielhaus", town="Bruchsal")
    post = typed(kind=kind().pk, name="Beispielhaus", town="Bruchsal")
    answer = as_user(cast.manager).post(new("organisation_new"), post)
    assert "In diesem Ort gibt es schon eine Organisation dieses Namens." in answer.content.decode()
    services.retire(Actor(cast.officer), there)
    assert as_user(cast.manager).post(new("organisation_new"), post).status_code == 302


def test_what_nobody_confirmed_for_a_year_is_flagged_until_somebody_does(as_user, cast):
    old = timezone.localdate() - datetime.timedelta(days=400)
    organisation = OrganisationFactory(name="Altes Haus", confirmed_on=old)
    OrganisationFactory(name="Neues Haus")
    browser = as_user(cast.manager)
    page = browser.get(new("list") + "?stale=1").content.decode()
    assert ("Altes Haus" in page, "Neues Haus" in page) == (True, False)
    assert "nicht bestätigt seit" in page
    browser.post(new("organisation_confirm", organisation))
    assert not Organisation.objects.stale(timezone.localdate()).exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Eins", "Zwei", "Drei"}),
        ("?topic=finance", {"Eins"}),
        ("?language=ar", {"Eins", "Zwei"}),
        ("?language=ar&place=PFI", {"Eins"}),
        ("?kind=association", {"Drei"}),
        ("?kind=nonsense", {"Eins", "Zwei", "Drei"}),
    ],
)
def test_it_is_found_by_need_language_and_place(as_user, cast, query, found):
    arabic = SpokenLanguage.objects.get(code="ar")
    topics = {code: Topic.objects.get(code=code) for code in ("finance", "health")}
    OfferFactory(organisation__name="Eins", topic=topics["finance"], speaks=[arabic])
    OfferFactory(
        organisation__name="Zwei", topic=topics["health"], municipality=cast.stutensee, speaks=[arabic]
    )
    OrganisationFactory(name="Drei", kind=kind("association"))
    page = as_user(cast.officer).get(new("list") + query).content.decode()
    assert {name for name in ("Eins", "Zwei", "Drei") if f">{name}</a>" in page} == found


def test_long_lists_come_in_pages(as_user, cast):
    for number in range(60):
        OrganisationFactory(name=f"Haus {number:02}")
    browser = as_user(cast.manager)
    first = browser.get(new("list")).content.decode()
    last = Organisation.objects.order_by("name")[49]
    assert (">Haus 49</a>" in first, ">Haus 50</a>" in first, str(last.uuid) in first) == (True, False, True)
    second = browser.get(new("list") + f"?after={last.uuid}").content.decode()
    assert (">Haus 49</a>" in second, ">Haus 50</a>" in second, ">Haus 59</a>" in second) == (
        False,
        True,
        True,
    )


def test_two_entries_of_one_organisation_become_one(cast):
    twice, kept = OrganisationFactory(), OrganisationFactory()
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    same, there = (
        OfferFactory(organisation=twice, title="Kurs"),
        OfferFactory(organisation=kept, title="Kurs"),
    )
    moved = OfferFactory(organisation=twice, title="Café")
    person = ContactPersonFactory(organisation=twice)
    meeting = MeetingFactory()
    meeting.organisations.set([twice])
    referral = ReferralFactory(client=client, organisation=twice, offer=same)
    services.merge(Actor(cast.officer), twice, kept)
    for row in (moved, person, referral, twice):
        row.refresh_from_db()
    assert (moved.organisation, person.organisation, referral.organisation) == (kept, kept, kept)
    assert (referral.offer, list(meeting.organisations.all())) == (there, [kept])
    assert (twice.merged_into, twice.retired_on) == (kept, timezone.localdate())
    assert list(twice.offers.all()) == []


def test_managers_do_not_curate(cast):
    organisation = OrganisationFactory()
    actor = Actor(cast.manager)
    with pytest.raises(PermissionDenied):
        services.retire(actor, organisation)
    with pytest.raises(PermissionDenied):
        services.merge(actor, organisation, OrganisationFactory())
    with pytest.raises(PermissionDenied):
        services.remove_person(actor, ContactPersonFactory(organisation=organisation))
    with pytest.raises(PermissionDenied):
        services.erase_volunteer(actor, VolunteerFactory(municipality=cast.stutensee))
    assert ContactPerson.objects.count() == Volunteer.objects.count() == 1


def test_out_of_use_and_back(as_user, cast):
    organisation = OrganisationFactory(name="Haus am Markt")
    OfferFactory(organisation=organisation, title="Sprechstunde")
    browser = as_user(cast.officer)
    page = browser.post(new("organisation_retire", organisation), follow=True).content.decode()
    assert "Dorthin wird nicht mehr verwiesen" in page
    assert not Offer.objects.on(timezone.localdate()).exists()
    browser.post(new("organisation_reinstate", organisation))
    assert Organisation.objects.current().get() == organisation


def test_volunteers_are_known_in_their_own_town_and_erased_on_request(as_user, cast):
    volunteer = VolunteerFactory(municipality=cast.stutensee, name="Hilde Helferich")
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    referral = ReferralFactory(client=client, organisation=None, volunteer=volunteer, kind=kind("volunteers"))
    assert "Hilde Helferich" in as_user(cast.manager).get(new("volunteers")).content.decode()
    for stranger in (cast.outsider, cast.officer_elsewhere):
        browser = as_user(stranger)
        assert "Hilde Helferich" not in browser.get(new("volunteers")).content.decode()
        assert browser.get(volunteer.get_absolute_url()).status_code == 404
    as_user(cast.officer).post(new("volunteer_erase", volunteer))
    assert not Volunteer.objects.exists()
    referral = Referral.objects.get()
    assert referral.partner == "Ehrenamt (Eintrag gelöscht)"


def test_the_number_of_statements_does_not_grow_with_the_network(as_user, cast):
    arabic = SpokenLanguage.objects.get(code="ar")
    browser = as_user(cast.manager)

    def asked(page):
        browser.get(page)
        with CaptureQueriesContext(connection) as captured:
            browser.get(page)
        return len(captured)

    def one_more():
        offer = OfferFactory(municipality=cast.stutensee, speaks=[arabic])
        VolunteerFactory(municipality=cast.stutensee, organisation=offer.organisation).languages.set([arabic])

    one_more()
    before = [asked(new("list")), asked(new("volunteers"))]
    for _ in range(20):
        one_more()
    assert [asked(new("list")), asked(new("volunteers"))] == before


@pytest.mark.parametrize("how", ["corrected", "merged"])
def test_referrals_to_what_turns_out_to_be_a_health_partner_are_protected(cast, as_user, how):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    referred = OrganisationFactory(name="Lichtblick Sucht")
    ReferralFactory(client=client, organisation=referred)
    timeline = reverse("clients:timeline", args=[client.uuid])
    assert "Lichtblick Sucht" in as_user(cast.substitute).get(timeline).text
    if how == "corrected":
        referred.kind = kind("health")
        services.keep_organisation(Actor(cast.officer), referred, expected_version=referred.version)
    else:
        other = OrganisationFactory(name="Lichtblick Sucht und Beratung", kind=kind("health"))
        services.merge(Actor(cast.officer), referred, other)
    assert "Lichtblick Sucht" not in as_user(cast.substitute).get(timeline).text
    assert "Lichtblick Sucht" in as_user(cast.manager).get(timeline).text


def test_two_entries_are_not_merged_into_each_other(cast):
    one, other = OrganisationFactory(), OrganisationFactory()
    services.merge(Actor(cast.officer), one, other)
    with pytest.raises(ValidationError):
        services.merge(
            Actor(cast.officer), Organisation.objects.get(pk=other.pk), OrganisationFactory.build(pk=one.pk)
        )
    assert Organisation.objects.get(pk=other.pk).retired_on is None


def test_what_was_typed_about_an_erased_volunteer_is_erased(cast, as_user):
    volunteer = VolunteerFactory(municipality=cast.stutensee)
    browser = as_user(cast.manager)
    form = typed_form(browser.get(new("volunteer_edit", volunteer)).text)
    browser.post(reverse("clients:draft_save"), form.filled(phone="0171 1234567"))
    assert Draft.objects.count() == 1
    services.erase_volunteer(Actor(cast.officer), volunteer)
    assert not Draft.objects.exists()


def found(browser, page="list", **asked):
    answer = browser.get(reverse(f"network:{page}"), asked)
    if page == "volunteers":
        return [row.name for row, _is_stale in answer.context["volunteers"]]
    return [row.name for row in answer.context["found"].organisations]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("beispiel", ["Beispielhaus"]),
        ("nähcafé", ["Öffentliche Werkstatt"]),
        ("NÄHCAFÉ donnerstags", ["Öffentliche Werkstatt"]),
        ("öffentliche", ["Öffentliche Werkstatt"]),
        ("spöck", ["Beispielhaus", "Öffentliche Werkstatt"]),
        ("beispielhaus sprechstunde", ["Beispielhaus"]),
        ("beispielhaus nähcafé", []),
        ("50%", []),
        ("", ["Beispielhaus", "Öffentliche Werkstatt"]),
    ],
)
def test_partners_are_found_by_name_offer_and_area(as_user, cast, words, names):
    house = OrganisationFactory(name="Beispielhaus", town="Stutensee", quarter="Spöck")
    OfferFactory(organisation=house, title="Sprechstunde")
    shop = OrganisationFactory(name="Öffentliche Werkstatt", town="Bruchsal", quarter="")
    OfferFactory(organisation=shop, title="Nähcafé", schedule="donnerstags ab 15 Uhr", quarter="Spöck")
    assert found(as_user(cast.manager), q=words) == names


def test_words_narrow_what_the_filters_leave_and_stay_in_the_next_address(as_user, cast):
    topic = Topic.objects.get(code="finance")
    for number in range(60):
        OfferFactory(organisation=OrganisationFactory(name=f"Beratung {number:02}"), topic=topic)
    OfferFactory(organisation=OrganisationFactory(name="Beratung ohne Geld"), topic=None)
    browser = as_user(cast.manager)
    page = browser.get(reverse("network:list"), {"q": "beratung", "topic": "finance"})
    first = [row.name for row in page.context["found"].organisations]
    assert (len(first), "Beratung ohne Geld" in first) == (50, False)
    assert 'value="beratung"' in page.text
    assert "q=beratung" in page.text
    assert len(found(browser, q="beratung", topic="finance", after=page.context["found"].after)) == 10


def test_volunteers_are_found_by_name_help_and_area(as_user, cast):
    for name, helps, quarter in (("Hilde Helferich", "Übersetzen", ""), ("Udo Muster", "", "Spöck")):
        VolunteerFactory(municipality=cast.stutensee, name=name, helps_with=helps, quarter=quarter)
    browser = as_user(cast.manager)
    for words in ("helfer", "übersetzen"):
        assert found(browser, "volunteers", q=words) == ["Hilde Helferich"]
    assert found(browser, "volunteers", q="spöck") == ["Udo Muster"]


def test_a_search_costs_the_same_for_one_partner_and_for_forty(as_user, cast):
    browser = as_user(cast.manager)
    costs = []
    for number in (1, 40):
        for _row in range(number):
            OfferFactory(organisation=OrganisationFactory(), title="Sprechstunde")
        with CaptureQueriesContext(connection) as counted:
            browser.get(reverse("network:list"), {"q": "sprech stunde"})
        costs.append(len(counted))
    assert costs[0] == costs[1]
