"""What the machines that watch may ask without a log-in."""

import datetime
import re

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_it_is_alive():
    response = Client().get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"


def test_it_is_not_alive_without_a_database(monkeypatch):
    def gone(self, *args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", gone)
    for path in ("/healthz", "/readyz"):
        response = Client().get(path)
        assert response.status_code == 503
        assert response.content == b"database: no answer\n"


def test_it_is_ready():
    response = Client().get("/readyz")
    assert response.status_code == 200, response.content
    assert response.content.decode() == f"ready, version {settings.VERSION}\ndaily run: none yet\n"


def test_the_newest_entry_of_the_changelog_is_this_version_and_has_a_day():
    changelog = (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(line for line in changelog.splitlines() if re.match(r"## \d", line))
    version, _dash, day = newest.removeprefix("## ").partition(" – ")
    assert version == settings.VERSION
    assert datetime.date.fromisoformat(day)


def test_pending_migrations_are_named():
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert "sessions.0001_initial" in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_possible(path):
    assert Client().post(path).status_code == 405


@pytest.fixture
def production(settings):
    """An installation as it is named to the world: HTTPS, one host, one proxy."""
    settings.ALLOWED_HOSTS = ["im.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


HERE = ["127.0.0.1", "127.0.0.1:8000", "localhost", "localhost:8000", "[::1]", "[::1]:8000", "127.0.0.2"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", HERE)
def test_a_watcher_on_this_machine_needs_no_configured_host_and_no_https(production, path, host):
    response = Client().get(path, headers={"host": host})
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_watcher_on_this_machine_hears_that_the_database_is_gone(production, monkeypatch, path):
    def gone(self, *args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", gone)
    assert Client().get(path, headers={"host": "127.0.0.1:8000"}).status_code == 503


@pytest.mark.parametrize("path", ["/login/", "/", "/healthz/", "/readyz/x"])
def test_no_other_page_is_served_under_such_a_host(production, path):
    response = Client().get(path, headers={"host": "127.0.0.1", "x-forwarded-proto": "https"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"headers": {"host": "10.0.0.7"}},
        {"headers": {"host": "localhost.example.net"}},
        {"headers": {"host": "127.0.0.1@example.net"}},
        {"headers": {"host": "127.0.0.1", "x-forwarded-for": "203.0.113.9"}},
        {"headers": {"host": "127.0.0.1"}, "REMOTE_ADDR": "203.0.113.9"},
    ],
)
def test_whoever_comes_from_elsewhere_needs_the_configured_host(production, elsewhere):
    assert Client().get("/healthz", **elsewhere).status_code == 400


def test_the_configured_host_is_answered_as_before(production):
    assert Client().get("/healthz", headers={"host": "im.example.org"}).status_code == 200
    assert Client().get("/login/", headers={"host": "im.example.org"}).status_code == 301


def test_the_account_page_names_the_version(cast, as_user):
    page = as_user(cast.manager).get(reverse("accounts:own")).text
    assert f"Version {settings.VERSION} dieses Programms" in page
