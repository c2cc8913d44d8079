"""What files have due for *Mein Tag*: permits that end, the clock, missing addresses, the next phase."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.file_loader import Part
from accounts.models import Absence, AccountChange, StandIn
from accounts.rules.calendar import local_date
from clients import due_absence, due_accounts
from clients.choices import Phase, ResidenceStatus
from clients.due_items import JUSTIFIED, FileDue
from clients.models import DueItem
from clients.rules import clock, permits
from clients.rules.phases import reason_for
from clients.worklist import READER, Group, Reader, file_line
from ui.dates import date_de
from ui.due import DueLine
from ui.links import reverse

READ = (
    Part(Absence, "user", among=READER),
    Part(AccountChange, "user", among=READER),
    Part(StandIn, "absent", among=READER),
)
SINGLE = 3
"""More files than this without an address become one line."""


def lines(reader: Reader) -> list[DueLine]:
    """What concerns the reader and no file: absences, stand-ins, and what was done with the account."""
    if not reader.is_own_day:
        return []
    since = reader.today - due_absence.TOLD_FOR
    changes = [row for row in reader.rows[AccountChange] if local_date(row.at) >= since]
    return [
        *due_absence.lines(reader),
        *due_accounts.own_lines(changes, reader.today, group=Group.OTHERS),
    ]


def compose(items: Sequence[DueItem], reader: Reader) -> list[DueLine]:
    """The lines of this app's items."""
    addresses = [item for item in items if item.kind == FileDue.ADDRESS]
    single = {FileDue.PERMIT: _permit, FileDue.CLOCK: _clock, FileDue.PHASE: _phase}
    found = [single[FileDue(item.kind)](item, reader.today) for item in items if item.kind in single]
    return [*found, *_addresses(addresses, reader.today)]


def _permit(item: DueItem, today: datetime.date) -> DueLine:
    until = item.due_on or today
    left = (until - today).days
    is_over = left < 0
    route = "clients:residence_prolong" if is_over else "clients:residence_reminded"
    return file_line(
        item,
        today,
        group=Group.PERMITS,
        when=item.due_on,
        icon="permit",
        text=_permit_text(ResidenceStatus(item.step), until, left),
        action_label=_("Prolong") if is_over else _("Seen to"),
        action_url=reverse(route, args=[item.client.uuid, item.object]),
        action_method="get" if is_over else "post",
        action_fields={}
        if is_over
        else {"step": str(permits.step_reached(left, map(int, item.words.split())))},
    )


def _permit_text(status: ResidenceStatus, until: datetime.date, left: int) -> str:
    words = {"document": status.document, "date": date_de(until), "days": left}
    if left < 0:
        return _("%(document)s was valid until %(date)s. Has it been prolonged?") % words
    if left == 0:
        return _("%(document)s is valid until today.") % words
    text = ngettext(
        "%(document)s is valid until %(date)s, %(days)d day more.",
        "%(document)s is valid until %(date)s, %(days)d days more.",
        left,
    )
    return text % words


def _clock(item: DueItem, today: datetime.date) -> DueLine:
    limit, hard_limit = map(int, item.words.split())
    complete = clock.months_less_stopped(item.on or today, item.count or 0, today)
    is_justified = item.step == JUSTIFIED
    text = _("Month %(month)s of %(total)s of counselling") % {
        "month": complete + 1,
        "total": hard_limit if is_justified else limit,
    }
    if complete >= hard_limit:
        text = _("Month %(month)s of counselling; the longest time of %(total)s months is over.") % {
            "month": complete + 1,
            "total": hard_limit,
        }
    elif complete >= limit and not is_justified:
        text = _("%(text)s; the written justification is missing.") % {"text": text}
    elif item.due_on is not None:
        words = {"text": text, "date": date_de(item.due_on)}
        text = _("%(text)s; the limit is reached on %(date)s.") % words
    may_justify = complete < hard_limit
    return file_line(
        item,
        today,
        group=Group.PLANS,
        when=item.due_on,
        icon="quiet",
        text=text,
        action_label=_("Justify") if may_justify else _("Go to the file"),
        action_url=reverse("clients:clock", args=[item.client.uuid])
        if may_justify
        else item.client.get_absolute_url(),
    )


def _addresses(items: Sequence[DueItem], today: datetime.date) -> list[DueLine]:
    """Files nobody could visit or write to; many of them become one line."""
    if len(items) > SINGLE:
        return [
            DueLine(
                group=Group.HINTS,
                kind=FileDue.ADDRESS,
                today=today,
                title=_("Addresses"),
                icon="pin",
                text=_("%(number)s files have no address: no letter and no visit can reach these people.")
                % {"number": len(items)},
                action_label=_("Show"),
                action_url=f"{reverse('clients:list')}?missing=address",
            )
        ]
    return [
        file_line(
            item,
            today,
            group=Group.HINTS,
            icon="pin",
            text=_("No address is recorded: no letter and no visit can reach this person."),
            action_label=_("Enter"),
            action_url=reverse("clients:accommodation_new", args=[item.client.uuid]),
        )
        for item in items
    ]


def _phase(item: DueItem, today: datetime.date) -> DueLine:
    """What speaks for the next phase was there when the item was derived and is in the file still."""
    phase = Phase(item.step)
    return file_line(
        item,
        today,
        group=Group.HINTS,
        when=item.due_on,
        icon="flag",
        text=reason_for(item.client.phase, item.client.intensity, item.due_on or today),
        action_label=_("Set phase “%(phase)s”") % {"phase": phase.label},
        action_url=reverse("clients:phase", args=[item.client.uuid]),
        news=True,
        emphasis=False,
    )
