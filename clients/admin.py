"""Value lists and policies of the file; never a file."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.catalogue_admin import CatalogueAdmin, PolicyAdmin
from clients.models import (
    AccessSource,
    ClosingReason,
    Country,
    FactValue,
    FilePolicy,
    SpokenLanguage,
    Topic,
)

SHOWN = ("label_de", "code", "order", "valid_from", "valid_until")
SEARCHED = ("label_de", "label_en", "code")


class _ListAdmin(CatalogueAdmin):
    list_display: tuple[str, ...] = SHOWN
    search_fields = SEARCHED
    list_per_page = 300

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Rows, imports and reports refer to the code.
        return ("code",) if obj else ()


@admin.register(Country, Topic, AccessSource, ClosingReason)
class PlainListAdmin(_ListAdmin):
    """Lists without further columns."""


@admin.register(SpokenLanguage)
class SpokenLanguageAdmin(_ListAdmin):
    list_display = (*SHOWN, "script", "right_to_left")


@admin.register(FactValue)
class FactValueAdmin(_ListAdmin):
    list_display = ("kind", *SHOWN)
    list_filter = ("kind",)


@admin.register(FilePolicy)
class FilePolicyAdmin(PolicyAdmin):
    """The counselling clock and the reminders of permits; the programme sets them for every municipality alike."""

    list_display = ("valid_from", "limit_months", "hard_limit_months", "note")
