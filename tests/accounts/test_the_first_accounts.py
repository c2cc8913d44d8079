"""The first hour: the first administrator, and accounts that know at once where somebody serves."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AccountChange, Municipality, Service, User
from accounts.services.users import change_role
from audit.models import AuditEntry

pytestmark = pytest.mark.django_db

GOOD = "lindenblatt-am-brunnen-6"
ADD = "/admin/accounts/user/add/"


@pytest.fixture(autouse=True)
def no_failed_log_ins():
    cache.clear()


def superuser(monkeypatch, password, name="erste"):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    call_command("createsuperuser", "--noinput", "--username", name, "--email", "", verbosity=0)


def test_createsuperuser_makes_an_administrator_like_any_other(cast, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "")
    superuser(monkeypatch, GOOD)
    user = User.objects.get(username="erste")
    assert (user.role, user.is_staff, user.is_superuser, user.must_change_password) == (
        "admin",
        True,
        False,
        False,
    )
    browser = Browser()
    browser.post("/login/", {"login": "erste", "password": GOOD})
    assert browser.get("/")["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/clients/").status_code == 403
    assert "Administration" in browser.get("/account/").text


@pytest.mark.parametrize("weak", ["kurz", "password1234", "erste-administration"])
def test_createsuperuser_obeys_the_rules_without_input(db, monkeypatch, weak):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "")
    with pytest.raises(CommandError):
        superuser(monkeypatch, weak, name="erste-administration")
    assert not User.objects.filter(username="erste-administration").exists()


def test_createsuperuser_lets_nobody_pass_the_rules_by(db, monkeypatch):
    """Django asks "Bypass password validation?"; yes does not help."""
    module = "django.contrib.auth.management.commands.createsuperuser"
    monkeypatch.setattr(f"{module}.getpass.getpass", lambda prompt="": "kurz")
    monkeypatch.setattr("builtins.input", lambda prompt="": "y" if "Bypass" in prompt else "")
    with pytest.raises(CommandError, match="zu kurz"):
        call_command("createsuperuser", username="erste", email="", stdin=Terminal(), verbosity=0)
    assert not User.objects.filter(username="erste").exists()


class Terminal:
    def isatty(self):
        return True


def account(role="manager", *, place=None, since="01.03.2019", until="", share="1,00", **more):
    """The one form of a new account, with its one line for a municipality."""
    return {
        "username": "neu", "first_name": "Wanda", "last_name": "Ziegenfuss", "role": role,
        "password1": GOOD, "password2": GOOD,
        "services-TOTAL_FORMS": "1", "services-INITIAL_FORMS": "0",
        "services-0-municipality": place.pk if place else "", "services-0-since": since,
        "services-0-until": until, "services-0-fte_share": share,
        **more,
    }  # fmt: skip


@pytest.fixture
def browser(cast, as_user, time_machine):
    time_machine.move_to(
        datetime.datetime(2019, 3, 1, 9, 0, tzinfo=timezone.get_default_timezone()), tick=False
    )
    return as_user(cast.admin)


def errors_of(answer):
    (formset,) = answer.context["inline_admin_formsets"]
    return formset.formset.errors[0]


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("role", ["manager", "officer"])
def test_one_form_records_the_account_and_where_it_serves(cast, browser, role):
    answer = browser.post(ADD, account(role, place=cast.pfinztal, share="0,5"), follow=True)
    user = User.objects.get(username="neu")
    assert (user.role, user.must_change_password) == (role, True)
    service = user.services.get()
    assert (service.municipality, service.since) == (cast.pfinztal, datetime.date(2019, 3, 1))
    assert service.fte_share == Decimal("0.50")
    assert "Das Passwort gilt nur für die erste Anmeldung; danach wählt neu ein eigenes." in said(answer)
    assert "in keiner Kommune" not in said(answer)
    assert AccountChange.objects.get(user=user).kind == "created"
    assert AuditEntry.objects.filter(action="account.created").count() == 1


def test_the_day_is_filled_in_already(browser):
    page = browser.get(ADD).text
    assert re.search(
        r'name="services-0-since"[^>]*value="01.03.2019"|value="01.03.2019"[^>]*name="services-0-since"', page
    )


@pytest.mark.parametrize("role", ["manager", "officer"])
def test_without_a_municipality_nothing_is_made_and_the_field_says_so(cast, browser, role):
    answer = browser.post(ADD, account(role))
    assert errors_of(answer) == {
        "municipality": [
            "Bitte wählen Sie, wo diese Person eingesetzt ist; ohne Kommune bleiben ihre Seiten leer."
        ]
    }
    assert 'value="Ziegenfuss"' in answer.text
    assert not User.objects.filter(username="neu").exists()


@pytest.mark.parametrize("role", ["admin", "officer"])
def test_administration_and_coordination_serve_in_no_municipality(cast, browser, role):
    whole = {"whole_district": "on"} if role == "officer" else {}
    answer = browser.post(ADD, account(role, place=cast.pfinztal, **whole))
    assert "wird kein Einsatz eingetragen" in errors_of(answer)["municipality"][0]
    made = browser.post(ADD, account(role, **whole), follow=True)
    assert "in keiner Kommune" not in said(made)
    assert not User.objects.get(username="neu").services.exists()


def test_the_whole_district_is_for_officers_and_told_at_its_field(cast, browser):
    answer = browser.post(ADD, account("manager", place=cast.pfinztal, whole_district="on"))
    assert answer.context["adminform"].form.errors["whole_district"] == [
        "Nur Integrationsbeauftragte können für den ganzen Landkreis zuständig sein."
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "text"),
    [
        ({"since": ""}, "since", "Dieses Feld ist zwingend erforderlich."),
        ({"until": "28.02.2019"}, "until", "Das Ende liegt vor dem Beginn."),
        ({"share": "1,5"}, "fte_share", "Dieser Wert muss kleiner oder gleich 1.00 sein."),
        ({"share": "0"}, "fte_share", "Dieser Wert muss größer oder gleich 0.01 sein."),
    ],
)
def test_a_wrong_service_is_told_at_its_field_and_makes_no_account(cast, browser, wrong, field, text):
    answer = browser.post(ADD, account(place=cast.pfinztal, **wrong))
    assert errors_of(answer)[field] == [text]
    assert not User.objects.filter(username="neu").exists()


def test_before_the_first_municipality_the_form_says_what_comes_first(browser):
    Service.objects.all().delete()
    Municipality.objects.all().delete()
    answer = browser.post(ADD, account())
    assert errors_of(answer)["municipality"] == [
        "Es gibt noch keine Kommune. Bitte legen Sie zuerst eine an, dann das Konto."
    ]


def test_a_service_that_begins_later_is_kept_and_told(cast, browser):
    answer = browser.post(ADD, account(place=cast.pfinztal, since="01.04.2019"), follow=True)
    assert "neu ist heute in keiner Kommune eingesetzt" in said(answer)


def changed(user, **more):
    service = user.services.get()
    return {
        "username": user.username, "first_name": user.first_name, "last_name": user.last_name, "email": "",
        "phone": "", "language": "de", "services-TOTAL_FORMS": "1", "services-INITIAL_FORMS": "1",
        "services-0-id": service.pk, "services-0-user": user.pk, "services-0-since": "01.01.2016",
        "services-0-municipality": service.municipality_id, "services-0-fte_share": "1",
        "changes-TOTAL_FORMS": "0", "changes-INITIAL_FORMS": "0", **more,
    }  # fmt: skip


def test_whoever_ends_up_without_a_service_is_named(cast, browser):
    url = f"/admin/accounts/user/{cast.colleague.pk}/change/"
    ended = browser.post(url, changed(cast.colleague, **{"services-0-until": "28.02.2019"}), follow=True)
    assert "colleague ist heute in keiner Kommune eingesetzt" in said(ended)
    assert ">colleague ist heute in keiner Kommune eingesetzt" in ended.text
    again = browser.post(url, changed(cast.colleague), follow=True)
    assert "in keiner Kommune" not in said(again)
    assert AuditEntry.objects.filter(action="account.changed").count() == 2


def test_a_new_role_or_an_old_account_without_a_service_is_named_too(cast, browser):
    def act(user, name, **more):
        chosen = {"action": name, "_selected_action": [user.pk], "confirmed": "1", "reason": "Wechsel"}
        return said(browser.post("/admin/accounts/user/", {**chosen, **more}, follow=True))

    assert "coordinator ist heute in keiner Kommune eingesetzt" in act(
        cast.coordinator, "change_role", role="manager"
    )
    User.objects.filter(pk=cast.coordinator.pk).update(is_active=False)
    assert "coordinator ist heute in keiner Kommune eingesetzt" in act(cast.coordinator, "activate")
    assert "in keiner Kommune" not in act(cast.officer, "change_role", role="manager")


def test_a_new_municipality_takes_part_from_today_unless_said_otherwise(cast, browser):
    page = browser.get("/admin/accounts/municipality/add/").text
    assert re.search(r'name="memberships-0-since" value="01.03.2019"', page)
    post = {
        "district": cast.pfinztal.district_id, "code": "WEI", "name": "Weingarten",
        "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0", "memberships-0-until": "",
    }  # fmt: skip
    refused = browser.post("/admin/accounts/municipality/add/", {**post, "memberships-0-since": ""})
    assert errors_of(refused)["since"] == ["Dieses Feld ist zwingend erforderlich."]
    browser.post("/admin/accounts/municipality/add/", {**post, "memberships-0-since": "01.03.2019"})
    membership = Municipality.objects.get(code="WEI").memberships.get()
    assert (membership.since, membership.until) == (datetime.date(2019, 3, 1), None)


def test_a_membership_ends_after_it_begins(cast, browser):
    place = cast.pfinztal
    row = place.memberships.get()
    answer = browser.post(
        f"/admin/accounts/municipality/{place.pk}/change/",
        {
            "district": place.district_id, "code": place.code, "name": place.name,
            "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1", "memberships-0-id": row.pk,
            "memberships-0-municipality": place.pk, "memberships-0-since": "01.01.2019",
            "memberships-0-until": "31.12.2018",
        },
    )  # fmt: skip
    assert errors_of(answer)["until"] == ["Das Ende liegt vor dem Beginn."]


def test_a_former_superuser_has_the_role_that_was_given(cast):
    User.objects.filter(pk=cast.colleague.pk).update(is_superuser=True, is_staff=True)
    change_role(Actor(cast.admin), cast.colleague, "manager", whole_district=False, reason="Wechsel")
    stored = User.objects.get(pk=cast.colleague.pk)
    assert (stored.role, stored.is_superuser, stored.is_staff) == ("manager", False, False)
