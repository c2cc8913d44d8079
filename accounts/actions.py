"""Audit actions about accounts."""

from django.utils.translation import gettext_lazy as _

from audit.actions import Action

USER_CREATED = Action("account.created", _("created an account"))
USER_CHANGED = Action("account.changed", _("changed an account"))
PASSWORD_SET = Action("account.password_set", _("set a one-time password for somebody else"))
PASSWORD_CHANGED = Action("account.password_changed", _("changed the own password"))
ROLE_CHANGED = Action("account.role_changed", _("changed a role"))
DEACTIVATED = Action("account.deactivated", _("deactivated an account"))
ACTIVATED = Action("account.activated", _("activated an account"))
DIGEST_CHOSEN = Action("account.digest_chosen", _("ordered the morning digest or cancelled it"))
STAND_IN_PLANNED = Action("stand_in.planned", _("planned a stand-in"))
STAND_IN_ENDED = Action("stand_in.ended", _("ended a stand-in early"))
EMERGENCY_STAND_IN = Action("stand_in.emergency", _("took over an emergency stand-in"))
ABSENCE_ENTERED = Action("absence.entered", _("entered an absence"))
ABSENCE_CHANGED = Action("absence.changed", _("changed the days of an absence"))
ABSENCE_ENDED = Action("absence.ended", _("ended an absence early"))
CATALOGUE_CHANGED = Action("catalogue.changed", _("changed a value list"))
VERSION_DELETED = Action("catalogue.version_deleted", _("deleted a version that had not begun"))
