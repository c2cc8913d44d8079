"""The door for the application server."""

import os
from typing import Any

import django
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stutensee_im.settings")


class Request(WSGIRequest):
    """A request that comes about whatever its content type says.

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


django.setup(set_prefix=False)
application = Handler()
