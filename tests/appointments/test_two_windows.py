"""Two windows, one form: what each of them says is stored or still there."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from appointments.models import Contact, ContactNote
from clients.models import Draft
from tests.access.typing import typed_form
from tests.appointments.log_desk import reachable, routine, text_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Any:
    return reachable(cast.manager, case_no="STU-2018-0777")


@pytest.fixture
def path(client: Any) -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid])


@pytest.fixture
def browser(cast: Cast, as_user: Any) -> Any:
    return as_user(cast.manager)


def typed(browser: Any, path: str, **fields: Any) -> dict[str, Any]:
    """A window: the form with the key and the token it was opened with, filled in."""
    page = browser.get(path)
    token = page.context["form"]["form_token"].value()
    return routine(**{"form_token": str(token), "draft_key": page.context["draft_key"], **fields})


def save(browser: Any, window: dict[str, Any]) -> None:
    assert browser.post(reverse("clients:draft_save"), window).status_code == 200


def test_another_text_under_a_used_token_is_shown_again_and_saved_as_a_second_entry(
    browser: Any, path: str
) -> None:
    first = typed(browser, path, note="Erstes Gespräch am Vormittag.")
    second = {**first, "note": "Zweites Gespräch am Nachmittag."}
    assert browser.post(path, first).status_code == 302
    answer = browser.post(path, second)
    assert answer.status_code == 409
    assert "Dieses Formular wurde schon einmal gespeichert, mit anderem Inhalt." in text_of(answer)
    shown = typed_form(text_of(answer))
    assert shown is not None
    assert shown.values["note"] == ["Zweites Gespräch am Nachmittag."]
    assert browser.post(path, shown.filled()).status_code == 302
    texts = set(ContactNote.objects.values_list("text", flat=True))
    assert texts == {"Erstes Gespräch am Vormittag.", "Zweites Gespräch am Nachmittag."}
    assert not Draft.objects.filter(discarded_at=None).exists()


def test_line_ends_and_blanks_at_the_edges_are_no_other_content(browser: Any, path: str) -> None:
    first = typed(browser, path, note="Eine Zeile.\r\nNoch eine.")
    assert browser.post(path, first).status_code == 302
    assert browser.post(path, {**first, "note": " Eine Zeile.\nNoch eine. "}).status_code == 302
    assert Contact.objects.count() == 1


def test_a_draft_with_a_used_token_and_another_text_comes_back_under_a_new_one(
    browser: Any, path: str
) -> None:
    first = typed(browser, path, note="Erstes Gespräch.")
    assert browser.post(path, first).status_code == 302
    save(browser, {**first, "note": "Zweites Gespräch im anderen Fenster."})
    assert "Beratung erfassen, STU-2018-0777" in text_of(browser.get("/"))
    restored = typed_form(text_of(browser.get(path)))
    assert restored is not None
    assert restored.values["note"] == ["Zweites Gespräch im anderen Fenster."]
    assert restored.values["form_token"] != [first["form_token"]]
    again = typed_form(text_of(browser.get(path)))
    assert again is not None
    assert again.values["form_token"] == restored.values["form_token"]
    assert (
        browser.post(path, restored.filled(note="Zweites Gespräch, zu Ende geschrieben.")).status_code == 302
    )
    assert Contact.objects.count() == 2
    assert not Draft.objects.filter(discarded_at=None).exists()


def test_what_the_second_window_keeps_is_not_thrown_away_by_the_first(browser: Any, path: str) -> None:
    first = typed(browser, path, note="Im ersten Fenster.")
    second = typed(browser, path, note="Im zweiten Fenster, noch nicht fertig.")
    assert first["form_token"] != second["form_token"]
    save(browser, second)
    assert browser.post(path, first).status_code == 302
    assert Draft.objects.filter(discarded_at=None).get().data["note"] == [
        "Im zweiten Fenster, noch nicht fertig."
    ]
    assert browser.post(path, second).status_code == 302
    assert Contact.objects.count() == 2
    assert not Draft.objects.filter(discarded_at=None).exists()


def test_a_draft_is_gone_with_its_text_whichever_window_sends_it(browser: Any, path: str) -> None:
    window = typed(browser, path, note="Auf zwei Geräten dasselbe.")
    save(browser, window)
    assert browser.post(path, {**window, "form_token": str(uuid.uuid4())}).status_code == 302
    assert not Draft.objects.filter(discarded_at=None).exists()


@pytest.mark.parametrize("form", ["register", "follow-up"])
def test_a_token_used_elsewhere_is_no_repetition_of_this_form(browser: Any, path: str, form: str) -> None:
    used = typed(browser, path)
    assert browser.post(path, used).status_code == 302
    address = reverse({"register": "intake:new", "follow-up": "appointments:follow_up_new"}[form])
    answer = browser.post(address, {**used, "text": "Etwas", "due_on": "2030-01-01"})
    assert answer.status_code == 409
    assert Contact.objects.count() == 1
