"""What this app adds: to the daily run, and why its rows need no scope."""

from django.utils.translation import gettext_lazy as _

from accounts import checks
from accounts.sessions import forget_expired
from daily import steps
from daily.services import outbox
from daily.steps import Step

checks.exempt("daily.JobRun", "what a command did, and when")
steps.register(
    Step("clear_sessions", _("Expired sessions deleted"), 10, lambda actor: forget_expired(actor.now))
)
steps.register(Step("send_outbox", _("Messages sent"), 70, lambda actor: outbox.send_due(actor).sent))
steps.register(Step("forget_messages", _("Messages deleted after 30 days"), 80, outbox.forget_old))
