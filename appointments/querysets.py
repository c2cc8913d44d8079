"""Questions over contacts, appointments and follow-ups; ``visible_to`` and ``editable_by`` first (house.md §3)."""

import datetime
from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from accounts.access import scope_of
from appointments.choices import AppointmentState, Excuse, InterpreterNeed
from appointments.rules.appointment import NOT_BLOCKING
from clients.choices import Phase
from clients.querysets import FileRowQuerySet


class ContactQuerySet(FileRowQuerySet):
    """Contacts as they stand now; a joint talk is visible to the manager of each participant."""

    def visible_to(self, user: Any) -> Self:
        caseloads = scope_of(user).caseloads
        if not caseloads:
            return self.none()
        participants = apps.get_model("appointments", "ContactParticipant")
        mine = participants.objects.standing().filter(
            contact_id=OuterRef("pk"), client__manager_id__in=caseloads
        )
        return self.filter(Exists(mine))

    def editable_by(self, user: Any) -> Self:
        """Contacts logged in a file of the caseload; the manager of another participant reads only."""
        caseloads = scope_of(user).caseloads
        if not caseloads:
            return self.none()
        return self.filter(client__manager_id__in=caseloads).exclude(client__phase=Phase.CLOSED)

    def of(self, client: Any) -> Self:
        """Contacts in which this client or a relative named in the file took part."""
        participants = apps.get_model("appointments", "ContactParticipant")
        here = participants.objects.standing().filter(contact_id=OuterRef("pk"), client=client)
        return self.filter(Exists(here))

    def between(self, first: datetime.date, last: datetime.date) -> Self:
        """Contacts that happened from ``first`` to ``last``, both included."""
        return self.filter(happened_on__gte=first, happened_on__lte=last)

    def waiting_for_acceptance(self) -> Self:
        """Drop-ins a colleague left that the responsible manager has neither accepted nor corrected."""
        return self.filter(left_by__isnull=False, accepted_at__isnull=True)


class StandingRowQuerySet(FileRowQuerySet):
    """Rows of a contact: the standing ones, and those that belong to a former version."""

    def standing(self) -> Self:
        """Rows of the contact as it is now."""
        return self.filter(version__isnull=True)


class AppointmentQuerySet(FileRowQuerySet):
    def planned(self) -> Self:
        """Appointments without an outcome."""
        return self.filter(state=AppointmentState.PLANNED)

    def upcoming(self, now: datetime.datetime) -> Self:
        """Planned ones that have not begun."""
        return self.planned().filter(starts_at__gt=now)

    def on(self, day: datetime.date, tz: datetime.tzinfo) -> Self:
        """Appointments beginning on a local day."""
        start = datetime.datetime.combine(day, datetime.time.min, tzinfo=tz)
        end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min, tzinfo=tz)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def undecided(self, now: datetime.datetime) -> Self:
        """Past without outcome, or a no-show whose excuse is undecided (rules.md §3)."""
        return self.filter(
            Q(state=AppointmentState.PLANNED, starts_at__lte=now)
            | Q(state=AppointmentState.NO_SHOW, excuse=Excuse.UNDECIDED)
        )

    def interpreter_open(self, now: datetime.datetime) -> Self:
        """Upcoming appointments whose interpreter is needed or booked but not confirmed."""
        return self.upcoming(now).filter(interpreter__in=(InterpreterNeed.NEEDED, InterpreterNeed.BOOKED))

    def blocking(self, manager_id: int, start: datetime.datetime, end: datetime.datetime) -> Self:
        """What takes room in a manager's calendar between two instants, half-open."""
        return self.filter(manager_id=manager_id, starts_at__lt=end, ends_at__gt=start).exclude(
            state__in=NOT_BLOCKING
        )


class FollowUpQuerySet(FileRowQuerySet):
    """Follow-ups of files, and those without a client, which belong to their owner."""

    def visible_to(self, user: Any) -> Self:
        caseloads = scope_of(user).caseloads
        if not caseloads:
            return self.none()
        return self.filter(
            Q(client__manager_id__in=caseloads) | Q(client__isnull=True, owner_id__in=caseloads)
        )

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(done_at__isnull=True)
