"""Pages of the calendar, the log and follow-ups."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where to go after a button was pressed: the page it stood on, if that is one of ours."""
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return otherwise
