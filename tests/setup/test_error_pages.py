"""Error pages are German and plain, show the request id, and need no database."""

import logging

import pytest
from django.contrib.auth import middleware
from django.db import OperationalError
from django.test import Client, RequestFactory

from stutensee_im import errors, urls
from tests.setup import faulty_urls

pytestmark = pytest.mark.urls("tests.setup.faulty_urls")

WORDS = {
    "400": (400, "Diese Anfrage ist nicht lesbar"),
    "403": (403, "Das gehört nicht zu Ihren Aufgaben"),
    "404": (404, "Nicht gefunden"),
    "500": (500, "Da ist etwas schiefgegangen"),
    "503": (503, "Gerade ausgelastet"),
    "gone": (503, "Gerade ausgelastet"),
}


@pytest.mark.parametrize("kind", WORDS)
def test_each_fault_has_its_german_page_without_any_query(kind):
    """No database fixture: a query would fail the test."""
    status, heading = WORDS[kind]
    response = Client(raise_request_exception=False).get(f"/fault/{kind}/")
    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in page
    assert '<html lang="de"' in page
    assert response["X-Request-ID"] in page
    assert "Ahmed" not in page


def test_a_database_that_fails_before_the_view_is_answered_with_503(monkeypatch):
    def gone(request):
        raise OperationalError("database is locked")

    monkeypatch.setattr(middleware, "get_user", gone)
    response = Client(raise_request_exception=False).get("/fault/404/")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"


def test_too_many_requests_have_a_page():
    response = errors.too_many_requests(RequestFactory().get("/"))
    assert response.status_code == 429
    assert "Zu viele Versuche" in response.content.decode()


def test_pages_appear_without_collected_static_files(settings, tmp_path):
    # The demonstration of this checkout may have collected its own.
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "stylesheet" not in response.content.decode()


def test_the_log_of_a_fault_names_the_request_and_no_person(caplog):
    with caplog.at_level(logging.INFO):
        response = Client(raise_request_exception=False).get("/fault/500/?q=Ahmed")
    assert response.status_code == 500
    assert any(record.exc_info for record in caplog.records)
    assert "Ahmed" not in " ".join(record.getMessage() for record in caplog.records)


def test_the_project_uses_these_pages():
    for code in (400, 403, 404, 500):
        assert getattr(urls, f"handler{code}") == getattr(faulty_urls, f"handler{code}")
    assert urls.handler429 == "stutensee_im.errors.too_many_requests"
