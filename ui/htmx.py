"""Where a request goes on, and the htmx protocol in one place: views never see a header name."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

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


def pressed(request: HttpRequest, name: str) -> str:
    """What a button says: a field of its form, or a part of the form's address."""
    return request.POST.get(name) or request.GET.get(name, "")


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where to go afterwards: the page one came from, if it is named and one of ours."""
    target = pressed(request, "next")
    if (
        target.startswith("/")
        and target.isprintable()
        and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    ):
        return target
    return otherwise


def trigger(response: HttpResponse, event: str, detail: object = None) -> HttpResponse:
    """Let the page know that ``event`` happened; several calls add up."""
    events = json.loads(response.get(TRIGGER_HEADER, "{}"))
    events[event] = detail
    response[TRIGGER_HEADER] = json.dumps(events)
    return response
