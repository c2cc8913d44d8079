"""What no browser sends to the Django admin – keys of 26 digits, garbled management forms – never ends in a 500."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast

pytestmark = pytest.mark.django_db

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
NAMES = [model._meta.label_lower for model in REGISTERED]
Model = type[models.Model]

KEYS = ("9" * 26, "-" + "9" * 26, "abc", "_5F_", "1'--", "\u202e", "٣")
ODD = ("9" * 26, "", "abc", "\0", "\ud800")
OF_A_LIST = ("o", "p", "q", "e", "all", "_facets", "_popup")
OF_A_PAGE = ("_to_field", "_changelist_filters")
FIELDS = re.compile(r'<(?:input|select|textarea)[^>]* name="([^"]+)"')


@pytest.fixture
def browser(cast: Cast) -> Browser:
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.admin)
    return browser


def address(model: Model, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def pages(model: Model) -> Iterator[str]:
    row = model._default_manager.order_by("-pk").first()
    yield from (address(model), address(model, "add"))
    if row is not None:
        yield from (address(model, page, row.pk) for page in ("change", "history", "delete"))


def posted(browser: Browser, path: str, data: dict[str, Any]) -> int:
    with transaction.atomic():
        code: int = browser.post(path, data).status_code
        transaction.set_rollback(True)
    return code


def faults(codes: dict[str, int]) -> list[str]:
    assert len(codes) > 5
    return [f"{what!r}: {code}" for what, code in codes.items() if code >= 500]


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_an_odd_key_in_an_address_leads_nowhere(browser: Browser, model: Model) -> None:
    codes = {
        path: browser.get(path).status_code
        for page in ("change", "history", "delete")
        for path in (address(model, page, key) for key in KEYS)
    }
    codes |= {key: posted(browser, address(model, "change", key), {}) for key in KEYS}
    assert faults(codes) == []


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_an_odd_question_is_answered(browser: Browser, model: Model) -> None:
    asked = dict.fromkeys(pages(model), OF_A_PAGE) | {address(model): OF_A_LIST + OF_A_PAGE}
    codes = {
        f"{path} {name}={value}": browser.get(path, {name: value.encode(errors="surrogatepass")}).status_code
        for path, names in asked.items()
        for name in names
        for value in (ODD if path == address(model) else ODD[:2])
    }
    assert faults(codes) == []


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_odd_values_in_the_fields_and_in_the_counts_and_keys_of_inlines_are_answered(
    browser: Browser, model: Model
) -> None:
    codes = {}
    for path in pages(model):
        names = set(FIELDS.findall(browser.get(path).text)) - {"csrfmiddlewaretoken"}
        prefixes = [name.removesuffix("-TOTAL_FORMS") for name in names if name.endswith("-TOTAL_FORMS")]
        one_row = {f"{prefix}-{count}_FORMS": "1" for prefix in prefixes for count in ("TOTAL", "INITIAL")}
        for value in ODD[:-1]:
            everywhere = dict.fromkeys(names, value)
            codes[f"{path} {value}"] = posted(browser, path, everywhere)
            for prefix in prefixes:
                row = {name.replace("__prefix__", "0"): value for name in names if name.startswith(prefix)}
                first = {f"{prefix}-0-id": value, f"{prefix}-0-{model._meta.model_name}": value}
                codes[f"{path} {prefix} {value}"] = posted(browser, path, everywhere | row | first | one_row)
    assert faults(codes) == []


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_an_action_on_odd_rows_is_answered(browser: Browser, model: Model) -> None:
    odd = "9" * 26
    confirmed = dict.fromkeys(("role", "follow_up_successor", "successor"), odd) | {
        "confirmed": "1",
        "reason": "Probe",
    }
    more: tuple[dict[str, str], ...] = ({}, {"index": odd}, {"index": "0", "select_across": odd}, confirmed)
    codes = {
        f"{action} {key} {sorted(data)}": posted(
            browser, address(model), {"action": action, "_selected_action": key, **data}
        )
        for action in ("delete_selected", *(admin.site._registry[model].actions or ()))
        for key in ("9" * 26, "abc", "1")
        for data in more
    }
    assert faults(codes) == []
