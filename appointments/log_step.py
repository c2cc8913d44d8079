"""The talk about the plan: a part of the forms of assessment, agreement and review (``clients.log_steps``)."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from appointments.choices import Channel
from appointments.file_rows import CONTACT_FORM_TABLES
from appointments.forms.talk import TalkForm
from appointments.models import Contact
from appointments.services.appointments import Busy, IllegalOutcome
from appointments.views.appointments import busy_said, holders
from clients.file_rows import rows_of
from clients.log_steps import StepRefused
from clients.models import Client, Topic

PLAN = "plan"


class PlanTalk(TalkForm):
    """The talk in which something about the plan came about."""

    def log(self, actor: Actor, **kwargs: Any) -> Contact | None:
        try:
            return super().log(actor, **kwargs)
        except Busy as busy:
            self.add_error("next_at", busy_said(busy, actor.user, actor.scope))
            raise StepRefused from busy
        except IllegalOutcome as refused:
            self.add_error("settles", _("This appointment has another outcome by now."))
            raise StepRefused from refused


def plan_talk(data: Any, restored: Any, client: Client, actor: Actor) -> PlanTalk:
    """The part for one file; wanted beforehand unless a talk of today was logged already."""
    topics = rows_of(client, CONTACT_FORM_TABLES)[Topic]
    return PlanTalk(
        data,
        restored=restored,
        user=actor.user,
        client=client,
        now=actor.now,
        holders=holders(client, actor.user, actor.acting_for(client)),
        presets={
            "wanted": client.last_contact_on != actor.today,
            "channel": Channel.OFFICE,
            "main_topic": next((topic.pk for topic in topics if topic.code == PLAN), None),
        },
    )
