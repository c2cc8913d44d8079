"""Rows of many files gathered by model and written in few statements, past the services."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models

from appointments.models import (
    Appointment,
    AppointmentOutcome,
    Contact,
    ContactNote,
    ContactParticipant,
    ContactVersion,
    FollowUp,
    Ladder,
    LadderAct,
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
from demo.store import Store
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

TopicOfContact: Any = Contact.topics.through

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
    ContactVersion,
    TopicOfContact,
    ContactParticipant,
    ContactNote,
    FollowUp,
    Ladder,
    LadderAct,
)
"""Every row comes after the rows it points to, but for the letter a date was set by."""


class Rows:
    """The unsaved rows of a portion of files; whatever belongs to a file is gathered here."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[type[models.Model], list[Any]] = defaultdict(list)

    def add(self, model: type[models.Model], **values: Any) -> Any:
        """Make one row and gather it; it has its number at once."""
        row = self._store.table(model).make(values)
        self._rows[model].append(row)
        return row

    def of(self, model: type[models.Model]) -> list[Any]:
        """The rows of one model gathered so far."""
        return self._rows[model]

    def write(self) -> None:
        """Insert everything in the order of its references."""
        unknown = set(self._rows) - set(ORDER)
        if unknown:
            raise LookupError(f"no place in the order for {sorted(model.__name__ for model in unknown)}")
        for model in ORDER:
            self._store.write(model, self._rows[model])
