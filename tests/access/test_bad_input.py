"""Nonsense in every form: a message at its field, never a 500, nothing written, nothing typed lost."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.html import escape

from clients.views.base import WriteView
from tests.access.crawl import text_of
from tests.access.matrix import MATRIX
from tests.access.stage import OpenFile, kwargs_for
from tests.access.typing import WRITTEN, TypedForm, typed_form
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# Written by reading, failing and keeping what was typed; not by what a form is for.
BESIDES = {"audit.AuditEntry", "clients.Draft", "sessions.Session"}
Forms = list[tuple[str, str, TypedForm]]
REVERSED = "\u202egnihton\u202c"


def samples() -> dict[str, str]:
    """Something for every kind of field that a form may take as true."""
    return {
        **dict.fromkeys(WRITTEN, "Probe"),
        "date": timezone.localdate().isoformat(),
        "time": "10:00",
        "number": "1",
    }


def everything() -> dict[str, Any]:
    """What the database holds, table by table; read past the models, for they take most of the time."""
    held = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.label not in BESIDES and not model._meta.proxy:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
                held[model._meta.label] = sorted(map(repr, cursor.fetchall()))
    return held


def write_forms(browser: Browser, file: OpenFile) -> Iterator[tuple[str, str, TypedForm]]:
    """Route, address and fields of every form a manager may write in."""
    for route, row in sorted(MATRIX.items()):
        if row.get == 200 and row.kind.refusal_for("manager", "get") is None:
            path = reverse(route, kwargs=kwargs_for(route, file))
            form = typed_form(text_of(browser.get(path)))
            if form is not None:
                yield route, path, form


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.manager)
    return browser


@pytest.fixture(scope="module")
def forms(_file_of_the_module: OpenFile) -> Forms:
    """The forms as they were opened, which are not changed by what is typed."""
    browser = Browser(raise_request_exception=False)
    browser.force_login(_file_of_the_module.manager)
    return list(write_forms(browser, _file_of_the_module))


def sent(browser: Browser, path: str, data: dict[str, Any]) -> Any:
    """The answer to a post that leaves no trace, and whether it would have."""
    with transaction.atomic():
        before = everything()
        answer = browser.post(path, data)
        answer.wrote = everything() != before
        transaction.set_rollback(True)
    return answer


BAD = {
    "100 kB": (("text", "textarea"), "ü" * 50_000),
    "a NUL": (("text", "textarea"), "vorher\x00nachher"),
    "a day that does not exist": (("date",), "29.02.2019"),
    "a year nobody lives in": (("date",), "0001-01-01"),
    "words for a time": (("time",), "später"),
    "a number too large": (("number",), "9" * 40),
    "a word for a number": (("number",), "viele"),
    "a choice that is not offered": (("radio", "select"), "99999999"),
}


def test_no_write_form_is_left_out(cast: Cast, file: OpenFile, forms: Forms) -> None:
    read = {route for route, _path, _form in forms}
    writing = set()
    for route, row in MATRIX.items():
        if row.get == 200 and row.kind.refusal_for("manager", "get") is None:
            view = resolve(reverse(route, kwargs=kwargs_for(route, file))).func
            if issubclass(getattr(view, "view_class", object), WriteView):
                writing.add(route)
    assert writing - read == set()
    assert len(writing) > 30


def told_at(form: Any) -> set[str]:
    """The fields that carry a message, those of a form inside it by the name they are sent under."""
    inner = (part.add_prefix(name) for part in getattr(form, "inner", ()) for name in part.errors)
    return {*form.errors, *inner}


@pytest.mark.parametrize("badness", BAD)
def test_nonsense_is_refused_at_its_field_and_stays_on_the_page(
    badness: str, browser: Browser, forms: Forms
) -> None:
    kinds, value = BAD[badness]
    wrong, tried = [], 0
    for route, path, form in forms:
        names = form.of_kind(*kinds)
        if not names:
            continue
        tried += len(names)
        answer = sent(browser, path, form.filled(**dict.fromkeys(names, value)))
        if answer.status_code >= 500 or answer.wrote:
            wrong.append(f"{route}: {answer.status_code}, wrote: {answer.wrote}")
            continue
        if answer.status_code != 422:
            wrong.append(f"{route}: {answer.status_code}")
            continue
        said = told_at(answer.context["form"])
        wrong += [f"{route}: no message at {name}" for name in names if name not in said]
        shown = escape(value.replace("\x00", ""))
        if {"text", "textarea", "date", "time", "number"} & set(
            kinds
        ) and shown not in answer.content.decode():
            wrong.append(f"{route}: what was typed is gone")
    assert not wrong, "\n".join(wrong)
    assert tried


def test_direction_controls_reach_no_table(browser: Browser, forms: Forms) -> None:
    wrong, stored = [], 0
    for route, path, form in forms:
        with transaction.atomic():
            answer = browser.post(path, form.completed({**samples(), **dict.fromkeys(WRITTEN, REVERSED)}))
            stored += answer.status_code == 302
            if answer.status_code >= 500 or "\\u202e" in str(everything()):
                wrong.append(f"{route}: {answer.status_code}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
    assert stored > 10


def test_the_same_post_twice_is_done_once(browser: Browser, forms: Forms) -> None:
    wrong, done = [], []
    for route, path, form in forms:
        post = form.completed(samples())
        with transaction.atomic():
            first = browser.post(path, post)
            once = everything()
            second = browser.post(path, post)
            if first.status_code == 302:
                done.append(route)
                if everything() != once:
                    wrong.append(f"{route}: done twice")
            wrong += [
                f"{route}: {answer.status_code}" for answer in (first, second) if answer.status_code >= 500
            ]
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
    assert len(done) > 20, done


def test_a_post_after_the_log_in_expired_is_parked_and_comes_back(
    cast: Cast, browser: Browser, forms: Forms
) -> None:
    stranger = Browser(enforce_csrf_checks=True, raise_request_exception=False)
    wrong, restored = [], 0
    for route, path, form in forms:
        words = {name: f"Wort{number}" for number, name in enumerate(form.written)}
        with transaction.atomic():
            answer = sent(stranger, path, form.filled(**words))
            if answer.wrote:
                wrong.append(f"{route}: written without a log-in")
            answer = stranger.post(path, form.filled(**words))
            if answer.status_code != 302 or not answer["Location"].startswith("/login/?next="):
                wrong.append(f"{route}: {answer.status_code}")
            else:
                back = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
                page = browser.get(back).content.decode()
                lost = [name for name, word in words.items() if word not in page]
                restored += len(words)
                if lost:
                    wrong.append(f"{route}: lost {', '.join(lost)}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
    assert restored > 30
