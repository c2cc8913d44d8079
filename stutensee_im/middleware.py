"""What every request passes."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from django.utils import translation

from stutensee_im import env, errors, logs, views

GetResponse = Callable[[HttpRequest], HttpResponseBase]

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "publickey-credentials-get",
            "screen-wake-lock",
            "usb",
            "xr-spatial-tracking",
        )
    ),
    "X-Robots-Tag": "noindex, nofollow",
}


class RequestIdMiddleware:
    """Give each request a random id that stands on the error page, in the answer's header and in every log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = secrets.token_hex(6)
        setattr(request, logs.ATTRIBUTE, request_id)
        token = logs.current_request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            logs.current_request_id.reset(token)
        response["X-Request-ID"] = request_id
        return response


class ResponseHeadersMiddleware:
    """Headers that Django does not set by itself; no page may stay in any cache, only static files may."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if not (request.path.startswith(settings.STATIC_URL) and response.status_code in (200, 206, 304)):
            response["Cache-Control"] = "no-store, private"
        return response


class RefuseUnreadableMiddleware:
    """Answer 400 to what no browser sends and nobody behind this door could read.

    A NUL character in path or query: PostgreSQL cannot store it and would answer with an error. A content type that
    names another encoding than UTF-8, or none of text (base64, idna): Django reads path, query and form by it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        has_nul = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        is_readable = (request.encoding or "utf-8").lower() == "utf-8" and not hasattr(request, "unreadable")
        if has_nul or not is_readable:
            return errors.bad_request(request)
        return self.get_response(request)


class HealthOnLoopbackMiddleware:
    """Answer the watchers of this very machine, who ask for 127.0.0.1 or localhost, which no installation names.

    Only the two pages that tell nothing of anybody, and only what came without a proxy: what a proxy passes on is
    judged by ``ALLOWED_HOSTS`` like every other page.
    """

    PAGES = {"/healthz": views.healthz, "/readyz": views.readyz}

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        page = self.PAGES.get(request.path)
        host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
        came_from_here = (
            env.is_loopback(request.META.get("REMOTE_ADDR", ""))
            and "HTTP_X_FORWARDED_FOR" not in request.META
        )
        if page and came_from_here and env.is_loopback(host):
            return page(request)
        return self.get_response(request)


class UserLanguageMiddleware:
    """Speak the language of the user's own profile, else German; what the browser asks for plays no part."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(settings.LANGUAGE_CODE):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        if request.user.is_authenticated:
            translation.activate(request.user.language)


class DatabaseBusyMiddleware:
    """Answer 503 when the database is locked or gone while a view works, so that the user may simply try again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, (OperationalError, InterfaceError)):
            logging.getLogger(__name__).error("The database did not answer.", exc_info=exception)
            return errors.service_unavailable(request)
        return None
