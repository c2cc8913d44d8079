"""The stage of the browser tests: one Chromium per file, a live server, a clock that can be set.

``BROWSER_PICTURES=folder`` keeps a picture of every page a test ended on.
"""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, sync_playwright

from accounts.models import User
from tests.browser.desk import OPTIONS, PASSWORD, Clock, Desk
from tests.cast import Cast, load_cast
from tests.conftest import CHROMIUM


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's event loop runs in the thread of the test, beside Django's own code.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            yield browser
            browser.close()


@pytest.fixture
def staff(live_server: Any) -> Cast:
    """The cast, able to log in with ``PASSWORD``."""
    User.objects.update(password=make_password(PASSWORD))
    return load_cast()


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    yield clock
    clock.stop()


@pytest.fixture
def desks(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """``desks(width)`` opens a browser of its own; in the end none of them may have complained."""
    opened: list[Desk] = []

    def open_desk(width: int = 1280, **options: Any) -> Desk:
        context = chromium.new_context(
            viewport={"width": width, "height": 800 if width > 600 else 844}, locale="de-DE", **options
        )
        desk = Desk(context.new_page(), live_server.url)
        opened.append(desk)
        return desk

    yield open_desk
    complaints = [complaint for desk in opened for complaint in desk.complaints]
    if folder := os.environ.get("BROWSER_PICTURES"):
        for number, desk in enumerate(opened):
            if not desk.page.is_closed():
                name = f"{request.node.name}-{number}-{datetime.datetime.now():%H%M%S}.png"
                desk.page.screenshot(path=Path(folder) / name.replace("/", "-"), full_page=True)
    for desk in opened:
        desk.page.context.close()
    assert complaints == []
