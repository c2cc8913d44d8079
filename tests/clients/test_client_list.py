import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEntry
from clients import actions
from clients.models import Client, SpokenLanguage
from clients.views import lists
from tests.factories.clients import AccommodationFactory, ClientFactory, ClientLanguageFactory

LIST = "/clients/"
NAME = re.compile(r'<bdi class="who-name">([^<]+)</bdi>')


@pytest.fixture
def own(cast):
    def make(count=1, **values):
        return [
            ClientFactory(municipality=cast.stutensee, manager=cast.manager, **values) for _ in range(count)
        ]

    return make


def shown(text):
    return NAME.findall(text)


def test_it_works(cast, as_user, own):
    own(surname="Touray", given_name="Lamin")
    own(surname="Ahmadi", given_name="Zahra", phase="paused", intensity="intensive")
    page = as_user(cast.manager).get(LIST).text
    assert shown(page) == ["Ahmadi, Zahra", "Touray, Lamin"]
    assert "2 Akten" in page
    assert "pausiert" in page
    entry = AuditEntry.objects.get(action=actions.LISTED.code)
    assert (entry.count, entry.subject_ref) == (2, None)


def test_the_links_text_is_the_name_alone(cast, as_user, own):
    (client,) = own(surname="Touray", given_name="Lamin")
    page = as_user(cast.manager).get(LIST).text
    link = re.search(rf'<a href="/clients/{client.uuid}/">(.*?)</a>', page)[1]
    assert (
        re.sub(r'<span class="who-case">.*?</span>', "", link) == '<bdi class="who-name">Touray, Lamin</bdi>'
    )


def test_an_empty_list_says_what_will_stand_here(cast, as_user):
    page = as_user(cast.manager).get(LIST).text
    assert "Hier stehen Ihre Akten, sobald" in page


@pytest.mark.parametrize("who", ["officer", "officer_elsewhere", "coordinator", "admin"])
def test_the_list_is_for_managers_only(cast, as_user, who):
    assert as_user(getattr(cast, who)).get(LIST).status_code == 403


def test_anonymous_visitors_log_in_first(as_user, db):
    assert as_user(None).get(LIST).url.startswith("/login/")


@pytest.mark.parametrize("who", ["colleague", "former", "outsider"])
def test_nobody_elses_files_are_in_ones_list(cast, as_user, own, who):
    own(surname="Touray")
    assert shown(as_user(getattr(cast, who)).get(LIST).text) == []


def test_a_stand_in_sees_both_caseloads_and_whose_they_are(cast, as_user, own):
    own(surname="Touray", given_name="")
    ClientFactory(municipality=cast.stutensee, manager=cast.substitute, surname="Ahmadi", given_name="")
    browser = as_user(cast.substitute)
    page = browser.get(LIST).text
    assert shown(page) == ["Ahmadi", "Touray"]
    assert "In Vertretung für" in page
    assert shown(browser.get(LIST, {"whose": "own"}).text) == ["Ahmadi"]
    assert shown(browser.get(LIST, {"whose": "others"}).text) == ["Touray"]


def test_closed_files_stand_apart(cast, as_user, own):
    own(surname="Ahmadi", given_name="")
    own(surname="Touray", given_name="", closed=True)
    browser = as_user(cast.manager)
    assert shown(browser.get(LIST).text) == ["Ahmadi"]
    assert shown(browser.get(LIST, {"phase": "closed"}).text) == ["Touray"]
    assert shown(browser.get(LIST, {"phase": "all"}).text) == ["Ahmadi", "Touray"]


def test_filters_are_codes_and_unknown_ones_filter_nothing(cast, as_user, own):
    (ahmadi,) = own(surname="Ahmadi", given_name="", intensity="crisis")
    own(surname="Touray", given_name="", phase="intake")
    ClientLanguageFactory(client=ahmadi, language=SpokenLanguage.objects.get(code="fa"))
    AccommodationFactory(client=ahmadi)
    browser = as_user(cast.manager)
    for query, names in (
        ({"intensity": "crisis"}, ["Ahmadi"]),
        ({"intensity": "none"}, ["Touray"]),
        ({"phase": "intake"}, ["Touray"]),
        ({"language": "fa"}, ["Ahmadi"]),
        ({"missing": "address"}, ["Touray"]),
        ({"phase": "x", "intensity": "'; --", "whose": "?"}, ["Ahmadi", "Touray"]),
        ({"phase": "paused"}, []),
    ):
        assert shown(browser.get(LIST, query).text) == names


