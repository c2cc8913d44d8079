"""The stage every test plays on: catalogues, the standing cast, and which tests fit this machine."""

import datetime
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client as Browser
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key

from tests.cast import Cast, build_cast, load_cast

# Two folders read the invented town: the tests of the demonstration, and those of the figures.
pytest_plugins = ["tests.invented_town"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# The clock on a shared machine says nothing about the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
MARKED = ("browser", "postgres", "sqlite")
# The files that take longest: begun first, so that no worker is left alone with one in the end.
SLOW_FIRST = ("tests/browser/", "tests/setup/", "tests/access/", "tests/demo/", "tests/reports/")


def _begin_in_the_morning(config: pytest.Config) -> None:
    """Let the clock of this process run from ten in the morning, whatever the hour the tests are started at.

    Tests say "an hour ago" and "in two hours" and mean today. The day is the machine's own, or the one that
    ``TEST_DAY`` names as YYYY-MM-DD.
    """
    here = ZoneInfo("Europe/Berlin")
    day = os.environ.get("TEST_DAY") or datetime.datetime.now(here).date().isoformat()
    morning = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(10), here)
    journey = time_machine.travel(morning, tick=True)
    journey.start()
    config.add_cleanup(journey.stop)


def pytest_configure(config: pytest.Config) -> None:
    _begin_in_the_morning(config)
    if os.environ.get("REQUIRE_BROWSER") == "1" and CHROMIUM is None:
        raise pytest.UsageError("REQUIRE_BROWSER=1, but no Chromium is installed")


def _how_early(item: pytest.Item) -> int:
    return next((place for place, folder in enumerate(SLOW_FIRST) if item.nodeid.startswith(folder)), 99)


@pytest.hookimpl(trylast=True)  # after pytest-django's own order
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, never skip: tests of the other database, and browser tests without a browser. Slow ones come first."""
    from django.db import connection

    other = "postgres" if connection.vendor == "sqlite" else "sqlite"
    kept, dropped = [], []
    for item in items:
        if item.get_closest_marker(other) or (item.get_closest_marker("browser") and CHROMIUM is None):
            dropped.append(item)
        else:
            kept.append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    items[:] = sorted(kept, key=_how_early)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What ran besides the ordinary tests; .ci/run reads the first line."""
    passed = terminalreporter.stats.get("passed", [])
    counts = [f"{kind} {sum(kind in report.keywords for report in passed)}" for kind in MARKED]
    terminalreporter.write_line(f"Passed by kind: {', '.join(counts)}")
    if CHROMIUM is None:
        terminalreporter.write_line("Chromium is not installed: the browser tests are left out.")


def _set_the_stage() -> None:
    from django.core.management import call_command
    from django.db import connection

    from audit import triggers

    # A flush cannot empty a table whose rows refuse to go; one module puts the triggers back.
    triggers.remove(connection)
    call_command("load_catalogues", verbosity=0)
    build_cast()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Catalogues and cast, once per worker."""
    with django_db_blocker.unblock():
        _set_the_stage()


def _flushes(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        names
        & {"transactional_db", "live_server", "django_db_serialized_rollback", "django_db_reset_sequences"}
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    """A transactional test ends with a flush, even one that fails; set the stage again for the next one."""
    try:
        return (yield)
    finally:
        # After the last test of all, the database is gone already.
        if _flushes(item) and nextitem is not None:
            with item.config.stash[blocking_manager_key].unblock():
                from django.db import connection

                _set_the_stage()
                connection.close()


@pytest.fixture
def cast(db: None) -> Cast:
    return load_cast()


@pytest.fixture
def as_user() -> Callable[[Any], Browser]:
    """``as_user(cast.manager)`` is a test browser logged in as that user; None stays anonymous."""

    def log_in(user: Any) -> Browser:
        browser = Browser()
        if user is not None:
            browser.force_login(user)
        return browser

    return log_in


@pytest.fixture(autouse=True)
def stored_is_derived(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After every test the files it changed are computed again: what is stored must be what their facts say.

    A test that writes facts past the services says so with ``@pytest.mark.facts_by_hand``.
    """
    uses_database = "db" in request.fixturenames or request.node.get_closest_marker("django_db")
    if not uses_database or request.node.get_closest_marker("facts_by_hand"):
        yield
        return
    from clients import recompute
    from tests.overlap import not_as_derived

    request.getfixturevalue("_django_db_helper")
    changed: dict[int, Any] = {}
    real = recompute.recompute

    def noting(files: Any, now: Any) -> set[int]:
        changed.update({file.pk: (file, now) for file in files})
        return real(files, now)

    with monkeypatch.context() as patch:
        patch.setattr(recompute, "recompute", noting)
        yield
    assert [fault for file, now in changed.values() for fault in not_as_derived([file], now)] == []
