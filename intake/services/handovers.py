"""Handing files over: proposed with a note, accepted or declined by the colleague, or withdrawn (rules.md §8)."""

import datetime
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import duties
from accounts.actor import Actor
from accounts.duties import Duty
from accounts.models import Service, StandIn, User
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.staff import active_managers
from audit.recording import record, record_each
from clients.models import Client
from clients.services.change import change
from clients.services.responsibility import assign
from clients.stored_facts import StoredFacts
from intake import actions
from intake.choices import HandoverState
from intake.models import Handover
from intake.querysets import HandoverQuerySet

REASON = "whoever is asked, or asked, reads a proposal; the file is not hers"


class NothingToAnswer(Exception):
    """The proposal was answered, withdrawn, or settled by somebody else meanwhile."""


def offered_to(user: User) -> HandoverQuerySet:
    """What a manager was asked to take over."""
    return Handover.objects.unscoped(reason=REASON).offered_to(user)


def given_by(user: User) -> HandoverQuerySet:
    """What a manager wanted to hand over, also once the file is not hers any more."""
    return Handover.objects.unscoped(reason=REASON).given_by(user)


def propose_handover(actor: Actor, handover: Handover) -> Handover:
    """Ask a colleague to take a file over; it stays where it is until she accepts.

    Args:
        actor: the responsible manager.
        handover: validated and unsaved: file, colleague, note.

    Raises:
        ValidationError: the colleague does not serve there, or somebody is asked already; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [handover.client], needs="handover.propose") as locked:
        raise_if_submitted(handover)
        _refuse_receiver(locked.actor, handover.proposed_to, [handover.client])
        waiting = _waiting([handover.client]).select_related("proposed_to").first()
        if waiting is not None:
            text = _("%(name)s is asked already. Please withdraw that proposal first.")
            raise ValidationError({"proposed_to": text % {"name": waiting.proposed_to}})
        handover.proposed_by, handover.proposed_at = actor.user, locked.now
        handover.full_clean()
        create_once(handover)
        record(actor, actions.HANDOVER_PROPOSED, client=handover.client, kind="handover")
    return handover


def propose_handovers(actor: Actor, files: Collection[Client], to: User, note: str) -> list[Handover]:
    """Ask a colleague to take several files over; as many statements for fifty as for one.

    Args:
        actor: the responsible manager of all of them.
        files: open files of her own caseload.
        to: the colleague.
        note: for each of the files.

    Returns:
        The new proposals. Files for which somebody is asked already are left out, so that the same form sent twice
        asks once.

    Raises:
        ValidationError: the colleague does not serve in the town of one of the files; nothing was written.
    """
    with change(actor, files, needs="handover.propose") as locked:
        _refuse_receiver(locked.actor, to, files)
        asked = set(_waiting(files).values_list("client_id", flat=True))
        found = [
            Handover(client=file, proposed_by=actor.user, proposed_to=to, proposed_at=locked.now, note=note)
            for file in files
            if file.pk not in asked
        ]
        Handover.objects.bulk_create(found)
        record_each(actor, actions.HANDOVER_PROPOSED, [row.client for row in found], kind="handover")
    return found


def _waiting(files: Iterable[Client]) -> HandoverQuerySet:
    return Handover.objects.unscoped(reason="one proposal at a time").filter(client__in=files).waiting()


def _refuse_receiver(actor: Actor, to: User, files: Collection[Client]) -> None:
    if to.pk == actor.pk:
        raise ValidationError({"proposed_to": _("This file is yours already.")})
    places = {file.municipality_id for file in files}
    serves = Service.objects.on(actor.today).filter(user=to, municipality_id__in=places)
    served = set(serves.values_list("municipality_id", flat=True))
    if not active_managers().filter(pk=to.pk).exists() or served != places:
        text = _("%(name)s does not work in this municipality today. Please choose a colleague who does.")
        raise ValidationError({"proposed_to": text % {"name": to}})


def accept_handovers(actor: Actor, handovers: Collection[Handover]) -> list[Client]:
    """Take proposed files over: what was open in them goes along, and whoever gave them away loses access at once.

    It is no taking: an open ladder travels, none begins (rules.md §10).

    Args:
        actor: the colleague who was asked.
        handovers: proposals to her.

    Returns:
        The files that are hers now.

    Raises:
        NothingToAnswer: one of them is not to be answered by her any more; nothing was written.
        ValidationError: she takes no files any more, or does not serve there; nothing was written.
    """
    actor.require("handover.answer")
    givers = {row.proposed_by_id for row in handovers}
    with change(
        actor, [row.client for row in handovers], users={actor.user.pk, *givers}, allow_closed=True
    ) as locked:
        taken = []
        for row in handovers:
            stored = _to_be_answered(row, locked.today)
            file = locked.file(row.client)
            if stored.proposed_to_id != actor.pk or file.manager_id != stored.proposed_by_id:
                raise NothingToAnswer
            _refuse_elsewhere(locked.actor, file)
            moved = _move(locked.actor, stored, file)
            stored.moved = " ".join(f"{duty.code}:{number}" for duty, number in moved)
            _settle(locked.actor, stored, HandoverState.ACCEPTED, "moved")
            record(
                actor, actions.HANDOVER_ACCEPTED, subject=file.subject_ref, kind="client", fields=["manager"]
            )
            taken.append(file)
    return taken


def _still_waiting(handover: Handover) -> Handover:
    """Read again under the lock of its file, by which every answer goes."""
    stored = Handover.objects.unscoped(reason=REASON).select_related("proposed_by").get(pk=handover.pk)
    if stored.state != HandoverState.PROPOSED:
        raise NothingToAnswer
    return stored


def _to_be_answered(handover: Handover, today: datetime.date) -> Handover:
    stored = _still_waiting(handover)
    if not stored.waits_on(today):
        raise NothingToAnswer
    return stored


def _refuse_elsewhere(actor: Actor, file: Client) -> None:
    here = Service.objects.on(actor.today).filter(user=actor.pk, municipality=file.municipality_id)
    if not here.exists():
        raise ValidationError(_("You do not work in the municipality of this file any more."))


def _move(actor: Actor, handover: Handover, file: Client) -> list[tuple[Duty, int]]:
    """The file and everything open in it, also what stand-ins of the former manager hold: they see it no more."""
    stand_ins = StandIn.objects.unscoped(reason="what they hold goes with the file")
    held_by = User.objects.filter(
        pk__in=stand_ins.filter(absent=handover.proposed_by).exclude(substitute=actor.pk).values("substitute")
    )
    numbers = dict(duties.transfer_besides(actor, handover.proposed_by, actor.user, file))
    assign(actor, file, actor.user, reason=handover.note[:300], needs="handover.answer")
    for substitute in held_by.order_by("pk"):
        for duty, number in duties.transfer_besides(actor, substitute, actor.user, file):
            numbers[duty] = numbers.get(duty, 0) + number
    return list(numbers.items())


def decline_handover(actor: Actor, handover: Handover, *, reason: str) -> Handover:
    """Say why one does not take a file over; it stays where it is.

    Raises:
        NothingToAnswer: it was withdrawn or settled otherwise meanwhile; nothing was written.
        ValidationError: no reason.
    """
    actor.require("handover.answer")
    with change(actor, [handover.client], allow_closed=True) as locked:
        stored = _to_be_answered(handover, locked.today)
        if stored.proposed_to_id != actor.pk:
            raise NothingToAnswer
        stored.answer = reason.strip()
        if not stored.answer:
            raise ValidationError({"reason": _("Please give a reason.")})
        _settle(locked.actor, stored, HandoverState.DECLINED, "answer")
        subject = locked.file(handover.client).subject_ref
        record(actor, actions.HANDOVER_DECLINED, subject=subject, kind="handover")
    return stored


def withdraw_handover(actor: Actor, handover: Handover) -> Handover:
    """Take a proposal back while nobody has answered.

    Raises:
        NothingToAnswer: it was answered or settled otherwise meanwhile; nothing was written.
    """
    with change(actor, [handover.client], needs="handover.propose") as locked:
        stored = _still_waiting(handover)
        _settle(locked.actor, stored, HandoverState.WITHDRAWN)
        record(actor, actions.HANDOVER_WITHDRAWN, client=handover.client, kind="handover")
    return stored


def _settle(actor: Actor, handover: Handover, state: HandoverState, *fields: str) -> None:
    handover.state, handover.settled_at = state, actor.now
    save_edited(handover, handover.version, ["state", "settled_at", *fields])


def lapse(facts: StoredFacts) -> set[int]:
    """Settle proposals nobody answered in time, and those of files that changed hands or closed.

    Part of the recompute of every change, and so of the daily run.

    Returns:
        Keys of the files in which a proposal was settled.
    """
    givers = {file.pk: file.manager_id for file in facts.attended}
    waiting = [row for row in facts.rows[Handover] if row.state == HandoverState.PROPOSED]
    gone = [row for row in waiting if givers.get(row.client_id) != row.proposed_by_id]
    late = [row for row in waiting if row not in gone and not row.waits_on(facts.today)]
    rows = Handover.objects.unscoped(reason="settled by what happened to the file, or by nobody in time")
    for settled, state in ((gone, HandoverState.LAPSED), (late, HandoverState.EXPIRED)):
        if settled:
            rows.filter(pk__in=[row.pk for row in settled]).update(state=state, settled_at=facts.now)
    return {row.client_id for row in (*gone, *late)}
