"""The outreach ladder in the database: writing down what the rule says, and what a manager does to it.

`write_ladders` runs at the end of every change of a file. The services of this module add acts; each is checked against
the ladder as it stands at that moment.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted
from accounts.rules.calendar import next_working_day
from appointments.choices import Result
from appointments.models import Contact
from appointments.rules.contact import CLIENT_SIDE
from audit.recording import record
from clients.file_rows import Rows
from clients.models import Client
from clients.recompute import stored_facts
from clients.services.change import change
from clients.stored_facts import StoredFacts
from outreach import actions
from outreach.choices import ActKind, Answer, ClarifyOutcome, EndReason
from outreach.models import Ladder, LadderAct, OutreachPolicy
from outreach.rules import Action, LadderPolicy, LadderView, current, evaluate
from outreach.rules.facts import LadderFacts
from outreach.rules.no_step import why_no_step
from outreach.services.ladder_facts import (
    REASON,
    Policies,
    facts_shown,
    facts_stored,
    load_facts,
    load_policies,
    policies_among,
)
from ui.dates import date_de


def ladders_of(clients: Sequence[Client], now: datetime.datetime) -> dict[int, tuple[LadderView, ...]]:
    """Every ladder of each file by primary key, computed from its facts.

    Args:
        clients: files the caller may see; the number of queries does not grow with them.
        now: the instant to compute for.
    """
    policies = load_policies()
    facts = load_facts(clients)
    return {key: evaluate(found, policies.of(found), now) for key, found in facts.items()}


def ladders_shown(client: Client, rows: Rows, now: datetime.datetime) -> tuple[LadderView, ...]:
    """Every ladder of one file, from rows its page has read anyway; computed once per request, like those."""
    shown: tuple[LadderView, ...] | None = client.__dict__.get("_ladders_shown")
    if shown is None:
        facts = facts_shown(client, rows)
        shown = client.__dict__["_ladders_shown"] = evaluate(
            facts, policies_among(rows[OutreachPolicy]).of(facts), now
        )
    return shown


def no_step_reason(client: Client, contact: Contact, now: datetime.datetime) -> str:
    """Why a contact did no step of its ladder; empty if it did one, or belongs to none.

    Args:
        client: the file it was logged in; the caller may see it.
        contact: the stored contact.
        now: the instant to compute for.
    """
    if contact.spoken_with in CLIENT_SIDE and contact.result in {Result.TALK, Result.ANSWERED}:
        return ""  # a talk never was to be a step
    return why_no_step(ladders_of([client], max(now, contact.recorded_at))[client.pk], str(contact.pk))


@dataclass(slots=True)
class DerivedLadders:
    """The ladders of the files of a recompute.

    Attributes:
        facts: what the rule looks at, by file.
        policies: every version of the thresholds.
        views: what the rule says, by file.
        rows: the stored ladders by file and trigger.
    """

    facts: Mapping[int, LadderFacts]
    policies: Policies
    views: Mapping[int, tuple[LadderView, ...]]
    rows: dict[tuple[int, str], Ladder]

    def policies_of(self, key: int) -> Sequence[LadderPolicy]:
        """The versions that may concern a file."""
        return self.policies.of(self.facts[key])


def derived_ladders(stored: StoredFacts) -> DerivedLadders:
    """What the rule says of each file, from rows read anyway."""
    policies, facts = policies_among(stored.rows[OutreachPolicy]), facts_stored(stored)
    views = {key: evaluate(found, policies.of(found), stored.now) for key, found in facts.items()}
    rows = {(row.client_id, row.key): row for row in stored.rows[Ladder]}
    return DerivedLadders(facts, policies, views, rows)


def write_ladders(stored: StoredFacts) -> set[int]:
    """Store the ladders of some files as the rule computes them; call it inside a change that locked the files.

    Returns:
        Keys of the files in which a row was added or changed.
    """
    ladders = stored.once(derived_ladders)
    own: dict[int, dict[str, Ladder]] = defaultdict(dict)
    for (client, key), row in ladders.rows.items():
        own[client][key] = row
    changed = [
        row
        for client in stored.files
        for row in _differing(client, own[client.pk], ladders.views[client.pk], stored.now)
    ]
    known = [row for row in changed if row.pk is not None]
    # A file has one open ladder: those that end make room first.
    Ladder.objects.bulk_update([row for row in known if row.ended_at is not None], COLUMNS)
    Ladder.objects.bulk_update([row for row in known if row.ended_at is None], COLUMNS)
    Ladder.objects.bulk_create([row for row in changed if row.pk is None])
    ladders.rows |= {(row.client_id, row.key): row for row in changed}
    return {row.client_id for row in changed}


def _differing(
    client: Client, rows: dict[str, Ladder], views: Sequence[LadderView], now: datetime.datetime
) -> Iterator[Ladder]:
    """The rows of one file that said something else, with what they say now; new ones among them."""
    matched = [(view, _row_for(view, views, rows)) for view in views]
    kept = {row.pk for _view, row in matched if row is not None}
    for row in rows.values():
        if row.pk not in kept and row.ended_at is None:
            yield _ended(row, EndReason.CORRECTED, now)
    for view, known in matched:
        row = known or Ladder(client=client)
        if copy_view(row, view):
            yield row


def _row_for(view: LadderView, views: Sequence[LadderView], rows: dict[str, Ladder]) -> Ladder | None:
    """The row of a ladder: by its trigger, or by one that joined it when an earlier one was recorded later."""
    if view.key in rows:
        return rows[view.key]
    taken = {other.key for other in views}
    return next((rows[key] for key in sorted(view.keys - taken) if key in rows), None)


def _ended(row: Ladder, reason: str, now: datetime.datetime) -> Ladder:
    row.ended_at, row.end_reason, row.stage, row.suspended = now, reason, "ended", False
    return row


COLUMNS = (
    "key",
    "trigger",
    "t0",
    "began_on",
    "policy",
    "stage",
    "reached",
    "suspended",
    "ended_at",
    "end_reason",
)


def copy_view(row: Ladder, view: LadderView) -> bool:
    """Copy what the rule says into a row without saving it; also for bulk loading past the services.

    Returns:
        Whether the row was new or said something else before.
    """
    values = {
        "key": view.key,
        "trigger": view.trigger,
        "t0": view.t0,
        "began_on": view.t0_day,
        "policy_id": int(view.policy.version) if view.policy.version.isdigit() else None,
        "stage": view.stage,
        "reached": view.reached,
        "suspended": view.suspended,
        "ended_at": view.end.at if view.end else None,
        "end_reason": view.end.reason if view.end else "",
    }
    if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def announce_visit(actor: Actor, act: LadderAct, client: Client) -> LadderAct:
    """Announce the home visit for a day.

    Args:
        actor: who acts, and when.
        act: validated and unsaved, with `day` and `channel`.

    Raises:
        ValidationError: there is no visit to announce, or the day is too early; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """

    def check(view: LadderView) -> None:
        if view.action != Action.VISIT:
            raise ValidationError(_("No home visit is due at the moment."))
        if act.day is None or act.day < view.earliest_visit:
            first = date_de(view.earliest_visit)
            raise ValidationError({"day": _("The earliest possible day is %(day)s.") % {"day": first}})

    return _add(actor, act, client, ActKind.ANNOUNCED, check)


def postpone_step(actor: Actor, act: LadderAct, client: Client) -> LadderAct:
    """Set the present step's due date to a later day; it lapses with the step.

    Args:
        actor: who acts, and when.
        act: validated and unsaved, with `day` and the reason in `detail`. Due dates are working days: of another
            day the next one is written down, so that the timeline names the day that counts.

    Raises:
        ValidationError: nothing is due, or the day is not later.
        DuplicateSubmission: the same form was posted before.
    """

    def check(view: LadderView) -> None:
        if view.due_on is None:
            raise ValidationError(_("Nothing is due at the moment."))
        earliest = max(view.due_on, locked.today)
        due = next_working_day(act.day) if act.day is not None else None
        if due is None or due <= earliest:
            raise ValidationError(
                {"day": _("Please choose a day after %(day)s.") % {"day": date_de(earliest)}}
            )
        act.day = due

    with change(actor, [client], needs="ladder.act") as locked:
        return _add(actor, act, client, ActKind.POSTPONED, check)


def look_again(actor: Actor, act: LadderAct, client: Client) -> LadderAct:
    """Decide against closing: wait for the next attempt, that is, postpone the decision to its day.

    Raises:
        ValidationError: there is nothing to decide.
        DuplicateSubmission: the same form was posted before.
    """

    def check(view: LadderView) -> None:
        if view.action != Action.DECIDE or view.recheck_on is None:
            raise ValidationError(_("There is nothing to decide at the moment."))
        act.day = view.recheck_on
        act.detail = _("look again")

    return _add(actor, act, client, ActKind.POSTPONED, check)


def clarify(actor: Actor, act: LadderAct, client: Client) -> LadderAct:
    """Say what looking for an address or number brought.

    Args:
        actor: who acts, and when.
        act: validated and unsaved, with `outcome` and where one looked in `detail`.

    Raises:
        ValidationError: there is nothing to clarify.
        DuplicateSubmission: the same form was posted before.
    """

    def check(view: LadderView) -> None:
        if not view.clarify:
            raise ValidationError(_("There is nothing to clarify at the moment."))
        if act.outcome not in ClarifyOutcome.values:
            raise ValidationError({"outcome": _("Please say whether something was found.")})

    return _add(actor, act, client, ActKind.CLARIFIED, check)


def end_ladder(actor: Actor, act: LadderAct, client: Client) -> LadderAct:
    """End the ladder: the client declines counselling, or the manager's own reason.

    A decline may also be recorded on the day of the talk that ended it; then nothing more is asked.

    Args:
        actor: who acts, and when.
        act: validated and unsaved, with `reason` and `detail`.

    Raises:
        ValidationError: there is no open ladder.
        DuplicateSubmission: the same form was posted before.
    """
    return _add(actor, act, client, ActKind.ENDED, lambda view: None)


def answer_question(actor: Actor, ladder: Ladder, answer: str, *, client: Client) -> Ladder:
    """Answer "new appointment / none needed" after a two-way end; a second answer changes nothing."""
    with change(actor, [client], needs="ladder.act") as locked:
        row: Ladder = Ladder.objects.unscoped(reason="the ladder the view let in").get(pk=ladder.pk)
        if _is_asked(row, ladders_of([locked.file(client)], locked.now)[client.pk]):
            row.answer, row.answered_at, row.answered_by = Answer(answer), locked.now, actor.user
            row.save()
            record(
                actor, actions.LADDER_ANSWERED, client=locked.file(client), kind="ladder", fields=["answer"]
            )
    row.refresh_from_db()
    return row


def take_answer_back(actor: Actor, ladder: Ladder, *, client: Client) -> Ladder:
    """The question stands again, for whoever answered it by a slip of the thumb."""
    with change(actor, [client], needs="ladder.act") as locked:
        row: Ladder = Ladder.objects.unscoped(reason="the ladder the view let in").get(pk=ladder.pk)
        if row.answer:
            row.answer, row.answered_at, row.answered_by = "", None, None
            row.save()
            record(
                actor, actions.LADDER_ANSWERED, client=locked.file(client), kind="ladder", fields=["answer"]
            )
    return row


def _is_asked(row: Ladder, views: Iterable[LadderView]) -> bool:
    return any(view.question is not None and row.key in view.keys for view in views)


def _add(actor: Actor, act: LadderAct, client: Client, kind: str, check: Any) -> LadderAct:
    with change(actor, [client], needs="ladder.act") as locked:
        stored = locked.file(client)
        # The same form again must find its act before the changed ladder refuses it.
        raise_if_submitted(act)
        views = ladders_of([stored], locked.now)[stored.pk]
        view = current(views) or _just_ended(views, kind, act.reason, locked.today)
        if view is None:
            raise ValidationError(_("There is no open outreach in this file any more."))
        check(view)
        write_ladders(stored_facts([stored.pk], locked.now))
        act.ladder = Ladder.objects.unscoped(reason=REASON).of(stored).get(key=view.key)
        act.kind, act.at, act.by = kind, locked.now, actor.user
        create_once(act)
        record(actor, actions.LADDER_ACT, client=stored, kind="ladder", fields=[kind])
    return act


def _just_ended(
    views: Iterable[LadderView], kind: str, reason: str, today: datetime.date
) -> LadderView | None:
    """The ladder a talk of today ended, for a decline said in that talk."""
    if kind != ActKind.ENDED or reason != EndReason.DECLINED:
        return None
    ended = [
        view for view in views if view.end and view.end.reason == EndReason.TWO_WAY and view.end.day == today
    ]
    return ended[-1] if ended else None
