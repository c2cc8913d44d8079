"""Thresholds of outreach: the district's, and a municipality's own; a ladder keeps the version of its beginning."""

import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from audit.models import AuditEntry
from clients.models import Client, FilePolicy
from clients.services.responsibility import assign
from integration_plans.models import PlanPolicy
from outreach.models import OutreachPolicy
from outreach.rules import LadderPolicy
from outreach.rules.policy import policy_for
from outreach.services import ladders as services
from tests.factories.accounts import MunicipalityFactory
from tests.outreach.ladder_cast import at, due_on, ladder, letter, no_show, reachable_client
from tests.outreach.story import day, missed

HERE, THERE = 1, 2
DISTRICT = LadderPolicy("district", day("2018-01-01"))
NEWER = LadderPolicy("newer", day("2019-02-01"), step1_due_wd=5)
OWN = LadderPolicy("own", day("2019-01-01"), place=HERE, step1_due_wd=3)
ALL = (NEWER, OWN, DISTRICT)


# The rule


@pytest.mark.parametrize(
    ("on", "place", "version"),
    [
        ("2018-12-31", HERE, "district"),
        ("2019-01-01", HERE, "own"),
        ("2019-03-01", HERE, "own"),
        ("2019-01-31", THERE, "district"),
        ("2019-02-01", THERE, "newer"),
        ("2019-02-01", None, "newer"),
        ("2017-06-01", HERE, "district"),
    ],
)
def test_a_municipality_has_its_own_version_or_the_districts(on, place, version):
    assert policy_for(ALL, day(on), place).version == version


def test_without_any_version_the_defaults_hold():
    assert policy_for((), day("2019-02-21"), HERE) == LadderPolicy()


def test_the_version_of_where_the_file_belonged_on_the_day_it_began():
    assert missed(policies=ALL).moved_place(HERE, "2018-03-01").view("2019-02-22").due_on == day("2019-02-26")
    assert missed(policies=ALL).moved_place(THERE, "2018-03-01").view("2019-02-22").due_on == day(
        "2019-02-28"
    )


def test_the_ladder_travels_with_its_version():
    story = missed(policies=ALL).moved_place(HERE, "2018-03-01").moved_place(THERE, "2019-02-25")
    assert story.view("2019-02-26").policy == OWN
    story.talk("2019-02-26").no_show("B", "2019-03-07 10:00")
    assert story.view("2019-03-08").policy == NEWER


# In the database


@pytest.fixture
def own(cast):
    return OutreachPolicy.objects.create(
        municipality=cast.stutensee, valid_from=datetime.date(2019, 1, 1), step1_due_wd=4
    )


@pytest.mark.django_db
def test_the_file_takes_the_version_of_its_municipality(cast, own):
    client = reachable_client(cast.manager, cast.stutensee)
    elsewhere = reachable_client(cast.outsider, cast.pfinztal)
    no_show(client, cast.manager)
    no_show(elsewhere, cast.outsider)
    assert (ladder(client).policy, due_on(client)) == (own, datetime.date(2019, 2, 27))
    assert (ladder(elsewhere).policy.municipality, due_on(elsewhere)) == (
        None,
        datetime.date(2019, 2, 25),
    )


@pytest.mark.django_db
def test_a_handover_to_another_municipality_keeps_the_version(cast, own):
    client = reachable_client(cast.manager, cast.stutensee)
    no_show(client, cast.manager)
    Client.objects.filter(pk=client.pk).update(municipality=cast.pfinztal)
    client.refresh_from_db()
    assign(Actor(cast.manager, at("2019-02-22 08:00")), client, cast.outsider)
    letter(client, cast.outsider)
    assert ladder(client).policy == own
    no_show(client, cast.outsider, "2019-05-21 10:00")
    assert ladder(client).policy == own


@pytest.mark.django_db
@pytest.mark.facts_by_hand
def test_however_many_versions_there_are_the_queries_stay_the_same(cast, django_assert_num_queries):
    files = [reachable_client(cast.manager, cast.stutensee), reachable_client(cast.outsider, cast.pfinztal)]
    for file in files:
        no_show(file, file.manager)
    now = at("2019-02-25 10:00")
    with CaptureQueriesContext(connection) as before:
        services.ladders_of(files, now)
    for place in (cast.stutensee, cast.pfinztal, MunicipalityFactory()):
        OutreachPolicy.objects.create(municipality=place, valid_from=datetime.date(2019, 1, 1))
    with django_assert_num_queries(len(before)):
        services.ladders_of(files, now)


@pytest.mark.django_db
@pytest.mark.parametrize("municipality", ["district", "stutensee"])
def test_there_is_one_version_a_day_for_each(cast, own, municipality):
    place = None if municipality == "district" else cast.stutensee
    first = OutreachPolicy.objects.filter(municipality=place).earliest("valid_from").valid_from
    with pytest.raises(IntegrityError), transaction.atomic():
        OutreachPolicy.objects.create(municipality=place, valid_from=first)
    OutreachPolicy.objects.create(municipality=cast.pfinztal, valid_from=first)


