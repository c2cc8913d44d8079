"""German level, course, employment and the like: a change is a new entry, a correction keeps what was written."""

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.rules.calendar import local_date
from audit.recording import record
from clients import actions
from clients.choices import SIDE_BY_SIDE, Precision, RevisionKind
from clients.models import DatedFact
from clients.rules.periods import ONE_DAY, Clash, Fit, PeriodClash, Span, add, correct
from clients.services.change import change
from clients.services.revisions import FACT_FIELDS, keep_fact

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASON = "what the file says of this kind"
CLASHES: dict[Clash, "StrOrPromise"] = {
    Clash.REVERSED: gettext_lazy("The end lies before the beginning."),
    Clash.SAME_DAY: gettext_lazy("“%(value)s” begins on the same day. Please correct that entry instead."),
    Clash.STILL_HOLDS: gettext_lazy(
        "On this day “%(value)s” holds, until %(until)s. Please correct that entry first."
    ),
    Clash.LIES_WITHIN: gettext_lazy(
        "“%(value)s” holds beyond this day. Leave the end empty, or correct that entry first."
    ),
    Clash.RUNS_INTO: gettext_lazy("“%(value)s” begins on %(since)s. Please choose an earlier end."),
}
Rivals = Mapping[int, DatedFact]


def _rivals(fact: DatedFact) -> Rivals:
    """The facts beside which this one cannot hold at the same time, by key."""
    rows = DatedFact.objects.unscoped(reason=REASON).of(fact.client).filter(kind=fact.kind)
    if fact.kind in SIDE_BY_SIDE:
        rows = rows.filter(value=fact.value_id)
    return {row.pk: row for row in rows.exclude(pk=fact.pk).select_related("value")}


def _spans(rivals: Rivals) -> list[Span]:
    return [Span(row.since, row.until, row.pk) for row in rivals.values()]


def _refusal(found: PeriodClash, rivals: Rivals) -> ValidationError:
    """Why the days do not fit, for the field of the wrong one."""
    words = {}
    if found.other is not None:
        other = rivals[found.other.key]
        words = {"value": str(other.value), "since": str(other.begun), "until": str(other.ended or "")}
    return ValidationError({found.at: str(CLASHES[found.clash]) % words})


def _precision_before(day: datetime.date, rows: Iterable[DatedFact]) -> Precision:
    """A value ends as exactly as it is known when the next one begins."""
    following = (row.since_precision for row in rows if row.since == day + ONE_DAY)
    return Precision(next(following, Precision.DAY))


def _end(former: DatedFact, until: datetime.date | None, precision: str = Precision.DAY) -> None:
    former.until, former.until_precision = until, precision
    save_edited(former, former.version, ["until", "until_precision"])


def _move_ends(fit: Fit, fact: DatedFact, rivals: Rivals) -> None:
    for span in fit.moved:
        _end(rivals[span.key], span.until, fact.since_precision)


def add_fact(actor: Actor, fact: DatedFact) -> DatedFact:
    """A changing fact has a new value since a day; the former value ends the day before.

    Benefits and child care may stand beside each other; everything else has one value at a time.

    Raises:
        ValidationError: its days overlap with another value.
        DuplicateSubmission: the same form was posted before.
    """
    client = fact.client
    with change(actor, [client], needs="client.edit") as locked:
        raise_if_submitted(fact)
        fact.recorded_at, fact.recorded_by = locked.now, actor.user
        rivals = _rivals(fact)
        try:
            fit = add(Span(fact.since, fact.until), _spans(rivals), locked.today)
        except PeriodClash as found:
            raise _refusal(found, rivals) from found
        if fit.span.until is not None and fit.span.until != fact.until:
            fact.until = fit.span.until
            fact.until_precision = _precision_before(fact.until, rivals.values())
        for span in fit.moved:
            fact.follows, fact.follows_until = rivals[span.key], rivals[span.key].until
        _move_ends(fit, fact, rivals)
        fact.full_clean()
        create_once(fact)
        record(actor, actions.CHANGED, client=client, kind="fact", fields=[fact.kind])
    return fact


def correct_fact(actor: Actor, fact: DatedFact, *, expected_version: int) -> DatedFact:
    """Correct what was recorded wrongly; the history says what was written until now, and is no change of life.

    Raises:
        ValidationError: its days overlap with another value.
        StaleRecord: somebody else saved meanwhile.
    """
    with change(actor, [fact.client], needs="client.edit") as locked:
        former = DatedFact.objects.unscoped(reason=REASON).get(pk=fact.pk)
        rivals = _rivals(fact)
        old, new = Span(former.since, former.until), Span(fact.since, fact.until)
        try:
            fit = correct(old, new, _spans(rivals))
        except PeriodClash as found:
            raise _refusal(found, rivals) from found
        fact.full_clean()
        save_edited(fact, expected_version, [*FACT_FIELDS])
        _move_ends(fit, fact, rivals)
        keep_fact(locked.actor, former, fact, how=RevisionKind.CORRECTED)
        record(actor, actions.CHANGED, client=fact.client, kind="fact", fields=[fact.kind])
    return fact


def end_fact(actor: Actor, fact: DatedFact, *, on: datetime.date) -> DatedFact:
    """A value no longer holds and none follows; ending it twice changes nothing.

    Args:
        actor: who acts, and when.
        fact: the value in force.
        on: its last day.
    """
    with change(actor, [fact.client], needs="client.edit"):
        if fact.until is None:
            _end(fact, max(on, fact.since))
            record(actor, actions.CHANGED, client=fact.client, kind="fact", fields=[fact.kind])
    return fact


def reopen_fact(actor: Actor, fact: DatedFact) -> DatedFact:
    """A value that was ended holds still.

    Raises:
        ValidationError: another value has begun since.
    """
    with change(actor, [fact.client], needs="client.edit"):
        if fact.until is not None:
            if any(row.since > fact.since for row in _rivals(fact).values()):
                raise ValidationError(_("Another value has begun since. Please correct the entries."))
            _end(fact, None)
            record(actor, actions.CHANGED, client=fact.client, kind="fact", fields=[fact.kind])
    return fact


def take_back_fact(actor: Actor, fact: DatedFact) -> None:
    """An entry was never true: it goes, and the value that ended with it holds as before.

    A slip of the same day leaves no trace; later the history says what stood here and who took it back.
    """
    with change(actor, [fact.client], needs="client.edit") as locked:
        rows = DatedFact.objects.unscoped(reason=REASON).of(fact.client)
        later = sorted((row for row in _rivals(fact).values() if row.since > fact.since), key=_since)
        former = rows.filter(pk=fact.follows_id, until=fact.since - ONE_DAY).first()
        if fact.recorded_by_id != actor.user.pk or local_date(fact.recorded_at) != locked.today:
            keep_fact(locked.actor, fact, None, how=RevisionKind.WITHDRAWN)
        rows.filter(follows=fact).update(follows=former)
        fact.delete()
        if former is not None:
            until = fact.follows_until
            if later and (until is None or until >= later[0].since):
                until = later[0].since - ONE_DAY
            _end(former, until, _precision_before(until, later) if until else Precision.DAY)
        record(actor, actions.CHANGED, client=fact.client, kind="fact", fields=[fact.kind])


def _since(fact: DatedFact) -> datetime.date:
    return fact.since
