"""An expired log-in loses nothing: the post is parked before the log-in page opens, or that of the new password."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.http import urlencode

from clients import drafts
from ui.htmx import is_htmx


class ParkExpiredPost:
    """Keeps a post that cannot be answered yet and carries a valid draft key as its author's draft.

    It stands after the authentication and before the CSRF check: the expired session took the token with
    it, and a parked post changes nothing but its author's own draft.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if request.method != "POST" or (user.is_authenticated and not user.must_change_password):
            return None
        signed = request.POST.get("draft_key", "")
        key = drafts.read(signed) if signed else None
        if key is None:
            return None
        if is_htmx(request) or request.headers.get("Accept", "").startswith("application/json"):
            # The page keeps the text, logs in in a new tab and sends again.
            return JsonResponse({"expired": True}, status=401)
        drafts.save(key, request.POST, timezone.now())
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': key.path})}")
