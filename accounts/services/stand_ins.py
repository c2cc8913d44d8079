"""Stand-ins begin and end by date; nothing is switched on or off by a job (rules.md §8)."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import actions
from accounts.access import is_manager
from accounts.actor import Actor
from accounts.models import Service, StandIn, StandInKind, User
from accounts.permissions import Column, column_of
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.rules.days import Days, chain_with, working_days_of
from accounts.services.absences import LONGEST, enter_days_of
from accounts.services.locking import as_stored
from audit.actions import Action
from audit.recording import record
from ui.dates import date_de

EMERGENCY_DAYS = 5
"""Working days; so many without one are between two emergencies, too."""


def share_a_municipality(one: User, other: User, day: datetime.date) -> bool:
    """Whether two users serve at least one municipality in common on a day."""
    places = Service.objects.on(day).filter(user=one).values("municipality_id")
    return Service.objects.on(day).filter(user=other, municipality_id__in=places).exists()


def _require(actor: Actor, permission: str, *own: int | None) -> None:
    """The coordination plans and ends for everybody, all others what is their own."""
    actor.require(permission)
    if actor.pk not in own and column_of(actor.user) != Column.COORDINATOR:
        raise PermissionDenied


def _check(stand_in: StandIn, today: datetime.date) -> None:
    if not is_manager(stand_in.absent) or not is_manager(stand_in.substitute):
        raise ValidationError({"substitute": _("Both must be active integration managers.")})
    if stand_in.absent_id == stand_in.substitute_id:
        raise ValidationError({"substitute": _("Nobody stands in for themselves.")})
    if stand_in.until < stand_in.since:
        raise ValidationError({"until": _("The end lies before the beginning.")})
    if stand_in.until < today:
        raise ValidationError({"until": _("This period is over already.")})
    if stand_in.until - stand_in.since > LONGEST:
        raise ValidationError({"until": _("A stand-in lasts at most a year.")})
    overlap = (
        StandIn.objects.unscoped(reason="a stand-in must not be planned twice")
        .filter(
            absent=stand_in.absent,
            substitute=stand_in.substitute,
            since__lte=stand_in.until,
            until__gte=stand_in.since,
            ended_on__isnull=True,
        )
        .exists()
    )
    if overlap:
        raise ValidationError({"since": _("A stand-in by this person is planned for these days already.")})
    if stand_in.kind == StandInKind.EMERGENCY:
        _check_emergency(stand_in)


def _check_emergency(stand_in: StandIn) -> None:
    """Emergency stand-ins in a row last five working days together, also when they are ended and begun again."""
    earlier = StandIn.objects.unscoped(reason="emergency stand-ins in a row count together").filter(
        absent=stand_in.absent, kind=StandInKind.EMERGENCY, since__lte=stand_in.since
    )
    # On the day it was ended it was still in force.
    held = [Days(row.since, min(row.until, row.ended_on or row.until)) for row in earlier]
    chain = chain_with(stand_in.days, held, apart=EMERGENCY_DAYS)
    if working_days_of(chain) <= EMERGENCY_DAYS:
        return
    if len(chain) == 1:
        raise ValidationError({"until": _("An emergency stand-in lasts at most five working days.")})
    text = _(
        "With the emergency stand-ins since %(date)s these are more than five working days. "
        "Please ask the coordination to plan a stand-in."
    )
    raise ValidationError({"until": text % {"date": date_de(min(chain).first)}})


def plan_stand_in(actor: Actor, stand_in: StandIn, *, with_absence: bool = False) -> StandIn:
    """Plan a stand-in for a manager.

    Args:
        actor: who acts, and when.
        stand_in: validated, unsaved: absent, substitute, since, until, reason.
        with_absence: enters the manager as absent on those of these days she is not yet.

    Raises:
        PermissionDenied: it is for another manager, and the actor does not coordinate.
        ValidationError: by field; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """
    _require(actor, "stand_in.plan", stand_in.absent_id)
    stand_in.kind = StandInKind.PLANNED
    stand_in.planned_by = actor.user
    stand_in.planned_at = actor.now
    with transaction.atomic():
        _store(actor, stand_in, actions.STAND_IN_PLANNED)
        if with_absence:
            enter_days_of(actor, stand_in)
    return stand_in


def take_over_in_emergency(actor: Actor, stand_in: StandIn) -> StandIn:
    """A colleague of the same municipality takes over for at most five working days, with a reason.

    Emergencies of one manager with fewer than five working days between them count as one.

    Raises:
        ValidationError: another municipality, too long, or not beginning today; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """
    actor.require("stand_in.emergency")
    stand_in.kind = StandInKind.EMERGENCY
    stand_in.substitute = actor.user
    stand_in.since = actor.today
    stand_in.planned_by = actor.user
    stand_in.planned_at = actor.now
    if not share_a_municipality(stand_in.absent, actor.user, actor.today):
        raise ValidationError({"absent": _("Emergency stand-ins are for colleagues of one municipality.")})
    return _store(actor, stand_in, actions.EMERGENCY_STAND_IN)


def _store(actor: Actor, stand_in: StandIn, action: Action) -> StandIn:
    with transaction.atomic():
        stand_in.absent, stand_in.substitute = as_stored(stand_in.absent, stand_in.substitute)
        raise_if_submitted(stand_in)
        _check(stand_in, actor.today)
        stand_in.full_clean()
        create_once(stand_in)
        record(actor, action, kind="stand_in")
    return stand_in


def end_stand_in(actor: Actor, stand_in: StandIn, *, expected_version: int) -> StandIn:
    """End a stand-in early: from today on the substitute sees nothing of that caseload.

    Raises:
        PermissionDenied: it is of two others, and the actor does not coordinate.
        StaleRecord: somebody ended it meanwhile.
    """
    _require(actor, "stand_in.view", stand_in.absent_id, stand_in.substitute_id)
    return _end(actor, stand_in, expected_version)


def end_stand_ins_of(actor: Actor, user: User) -> None:
    """End all stand-ins for and by a user who is no longer a manager; this also ends access to closed files."""
    actor.require("admin.users")
    rows = StandIn.objects.unscoped(reason="stand-ins end with the account").not_over_on(actor.today)
    rows = rows.filter(Q(absent=user) | Q(substitute=user)).select_for_update(no_key=True).order_by("pk")
    with transaction.atomic():
        for row in rows:
            _end(actor, row, row.version)


def _end(actor: Actor, stand_in: StandIn, expected_version: int) -> StandIn:
    with transaction.atomic():
        stand_in.ended_on = actor.today
        save_edited(stand_in, expected_version, ["ended_on"])
        record(actor, actions.STAND_IN_ENDED, kind="stand_in")
    return stand_in
