"""Audit actions about files."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, REFUSAL, Action

LISTED = Action("client.listed", _("opened the client list"), READ)
SEARCHED = Action("client.searched", _("searched"), READ)
ANNOUNCED = Action("client.announced", _("was told that this file exists"), READ)
VIEWED = Action("client.viewed", _("opened the file"), READ)
TIMELINE_VIEWED = Action("client.timeline_viewed", _("read the timeline"), READ)
ACCESS_LOG_VIEWED = Action("client.access_log_viewed", _("looked up who read the file"), READ)
INBOX_VIEWED = Action("inbox.viewed", _("opened the inbox"), READ)
REGISTERED = Action("client.registered", _("registered the file"))
CHANGED = Action("client.changed", _("changed the file"))
PHASE_SET = Action("client.phase_set", _("changed the phase"))
CLOSED = Action("client.closed", _("closed counselling"))
REOPENED = Action("client.reopened", _("re-opened counselling"))
TAKEN = Action("client.taken", _("took the file from the inbox"))
REASSIGNED = Action("client.reassigned", _("gave the file to another manager"))
FELL_TO_INBOX = Action("client.fell_to_inbox", _("the file fell to the inbox"))
HEALTH_GRANTED = Action("client.health_granted", _("asked for health data, with a reason"))
IMPORTED = Action("client.imported", _("imported the file"))
IMPORT_STARTED = Action("import.started", _("uploaded an allocation list"))
IMPORT_DISCARDED = Action("import.discarded", _("threw an allocation list away"))
IMPORT_FINISHED = Action("import.finished", _("imported an allocation list"))
IMPORT_VIEWED = Action("import.viewed", _("looked at the rows of an allocation list"), READ)
ENQUIRY_REGISTERED = Action("enquiry.registered", _("registered an enquiry"))
ENQUIRY_VIEWED = Action("enquiry.viewed", _("opened enquiries"), READ)
ENQUIRY_TAKEN = Action("enquiry.taken", _("took an enquiry"))
ENQUIRY_PASSED_ON = Action("enquiry.passed_on", _("passed an enquiry on"))
ENQUIRY_FILED = Action("enquiry.filed", _("connected an enquiry with the file"))
ENQUIRY_ANSWERED = Action("enquiry.answered", _("answered an enquiry"))
REFUSED_FILE = Action("client.refused", _("was refused the file"), REFUSAL)
