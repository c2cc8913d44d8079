"""Outreach in the timeline of a file: when it began, what was done besides contacts, how it ended."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.rules.calendar import end_of_day, local_date
from appointments.choices import Channel
from clients.file_context import FileContext
from clients.models import Client
from clients.timeline import Cursor, TimelineEntry, newest
from outreach.choices import ActKind, ClarifyOutcome, EndReason, Trigger
from outreach.file_rows import OUTREACH_TABLES
from outreach.models import Ladder, LadderAct
from ui.dates import date_de
from ui.links import reverse


class LadderHistory:
    """Ladders and their acts; the attempts themselves are contacts."""

    code = "ladder"
    kinds = frozenset({"ladder"})

    def entries(
        self,
        file: FileContext,
        before: Cursor | None,
        kinds: frozenset[str] | None,
        limit: int,
    ) -> Iterable[TimelineEntry]:
        """At most ``limit`` entries older than ``before``, newest first."""
        found = file.rows(OUTREACH_TABLES)
        rows, acts = found[Ladder], found[LadderAct]
        entries = [
            *(_begun(row, file.client) for row in rows),
            *(_ended(row) for row in rows if row.ended_at is not None and not _is_ended_by(row, acts)),
            *(_act(act) for act in acts),
        ]
        return newest(entries, before, limit)


def _begun(row: Ladder, client: Client) -> TimelineEntry:
    return TimelineEntry(
        at=row.t0,
        key=f"ladder-begun-{row.pk:09}",
        kind="ladder",
        icon="flag",
        title=_("Outreach began"),
        text=str(Trigger(row.trigger).label),
        url=reverse("file_outreach:history", args=[client.uuid]),
        url_label=_("History, to print"),
    )


def _ended(row: Ladder) -> TimelineEntry:
    at = row.ended_at or row.t0
    return TimelineEntry(
        at=at,
        has_time=at != end_of_day(local_date(at)),
        key=f"ladder-ended-{row.pk:09}",
        kind="ladder",
        icon="check-circle",
        title=_("Outreach ended"),
        text=str(EndReason(row.end_reason).label),
    )


def _is_ended_by(row: Ladder, acts: Iterable[LadderAct]) -> bool:
    """Whether an act ended it, or named the reason on that day: its entry says who, when and why already."""
    return row.ended_at is not None and any(
        act.kind == ActKind.ENDED
        and act.ladder_id == row.pk
        and act.reason == row.end_reason
        and local_date(act.at) == local_date(row.ended_at)
        for act in acts
    )


def _act(act: LadderAct) -> TimelineEntry:
    return TimelineEntry(
        at=act.at,
        key=f"ladder-act-{act.pk:09}",
        kind="ladder",
        icon="flag",
        title=str(ActKind(act.kind).label),
        text=" · ".join(facts_of(act)),
        detail=(act.detail,) if act.detail else (),
        by=str(act.by),
    )


def facts_of(act: LadderAct) -> Iterable[str]:
    """What an act says besides its kind: its day, how the client was told, what came of it, why."""
    if act.kind == ActKind.ANNOUNCED and act.day is not None:
        yield _("for %(day)s") % {"day": date_de(act.day)}
    if act.kind == ActKind.POSTPONED and act.day is not None:
        yield _("to %(day)s") % {"day": date_de(act.day)}
    if act.channel:
        yield str(Channel(act.channel).label)
    if act.outcome:
        yield str(ClarifyOutcome(act.outcome).label)
    if act.reason:
        yield str(EndReason(act.reason).label)
