"""The mail of the morning for a manager who ordered it: counts and case numbers of what *Mein Tag* shows, no more."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import scope_of, within_caseload
from accounts.actor import Actor
from accounts.models import Absence, User
from accounts.rules.calendar import is_working_day
from accounts.staff import active_managers
from clients import worklist
from clients.worklist import Group, Reader
from daily.models import MessageKind, OutgoingMessage
from daily.services import outbox
from ui.dates import date_de, local_day
from ui.due import DueLine
from ui.links import reverse

NAMED = 10
"""So many case numbers of one kind are named, the most urgent ones; the rest is counted."""


def write_digests(actor: Actor) -> int:
    """Write the digests of a day into the outbox, on working days, for who is there and has none yet.

    Args:
        actor: who acts, and when; a second call on that day writes nothing.

    Returns:
        How many were written.

    Raises:
        ExceptionGroup: some could not be composed; all others are written.
    """
    today = actor.today
    if not settings.MAIL_IS_SET_UP or not is_working_day(today):
        return 0
    away = Absence.objects.unscoped(reason="who is absent gets no digest").active_on(today)
    written = OutgoingMessage.objects.unscoped(reason="one digest for each person and day")
    readers = (
        active_managers()
        .filter(morning_digest=True)
        .exclude(email="")
        .exclude(pk__in=away.values("user_id"))
        .exclude(pk__in=written.filter(kind=MessageKind.DIGEST, day=today).values("recipient_id"))
    )
    written_now, problems = 0, []
    for user in readers:
        try:
            written_now += _write(actor, user)
        except Exception as problem:  # told below: it keeps nobody else's mail back
            problems.append(problem)
    if problems:
        raise ExceptionGroup("some digests were not written", problems)
    return written_now


def _write(actor: Actor, user: User) -> bool:
    with translation.override(user.language), transaction.atomic():
        return outbox.put(
            actor,
            user,
            MessageKind.DIGEST,
            day=actor.today,
            subject=_("Your day, %(date)s") % {"date": date_de(actor.today)},
            body=body_of(own_lines(actor, user)),
        )


def own_lines(actor: Actor, user: User) -> list[DueLine]:
    """What waits in a manager's own files and for herself; files she stands in for are left out."""
    narrowed, scope = within_caseload(user, scope_of(user, actor.today), user.pk)
    return worklist.lines_for(Reader(narrowed, scope, actor.today, actor.now))


def body_of(lines: Iterable[DueLine]) -> str:
    """The text: how many lines of each kind there are, with the case numbers of some.

    Args:
        lines: of one reader and day; nothing of them but number and kind is said.
    """
    ordered = sorted(lines, key=lambda line: line.sort_key)
    meetings = [line for line in ordered if _is_meeting(line)]
    tasks = [line for line in ordered if not _is_meeting(line)]
    late = [line for line in tasks if line.mark == "late"]
    due = [line for line in tasks if line.mark == "due"]
    said = [
        _counted(_("Appointments today"), meetings),
        _counted(_("Overdue"), late),
        _counted(_("Due today"), due),
        _counted(_("Deadlines among them"), [line for line in (*late, *due) if line.hard]),
    ]
    day, account = (f"{settings.PUBLIC_URL}{reverse(name)}" for name in ("home", "accounts:own"))
    return "\n\n".join(
        [
            _("Good morning,"),
            "\n".join(filter(None, said)) or _("Nothing is due today, and there is no appointment."),
            _("My day: %(address)s") % {"address": day},
            _("You ordered this mail yourself and can cancel it on the page of your account: %(address)s")
            % {"address": account},
        ]
    )


def _is_meeting(line: DueLine) -> bool:
    today = line.when is not None and local_day(line.when) == line.today
    return line.group == Group.APPOINTMENTS and today and not line.done


def _counted(what: str, lines: Sequence[DueLine]) -> str:
    """ "Überfällig: 3 (STU-2018-0042, STU-2018-0051)"; empty when there is nothing."""
    if not lines:
        return ""
    numbers = list(dict.fromkeys(line.case_no for line in lines if line.case_no))
    named = ", ".join(numbers[:NAMED])
    if len(numbers) > NAMED:
        named = _("%(numbers)s and %(count)d more") % {"numbers": named, "count": len(numbers) - NAMED}
    text = f"{what}: {len(lines)}"
    return f"{text} ({named})" if named else text
