"""The one admin site: only value lists and users."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.permissions import may

NOT_OURS = frozenset({"autocomplete", "password_change", "password_change_done", "view_on_site"})
"""Pages that Django's admin brings along and nobody needs here.

The password has one page, with the rules of the log-in. ``view_on_site`` leads from any table and key to an address.
"""


class StaffAdminSite(AdminSite):
    """Takes only classes built on ``CatalogueAdmin``; what packages bring along stays out."""

    def get_urls(self) -> list[Any]:
        return [entry for entry in super().get_urls() if getattr(entry, "name", None) not in NOT_OURS]

    def logout(  # type: ignore[override]  # there is no page to render, the one to log out is elsewhere
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one page to log out."""
        return HttpResponseRedirect(reverse("account_logout"))

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        from accounts.catalogue_admin import CatalogueAdmin

        if admin_class is not None and issubclass(admin_class, CatalogueAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "admin.catalogues")


class StaffAdminConfig(AdminConfig):
    """Puts our site in the place of Django's."""

    default_site = "accounts.admin_site.StaffAdminSite"
