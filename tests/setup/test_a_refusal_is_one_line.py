"""The log of a refusal: one line with the request's id, no place in the code, no query and nobody's data."""

import io
import logging
import re

import pytest
from django.test import Client

from stutensee_im import logs

LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?:WARNING|ERROR) django\.[\w.]+ \[(?P<id>[0-9a-f]{12})\] (?P<text>[^\n]+)\n"
)


@pytest.fixture
def log(monkeypatch):
    """What the installation's own handler writes, with its filters and its formatter."""
    [handler] = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, logs.DiscreetFormatter)
    ]
    stream = io.StringIO()
    monkeypatch.setattr(handler, "stream", stream)
    return stream


def the_only_line(log, response):
    found = LINE.fullmatch(log.getvalue())
    assert found, log.getvalue()
    assert found["id"] == response["X-Request-ID"]
    assert "Ahmed" not in found["text"]
    return found["text"]


@pytest.mark.urls("tests.setup.faulty_urls")
@pytest.mark.parametrize(
    ("kind", "status", "line"),
    [
        ("400", 400, "Bad Request (SuspiciousOperation): /fault/400/"),
        ("403", 403, "Forbidden (PermissionDenied): /fault/403/"),
        ("404", 404, "Not Found: /fault/404/"),
        ("429", 429, "Too Many Requests: /fault/429/"),
        ("broken", 400, "Bad Request (UnreadablePostError): /fault/broken/"),
    ],
)
def test_what_a_view_refuses(log, kind, status, line):
    response = Client(raise_request_exception=False).get(f"/fault/{kind}/?q=Ahmed")
    assert response.status_code == status
    assert the_only_line(log, response) == line


def test_a_host_that_is_not_configured(log):
    response = Client().get("/login/?q=Ahmed", headers={"host": "ahmed.example.net"})
    assert response.status_code == 400
    assert the_only_line(log, response) == "Bad Request (DisallowedHost): /login/"


def test_a_form_without_its_token(log):
    response = Client(enforce_csrf_checks=True).post("/login/?q=Ahmed", {"login": "Ahmed", "password": "x"})
    assert response.status_code == 403
    assert the_only_line(log, response) == "Forbidden (CSRF cookie not set.): /login/"


@pytest.mark.parametrize("path", ["/no-such-page/?q=Ahmed", "/no-such%0Apage/?q=Ahmed"])
def test_an_address_that_leads_nowhere_cannot_begin_a_line_of_its_own(log, path):
    response = Client().get(path)
    assert response.status_code == 404
    assert the_only_line(log, response).startswith("Not Found: /no-such")


@pytest.mark.django_db
def test_a_role_without_the_page(log, cast, as_user):
    response = as_user(cast.officer).get("/clients/?q=Ahmed")
    assert response.status_code == 403
    assert the_only_line(log, response) == "Forbidden (PermissionDenied): /clients/"


@pytest.mark.urls("tests.setup.faulty_urls")
def test_an_error_of_the_program_still_says_where(log):
    response = Client(raise_request_exception=False).get("/fault/500/?q=Ahmed")
    assert response.status_code == 500
    assert "faulty_urls.py" in log.getvalue()
    assert "Ahmed" not in log.getvalue()
