from django.apps import AppConfig


class IntegrationPlansConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "integration_plans"
    verbose_name = "Integration plans"
