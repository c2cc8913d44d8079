"""A password set for somebody else serves for one log-in; its owner and the coordination read who set it and why."""

import datetime

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AccountChange, User
from accounts.services.users import change_own_password, set_password
from audit.models import AuditEntry
from clients import drafts
from clients.models import Draft
from tests.access.matrix import MATRIX
from tests.access.stage import kwargs_for, open_file

pytestmark = pytest.mark.django_db

ONCE, OWN = "dachfenster-quitte-41", "lindenblatt-am-brunnen-6"
REASON = "Passwort vergessen"
CHANGE = "/account/password/change/"


@pytest.fixture(autouse=True)
def no_failed_log_ins():
    cache.clear()


def page_of(user):
    return f"/admin/accounts/user/{user.pk}/password/"


def typed(**more):
    return {"reason": REASON, "password1": ONCE, "password2": ONCE, **more}


@pytest.fixture
def was_set(cast, as_user):
    as_user(cast.admin).post(page_of(cast.manager), typed())
    return User.objects.get(pk=cast.manager.pk)


def logged_in(user="manager", password=ONCE, **more):
    browser = Browser()
    browser.post("/login/", {"login": user, "password": password, **more})
    return browser


def choose(browser, new=OWN, old=ONCE, **more):
    return browser.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new, **more})


def test_it_leads_to_a_password_of_ones_own_and_from_there_to_where_one_was_going(was_set):
    browser = Browser()
    answer = browser.post("/login/", {"login": "manager", "password": ONCE, "next": "/plans/"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{CHANGE}?next=%2Fplans%2F"
    text = " ".join(answer.text.split())
    today = timezone.localdate().strftime("%d.%m.%Y")
    assert f"Karsten Nuelle hat am {today} ein neues Passwort für Sie gesetzt und kennt es deshalb." in text
    assert "Es gilt nur für diese eine Anmeldung. Bitte wählen Sie jetzt ein eigenes Passwort" in text
    assert "Grund: Passwort vergessen" in text
    assert "Abbrechen" not in text

    assert choose(browser, next="/plans/")["Location"] == "/plans/"
    assert browser.get("/plans/").status_code == 200
    assert not User.objects.get(pk=was_set.pk).must_change_password
    assert logged_in(password=OWN).get("/").status_code == 200


def test_until_then_no_page_of_any_role_opens(cast):
    file = open_file(cast.manager, cast)
    for user in (cast.manager, cast.substitute, cast.officer, cast.coordinator, cast.admin):
        User.objects.filter(pk=user.pk).update(must_change_password=True)
        browser = Browser()
        browser.force_login(User.objects.get(pk=user.pk))
        for route in MATRIX:
            if route in (
                "healthz",
                "readyz",
                "account_change_password",
                "account_inactive",
                "account_logout",
            ):
                continue
            url = reverse(route, kwargs=kwargs_for(route, file))
            for answer in (browser.get(url), browser.post(url)):
                assert (answer.status_code, answer["Location"].split("?")[0]) == (302, CHANGE), (user, route)
        for path in (
            "/admin/",
            "/admin/accounts/user/",
            "/admin/logout/",
            "/admin/login/",
            page_of(cast.manager),
        ):
            assert browser.get(path)["Location"].split("?")[0] == CHANGE, path
        assert browser.get(CHANGE).status_code == browser.get("/healthz").status_code == 200
        assert browser.post("/logout/")["Location"] == "/login/"


def test_its_page_shows_no_way_that_is_closed(was_set):
    text = logged_in().get(CHANGE).text
    for closed in ("/clients/", "/appointments/", "/plans/", 'href="/account/"', "/admin/"):
        assert closed not in text
    assert 'action="/logout/"' in text


@pytest.mark.parametrize("new", [ONCE, "kurz-17", "password1234"])
def test_the_one_time_password_itself_and_weak_ones_are_refused_at_the_field(was_set, new):
    browser = logged_in()
    answer = choose(browser, new)
    assert answer.context["form"].errors["password1"]
    if new == ONCE:
        assert "Bitte wählen Sie ein anderes Passwort als das bisherige." in answer.text
    assert browser.get("/")["Location"].startswith(CHANGE)
    assert User.objects.get(pk=was_set.pk).check_password(ONCE)


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"reason": ""}, "reason", "Dieses Feld ist zwingend erforderlich."),
        ({"reason": "   "}, "reason", "Dieses Feld ist zwingend erforderlich."),
        ({"password1": "kurz", "password2": "kurz"}, "password2", "zu kurz"),
        ({"password2": "anders-als-das-erste"}, "password2", "nicht identisch"),
        ({"password1": "", "password2": ""}, "password1", "zwingend erforderlich"),
    ],
)
def test_without_a_reason_or_against_the_rules_nothing_is_set(cast, as_user, changes, field, text):
    before = User.objects.get(pk=cast.manager.pk).password
    answer = as_user(cast.admin).post(page_of(cast.manager), typed(**changes))
    assert text in " ".join(answer.context["form"].errors[field])
    assert User.objects.get(pk=cast.manager.pk).password == before
    assert not AccountChange.objects.exists()


def test_it_is_an_audit_entry_of_its_own_with_its_reason_kept_beside_the_account(cast, was_set):
    entry = AuditEntry.objects.get(action="account.password_set")
    assert (entry.actor, entry.kind, entry.fields) == (cast.admin, "user", ["password"])
    assert not AuditEntry.objects.filter(action="catalogue.changed").exists()
    change = AccountChange.objects.get()
    assert (change.user, change.kind, change.reason, change.by) == (was_set, "password", REASON, cast.admin)
    choose(logged_in())
    assert AuditEntry.objects.get(action="account.password_changed").actor == was_set


