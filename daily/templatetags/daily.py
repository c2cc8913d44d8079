"""Tags of the administration's start page."""

from django import template
from django.utils import timezone

from daily.last_run import LastRun
from daily.models import OutgoingMessage

register = template.Library()


@register.simple_tag
def last_run() -> LastRun:
    """How the last daily run went."""
    return LastRun.at(timezone.now())


@register.simple_tag
def messages_given_up() -> int:
    """How many of the messages kept could not be sent."""
    rows = OutgoingMessage.objects.unscoped(reason="the administration sees to mail that does not arrive")
    return rows.given_up().count()
