"""Today's open office hours as lines of *Mein Tag*, for every manager of the municipality."""

import datetime
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import OfficeHourSession
from clients.worklist import Group, Reader
from ui.dates import time_de
from ui.due import DueLine

KIND = "office_hour"


def lines(reader: Reader) -> Iterator[DueLine]:
    """The sessions of today, also those that are closed; none for whom the reader only stands in."""
    if not reader.is_own_day:
        return
    rows = OfficeHourSession.objects.on(reader.today).kept_by(reader.user).with_waiting().order_by()
    for session in sorted(rows, key=lambda session: (session.starts_at, session.pk)):
        yield line_of(session, reader.today, reader.now)


def line_of(session: OfficeHourSession, today: datetime.date, now: datetime.datetime) -> DueLine:
    """One session with the way to its desk; who waits is said on its day."""
    is_today = session.day == today
    said = ""
    if not session.is_open:
        said = visitors_text(session.visitors)
    elif is_today:
        waiting: int = getattr(session, "waiting", 0)
        said = ngettext("%(number)s waits", "%(number)s wait", waiting) % {"number": waiting}
        said = said if waiting else _("nobody waits")
    over = session.is_open and session.ends_at < now
    return DueLine(
        group=Group.APPOINTMENTS,
        kind=KIND,
        today=today,
        when=timezone.localtime(session.starts_at),
        title=_("Open office hour"),
        url=session.get_absolute_url(),
        text=" · ".join(filter(None, [str(session.place), said])),
        icon="door",
        note=_("until %(time)s") % {"time": time_de(session.ends_at)},
        done=not session.is_open,
        action_label=_("Close") if over else _("To the desk") if session.is_open and is_today else "",
        action_url=session.get_absolute_url(),
    )


def visitors_text(number: int) -> str:
    """How many visitors came."""
    return ngettext("%(number)s visitor", "%(number)s visitors", number) % {"number": number}
