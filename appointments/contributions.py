"""What this app adds: to the file page, its timeline, what a leaver owes, and what is derived after a change."""

from django.utils.translation import gettext_lazy as _

from accounts import checks, duties
from appointments import closing as own_closing
from appointments import due, due_items, due_office_hours, file_sections, log_step
from appointments.file_rows import APPOINTMENT_TABLES
from appointments.history import AppointmentHistory, ContactHistory
from appointments.history_moved import MovedHistory
from appointments.services.appointments import AppointmentDuty
from appointments.services.drop_ins import DropInDuty
from appointments.services.follow_ups import FollowUpDuty
from appointments.services.office_hours import close_forgotten, plan_ahead
from appointments.services.reminders import note_undelivered, still_stands
from appointments.summary import talk_columns
from clients import (
    closing,
    file_facts,
    file_rows,
    house_actions,
    list_actions,
    log_steps,
    recompute,
    sections,
    timeline,
    worklist,
)
from clients.closing import ClosingPart
from clients.house_actions import HouseAction
from clients.sections import Section
from daily import steps
from daily.steps import Step
from documents.models.mail import register_check
from documents.services.mails import register_undelivered

checks.exempt("appointments.Place", "a room of the service")
checks.exempt("appointments.PlaceHours", "when a room of the service is open")
checks.exempt("appointments.GroupEvent", "what took place for everybody and how many came, names nobody")
for noun, reason in (
    ("Series", "when office hours take place"),
    ("Session", "an office hour and its counts"),
    ("Arrival", "a number in line without a name, deleted when the office hour closes"),
    ("Count", "numbers that name nobody"),
):
    checks.exempt(f"appointments.OfficeHour{noun}", reason)
duties.register(AppointmentDuty())
duties.register(DropInDuty())
duties.register(FollowUpDuty())
list_actions.register(
    list_actions.ListAction("follow_up", _("Set follow-up"), "appointments:follow_up_many", "follow_up.edit")
)
timeline.register(
    ContactHistory(),
    timeline.Kind("talk", _("Talks"), 10),
    timeline.Kind("attempt", _("Attempts"), 20),
)
timeline.register(AppointmentHistory(), timeline.Kind("appointment", _("Appointments"), 30))
timeline.register(MovedHistory())
file_rows.register(*APPOINTMENT_TABLES)
file_facts.register_planned(file_sections.planned_spans)
register_check(still_stands)
register_undelivered(note_undelivered)
house_actions.register(
    HouseAction(
        _("Offer an office hour here"), "door", "appointments:office_hour_at_house", "office_hours.run"
    )
)
log_steps.register(log_step.plan_talk)
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
closing.register(ClosingPart("appointments", _("Open appointments"), own_closing.open_appointments, order=10))
closing.register(ClosingPart("follow_ups", _("Open follow-ups"), own_closing.open_follow_ups, order=20))
closing.register(ClosingPart("drop_ins", _("Left by colleagues"), own_closing.unread_drop_ins, order=30))
worklist.register("appointments", due.lines, due.OWN)
worklist.register("office_hours", due_office_hours.lines)
worklist.register_items(due_items.AppointmentDue, due.compose, *due.READ)
steps.register(Step("plan_office_hours", _("Office hours planned ahead"), 30, plan_ahead))
steps.register(
    Step(
        "close_office_hours",
        _("Forgotten office hours closed"),
        31,
        lambda actor: close_forgotten(actor, actor.today),
    )
)
