"""Bookings as a file for the treasury: every version, with what counts in a column of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actor import Actor
from audit.recording import record
from funding import actions
from funding.models import Booking
from funding.querysets import FundingEntryQuerySet
from funding.rules.money import as_decimal
from ui.spreadsheets import Value, write_csv

AT_ONCE = 1000


def export_bookings(actor: Actor, rows: FundingEntryQuerySet) -> IO[bytes]:
    """Write bookings into a file, oldest first.

    Args:
        actor: who takes it away.
        rows: bookings she may read.

    Returns:
        The open file, at its beginning.
    """
    actor.require("funding.view")
    header = [
        *(_("Programme"), _("Whose"), _("Reference of the funder"), _("From"), _("To")),
        *(_("Line"), _("What happened"), pgettext("booking", "Day"), _("Amount"), _("Of it counts")),
        *(_("Reference or note"), _("State"), _("Why"), _("Entered by"), _("Entered at")),
    ]
    record(actor, actions.FUNDING_EXPORTED, kind="booking", count=rows.count())
    return write_csv(header, map(_columns, _loaded(rows)))


def _loaded(rows: FundingEntryQuerySet) -> Iterator[Booking]:
    joined = rows.select_related(
        "period__programme", "period__municipality", "line", "recorded_by", "replaced_by"
    )
    yield from joined.order_by("day", "id").iterator(chunk_size=AT_ONCE)


def state_of(booking: Booking) -> str:
    """Whether a booking counts, or what became of it; needs ``replaced_by`` loaded."""
    if booking.is_reversal:
        return pgettext("booking", "Reversal")
    follower = getattr(booking, "replaced_by", None)
    if follower is None:
        return pgettext("booking", "counts")
    return pgettext("booking", "reversed") if follower.is_reversal else pgettext("booking", "corrected")


def _columns(booking: Booking) -> list[Value]:
    period = booking.period
    amount = as_decimal(booking.amount)
    return [
        *(str(period.programme), period.owner, period.reference, period.since, period.until),
        *(str(booking.line), booking.get_kind_display(), booking.day),
        *(amount, amount if booking.is_current else None),
        *(booking.about, state_of(booking), booking.reason, str(booking.recorded_by), booking.recorded_at),
    ]