def test_whatever_was_open_ends_and_the_old_password_with_it(cast, as_user):
    cast.manager.set_password(OWN)
    cast.manager.save()
    browser = logged_in(password=OWN)
    assert browser.get("/clients/").status_code == 200
    as_user(cast.admin).post(page_of(cast.manager), typed())
    assert browser.get("/clients/")["Location"].startswith("/login/")
    assert "_auth_user_id" not in logged_in(password=OWN).session


def test_its_owner_reads_it_in_my_day_and_on_her_account(was_set):
    browser = logged_in()
    choose(browser)
    day = browser.get("/").text
    assert "Karsten Nuelle hat für dieses Konto ein Einmalpasswort gesetzt. Grund: Passwort vergessen" in day
    assert "Karsten Nuelle hat für dieses Konto ein Einmalpasswort gesetzt." in browser.get("/account/").text


def test_the_coordination_reads_it_among_the_accounts_for_three_weeks(cast, as_user, was_set, time_machine):
    said = "Karsten Nuelle hat für dieses Konto ein Einmalpasswort gesetzt. Grund: Passwort vergessen"
    page = as_user(cast.coordinator).get("/reports/").text
    assert "Jana Rehbaum" in page[page.index('id="accounts"') :]
    assert said in page
    for role in ("officer", "officer_elsewhere", "colleague"):
        assert said not in as_user(cast.users[role]).get("/reports/").text
    time_machine.move_to(timezone.now() + datetime.timedelta(days=22))
    assert said not in as_user(cast.coordinator).get("/reports/").text


def test_an_officer_reads_it_on_her_start_page(cast, as_user):
    set_password(Actor(cast.admin), cast.officer, ONCE, reason=REASON)
    browser = logged_in("officer")
    choose(browser)
    assert "Ihr Konto" in browser.get("/reports/").text
    assert "Grund: Passwort vergessen" in browser.get("/reports/").text
    assert "Grund: Passwort vergessen" not in as_user(cast.officer_elsewhere).get("/reports/").text


def test_an_administrator_sets_it_for_an_administrator_alike(cast, as_user):
    other = User.objects.create(username="zweite", role="admin", is_staff=True)
    as_user(cast.admin).post(page_of(other), typed())
    browser = logged_in("zweite")
    assert browser.get("/admin/")["Location"] == f"{CHANGE}?next=%2Fadmin%2F"
    assert choose(browser, next="/admin/")["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_ones_own_password_is_changed_on_ones_own_page(cast, as_user):
    before = cast.admin.password
    browser = as_user(cast.admin)
    for answer in (browser.get(page_of(cast.admin)), browser.post(page_of(cast.admin), typed())):
        assert answer["Location"] == CHANGE
    assert User.objects.get(pk=cast.admin.pk).password == before
    with pytest.raises(ValidationError, match="auf Ihrer Kontoseite"):
        set_password(Actor(cast.admin), cast.admin, ONCE, reason=REASON)


@pytest.mark.parametrize("role", ["manager", "officer", "coordinator"])
def test_nobody_else_sets_a_password_for_somebody(cast, as_user, role):
    as_user(cast.users[role]).post(page_of(cast.colleague), typed())
    assert not User.objects.get(pk=cast.colleague.pk).must_change_password


def draft_key(user):
    key = drafts.DraftKey(
        user=user.pk, form="client.register", object_key="", path="/clients/new/", title="", case_no=""
    )
    return drafts.sign(key)


def test_a_form_that_was_open_meanwhile_keeps_what_was_typed(was_set):
    """The page of before is sent after the log-in with the one-time password, before the own one is chosen."""
    browser = logged_in()
    post = {"draft_key": draft_key(was_set), "surname": "Zwitscherlibelle"}
    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        answer = browser.post("/clients/new/", post, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"expired": True})
    assert browser.get("/account/csrf/", headers={"Accept": "application/json"}).status_code == 401
    assert browser.post("/clients/new/", post, follow=True).redirect_chain[-1][0].startswith(CHANGE)
    choose(browser, next="/clients/new/")
    assert Draft.objects.get(author=was_set).data["surname"] == ["Zwitscherlibelle"]
    assert "Zwitscherlibelle" in browser.get("/clients/new/").text


def test_an_own_password_sent_in_the_same_moment_does_not_undo_it(cast, was_set):
    before = User.objects.get(pk=was_set.pk)
    before.password = cast.manager.password
    change_own_password(Actor(before), OWN)
    stored = User.objects.get(pk=was_set.pk)
    assert stored.check_password(ONCE)
    assert stored.must_change_password


def test_a_changed_password_writes_nothing_else_of_the_account(cast):
    read_before = User.objects.get(pk=cast.manager.pk)
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    change_own_password(Actor(read_before), OWN)
    assert not User.objects.get(pk=cast.manager.pk).is_active


def test_typed_on_the_command_line_it_serves_once_too(cast, monkeypatch):
    command = "django.contrib.auth.management.commands.changepassword.getpass.getpass"
    monkeypatch.setattr(command, lambda prompt="": "kurz")
    with pytest.raises(CommandError):
        call_command("changepassword", "manager")
    assert not AccountChange.objects.exists()

    monkeypatch.setattr(command, lambda prompt="": ONCE)
    call_command("changepassword", "manager")
    text = logged_in().get("/", follow=True).text
    assert "Der Betrieb dieser Installation hat am" in text
    assert "Grund:" not in text
    assert AuditEntry.objects.get(action="account.password_set").actor is None
