"""The history of outreach in one file: what, when, why, by whom; for the page and for paper.

It tells of this file alone: neither who else took part nor what a note says.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from appointments.choices import Channel, Result
from appointments.models import Contact
from appointments.rules.contact import ContactFact, is_two_way
from clients.file_context import FileContext
from outreach.choices import ActKind, EndReason, Stage
from outreach.file_rows import OUTREACH_TABLES
from outreach.history import facts_of
from outreach.models import Ladder, LadderAct
from outreach.rules import LadderPolicy, LadderView, StepBy
from outreach.rules.no_step import why_no_step
from outreach.services.ladders import ladders_shown
from outreach.wording import cause_word, channel_word
from ui.dates import date_de, datetime_de


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: when, what, why, by whom."""

    at: datetime.datetime
    what: str
    why: str = ""
    by: str = ""
    has_time: bool = False

    @property
    def when(self) -> str:
        return datetime_de(self.at) if self.has_time else date_de(self.at)


@dataclass(frozen=True, slots=True)
class Told:
    """One ladder from its beginning to its end.

    Attributes:
        cause: what opened it.
        rules: which version of the thresholds it keeps; "" for the defaults.
        lines: in their order.
        ended: why and when it ended; "" while it is open.
    """

    began_on: datetime.date
    cause: str
    rules: str
    lines: Sequence[Happening]
    ended: str


def history_of(file: FileContext) -> list[Told]:
    """Every ladder of a file, the last one first."""
    rows = file.rows(OUTREACH_TABLES)
    views = ladders_shown(file.client, rows, file.now)
    refs = {ref for view in views for ref in _refs(view)}
    stored = Contact.objects.unscoped(reason="attempts of a file the view let in")
    contacts = {
        str(row.pk): row for row in stored.filter(pk__in=refs).select_related("recorded_by", "language")
    }
    by_key = {row.key: row for row in rows[Ladder]}
    told = []
    for view in sorted(views, key=lambda view: view.t0, reverse=True):
        row = next((by_key[key] for key in (view.key, *sorted(view.keys)) if key in by_key), None)
        acts = [act for act in rows[LadderAct] if row is not None and act.ladder_id == row.pk]
        told.append(_told(view, views, acts, contacts))
    return told


def _told(
    view: LadderView,
    views: Sequence[LadderView],
    acts: Iterable[LadderAct],
    contacts: dict[str, Contact],
) -> Told:
    lines = [*_missed(view), *_attempts(view, views, contacts), *(_act(act) for act in acts)]
    return Told(
        began_on=view.t0_day,
        cause=cause_word(view.trigger, view.t0_day, view.today),
        rules=_rules(view.policy),
        lines=sorted(lines, key=lambda line: line.at),
        ended=_("%(day)s: %(reason)s")
        % {"day": date_de(view.end.day), "reason": EndReason(view.end.reason).label}
        if view.end is not None
        else "",
    )


def _rules(policy: LadderPolicy) -> str:
    if not policy.version.isdigit():
        return ""
    words = _("rules of the district from %(day)s on")
    if policy.place is not None:
        words = _("rules of the municipality from %(day)s on")
    return words % {"day": date_de(policy.valid_from)}


def _facts(view: LadderView) -> dict[str, ContactFact]:
    """The attempts, and letters before the beginning that are steps, each once."""
    steps = [step.contact for step in view.steps if step.contact is not None]
    return {contact.ref: contact for contact in (*view.attempts, *steps)}


def _refs(view: LadderView) -> Iterator[int]:
    refs = [*_facts(view), view.end.contact if view.end is not None else None]
    yield from (int(ref) for ref in refs if ref is not None and ref.isdigit())


def _missed(view: LadderView) -> Iterator[Happening]:
    for miss in view.misses:
        why = ""
        if miss.dead_since is not None:
            words = _("excused on %(day)s") if miss.excused else _("corrected on %(day)s")
            why = words % {"day": date_de(miss.dead_since)}
        yield Happening(miss.start, _("Appointment missed"), why, has_time=True)


def _attempts(
    view: LadderView, views: Sequence[LadderView], contacts: dict[str, Contact]
) -> Iterator[Happening]:
    done = {step.contact.ref: step for step in view.steps if step.contact is not None}
    for ref, fact in _facts(view).items():
        step = done.get(ref)
        why = _("step: %(stage)s") % {"stage": Stage(step.stage).label} if step is not None else ""
        yield _contact(fact, contacts.get(ref), why or why_no_step(views, ref))
    for step in view.steps:
        if step.by == StepBy.NO_HOME_VISITS and step.contact is None:
            yield Happening(step.at, str(Stage(step.stage).label), _("left out: no home visits wished"))
    last = view.end.contact if view.end is not None else None
    if last is not None and last in contacts and last not in done:
        row = contacts[last]
        yield Happening(
            row.happened_at,
            str(EndReason.TWO_WAY.label),
            str(Channel(row.channel).label),
            str(row.recorded_by),
            row.has_time,
        )


def _contact(fact: ContactFact, row: Contact | None, why: str) -> Happening:
    said = [channel_word(fact.channel), str(Result(fact.result).label)]
    if row is not None and row.language is not None and not is_two_way(fact):
        said.append(str(row.language))
    by = str(row.recorded_by) if row is not None else ""
    return Happening(fact.happened_at, " · ".join(said), why, by, fact.has_time)


def _act(act: LadderAct) -> Happening:
    what = " · ".join((str(ActKind(act.kind).label), *facts_of(act)))
    return Happening(act.at, what, act.detail, str(act.by), has_time=True)
