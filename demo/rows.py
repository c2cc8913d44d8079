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
)
from clients.models import (
    Accommodation,
    Client,
    ClientLanguage,
    ClientName,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    DueItem,
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
from outreach.models import Ladder, LadderAct

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
    DueItem,
)
"""Every row comes after the rows it points to, but for the letter a date was set by."""


class Rows:
    """The rows of the files of one municipality."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[Any]] = defaultdict(list)
        self._invitations: list[tuple[Appointment, Contact]] = []

    def add(self, model: type[models.Model], **values: Any) -> Any:
        """Make one row and gather it."""
        return self.gather(model(**values))

    def gather(self, row: Any) -> Any:
        """Gather a row made elsewhere."""
        self._rows[type(row)].append(row)
        return row

    def invite(self, appointment: Appointment, letter: Contact) -> None:
        """The letter that set the date; it comes later in the order than the appointment."""
        self._invitations.append((appointment, letter))

    def of(self, model: type[models.Model]) -> list[Any]:
        """The rows of one model gathered so far."""
        return self._rows[model]

    def write(self) -> None:
        """Insert everything in the order of its references."""
        unknown = set(self._rows) - set(ORDER)
        if unknown:
            raise LookupError(f"no place in the order for {sorted(model.__name__ for model in unknown)}")
        for model in ORDER:
            model._base_manager.bulk_create(self._rows[model])
        for appointment, letter in self._invitations:
            appointment.invited_by = letter
        invited = [appointment for appointment, _letter in self._invitations]
        Appointment._base_manager.bulk_update(invited, ["invited_by"])
