"""Rows of many files gathered by model and written in few statements, past the services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models

from accounts.access import Privacy
from accounts.catalogues import Catalogue, Policy
from appointments.models import Appointment, Contact

Model = type[models.Model]
APPS = ("clients", "documents", "partners", "integration_plans", "appointments", "outreach")
TopicOfContact: Any = Contact.topics.through


def _of_files() -> list[Model]:
    found = (
        model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    )
    return [model for model in found if not issubclass(model, Catalogue | Policy) and not _is_of_staff(model)]


def _is_of_staff(model: Model) -> bool:
    privacy: Privacy | None = getattr(model, "privacy", None)
    return privacy is not None and privacy.root == "user"


def _points_to(model: Model) -> Iterator[Model]:
    """An appointment and the letter that set its date point to each other; the letter is named afterwards."""
    for field in model._meta.concrete_fields:
        target = field.related_model
        if target not in (None, model) and field.name != "invited_by":
            yield target


def _in_order(found: list[Model]) -> tuple[Model, ...]:
    graph = {model: [target for target in _points_to(model) if target in found] for model in found}
    return tuple(TopologicalSorter(graph).static_order())


ORDER = _in_order(_of_files())
"""The models of files, each after those its rows point to."""


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
