"""What this app adds: to the file page, its timeline, what a leaver owes, and what is derived after a change."""

from django.utils.translation import gettext_lazy as _

from accounts import duties
from appointments import due, due_items, file_sections
from appointments.file_rows import APPOINTMENT_TABLES
from appointments.history import AppointmentHistory, ContactHistory
from appointments.services.appointments import AppointmentDuty
from appointments.services.contacts import DropInDuty
from appointments.services.follow_ups import FollowUpDuty
from appointments.summary import talk_columns
from clients import file_rows, recompute, sections, timeline, worklist
from clients.sections import Section

duties.register(AppointmentDuty())
duties.register(DropInDuty())
duties.register(FollowUpDuty())
timeline.register(ContactHistory())
timeline.register(AppointmentHistory())
file_rows.register(*APPOINTMENT_TABLES)
recompute.register("appointments", due_items.TABLES, columns=talk_columns, items=due_items.due_items)
sections.register(
    Section(
        code="appointments",
        title=_("Appointments"),
        template="appointments/_file_appointments.html",
        context=file_sections.appointments,
        order=20,
        place="aside",
    )
)
sections.register(
    Section(
        code="follow_ups",
        title=_("Follow-ups"),
        template="appointments/_file_follow_ups.html",
        context=file_sections.follow_ups,
        order=30,
        place="aside",
    )
)
worklist.register("appointments", due.lines)
worklist.register_items(due_items.AppointmentDue, due.compose)
