from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "accounts"
    verbose_name = _("Accounts and places")

    def ready(self) -> None:
        from accounts import checks, sessions

        checks.register_checks()
        sessions.connect()
