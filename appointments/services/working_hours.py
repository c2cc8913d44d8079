"""A manager says when she works; what held before a day stays."""

import datetime
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.rules.days import ONE_DAY
from accounts.services.locking import as_stored
from appointments import actions
from appointments.models import WorkingHours
from audit.recording import record

Week = Mapping[int, Sequence[tuple[datetime.time, datetime.time]]]


def set_working_hours(actor: Actor, week: Week, *, valid_from: datetime.date) -> list[WorkingHours]:
    """Let one's own working week be this one from a day on.

    Args:
        actor: who acts, and whose hours they are.
        week: spans by weekday, 0 is Monday; weekdays left out are free.
        valid_from: the first day of this week; what was said for that day and later is replaced.

    Raises:
        ValidationError: by field, when the day lies before today.
    """
    actor.require("calendar.own")
    if valid_from < actor.today:
        raise ValidationError(
            {"valid_from": _("Please choose today or a later day; past days stay as they were.")}
        )
    with transaction.atomic():
        (user,) = as_stored(actor.user)
        rows = WorkingHours.objects.unscoped(reason="the hours of the one who acts").filter(user=user)
        rows.filter(valid_from__gte=valid_from).delete()
        rows.between(valid_from, valid_from).update(valid_until=valid_from - ONE_DAY)
        made = WorkingHours.objects.bulk_create(
            WorkingHours(user=user, weekday=weekday, begins=begins, ends=ends, valid_from=valid_from)
            for weekday, spans in week.items()
            for begins, ends in spans
        )
        record(actor, actions.WORKING_HOURS_SET, kind="working_hours")
    return made
