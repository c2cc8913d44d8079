""" "Why now": one sentence composed from the facts the ladder rule used (rules.md §4 and §10 "Why now").

What was missed, which attempts were made when and how, what else set the dates, and what follows. It speaks only of
what happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.rules.calendar import is_working_day, local_date
from appointments.choices import Channel, Result, SpokenWith
from appointments.rules.contact import LETTER, VISIT, ContactFact, NoStep, left_card, reached_relative
from outreach.choices import EndReason, Stage, Trigger
from outreach.rules.view import Action, End, LadderView, StepBy, WindowBy

Wording = Callable[[LadderView, Sequence[Any]], str]
Happening = tuple[datetime, Wording, Any]


def short_date(day: date, today: date) -> str:
    """21.02. in the present year, 21.02.2018 in another."""
    return day.strftime("%d.%m.") if day.year == today.year else day.strftime("%d.%m.%Y")


def full_stop(sentence: str) -> str:
    """The sentence with its full stop; a short date at its end has one already."""
    return sentence.rstrip(".") + "."


def why_now(view: LadderView, name: str) -> str:
    """The sentence under the steps.

    Args:
        view: the ladder as it stands.
        name: how the client is called in the sentence, without a form of address that would guess a gender. The
            sentence contains it once.
    """
    return full_stop(
        _("%(cause)s; %(conclusion)s") % {"cause": _cause(view, name), "conclusion": _conclusion(view)}
    )


def announcement_hint(view: LadderView) -> str:
    """Until when the visit must be announced, or that it was; empty when there is nothing to announce."""
    if view.announcing_is_overdue:
        return _(
            "Announcing is overdue; if you announce the visit today, it is possible from %(day)s at the earliest."
        ) % {"day": _day(view, view.earliest_visit)}
    if view.announce_by is not None:
        days = {"count": view.policy.visit_announced_wd, "day": _day(view, view.announce_by)}
        text = ngettext(
            "The visit is announced %(count)s working day before, so by %(day)s at the latest",
            "The visit is announced %(count)s working days before, so by %(day)s at the latest",
            view.policy.visit_announced_wd,
        )
        return full_stop(text % days)
    if view.announced_on is not None and view.visit_on is not None:
        days = {"announced": _day(view, view.announced_on), "visit": _day(view, view.visit_on)}
        return full_stop(_("Announced on %(announced)s for %(visit)s") % days)
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


def _day(view: LadderView, day: date | None) -> str:
    return short_date(day, view.today) if day is not None else "–"


def _list(items: Iterable[str]) -> str:
    """ "A, B and C"; what occurs twice is said once."""
    said = list(dict.fromkeys(items))
    if len(said) < 2:
        return "".join(said)
    return _("%(first)s and %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}


# What happened


def _cause(view: LadderView, name: str) -> str:
    happened = sorted(_happenings(view), key=lambda happening: happening[0])
    parts = _opening(view, name)
    for say, group in groupby(happened, key=lambda happening: happening[1]):
        parts.append(say(view, [what for _at, _say, what in group]))
    if view.invited_for is not None and view.invited_for not in {miss.day for miss in view.misses}:
        parts.append(_("the letter invited to a date on %(day)s") % {"day": _day(view, view.invited_for)})
    if view.postponed_on is not None and view.postponed_to is not None:
        parts.append(
            _postponement(view) % {"day": _day(view, view.postponed_on), "due": _day(view, view.due_on)}
        )
    if len(parts) == 1:
        return parts[0]
    return _("%(first)s, and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def _opening(view: LadderView, name: str) -> list[str]:
    """How the ladder began, and which appointments were missed after that."""
    stands = [miss for miss in view.misses if miss.dead_since is None or miss.excused]
    is_corrected = not stands or (view.end is not None and view.end.reason == EndReason.CORRECTED)
    if view.trigger != Trigger.FIRST_CONTACT and is_corrected:
        text = ngettext(
            "The appointment of %(name)s on %(days)s was recorded as missed",
            "The appointments of %(name)s on %(days)s were recorded as missed",
            len(view.misses),
        )
        return [text % {"name": name, "days": _list(_day(view, miss.day) for miss in view.misses)}]
    pair = [_day(view, local_date(start)) for start in view.fast_lane_basis or ()]
    others = [miss for miss in stands if miss.start not in (view.fast_lane_basis or ())]
    agreed = [_day(view, miss.day) for miss in others if miss.trigger == Trigger.NO_SHOW]
    invited = [_day(view, miss.day) for miss in others if miss.trigger != Trigger.NO_SHOW]
    groups = [(pair, _did_not_come, _were_missed), (agreed, _did_not_come, _were_missed)]
    # The invitation opened the ladder, unless it joined one.
    groups.insert(
        0 if view.trigger == Trigger.MISSED_INVITATION else 2, (invited, _did_not_follow, _invited_missed)
    )
    parts = []
    if view.trigger == Trigger.FIRST_CONTACT:
        parts = [_taking(view) % {"day": _day(view, view.t0_day), "name": name}]
    for days, first, further in groups:
        if days:
            said = (further if parts else first)(len(days)) % {"name": name, "days": _list(days)}
            parts.append(_twice(said) if days is pair else said)
    return parts


def _taking(view: LadderView) -> str:
    if view.is_open:
        return _("The file was taken on %(day)s and there has been no talk with %(name)s since")
    return _("The file of %(name)s was taken on %(day)s")


def _did_not_come(count: int) -> str:
    return ngettext(
        "%(name)s did not come to the agreed appointment on %(days)s",
        "%(name)s did not come to the agreed appointments on %(days)s",
        count,
    )


def _were_missed(count: int) -> str:
    return ngettext(
        "the agreed appointment on %(days)s was missed",
        "the agreed appointments on %(days)s were missed",
        count,
    )


def _did_not_follow(count: int) -> str:
    return ngettext(
        "%(name)s did not come to the date of our invitation on %(days)s",
        "%(name)s did not come to the dates of our invitations on %(days)s",
        count,
    )


def _invited_missed(count: int) -> str:
    return ngettext(
        "the date of our invitation on %(days)s was missed",
        "the dates of our invitations on %(days)s were missed",
        count,
    )


def _twice(missed: str) -> str:
    return _("%(missed)s, both times without excuse and without a personal talk between them") % {
        "missed": missed
    }


def _happenings(view: LadderView) -> Iterator[Happening]:
    """What was done, what came back and what set the dates anew, each with who words it."""
    for step in view.steps:
        if step.contact is not None:
            yield step.at, _wording_of(step.contact), step.contact
        elif step.by == StepBy.NOTHING_FOUND:
            yield step.at, _nothing_found, step.day
        elif view.was_visited:
            yield step.at, _not_wished, step.day
    if view.end is not None:
        return
    for miss in view.misses:
        if miss.dead_since is not None:
            yield miss.dead_since, _excused if miss.excused else _no_miss, miss.day
    latest = max((step.at for step in view.steps), default=view.t0)
    came_back = [found.contact for found in view.not_counted if found.reason == NoStep.RETURNED]
    told = [contact.returned_at for contact in came_back] + [miss.dead_since for miss in view.misses]
    for contact in came_back:
        if contact.returned_at is not None and contact.returned_at >= latest:
            yield contact.returned_at, _came_back, contact
    for start in view.window_starts:
        if start.at >= latest and start.at not in told:
            yield start.at, _ANEW[start.by], local_date(start.at)


def _wording_of(contact: ContactFact) -> Wording:
    if contact.group == VISIT:
        if contact.spoken_with == SpokenWith.RELATIVE:
            return _relative_met
        return _message_at_door if contact.result == Result.MESSAGE_LEFT else _nobody_met
    return _relative_answered if reached_relative(contact) else _no_answer


def _no_answer(view: LadderView, attempts: Sequence[ContactFact]) -> str:
    if view.end is not None and view.end.reason in {EndReason.TWO_WAY, EndReason.DECLINED, EndReason.EXCUSED}:
        text = _("there was no answer at first to %(attempts)s")
    elif view.is_open and local_date(attempts[-1].happened_at) == view.today:
        # On the very day of a letter or call there was hardly time for an answer.
        text = _("there has been no answer so far to %(attempts)s")
    else:
        text = _("there was no answer to %(attempts)s")
    return text % {"attempts": _attempts(view, attempts)}


def _relative_answered(view: LadderView, attempts: Sequence[ContactFact]) -> str:
    return _("a relative or neighbour answered %(attempts)s") % {"attempts": _attempts(view, attempts)}


def _attempts(view: LadderView, contacts: Iterable[ContactFact]) -> str:
    """ "the letters of 22.02. and 04.03. and the call of 11.03."."""
    said = []
    for how, group in groupby(contacts, key=_how):
        days = [_day(view, local_date(contact.happened_at)) for contact in group]
        said.append(_phrase(how, len(days)) % {"days": _list(days)})
    return _list(said)


def _how(contact: ContactFact) -> str:
    left = contact.channel == Channel.PHONE and contact.result == Result.MESSAGE_LEFT
    return Result.MESSAGE_LEFT if left and not reached_relative(contact) else contact.channel


def _phrase(how: str, count: int) -> str:
    """Attempts of one kind inside a sentence: "the letter of 22.02."."""
    phrases: dict[str, str] = {
        Result.MESSAGE_LEFT: ngettext(
            "the message left at the call of %(days)s", "the messages left at the calls of %(days)s", count
        ),
        Channel.LETTER: ngettext("the letter of %(days)s", "the letters of %(days)s", count),
        Channel.NOTE: ngettext("the note of %(days)s", "the notes of %(days)s", count),
        Channel.EMAIL: ngettext("the e-mail of %(days)s", "the e-mails of %(days)s", count),
        Channel.PHONE: ngettext("the call of %(days)s", "the calls of %(days)s", count),
        Channel.MESSAGE: ngettext("the message of %(days)s", "the messages of %(days)s", count),
        Channel.VIDEO: ngettext("the video call of %(days)s", "the video calls of %(days)s", count),
    }
    return phrases[how]


def _nobody_met(view: LadderView, visits: Sequence[ContactFact]) -> str:
    text = ngettext(
        "nobody was met at the visit of %(days)s", "nobody was met at the visits of %(days)s", len(visits)
    )
    return _visited(view, visits, text)


def _relative_met(view: LadderView, visits: Sequence[ContactFact]) -> str:
    text = ngettext(
        "only a relative or neighbour was met at the visit of %(days)s",
        "only a relative or neighbour was met at the visits of %(days)s",
        len(visits),
    )
    return _visited(view, visits, text)


def _message_at_door(view: LadderView, visits: Sequence[ContactFact]) -> str:
    text = ngettext(
        "a message was left at the visit of %(days)s",
        "a message was left at the visits of %(days)s",
        len(visits),
    )
    return _visited(view, visits, text)


def _visited(view: LadderView, visits: Sequence[ContactFact], text: str) -> str:
    said = text % {"days": _list(_day(view, local_date(visit.happened_at)) for visit in visits)}
    cards = [_day(view, local_date(visit.happened_at)) for visit in visits if left_card(visit)]
    if not cards:
        return said
    if len(cards) < len(visits):
        return _("%(visits)s and a card was left on %(days)s") % {"visits": said, "days": _list(cards)}
    if len(cards) == 1:
        return _("%(visits)s and a card was left") % {"visits": said}
    return _("%(visits)s and a card was left each time") % {"visits": said}


def _nothing_found(view: LadderView, days: Sequence[date]) -> str:
    return _("the search for an address or number on %(days)s brought nothing") % {
        "days": _list(_day(view, day) for day in days)
    }


def _not_wished(view: LadderView, days: Sequence[date]) -> str:
    return _("home visits have not been wished since %(day)s") % {"day": _day(view, days[-1])}


def _came_back(view: LadderView, contacts: Sequence[ContactFact]) -> str:
    contact = contacts[-1]
    text = (
        _("the letter of %(sent)s came back on %(day)s")
        if contact.channel == Channel.LETTER
        else _("the note of %(sent)s came back on %(day)s")
    )
    back = local_date(contact.returned_at) if contact.returned_at is not None else None
    return text % {"sent": _day(view, local_date(contact.happened_at)), "day": _day(view, back)}


def _excused(view: LadderView, days: Sequence[date]) -> str:
    return _("the excuse for %(days)s was accepted") % {"days": _list(_day(view, day) for day in days)}


def _no_miss(view: LadderView, days: Sequence[date]) -> str:
    return _("the record of %(days)s was corrected") % {"days": _list(_day(view, day) for day in days)}


def _found(view: LadderView, days: Sequence[date]) -> str:
    return _("the search on %(day)s brought an address or number") % {"day": _day(view, days[-1])}


def _resumed(view: LadderView, days: Sequence[date]) -> str:
    return _("counselling goes on again since %(day)s") % {"day": _day(view, days[-1])}


def _corrected(view: LadderView, days: Sequence[date]) -> str:
    return _("an entry was added or corrected on %(day)s") % {"day": _day(view, days[-1])}


_ANEW: dict[WindowBy, Wording] = {
    WindowBy.FOUND: _found,
    WindowBy.RESUMED: _resumed,
    WindowBy.CORRECTED: _corrected,
}


def _postponement(view: LadderView) -> str:
    if view.looks_again:
        return _("it was decided on %(day)s to try once more")
    return _("the step was postponed on %(day)s to %(due)s")


# What follows


def _conclusion(view: LadderView) -> str:
    if view.end is not None:
        return _end_clause(view, view.end)
    if view.suspended:
        return _("counselling is paused, so nothing is due for now")
    # Of a step whose day has passed it is said that it was due.
    values = {
        "is": pgettext("a step is due", "was") if view.is_overdue else pgettext("a step is due", "is"),
        "when": _when(view),
        "from": _day(view, view.not_before),
    }
    return _what_follows(view) % values


def _when(view: LadderView) -> str:
    due = _day(view, view.due_on)
    if view.postponed_on is not None:
        return _("by then")
    if view.early and view.action != Action.CLARIFY:
        return _("between %(from)s and %(due)s") % {"from": _day(view, view.not_before), "due": due}
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
    return texts[EndReason(end.reason)] % {"day": _day(view, end.day)}


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
