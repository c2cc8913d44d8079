"""Fetches everything one user can ask for and collects what came back."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.stage import OpenFile, kwargs_for


def answers(user: Any, *files: OpenFile) -> Iterator[tuple[str, str]]:
    """Every page, fragment and POST answer of every route, for each of the files.

    Args:
        user: who asks; None is anonymous.
        files: the files (and the rows in them) the routes are pointed at.

    Yields:
        ``(what was asked, body)``; redirects yield their target as the body.
    """
    asked = set()
    for file in files:
        for route in sorted(MATRIX):
            url = reverse(route, kwargs=kwargs_for(route, file))
            if url in asked or route in ("account_logout",):
                continue
            asked.add(url)
            for what, send in (
                ("GET", lambda browser, url=url: browser.get(url)),
                ("HTMX", lambda browser, url=url: browser.get(url, headers={"HX-Request": "true"})),
                ("POST", lambda browser, url=url: browser.post(url, {"q": "Zwitscher", "text": "Zwitscher"})),
            ):
                yield f"{what} {route}", body_of(user, send)


def body_of(user: Any, send: Any) -> str:
    """One request in a transaction of its own, rolled back afterwards."""
    with transaction.atomic():
        browser = Browser(raise_request_exception=False)
        if user is not None:
            browser.force_login(type(user).objects.get(pk=user.pk))
        answer = send(browser)
        transaction.set_rollback(True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.get('Location', '')} {content.decode('utf-8', 'replace')}"
