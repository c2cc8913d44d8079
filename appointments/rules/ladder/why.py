""" "Why now": one sentence composed from the facts the ladder rule used (rules.md §4).

Which appointment was missed, which attempts were made when and how, and which rule follows from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.choices import EndReason, Stage, Trigger
from appointments.rules.calendar import is_working_day, local_date
from appointments.rules.contact import LETTER, VISIT, ContactFact, left_card
from appointments.rules.ladder.view import Action, End, LadderView, StepBy


def short_date(day: date, today: date) -> str:
    """21.02. in the present year, 21.02.2018 in another."""
    return day.strftime("%d.%m.") if day.year == today.year else day.strftime("%d.%m.%Y")


def why_now(view: LadderView, name: str) -> str:
    """The sentence under the steps.

    Args:
        view: the ladder as it stands.
        name: how the client is called in the sentence, without a form of address that would guess a gender.
    """
    cause = _cause(view, name)
    # A short date ends with a full stop of its own.
    return _("%(cause)s; %(conclusion)s.") % {"cause": cause, "conclusion": _conclusion(view).rstrip(".")}


def announcement_hint(view: LadderView) -> str:
    """Until when the visit must be announced, or that it was; empty when there is nothing to announce."""
    if view.announcing_is_overdue:
        return _(
            "Announcing is overdue; if you announce the visit today, it is possible from %(day)s at the earliest."
        ) % {"day": _day(view, view.earliest_visit)}
    if view.announce_by is not None:
        days = {"count": view.policy.visit_announced_wd, "day": _day(view, view.announce_by)}
        return (
            ngettext(
                "The visit is announced %(count)s working day before, so by %(day)s at the latest.",
                "The visit is announced %(count)s working days before, so by %(day)s at the latest.",
                view.policy.visit_announced_wd,
            )
            % days
        )
    if view.announced_on is not None and view.visit_on is not None:
        return _("Announced on %(announced)s for %(visit)s.") % {
            "announced": _day(view, view.announced_on),
            "visit": _day(view, view.visit_on),
        }
    return ""


def announced_day_note(view: LadderView, day: date) -> str:
    """What is to be known of the day a visit was announced for; empty for a working day within the window."""
    notes = []
    if not is_working_day(day):
        notes.append(_("%(day)s is not a working day.") % {"day": _day(view, day)})
    if view.due_on is not None and day > view.due_on:
        due = {"due": _day(view, view.due_on)}
        if view.due_on < view.today:
            notes.append(_("The step was due by %(due)s; this day is later.") % due)
        else:
            notes.append(_("The step is due by %(due)s; this day is later.") % due)
    return " ".join(notes)


def contact_phrase(contact: ContactFact, day: str) -> str:
    """An attempt inside a sentence: "the letter of 22.02."."""
    phrases = {
        "letter": _("the letter of %(day)s"),
        "note": _("the note of %(day)s"),
        "email": _("the e-mail of %(day)s"),
        "phone": _("the call of %(day)s"),
        "message": _("the message of %(day)s"),
        "video": _("the video call of %(day)s"),
        "home_visit": _("the visit of %(day)s"),
    }
    return phrases[contact.channel] % {"day": day}


def _day(view: LadderView, day: date | None) -> str:
    return short_date(day, view.today) if day is not None else "–"


def _list(items: Sequence[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s and %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}


def _cause(view: LadderView, name: str) -> str:
    parts = [_opening(view, name)]
    answered = [s.contact for s in view.steps if s.contact is not None and s.contact.group != VISIT]
    if answered:
        phrases = [
            contact_phrase(contact, _day(view, local_date(contact.happened_at))) for contact in answered
        ]
        # On the very day of a letter or call there was hardly time for an answer.
        is_fresh = view.is_open and local_date(answered[-1].happened_at) == view.today
        text = (
            _("there has been no answer so far to %(attempts)s")
            if is_fresh
            else _("there was no answer to %(attempts)s")
        )
        parts.append(text % {"attempts": _list(phrases)})
    visits = [s.contact for s in view.steps if s.contact is not None and s.contact.group == VISIT]
    if visits:
        days = [_day(view, local_date(contact.happened_at)) for contact in visits]
        if any(left_card(contact) for contact in visits):
            met = ngettext(
                "nobody was met at the visit of %(days)s and a card was left",
                "nobody was met at the visits of %(days)s and a card was left",
                len(visits),
            )
        else:
            met = ngettext(
                "nobody was met at the visit of %(days)s",
                "nobody was met at the visits of %(days)s",
                len(visits),
            )
        parts.append(met % {"days": _list(days)})
    sentence = parts[0]
    for part in parts[1:]:
        sentence = _("%(first)s, and %(next)s") % {"first": sentence, "next": part}
    return sentence


def _opening(view: LadderView, name: str) -> str:
    if view.trigger == Trigger.FIRST_CONTACT:
        return _("The file was taken on %(day)s and there has been no talk with %(name)s yet") % {
            "day": _day(view, view.t0_day),
            "name": name,
        }
    missed = [miss for miss in view.misses if miss.dead_since is None] or list(view.misses)
    agreed = [miss for miss in missed if miss.trigger == Trigger.NO_SHOW]
    if agreed:
        days = [_day(view, miss.day) for miss in agreed]
        text = ngettext(
            "%(name)s did not come to the agreed appointment on %(days)s",
            "%(name)s did not come to the agreed appointments on %(days)s",
            len(days),
        )
        return text % {"name": name, "days": _list(days)}
    days = [_day(view, miss.day) for miss in missed] or [_day(view, view.t0_day)]
    return _("%(name)s did not come to the date of our invitation on %(days)s") % {
        "name": name,
        "days": _list(days),
    }


def _conclusion(view: LadderView) -> str:
    if view.end is not None:
        return _end_clause(view, view.end)
    if view.suspended:
        return _("counselling is paused, so nothing is due for now")
    dates = {"from": _day(view, view.not_before), "due": _day(view, view.due_on)}
    action = view.action
    if action == Action.CLARIFY:
        return _clarify_clause(view) % dates
    if action in {Action.LETTER_OR_CALL, Action.LETTER, Action.CALL}:
        return _writing_or_calling(view) % dates
    if action == Action.VISIT:
        return _visit_clause(view) % dates
    others = {
        Action.SECOND_VISIT: _(
            "so a second visit follows between %(from)s and %(due)s at another time of day, leaving a card"
        ),
        Action.DECIDE: _("so it is to be decided by %(due)s whether to look again or to close"),
        Action.TRY_AGAIN: _("so one more attempt follows between %(from)s and %(due)s"),
        Action.CLOSE: _("so closing the counselling has been proposed since %(from)s"),
    }
    if action is not None and action in others:
        return others[action] % dates
    if view.stage == Stage.UNREACHABLE and not view.looks_again:
        return _("so there is time for an answer until %(from)s before it is decided how to go on") % dates
    if view.step(Stage.RECHECK) is not None:
        return _("so there is time for an answer until %(from)s before closing is proposed") % dates
    return _("so the next attempt follows from %(from)s on") % dates


def _end_clause(view: LadderView, end: End) -> str:
    texts = {
        EndReason.TWO_WAY: _("there was contact again on %(day)s"),
        EndReason.EXCUSED: _("the excuse was accepted on %(day)s"),
        EndReason.CORRECTED: _("the record was corrected on %(day)s"),
        EndReason.DECLINED: _("counselling was declined on %(day)s"),
        EndReason.CLOSED: _("counselling was closed on %(day)s"),
        EndReason.MANAGER: _("it was ended on %(day)s"),
    }
    return texts[EndReason(end.reason)] % {"day": _day(view, end.day)}


def _clarify_clause(view: LadderView) -> str:
    if view.stage in {Stage.VISIT, Stage.VISIT2} and not view.no_home_visits:
        return _("where to visit is not known, so the address is to be clarified by %(due)s")
    return _("no valid address or number is known, so one is to be clarified by %(due)s")


def _writing_or_calling(view: LadderView) -> str:
    letter = view.action == Action.LETTER
    if view.stage == Stage.VISIT:
        if letter:
            return _("home visits are not wished, so a letter follows instead of the visit by %(due)s")
        return _("home visits are not wished, so a call follows instead of the visit by %(due)s")
    if view.stage == Stage.STEP2:
        first = view.step(Stage.STEP1)
        same = first is not None and first.contact is not None and (first.contact.group == LETTER) == letter
        if same and letter:
            return _("no other way is known, so a second letter follows between %(from)s and %(due)s")
        if same:
            return _("no other way is known, so a second call follows between %(from)s and %(due)s")
        if letter:
            return _("so the other way follows, a letter between %(from)s and %(due)s")
        return _("so the other way follows, a call between %(from)s and %(due)s")
    if view.action == Action.LETTER_OR_CALL:
        return _("so a letter or a call is due by %(due)s")
    return _("so a letter is due by %(due)s") if letter else _("so a call is due by %(due)s")


def _visit_clause(view: LadderView) -> str:
    if view.fast_lane_misses is not None:
        first, second = (_day(view, local_date(start)) for start in view.fast_lane_misses)
        return _(
            "the appointments of %(first)s and %(second)s were both missed without excuse and without a talk"
            " between them, so a home visit follows directly by %(due)s"
        ) % {"first": first, "second": second, "due": "%(due)s"}
    if any(step.by == StepBy.NOTHING_FOUND for step in view.steps):
        return _("no valid address or number was found, so a home visit follows by %(due)s")
    groups = {step.contact.group for step in view.steps if step.contact is not None}
    if len(groups) > 1:
        return _("so after two attempts in different ways a home visit follows by %(due)s")
    return _("so after two attempts a home visit follows by %(due)s")
