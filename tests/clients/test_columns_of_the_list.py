"""A manager chooses what her list shows beside the name."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db
LIST, COLUMNS = "/clients/", "/clients/columns/"
USUAL = ["Name", "Sprachen", "Phase", "Intensität", "Letztes Gespräch", "Nächster Termin"]


def headings(page):
    return [text.strip() for text in re.findall(r'<th scope="col">([^<]*)</th>', page)]


@pytest.fixture(autouse=True)
def files(cast):
    ClientFactory.create_batch(2, municipality=cast.stutensee, manager=cast.manager)


def test_a_fresh_account_sees_the_usual_columns(browser):
    assert headings(browser.get(LIST).text) == USUAL


def test_the_choice_is_kept_for_this_user_and_leads_back_to_the_same_list(browser, cast, as_user):
    answer = browser.post(COLUMNS, {"column": ["permit", "phase"], "phase": "active", "order": "talk"})
    assert answer.url == "/clients/?phase=active&order=talk"
    assert headings(browser.get(LIST).text) == ["Name", "Phase", "Aufenthalt gültig bis"]
    assert headings(as_user(cast.manager).get(LIST).text) == ["Name", "Phase", "Aufenthalt gültig bis"]
    ClientFactory(municipality=cast.stutensee, manager=cast.colleague)
    assert headings(as_user(cast.colleague).get(LIST).text) == USUAL


@pytest.mark.parametrize("sent", [{}, {"column": ["nonsense"]}, {"usual": "1", "column": ["permit"]}])
def test_no_known_column_means_the_usual_ones(browser, sent):
    browser.post(COLUMNS, {"column": ["permit"]})
    browser.post(COLUMNS, sent)
    assert headings(browser.get(LIST).text) == USUAL


def test_an_order_by_what_is_due_shows_what_it_sorts_by(browser):
    browser.post(COLUMNS, {"column": ["phase"]})
    assert headings(browser.get(LIST, {"order": "due"}).text) == ["Name", "Phase", "Nächste Fälligkeit"]


def test_all_columns_need_the_same_statements_for_two_rows_and_for_fifty(browser, cast):
    from clients.list_columns import COLUMNS as ALL

    browser.post(COLUMNS, {"column": list(ALL)})

    def statements():
        with CaptureQueriesContext(connection) as captured:
            browser.get(LIST)
        return len(captured)

    statements()
    two = statements()
    ClientFactory.create_batch(48, municipality=cast.stutensee, manager=cast.manager)
    assert statements() == two
