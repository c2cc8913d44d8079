"""A consent that another form needs, and from which one goes back to it.

To whom and for what is kept in the session under a random key, which the address carries: beside the key of a file a
name in an address would tell what the file says.
"""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from clients.models import Client
from documents.services.consents import ConsentMissing

ASKED, KEY = "asked_consent", "asked"


def form_address(request: HttpRequest, client: Client, missing: ConsentMissing, back: str) -> str:
    """The form that records what is missing, and leads back afterwards.

    Args:
        request: with the session.
        client: the file.
        missing: what was refused for want of it.
        back: the page that needs it.
    """
    key = secrets.token_urlsafe(8)
    request.session[ASKED] = {"key": key, "client": str(client.uuid), "begins": missing.begins}
    query = urlencode({KEY: key, "next": back})
    return f"{reverse('file_documents:consent_new', args=[client.uuid])}?{query}"


def begins_with(request: HttpRequest, client: Client) -> dict[str, Any]:
    """What the form begins with; nothing for an unknown key or another file."""
    stored = request.session.get(ASKED) or {}
    asked = (request.GET.get(KEY), str(client.uuid))
    return dict(stored["begins"]) if stored and (stored["key"], stored["client"]) == asked else {}
