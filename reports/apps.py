"""The app of all reading surfaces."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from accounts import checks

        checks.exempt("reports.ProtectedTable", "rounded numbers that name nobody")
        checks.exempt("reports.KeptSums", "numbers of a municipality that name nobody")
        checks.exempt(
            "reports.FrozenReport", "figures of municipalities; names staff in the coordinator's sheets"
        )
        checks.exempt("reports.Narrative", "a report in words, which names nobody")
        checks.exempt("reports.ReferenceDay", "days, no persons")
