"""In *Mein Tag*: one's own absence while nobody stands in, and who stepped in for one in an emergency."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.absence_coverage import AbsenceCoverage, absence_coverages
from accounts.models import Absence, StandIn, StandInKind
from clients.worklist import Group, Reader
from ui.dates import day_word, short_date
from ui.due import DueLine
from ui.links import reverse

AHEAD = datetime.timedelta(days=7)
BACK_FOR = datetime.timedelta(days=14)
"""So long after a stand-in ended *Mein Tag* offers what was done meanwhile."""
TOLD_FOR = datetime.timedelta(days=21)
"""So long after it began an emergency stand-in is told to whoever was stood in for."""


def lines(reader: Reader) -> list[DueLine]:
    """The reader's absences that run or begin within a week and are not covered, and who stepped in unasked."""
    today = reader.today
    rows = [
        row
        for row in reader.rows[Absence]
        if not row.is_over_on(today) and row.until >= today and row.since <= today + AHEAD
    ]
    rows.sort(key=lambda row: (row.since, row.pk))
    absences = [_line(cover, today) for cover in absence_coverages(rows, today) if cover.gaps]
    stand_ins = reader.rows[StandIn]
    return [*absences, *_emergencies(stand_ins, today), *_meanwhile(stand_ins, today)]


def _meanwhile(stand_ins: Iterable[StandIn], today: datetime.date) -> list[DueLine]:
    """Back again: what was done in one's files by whoever stood in."""
    rows = [
        row
        for row in stand_ins
        if row.is_over_on(today) and row.since <= row.days.last and row.days.last >= today - BACK_FOR
    ]
    rows.sort(key=lambda row: (row.since, row.pk), reverse=True)
    return [
        DueLine(
            group=Group.OTHERS,
            kind="meanwhile",
            today=today,
            when=row.days.last,
            title=_("While you were away"),
            text=_("%(name)s stood in for you from %(since)s to %(until)s.")
            % {
                "name": row.substitute,
                "since": short_date(row.since, today),
                "until": short_date(row.days.last, today),
            },
            icon="handover",
            action_label=_("View"),
            action_url=reverse("stand_ins:meanwhile", args=[row.uuid]),
            news=True,
        )
        for row in rows
    ]


def _emergencies(stand_ins: Iterable[StandIn], today: datetime.date) -> list[DueLine]:
    """Somebody had access to her files without her knowing (rules.md §8)."""
    rows = [row for row in stand_ins if row.kind == StandInKind.EMERGENCY and row.since >= today - TOLD_FOR]
    rows.sort(key=lambda row: (row.since, row.pk), reverse=True)
    return [
        DueLine(
            group=Group.OTHERS,
            kind="emergency",
            today=today,
            when=row.since,
            title=str(row.substitute),
            text=emergency_text(row, today),
            icon="handover",
            action_label=_("View"),
            action_url=reverse("stand_ins:list"),
            news=True,
        )
        for row in rows
    ]


def emergency_text(stand_in: StandIn, today: datetime.date) -> str:
    """From when to when, and why; the reason was written for this."""
    words = {
        "since": short_date(stand_in.since, today),
        "until": short_date(max(stand_in.days.last, stand_in.since), today),
        "reason": stand_in.reason,
    }
    if stand_in.is_over_on(today):
        return _("Stood in in an emergency from %(since)s to %(until)s: %(reason)s") % words
    return _("Stands in in an emergency until %(until)s: %(reason)s") % words


def _line(cover: AbsenceCoverage, today: datetime.date) -> DueLine:
    absence = cover.absence
    words = {
        "since": short_date(absence.since, today),
        "until": short_date(absence.days.last, today),
        "days": cover.gap_text(today),
    }
    is_ahead = absence.since > today
    if is_ahead:
        text = _("Away from %(since)s, without a stand-in: %(days)s") % words
    else:
        text = _("Away until %(until)s, without a stand-in: %(days)s") % words
    return DueLine(
        group=Group.DEADLINES,
        kind="absence",
        today=today,
        # Somebody has to be asked now: the first day of the absence is too late, so it stands among today's work.
        when=today,
        when_text=day_word(absence.since, today) if is_ahead else "",
        title=_("Your absence"),
        url=reverse("stand_ins:list"),
        text=" · ".join([text, *cover.away_texts]),
        icon="handover",
        action_label=_("Plan a stand-in"),
        action_url=f"{reverse('stand_ins:new')}?absence={absence.uuid}",
    )
