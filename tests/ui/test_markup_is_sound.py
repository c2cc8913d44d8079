"""Every page as a parser reads it: elements nest as HTML allows, headings skip no level, ids occur once."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.stage import kwargs_for, open_file

pytestmark = pytest.mark.django_db

TEMPLATES = settings.BASE_DIR / "templates"
SEEN_BY = ("manager", "officer", "coordinator", "admin", "anonymous")
VOID = set(re.findall(r"\w+", "area base br col embed hr img input link meta source track wbr"))
# What only holds words and marks among words.
PHRASING = set(
    re.findall(
        r"\w+", "a b button dfn em h1 h2 h3 h4 h5 h6 i kbd label legend p small span strong summary time"
    )
)
BLOCK = set(
    re.findall(
        r"\w+", "article details div dl fieldset figure footer form header li main nav ol p section table ul"
    )
)
# These may hold blocks where they stand among blocks themselves, or hold a heading.
TRANSPARENT = frozenset({"a"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}


class Reader(HTMLParser):
    """Collects what is wrong with one page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.level = 0
        self.ids: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        where = f"line {self.getpos()[0]}"
        parent = next((name for name in reversed(self.open) if name not in TRANSPARENT), "")
        if tag in BLOCK and parent in PHRASING:
            self.faults.append(f"{where}: <{tag}> inside <{parent}>")
        if tag == "form" and "form" in self.open:
            self.faults.append(f"{where}: a form inside a form")
        if tag in {"a", "button"} and {"a", "button"} & set(self.open):
            self.faults.append(f"{where}: <{tag}> inside something to press")
        if level := HEADINGS.get(tag):
            if level > self.level + 1:
                self.faults.append(f"{where}: <{tag}> after <h{self.level}>")
            self.level = level
        self.ids.update(value for name, value in attrs if name == "id" and value)
        if tag not in VOID and (tag == "svg" or "svg" not in self.open):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if "svg" in self.open and tag != "svg":
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> closes something else")
            self.open = [*self.open, tag][: len(self.open)]

    def all_faults(self) -> list[str]:
        twice = [f"id {name} {count} times" for name, count in self.ids.items() if count > 1]
        unclosed = [f"<{tag}> is never closed" for tag in self.open]
        return self.faults + twice + unclosed


def faults_of(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.all_faults()


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<h1>a</h1><h3>b</h3>", "line 1: <h3> after <h1>"),
        ("<span><form></form></span>", "line 1: <form> inside <span>"),
        ('<i id="x"></i><b id="x"></b>', "id x 2 times"),
        ("<div><b></div>", "line 1: </div> closes something else"),
        ("<form><form></form></form>", "line 1: a form inside a form"),
        ("<a><button></button></a>", "line 1: <button> inside something to press"),
        ("<div>", "<div> is never closed"),
    ],
)
def test_the_reader_sees_faults(html: str, fault: str) -> None:
    assert fault in faults_of(html)


def test_every_page_is_sound(cast: Any, as_user: Any) -> None:
    file = open_file(cast.manager, cast)
    found, read = [], 0
    for route, row in MATRIX.items():
        for role in SEEN_BY:
            if row.get != 200 or row.kind.refusal_for(role, "get") is not None:
                continue
            answer = as_user(None if role == "anonymous" else cast.users[role]).get(
                reverse(route, kwargs=kwargs_for(route, file))
            )
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                read += 1
                found += [f"{route} as {role}: {fault}" for fault in faults_of(answer.content.decode())]
    assert read > 100
    assert not found, "\n".join(found)


def test_regions_that_speak_stand_in_the_page_and_not_in_what_is_swapped() -> None:
    """A screen reader hears changes inside a region it knows, not a region that arrives with its words."""
    speaking = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if re.search(r'role="status"|aria-live', path.read_text(encoding="utf-8"))
    }
    assert speaking == {"base.html", "components/_messages.html", "components/_saved.html"}
    # The messages come along with a fragment: their words are swapped, the region stays.
    messages = (TEMPLATES / "components/_messages.html").read_text(encoding="utf-8")
    assert re.findall(r'hx-swap-oob="(\w+)"', messages) == ["innerHTML"]
