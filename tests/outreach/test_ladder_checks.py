"""Address and language at the present step: what a step made today needs, and why it would not count."""

import pytest

from outreach.rules.checks import Check, Flaw, Known, Language, Way, checks_of
from outreach.rules.view import Action
from tests.outreach.ladder_cast import no_show
from tests.outreach.outreach_desk import page

ARABIC, GERMAN = Language("Arabisch", "arabic"), Language("Deutsch", "latin")


def letter(**known) -> Check:
    (check,) = checks_of(Action.LETTER, Known(**{"letter": True, "languages": (ARABIC,), **known}))
    return check


def test_a_letter_counts_in_every_language_that_is_read():
    assert letter() == Check(Way.LETTER, None, ("Arabisch",))
    assert letter(languages=(ARABIC, GERMAN), scripts=("latin",)) == Check(Way.LETTER, None, ("Deutsch",))


@pytest.mark.parametrize(
    ("known", "flaw"),
    [
        ({"letter": False}, Flaw.NO_ADDRESS),
        ({"letter": False, "no_letters": True}, Flaw.NO_LETTERS),
        ({"letter": False, "no_letters": True, "mail_returns": True}, Flaw.MAIL_RETURNS),
        ({"reads_nothing": True}, Flaw.NO_SCRIPT),
        ({"scripts": ("latin",)}, Flaw.OTHER_SCRIPT),
        ({"languages": ()}, Flaw.NO_LANGUAGE),
    ],
)
def test_what_stands_against_a_letter_is_named(known, flaw):
    assert letter(**known).flaw == flaw


def test_an_email_address_takes_the_place_of_the_post():
    assert letter(letter=False, email=True, mail_returns=True).flaw is None


@pytest.mark.parametrize(
    ("known", "flaw"),
    [({"number": True}, None), ({}, Flaw.NO_NUMBER), ({"no_calls": True}, Flaw.NO_CALLS)],
)
def test_a_call_needs_a_number_that_may_be_used(known, flaw):
    assert checks_of(Action.CALL, Known(**known)) == [Check(Way.CALL, flaw)]


def test_a_visit_needs_an_address_alone():
    assert checks_of(Action.SECOND_VISIT, Known(address=True)) == [Check(Way.VISIT)]
    assert checks_of(Action.VISIT, Known()) == [Check(Way.VISIT, Flaw.NO_ADDRESS)]


@pytest.mark.parametrize("action", [Action.WAIT, Action.DECIDE, Action.CLOSE, None])
def test_where_nothing_is_to_be_done_nothing_is_checked(action):
    assert checks_of(action, Known()) == []


@pytest.mark.django_db
def test_the_page_says_it_beside_the_step(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    text = page(as_user(by), client)
    assert "<b>Brief</b>: Adresse heute gültig, lesbar: Arabisch" in text
    assert "<b>Anruf</b>: Nummer heute gültig" in text


@pytest.mark.django_db
def test_the_page_says_why_a_letter_would_not_count(client, by, as_user, clock):
    no_show(client, by)
    client.client_languages.all().delete()
    clock("2019-02-22 09:00")
    assert "zählt nur mit dem Häkchen „Deutsch und Englisch werden verstanden“" in page(as_user(by), client)
