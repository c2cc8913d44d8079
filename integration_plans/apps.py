from django.apps import AppConfig


class IntegrationPlansConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "integration_plans"
    verbose_name = "Integration plans"

    def ready(self) -> None:
        from clients import sections, timeline
        from integration_plans.sections import SECTION, PlanTimeline

        sections.register(SECTION)
        timeline.register(PlanTimeline())
