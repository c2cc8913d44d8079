"""What the administration did with accounts, told to whom it concerns and to the coordination."""

import datetime
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AccountChange, AccountChangeKind
from clients.due_absence import TOLD_FOR
from clients.worklist import Group
from ui.due import DueLine
from ui.links import reverse


def own_lines(changes: Iterable[AccountChange], today: datetime.date, *, group: Group) -> list[DueLine]:
    """Somebody set a password for this account, and could log in with it.

    Args:
        changes: what was done lately with the reader's account.
        today: local date.
        group: where the lines stand.
    """
    return [
        _line(change, today, group, title=_("Your account"), url=reverse("accounts:own"))
        for change in changes
        if change.kind == AccountChangeKind.PASSWORD
    ]


def all_lines(today: datetime.date, *, group: Group) -> list[DueLine]:
    """Every account, new ones last; names of staff and numbers, nothing of a file.

    The caller has settled who reads it.
    """
    found = AccountChange.objects.since(today - TOLD_FOR)
    ordered = sorted(found, key=lambda change: change.kind == AccountChangeKind.CREATED)
    return [_line(change, today, group, title=str(change.user)) for change in ordered]


def _line(change: AccountChange, today: datetime.date, group: Group, *, title: str, url: str = "") -> DueLine:
    text = change.sentence
    if change.kind == AccountChangeKind.PASSWORD and change.reason:
        text = f"{text} {_('Reason: %(reason)s') % {'reason': change.reason}}"
    return DueLine(
        group=group,
        kind="account",
        today=today,
        when=timezone.localdate(change.at),
        title=title,
        text=text,
        icon="user",
        action_label=_("View") if url else "",
        action_url=url,
        news=True,
    )
