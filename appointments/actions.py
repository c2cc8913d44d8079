"""Audit actions about contacts, appointments and follow-ups."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

DAY_VIEWED = Action("appointment.day_viewed", _("opened the calendar"), READ)
APPOINTMENT_VIEWED = Action("appointment.viewed", _("read an appointment"), READ)
APPOINTMENT_PLANNED = Action("appointment.planned", _("planned an appointment"))
APPOINTMENT_MOVED = Action("appointment.moved", _("moved an appointment"))
APPOINTMENT_CHANGED = Action("appointment.changed", _("changed an appointment"))
APPOINTMENT_CONFIRMED = Action("appointment.confirmed", _("agreed an appointment with the client"))
OUTCOME_RECORDED = Action("appointment.outcome", _("recorded the outcome of an appointment"))
APPOINTMENT_TRANSFERRED = Action("appointment.transferred", _("gave an appointment to somebody else"))
CONTACT_VIEWED = Action("contact.viewed", _("read a contact"), READ)
CONTACT_LOGGED = Action("contact.logged", _("logged a contact"))
CONTACT_CORRECTED = Action("contact.corrected", _("corrected a contact"))
LETTER_RETURNED = Action("contact.returned", _("recorded a letter as returned"))
DROP_IN_LEFT = Action("contact.drop_in_left", _("left a contact for the responsible manager"))
DROP_IN_VIEWED = Action("contact.drop_in_viewed", _("read a contact left for a colleague"), READ)
DROP_IN_CHANGED = Action("contact.drop_in_changed", _("changed a contact left for the responsible manager"))
DROP_IN_ACCEPTED = Action("contact.drop_in_accepted", _("accepted a contact left by a colleague"))
FOLLOW_UP_CREATED = Action("follow_up.created", _("set a follow-up"))
FOLLOW_UP_DONE = Action("follow_up.done", _("did a follow-up"))
FOLLOW_UP_REOPENED = Action("follow_up.reopened", _("re-opened a follow-up"))
FOLLOW_UP_CHANGED = Action("follow_up.changed", _("changed a follow-up"))
FOLLOW_UP_PASSED_ON = Action("follow_up.passed_on", _("passed a follow-up on"))
