"""The app of what happens when, and what happened."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "appointments"
    verbose_name = _("Appointments and outreach")

    def ready(self) -> None:
        from accounts import duties
        from appointments import file_sections, ladder_page
        from appointments.history import AppointmentHistory, ContactHistory
        from appointments.ladder_history import LadderHistory
        from appointments.services.appointments import AppointmentDuty
        from appointments.services.contacts import DropInDuty
        from appointments.services.follow_ups import FollowUpDuty
        from appointments.services.ladder import sync_ladder
        from clients import changes, sections, timeline

        duties.register(AppointmentDuty())
        duties.register(DropInDuty())
        duties.register(FollowUpDuty())
        timeline.register(ContactHistory())
        timeline.register(AppointmentHistory())
        timeline.register(LadderHistory())
        changes.register("ladder", sync_ladder)
        sections.register(ladder_page.SECTION)
        sections.register(
            sections.Section(
                code="appointments",
                title=_("Appointments"),
                template="appointments/_file_appointments.html",
                context=file_sections.appointments,
                order=20,
                place="aside",
            )
        )
        sections.register(
            sections.Section(
                code="follow_ups",
                title=_("Follow-ups"),
                template="appointments/_file_follow_ups.html",
                context=file_sections.follow_ups,
                order=30,
                place="aside",
            )
        )
