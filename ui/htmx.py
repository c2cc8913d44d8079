"""The htmx protocol in one place: views never see a header name."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

REQUEST_HEADER = "HX-Request"
BOOSTED_HEADER = "HX-Boosted"
RESTORE_HEADER = "HX-History-Restore-Request"
REDIRECT_HEADER = "HX-Redirect"
TRIGGER_HEADER = "HX-Trigger"


def is_htmx(request: HttpRequest) -> bool:
    """Whether the answer should be a fragment: asked by htmx, and not for a whole page."""
    headers = request.headers
    return (
        headers.get(REQUEST_HEADER) == "true"
        and headers.get(BOOSTED_HEADER) != "true"
        and headers.get(RESTORE_HEADER) != "true"
    )


def vary(response: HttpResponse) -> HttpResponse:
    """Mark an answer whose size depends on who asked, so that no cache mixes the two."""
    patch_vary_headers(response, (REQUEST_HEADER,))
    return response


def fragment_response(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render ``template`` alone. Use status 422 for a form with errors: the frame swaps it in."""
    return vary(HttpResponse(render_to_string(template, dict(context or {}), request), status=status))


def hx_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to ``url``, whether it asked for a page or for a fragment."""
    if not is_htmx(request):
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response[REDIRECT_HEADER] = url
    return vary(response)


def trigger(response: HttpResponse, event: str, detail: object = None) -> HttpResponse:
    """Let the page know that ``event`` happened; several calls add up."""
    events = json.loads(response.get(TRIGGER_HEADER, "{}"))
    events[event] = detail
    response[TRIGGER_HEADER] = json.dumps(events)
    return response
