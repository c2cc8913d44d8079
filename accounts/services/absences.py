"""Absences: days entered, changed and ended early; they give and take nobody's access (rules.md §4)."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import actions
from accounts.access import is_manager
from accounts.actor import Actor
from accounts.models import Absence, StandIn
from accounts.permissions import Column, column_of
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.rules.days import Days
from accounts.services.locking import as_stored
from audit.recording import record
from ui.dates import date_de

LONGEST = datetime.timedelta(days=366)


def _require(actor: Actor, absent_id: int | None) -> None:
    """A manager enters her own days, the coordinator enters days of every manager."""
    actor.require("absence.enter")
    if absent_id != actor.pk and column_of(actor.user) != Column.COORDINATOR:
        raise PermissionDenied


def enter_absence(actor: Actor, absence: Absence) -> Absence:
    """Record that a manager is not there.

    Args:
        actor: who acts, and when.
        absence: validated, unsaved: user, since, until.

    Raises:
        PermissionDenied: they are another manager's days, and the actor does not coordinate.
        ValidationError: by field; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """
    _require(actor, absence.user_id)
    with transaction.atomic():
        (absence.user,) = as_stored(absence.user)
        raise_if_submitted(absence)
        if absence.until < actor.today:
            raise ValidationError({"until": _("This period is over already.")})
        _check(absence)
        _write(actor, absence)
    return absence


def change_absence(actor: Actor, absence: Absence, *, expected_version: int) -> Absence:
    """Correct the days: back earlier, away longer, or another time; also to days that are over.

    Raises:
        ValidationError: by field; nothing was written.
        StaleRecord: somebody changed or ended it meanwhile.
    """
    _require(actor, absence.user_id)
    with transaction.atomic():
        (absence.user,) = as_stored(absence.user)
        _check(absence)
        absence.full_clean()
        save_edited(absence, expected_version, ["since", "until"])
        record(actor, actions.ABSENCE_CHANGED, kind="absence", fields=["since", "until"])
    return absence


def end_absence(actor: Actor, absence: Absence, *, expected_version: int) -> Absence:
    """The manager is back today, or the planned absence is called off. Stand-ins are not ended by this.

    Raises:
        StaleRecord: somebody changed or ended it meanwhile.
    """
    _require(actor, absence.user_id)
    with transaction.atomic():
        absence.ended_on = actor.today
        save_edited(absence, expected_version, ["ended_on"])
        record(actor, actions.ABSENCE_ENDED, kind="absence")
    return absence


def enter_days_of(actor: Actor, stand_in: StandIn) -> list[Absence]:
    """Enter the days of a stand-in that belong to no absence yet.

    Call it inside a transaction that has locked the absent manager.
    """
    _require(actor, stand_in.absent_id)
    known = [absence.days for absence in _of(stand_in.absent_id, stand_in.days)]
    return [
        _write(actor, Absence(user=stand_in.absent, since=days.first, until=days.last))
        for days in stand_in.days.without(known)
    ]


def _of(user_id: int, days: Days) -> QuerySet[Absence]:
    """Absences of a user that share a day with others; those called off before they began have none."""
    held_then = Q(ended_on__isnull=True) | Q(ended_on__gt=days.first) & Q(ended_on__gt=F("since"))
    return (
        Absence.objects.unscoped(reason="nobody is absent twice on one day")
        .filter(held_then, user=user_id, since__lte=days.last, until__gte=days.first)
        .order_by("since")
    )


def _check(absence: Absence) -> None:
    if not is_manager(absence.user):
        raise ValidationError({"user": _("Absences are entered for active integration managers.")})
    if absence.until < absence.since:
        raise ValidationError({"until": _("The end lies before the beginning.")})
    if absence.until - absence.since > LONGEST:
        raise ValidationError({"until": _("An absence lasts at most a year.")})
    other = _of(absence.user_id, Days(absence.since, absence.until)).exclude(pk=absence.pk).first()
    if other is not None:
        raise ValidationError(
            {
                "since": _("An absence from %(since)s to %(until)s is entered already.")
                % {"since": date_de(other.days.first), "until": date_de(other.days.last)}
            }
        )


def _write(actor: Actor, absence: Absence) -> Absence:
    absence.entered_by = actor.user
    absence.entered_at = actor.now
    absence.full_clean()
    create_once(absence)
    record(actor, actions.ABSENCE_ENTERED, kind="absence")
    return absence
