"""A form sent after its file was closed to the sender: refused, and what was typed stays its author's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import StandIn
from clients.models import Client, Draft
from clients.views.base import FileWriteView
from tests.access.crawl import text_of
from tests.access.matrix import MATRIX
from tests.access.stage import OpenFile, kwargs_for
from tests.access.test_bad_input import everything
from tests.access.typing import TypedForm, typed_form
from tests.cast import Cast

pytestmark = pytest.mark.django_db

KEPT = "Was Sie eingegeben haben, ist als Ihr Entwurf aufbewahrt."
# Letters only: the form under a "/" could be the page of somebody else.
WORDS = "Getippt bevor das Recht endete"


@pytest.fixture
def file(file: OpenFile) -> OpenFile:
    Draft.objects.all().delete()
    return file


def forms_of(browser: Browser, file: OpenFile) -> list[tuple[str, str, TypedForm]]:
    """Every form about the file that takes words, as the user of the browser sees it."""
    found = []
    for route in sorted(MATRIX):
        path = reverse(route, kwargs=kwargs_for(route, file))
        view = getattr(resolve(path).func, "view_class", object)
        if issubclass(view, FileWriteView):
            form = typed_form(text_of(browser.get(path)))
            if form is not None and form.written:
                found.append((route, path, form))
    return found


def end_stand_ins(file: OpenFile, cast: Cast) -> None:
    StandIn.objects.filter(substitute=cast.substitute).update(ended_on=timezone.localdate())


def hand_over(file: OpenFile, cast: Cast) -> None:
    Client.objects.filter(pk=file.client.pk).update(manager=cast.colleague)


def close(file: OpenFile, cast: Cast) -> None:
    Client.objects.filter(pk=file.client.pk).update(phase="closed")


@pytest.mark.parametrize(
    ("role", "end", "code"),
    [("substitute", end_stand_ins, 404), ("manager", hand_over, 404), ("manager", close, 403)],
    ids=["the stand-in ended", "the file was handed over", "the file was closed"],
)
def test_what_was_typed_is_kept_and_read_although_the_file_is_closed_to_its_author(
    role: str, end: Callable[[OpenFile, Cast], None], code: int, cast: Cast, file: OpenFile
) -> None:
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.users[role])
    forms = forms_of(browser, file)
    end(file, cast)
    before, wrong, sent = everything(), [], {}
    for route, path, form in forms:
        if code == 403 and route in ("clients:reopen", "clients:address_protect", "file_plans:health"):
            continue
        # Forms of the plan come inline.
        headers = {"HX-Request": "true"} if route.startswith("file_plans") else {}
        answer = browser.post(path, form.filled(**{form.written[0]: WORDS}), headers=headers)
        if answer.status_code != code or KEPT not in answer.content.decode():
            wrong.append(f"{route}: {answer.status_code}")
        draft = Draft.objects.exclude(pk__in=sent).get()
        sent[draft.pk] = route
        if draft.data[form.written[0]] != [WORDS]:
            wrong.append(f"{route}: not kept")
        text = reverse("clients:draft", args=[draft.pk])
        if WORDS not in browser.get(text).content.decode():
            wrong.append(f"{route}: not to be read")
        again: Any = browser.get(path)
        # Whoever may not see the file learns nothing of it; on one's own closed file the way leads to the text.
        if (again.status_code, again.get("Location")) != ((404, None) if code == 404 else (302, text)):
            wrong.append(f"{route}: {again.status_code} {again.get('Location')}")
    assert wrong == []
    assert everything() == before
    assert len(sent) > 12
    latest = Draft.objects.order_by("-saved_at").first()
    assert latest is not None
    drafts = browser.get(reverse("day_part", args=["first"])).content.decode()
    if code == 403:
        assert escape(f"{latest.title}, {file.client.case_no}") in drafts
    else:
        # Whose file it is, is not said to somebody who does not see it.
        said = "Text aus Vertretung" if role == "substitute" else "Text aus früherer Zuständigkeit"
        assert said in drafts
        assert file.client.case_no not in drafts
