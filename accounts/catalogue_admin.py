"""The base of everything registered in the Django admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.actions import CATALOGUE_CHANGED
from accounts.permissions import may
from audit.recording import record


class CatalogueAdmin(admin.ModelAdmin):
    """Base of everything registered in the Django admin: rights from the one table, every save recorded."""

    permission = "admin.catalogues"
    show_full_result_count = False
    actions: Any = None

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = dict(super().get_actions(request))
        actions.pop("delete_selected", None)
        return actions

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.permission)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.permission)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(CATALOGUE_CHANGED, by=request.user, kind=obj._meta.label_lower, fields=form.changed_data)
