"""The thresholds of figures in the Django admin; stored tables never (a test pins the registry)."""

from django.contrib import admin

from accounts.catalogue_admin import PolicyAdmin
from reports.models import FigurePolicy


@admin.register(FigurePolicy)
class FigurePolicyAdmin(PolicyAdmin):
    """A change is a new version from a day on; tables of an earlier day keep the old one."""

    list_display = ("valid_from", "note")
    fields = (
        "valid_from",
        "note",
        "persons",
        "units",
        "crossed_persons",
        "entries",
        "entry_persons",
        "days_after",
        "joining_files",
    )
