"""The app of what happens when, and what happened."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "appointments"

    def ready(self) -> None:
        from appointments.services.ladder import sync_ladder
        from clients import changes

        changes.register("ladder", sync_ladder)
