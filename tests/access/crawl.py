"""Fetches everything one user can ask for and collects what came back."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from openpyxl import load_workbook

from tests.access.matrix import MATRIX
from tests.access.stage import OpenFile, kwargs_for

EVERY_WAY = ("GET", "HTMX", "POST")


def answers(
    user: Any, *files: OpenFile, ways: tuple[str, ...] = EVERY_WAY, routes: Iterable[str] = MATRIX
) -> Iterator[tuple[str, str]]:
    """Every page, fragment and POST answer of every route, for each of the files.

    Args:
        user: who asks; None is anonymous.
        files: the files (and the rows in them) the routes are pointed at.
        ways: how each address is asked.
        routes: which ones; all of them unless a test has looked at all before.

    Yields:
        ``(what was asked, body)``; a redirect's target counts as its body. Every request is rolled back.
    """
    browser = Browser(raise_request_exception=False)
    if user is not None:
        browser.force_login(type(user).objects.get(pk=user.pk))
    cookies = browser.cookies.copy()
    asked = set()
    for file in files:
        for route in sorted(routes):
            url = reverse(route, kwargs=kwargs_for(route, file))
            if url in asked:
                continue
            asked.add(url)
            for way in ways:
                with transaction.atomic():
                    answer = _ask(browser, way, url)
                    transaction.set_rollback(True)
                browser.cookies = cookies.copy()
                yield f"{way} {route}", f"{answer.get('Location', '')} {text_of(answer)}"


def _ask(browser: Browser, way: str, url: str) -> Any:
    if way == "GET":
        return browser.get(url)
    if way == "HTMX":
        return browser.get(url, headers={"HX-Request": "true"})
    return browser.post(url, {"q": "Zwitscher", "text": "Zwitscher"})


def text_of(answer: Any) -> str:
    """What an answer says, also one that hands out a file; of a workbook the cells, which are packed in it."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheetml" in answer.get("Content-Type", ""):
        return "\n".join(str(row) for sheet in load_workbook(io.BytesIO(content)) for row in sheet.values)
    return str(content.decode("utf-8", "replace"))
