"""Drafts, forms and the frame as a person at the keyboard meets them; the server's answers are played."""

import json
import mimetypes
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect, sync_playwright

from tests.conftest import CHROMIUM
from ui.forms import UiForm
from ui.frame import Me, NavItem, PrimaryAction

pytestmark = pytest.mark.browser

PATIENCE = 60_000
"""Milliseconds after which something hangs."""
SITE = "http://example.test"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PAGE = """{% extends "base.html" %}{% load ui %}{% block title %}Beratung{% endblock %}
{% block heading %}{% who_text "Samira Rahmatyar" "STU-2018-0042" %}{% endblock %}
{% block content %}{% render_form form draft_url="/draft/" draft_key="signed" %}{% endblock %}"""
COUNTRIES = ["Afghanistan", "Ägypten", "Eritrea", "Gambia", "Irak", "Iran", "Kamerun", "Kosovo", "Nigeria"]
COUNTRIES += ["Pakistan", "Somalia", "Syrien", "Türkei", "Ukraine"]


class TalkForm(UiForm):
    note = forms.CharField(label="Notiz", widget=forms.Textarea)
    day = forms.DateField(label="Datum", required=False)
    country = forms.ChoiceField(
        label="Land", choices=[("", "keine Angabe"), *[(name, name) for name in COUNTRIES]], required=False
    )


class Server:
    """Answers the page, its static files and the draft endpoint; can be told to fail."""

    def __init__(self) -> None:
        self.drafts: list[dict[str, list[str]]] = []
        self.posts: list[dict[str, list[str]]] = []
        self.expired = False
        self.down = False
        self.token = "first"

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if path.startswith("/static/"):
            self._static(route, path)
        elif self.down:
            route.abort()
        elif path == "/draft/":
            self._draft(route)
        elif path == "/account/csrf/":
            if self.expired:
                route.fulfill(status=401, json={})
            else:
                self.token = "fresh"
                route.fulfill(json={"token": self.token})
        elif route.request.method == "POST":
            self.posts.append(parse_qs(route.request.post_data or ""))
            route.fulfill(body="<p id='done'>gespeichert</p>", content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body=page_html(), content_type="text/html; charset=utf-8")

    def _static(self, route: Route, path: str) -> None:
        found = finders.find(path.removeprefix("/static/"))
        kind = mimetypes.guess_type(path)[0] or "text/plain"
        if isinstance(found, str):
            route.fulfill(path=found, content_type=kind)
        else:
            route.fulfill(status=404)

    def _draft(self, route: Route) -> None:
        if self.expired:
            route.fulfill(status=401, json={"expired": True})
            return
        self.drafts.append(parse_qs(route.request.post_data or ""))
        route.fulfill(body=json.dumps({"saved_at": "14:32"}), content_type="application/json")


def page_html() -> str:
    frame = {
        "me": Me("Jana Rehbaum", "JR", url="/account/"),
        "nav_items": [NavItem("Mein Tag", "/", "sun")],
        "tab_items": [],
        "may_search": True,
        "primary_action": PrimaryAction("Beratung erfassen", "/new/"),
    }
    request = RequestFactory().get("/")
    template = engines["django"].from_string(PAGE)
    return str(template.template.render(_context(request, {**frame, "form": TalkForm(auto_id="id_%s")})))


def _context(request: Any, values: dict[str, Any]) -> Any:
    from django.template import Context

    return Context({**values, "request": request, "csrf_token": "first"})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(server: Server) -> Iterator[Page]:
    # Playwright's event loop runs in this thread, beside Django's template code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        shown = browser.new_page()
        shown.route(f"{SITE}/**", server.answer)
        shown.goto(f"{SITE}/")
        yield shown
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def comes_to_say(page: Page, text: str) -> None:
    """The line about the draft says this, sooner or later."""
    expect(page.locator("[data-draft-status]")).to_contain_text(text, timeout=PATIENCE)


def test_a_draft_is_called_saved_only_when_the_server_said_so(page: Page, server: Server) -> None:
    page.get_by_label("Notiz").fill("Bescheid gelesen")
    assert page.inner_text("[data-draft-status]") == ""
    comes_to_say(page, "Entwurf gespeichert um 14:32")
    assert server.drafts[-1]["note"] == ["Bescheid gelesen"]
    assert server.drafts[-1]["draft_key"] == ["signed"]


def test_without_a_connection_it_says_so_and_tries_again(page: Page, server: Server) -> None:
    server.down = True
    page.get_by_label("Notiz").fill("Hausbesuch")
    comes_to_say(page, "Noch nicht gespeichert – keine Verbindung")
    server.down = False
    comes_to_say(page, "gespeichert um 14:32")
    assert server.drafts[-1]["note"] == ["Hausbesuch"]


