""" "Why now": one sentence composed from the facts the ladder rule used (rules.md §4 and §10 "Why now").

What was missed, which attempts were made when and how, what else set the dates, and what follows. It speaks only of
what happened.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.rules.calendar import is_working_day
from appointments.rules.contact import LETTER
from outreach.choices import EndReason, Stage, Trigger
from outreach.rules.view import Action, End, LadderView, StepBy
from outreach.rules.why_happened import cause
from outreach.rules.words import day_text, full_stop


def why_now(view: LadderView, name: str) -> str:
    """The sentence under the steps.

    Args:
        view: the ladder as it stands.
        name: how the client is called in the sentence, without a form of address that would guess a gender. The
            sentence contains it once.
    """
    return full_stop(
        _("%(cause)s; %(conclusion)s") % {"cause": cause(view, name), "conclusion": _conclusion(view)}
    )


def announcement_hint(view: LadderView) -> str:
    """Until when the visit must be announced, or that it was; empty when there is nothing to announce."""
    if view.announcing_is_overdue:
        return _(
            "Announcing is overdue; if you announce the visit today, it is possible from %(day)s at the earliest."
        ) % {"day": day_text(view, view.earliest_visit)}
    if view.announce_by is not None:
        days = {"count": view.policy.visit_announced_wd, "day": day_text(view, view.announce_by)}
        text = ngettext(
            "The visit is announced %(count)s working day before, so by %(day)s at the latest",
            "The visit is announced %(count)s working days before, so by %(day)s at the latest",
            view.policy.visit_announced_wd,
        )
        return full_stop(text % days)
    if view.announced_on is not None and view.visit_on is not None:
        days = {"announced": day_text(view, view.announced_on), "visit": day_text(view, view.visit_on)}
        return full_stop(_("Announced on %(announced)s for %(visit)s") % days)
    return ""


def announced_day_note(view: LadderView, day: date) -> str:
    """What is to be known of the day a visit was announced for; empty for a working day within the window."""
    notes = []
    if not is_working_day(day):
        notes.append(_("%(day)s is not a working day.") % {"day": day_text(view, day)})
    if view.due_on is not None and day > view.due_on:
        due = {"due": day_text(view, view.due_on)}
        if view.due_on < view.today:
            notes.append(_("The step was due by %(due)s; this day is later.") % due)
        else:
            notes.append(_("The step is due by %(due)s; this day is later.") % due)
    return " ".join(notes)


def _conclusion(view: LadderView) -> str:
    if view.end is not None:
        return _end_clause(view, view.end)
    if view.suspended:
        return _("counselling is paused, so nothing is due for now")
    # Of a step whose day has passed it is said that it was due.
    values = {
        "is": pgettext("a step is due", "was") if view.is_overdue else pgettext("a step is due", "is"),
        "when": _when(view),
        "from": day_text(view, view.not_before),
    }
    return _what_follows(view) % values


def _when(view: LadderView) -> str:
    due = day_text(view, view.due_on)
    if view.postponed_on is not None:
        return _("by then")
    if view.early and view.action != Action.CLARIFY:
        return _("between %(from)s and %(due)s") % {"from": day_text(view, view.not_before), "due": due}
    return _("by %(day)s") % {"day": due}


def _what_follows(view: LadderView) -> str:
    match view.action:
        case Action.CLARIFY if view.stage in {Stage.VISIT, Stage.VISIT2} and not view.no_home_visits:
            return _("where to visit is not known, so the address %(is)s to be clarified %(when)s")
        case Action.CLARIFY:
            return _("no valid address or number is known, so this %(is)s to be clarified %(when)s")
        case Action.LETTER_OR_CALL | Action.LETTER | Action.CALL:
            return _writing_or_calling(view)
        case Action.VISIT:
            return _visit_clause(view)
        case Action.SECOND_VISIT:
            return _(
                "so a second visit %(is)s due %(when)s at another time of day, at which a card is to be left"
            )
        case Action.DECIDE:
            return _("so it %(is)s to be decided %(when)s whether to look again or to close")
        case Action.TRY_AGAIN:
            return _("so one more attempt %(is)s due %(when)s")
        case Action.CLOSE if view.postponed_on is not None:
            return _("closing the counselling has been proposed since %(from)s")
        case Action.CLOSE:
            return _("so closing the counselling has been proposed since %(from)s")
    if view.looks_again or (view.stage == Stage.RECHECK and view.step(Stage.RECHECK) is None):
        return _("so the next attempt follows from %(from)s on")
    # A search leaves nobody behind who could answer.
    can_be_answered = view.steps[-1].by != StepBy.NOTHING_FOUND
    if view.stage == Stage.UNREACHABLE:
        if can_be_answered:
            return _("there is time for an answer until %(from)s before it is decided how to go on")
        return _("so it is to be decided from %(from)s on how to go on")
    if can_be_answered:
        return _("there is time for an answer until %(from)s before closing is proposed")
    return _("so closing the counselling will be proposed from %(from)s on")


def _end_clause(view: LadderView, end: End) -> str:
    texts = {
        EndReason.TWO_WAY: _("there was contact on %(day)s")
        if view.trigger == Trigger.FIRST_CONTACT
        else _("there was contact again on %(day)s"),
        EndReason.EXCUSED: ngettext(
            "the excuse was accepted on %(day)s",
            "the last excuse too was accepted on %(day)s",
            sum(miss.excused for miss in view.misses),
        ),
        EndReason.CORRECTED: ngettext(
            "this record was corrected on %(day)s",
            "the last of these records was corrected on %(day)s",
            len(view.misses),
        ),
        EndReason.DECLINED: _("counselling was declined on %(day)s"),
        EndReason.CLOSED: _("counselling was closed on %(day)s"),
        EndReason.MANAGER: _("outreach was ended on %(day)s"),
    }
    return texts[EndReason(end.reason)] % {"day": day_text(view, end.day)}


def _writing_or_calling(view: LadderView) -> str:
    letter = view.action == Action.LETTER
    if view.stage == Stage.VISIT:
        if letter:
            return _("home visits are not wished, so a letter %(is)s due %(when)s instead of the visit")
        return _("home visits are not wished, so a call %(is)s due %(when)s instead of the visit")
    if view.stage == Stage.STEP2:
        first = view.step(Stage.STEP1)
        same = first is not None and first.contact is not None and (first.contact.group == LETTER) == letter
        if same and letter:
            return _("no other way is known, so a second letter %(is)s due %(when)s")
        if same:
            return _("no other way is known, so a second call %(is)s due %(when)s")
        if letter:
            return _("so the other way, a letter, %(is)s due %(when)s")
        return _("so the other way, a call, %(is)s due %(when)s")
    if view.action == Action.LETTER_OR_CALL:
        return _("so a letter or a call %(is)s due %(when)s")
    return _("so a letter %(is)s due %(when)s") if letter else _("so a call %(is)s due %(when)s")


def _visit_clause(view: LadderView) -> str:
    if view.fast_lane_misses is not None:
        return _("so a home visit %(is)s due directly %(when)s")
    if any(step.by == StepBy.NOTHING_FOUND for step in view.steps):
        return _("so a home visit %(is)s due %(when)s")
    groups = {step.contact.group for step in view.steps if step.contact is not None}
    if len(groups) > 1:
        return _("after two attempts in different ways a home visit %(is)s due %(when)s")
    return _("after two attempts a home visit %(is)s due %(when)s")
