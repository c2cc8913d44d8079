"""Headers, content policy and request id are on every answer, whatever its status."""

import re

import pytest
from django.conf import settings
from django.test import Client

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}

pytestmark = pytest.mark.django_db


def security_headers(response):
    assert {part.strip() for part in response["Content-Security-Policy"].split(";")} == POLICY
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "camera=()" in response["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{12}", response["X-Request-ID"])


@pytest.mark.parametrize(
    ("path", "status"),
    [("/login/", 200), ("/", 302), ("/no-such-page/", 404), ("/healthz", 200), ("/%00/", 400)],
)
def test_pages_refusals_and_errors_carry_them_and_are_never_stored(path, status):
    response = Client().get(path)
    assert response.status_code == status
    security_headers(response)
    assert response["Cache-Control"] == "no-store, private"


def test_a_refused_form_carries_them():
    response = Client(enforce_csrf_checks=True).post("/login/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    security_headers(response)
    assert response["Cache-Control"] == "no-store, private"
    assert "Dieses Formular gilt nicht mehr" in response.content.decode()


def test_each_request_has_its_own_id():
    assert Client().get("/healthz")["X-Request-ID"] != Client().get("/healthz")["X-Request-ID"]


def test_a_missing_static_file_is_not_stored_either():
    response = Client().get(f"{settings.STATIC_URL}no-such-file.css")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("path", ["/clients/%00", "/?x=%00", "/?x=a%00b"])
def test_a_nul_character_is_answered_with_400(path):
    response = Client().get(path)
    assert response.status_code == 400
    assert "nicht lesbar" in response.content.decode()


def test_everything_but_the_doors_asks_for_a_log_in():
    for path in ("/", "/account/", "/clients/", "/reports/", "/account/password/change/", "/admin/"):
        response = Client().get(path)
        assert response.status_code == 302, path
        assert "login/" in response["Location"], path


def test_the_admin_has_no_door_of_its_own():
    response = Client().get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/admin/"


def test_whoever_is_logged_in_without_the_right_is_not_sent_round_in_circles(cast, as_user):
    browser = as_user(cast.manager)
    response = browser.get("/admin/", follow=True)
    assert response.status_code == 403


def test_an_inactive_account_has_its_page():
    assert Client().get("/login/inactive/").status_code == 200
