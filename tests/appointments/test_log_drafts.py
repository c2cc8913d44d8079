"""Drafts on the server: what was typed survives a closed tab, an expired log-in and another device."""

import datetime
import re
from typing import Any

import pytest
from django.core import signing
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.models import Contact
from clients import drafts
from clients.models import Draft
from clients.services.responsibility import assign
from tests.access.typing import typed_form
from tests.appointments.log_desk import reachable, routine, text_of
from tests.cast import Cast
from tests.factories.plans import start

pytestmark = pytest.mark.django_db


def new(client: Any) -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid])


@pytest.fixture
def client(cast: Cast) -> Any:
    return reachable(cast.manager, case_no="STU-2018-0777")


def save(browser: Browser, key: str, **fields: Any) -> Any:
    return browser.post(
        reverse("clients:draft_save"), {**routine(**fields), "draft_key": key}, headers={"X-Draft": "1"}
    )


def test_a_draft_is_saved_and_restored_on_another_device(cast: Cast, as_user: Any, client: Any) -> None:
    first = as_user(cast.manager)
    key = first.get(new(client)).context["draft_key"]
    answer = save(first, key, note="Halb geschriebener Satz", main_topic=None, channel="phone", minutes="15")
    assert answer.status_code == 200
    assert answer.json()["saved_at"] == f"{timezone.localtime():%H:%M}"
    second = as_user(cast.manager)
    page = second.get(new(client))
    assert "Halb geschriebener Satz" in text_of(page)
    assert not page.context["form"].errors
    assert page.context["form"]["channel"].value() == "phone"
    assert page.context["form"]["minutes"].value() == "15"
    assert "Entwurf" in text_of(page)


