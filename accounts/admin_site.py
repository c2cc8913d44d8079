"""The one admin site: value lists and users, nothing else."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model
from django.http import HttpRequest

from accounts.permissions import may


class StaffAdminSite(AdminSite):
    """Takes only classes built on ``CatalogueAdmin``; what packages bring along stays out."""

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
