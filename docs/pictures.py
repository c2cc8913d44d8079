"""Take the pictures of README.md: a new demonstration, a real browser, one log-in per role.

Run ``.venv/bin/python docs/pictures.py`` after ``./dev test`` has installed the browser's driver; Chromium comes from
the system. The pictures show invented people and change with the day on which they are taken.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
FILE_URL = re.compile(r"^/clients/[0-9a-f-]{36}/$")
PASSWORD = "demo"
SERVER = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--log-level", "warning"]
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def demonstration() -> Iterator[str]:
    """A new demonstration on a free port; yields its address."""
    with tempfile.TemporaryDirectory() as state, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = os.environ | {
            "DEMO": "1",
            "DEMO_PASSWORD": PASSWORD,
            "STATE_DIR": state,
            "DATABASE_URL": "",
        }
        subprocess.run([sys.executable, "-m", "stutensee_im.prepare"], cwd=ROOT, env=environment, check=True)
        server = subprocess.Popen(
            [sys.executable, *SERVER, "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_it_answers(address)
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_until_it_answers(address: str) -> None:
    """Give the server up to 20 seconds."""
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/healthz").close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start.")


@contextmanager
def logged_in(browser: Browser, address: str, user: str, size: dict[str, int]) -> Iterator[Page]:
    """A page of ``user`` on a screen of that size."""
    context = browser.new_context(
        base_url=address, viewport=size, locale="de-DE", timezone_id="Europe/Berlin"
    )
    page = context.new_page()
    page.goto("/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)
    yield page
    context.close()


def shoot(page: Page, name: str) -> None:
    """Save what the screen shows."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


def open_a_file(page: Page) -> None:
    """Open the file of a client with an open outreach ladder."""
    rows = page.locator("li.entry").filter(has_text="erfassen").filter(has_text="überfällig")
    for link in rows.locator("h3 a").all():
        if FILE_URL.match(link.get_attribute("href") or ""):
            link.click()
            return
    raise SystemExit("Nobody has to be got back in touch with.")


def main() -> None:
    """Take all pictures anew."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        with logged_in(browser, address, "manager", DESK) as page:
            shoot(page, "my-day")
            open_a_file(page)
            shoot(page, "file")
            page.locator("main").get_by_role("link", name="Beratung erfassen").first.click()
            shoot(page, "log")
        with logged_in(browser, address, "manager", PHONE) as page:
            shoot(page, "my-day-phone")
        with logged_in(browser, address, "officer", DESK) as page:
            page.goto("/reports/")
            shoot(page, "dashboard")
        browser.close()


if __name__ == "__main__":
    main()
