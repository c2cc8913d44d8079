"""One's own absence in *Mein Tag*, while somebody to stand in is still missing."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Scope
from accounts.cover import Cover, covers_of
from accounts.models import Absence
from ui.dates import day_word, short_date
from ui.due import DueLine

GROUP = "deadlines"
AHEAD = datetime.timedelta(days=7)


def lines(user: Any, scope: Scope, today: datetime.date) -> list[DueLine]:
    """Absences that run or begin within a week and are not covered; none on the day of somebody stood in for.

    Args:
        user: the manager.
        scope: whose day it is.
        today: local date.
    """
    if scope.user_id not in scope.caseloads:
        return []
    rows = Absence.objects.visible_to(user).not_over_on(today).filter(since__lte=today + AHEAD)
    return [_line(cover, today) for cover in covers_of(rows.order_by("since", "pk"), today) if cover.gaps]


def _line(cover: Cover, today: datetime.date) -> DueLine:
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
        group=GROUP,
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
