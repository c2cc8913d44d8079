"""How outreach reads in *Mein Tag*: the step to be done, and the question left after a talk."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from appointments.choices import Channel
from clients.models import DueItem
from clients.worklist import Group, Reader, file_line
from outreach.choices import Trigger
from outreach.due_items import ANNOUNCE, IN_PAIRS, ON, RELATIVE, OutreachDue
from outreach.page import Button, next_button
from outreach.rules import Action
from outreach.wording import action_word, attempts_word, cause_word
from ui.dates import short_date
from ui.due import DueLine, Outcome
from ui.links import reverse

ICONS = {
    Action.LETTER_OR_CALL: "mail",
    Action.LETTER: "mail",
    Action.CALL: "phone",
    Action.VISIT: "home",
    Action.SECOND_VISIT: "home",
    Action.CLARIFY: "search",
    Action.DECIDE: "flag",
    Action.TRY_AGAIN: "phone",
    Action.CLOSE: "flag",
}

TRIGGERS, CHANNELS = frozenset(Trigger.values), frozenset(Channel.values)


def compose(items: Sequence[DueItem], reader: Reader) -> list[DueLine]:
    """The lines of this app's items."""
    write = {OutreachDue.STEP: _step, OutreachDue.QUESTION: _question}
    return [write[OutreachDue(item.kind)](item, reader.today) for item in items]


def _step(item: DueItem, today: datetime.date) -> DueLine:
    action, words = Action(item.step), item.words.split()
    must_announce = ANNOUNCE in words
    path = item.client.get_absolute_url()
    button = next_button(action, item.client, must_announce=must_announce)
    step = action_word(action, must_announce=must_announce)
    announced = _announced_for(words)
    if announced is not None:
        step = _("%(step)s, announced for %(day)s") % {"step": step, "day": short_date(announced, today)}
        on_round = f"{reverse('visits:round')}?on={announced}"
        button = Button(_("To the round"), on_round, short=_("To the round"))
    return file_line(
        item,
        today,
        group=Group.OUTREACH,
        when=item.due_on,
        text=_("%(step)s; %(because)s") % {"step": step, "because": _because(item, words, today)},
        icon=ICONS[action],
        action_label=button.short if button is not None else _("Look"),
        action_url=button.url if button is not None else f"{path}#ladder",
        care=_("only in pairs") if IN_PAIRS in words else "",
        news=action == Action.CLOSE,
    )


def _announced_for(words: Sequence[str]) -> datetime.date | None:
    """The day a visit was announced for."""
    days = [word.removeprefix(ON) for word in words if word.startswith(ON)]
    return datetime.date.fromisoformat(days[0]) if days else None


def _because(item: DueItem, words: Sequence[str], today: datetime.date) -> str:
    on = item.on or today
    if not item.count:
        trigger = next(word for word in words if word in TRIGGERS)
        return cause_word(trigger, on, today)
    channels = [word for word in words if word in CHANNELS]
    return attempts_word(channels, item.count, on, today, only_relative=RELATIVE in words)


def _question(item: DueItem, today: datetime.date) -> DueLine:
    client = item.client
    return file_line(
        item,
        today,
        group=Group.OUTREACH,
        when=item.due_on,
        text=_("New appointment after the talk, or none needed?"),
        icon="calendar",
        news=True,
        action_url=reverse("file_outreach:answer", args=[client.uuid, item.object]),
        action_method="post",
        action_fields={"next": reverse("home")},
        outcomes=(
            Outcome(
                _("New appointment"), url=reverse("file_appointments:appointment_new", args=[client.uuid])
            ),
            Outcome(_("None needed"), value="none_needed"),
        ),
        outcome_name="answer",
    )
