"""Questions over contacts, appointments and follow-ups, the scope first (architecture.md "Row access")."""

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from accounts.access import scope_of
from accounts.rules.calendar import add_days, bounds, local_date
from appointments.choices import (
    AppointmentState,
    Channel,
    Direction,
    Excuse,
    InterpreterNeed,
    Result,
    SpokenWith,
)
from appointments.rules.appointment import NOT_BLOCKING
from appointments.rules.contact import ATTEMPT_WITH, CLIENT_SIDE, INBOUND_MESSAGE, WRITING
from clients.choices import Phase
from clients.querysets import FileRowQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from clients.models import Client


TWO_WAY = (
    Q(spoken_with__in=CLIENT_SIDE)
    & ~Q(channel=Channel.GROUP)
    & (
        Q(direction=Direction.IN, result__in=INBOUND_MESSAGE)
        | Q(direction=Direction.OUT, result__in=(Result.TALK, Result.ANSWERED))
    )
)
"""`rules.contact.is_two_way` as a condition of the database; a test holds both together."""

HELD_TALK = TWO_WAY & Q(result=Result.TALK) & ~Q(channel__in=WRITING)
"""`rules.contact.is_held_talk`."""

CONSULTATION = HELD_TALK | (TWO_WAY & Q(channel__in=WRITING, main_topic__isnull=False))
"""`rules.contact.is_consultation`; writing counts when it was on a matter, so when a topic was given."""

ATTEMPT = (
    Q(direction=Direction.OUT, spoken_with__in=ATTEMPT_WITH)
    & ~Q(channel=Channel.GROUP)
    & ~Q(spoken_with__in=CLIENT_SIDE, result__in=(Result.TALK, Result.ANSWERED))
)
"""`rules.contact.is_attempt`."""

CASE_WORK = Q(spoken_with=SpokenWith.THIRD_PARTY)
"""`rules.contact.is_case_work`."""

WITHOUT_BASIS = CASE_WORK & Q(result__in=(Result.TALK, Result.ANSWERED), basis="")
"""Something was said to a third party, and what allowed it is not recorded (rules.md §13)."""


UNCONFIRMED = (InterpreterNeed.NEEDED, InterpreterNeed.BOOKED)
"""An interpreter is needed and has not said yes yet."""


def undecided_at(now: datetime.datetime) -> Q:
    """Appointments that are over and wait for an outcome, or for the excuse to be decided (rules.md §3)."""
    return Q(state=AppointmentState.PLANNED, starts_at__lte=now) | Q(
        state=AppointmentState.NO_SHOW, excuse=Excuse.UNDECIDED
    )


class ContactQuerySet(FileRowQuerySet):
    """Contacts as they stand now; a joint talk is visible to the manager of each participant."""

    def visible_to(self, user: "User") -> Self:
        caseloads = scope_of(user).caseloads
        if not caseloads:
            return self.none()
        participants = apps.get_model("appointments", "ContactParticipant")
        mine = participants.objects.current_version().filter(
            contact_id=OuterRef("pk"), client__manager_id__in=caseloads
        )
        return self.filter(Exists(mine))

    def editable_by(self, user: "User") -> Self:
        """Contacts logged in a file of the caseload; the manager of another participant reads only."""
        caseloads = scope_of(user).caseloads
        if not caseloads:
            return self.none()
        return self.filter(client__manager_id__in=caseloads).exclude(client__phase=Phase.CLOSED)

    def of(self, client: "Client") -> Self:
        """Contacts in which this client or a relative named in the file took part."""
        return self._with_participants(client=client)

    def with_client(self, client: "Client") -> Self:
        """Contacts in which the client took part, relatives left out."""
        return self._with_participants(client=client, relative__isnull=True)

    def _with_participants(self, **condition: Any) -> Self:
        # From the participants to their contacts: SQLite would try every contact there is against an EXISTS.
        participants = apps.get_model("appointments", "ContactParticipant").objects.current_version()
        return self.filter(pk__in=participants.filter(**condition).values("contact_id"))

    def held_talks(self) -> Self:
        """Two-way talks by voice or in person."""
        return self.filter(HELD_TALK)

    def consultations(self) -> Self:
        """Held talks, and two-way writing on a matter."""
        return self.filter(CONSULTATION)

    def between(self, first: datetime.date, last: datetime.date) -> Self:
        """Contacts that happened from ``first`` to ``last``, both included."""
        return self.filter(happened_on__gte=first, happened_on__lte=last)

    def waiting_for_acceptance(self) -> Self:
        """Drop-ins a colleague left that the responsible manager has neither accepted nor corrected."""
        return self.filter(left_by__isnull=False, accepted_at__isnull=True)


class CurrentVersionQuerySet(FileRowQuerySet):
    """Rows of a contact: the current ones, and those that belong to a former version."""

    def current_version(self) -> Self:
        """Rows of the contact as it is now."""
        return self.filter(version__isnull=True)


class AppointmentQuerySet(FileRowQuerySet):
    def planned(self) -> Self:
        """Appointments without an outcome."""
        return self.filter(state=AppointmentState.PLANNED)

    def upcoming(self, now: datetime.datetime) -> Self:
        """Planned ones that have not begun."""
        return self.planned().filter(starts_at__gt=now)

    def between(self, first: datetime.date, last: datetime.date) -> Self:
        """Appointments beginning from ``first`` to ``last``, both included."""
        start, end = bounds(first, last)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def on(self, day: datetime.date) -> Self:
        """Appointments beginning on a local day."""
        return self.between(day, day)

    def in_calendars(self, manager_ids: frozenset[int]) -> Self:
        """Appointments these managers hold, and those nobody holds since a handover; moved ones left out."""
        return self.filter(Q(manager_id__in=manager_ids) | Q(manager__isnull=True)).exclude(
            state=AppointmentState.MOVED
        )

    def planned_per_day(self, first: datetime.date, days: int) -> dict[datetime.date, int]:
        """How many appointments take room on each of some local days; days without any are absent."""
        rows = self.between(first, add_days(first, days - 1)).exclude(state__in=NOT_BLOCKING)
        return dict(Counter(local_date(at) for at in rows.values_list("starts_at", flat=True)))

    def undecided(self, now: datetime.datetime) -> Self:
        """Past without outcome, or a no-show whose excuse is undecided (rules.md §3)."""
        return self.filter(undecided_at(now))

    def blocking(self, manager_id: int, start: datetime.datetime, end: datetime.datetime) -> Self:
        """What takes room in a manager's calendar between two instants, half-open."""
        return self.filter(manager_id=manager_id, starts_at__lt=end, ends_at__gt=start).exclude(
            state__in=NOT_BLOCKING
        )


class FollowUpQuerySet(FileRowQuerySet):
    """Follow-ups of files, and those without a client, which belong to their owner."""

    def visible_to(self, user: "User") -> Self:
        caseloads = scope_of(user).caseloads
        if not caseloads:
            return self.none()
        return self.filter(
            Q(client__manager_id__in=caseloads) | Q(client__isnull=True, owner_id__in=caseloads)
        )

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(done_at__isnull=True)
