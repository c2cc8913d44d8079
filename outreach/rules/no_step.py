"""Why an attempt was no step of the ladder, in words; the replay decided it (rules.md §4 "What counts as a step")."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.choices import Channel
from appointments.rules.contact import VISIT, NoStep, part_of_day
from outreach.choices import Stage
from outreach.rules.view import Action, LadderView, NotCounted
from outreach.rules.words import full_stop, short_date


def why_no_step(views: Iterable[LadderView], ref: str) -> str:
    """One sentence, as true later as on the day itself; empty if it did a step or belongs to no ladder.

    Args:
        views: every ladder of the file.
        ref: of the contact.
    """
    said = ""
    for view in views:
        if any(step.contact is not None and step.contact.ref == ref for step in view.steps):
            return ""
        for found in view.not_counted:
            if found.contact.ref == ref:
                said = full_stop(
                    _("%(what)s: %(reason)s") % {"what": _what(found), "reason": _why(found, view)}
                )
    return said


def _what(found: NotCounted) -> str:
    if found.contact.group == VISIT and found.stage == Stage.VISIT2:
        return _("Does not count as the second visit")
    if found.contact.group == VISIT and found.stage == Stage.VISIT:
        return _("Does not count as the home visit of this step")
    return _("Counts as an attempt, but not as a step")


def _why(found: NotCounted, view: LadderView) -> str:
    day = _day(found.day, view)
    match found.reason:
        case NoStep.PAUSED:
            return _("counselling was paused at that time")
        case NoStep.RETURNED:
            return _("it came back as undeliverable")
        case NoStep.ADDRESS:
            return _no_address(found.contact.channel)
        case NoStep.SCRIPT:
            return _("it was in a script that the person does not read")
        case NoStep.LANGUAGE:
            return _("it was in no language recorded for the client")
        case NoStep.NOT_ITS_TURN:
            return _whose_turn(found, day)
        case NoStep.TOO_EARLY:
            return _("too early, from %(day)s on") % {"day": day}
        case NoStep.NOT_ANNOUNCED:
            return ngettext(
                "not announced for this day at least %(count)s working day before",
                "not announced for this day at least %(count)s working days before",
                view.policy.visit_announced_wd,
            ) % {"count": view.policy.visit_announced_wd}
        case NoStep.NO_CARD:
            return _("no card was left")
    parts = {
        "morning": _("in the morning"),
        "afternoon": _("in the afternoon"),
        "evening": _("in the evening"),
    }
    part = parts[part_of_day(found.contact.happened_at)]
    return _("same time of day as on %(day)s (%(part)s)") % {"day": day, "part": part}


def _no_address(channel: str) -> str:
    if channel in {Channel.LETTER, Channel.NOTE}:
        return _("for that day no valid address was recorded that letters may be sent to")
    if channel == Channel.EMAIL:
        return _("for that day no valid e-mail address was recorded")
    if channel == Channel.HOME_VISIT:
        return _("for that day no accommodation was recorded")
    return _("for that day no valid number was recorded that may be called")


def _whose_turn(found: NotCounted, day: str) -> str:
    if found.contact.group is None:
        return _("only a letter, a call or a home visit can be a step")
    if found.day is not None:
        return _("the one further attempt had been made on %(day)s") % {"day": day}
    if found.contact.group == VISIT and found.stage in {Stage.VISIT, Stage.UNREACHABLE, Stage.RECHECK}:
        return _("home visits are not wished")
    turns = {
        Action.LETTER: _("it was the turn of a letter"),
        Action.CALL: _("it was the turn of a call"),
        Action.LETTER_OR_CALL: _("it was the turn of a letter or a call"),
        Action.SECOND_VISIT: _("it was the turn of a second visit"),
        Action.CLARIFY: _("the address or number was to be clarified"),
    }
    return turns.get(found.action or Action.VISIT, _("it was the turn of a home visit"))


def _day(day: date | None, view: LadderView) -> str:
    return short_date(day, view.today) if day is not None else ""
