"""Pages of the calendar, the log and follow-ups."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.records import Record


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where to go after a button was pressed: the page it stood on, if that is one of ours."""
    target = pressed(request, "next")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return otherwise


def pressed(request: HttpRequest, name: str) -> str:
    """What a button says: a field of its form, or a part of the form's address."""
    return request.POST.get(name) or request.GET.get(name, "")


def posted_version(request: HttpRequest, record: Record) -> int:
    """The version of the page a button stood on; without one the present version."""
    version = pressed(request, "version")
    return int(version) if version.isdecimal() and len(version) < 10 else record.version
