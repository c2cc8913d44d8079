"""Mail about deadlines of funding: in stages, one of each to whoever keeps the period, never twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.models import Role, Service, User
from audit.recording import record
from daily.models import MessageKind
from daily.services import outbox
from funding import actions
from funding.choices import DeadlineKind
from funding.deadlines import OpenDeadline, open_deadlines
from funding.models import DeadlineReminder, FundingPeriod
from funding.rules.deadlines import stage_on
from ui.dates import date_de
from ui.links import reverse

Key = tuple[int, str, object, int, int]


def write_reminders(actor: Actor) -> int:
    """Write a mail to everybody who has deadlines at a stage she was not told of; run again it writes nothing.

    Args:
        actor: who acts, and when.

    Returns:
        How many were written.
    """
    if not settings.MAIL_IS_SET_UP:
        return 0
    periods = FundingPeriod.objects.unscoped(reason="everybody is reminded of her own deadlines")
    found = [
        (one, stage)
        for one in open_deadlines(periods.unsettled().named())
        if (stage := stage_on(one.due_on, actor.today)) is not None
    ]
    keepers = _keepers(actor)
    told = _told(one.period for one, _stage in found)
    to_tell: dict[User, list[DeadlineReminder]] = defaultdict(list)
    for one, stage in found:
        for user in keepers[one.period.municipality_id]:
            if (one.period.pk, str(one.kind), one.due_on, stage, user.pk) not in told:
                to_tell[user].append(_reminder(actor, one, stage, user))
    written = sum(_write(actor, user, reminders) for user, reminders in to_tell.items())
    if written:
        record(actor, actions.REMINDED, kind="funding", count=written)
    return written


def _keepers(actor: Actor) -> Mapping[int | None, list[User]]:
    """Officers with an address, by the town they serve today; under None the coordination."""
    officers = User.objects.filter(is_active=True, is_superuser=False, role=Role.OFFICER).exclude(email="")
    found: dict[int | None, list[User]] = defaultdict(list)
    found[None] = list(officers.filter(whole_district=True))
    serving = Service.objects.on(actor.today).filter(user__in=officers.filter(whole_district=False))
    for service in serving.select_related("user").order_by("user_id"):
        found[service.municipality_id].append(service.user)
    return found


def _told(periods: Iterable[FundingPeriod]) -> set[Key]:
    rows = DeadlineReminder.objects.filter(period__in=list(periods))
    return set(rows.values_list("period_id", "kind", "due_on", "stage", "recipient_id"))


def _reminder(actor: Actor, one: OpenDeadline, stage: int, user: User) -> DeadlineReminder:
    return DeadlineReminder(
        period=one.period,
        kind=one.kind,
        due_on=one.due_on,
        stage=stage,
        recipient=user,
        written_at=actor.now,
    )


def _write(actor: Actor, user: User, reminders: list[DeadlineReminder]) -> bool:
    """Mail and note in one transaction; whoever has had a mail of this kind today is told tomorrow."""
    with translation.override(user.language), transaction.atomic():
        is_new = outbox.put(
            actor,
            user,
            MessageKind.FUNDING,
            day=actor.today,
            subject=ngettext("A deadline of funding", "Deadlines of funding", len(reminders)),
            body=_body(reminders),
        )
        if is_new:
            DeadlineReminder.objects.bulk_create(reminders)
    return is_new


def _body(reminders: Iterable[DeadlineReminder]) -> str:
    """Programme, town and day; nothing about anybody."""
    lines = [
        f"{date_de(row.due_on)}: {OpenDeadline(row.due_on, DeadlineKind(row.kind), row.period).label}, "
        f"{row.period} ({row.period.owner})"
        for row in reminders
    ]
    address = f"{settings.PUBLIC_URL}{reverse('funding:list')}"
    return "\n\n".join(
        [
            _("Good morning,"),
            _("these deadlines of funding are near or have passed:"),
            "\n".join(lines),
            _("Note there what is done: %(address)s") % {"address": address},
        ]
    )