def test_an_expired_login_keeps_the_text_and_sends_it_again_afterwards(page: Page, server: Server) -> None:
    server.expired = True
    page.get_by_label("Notiz").fill("Anruf")
    comes_to_say(page, "Ihre Anmeldung ist abgelaufen")
    link = page.locator("[data-draft-status] a")
    assert (link.get_attribute("href"), link.get_attribute("target")) == ("/login/", "_blank")
    server.expired = False
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    comes_to_say(page, "gespeichert um 14:32")
    assert server.drafts[-1]["note"] == ["Anruf"]
    assert page.input_value("form.form [name=csrfmiddlewaretoken]") == "fresh"


def test_leaving_the_field_saves_at_once(page: Page, server: Server) -> None:
    page.clock.install()
    # By the clock of the browser, which runs on while that of the tests was set back to the morning.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 3600)
    page.get_by_label("Notiz").fill("x")
    page.keyboard.press("Tab")
    # The clock of the page stands still: nothing was waited for.
    comes_to_say(page, "Entwurf gespeichert um 14:32")
    page.clock.run_for(10_000)
    assert len(server.drafts) == 1


def test_ctrl_enter_sends_once_and_the_button_says_what_happens(page: Page, server: Server) -> None:
    page.get_by_label("Notiz").fill("fertig")
    page.evaluate(
        "document.addEventListener('submit', (event) => event.preventDefault());"
        "window.count = 0; document.addEventListener('submit', () => { window.count += 1; })"
    )
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.locator("form.form .btn-primary").click(force=True)
    expect(page.locator("form.form .btn-primary")).to_have_text("Wird gespeichert …")
    assert page.evaluate("window.count") == 1


def test_a_form_reaches_the_server_after_its_draft(page: Page, server: Server) -> None:
    page.get_by_label("Notiz").fill("fertig")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#done")
    assert [post["note"] for post in server.posts] == [["fertig"]]


def test_a_half_typed_date_stops_the_form(page: Page, server: Server) -> None:
    page.get_by_label("Notiz").fill("x")
    page.get_by_label("Datum").focus()
    page.keyboard.type("02")
    page.locator("form.form .btn-primary").click()
    # The form first waits for its draft, then looks at its dates.
    expect(page.locator("form.form")).to_contain_text("Bitte diese Angabe vervollständigen oder leeren.")
    assert server.posts == []


def test_a_long_list_is_searched(page: Page, server: Server) -> None:
    box = page.get_by_role("combobox", name="Land")
    box.click()
    box.fill("agy")
    page.get_by_role("option", name="Ägypten").click()
    assert page.input_value("#id_country") == "Ägypten"
    box.fill("syr")
    page.keyboard.press("Enter")
    assert (box.input_value(), page.input_value("#id_country")) == ("Syrien", "Syrien")
    box.fill("Atlantis")
    page.keyboard.press("Tab")
    assert box.input_value() == "Syrien"
    box.fill("")
    page.keyboard.press("Tab")
    assert page.input_value("#id_country") == ""


def test_a_text_near_its_limit_counts_down(page: Page, server: Server) -> None:
    page.get_by_label("Notiz").fill("a" * 9_990)
    assert "10 Zeichen übrig" in page.inner_text("form.form")
    page.get_by_label("Notiz").fill("a" * 10_003)
    assert "3 Zeichen zu viel" in page.inner_text("form.form")


def test_the_privacy_screen_hides_names_at_once_and_tells_the_server(page: Page, server: Server) -> None:
    heading = page.locator("h1")
    expect(heading).to_have_text("Samira Rahmatyar", use_inner_text=True)
    with page.expect_request("**/account/privacy-screen/"):
        page.keyboard.press("F9")
    expect(heading).to_have_text("STU-2018-0042", use_inner_text=True)
    with page.expect_request("**/account/privacy-screen/"):
        page.keyboard.press("F9")
    expect(heading).to_have_text("Samira Rahmatyar", use_inner_text=True)
    assert [post["on"] for post in server.posts] == [["1"], ["0"]]


def test_the_theme_survives_a_reload(page: Page, server: Server) -> None:
    page.locator(".side [data-toggle-theme]").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.locator(".side [data-toggle-theme]").get_attribute("aria-pressed") == "true"


def test_a_slash_goes_to_the_search_but_not_while_typing(page: Page, server: Server) -> None:
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.get_by_label("Notiz").focus()
    page.keyboard.type("1/2")
    assert page.input_value("#id_note") == "1/2"
