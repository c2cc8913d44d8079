"""Today's open office hours as lines of *Mein Tag*, for every manager of the municipality."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import may
from appointments.choices import SessionState
from appointments.models import OfficeHourSession
from clients.worklist import Group, Reader
from ui.dates import time_de
from ui.due import DueLine


def lines(reader: Reader) -> Iterator[DueLine]:
    """The sessions of today, also those that are closed; none for whom the reader only stands in."""
    if not (reader.is_own_day and may(reader.user, "office_hours.run")):
        return
    rows = OfficeHourSession.objects.on(reader.today).filter(municipality__in=reader.scope.municipalities)
    rows = rows.exclude(state=SessionState.CANCELLED).with_waiting().select_related("place").order_by()
    for session in sorted(rows, key=lambda session: (session.starts_at, session.pk)):
        yield line_of(session, reader)


def line_of(session: OfficeHourSession, reader: Reader) -> DueLine:
    """One session with the way to its desk."""
    if session.is_open:
        waiting: int = getattr(session, "waiting", 0)
        said = ngettext("%(number)s waits", "%(number)s wait", waiting) % {"number": waiting}
        said = said if waiting else _("nobody waits")
    else:
        said = visitors_text(session.visitors)
    over = session.is_open and session.ends_at < reader.now
    return DueLine(
        group=Group.APPOINTMENTS,
        kind="office_hour",
        today=reader.today,
        when=timezone.localtime(session.starts_at),
        title=_("Open office hour"),
        url=session.get_absolute_url(),
        text=f"{session.place} · {said}",
        icon="door",
        note=_("until %(time)s") % {"time": time_de(session.ends_at)},
        done=not session.is_open,
        action_label=_("Close") if over else _("To the desk") if session.is_open else "",
        action_url=session.get_absolute_url(),
    )


def visitors_text(number: int) -> str:
    """How many visitors came."""
    return ngettext("%(number)s visitor", "%(number)s visitors", number) % {"number": number}
