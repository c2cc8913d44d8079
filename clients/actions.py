"""Audit actions about files."""

from django.utils.translation import gettext_lazy as _

from audit.actions import ACCESS, READ, Action

LISTED = Action("client.listed", _("opened the client list"), READ)
SEARCHED = Action("client.searched", _("searched"), READ)
ANNOUNCED = Action("client.announced", _("was told that this file exists"), READ)
ASKED_IN_VAIN = Action("client.asked_in_vain", _("asked for a colleague's file and there was none"), READ)
VIEWED = Action("client.viewed", _("opened the file"), READ)
TIMELINE_VIEWED = Action("client.timeline_viewed", _("read the timeline"), READ)
FORM_OPENED = Action("client.form_opened", _("opened a form of the file"), READ)
ACCESS_LOG_VIEWED = Action("client.access_log_viewed", _("looked up who read the file"), READ)
REGISTERED = Action("client.registered", _("registered the file"))
CHANGED = Action("client.changed", _("changed the file"))
PHASE_SET = Action("client.phase_set", _("changed the phase"))
DUPLICATE_DISMISSED = Action("client.told_apart", _("told this person and another one apart"))
DUPLICATE_REOPENED = Action("client.asked_again", _("asked again whether two persons are one"))
CLOSED = Action("client.closed", _("closed counselling"))
REOPENED = Action("client.reopened", _("re-opened counselling"))
REASSIGNED = Action("client.reassigned", _("gave the file to another manager"), ACCESS)
FELL_TO_INBOX = Action("client.fell_to_inbox", _("the file fell to the inbox"), ACCESS)
HEALTH_GRANTED = Action("client.health_granted", _("asked for health data, with a reason"))
