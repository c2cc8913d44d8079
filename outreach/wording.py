"""How steps, causes and attempts of outreach are called, on the file page and in *Mein Tag*."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from appointments.choices import Channel
from outreach.choices import Trigger
from outreach.rules import Action
from outreach.rules.words import short_date

ACTION_WORDS: Mapping[Action, str | Promise] = {
    Action.LETTER_OR_CALL: gettext_lazy("Letter or call"),
    Action.LETTER: Channel.LETTER.label,
    Action.CALL: gettext_lazy("Call"),
    Action.VISIT: Channel.HOME_VISIT.label,
    Action.SECOND_VISIT: gettext_lazy("Second visit"),
    Action.CLARIFY: gettext_lazy("Clarify address or number"),
    Action.DECIDE: gettext_lazy("Decide: look again or close"),
    Action.TRY_AGAIN: gettext_lazy("One more attempt"),
    Action.CLOSE: gettext_lazy("Closing is proposed"),
    Action.WAIT: gettext_lazy("Wait for an answer"),
}


def action_word(action: Action | None, *, must_announce: bool = False) -> str:
    """What is to be done, as one would say it: "Hausbesuch ankündigen"."""
    if action == Action.VISIT and must_announce:
        return _("Announce home visit")
    return str(ACTION_WORDS[action]) if action is not None else ""


def cause_word(trigger: str, on: datetime.date, today: datetime.date) -> str:
    """Why the ladder was opened: "Termin am 21.02. versäumt"."""
    day = short_date(on, today)
    if trigger == Trigger.FIRST_CONTACT:
        return _("taken on %(day)s, no talk yet") % {"day": day}
    if trigger == Trigger.MISSED_INVITATION:
        return _("invitation for %(day)s missed") % {"day": day}
    return _("appointment on %(day)s missed") % {"day": day}


def channel_word(channel: str) -> str:
    """How an attempt was made, as a step is called."""
    return _("Call") if channel == Channel.PHONE else str(Channel(channel).label)


def attempts_word(
    channels: Sequence[str], count: int, on: datetime.date, today: datetime.date, *, only_relative: bool
) -> str:
    """The steps so far in a few words: "Brief und Anruf ohne Antwort".

    Args:
        channels: of the first two.
        count: how many there were, at least one.
        on: the day of the first.
        today: the reader's day.
        only_relative: a relative or neighbour was reached.
    """
    words = [channel_word(channel) for channel in channels]
    if count == 1:
        attempts = _("%(channel)s of %(day)s") % {"channel": words[0], "day": short_date(on, today)}
    elif count == len(words):
        attempts = _("%(first)s and %(last)s") % {"first": words[0], "last": words[1]}
    else:
        attempts = ngettext("%(count)s attempt", "%(count)s attempts", count) % {"count": count}
    if only_relative:
        return _("%(attempts)s, only a relative or neighbour reached") % {"attempts": attempts}
    return _("%(attempts)s without answer") % {"attempts": attempts}
