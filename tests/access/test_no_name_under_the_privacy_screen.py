"""Sichtschutz: with it on, no page says a name, neither in its text nor in what is read aloud or hovered over.

The style sheet hides ``who-name`` and shows ``who-case`` instead; whatever says a name must stand inside of it. A field
in which one types a name shows it only while one is in it.
"""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.stage import OpenFile, kwargs_for, open_file
from tests.cast import Cast
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
SAID = ("aria-label", "title", "alt", "placeholder", "data-label")
NAMED = ("clients.Client", "clients.ClientName", "clients.Relative", "intake.Enquiry")


class Visible(HTMLParser):
    """What a page says while names are hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        hidden = "who-name" in (values.get("class") or "").split() or tag in ("script", "style", "textarea")
        if not any(self._open):
            self.said += [values[name] or "" for name in SAID if name in values]
        if tag not in VOID:
            self._open.append(hidden)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.said.append(data)


def visible(page: str) -> str:
    parser = Visible()
    parser.feed(page)
    return "\n".join(parser.said)


@pytest.fixture
def staged(cast: Cast) -> OpenFile:
    file = open_file(cast.manager, cast, word="Zwirnelfe")
    cast.manager.privacy_screen = True
    cast.manager.save()
    return file


def names(file: OpenFile) -> set[str]:
    found = set()
    for label in NAMED:
        row: Any = file.rows[label]
        found |= {row.surname, row.given_name}
    inbox: Any = file.rows["inbox"]
    enquiry: Any = file.rows["open enquiry"]
    return {name for name in found | {inbox.surname, enquiry.surname} if len(name) > 3}


def test_no_page_says_a_name(cast: Cast, staged: OpenFile) -> None:
    browser = Browser()
    browser.force_login(cast.manager)
    wanted = names(staged)
    told = {}
    for route in sorted(MATRIX):
        answer = browser.get(reverse(route, kwargs=kwargs_for(route, staged)))
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        text = visible(answer.content.decode())
        if found := sorted(name for name in wanted if name in text):
            at = text.index(found[0])
            told[route] = (found, text[max(0, at - 40) : at + 60])
    assert told == {}


def test_the_search_says_numbers(cast: Cast, staged: OpenFile) -> None:
    browser = Browser()
    browser.force_login(cast.manager)
    found = ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Zwirnbaum")
    page = browser.post(reverse("clients:search"), {"q": "Zwirnbaum"}, headers={"HX-Request": "true"}).content
    assert found.case_no in visible(page.decode())
    assert "Zwirnbaum" not in visible(page.decode())


def test_the_test_sees_a_name_that_stands_open() -> None:
    page = (
        '<p>A<bdi class="who-name">Nour</bdi><span class="who-case">STU-1</span></p><i title="Nour T">B</i>'
    )
    assert visible(page).split("\n") == ["A", "STU-1", "Nour T", "B"]
