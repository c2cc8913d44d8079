"""What files have due for *Mein Tag*: permits that end, the clock, missing addresses, the next phase."""

import datetime
from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Scope
from accounts.models import User
from clients import due_absence, due_accounts, due_intake
from clients.choices import Phase
from clients.file_facts import phase_proposal
from clients.models import Client, CounsellingPeriod, FilePolicy, Residence
from clients.rules import clock, permits
from clients.rules.clock import ClockReading, Period, read_clock
from clients.rules.dates import add_months
from ui.dates import date_de
from ui.due import DueLine

GROUP = "files"
# More files than this without an address become one line.
SINGLE = 3
# So long a proposed phase stands here after what speaks for it; who leaves it be finds it in the file only.
PHASE_PROPOSED_FOR = datetime.timedelta(days=28)


def lines(user: User, scope: Scope, today: datetime.date, now: datetime.datetime) -> list[DueLine]:
    """The lines of this app: own files and those stood in for, the inbox, unfinished imports.

    Args:
        user: the manager.
        scope: what she may see today.
        today: local day.
        now: the instant of the request.
    """
    if not scope.caseloads:
        return []
    policy: FilePolicy | None = FilePolicy.objects.in_force_on(today).first()
    return [
        *_permits(user, today, policy.permits if policy else permits.DEFAULT_POLICY),
        *_clocks(user, today, policy.clock if policy else clock.DEFAULT_POLICY),
        *_addresses(user, today),
        *_phases(user, today),
        *due_absence.lines(user, scope, today),
        *(due_accounts.own_lines(user, today, group="others") if scope.user_id in scope.caseloads else []),
        *due_intake.lines(user, scope, today, now),
    ]


def _permits(user: User, today: datetime.date, policy: permits.PermitPolicy) -> list[DueLine]:
    furthest = today + datetime.timedelta(days=max((*policy.steps, *policy.short_steps)))
    rows = (
        Residence.objects.editable_by(user)
        .filter(ended_on__isnull=True)
        .filter(Q(printed_until__lte=furthest) | Q(printed_until__isnull=True, continues_until__lte=furthest))
        .select_related("client")
    )
    found = []
    for permit in rows:
        step = permits.reminder_step(permit.status, permit.valid_until, today, policy)
        if permit.valid_until is None or not permits.needs_reminder(step, permit.reminded_days):
            continue
        left = (permit.valid_until - today).days
        found.append(
            DueLine(
                group=GROUP,
                kind="permit",
                today=today,
                when=permit.valid_until,
                title=permit.client.display_name,
                case_no=permit.client.case_no,
                url=permit.client.get_absolute_url(),
                icon="permit",
                text=_permit_text(permit, left),
                action_label=_("Seen to") if left >= 0 else _("Prolong"),
                action_url=reverse(
                    "clients:residence_reminded" if left >= 0 else "clients:residence_edit",
                    args=[permit.client.uuid, permit.uuid],
                ),
                action_method="post" if left >= 0 else "get",
                action_fields={"step": str(step)} if left >= 0 else {},
            )
        )
    return found


def _permit_text(permit: Residence, left: int) -> str:
    if left < 0:
        return _("%(status)s has ended. Has it been prolonged?") % {"status": permit.get_status_display()}
    if left == 0:
        return _("%(status)s ends today.") % {"status": permit.get_status_display()}
    text = ngettext("%(status)s ends in %(days)d day.", "%(status)s ends in %(days)d days.", left)
    return text % {"status": permit.get_status_display(), "days": left}


