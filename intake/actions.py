"""Audit actions about the inbox, enquiries and allocation lists."""

from django.utils.translation import gettext_lazy as _

from audit.actions import ACCESS, READ, Action

INBOX_VIEWED = Action("inbox.viewed", _("opened the inbox"), READ)
TAKEN = Action("client.taken", _("took the file from the inbox"), ACCESS)
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
