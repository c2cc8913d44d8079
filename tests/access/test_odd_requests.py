"""What no browser sends – keys of 26 digits, deep JSON, line breaks in addresses – is answered, never with a 500."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import resolve, reverse
from django.utils.http import urlencode

from intake.choices import ImportState
from tests.access.matrix import MATRIX
from tests.access.stage import OpenFile, kwargs_for
from tests.access.test_bad_input import write_forms
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# How views ask for what a button says.
ASKED_FOR = re.compile(r"""(?:(?:POST|GET)(?:\.get(?:list)?\(|\[)|pressed\([^"]+)"(\w+)\"""")
ODD = {
    "26 digits": "9" * 26,
    "below the smallest number": str(-(2**63) - 1),
    "deep JSON": "[" * 10_000,
    "a line break in an address": "/\r\nSet-Cookie: x=1",
}


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.manager)
    return browser


def test_an_odd_value_in_every_field_hidden_ones_too_is_answered(browser: Browser, file: OpenFile) -> None:
    def answers() -> Iterator[tuple[str, int]]:
        for route, path, form in write_forms(browser, file):
            for name, value in ODD.items():
                with transaction.atomic():
                    answer = browser.post(path, dict.fromkeys([*form.values, *form.kinds], value))
                    transaction.set_rollback(True)
                yield f"{route}: {name}", answer.status_code

    codes = dict(answers())
    assert [what for what, code in codes.items() if code >= 500] == []
    assert len(codes) > 100


def buttons(written_in: set[str], file: OpenFile) -> Iterator[tuple[str, str, list[str]]]:
    """Route, address and posted names of whatever the manager posts without a form of its own."""
    for route, row in sorted(MATRIX.items()):
        if row.post != 405 and row.kind.refusal_for("manager", "post") is None and route not in written_in:
            path = reverse(route, kwargs=kwargs_for(route, file))
            names = ASKED_FOR.findall(inspect.getsource(inspect.getmodule(resolve(path).func.view_class)))
            yield route, path, sorted({*names, "next"})


def test_an_odd_value_in_whatever_a_button_sends_is_answered(browser: Browser, file: OpenFile) -> None:
    batch: Any = file.rows["intake.ImportBatch"]
    type(batch)._base_manager.filter(pk=batch.pk).update(state=ImportState.READY)
    with_form = {route for route, _path, _form in write_forms(browser, file)}
    codes, posted = {}, set()
    for route, path, names in buttons({*with_form, "account_login", "account_logout"}, file):
        alone = [{name: ODD["26 digits"]} for name in names]
        for sent in [*(dict.fromkeys(names, value) for value in ODD.values()), *alone]:
            asked = urlencode({name: value[:300] for name, value in sent.items()})
            with transaction.atomic():
                answer = browser.post(f"{path}?{asked}", sent)
                transaction.set_rollback(True)
            codes[f"{route}: {asked}"] = answer.status_code
        posted |= {f"{route} {name}" for name in names}
    assert [what for what, code in codes.items() if code >= 500] == []
    assert {"intake:import_row choice", "intake:inbox_take_many entry"} - posted == set()


def test_a_topic_whose_key_no_row_can_have_is_refused_at_its_field(browser: Browser, file: OpenFile) -> None:
    answer: Any = browser.post(
        reverse("file_appointments:contact_new", args=[file.client.uuid]),
        {"topics": ["9" * 26], "note": "Bescheid gelesen"},
    )
    assert answer.status_code == 422
    assert "topics" in answer.context["form"].errors
    assert "Bescheid gelesen" in answer.content.decode()


@pytest.mark.parametrize("target", ["/\r\nSet-Cookie: x=1", "//evil.example", "/käse/", "/\u202e"])
def test_log_in_with_an_odd_target_leads_to_a_page_of_ours(target: str, cast: Cast) -> None:
    cast.manager.set_password("nussbaum-treppe-17")
    cast.manager.save()
    browser = Browser(raise_request_exception=False)
    page = browser.get("/login/", {"next": target})
    assert page.status_code == 200
    answer = browser.post("/login/", {"login": "manager", "password": "nussbaum-treppe-17", "next": target})
    assert answer.status_code == 302
    assert answer["Location"].isascii()
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")
    assert "x" not in browser.cookies
