"""Referrals in the timeline of a file: one line for each step."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clients.file_context import FileContext
from clients.timeline import Cursor, TimelineEntry, newest
from partners.choices import ReferralState, Way
from partners.file_rows import referrals_of
from partners.models import Referral, ReferralStep
from ui.dates import date_de

ICONS = {ReferralState.ARRIVED: "check-circle", ReferralState.BROKEN_OFF: "x", ReferralState.DECLINED: "x"}


class ReferralHistory:
    """The timeline source of this app."""

    code = "partners"
    kinds = frozenset({"referral"})

    def entries(
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        found = (
            _entry(row, step, on_paper=file.on_paper)
            for row in referrals_of(file)
            for step in row.known_steps
        )
        return newest(found, before, limit)


def _entry(referral: Referral, step: ReferralStep, *, on_paper: bool) -> TimelineEntry:
    state = ReferralState(step.state)
    facts = []
    if state == ReferralState.RECOMMENDED:
        facts.append(str(Way(referral.way).label))
    if step.appointment_on is not None:
        facts.append(_("appointment on %(day)s") % {"day": date_de(step.appointment_on)})
    if step.withdrawn_at is not None:
        facts.append(_("taken back"))
    words = {"state": state.label}
    return TimelineEntry(
        at=step.recorded_at,
        key=f"referral-{step.pk}",
        kind="referral",
        icon=ICONS.get(state, "handover"),
        title=_("Referral: %(state)s") % words,
        text=", ".join([str(referral.kind) if on_paper else referral.partner, *facts]),
        detail=tuple(filter(None, [referral.about, step.note])),
        by=str(step.recorded_by),
    )
