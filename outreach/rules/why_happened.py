"""The first part of "why now": what was missed, which attempts were made, what else set the dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules.calendar import local_date
from appointments.choices import Channel, Result, SpokenWith
from appointments.rules.contact import VISIT, ContactFact, NoStep, left_card, reached_relative
from outreach.choices import EndReason, Trigger
from outreach.rules.view import LadderView, StepBy, WindowBy
from outreach.rules.words import day_text, listed

Wording = Callable[[LadderView, Sequence[Any]], str]
Happening = tuple[datetime, Wording, Any]


def cause(view: LadderView, name: str) -> str:
    """What the ladder comes from, and all that happened since."""
    happened = sorted(_happenings(view), key=lambda happening: happening[0])
    parts = _opening(view, name)
    for say, group in groupby(happened, key=lambda happening: happening[1]):
        parts.append(say(view, [what for _at, _say, what in group]))
    if view.invited_for is not None and view.invited_for not in {miss.day for miss in view.misses}:
        parts.append(_("the letter invited to a date on %(day)s") % {"day": day_text(view, view.invited_for)})
    if view.postponed_on is not None and view.postponed_to is not None:
        parts.append(
            _postponement(view)
            % {"day": day_text(view, view.postponed_on), "due": day_text(view, view.due_on)}
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
        return [text % {"name": name, "days": listed(day_text(view, miss.day) for miss in view.misses)}]
    pair = [day_text(view, local_date(start)) for start in view.fast_lane_basis or ()]
    others = [miss for miss in stands if miss.start not in (view.fast_lane_basis or ())]
    agreed = [day_text(view, miss.day) for miss in others if miss.trigger == Trigger.NO_SHOW]
    invited = [day_text(view, miss.day) for miss in others if miss.trigger != Trigger.NO_SHOW]
    groups = [(pair, _did_not_come, _were_missed), (agreed, _did_not_come, _were_missed)]
    # The invitation opened the ladder, unless it joined one.
    groups.insert(
        0 if view.trigger == Trigger.MISSED_INVITATION else 2, (invited, _did_not_follow, _invited_missed)
    )
    parts = []
    if view.trigger == Trigger.FIRST_CONTACT:
        parts = [_taking(view) % {"day": day_text(view, view.t0_day), "name": name}]
    for days, first, further in groups:
        if days:
            said = (further if parts else first)(len(days)) % {"name": name, "days": listed(days)}
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
        days = [day_text(view, local_date(contact.happened_at)) for contact in group]
        said.append(_phrase(how, len(days)) % {"days": listed(days)})
    return listed(said)


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
    said = text % {"days": listed(day_text(view, local_date(visit.happened_at)) for visit in visits)}
    cards = [day_text(view, local_date(visit.happened_at)) for visit in visits if left_card(visit)]
    if not cards:
        return said
    if len(cards) < len(visits):
        return _("%(visits)s and a card was left on %(days)s") % {"visits": said, "days": listed(cards)}
    if len(cards) == 1:
        return _("%(visits)s and a card was left") % {"visits": said}
    return _("%(visits)s and a card was left each time") % {"visits": said}


def _nothing_found(view: LadderView, days: Sequence[date]) -> str:
    return _("the search for an address or number on %(days)s brought nothing") % {
        "days": listed(day_text(view, day) for day in days)
    }


def _not_wished(view: LadderView, days: Sequence[date]) -> str:
    return _("home visits have not been wished since %(day)s") % {"day": day_text(view, days[-1])}


def _came_back(view: LadderView, contacts: Sequence[ContactFact]) -> str:
    contact = contacts[-1]
    text = (
        _("the letter of %(sent)s came back on %(day)s")
        if contact.channel == Channel.LETTER
        else _("the note of %(sent)s came back on %(day)s")
    )
    back = local_date(contact.returned_at) if contact.returned_at is not None else None
    return text % {"sent": day_text(view, local_date(contact.happened_at)), "day": day_text(view, back)}


def _excused(view: LadderView, days: Sequence[date]) -> str:
    return _("the excuse for %(days)s was accepted") % {"days": listed(day_text(view, day) for day in days)}


def _no_miss(view: LadderView, days: Sequence[date]) -> str:
    return _("the record of %(days)s was corrected") % {"days": listed(day_text(view, day) for day in days)}


def _found(view: LadderView, days: Sequence[date]) -> str:
    return _("the search on %(day)s brought an address or number") % {"day": day_text(view, days[-1])}


def _resumed(view: LadderView, days: Sequence[date]) -> str:
    return _("counselling goes on again since %(day)s") % {"day": day_text(view, days[-1])}


def _corrected(view: LadderView, days: Sequence[date]) -> str:
    return _("an entry was added or corrected on %(day)s") % {"day": day_text(view, days[-1])}


_ANEW: dict[WindowBy, Wording] = {
    WindowBy.FOUND: _found,
    WindowBy.RESUMED: _resumed,
    WindowBy.CORRECTED: _corrected,
}


def _postponement(view: LadderView) -> str:
    if view.looks_again:
        return _("it was decided on %(day)s to try once more")
    return _("the step was postponed on %(day)s to %(due)s")
