"""The door for the application server."""

import os
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.urls import is_valid_path
from django.utils import translation

from accounts.rules.calendar import public_holidays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stutensee_im.settings")


class Request(WSGIRequest):
    """A request that can be built with any content type.

    Django reads the query by it before any middleware runs, and fails outside of its own error pages;
    RefuseUnreadableMiddleware answers with one.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        try:
            super().__init__(environ)
        except (ValueError, LookupError, SuspiciousOperation) as error:
            super().__init__(environ | {"CONTENT_TYPE": ""})
            self.unreadable = error


class Handler(WSGIHandler):
    request_class = Request


def read_ahead() -> None:
    """Read what every worker needs before there are several: they share what was read by then."""
    public_holidays()
    # Whether there is such a page does not matter: all of them are read to know.
    is_valid_path("/")
    with translation.override(settings.LANGUAGE_CODE):
        translation.gettext("")


django.setup(set_prefix=False)
read_ahead()
application = Handler()
