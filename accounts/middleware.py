"""A one-time password opens one page only: the one that changes it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode

from ui.htmx import is_htmx

OPEN = frozenset({"account_change_password", "account_logout", "account_inactive", "healthz", "readyz"})


class OneTimePassword:
    """A user with a one-time password must choose a new one first; this holds for the admin, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in OPEN:
            return None
        if is_htmx(request) or request.headers.get("Accept", "").startswith("application/json"):
            # As with an expired log-in: the page keeps the entries and sends them again afterwards.
            return JsonResponse({"expired": True}, status=401)
        following = request.get_full_path() if request.method == "GET" else "/"
        return HttpResponseRedirect(f"{reverse('account_change_password')}?{urlencode({'next': following})}")
