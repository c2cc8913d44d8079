"""Pages of the calendar, the log and follow-ups."""

from django.http import HttpRequest

from accounts.records import Record
from ui.htmx import pressed


def posted_version(request: HttpRequest, record: Record) -> int:
    """The version of the page a button stood on; without one the present version."""
    version = pressed(request, "version")
    return int(version) if version.isdecimal() and len(version) < 10 else record.version
