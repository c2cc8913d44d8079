"""Pages that go wrong, for the tests of the error pages."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from django.urls import path

from stutensee_im import errors

FAULTS = {
    "400": SuspiciousOperation("Ahmed"),
    "403": PermissionDenied("Ahmed"),
    "404": Http404("Ahmed"),
    "500": ValueError("Ahmed"),
    "503": OperationalError("database is locked"),
    "broken": UnreadablePostError("Ahmed"),
    "gone": InterfaceError("connection already closed"),
}


@login_not_required
def fault(request, kind):
    if kind == "429":
        return errors.too_many_requests(request)
    raise FAULTS[kind]


urlpatterns = [path("fault/<kind>/", fault)]
handler400 = "stutensee_im.errors.bad_request"
handler403 = "stutensee_im.errors.permission_denied"
handler404 = "stutensee_im.errors.not_found"
handler500 = "stutensee_im.errors.server_error"
