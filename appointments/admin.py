"""Places of the service and texts of reminders in the Django admin; appointments and contacts never.

A test pins the registry.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import AdminInline
from accounts.catalogue_admin import CatalogueAdmin
from appointments.models import Place, PlaceHours, ReminderText


class PlaceHoursInline(AdminInline):
    model = PlaceHours
    permission = "admin.catalogues"


@admin.register(Place)
class PlaceAdmin(CatalogueAdmin):
    """Rooms per municipality; hours that change are ended, and new ones begin the day after."""

    list_display = ("name", "municipality", "address", "is_active")
    list_filter = ("municipality", "is_active")
    list_select_related = ("municipality",)
    search_fields = ("name",)
    inlines = (PlaceHoursInline,)


@admin.register(ReminderText)
class ReminderTextAdmin(CatalogueAdmin):
    """One text of a language and kind; a retired one is offered no more."""

    list_display = ("language", "kind", "text", "valid_from", "valid_until")
    list_display_links = ("language", "kind")
    list_filter = ("kind", "language")
    list_select_related = ("language",)
    list_per_page = 300
    fields = ("language", "kind", "text", "valid_from", "valid_until")

    def save_model(
        self, request: HttpRequest, obj: ReminderText, form: forms.ModelForm, change: bool
    ) -> None:
        for name, value in obj.names_of(obj.language, obj.kind).items():
            setattr(obj, name, value)
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("language", "kind") if obj else ()