@pytest.mark.django_db
def test_a_new_installation_begins_with_the_districts_version(cast):
    OutreachPolicy.objects.all().delete()
    OutreachPolicy.objects.create(municipality=cast.stutensee, valid_from=datetime.date(2018, 1, 1))
    call_command("load_catalogues", verbosity=0)
    assert OutreachPolicy.objects.get(municipality=None).valid_from == datetime.date(2018, 1, 1)


# In the administration

ADD = "/admin/outreach/outreachpolicy/add/"


def post_version(browser, **changes):
    page = browser.get(ADD)
    form = page.context["adminform"].form
    fields = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    fields = {name: value for name, value in fields.items() if value not in (None, False)}
    return browser.post(ADD, {**fields, **changes})


@pytest.fixture
def browser(cast, as_user, time_machine):
    time_machine.move_to(at("2019-03-01 09:00"), tick=False)
    return as_user(cast.admin)


def test_a_municipality_gets_its_own_version_from_a_day_on(cast, browser):
    OutreachPolicy.objects.create(valid_from=datetime.date(2019, 2, 1), visit_due_wd=12)
    answer = post_version(
        browser, municipality=cast.stutensee.pk, valid_from="02.03.2019", step1_due_wd="4", note="Beschluss"
    )
    assert answer.status_code == 302
    stored = OutreachPolicy.objects.get(municipality=cast.stutensee)
    # What was not touched starts from the district's version in force.
    assert (stored.step1_due_wd, stored.visit_due_wd, str(stored)) == (4, 12, "02.03.2019, Stutensee")
    page = browser.get("/admin/outreach/outreachpolicy/").text
    assert "ganzer Landkreis" in page
    assert "Stutensee" in page
    only_the_district = browser.get("/admin/outreach/outreachpolicy/?municipality__isnull=True").text
    assert "02.03.2019" not in only_the_district
    assert '<option value="" selected>ganzer Landkreis</option>' in browser.get(ADD).text


def test_a_version_begins_tomorrow_at_the_earliest(browser):
    answer = post_version(browser, valid_from="01.03.2019")
    assert "Eine neue Fassung gilt frühestens ab morgen." in answer.text
    assert OutreachPolicy.objects.count() == 1


def test_the_same_day_twice_is_told(cast, browser):
    for _attempt in range(2):
        answer = post_version(browser, valid_from="02.03.2019", municipality=cast.stutensee.pk)
    assert "Ab diesem Tag gibt es schon eine Fassung dieser Kommune." in answer.text
    for _attempt in range(2):
        answer = post_version(browser, valid_from="02.03.2019")
    assert "Ab diesem Tag gibt es schon eine Fassung des Landkreises." in answer.text
    assert OutreachPolicy.objects.filter(valid_from=datetime.date(2019, 3, 2)).count() == 2


@pytest.mark.parametrize("model", [FilePolicy, PlanPolicy, OutreachPolicy])
def test_a_version_in_force_is_followed_not_rewritten(browser, model):
    path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{model.objects.get().pk}/change/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"valid_from": "01.01.2030"}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"visit_after_wd": "9", "visit_due_wd": "8"},
            "Der Besuch kann nicht fällig sein, bevor er erlaubt ist.",
        ),
        (
            {"visit2_after_days": "15", "visit2_due_days": "14"},
            "Der zweite Besuch kann nicht fällig sein, bevor er erlaubt ist.",
        ),
        ({"min_age": "28"}, "Bitte geben Sie ein Alter zwischen 0 und 27 ein."),
        ({"valid_from": "31.12.9999"}, "Bitte geben Sie einen Tag innerhalb der nächsten 20 Jahre ein."),
        ({"valid_from": "02.03.2039"}, "Bitte geben Sie einen Tag innerhalb der nächsten 20 Jahre ein."),
    ],
)
def test_thresholds_that_contradict_themselves_are_refused_at_the_field(browser, changes, text):
    answer = post_version(browser, **{"valid_from": "02.03.2019", **changes})
    assert list(answer.context["adminform"].form.errors) == [list(changes)[-1]]
    assert text in answer.text
    assert OutreachPolicy.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"visit_after_wd": "8", "visit_due_wd": "8"},
        {"min_age": "27"},
        {"min_age": "0"},
        {"valid_from": "01.03.2039"},
    ],
)
def test_thresholds_at_the_edge_are_taken(browser, changes):
    assert post_version(browser, **{"valid_from": "02.03.2019", **changes}).status_code == 302
    assert OutreachPolicy.objects.count() == 2


def test_a_version_that_has_not_begun_can_be_deleted_and_that_is_on_record(cast, browser):
    mistaken = OutreachPolicy.objects.create(valid_from=datetime.date(2019, 3, 2))
    path = f"/admin/outreach/outreachpolicy/{mistaken.pk}/delete/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"post": "yes"}).status_code == 302
    assert not OutreachPolicy.objects.filter(pk=mistaken.pk).exists()
    entry = AuditEntry.objects.get(action="catalogue.version_deleted")
    assert (entry.actor, entry.kind) == (cast.admin, "outreach.outreachpolicy")


@pytest.mark.parametrize("model", [FilePolicy, PlanPolicy, OutreachPolicy])
def test_a_version_in_force_is_not_deleted(browser, model):
    path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{model.objects.get().pk}/delete/"
    assert browser.post(path, {"post": "yes"}).status_code == 403
    assert model.objects.count() == 1
