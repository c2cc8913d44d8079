"""A whole file with every kind of row in it, each free text holding a word that occurs nowhere else.

The rows are made from the model registry: a new model gets a row here without anybody thinking of it, and
a text field nobody thought of carries its word. What the database would refuse is said in ``SPECIAL``.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import get_resolver
from django.utils import timezone

from accounts.access import scoped_models
from accounts.actor import Actor
from accounts.models import StandIn, User
from clients.models import Client, Draft, DueItem, Household
from clients.services.responsibility import assign
from intake.services.caseloads import unassigned_caseloads
from tests.cast import Cast
from tests.factories import clients as make
from tests.worklists import derive

# Texts the machine writes: keys, paths and codes that pages follow.
MACHINE_TEXT = {
    "clients.Draft": {"form", "object_key", "path"},
    "intake.ImportRow": {"family_key", "proposal", "decision", "folded_surname"},
    "outreach.Ladder": {"key"},
}


@dataclass
class OpenFile:
    """One file and one row of every model in it."""

    client: Client
    manager: User
    word: str
    rows: dict[str, Any] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)


def free_text(model: type[models.Model]) -> list[models.Field]:
    """Text fields people type into."""
    machine = MACHINE_TEXT.get(model._meta.label, set())
    return [
        f
        for f in model._meta.concrete_fields
        if isinstance(f, models.CharField | models.TextField)
        and not f.choices
        and not f.is_relation
        and f.editable
        and f.name not in machine
    ]


def open_file(manager: User, cast: Cast, word: str = "Zwitscherlibelle", **extra: Any) -> OpenFile:
    """A file of ``manager`` holding at least one row of every model with personal data.

    Args:
        manager: whose file it is.
        cast: the standing cast.
        word: beginning of every free text in it.
        extra: further fields of the client.
    """
    municipality = manager.services.get().municipality
    client = make.ClientFactory(manager=manager, municipality=municipality, **extra)
    file = OpenFile(client=client, manager=manager, word=word)
    file.rows["clients.Client"] = client
    for model in scoped_models():
        _row(model, file, cast)
    for model in scoped_models():
        _write_words(model, file)
    _agreed_version(file)
    _waiting(file, cast)
    client.refresh_from_db()
    derive(client)
    return file


def _agreed_version(file: OpenFile) -> None:
    """Beside the working version one that was signed, saying the same about the same goal."""
    today, now = timezone.localdate(), timezone.now()
    draft: Any = file.rows["integration_plans.PlanVersion"]
    goal: Any = file.rows["integration_plans.GoalContent"]
    measure: Any = file.rows["integration_plans.MeasureContent"]
    signed = type(draft)._base_manager.create(
        client=file.client,
        number=draft.number + 1,
        outcome="signed",
        agreed_on=today,
        review_on=today + datetime.timedelta(days=90),
        started_by=file.manager,
        started_at=now,
        closed_by=file.manager,
        closed_at=now,
    )
    agreed = type(goal)._base_manager.create(
        plan=signed, goal=goal.goal, module=goal.module, title=f"{file.word}agreedgoal"
    )
    type(measure)._base_manager.create(
        goal_content=agreed, measure=measure.measure, side=measure.side, text=f"{file.word}agreedmeasure"
    )
    file.rows["signed version"] = signed
    file.words |= {f"{file.word}agreedgoal", f"{file.word}agreedmeasure"}


def _waiting(file: OpenFile, cast: Cast) -> None:
    """A person in the inbox, an open enquiry and a file that lost its manager, for the routes that take them."""
    file.rows["inbox"] = make.ClientFactory(
        inbox=True, municipality=file.client.municipality, surname="Wartend"
    )
    fallen = make.ClientFactory(
        manager=cast.former, municipality=file.client.municipality, surname="Verlassen"
    )
    assign(Actor(cast.admin), fallen, None)
    place = file.client.municipality
    caseload = next(found for found in unassigned_caseloads() if found.municipality == place)
    file.rows["fallen caseload"] = SimpleNamespace(uuid=caseload.key)
    taken: Any = file.rows["intake.Enquiry"]
    file.rows["open enquiry"] = type(taken)._base_manager.create(
        municipality=file.client.municipality,
        number=f"O-{file.client.case_no}",
        registered_by=cast.coordinator,
        registered_at=timezone.now(),
        surname="Fragend",
    )


def _row(model: type[models.Model], file: OpenFile, cast: Cast) -> models.Model:
    label = model._meta.label
    if label in file.rows:
        return file.rows[label]
    existing = None
    if any(f.name == "client" for f in model._meta.concrete_fields):
        existing = model._base_manager.filter(client=file.client).order_by("pk").first()
    if existing is None:
        existing = model._base_manager.create(**values_for(model, file, cast))
    file.rows[label] = existing
    return existing


def values_for(model: type[models.Model], file: OpenFile, cast: Cast) -> dict[str, Any]:
    values: dict[str, Any] = dict(SPECIAL.get(model._meta.label, lambda file, cast: {})(file, cast))
    for f in model._meta.concrete_fields:
        if f.primary_key or f.name in values or f.attname in values:
            continue
        if f.is_relation:
            target = f.related_model
            if target is User:
                if not f.null:
                    values[f.name] = file.manager
            elif target is Client:
                if f.name == "client" or not f.null:
                    values[f.name] = file.client
            elif not f.null:
                values[f.name] = _target(target, file, cast)
        elif not f.has_default() and not f.null:
            values[f.name] = _plain(f)
    return values


def _target(target: Any, file: OpenFile, cast: Cast) -> models.Model:
    if target._meta.label in {m._meta.label for m in scoped_models()}:
        return _row(target, file, cast)
    found = target._base_manager.first()
    if found is None:
        raise LookupError(f"the stage has no {target._meta.label}: name one in SPECIAL")
    return found


def _plain(f: models.Field) -> Any:
    if f.choices:
        return "" if f.blank else f.flatchoices[0][0]
    if isinstance(f, models.DateTimeField):
        return timezone.now()
    if isinstance(f, models.DateField):
        return timezone.localdate()
    if isinstance(f, models.CharField | models.TextField):
        return "" if f.blank else "x"
    if isinstance(f, models.UUIDField):
        return uuid.uuid4()
    if isinstance(f, models.BooleanField):
        return False
    if isinstance(f, models.JSONField):
        return {}
    return 1


def _write_words(model: type[models.Model], file: OpenFile) -> None:
    row = file.rows[model._meta.label]
    words = {}
    # What waits in a file is kept in codes, which no page shows.
    for number, f in enumerate(free_text(model) if model is not DueItem else ()):
        word = f"{file.word}{model._meta.model_name}{number}"
        if f.max_length and len(word) > f.max_length:
            word = word[: f.max_length]
        words[f.name] = word
        # Why somebody is away is read by whoever stands in and by the coordination; it is no client's datum.
        if len(word) >= len(file.word) and not isinstance(row, StandIn):
            file.words.add(word)
    if isinstance(row, Draft):
        words["data"] = {"note": [f"{file.word}draftdata"]}
        file.words.add(f"{file.word}draftdata")
    if model._meta.label == "intake.ImportRow":
        file.words |= {f"{file.word}cells", f"{file.word}.csv"}
    if words:
        model._base_manager.filter(pk=row.pk).update(**words)
        row.refresh_from_db()


def _draft(file: OpenFile, cast: Cast) -> dict[str, Any]:
    return {
        "author": file.manager,
        "form": "contact_log",
        "object_key": str(file.client.uuid),
        "path": "/",
        "saved_at": timezone.now(),
    }


def _stand_in(file: OpenFile, cast: Cast) -> dict[str, Any]:
    today = timezone.localdate()
    active = StandIn.objects.filter(absent=file.manager).active_on(today).first()
    return {
        "absent": file.manager,
        "substitute": cast.former,
        "since": today + datetime.timedelta(days=20 if active else 30),
        "until": today + datetime.timedelta(days=40),
    }


def _second_file(file: OpenFile) -> Client:
    """Another file of the same manager, for what is said about two."""
    if "second file" not in file.rows:
        file.rows["second file"] = make.ClientFactory(
            manager=file.manager, municipality=file.client.municipality, surname="Zweitakte"
        )
    found: Any = file.rows["second file"]
    return found


# What the database would refuse, or what makes a row show on a page.
SPECIAL: dict[str, Any] = {
    "accounts.StandIn": _stand_in,
    "clients.Draft": _draft,
    "clients.HealthGrant": lambda file, cast: {
        "user": cast.substitute,
        "expires_at": timezone.now() - datetime.timedelta(hours=1),
    },
    "intake.ImportBatch": lambda file, cast: {
        "municipality": file.client.municipality,
        "uploaded_by": file.manager,
        "filename": f"{file.word}.csv",
        "header": ["Name"],
        "mapping": ["surname"],
        "total_rows": 1,
    },
    "intake.ImportRow": lambda file, cast: {"cells": [f"{file.word}cells"], "client": None},
    "intake.Enquiry": lambda file, cast: {
        "municipality": file.client.municipality,
        "number": f"A-{file.client.case_no}",
        "state": "taken",
        "taken_by": file.manager,
        "taken_at": timezone.now(),
    },
    "clients.HouseholdMember": lambda file, cast: {
        "client": file.client,
        "household": Household.objects.create(municipality=file.client.municipality),
    },
    "clients.DuplicateDismissal": lambda file, cast: {
        "client": file.client,
        "other": _second_file(file),
    },
    "clients.SafetyNote": lambda file, cast: {
        "expires_on": timezone.localdate() + datetime.timedelta(days=30)
    },
}

# Which row an argument addresses: the model it is named after, else by its name or, where one name serves several
# models, by its route.
BY_NAME: dict[str, str] = {
    "goal": "integration_plans.GoalContent",
    "measure": "integration_plans.MeasureContent",
    "other": "second file",
    "row_uuid": "intake.ImportRow",
    "version": "signed version",
}
BY_ROUTE: dict[tuple[str, str], str] = {
    ("clients:draft", "pk"): "clients.Draft",
    ("clients:draft_discard", "pk"): "clients.Draft",
    ("clients:household_leave", "pk"): "clients.HouseholdMember",
    ("clients:spelling_remove", "pk"): "clients.ClientName",
    ("file_plans:goal_progress", "goal"): "integration_plans.Goal",
    ("file_plans:measure_done", "measure"): "integration_plans.Measure",
    ("intake:inbox_take", "uuid"): "inbox",
    ("intake:caseload_assign", "uuid"): "fallen caseload",
    ("enquiries:answer", "uuid"): "open enquiry",
    ("enquiries:take", "uuid"): "open enquiry",
    ("drop_ins:detail", "uuid"): "appointments.Contact",
    ("drop_ins:correct", "uuid"): "appointments.Contact",
    ("stand_ins:end", "uuid"): "accounts.StandIn",
    **{(f"stand_ins:{route}", "uuid"): "accounts.Absence" for route in ("absence_edit", "absence_end")},
    **{
        (f"intake:{route}", "uuid"): "intake.ImportBatch"
        for route in ("import", "import_columns", "import_row", "import_run", "import_discard")
    },
    **{(f"enquiries:{route}", "uuid"): "intake.Enquiry" for route in ("connect", "detail", "file")},
}
# Arguments that address no row.
FIXED: dict[tuple[str, str], str] = {
    ("clients:fact_new", "kind"): "german_level",
    ("day_section", "section"): "deadlines",
    ("appointments:drop_in_new", "key"): "no-key-of-ours",
}


def kwargs_for(route: str, file: OpenFile) -> dict[str, Any]:
    """The arguments that lead a route to this file and its rows."""
    values: dict[str, Any] = {}
    for name in _arguments_of(route):
        if (route, name) in FIXED:
            values[name] = FIXED[route, name]
            continue
        label = BY_ROUTE.get((route, name)) or BY_NAME.get(name) or _named_after(name) or _viewed(route, name)
        if label is None and name != "uuid":
            raise LookupError(f"{route}: name the row of <{name}> in BY_NAME or BY_ROUTE")
        row: Any = file.rows[label] if label else file.client
        values[name] = row.pk if name == "pk" else row.uuid
    return values


def _named_after(name: str) -> str | None:
    """The label of the one model of ours with this name: "follow_up" is appointments.FollowUp."""
    labels = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.model_name == name.replace("_", "") and hasattr(model, "privacy")
    ]
    return labels[0] if len(labels) == 1 else None


def _viewed(route: str, name: str) -> str | None:
    """The label of the model that the view takes its <row> from."""
    models = [view.model for view in views_of(route) if getattr(view, "model", None)] if name == "row" else []
    return models[0]._meta.label if models else None


def _arguments_of(route: str) -> set[str]:
    resolver: Any = get_resolver()
    arguments: set[str] = set()
    *spaces, name = route.split(":")
    for space in spaces:
        prefix, resolver = resolver.namespace_dict[space]
        if "uuid" in str(prefix):
            arguments.add("uuid")
    for possibility in resolver.reverse_dict.getlist(name):
        for _pattern, names in possibility[0]:
            arguments.update(names)
    return arguments


def patterns_of(resolver: Any) -> Iterator[Any]:
    """The routes of a name space, those of files it includes among them."""
    for pattern in resolver.url_patterns:
        if not hasattr(pattern, "url_patterns"):
            yield pattern
        elif pattern.namespace is None:
            yield from patterns_of(pattern)


def views_of(route: str) -> list[type]:
    """The class of views behind a route; none for a page that is a function."""
    *spaces, name = route.split(":")
    resolver: Any = get_resolver()
    for space in spaces:
        _prefix, resolver = resolver.namespace_dict[space]
    found = [pattern.callback for pattern in patterns_of(resolver) if pattern.name == name]
    return [view.view_class for view in found if hasattr(view, "view_class")]