def _clocks(user: User, today: datetime.date, policy: clock.ClockPolicy) -> list[DueLine]:
    begun_by = add_months(today, -min(policy.warnings))
    files = list(Client.objects.editable_by(user).filter(counselling_started_on__lte=begun_by))
    periods: dict[int, list[Period]] = {client.pk: [] for client in files}
    for period in CounsellingPeriod.objects.visible_to(user).filter(client__in=list(periods)):
        periods[period.client_id].append(Period(period.opened_on, period.closed_on))
    found = []
    for client in files:
        reading = read_clock(
            client.counselling_started_on,
            periods[client.pk],
            today,
            justified=bool(client.clock_justification),
            policy=policy,
        )
        if reading.warning is None or _is_settled(reading, policy):
            continue
        found.append(
            DueLine(
                group=GROUP,
                kind="clock",
                today=today,
                when=reading.limit_on,
                title=client.display_name,
                case_no=client.case_no,
                url=client.get_absolute_url(),
                icon="quiet",
                text=_clock_text(reading),
                action_label=_("Justify") if reading.complete < policy.hard_limit else _("Open file"),
                action_url=reverse("clients:clock", args=[client.uuid])
                if reading.complete < policy.hard_limit
                else client.get_absolute_url(),
            )
        )
    return found


def _is_settled(reading: ClockReading, policy: clock.ClockPolicy) -> bool:
    """A justification answers every warning until the months it buys come to their own end."""
    ahead = policy.limit - policy.warnings[-2] if len(policy.warnings) > 1 else 0
    justified = not reading.justification_missing and reading.out_of == policy.hard_limit
    return justified and reading.complete < policy.hard_limit - ahead


def _clock_text(reading: ClockReading) -> str:
    text = _("Month %(month)s of %(total)s of counselling") % {
        "month": reading.month,
        "total": reading.out_of,
    }
    if reading.justification_missing:
        return _("%(text)s; the written justification is missing.") % {"text": text}
    if reading.limit_on is not None:
        return _("%(text)s; the limit is reached on %(date)s.") % {
            "text": text,
            "date": date_de(reading.limit_on),
        }
    return text


def _addresses(user: User, today: datetime.date) -> list[DueLine]:
    """Open files nobody could visit or write to, in phases in which somebody has to."""
    files: Sequence[Client] = list(
        Client.objects.editable_by(user).working().without_address(today).in_list_order()[:100]
    )
    if len(files) > SINGLE:
        return [
            DueLine(
                group=GROUP,
                kind="address",
                today=today,
                title=_("Addresses"),
                icon="pin",
                text=_("%(number)s files have no address: no letter and no visit can reach these people.")
                % {"number": len(files)},
                action_label=_("Show"),
                action_url=f"{reverse('clients:list')}?missing=address",
            )
        ]
    return [
        DueLine(
            group=GROUP,
            kind="address",
            today=today,
            title=client.display_name,
            case_no=client.case_no,
            url=client.get_absolute_url(),
            icon="pin",
            text=_("No address is recorded: no letter and no visit can reach this person."),
            action_label=_("Enter"),
            action_url=reverse("clients:accommodation_new", args=[client.uuid]),
        )
        for client in files
    ]


def _phases(user: User, today: datetime.date) -> list[DueLine]:
    """Own files whose facts speak for the next phase; a stand-in sets none (decision 0017)."""
    earliest = today - PHASE_PROPOSED_FOR
    files = list(
        Client.objects.editable_by(user)
        .filter(manager=user, phase__in=(Phase.CONTACTING, Phase.INTAKE, Phase.PAUSED))
        .filter(Q(last_contact_on__gte=earliest) | Q(intensity_since__gte=earliest))
        .in_list_order()
    )
    periods: dict[int, list[CounsellingPeriod]] = {client.pk: [] for client in files}
    for period in CounsellingPeriod.objects.visible_to(user).filter(client__in=list(periods)):
        periods[period.client_id].append(period)
    proposals = [(client, phase_proposal(client, periods[client.pk])) for client in files]
    return [
        DueLine(
            group=GROUP,
            kind="phase",
            today=today,
            title=client.display_name,
            case_no=client.case_no,
            url=client.get_absolute_url(),
            when=proposal.on,
            icon="flag",
            text=proposal.reason,
            action_label=_("Set phase “%(phase)s”") % {"phase": proposal.phase.label},
            action_url=reverse("clients:phase", args=[client.uuid]),
            news=True,
            emphasis=False,
        )
        for client, proposal in proposals
        if proposal is not None and proposal.on >= earliest
    ]
