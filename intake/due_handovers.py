"""Handovers in *Mein Tag*: what one was asked to take over, and what became of what one gave away."""

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import duties
from clients.worklist import Group, Reader
from intake.choices import HandoverState
from intake.models import Handover
from intake.services import handovers
from ui.dates import date_de
from ui.due import DueLine, Outcome

SINGLE = 3
"""More files than this from one colleague become one line."""
TOLD_FOR = datetime.timedelta(days=7)
"""So long whoever gave a file away is told what became of it; the list of handovers keeps it."""
JOINED = ("client", "proposed_by", "proposed_to")
# Three whole rows would be composed and read for each handover otherwise.
SHOWN = (
    *(field.name for field in Handover._meta.concrete_fields),
    *(f"client__{name}" for name in ("uuid", "case_no", "surname", "given_name", "manager", "phase")),
    *(f"{who}__{name}" for who in JOINED[1:] for name in ("username", "first_name", "last_name")),
)
SETTLED = (HandoverState.ACCEPTED, HandoverState.DECLINED, HandoverState.LAPSED, HandoverState.EXPIRED)
STAYED = (HandoverState.DECLINED, HandoverState.EXPIRED)
"""The file stayed where it was, and somebody else may be asked."""


def lines(reader: Reader) -> list[DueLine]:
    """The reader's own; nobody answers for whom she stands in for. One statement."""
    if not reader.is_own_day:
        return []
    lately = Q(state__in=SETTLED, settled_at__gte=reader.now - TOLD_FOR)
    given = handovers.given_by(reader.user).filter(lately | Q(state=HandoverState.PROPOSED))
    rows = handovers.offered_to(reader.user).waiting() | given
    shown = rows.select_related(*JOINED).only(*SHOWN).order_by()
    found = sorted(shown, key=lambda row: (row.proposed_at, row.pk))
    offered = [row for row in found if row.proposed_to_id == reader.user.pk]
    return [
        *offered_lines([row for row in offered if row.waits_on(reader.today)], reader.today),
        *given_lines([row for row in found if row not in offered], reader.today),
    ]


def offered_lines(rows: Sequence[Handover], today: datetime.date) -> list[DueLine]:
    """What waits for the reader's answer; many from one colleague are one line."""
    by_giver: dict[int, list[Handover]] = {}
    for row in rows:
        by_giver.setdefault(row.proposed_by_id, []).append(row)
    return [
        line
        for group in by_giver.values()
        for line in (
            [_many(group, today)] if len(group) > SINGLE else [offer_line(row, today) for row in group]
        )
    ]


def _many(rows: Sequence[Handover], today: datetime.date) -> DueLine:
    text = ngettext(
        "wants to hand %(number)d file over to you.", "wants to hand %(number)d files over to you.", len(rows)
    )
    return DueLine(
        group=Group.INTAKE,
        kind="handover",
        today=today,
        title=str(rows[0].proposed_by),
        when=timezone.localdate(rows[0].proposed_at),
        text=text % {"number": len(rows)},
        icon="handover",
        action_label=_("Show"),
        action_url=reverse("intake:handover_list"),
        news=True,
    )


def offer_line(row: Handover, today: datetime.date, facts: str = "", back: str = "/") -> DueLine:
    """One file a colleague wants to hand over: its number, her note, and what else may be told of it.

    Args:
        row: with its file and the colleague.
        today: local date.
        facts: phase, intensity and languages.
        back: the page to stay on after taking it over.
    """
    said = _("%(name)s wants to hand this file over to you: %(note)s") % {
        "name": row.proposed_by,
        "note": row.note,
    }
    answer_by = _("Please answer by %(day)s") % {"day": date_de(row.answer_by)}
    return DueLine(
        group=Group.INTAKE,
        kind="handover",
        today=today,
        title=row.client.case_no,
        when=timezone.localdate(row.proposed_at),
        text=" · ".join(part for part in (said, facts, answer_by) if part),
        icon="handover",
        outcomes=(
            Outcome(_("Take over"), value="accept"),
            Outcome(_("Decline"), url=reverse("intake:handover_decline", args=[row.uuid])),
        ),
        outcome_name="answer",
        action_url=reverse("intake:handover_accept", args=[row.uuid]),
        action_method="post",
        action_fields={"next": back},
        news=True,
        emphasis=True,
    )


def given_lines(rows: Iterable[Handover], today: datetime.date) -> list[DueLine]:
    """What became of what the reader wanted to hand over: the receipts."""
    return [_given(row, today) for row in rows]


def _given(row: Handover, today: datetime.date) -> DueLine:
    waits = row.state == HandoverState.PROPOSED
    # Of a file that went elsewhere nothing but its number is told.
    is_hers = row.client.manager_id == row.proposed_by_id
    label = action = ""
    if waits:
        label = _("Withdraw")
        action = reverse("file_intake:handover_withdraw", args=[row.client.uuid, row.uuid])
    elif row.state in STAYED and is_hers and not row.client.is_closed:
        label = _("Ask somebody else")
        action = reverse("file_intake:handover_new", args=[row.client.uuid])
    return DueLine(
        group=Group.INTAKE,
        kind="handover_given",
        today=today,
        title=row.client.display_name if is_hers else row.client.case_no,
        case_no=row.client.case_no if is_hers else "",
        url=row.client.get_absolute_url() if is_hers else "",
        when=timezone.localdate(row.settled_at or row.proposed_at),
        text=given_text(row),
        icon="handover",
        action_label=label,
        action_url=action,
        action_method="post" if waits else "get",
        news=True,
        emphasis=False,
    )


def given_text(row: Handover) -> str:
    """What became of a proposal, with what went along."""
    words = {
        "name": row.proposed_to,
        "reason": row.answer,
        "what": moved_text(row),
        "day": date_de(row.answer_by),
    }
    match row.state:
        case HandoverState.PROPOSED:
            return (
                _("%(name)s has not answered yet whether to take the file over; time until %(day)s.") % words
            )
        case HandoverState.DECLINED:
            return _("%(name)s does not take the file over: %(reason)s") % words
        case HandoverState.ACCEPTED if row.moved:
            return _("%(name)s has taken the file over; with it went: %(what)s") % words
        case HandoverState.ACCEPTED:
            return _("%(name)s has taken the file over.") % words
        case HandoverState.WITHDRAWN:
            return _("The proposal to %(name)s was withdrawn.") % words
        case HandoverState.EXPIRED:
            return _("%(name)s did not answer within ten working days. The file stays with you.") % words
    return _("The proposal to %(name)s lapsed: the file was closed or assigned otherwise.") % words


def moved_text(row: Handover) -> str:
    """What was open in the file and went along, in numbers."""
    numbers = dict(part.split(":") for part in row.moved.split())
    return duties.in_words(
        [(duty, int(numbers[duty.code])) for duty in duties.registered() if duty.code in numbers]
    )
