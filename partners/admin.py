"""The kinds of partners; never an entry of the network."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.catalogue_admin import CatalogueAdmin
from partners.models import PartnerKind


@admin.register(PartnerKind)
class PartnerKindAdmin(CatalogueAdmin):
    list_display: tuple[str, ...] = ("label_de", "code", "about_health", "order", "valid_from", "valid_until")
    search_fields = ("label_de", "label_en", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: PartnerKind | None = None) -> tuple[str, ...]:
        # Referrals, files and figures refer to the code.
        return ("code",) if obj else ()
