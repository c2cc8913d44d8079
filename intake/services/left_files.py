"""Closed files whose last manager has left: re-opened by whoever counsels the person now (rules.md §8)."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit.recording import record
from clients.actions import REASSIGNED
from clients.models import Client
from clients.services.change import change
from clients.services.closed_files import is_left
from clients.services.duplicates import Question, ask_for_colleagues_file
from clients.services.files import reopen
from clients.services.responsibility import assign


def reopen_left_file(
    actor: Actor, question: Question, *, phase: str, on: datetime.date, reason: str
) -> Client:
    """Make a closed file one's own and open it as a new counselling period, in one step.

    Nothing of it is shown before, and it is no taking: no first contact is due (rules.md §4).

    Args:
        actor: a manager of the municipality the file belongs to.
        question: the case number, or full surname and birth date; what finds nothing counts as a guess.
        phase: in which counselling begins.
        on: the day it begins.
        reason: why; it stands in the file.

    Raises:
        ValidationError: there is no such file, its manager still works here, another file of the person leads, or the
            day does not fit; nothing was written but that somebody asked.
    """
    actor.require("inbox.take")
    answer = ask_for_colleagues_file(actor, question)
    if answer.pause:
        raise ValidationError(answer.pause)
    if answer.client is None:
        raise ValidationError(_("No closed file of somebody who left fits what you entered."))
    with change(actor, [answer.client], allow_closed=True) as locked:
        file = locked.file(answer.client)
        if not is_left(file):
            text = _("This file has somebody who is responsible: %(name)s. Please ask there.")
            raise ValidationError(text % {"name": file.manager})
        assign(locked.actor, file, actor.user, reason=reason, needs="inbox.take")
        record(locked.actor, REASSIGNED, client=file, kind="client", fields=["manager"])
        return reopen(locked.actor, file, phase=phase, on=on, reason=reason)
