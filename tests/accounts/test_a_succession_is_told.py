"""Who left, who took over and how many files: the coordination reads it, and each file keeps it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Role, User
from accounts.services.users import change_role, create_user, deactivate
from audit.models import AuditEntry
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(cast):
    names = ("Zwitscherlibelle", "Rauchschwalbe")
    return [ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname=name) for name in names]


@pytest.fixture
def common(cast):
    return {"reason": "Krankheit"}


def section(browser, query=""):
    text = browser.get(f"/reports/{query}").text
    return text[text.index('id="accounts"') :].split("</section>")[0] if 'id="accounts"' in text else ""


def test_the_coordination_reads_who_took_over_how_many_files(cast, as_user, files, common):
    ClientFactory(manager=cast.manager, municipality=cast.stutensee, closed=True)
    deactivate(Actor(cast.admin), cast.manager, successor=cast.colleague, **common)
    text = section(as_user(cast.coordinator))
    assert "Jana Rehbaum" in text
    assert "Karsten Nuelle hat dieses Konto abgeschaltet. 2 Akten gingen an Tobias Kettelhack." in text
    assert "heute" in text
    assert text == section(as_user(cast.coordinator), f"?place={cast.pfinztal.code}")


def test_it_names_nobody_in_the_files_and_not_why(cast, as_user, files, common):
    deactivate(Actor(cast.admin), cast.manager, successor=cast.colleague, **common)
    text = section(as_user(cast.coordinator))
    assert not any(
        word in text for word in ("Zwitscherlibelle", "Rauchschwalbe", files[0].case_no, "Krankheit")
    )
    for role in ("officer", "officer_elsewhere", "colleague", "outsider"):
        assert section(as_user(cast.users[role])) == ""
    assert section(as_user(cast.coordinator), "?period=2016-01") == ""


@pytest.mark.parametrize("verb", ["deactivate", "change_role"])
def test_without_a_successor_it_says_that_they_wait_in_the_inbox(cast, as_user, files, common, verb):
    if verb == "deactivate":
        deactivate(Actor(cast.admin), cast.manager, **common)
    else:
        change_role(Actor(cast.admin), cast.manager, Role.OFFICER, whole_district=False, **common)
    assert "2 Akten fielen in den Eingang." in section(as_user(cast.coordinator))
    assert "2 Akten von Jana Rehbaum warten" in as_user(cast.coordinator).get("/reports/").text


def test_a_new_role_is_told_with_both(cast, as_user, common):
    change_role(Actor(cast.admin), cast.officer, Role.MANAGER, whole_district=False, **common)
    said = "Karsten Nuelle hat die Rolle geändert: Integrationsbeauftragte:r → Integrationsmanager:in."
    assert said in section(as_user(cast.coordinator))
    assert "Akten" not in section(as_user(cast.coordinator))


def test_each_file_says_in_its_access_log_that_it_changed_hands(cast, as_user, files, common):
    deactivate(Actor(cast.admin), cast.manager, successor=cast.colleague, **common)
    for file in files:
        entry = AuditEntry.objects.about(file.subject_ref).get(action="client.reassigned")
        assert (entry.actor, entry.fields) == (cast.admin, ["manager"])
    browser = as_user(User.objects.get(pk=cast.colleague.pk))
    page = browser.get(reverse("clients:access_log", args=[files[0].uuid])).text
    assert "hat die Akte weitergegeben" in page
    assert page.count("Karsten Nuelle") == 1


def test_what_fell_to_the_inbox_and_was_taken_stands_there_too(cast, as_user, files, common):
    deactivate(Actor(cast.admin), cast.manager, **common)
    browser = as_user(cast.colleague)
    browser.post(reverse("clients:inbox_take", args=[files[0].uuid]))
    page = browser.get(reverse("clients:access_log", args=[files[0].uuid])).text
    assert page.index("hat die Akte aus dem Eingang übernommen") < page.index("die Akte fiel in den Eingang")


def test_many_new_accounts_hide_nothing_and_stand_folded(cast, as_user, files, common):
    deactivate(Actor(cast.admin), cast.manager, successor=cast.colleague, **common)
    for number in range(12):
        create_user(Actor(cast.admin), User(username=f"neu{number}", role="admin"))
    text = section(as_user(cast.coordinator))
    assert text.index("2 Akten gingen an Tobias Kettelhack.") < text.index(
        "mit einem Einmalpasswort angelegt"
    )
    assert "5 weitere Zeilen zeigen" in text
    assert text.count("mit einem Einmalpasswort angelegt") == 12


def test_the_page_asks_as_often_for_one_account_as_for_many(cast, as_user, files, common):
    browser = as_user(cast.coordinator)
    deactivate(Actor(cast.admin), cast.manager, successor=cast.colleague, **common)

    def statements():
        browser.get("/reports/")
        with CaptureQueriesContext(connection) as captured:
            browser.get("/reports/")
        return len(captured)

    before = statements()
    for number in range(12):
        create_user(Actor(cast.admin), User(username=f"neu{number}", role="admin"))
    assert statements() == before
