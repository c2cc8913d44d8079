"""One's own account."""

from typing import Any

from allauth.account.views import PasswordChangeView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from accounts.generic import AccessView, PageView
from accounts.models import AccountChange, Service, StandIn
from accounts.permissions import may

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
                "may_plan": may(request.user, "stand_in.plan"),
                "standing_in": StandIn.objects.unscoped(reason="a stand-in sees their own stand-ins")
                .filter(substitute_id=self.scope.user_id)
                .not_over_on(self.today)
                .select_related("absent"),
                "stood_in_by": StandIn.objects.visible_to(request.user)
                .not_over_on(self.today)
                .select_related("substitute"),
            }
        )


class FreshTokenView(AccessView):
    """A fresh CSRF token for a page that outlived its session and logged in again in another tab."""

    permission = "account.own"
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse({"token": get_token(request)})