def test_pages_follow_each_other_without_gap_or_repetition_even_among_equal_names(
    cast, as_user, own, monkeypatch
):
    monkeypatch.setattr(lists, "PAGE_SIZE", 3)
    own(5, surname="Ali", given_name="Ali")
    own(surname="Al Ahmad", given_name="Sami")
    own(surname="Alim", given_name="Ada")
    own(surname="Ähmadi", given_name="")
    own(surname="Zuri", given_name="")
    browser = as_user(cast.manager)
    seen, address = [], LIST
    while address:
        page = browser.get(address).text
        seen += re.findall(r'<a href="/clients/([0-9a-f-]{36})/"><bdi class="who-name">', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = LIST + following[1].replace("&amp;", "&") if following else ""
    expected = [
        str(key) for key in Client.objects.order_by("search_name", "id").values_list("uuid", flat=True)
    ]
    assert seen == expected
    assert len(seen) == 9


def test_the_cursor_resolves_through_ones_own_files_only(cast, as_user, own):
    own(surname="Ahmadi", given_name="")
    theirs = ClientFactory(municipality=cast.stutensee, manager=cast.colleague, surname="Zuri")
    browser = as_user(cast.manager)
    for cursor in (theirs.uuid, uuid.uuid4(), "nonsense", "0" * 400):
        assert shown(browser.get(LIST, {"after": cursor}).text) == ["Ahmadi"]


def test_no_name_stands_in_any_address(cast, as_user, own, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_SIZE", 1)
    own(2, surname="Touray")
    page = as_user(cast.manager).get(LIST).text
    assert not [link for link in re.findall(r'href="([^"]*)"', page) if "ouray" in link]


def test_more_than_a_thousand_are_not_counted(cast, as_user, own, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED_AT_MOST", 2)
    own(3)
    assert "mehr als 1.000 Akten" in as_user(cast.manager).get(LIST).text


def test_the_number_of_queries_does_not_grow_with_the_rows(cast, as_user, own):
    browser = as_user(cast.manager)
    language = SpokenLanguage.objects.get(code="fa")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(LIST).status_code == 200
        return len(captured)

    for client in own(1):
        ClientLanguageFactory(client=client, language=language)
    queries()
    at_one = queries()
    for client in own(49):
        ClientLanguageFactory(client=client, language=language)
    assert queries() == at_one


def _plan(queryset):
    if connection.vendor == "sqlite":
        return queryset.explain()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    return queryset.explain()


def test_a_page_walks_the_index_of_the_caseload_without_sorting(cast, own):
    clients = own(3)
    rows = Client.objects.visible_to(cast.manager).in_list_order(clients[1])[:50]
    plan = _plan(rows)
    assert "client_by_caseload" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
    if connection.vendor == "postgresql":
        condition = re.search(r"Index Cond: (.*)", plan)[1]
        assert "search_name" in condition
    else:
        assert re.search(r"manager_id=\? AND search_name>\?", plan)


def test_a_name_prefix_is_an_index_range(cast, own):
    from clients.models import ClientName
    from clients.rules.names import prefix_range

    own(3)
    lower, upper = prefix_range("beispiel")
    plan = _plan(ClientName.objects.filter(folded__gte=lower, folded__lt=upper).order_by("folded", "id")[:25])
    assert "client_name_folded" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_a_date_shows_as_it_is_said(cast, as_user, own):
    own(
        last_contact_on=datetime.date(2018, 3, 14),
        next_appointment_at=timezone.now() - datetime.timedelta(days=3),
    )
    page = as_user(cast.manager).get(LIST).text
    assert "14.03.2018" in page
    assert "Ergebnis offen" in page
