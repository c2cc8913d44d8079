from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "accounts"
    verbose_name = _("Accounts and places")

    def ready(self) -> None:
        from accounts import checks, sessions

        checks.register_checks()
        sessions.connect()
        # What each app adds to the others' pages and changes: ``<app>/contributions.py``.
        autodiscover_modules("contributions")
