"""Why an attempt that was logged did no step of the ladder (rules.md §4 "What counts as a step")."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.choices import Stage
from appointments.rules.calendar import local_date
from appointments.rules.contact import LETTER, PHONE, VISIT, ContactFact, left_card, part_of_day
from appointments.rules.ladder.view import Action, LadderView
from appointments.rules.ladder.why import short_date


def why_no_step(view: LadderView, ref: str) -> str:
    """One sentence for the person who just logged it; empty if it did a step or there is nothing sure to say.

    Args:
        view: the ladder as it stands with the contact.
        ref: of the contact. As it did no step, the present step is the one it was weighed for, unless a later
            step was recorded already.
    """
    contact = next((attempt for attempt in view.attempts if attempt.ref == ref), None)
    if contact is None or contact.group is None or not view.is_open:
        return ""
    if any(step.contact == contact or step.at > contact.happened_at for step in view.steps):
        return ""
    reason = _of_the_contact(view, contact) or _of_the_step(view, contact)
    if not reason:
        return ""
    return _("%(what)s: %(reason)s.") % {"what": _what(view, contact), "reason": reason.rstrip(".")}


def _what(view: LadderView, contact: ContactFact) -> str:
    if contact.group == VISIT and view.stage == Stage.VISIT2:
        return _("Does not count as the second visit")
    if contact.group == VISIT and view.stage == Stage.VISIT:
        return _("Does not count as the home visit of this step")
    return _("Counts as an attempt, but not as a step")


def _of_the_contact(view: LadderView, contact: ContactFact) -> str:
    """What no step could make good."""
    if view.suspended:
        return _("counselling is paused")
    if contact.returned_at is not None:
        return _("the letter came back")
    if not contact.address_valid:
        return _("no valid, permitted address or number was recorded for that day")
    if not contact.language_ok:
        return _("it was in no language recorded for the client")
    return ""


def _of_the_step(view: LadderView, contact: ContactFact) -> str:
    if not _is_the_way(view, contact):
        return _another_way(view)
    if view.stage == Stage.VISIT2 and not left_card(contact):
        return _("no card was left")
    first = _first_day(view)
    if first is not None and local_date(contact.happened_at) < first:
        return _("too early, from %(day)s on") % {"day": _day(view, first)}
    if view.stage == Stage.VISIT and contact.group == VISIT:
        wait = view.policy.visit_announced_wd
        return ngettext(
            "not announced at least %(count)s working day before",
            "not announced at least %(count)s working days before",
            wait,
        ) % {"count": wait}
    return _same_part_of_day(view, contact) if view.stage == Stage.VISIT2 else ""


def _first_day(view: LadderView) -> date | None:
    """From when an attempt can do the present step; a decision or a closing is no attempt."""
    if view.stage in {Stage.UNREACHABLE, Stage.RECHECK}:
        return view.recheck_on if view.step(Stage.RECHECK) is None else None
    return view.not_before


def _is_the_way(view: LadderView, contact: ContactFact) -> bool:
    groups = {
        Action.LETTER: {LETTER},
        Action.CALL: {PHONE},
        Action.LETTER_OR_CALL: {LETTER, PHONE},
        Action.VISIT: {VISIT},
        Action.SECOND_VISIT: {VISIT},
    }
    if view.action is None or view.action not in groups:
        return True
    return contact.group in groups[view.action]


def _another_way(view: LadderView) -> str:
    if view.action == Action.LETTER:
        return _("a letter comes next")
    if view.action == Action.CALL:
        return _("a call comes next")
    if view.action == Action.LETTER_OR_CALL:
        return _("a letter or a call comes next")
    return _("a home visit comes next")


def _same_part_of_day(view: LadderView, contact: ContactFact) -> str:
    first = view.step(Stage.VISIT)
    if first is None or first.contact is None:
        return ""
    part = part_of_day(contact.happened_at)
    if part_of_day(first.at) != part:
        return ""
    parts = {
        "morning": _("in the morning"),
        "afternoon": _("in the afternoon"),
        "evening": _("in the evening"),
    }
    return _("same time of day as on %(day)s (%(part)s)") % {
        "day": _day(view, first.day),
        "part": parts[part],
    }


def _day(view: LadderView, day: date) -> str:
    return short_date(day, view.today)
