"""Error pages: German, plain, and independent of database, session and context processors."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.templatetags.static import static

from stutensee_im import logs
from ui.frame import DRAFT_KEPT

STATIC_FILES = {
    "icons": ("favicon.svg",),
    "stylesheets": ("bootstrap/css/bootstrap.min.css", "css/theme.css"),
    # Light or dark, as the user chose.
    "scripts": ("js/early.js",),
}


def static_urls() -> dict[str, list[str]]:
    """Where these files lie; nothing when static files were not collected, for the page must appear anyway."""
    try:
        return {kind: [static(path) for path in paths] for kind, paths in STATIC_FILES.items()}
    except ValueError:
        return {}


def error_page(request: HttpRequest, status: int, template: str) -> HttpResponse:
    """Render one error page; the request itself is deliberately not handed to the template."""
    context = {
        "request_id": getattr(request, logs.ATTRIBUTE, ""),
        "draft_kept": getattr(request, DRAFT_KEPT, False),
        **static_urls(),
    }
    response = HttpResponse(render_to_string(f"errors/{template}.html", context), status=status)
    if status in (429, 503):
        response["Retry-After"] = "60" if status == 429 else "5"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself makes no sense."""
    return error_page(request, 400, "400")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a page or an action that this role does not have."""
    return error_page(request, 403, "403")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing this user may know of; both look the same."""
    return error_page(request, 404, "404")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form came from an earlier log-in or from another site."""
    return error_page(request, 403, "csrf")


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many attempts in a short time."""
    return error_page(request, 429, "429")


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when a middleware found the database locked or gone (views are caught earlier); or 400 when the
    request broke off, whose sender is gone."""
    if isinstance(sys.exc_info()[1], UnreadablePostError):
        return bad_request(request)
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return service_unavailable(request)
    return error_page(request, 500, "500")


def service_unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is busy or away; trying again helps."""
    return error_page(request, 503, "503")
