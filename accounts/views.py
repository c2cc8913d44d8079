"""One's own account."""

from typing import Any

from allauth.account.views import PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.context import NAME_SHOWN_IN
from accounts.generic import AccessView, PageView
from accounts.models import AccountChange, Service, StandIn
from accounts.permissions import may
from accounts.records import uuid_of
from accounts.services.own import set_privacy_screen
from accounts.services.users import choose_digest
from ui.htmx import safe_next
from ui.notes import notify

PASSWORDS_SHOWN = 5


class OwnPasswordView(PasswordChangeView):
    """Change one's own password; for a one-time password the page says who set it, and why."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        set_by = None
        if self.request.user.must_change_password:
            changes = AccountChange.objects.of_passwords().filter(user=self.request.user)
            set_by = changes.select_related("by").first()
        return super().get_context_data(set_by=set_by, **kwargs)


class AccountView(PageView):
    """Who I am, where I serve, for whom I stand in and who stands in for me."""

    permission = "account.own"
    template_name = "accounts/own.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.request.user
        services = Service.objects.on(self.today).filter(user=user)
        return self.render(
            {
                "version": settings.VERSION,
                "services": services.select_related("municipality"),
                "passwords": AccountChange.objects.of_passwords()
                .filter(user=user)
                .select_related("by")[:PASSWORDS_SHOWN],
                "offers_digest": settings.MAIL_IS_SET_UP and may(user, "account.digest"),
                "may_plan": may(request.user, "stand_in.plan"),
                "works_with_files": may(request.user, "calendar.own"),
                "standing_in": StandIn.objects.unscoped(reason="a stand-in sees their own stand-ins")
                .filter(substitute_id=self.scope.user_id)
                .not_over_on(self.today)
                .select_related("absent"),
                "stood_in_by": StandIn.objects.visible_to(request.user)
                .not_over_on(self.today)
                .select_related("substitute"),
            }
        )


class DigestView(AccessView):
    """Order the mail of the morning, or cancel it."""

    permission = "account.digest"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.get("digest") == "on"
        try:
            choose_digest(self.actor, wanted)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            notify(
                request,
                _("The morning digest is ordered.") if wanted else _("The morning digest is cancelled."),
            )
        return redirect("accounts:own")


class PrivacyScreenView(AccessView):
    """Numbers instead of names on every page; or, in one file, the name of the open person in its header.

    The pages follow at once by script; without it the page is loaded again.
    """

    permission = "client.search"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = uuid_of(request.POST.get("file", ""))
        if file is not None:
            request.session[NAME_SHOWN_IN] = str(file) if request.POST.get("on") != "1" else ""
        else:
            set_privacy_screen(self.actor, request.POST.get("on") == "1")
        return redirect(safe_next(request, "/"))


class FreshTokenView(AccessView):
    """A fresh CSRF token for a page that outlived its session and logged in again in another tab."""

    permission = "account.own"
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse({"token": get_token(request)})
