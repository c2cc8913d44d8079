"""The log-in page: German, by label, without script, without an axe finding."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client as Browser
from playwright.sync_api import Page, sync_playwright

from tests.cast import Cast
from tests.conftest import CHROMIUM

CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def test_the_page_asks_for_user_name_and_password(client: Browser, cast: Cast) -> None:
    text = client.get("/login/").content.decode()
    assert "<title>Anmelden – Integrationsmanagement</title>" in text
    assert '<label for="id_login"' in text
    assert '<label for="id_password"' in text
    assert "Signup" not in text
    assert 'class="side"' not in text


def test_a_wrong_password_says_so_and_keeps_the_name(client: Browser, cast: Cast) -> None:
    answer = client.post("/login/", {"login": cast.manager.username, "password": "Geheim-9731"})
    text = answer.content.decode()
    assert "<title>Fehler: Anmelden" in text
    assert 'role="alert"' in text
    assert f'value="{cast.manager.username}"' in text
    assert "Der Benutzername oder das Passwort ist falsch." in text
    assert "Geheim-9731" not in text


def test_an_empty_post_names_both_fields(client: Browser, cast: Cast) -> None:
    text = client.post("/login/", {}).content.decode()
    assert 'href="#id_login"' in text
    assert 'href="#id_password"' in text
    assert 'aria-describedby="id_login_error"' in text


def test_the_password_page_has_a_label_for_every_field(as_user: Any, cast: Cast) -> None:
    text = as_user(cast.manager).get("/account/password/change/").content.decode()
    assert "Passwort ändern" in text
    assert text.count('autocomplete="new-password"') == 2
    assert 'autocomplete="current-password"' in text


def test_a_switched_off_account_is_told_where_to_ask(client: Browser, cast: Cast) -> None:
    text = client.get("/login/inactive/").content.decode()
    assert "Dieses Konto ist abgeschaltet" in text


@pytest.fixture
def page() -> Iterator[Page]:
    # Playwright's event loop runs in this thread; the tests use the database between its calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield browser.new_page()
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, live_server: Any, theme: Any, width: int
) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("Benutzername").fill("niemand")
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_selector(".error-summary:focus")
    findings = Axe().run(page)
    assert findings.violations_count == 0, findings.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
    assert problems == []