def test_a_refused_form_is_kept_as_a_draft_with_every_word_of_it(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    typed = routine(note="Zuletzt getippt, dann abgeschickt.", main_topic=None, next_on="2031-02-03")
    assert browser.post(new(client), {**typed, "draft_key": key}).status_code == 422
    assert not Contact.objects.exists()
    page = as_user(cast.manager).get(new(client))
    assert page.context["form"]["note"].value() == "Zuletzt getippt, dann abgeschickt."
    assert "03.02.2031" in text_of(page)
    assert not page.context["form"].errors


def test_a_refused_form_is_kept_for_nobody_but_its_author(cast: Cast, as_user: Any, client: Any) -> None:
    key = as_user(cast.outsider).get(reverse("intake:new")).context["draft_key"]
    answer = as_user(cast.manager).post(new(client), {**routine(main_topic=None), "draft_key": key})
    assert answer.status_code == 422
    assert not Draft.objects.exists()


def test_a_restored_draft_is_sent_like_any_other_form(cast: Cast, as_user: Any, client: Any) -> None:
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    typed = routine(note="Vom anderen Gerät.")
    browser.post(reverse("clients:draft_save"), {**typed, "draft_key": key})
    form = as_user(cast.manager).get(new(client)).context["form"]
    assert form["form_token"].value() == typed["form_token"]
    assert as_user(cast.manager).post(new(client), typed).status_code == 302
    assert Contact.objects.count() == 1
    assert not Draft.objects.exists()


def test_the_day_lists_drafts_by_case_number_with_continue_and_discard(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"])
    day = text_of(browser.get("/"))
    assert "Beratung erfassen, STU-2018-0777" in day
    assert f'href="{new(client)}?next=/"' in day
    draft = Draft.objects.get()
    assert as_user(cast.colleague).post(reverse("clients:draft_discard", args=[draft.pk])).status_code == 404
    assert browser.post(reverse("clients:draft_discard", args=[draft.pk])).status_code == 302
    assert "Beratung erfassen, STU-2018-0777" not in text_of(browser.get("/"))


def test_a_draft_thrown_away_is_back_with_one_tap_and_forgotten_after_a_day(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"], note="Doch wichtig gewesen.")
    draft = Draft.objects.get()
    browser.post(reverse("clients:draft_discard", args=[draft.pk]))
    restore = f"{reverse('clients:draft_restore', args=[draft.pk])}?next=/"
    assert f'action="{restore}"' in browser.get("/").content.decode().replace("%2F", "/")
    assert "Doch wichtig gewesen." not in text_of(browser.get(new(client)))
    assert as_user(cast.colleague).post(restore).status_code == 404
    browser.post(restore)
    assert "Doch wichtig gewesen." in text_of(browser.get(new(client)))
    browser.post(reverse("clients:draft_discard", args=[draft.pk]))
    now = timezone.now()
    assert drafts.forget_old(now + datetime.timedelta(hours=23)) == 0
    assert drafts.forget_old(now + datetime.timedelta(hours=25)) == 1


def test_a_text_of_a_former_file_is_handed_over_to_whoever_is_responsible(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"], note="Bitte weitergeben.")
    client.manager = cast.colleague
    client.save()
    draft = Draft.objects.get()
    address = reverse("clients:draft_hand_over", args=[draft.pk])
    assert f'formaction="{address}"' in browser.get("/").content.decode()
    assert as_user(cast.colleague).post(address).status_code == 404
    assert browser.post(address).status_code == 302
    assert "Der Text liegt jetzt bei der" in text_of(browser.get("/"))
    hers = as_user(cast.colleague)
    assert "von Jana Rehbaum" in text_of(hers.get("/"))
    assert "Bitte weitergeben." in text_of(hers.get(new(client)))
    assert browser.get(f"/clients/drafts/{draft.pk}/").status_code == 404


def test_without_a_manager_there_is_nobody_to_hand_a_text_to(cast: Cast, as_user: Any, client: Any) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"], note="Bleibt bei mir.")
    client.manager = None
    client.save()
    browser.post(reverse("clients:draft_hand_over", args=[Draft.objects.get().pk]))
    assert "zurzeit niemand zuständig" in text_of(browser.get("/"))
    assert Draft.objects.get().author == cast.manager


def test_what_a_leaver_had_begun_travels_with_the_file(cast: Cast, as_user: Any, client: Any) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"], note="Halb fertig.")
    cast.manager.is_active = False
    cast.manager.save()
    assign(Actor(cast.coordinator), client, cast.colleague)
    assert "Halb fertig." in text_of(as_user(cast.colleague).get(new(client)))


def test_what_a_colleague_has_begun_stays_hers_when_the_file_changes_hands(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"], note="Halb fertig.")
    assign(Actor(cast.coordinator), client, cast.colleague)
    assert Draft.objects.get().author == cast.manager


def test_an_expired_log_in_parks_the_post_and_loses_nothing(cast: Cast, as_user: Any, client: Any) -> None:
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    browser.logout()
    typed = routine(note="Vor dem Ablauf getippt.")
    answer = browser.post(new(client), {**typed, "draft_key": key})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=")
    assert not Contact.objects.exists()
    browser.force_login(cast.manager)
    page = browser.get(new(client))
    assert "Vor dem Ablauf getippt." in text_of(page)
    assert browser.post(new(client), typed).status_code == 302
    assert Contact.objects.count() == 1


def test_the_post_is_parked_even_though_its_csrf_token_expired_too(cast: Cast, client: Any) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    browser.logout()
    browser.cookies.clear()
    answer = browser.post(new(client), {**routine(note="Ohne Plätzchen."), "draft_key": key})
    assert answer.status_code == 302
    assert Draft.objects.get().data["note"] == ["Ohne Plätzchen."]


def test_an_expired_draft_save_answers_401_so_that_the_page_keeps_the_text(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    browser.logout()
    answer = browser.post(
        reverse("clients:draft_save"),
        {**routine(), "draft_key": key},
        headers={"X-Draft": "1", "Accept": "application/json"},
    )
    assert answer.status_code == 401
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    # A signature carries its moment: without names of their own, two workers would collect different tests.
    "key",
    ["", "quatsch", signing.dumps({"user": 1}, salt="clients.drafts")],
    ids=["empty", "made up", "incomplete"],
)
def test_a_post_without_a_key_of_ours_is_not_parked(cast: Cast, client: Any, key: str) -> None:
    answer = Browser().post(new(client), {**routine(), "draft_key": key})
    assert answer.status_code == 302
    assert not Draft.objects.exists()


def test_a_key_works_for_its_own_author_only(cast: Cast, as_user: Any, client: Any) -> None:
    key = as_user(cast.manager).get(new(client)).context["draft_key"]
    assert save(as_user(cast.substitute), key).status_code == 404
    assert not Draft.objects.exists()


def test_a_stand_in_never_sees_the_draft_of_the_absent_manager(cast: Cast, as_user: Any, client: Any) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"], note="Nur meins.")
    other = as_user(cast.substitute)
    assert "Nur meins." not in text_of(other.get(new(client)))
    assert "STU-2018-0777" not in text_of(other.get("/"))


def test_a_draft_saved_late_by_another_window_neither_shows_nor_doubles(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    typed = routine(note="Schon gespeichert.")
    assert browser.post(new(client), typed).status_code == 302
    browser.post(reverse("clients:draft_save"), {**typed, "draft_key": key})
    assert Draft.objects.count() == 1
    assert "Beratung erfassen, STU-2018-0777" not in text_of(browser.get("/"))
    page = browser.get(new(client))
    assert "Schon gespeichert." not in text_of(page)
    assert "Ihre letzte Eingabe hier ist gespeichert." in text_of(page)
    assert not Draft.objects.exists()
    assert Contact.objects.count() == 1


def test_drafts_are_forgotten_after_thirty_days(
    cast: Cast, as_user: Any, client: Any, time_machine: Any
) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"], note="Bald vergessen.")
    saved = timezone.now()
    time_machine.move_to(saved + datetime.timedelta(days=29))
    assert "Bald vergessen." in text_of(as_user(cast.manager).get(new(client)))
    call_command("run_daily", "forget_drafts", verbosity=0)
    assert Draft.objects.exists()
    time_machine.move_to(saved + datetime.timedelta(days=31))
    later = as_user(cast.manager)
    assert "Bald vergessen." not in text_of(later.get(new(client)))
    assert "STU-2018-0777" not in text_of(later.get("/"))
    call_command("run_daily", "forget_drafts", verbosity=0)
    assert not Draft.objects.exists()


def test_a_key_older_than_a_draft_may_become_overwrites_nothing(
    cast: Cast, as_user: Any, client: Any, time_machine: Any
) -> None:
    key = as_user(cast.manager).get(new(client)).context["draft_key"]
    now = timezone.now()
    time_machine.move_to(now + datetime.timedelta(days=29))
    save(as_user(cast.manager), key, note="Was jetzt dasteht.")
    time_machine.move_to(now + datetime.timedelta(days=31))
    Browser().post(new(client), {**routine(note="Von einem alten Bildschirm."), "draft_key": key})
    assert Draft.objects.get().data["note"] == ["Was jetzt dasteht."]


def test_a_draft_larger_than_any_form_is_refused_without_an_error(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    assert save(browser, key, note="x" * 400_000).status_code == 413
    assert not Draft.objects.exists()


def test_hidden_characters_do_not_break_a_draft(cast: Cast, as_user: Any, client: Any) -> None:
    browser = as_user(cast.manager)
    key = browser.get(new(client)).context["draft_key"]
    assert save(browser, key, note="vor\x00her \u202eumgekehrt").status_code == 200
    assert "umgekehrt" in text_of(browser.get(new(client)))


def test_a_draft_of_a_file_out_of_reach_is_read_by_its_author_alone(
    cast: Cast, as_user: Any, client: Any
) -> None:
    browser = as_user(cast.manager)
    save(browser, browser.get(new(client)).context["draft_key"], note="Bleibt bei mir.")
    client.manager = cast.colleague
    client.save()
    assert browser.get(new(client)).status_code == 404
    draft = Draft.objects.get()
    page = browser.get("/")
    assert "Text aus früherer Zuständigkeit" in text_of(page)
    assert "STU-2018-0777" not in text_of(page)
    assert f"/clients/drafts/{draft.pk}/" in page.content.decode()
    assert new(client) not in page.content.decode()
    assert "Bleibt bei mir." in text_of(browser.get(f"/clients/drafts/{draft.pk}/"))
    assert as_user(cast.colleague).get(f"/clients/drafts/{draft.pk}/").status_code == 404


def test_a_refused_form_in_which_nothing_was_typed_is_no_draft(cast: Cast, as_user: Any, client: Any) -> None:
    browser = as_user(cast.manager)
    new = reverse("file_plans:goal_new", args=[client.uuid])
    start(client)
    form = typed_form(browser.get(new).text)
    assert browser.post(new, form.filled()).status_code == 422
    assert not Draft.objects.exists()
    assert browser.post(new, form.filled(title="Briefe selbst lesen")).status_code == 422
    draft = Draft.objects.get()
    page = browser.get(new).text
    discard = re.search(
        rf'action="{reverse("clients:draft_discard", args=[draft.pk])}">(.*?)</form>', page, re.S
    )
    assert discard is not None
    assert f'name="next" value="{new}"' in discard[1]


def test_a_text_about_a_file_that_is_still_ones_own_is_not_passed_on(
    cast: Cast, as_user: Any, client: Any
) -> None:
    draft = Draft.objects.create(
        author=cast.manager,
        form="x",
        case_no=client.case_no,
        path="/weg/",
        data={},
        saved_at=timezone.now(),
    )
    page = as_user(cast.manager).get(reverse("clients:draft", args=[draft.pk])).text
    assert reverse("clients:draft_hand_over", args=[draft.pk]) not in page
    type(client).objects.filter(pk=client.pk).update(manager=cast.outsider)
    page = (
        as_user(type(cast.manager).objects.get(pk=cast.manager.pk))
        .get(reverse("clients:draft", args=[draft.pk]))
        .text
    )
    assert reverse("clients:draft_hand_over", args=[draft.pk]) in page
