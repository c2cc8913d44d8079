"""Rows of many files gathered by model and written in few statements, past the services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from appointments.models import (
    Appointment,
    AppointmentOutcome,
    Contact,
    ContactNote,
    ContactParticipant,
    FollowUp,
)
from clients.models import (
    Accommodation,
    Client,
    ClientLanguage,
    ClientName,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    Household,
    HouseholdMember,
    PhaseChange,
    ReachPeriod,
    Relative,
    Residence,
    Responsibility,
    SafetyNote,
)
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    Goal,
    GoalContent,
    GoalProgress,
    IntensityDecision,
    Measure,
    MeasureContent,
    MeasureProgress,
    PlanVersion,
    Review,
)

WRITTEN_AT_ONCE = 500

ORDER: tuple[type[models.Model], ...] = (
    Household,
    Client,
    ClientName,
    ClientLanguage,
    Responsibility,
    PhaseChange,
    CounsellingPeriod,
    Accommodation,
    ContactPoint,
    Residence,
    DatedFact,
    SafetyNote,
    ReachPeriod,
    Relative,
    HouseholdMember,
    Assessment,
    AssessmentEntry,
    IntensityDecision,
    PlanVersion,
    Goal,
    Measure,
    GoalContent,
    MeasureContent,
    Review,
    GoalProgress,
    MeasureProgress,
    Appointment,
    AppointmentOutcome,
    Contact,
    ContactParticipant,
    ContactNote,
    FollowUp,
)
"""Every row comes after the rows it points to."""


class Rows:
    """A batch of unsaved rows."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.invitations: list[tuple[Appointment, Contact]] = []
        self.topics: list[tuple[Contact, Any]] = []

    def add(self, row: Any) -> Any:
        """Gather one row; it gets its key when the batch is written."""
        self._rows[type(row)].append(row)
        return row

    def of(self, model: type[models.Model]) -> list[Any]:
        """The rows of one model gathered so far."""
        return self._rows[model]

    def write(self) -> int:
        """Insert everything in the order of its references; returns how many rows that were."""
        unknown = set(self._rows) - set(ORDER)
        if unknown:
            raise LookupError(f"no place in the order for {sorted(model.__name__ for model in unknown)}")
        written = 0
        with transaction.atomic():
            for model in ORDER:
                written += len(self._rows[model])
                insert(model, self._rows[model])
            self._link()
        return written

    def _link(self) -> None:
        """What points both ways: a date set by a letter, and the topics of a talk."""
        for appointment, letter in self.invitations:
            appointment.invited_by = letter
        Appointment.objects.unscoped(reason="bulk loading of the demonstration").bulk_update(
            [appointment for appointment, _letter in self.invitations],
            ["invited_by"],
            batch_size=WRITTEN_AT_ONCE,
        )
        through: Any = Contact.topics.through
        insert(through, [through(contact=contact, topic=topic) for contact, topic in self.topics])


def insert(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Insert rows of one model in few statements."""
    model._default_manager.bulk_create(list(rows), batch_size=WRITTEN_AT_ONCE)
