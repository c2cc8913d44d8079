"""Audit actions of the outbox."""

from django.utils.translation import gettext_lazy as _

from audit.actions import Action

GIVEN_UP = Action("message.given_up", _("gave up sending messages"))
