"""Whoever works in no municipality today reads why and whom to ask, never that nothing is due."""

import datetime

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import Membership, Municipality, Service, User
from tests.access.matrix import FILE, FILE_OWNER, MATRIX
from tests.appointments.log_desk import reachable
from tests.factories.accounts import ServiceFactory

pytestmark = pytest.mark.django_db

NEVER = (
    "Ihrem Konto ist noch keine Kommune zugeordnet, deshalb sind Ihre Seiten leer. Bitte wenden Sie sich an die "
    "Administration, damit sie einträgt, wo Sie eingesetzt sind."
)
UNTRUE = (
    "Nichts ist fällig", "Heute keine Termine", "alle Kommunen", "Niemand wartet", "Es ist nichts mehr zu erledigen",
    "Hier werden die Anfragen stehen", "Zu dieser Auswahl gibt es keinen Fall", "sobald Sie eine aus dem Eingang",
    "die Einträge dieses Zeitraums sind vollständig", "Neue Personen kommen aus",
)  # fmt: skip
FORMS = ("intake:new", "enquiries:new", "enquiries:answered", "intake:import_list")
COLLECTIONS = [
    route
    for route, row in MATRIX.items()
    # The search finds files of one's own and says so itself.
    if row.get == 200 and row.kind not in (FILE, FILE_OWNER) and ":" in route and route != "clients:search"
]


def pages_of(browser):
    """Every page the user may open without naming a row."""
    for route in ["home", *COLLECTIONS]:
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        answer = browser.get(url)
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            yield route, answer.text


@pytest.fixture(params=["manager", "officer"])
def nowhere(request, cast, as_user):
    user = User.objects.create(username="neu", role=request.param, first_name="Wanda", last_name="Ziegenfuss")
    return as_user(user)


def test_every_page_says_so_once_and_nothing_untrue(nowhere):
    shown = dict(pages_of(nowhere))
    assert len(shown) > 5
    for route, text in shown.items():
        plain = " ".join(text.split())
        assert plain.count(NEVER) == 1, route
        assert [words for words in UNTRUE if words in plain] == [], route


def test_no_form_with_an_empty_list_is_offered(nowhere):
    for route in FORMS:
        answer = nowhere.get(reverse(route))
        if answer.status_code == 403:
            continue
        main = answer.text.split('id="main"')[1].split("</main>")[0]
        assert "Ohne Kommune kann hier nichts Neues eingetragen werden." in main, route
        assert "<form" not in main, route


def test_a_service_that_begins_later_is_named_with_its_day(cast, as_user, time_machine):
    time_machine.move_to(datetime.datetime(2019, 3, 1, 9, 0, tzinfo=timezone.get_default_timezone()))
    Service.objects.filter(user=cast.manager).update(since=datetime.date(2019, 4, 1))
    text = as_user(cast.manager).get("/clients/inbox/").text
    assert "Ihr Einsatz in Stutensee beginnt am 01.04.2019; bis dahin kommt hier nichts an." in text
    time_machine.move_to(datetime.datetime(2019, 4, 1, 0, 1, tzinfo=timezone.get_default_timezone()))
    assert "Ihr Einsatz" not in as_user(cast.manager).get("/clients/inbox/").text


def test_whoever_stopped_serving_goes_on_working_with_her_files(cast, as_user, time_machine):
    time_machine.move_to(datetime.datetime(2019, 3, 1, 9, 0, tzinfo=timezone.get_default_timezone()))
    file = reachable(cast.manager, surname="Zwitscherlibelle")
    Service.objects.filter(user=cast.manager).update(until=datetime.date(2019, 2, 28))
    browser = as_user(cast.manager)
    day, clients = browser.get("/").text, browser.get("/clients/").text
    for text in (day, clients):
        assert (
            "Ihr Einsatz in Stutensee endete am 28.02.2019, deshalb kommt hier nichts Neues mehr an." in text
        )
        assert "Akten, für die Sie zuständig sind, bleiben bei Ihnen." in text
    assert "Zwitscherlibelle" in clients
    page = browser.get(reverse("clients:detail", args=[file.uuid]))
    assert page.status_code == 200
    assert "Ihr Einsatz" not in page.text
    edit = reverse("clients:edit", args=[file.uuid])
    assert browser.get(edit).status_code == 200
    assert 'name="surname"' in browser.get(edit).text


def test_a_service_elsewhere_that_ended_says_nothing(cast, as_user):
    ServiceFactory(user=cast.manager, municipality=cast.pfinztal, until=datetime.date(2017, 1, 1))
    assert "Ihr Einsatz" not in as_user(cast.manager).get("/").text


def test_coordination_and_administration_need_none(cast, as_user):
    for role in ("coordinator", "admin"):
        browser = as_user(cast.users[role])
        assert all("keine Kommune" not in text for _route, text in pages_of(browser))


def test_the_coordination_of_a_district_without_municipalities_reads_that(cast, as_user):
    Service.objects.all().delete()
    Municipality.objects.all().delete()
    for path in ("/reports/", "/reports/cases/", "/enquiries/"):
        text = as_user(cast.coordinator).get(path).text
        assert "Es ist noch keine Kommune eingetragen." in text
        assert [words for words in UNTRUE if words in text] == [], path


def test_a_municipality_that_takes_no_part_is_told_instead_of_an_empty_list(cast, as_user):
    Membership.objects.filter(municipality=cast.stutensee).delete()
    said = "Keine der Kommunen, in denen Sie eingesetzt sind, nimmt heute teil"
    for user, routes in (
        (cast.manager, ("intake:new", "enquiries:new", "intake:import_list")),
        (cast.officer, ("enquiries:new", "enquiries:answered")),
    ):
        for route in routes:
            main = as_user(user).get(reverse(route)).text.split('id="main"')[1].split("</main>")[0]
            assert said in main, route
            assert "<form" not in main, route


@pytest.mark.parametrize(
    ("route", "said", "field"),
    [
        ("stand_ins:new", "Die Koordination plant Ihre Vertretung.", "substitute"),
        ("stand_ins:emergency", "deshalb steht hier niemand zur Auswahl.", "absent"),
    ],
)
def test_who_has_no_colleague_is_offered_no_empty_list_of_them(cast, as_user, route, said, field):
    alone = as_user(cast.outsider).get(reverse(route)).text
    assert said in alone
    assert f'name="{field}"' not in alone
    with_colleagues = as_user(cast.manager).get(reverse(route)).text
    assert said not in with_colleagues
    assert f'name="{field}"' in with_colleagues


@pytest.mark.parametrize("route", ["stand_ins:new", "stand_ins:absence_new"])
def test_the_coordination_without_managers_is_offered_none(cast, as_user, route):
    said = "deshalb steht hier niemand zur Auswahl."
    assert said not in as_user(cast.coordinator).get(reverse(route)).text
    Service.objects.all().delete()
    assert said in as_user(cast.coordinator).get(reverse(route)).text


def test_what_was_typed_while_the_service_ended_is_kept(cast, as_user):
    browser = as_user(cast.manager)
    Service.objects.filter(user=cast.manager).update(until=datetime.date(2017, 1, 1))
    answer = browser.post("/clients/new/", {"surname": "Zwitscherlibelle", "municipality": cast.stutensee.pk})
    assert answer.status_code == 422
    assert 'value="Zwitscherlibelle"' in answer.text
    assert answer.context["form"].errors["municipality"]
