"""Open office hours: the series, its sessions, and closing one (rules.md §9)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.rules.calendar import BERLIN, add_days, start_of_day
from appointments import actions
from appointments.choices import SessionState
from appointments.models import OfficeHourCount, OfficeHourSeries, OfficeHourSession, Place
from appointments.rules.office_hours import session_days, tally
from audit.recording import record
from clients.models import House

PERMISSION = "office_hours.run"
NAME_LENGTH, ADDRESS_LENGTH = 80, 120
DAYS_AHEAD = 56
"""How far ahead sessions exist; the daily run adds those of another day."""


class DeskClosed(Exception):
    """The session was closed or cancelled a moment ago, or is not of today; nothing was written."""


def begin_series(actor: Actor, series: OfficeHourSeries) -> OfficeHourSeries:
    """Begin a series and plan its sessions of the next weeks.

    Args:
        actor: who acts, and when.
        series: validated and unsaved; its place says the municipality.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the place belongs to another municipality.
        ValidationError: the place has other office hours at all these times.
    """
    actor.require(PERMISSION)
    series.municipality_id = series.place.municipality_id
    _refuse_elsewhere(actor, series)
    with transaction.atomic():
        create_once(series)
        if not _plan([series], actor.today) and _days(series, actor.today):
            raise ValidationError({"place": _("There is another office hour at this place then.")})
        record(actor, actions.SERIES_BEGUN, kind="office_hour_series")
    return series


def begin_series_at_house(actor: Actor, series: OfficeHourSeries, house: House) -> OfficeHourSeries:
    """Begin a series at an accommodation of the municipality; the first one makes it a place of the service.

    Args:
        actor: who acts, and when.
        series: validated and unsaved, without its place.
        house: in a municipality the actor serves.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the house belongs to another municipality.
        ValidationError: there are other office hours at all these times.
    """
    actor.require(PERMISSION)
    if house.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied
    with transaction.atomic():
        raise_if_submitted(series)
        address = ", ".join(house.address_lines)
        series.place, _made = Place.objects.get_or_create(
            municipality_id=house.municipality_id,
            name=house.name[:NAME_LENGTH],
            defaults={"address": address[:ADDRESS_LENGTH]},
        )
        return begin_series(actor, series)


def end_series(actor: Actor, series: OfficeHourSeries, *, expected_version: int) -> OfficeHourSeries:
    """End a series: planned sessions after its last day are taken away, cancelled and closed ones stay.

    Args:
        actor: who acts, and when.
        series: with its last day in ``valid_until``, validated and unsaved.

    Raises:
        StaleRecord: somebody ended it meanwhile.
    """
    actor.require(PERMISSION)
    _refuse_elsewhere(actor, series)
    with transaction.atomic():
        save_edited(series, expected_version, ["valid_until"])
        last = max(series.valid_until or actor.today, actor.today)
        planned = series.sessions.filter(state=SessionState.PLANNED, planned_on__gt=last)
        # One that was moved to an earlier day may be at work.
        planned.filter(starts_at__gte=start_of_day(add_days(actor.today, 1))).delete()
        record(actor, actions.SERIES_ENDED, kind="office_hour_series", fields=["valid_until"])
    return series


def plan_ahead(actor: Actor) -> int:
    """Plan what is missing of the next weeks, for the daily run; running it again adds nothing.

    Returns:
        How many sessions were added.
    """
    running = OfficeHourSeries.objects.running(actor.today).select_related("place")
    with transaction.atomic():
        return _plan(running, actor.today)


def _plan(series: Iterable[OfficeHourSeries], today: datetime.date) -> int:
    before = OfficeHourSession.objects.count()
    OfficeHourSession.objects.bulk_create(
        [
            OfficeHourSession(
                series=one,
                municipality_id=one.municipality_id,
                place_id=one.place_id,
                planned_on=day,
                starts_at=datetime.datetime.combine(day, one.begins, tzinfo=BERLIN),
                ends_at=datetime.datetime.combine(day, one.ends, tzinfo=BERLIN),
            )
            for one in series
            for day in _days(one, today)
        ],
        # What is there already, also moved or cancelled; and a place that is taken at that time.
        ignore_conflicts=True,
    )
    return OfficeHourSession.objects.count() - before


def _days(series: OfficeHourSeries, today: datetime.date) -> list[datetime.date]:
    return session_days(series, today, add_days(today, DAYS_AHEAD))


def move_session(actor: Actor, session: OfficeHourSession, *, expected_version: int) -> OfficeHourSession:
    """Hold a session at another time or place, with a reason.

    Args:
        actor: who acts, and when.
        session: changed and validated, unsaved.

    Raises:
        StaleRecord: somebody changed it meanwhile.
        DeskClosed: it was closed or cancelled.
        ValidationError: the place has another office hour then.
    """
    actor.require(PERMISSION)
    _refuse_elsewhere(actor, session)
    fields = ["place", "starts_at", "ends_at", "reason"]
    try:
        with transaction.atomic():
            stored = locked_session(actor, session)
            if stored.day != session.day and session.arrivals.exists():
                raise ValidationError(
                    {"date": _("Somebody is in line already. Please close this session instead.")}
                )
            save_edited(session, expected_version, fields)
            record(actor, actions.SESSION_MOVED, kind="office_hour", fields=fields)
    except IntegrityError:
        raise ValidationError({"place": _("There is another office hour at this place then.")}) from None
    return session


def cancel_session(actor: Actor, session: OfficeHourSession, *, expected_version: int) -> OfficeHourSession:
    """Cancel a session with a reason; who was in line is forgotten.

    Raises:
        StaleRecord: somebody changed it meanwhile.
        DeskClosed: it was closed or cancelled.
    """
    actor.require(PERMISSION)
    _refuse_elsewhere(actor, session)
    with transaction.atomic():
        locked_session(actor, session)
        session.state = SessionState.CANCELLED
        save_edited(session, expected_version, ["state", "reason"])
        session.arrivals.all().delete()
        record(actor, actions.SESSION_CANCELLED, kind="office_hour", fields=["state", "reason"])
    return session


def reinstate_session(actor: Actor, session: OfficeHourSession) -> OfficeHourSession:
    """Hold a cancelled session after all, as it was planned before.

    Raises:
        StaleRecord: somebody changed it meanwhile.
        ValidationError: the place has another office hour then.
    """
    actor.require(PERMISSION)
    _refuse_elsewhere(actor, session)
    if session.state != SessionState.CANCELLED:
        return session
    if session.day < actor.today:
        raise ValidationError(_("The day of this office hour is over."))
    session.state, session.reason = SessionState.PLANNED, ""
    try:
        with transaction.atomic():
            save_edited(session, session.version, ["state", "reason"])
            record(actor, actions.SESSION_REINSTATED, kind="office_hour", fields=["state", "reason"])
    except IntegrityError:
        raise ValidationError(_("There is another office hour at this place then.")) from None
    return session


def close_session(actor: Actor, session: OfficeHourSession) -> OfficeHourSession:
    """Close a session: its counts stay, who was in line is forgotten. It never opens again.

    Raises:
        DeskClosed: somebody closed or cancelled it a moment ago, or its day is still to come.
    """
    actor.require(PERMISSION)
    with transaction.atomic():
        found = locked_session(actor, session)
        if found.day > actor.today:
            raise DeskClosed
        return _close(actor, found)


def close_forgotten(actor: Actor, today: datetime.date) -> int:
    """Close the sessions of earlier days that nobody closed, for the daily run.

    Returns:
        How many.
    """
    with transaction.atomic():
        left_open = OfficeHourSession.objects.filter(
            state=SessionState.PLANNED, starts_at__lt=start_of_day(today)
        )
        found = list(left_open.select_for_update(of=("self",), no_key=True).order_by("pk"))
        for session in found:
            _close(actor, session)
    return len(found)


def _close(actor: Actor, session: OfficeHourSession) -> OfficeHourSession:
    counts = tally(session.arrivals.all())
    session.own, session.drop_ins, session.anonymous = counts.own, counts.drop_ins, counts.anonymous
    session.left, session.average_wait = counts.left, counts.average_wait
    session.state, session.closed_at = SessionState.CLOSED, actor.now
    session.closed_by = actor.user
    fields = ["own", "drop_ins", "anonymous", "left", "average_wait", "state", "closed_at", "closed_by"]
    save_edited(session, session.version, fields)
    OfficeHourCount.objects.bulk_create(
        [
            *(
                OfficeHourCount(session=session, language_id=language, number=number)
                for language, number in counts.languages.items()
            ),
            *(
                OfficeHourCount(session=session, topic_id=topic, number=number)
                for topic, number in counts.topics.items()
            ),
        ]
    )
    session.arrivals.all().delete()
    record(actor, actions.SESSION_CLOSED, kind="office_hour", fields=["state"])
    return session


def _refuse_elsewhere(actor: Actor, row: OfficeHourSeries | OfficeHourSession) -> None:
    if row.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied


def locked_session(actor: Actor, session: OfficeHourSession) -> OfficeHourSession:
    """The stored session, locked and open.

    Raises:
        PermissionDenied: it belongs to another municipality.
        DeskClosed: it is closed or cancelled.
    """
    rows = OfficeHourSession.objects.select_for_update(of=("self",), no_key=True)
    found: OfficeHourSession = rows.get(pk=session.pk)
    _refuse_elsewhere(actor, found)
    if not found.is_open:
        raise DeskClosed
    return found
