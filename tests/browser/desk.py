"""A person at a browser, and the clock on the wall."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASSWORD = "ein-langes-Passwort-für-Proben"
BERLIN = ZoneInfo("Europe/Berlin")
# How long something may take to appear, in milliseconds, on a machine that is busy with other things.
WAIT = 30_000
expect.set_options(timeout=WAIT)
# htmx says so when a page is left while it still asks for a part of it; what is answered is judged by _look_at.
LEFT_WHILE_ASKING = ("htmx:sendAbort", "htmx:afterRequest")
TYPED = "textarea, input:not([type=radio]):not([type=checkbox])"


TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const reach = (element) => element.getBoundingClientRect().left + element.scrollWidth;
  const beyond = [...document.body.querySelectorAll("*")].filter(
    (element) => reach(element) > width + 1 && !element.closest(".scroll-x, .file-tabs, .visually-hidden"));
  return beyond.filter((element) => !beyond.some((other) => other !== element && element.contains(other)))
    .map((element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 60)}`);
}"""


class Clock:
    """Sets the time of the whole process, the live server's thread included; it ticks on from there."""

    def __init__(self) -> None:
        self._journey: Any = None

    def at(self, moment: str) -> datetime.datetime:
        """``clock.at("2018-02-12 10:45")``, Berlin time."""
        self.stop()
        when = datetime.datetime.fromisoformat(moment).replace(tzinfo=BERLIN)
        self._journey = time_machine.travel(when, tick=True)
        self._journey.start()
        return when

    def stop(self) -> None:
        if self._journey is not None:
            self._journey.stop()
            self._journey = None


class Desk:
    """One person at one browser window.

    Attributes:
        page: Playwright's page.
        complaints: what the browser found wrong, refused by the content security policy or thrown.
    """

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.complaints: list[str] = []
        self._refusals_expected = False
        page.set_default_timeout(WAIT)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._look_at)
        page.on("dialog", lambda dialog: dialog.accept())

    def _listen(self, message: ConsoleMessage) -> None:
        # Failed requests are judged by their answer, see _look_at.
        failed = message.text.startswith(("Failed to load resource", *LEFT_WHILE_ASKING))
        if message.type in ("error", "warning") and not failed:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _look_at(self, response: Any) -> None:
        if response.status >= 500 or (response.status >= 400 and not self._refusals_expected):
            self.complaints.append(f"{response.request.method} {response.url}: {response.status}")

    @contextmanager
    def refusals_expected(self) -> Iterator[None]:
        """Answers of the 400s are what is asked for here."""
        self._refusals_expected = True
        try:
            yield
        finally:
            self._refusals_expected = False

    # -- Going places --------------------------------------------------------------------------------------

    def go(self, path: str) -> None:
        """Open a page of ours."""
        self.page.goto(self.site + path if path.startswith("/") else path)

    def status_of(self, path: str) -> int:
        """The code a page answers with."""
        with self.refusals_expected():
            answer = self.page.goto(self.site + path)
        assert answer is not None
        return answer.status

    def log_in(self, username: str) -> None:
        """Come in by the front door, whoever sat here before."""
        self.page.context.clear_cookies()
        self.go("/login/")
        self.page.get_by_label("Benutzername").fill(username)
        self.page.get_by_label("Passwort").fill(PASSWORD)
        self.press("Anmelden")

    def sit_down(self, user: Any) -> None:
        """Be logged in already, as on any later day of a story."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": self.site}]
        )

    # -- Doing things --------------------------------------------------------------------------------------

    def press(self, name: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """Press a button or follow a link by its name and wait for the page that comes."""
        place = within or self.page.locator("body")
        target = place.get_by_role("button", name=name, exact=exact).or_(
            place.get_by_role("link", name=name, exact=exact)
        )
        with self.page.expect_navigation():
            target.filter(visible=True).first.click()

    def chip(self, group: str, label: str) -> None:
        """Choose a chip of a group."""
        chips = self.page.get_by_role("group", name=group)
        named = self.page.locator("label", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$"))
        words = chips.locator(named).first
        more = chips.locator("details:not([open])").filter(has=named)
        if more.count():
            more.locator("summary").click()
        if not words.locator("input").is_checked():
            words.click()

    def level(self, module: str, word: str) -> None:
        """Choose the level of need in a module."""
        part = self.page.get_by_role("region", name=module, exact=True)
        part.get_by_role("radio", name=re.compile(rf"^{word}")).check()

    def unfold(self, title: str) -> None:
        """Open a folded part of a form."""
        fold = self.page.locator("details").filter(has=self.page.locator("summary", has_text=title))
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()

    def fill(self, label: str, text: str) -> None:
        """Type into the field of that name."""
        # A star marks what must be filled in.
        named = re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
        field = self.page.get_by_label(named).and_(self.page.locator(TYPED))
        field.filter(visible=True).first.fill(text)

    def line(self, name: str) -> Locator:
        """The entry of a worklist about somebody or something."""
        return self.page.get_by_role("listitem").filter(has_text=name)

    def sees(self, *texts: str) -> None:
        """Every text stands on the page."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    @property
    def text(self) -> str:
        """What stands on the page."""
        return self.page.locator("body").inner_text()

    def too_wide(self) -> list[str]:
        """What makes the page scroll sideways: the innermost elements that reach beyond the screen."""
        return list(self.page.evaluate(TOO_WIDE))
