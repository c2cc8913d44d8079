"""What the machines that watch may ask without a log-in."""

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

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


def test_pending_migrations_are_named():
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert "sessions.0001_initial" in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_possible(path):
    assert Client().post(path).status_code == 405
