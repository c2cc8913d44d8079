"""The enquiries a file came from, and whom it was offered to, in its timeline."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.file_loader import Wanted
from accounts.models import Municipality, User
from clients.file_context import FileContext
from clients.timeline import Cursor, TimelineEntry, newest
from intake.choices import ConsentForm, HandoverState
from intake.models import DistrictMove, Enquiry, Handover
from ui.dates import date_de

CHANGES_OF_HANDS: tuple[Wanted, ...] = (Handover, DistrictMove, Municipality, User)
SETTLED_BY = {
    HandoverState.ACCEPTED: "proposed_to",
    HandoverState.DECLINED: "proposed_to",
    HandoverState.WITHDRAWN: "proposed_by",
}
"""Whose doing it was; what lapsed or expired was nobody's."""


class EnquiryHistory:
    """The timeline source of this app; its entries stand among those of the file itself."""

    code = "enquiries"
    kinds = frozenset({"file"})

    def entries(
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        found = [
            TimelineEntry(
                at=enquiry.registered_at,
                key=f"enquiry-{enquiry.pk}",
                kind="file",
                icon="talk",
                title=_("Enquiry %(number)s") % {"number": enquiry.number},
                text=enquiry.reason,
                by=str(enquiry.registered_by),
            )
            for enquiry in file.rows((Enquiry, User))[Enquiry]
        ]
        return newest(found, before, limit)


class HandoverHistory:
    """Proposals to hand the file over with what became of them, and moves to another town."""

    code = "handovers"
    kinds = frozenset({"file"})

    def entries(
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        return newest(list(_changes_of_hands(file)), before, limit)


def _changes_of_hands(file: FileContext) -> Iterable[TimelineEntry]:
    rows = file.rows(CHANGES_OF_HANDS)
    for row in rows[Handover]:
        yield TimelineEntry(
            at=row.proposed_at,
            key=f"handover-{row.pk}",
            kind="file",
            icon="handover",
            title=_("Handover to %(name)s proposed") % {"name": row.proposed_to},
            text=row.note,
            by=str(row.proposed_by),
        )
        if row.settled_at is not None:
            state = HandoverState(row.state)
            yield TimelineEntry(
                at=row.settled_at,
                key=f"handover-settled-{row.pk}",
                kind="file",
                icon="handover",
                title=_("Handover to %(name)s: %(state)s") % {"name": row.proposed_to, "state": state.label},
                text=row.answer,
                by=str(getattr(row, SETTLED_BY[state])) if state in SETTLED_BY else "",
            )
    for move in rows[DistrictMove]:
        words = {
            "how": ConsentForm(move.consent_form).label,
            "agreed": date_de(move.consent_on),
            "moved": date_de(move.moved_on),
        }
        said = _("moved on %(moved)s; agreed on %(agreed)s, %(how)s") % words
        places = {"old": move.from_municipality, "new": move.to_municipality}
        yield TimelineEntry(
            at=move.recorded_at,
            key=f"move-{move.pk}",
            kind="file",
            icon="home",
            title=_("Moved from %(old)s to %(new)s") % places,
            text=" · ".join(part for part in (said, move.note) if part),
            by=str(move.recorded_by),
        )
