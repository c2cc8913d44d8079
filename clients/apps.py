from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "clients"
    verbose_name = _("Files of clients")

    def ready(self) -> None:
        from accounts import checks, duties
        from clients import file_sections
        from clients.services.intake import EnquiryDuty
        from clients.services.responsibility import CaseloadDuty

        checks.exempt("clients.CaseNumberCounter", "counts numbers, names nobody")
        checks.exempt("clients.EnquiryCounter", "counts numbers, names nobody")
        checks.exempt("clients.Household", "holds no data about anybody; its members do and are scoped")
        duties.register(CaseloadDuty())
        duties.register(EnquiryDuty())
        file_sections.register_all()
