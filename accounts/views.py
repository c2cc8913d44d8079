"""One's own account."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from accounts.generic import AccessView, PageView
from accounts.models import Service, StandIn
from accounts.permissions import may


class AccountView(PageView):
    """Who I am, where I serve, for whom I stand in and who stands in for me."""

    permission = "account.own"
    template_name = "accounts/own.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services = Service.objects.on(self.today).filter(user_id=self.scope.user_id)
        return self.render(
            {
                "services": services.select_related("municipality"),
                "may_plan": may(request.user, "stand_in.plan"),
                "standing_in": StandIn.objects.unscoped(reason="whoever stands in sees that they do")
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
