"""Which deadlines of funding are open, and what waits for an officer."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import Desk, Waiting
from accounts.models import Municipality
from accounts.rules.calendar import local_date
from funding.choices import BEFORE_SUBMISSION, DeadlineKind, ProofState
from funding.models import DeadlineMet, FundingPeriod, ProofStep
from funding.rules.deadlines import deadlines_of, is_near
from funding.rules.money import in_euros
from ui.dates import date_de
from ui.links import reverse

MOST = 8
"""So many lines at most stand on the start page; the rest is summed up."""


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A deadline nobody has met yet; its period knows its programme and town."""

    due_on: datetime.date
    kind: DeadlineKind
    period: FundingPeriod

    @property
    def label(self) -> str:
        """What is due; of key figures also of which year."""
        if self.kind == DeadlineKind.FIGURES:
            return _("Key figures of %(year)s") % {"year": self.due_on.year - 1}
        return str(self.kind.label)

    @property
    def is_ticked(self) -> bool:
        """Whether the officer notes that it is met; a report is met by the state of the proof of use."""
        return self.kind != DeadlineKind.REPORT


def open_deadlines(periods: Iterable[FundingPeriod]) -> list[OpenDeadline]:
    """The deadlines of some periods that are not met, in order; one statement.

    Args:
        periods: with programme and municipality loaded.
    """
    loaded = list(periods)
    met = set(
        DeadlineMet.objects.filter(period__in=loaded, withdrawn_at=None).values_list(
            "period_id", "kind", "due_on"
        )
    )
    found = [
        OpenDeadline(one.due_on, one.kind, period)
        for period in loaded
        for one in deadlines_of(
            period.days,
            entered_on=local_date(period.recorded_at),
            figures=period.programme.yearly_figures,
            application=period.programme.yearly_application,
        )
        if not _is_met(period, one.kind, one.due_on, met)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.kind, one.period.pk))


def _is_met(
    period: FundingPeriod, kind: DeadlineKind, due_on: datetime.date, met: set[tuple[int, str, datetime.date]]
) -> bool:
    if kind == DeadlineKind.REPORT:
        return period.proof_state not in BEFORE_SUBMISSION
    return (period.pk, str(kind), due_on) in met


def lines(desk: Desk) -> list[Waiting]:
    """What waits on a start page; where not all of the district is asked for, the district's own money is left out."""
    return waiting_for(desk.user, desk.today, None if desk.everywhere else desk.places)


def waiting_for(user: Any, day: datetime.date, places: Sequence[Municipality] | None = None) -> list[Waiting]:
    """What waits for an officer or the coordination: deadlines of four weeks, and funders who asked or demand.

    Only periods she may write count: a town's deadlines are its officer's. At most ``MOST`` lines and one that sums up.
    Three statements, however many periods there are.

    Args:
        user: whose start page it is.
        day: local date of the request.
        places: the towns she asks for; None for all her periods.
    """
    kept = FundingPeriod.objects.editable_by(user)
    if places is not None:
        kept = kept.filter(municipality__in=places)
    periods = list(kept.unsettled().named())
    near = [one for one in open_deadlines(periods) if is_near(one.due_on, day)]
    rows = [
        Waiting(
            kind="funding_deadline",
            title=one.label,
            url=one.period.get_absolute_url(),
            text=_place(one.period),
            due=one.due_on,
            hard=True,
            icon="flag",
        )
        for one in near
    ]
    rows += _asked_by_the_funder(periods)
    return _summed_up(rows)


def _place(period: FundingPeriod) -> str:
    return f"{period} · {period.owner}"


def _asked_by_the_funder(periods: Sequence[FundingPeriod]) -> list[Waiting]:
    by_key = {
        period.pk: period
        for period in periods
        if period.proof_state in (ProofState.QUERIED, ProofState.REPAYMENT)
    }
    last: dict[int, ProofStep] = {}
    for step in ProofStep.objects.filter(period__in=by_key).order_by("pk"):
        last[step.period_id] = step
    return [
        Waiting(
            kind="funding_proof",
            title=_("The funder demands %(amount)s back") % {"amount": in_euros(step.amount)}
            if step.amount
            else _("The funder has questions about the proof of use"),
            url=by_key[key].get_absolute_url(),
            text=_place(by_key[key]),
            since=step.day,
            icon="euro",
        )
        for key, step in last.items()
    ]


def _summed_up(rows: Sequence[Waiting]) -> list[Waiting]:
    shown, rest = list(rows[:MOST]), rows[MOST:]
    if rest:
        first = min((row.due for row in rest if row.due), default=None)
        text = ngettext("%(number)s further matter", "%(number)s further matters", len(rest))
        said = text % {"number": len(rest)}
        if first is not None:
            said = _("%(what)s, the first on %(day)s") % {"what": said, "day": date_de(first)}
        shown.append(
            Waiting(kind="funding_more", title=_("More in funding"), url=reverse("funding:list"), text=said)
        )
    return shown
