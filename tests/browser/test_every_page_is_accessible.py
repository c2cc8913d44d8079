"""Every page of the matrix: axe without violations, also of contrast in the dark, nothing wider than 320 px."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.stage import kwargs_for, open_file
from tests.browser.desk import Desk
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEEN_BY = ("manager", "officer", "coordinator", "admin", "anonymous")
# Pages people spend their day on: looked at on a phone as well.
MAIN = {
    "account_login",
    "home",
    "clients:list",
    "intake:inbox",
    "clients:detail",
    "clients:person",
    "clients:timeline",
    "appointments:day",
    "appointments:office_hour",
    "file_appointments:contact_new",
    "file_plans:plan",
    "file_plans:assess",
    "file_plans:print",
    "plans:list",
    "reports:dashboard",
    "reports:work",
    "reports:cases",
    "enquiries:list",
}
# Answers for scripts and machines, and files to download.
NO_PAGES = {
    *("accounts:csrf", "healthz", "readyz", "network:export"),
    *("reports:cases_csv", "reports:cases_xlsx"),
    *("file_documents:document", "intake:import_left_out_csv", "intake:import_left_out_xlsx"),
    *("reports:period_file", "reports:frozen_file"),
    *("funding:export", "funding:period_export", "funding:paper"),
}
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


def pages(cast: Cast) -> Iterator[tuple[str, str, str]]:
    """Role, route and address of every page, each as the first role that may open it."""
    file = open_file(cast.manager, cast)
    for route, row in MATRIX.items():
        readers = [role for role in SEEN_BY if row.kind.refusal_for(role, "get") is None]
        if row.get == 200 and readers and route not in NO_PAGES:
            # The start page and the figures differ by role.
            for role in readers if route in ("home", "reports:dashboard") else readers[:1]:
                yield role, route, reverse(route, kwargs=kwargs_for(route, file))


def faults(desk: Desk, options: dict[str, Any] | None = None) -> list[str]:
    """What axe finds on the page as it stands."""
    found = Axe().run(desk.page, options=options or {"resultTypes": ["violations"]})
    return [
        f"{fault['id']} {node['target']}: {node['failureSummary'].splitlines()[-1].strip()}"
        for fault in found.response["violations"]
        for node in fault["nodes"][:3]
    ]


def test_no_page_keeps_anybody_out(staff: Cast, desks: Any) -> None:
    desk: Desk = desks()
    page = desk.page
    # A colour on its way to another is neither of them.
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = []
    seated = ""
    for role, route, path in sorted(pages(staff)):
        if role != seated:
            page.context.clear_cookies()
            if role != "anonymous":
                desk.sit_down(staff.users[role])
            seated = role
        page.set_viewport_size({"width": 1280, "height": 800})
        desk.go(path)
        wrong = faults(desk)
        page.set_viewport_size({"width": 390, "height": 844})
        if route in MAIN:
            wrong += [f"on a phone: {fault}" for fault in faults(desk)]
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        wrong += [f"in the dark: {fault}" for fault in faults(desk, CONTRAST)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"wider than 320 px: {element}" for element in desk.too_wide()]
        found += [f"{route} as {role}: {fault}" for fault in wrong]
    assert not found, "\n".join(found)
