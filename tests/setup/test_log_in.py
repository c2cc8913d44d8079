"""The log-in: by user name, throttled on failures only, closed to strangers."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

PASSWORD = "nussbaum-treppe-17"

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(cast):
    cache.clear()
    cast.manager.set_password(PASSWORD)
    cast.manager.save()
    return cast.manager


def log_in(browser, user="manager", password=PASSWORD, **extra):
    return browser.post("/login/", {"login": user, "password": password}, **extra)


def test_it_works(manager):
    browser = Client()
    response = log_in(browser)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert browser.session.get_expire_at_browser_close() is True


def test_it_leads_back_to_where_one_was_going(manager):
    response = Client().post("/login/", {"login": "manager", "password": PASSWORD, "next": "/account/"})
    assert response["Location"] == "/account/"


def test_it_leads_to_no_other_site(manager):
    response = Client().post(
        "/login/", {"login": "manager", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response["Location"] == "/"


@pytest.mark.parametrize(("user", "password"), [("manager", "falsch"), ("niemand", PASSWORD), ("", PASSWORD)])
def test_a_wrong_entry_is_refused_in_german_without_saying_which(manager, user, password):
    browser = Client()
    response = log_in(browser, user, password)
    assert response.status_code == 200
    assert "_auth_user_id" not in browser.session
    assert response.context["form"].errors
    assert "not correct" not in response.content.decode()
    assert "Nicht angemeldet." in response.content.decode()
    assert "Noch nicht gespeichert" not in re.sub(
        r"<html.*?>", "", response.content.decode(), flags=re.DOTALL
    )


def test_five_failures_make_the_account_wait_from_every_address(manager):
    for attempt in range(5):
        log_in(Client(), password="falsch", REMOTE_ADDR=f"10.0.0.{attempt + 1}")
    browser = Client()
    response = log_in(browser, REMOTE_ADDR="10.0.1.1")
    assert "_auth_user_id" not in browser.session
    assert "Zu viele Versuche. Bitte warten Sie einige Minuten" in response.content.decode()


def test_a_whole_town_hall_may_log_in_from_one_address(manager):
    for _ in range(12):
        assert log_in(Client(), REMOTE_ADDR="10.0.2.1").status_code == 302


def test_an_inactive_user_is_told_so(manager):
    manager.is_active = False
    manager.save()
    browser = Client()
    response = log_in(browser, follow=True)
    assert response.status_code == 200
    assert "_auth_user_id" not in browser.session


def test_logging_out_takes_a_post(manager):
    browser = Client()
    browser.force_login(manager)
    browser.get("/logout/")
    assert "_auth_user_id" in browser.session
    assert browser.post("/logout/")["Location"] == "/login/"
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_nobody_makes_an_account_or_a_password_without_the_administration(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("new", ["kurz-17", "password1234"])
def test_short_and_common_passwords_are_refused(manager, new):
    browser = Client()
    browser.force_login(manager)
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/account/password/change/", form).status_code == 200
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD)


def test_a_new_password_keeps_this_session_and_ends_the_others(manager):
    here, elsewhere = Client(), Client()
    here.force_login(manager)
    elsewhere.force_login(manager)
    new = "ein-anderer-nussbaum"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/account/csrf/").status_code == 200
    assert elsewhere.get("/account/csrf/").status_code == 302


def test_a_wrong_own_password_is_told_formally_at_its_field(manager):
    browser = Client()
    browser.force_login(manager)
    new = {"oldpassword": "falsch", "password1": "lindenblatt-am-brunnen-6", "password2": "anders"}
    page = browser.post("/account/password/change/", new).text
    assert "Das ist nicht Ihr aktuelles Passwort." in page
    assert "Bitte wiederholen Sie hier dasselbe neue Passwort." in page
