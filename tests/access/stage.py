"""A whole file with every kind of row in it, each free text holding a word that occurs nowhere else.

The rows are made from the model registry: a new model gets a row here without anybody thinking of it, and
a text field nobody thought of carries its word. What the database would refuse is said in ``SPECIAL``.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
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
from daily.models import OutgoingMessage
from documents.storage import path_of
from intake.models import Complaint, Observation
from intake.services.caseloads import unassigned_caseloads
from reports.frozen import FrozenReport
from tests.cast import Cast
from tests.factories import clients as make
from tests.factories.appointments import ArrivalFactory, GroupEventFactory, PlaceFactory, SessionFactory
from tests.factories.funding import (
    BookingFactory,
    DeadlineMetFactory,
    FundingPeriodFactory,
    PaperFactory,
    PerCapitaFactory,
)
from tests.factories.handovers import HandoverFactory
from tests.factories.network import (
    ContactPersonFactory,
    DecisionFactory,
    MeetingFactory,
    OfferFactory,
    OrganisationFactory,
    VolunteerFactory,
)
from tests.worklists import derive

# Texts the machine writes: keys, paths and codes that pages follow.
MACHINE_TEXT = {
    "clients.NameKey": {"key"},
    "clients.Draft": {"form", "object_key", "path"},
    "intake.ColumnMemory": {"signature"},
    "intake.ImportRow": {"family_key", "proposal", "decision", "folded_surname", "sheet"},
    "outreach.Ladder": {"key"},
}


NOT_OF_THE_FILE = (Complaint, Observation, StandIn)


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
    _on_its_way(file, cast)
    _office_hour(file)
    _funding(file, cast)
    _decree(file, cast)
    _house(file)
    _network(file)
    file.rows["frozen report"] = _frozen_report(file, cast)
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


def _on_its_way(file: OpenFile, cast: Cast) -> None:
    """Another file of the manager that somebody is asked to take over."""
    other = make.ClientFactory(
        manager=file.manager, municipality=file.client.municipality, surname="Unterwegs"
    )
    file.rows["open handover"] = HandoverFactory(client=other, proposed_to=_somebody_else(file, cast))


def _somebody_else(file: OpenFile, cast: Cast) -> User:
    return cast.former if file.manager == cast.substitute else cast.substitute


def _office_hour(file: OpenFile) -> None:
    """An open office hour of the municipality with somebody in line; in no file."""
    place = PlaceFactory(municipality=file.client.municipality)
    file.rows["office hour"] = SessionFactory(series__place=place)
    file.rows["office hour series"] = file.rows["office hour"].series
    file.rows["arrival"] = ArrivalFactory(session=file.rows["office hour"])
    file.rows["group event"] = GroupEventFactory(municipality=file.client.municipality)


def _funding(file: OpenFile, cast: Cast) -> None:
    """Money of the municipality with everything entered for it; in no file."""
    period = _funding_period(file, cast)
    file.rows["booking"] = BookingFactory(period=period)
    file.rows["per capita"] = PerCapitaFactory(period=period)
    file.rows["deadline met"] = DeadlineMetFactory(period=period)
    file.rows["paper"] = PaperFactory(period=period)


def _funding_period(file: OpenFile, cast: Cast) -> Any:
    if "funding period" not in file.rows:
        place = file.client.municipality
        file.rows["funding period"] = FundingPeriodFactory(municipality=place, recorded_by=cast.officer)
    return file.rows["funding period"]


def _decree(file: OpenFile, cast: Cast) -> None:
    """A decree of the administration; in no file."""
    file.rows["decree"] = make.PermitDecreeFactory(recorded_by=cast.admin)


def _house(file: OpenFile) -> None:
    """An accommodation of the municipality in which the person lives, with the relative."""
    own: Any = file.rows["clients.HouseholdMember"]
    type(own)._base_manager.create(
        household=own.household, relative=file.rows["clients.Relative"], since=own.since
    )
    house = make.HouseFactory(municipality=file.client.municipality)
    file.client.accommodations.filter(until=None).update(house=house)
    file.rows["house"] = house


def _network(file: OpenFile) -> None:
    """An organisation with a contact person and an offer, a volunteer, a meeting and a decision; in no file."""
    organisation = OrganisationFactory()
    meeting = MeetingFactory()
    file.rows |= {
        "organisation": organisation,
        "person": ContactPersonFactory(organisation=organisation),
        "offer": OfferFactory(organisation=organisation),
        "volunteer": VolunteerFactory(municipality=file.client.municipality),
        "meeting": meeting,
        "decision": DecisionFactory(meeting=meeting, responsible=file.manager),
    }


def _frozen_report(file: OpenFile, cast: Cast) -> FrozenReport:
    """A frozen report of the municipality, of a month long over."""
    title = f"Bericht {file.client.case_no}"
    found = FrozenReport.objects.filter(title=title).first()
    if found is not None:
        return found
    place, day = file.client.municipality, datetime.date(2020, 1, 31)
    report = FrozenReport.objects.create(
        title=title,
        first=day.replace(day=1),
        last=day,
        rule_version=1,
        parameters={"period": "2020-01_2020-01", "by_manager": False},
        figures={
            "total": {},
            "before": None,
            "places": [],
            "managers": [],
            "missing": dict.fromkeys(
                (
                    "undecided_appointments",
                    "contacts_without_topic",
                    "talks_without_basis",
                    "files_without_assessment",
                    "files_past_limit",
                ),
                0,
            ),
        },
        tables=[],
        record_count=0,
        record_hash="0" * 64,
        frozen_by=cast.coordinator,
        frozen_at=timezone.now(),
    )
    report.municipalities.set([place])
    return report


def _row(model: type[models.Model], file: OpenFile, cast: Cast) -> models.Model:
    label = model._meta.label
    if label in file.rows:
        return file.rows[label]
    existing = None
    if any(f.name == "client" for f in model._meta.concrete_fields):
        existing = model._base_manager.filter(client=file.client).order_by("pk").first()
    for f in model._meta.concrete_fields:
        if f.one_to_one and f.related_model is User:
            # One of them for each member of staff, however many files she has.
            existing = model._base_manager.filter(**{f.name: file.manager}).first()
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
        # Told to the coordination or the office, and no part of a file: these have canaries of their own.
        if len(word) >= len(file.word) and not isinstance(row, NOT_OF_THE_FILE):
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


def _message(file: OpenFile, cast: Cast) -> dict[str, Any]:
    """One a day of a kind: that of each further file is about an earlier day."""
    written = OutgoingMessage.objects.filter(recipient=file.manager).count()
    return {"day": timezone.localdate() - datetime.timedelta(days=written)}


def kept_bytes(file: OpenFile, cast: Cast) -> dict[str, Any]:
    """A document whose bytes are in the storage and hold the file's word."""
    key, said = uuid.uuid4(), f"{file.word}bytes".encode()
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(said)
    file.words.add(f"{file.word}bytes")
    return {"stored_as": key, "size": len(said), "sha256": "0" * 64}


def _second_file(file: OpenFile) -> Client:
    """Another file of the same manager, for what is said about two."""
    if "second file" not in file.rows:
        file.rows["second file"] = make.ClientFactory(
            manager=file.manager, municipality=file.client.municipality, surname="Zweitakte"
        )
    found: Any = file.rows["second file"]
    return found


def _back_by(file: OpenFile, cast: Cast) -> dict[str, Any]:
    """Nobody is out twice: in every further file of a manager she is back."""
    is_out = (
        apps.get_model("outreach", "BackBy")._base_manager.filter(user=file.manager, back_at=None).exists()
    )
    return {"back_at": timezone.now() if is_out else None}


# What the database would refuse, or what makes a row show on a page.
SPECIAL: dict[str, Any] = {
    "accounts.StandIn": _stand_in,
    "appointments.CalendarFeed": lambda file, cast: {"digest": uuid.uuid4().hex},
    "appointments.WorkingHours": lambda file, cast: {
        "begins": datetime.time(8),
        "ends": datetime.time(16),
    },
    "clients.Draft": _draft,
    "daily.OutgoingMessage": _message,
    "documents.Document": kept_bytes,
    # The protection has ended, so that the stage shows what a file without one shows.
    "clients.AddressProtection": lambda file, cast: {"ended_at": timezone.now()},
    "clients.AccessGrant": lambda file, cast: {
        "user": cast.substitute,
        "expires_at": timezone.now() - datetime.timedelta(hours=1),
    },
    "funding.Position": lambda file, cast: {
        "period": _funding_period(file, cast),
        "share": Decimal("0.10"),
    },
    "intake.ImportBatch": lambda file, cast: {
        "municipality": file.client.municipality,
        "uploaded_by": file.manager,
        "filename": f"{file.word}.csv",
        "header": ["Name"],
        "mapping": ["surname"],
        "total_rows": 1,
    },
    "intake.ColumnMemory": lambda file, cast: {
        "municipality": file.client.municipality,
        "user": file.manager,
        "signature": uuid.uuid4().hex,
    },
    "intake.ImportRow": lambda file, cast: {"cells": [f"{file.word}cells"], "client": None, "position": 0},
    "intake.Enquiry": lambda file, cast: {
        "municipality": file.client.municipality,
        "number": f"A-{file.client.case_no}",
        "state": "taken",
        "taken_by": file.manager,
        "taken_at": timezone.now(),
    },
    "partners.Referral": lambda file, cast: {"organisation": OrganisationFactory()},
    # Its words are read on its page until it is settled.
    "intake.Complaint": lambda file, cast: {
        "municipality": file.client.municipality,
        "number": f"B-{file.client.case_no}",
        "state": "open",
    },
    "intake.Observation": lambda file, cast: {"municipality": file.client.municipality, "state": "new"},
    "reports.FrozenFile": lambda file, cast: {
        "report": _frozen_report(file, cast),
        "ref": uuid.uuid4().hex[:24],
        "records": [],
    },
    "clients.FactRevision": lambda file, cast: {"kind": "course", "entry": uuid.uuid4()},
    "intake.Handover": lambda file, cast: {
        "proposed_to": _somebody_else(file, cast),
        "state": "declined",
        "settled_at": timezone.now(),
    },
    "intake.DistrictMove": lambda file, cast: {
        "from_municipality": cast.pfinztal,
        "to_municipality": cast.stutensee,
    },
    "clients.HouseholdMember": lambda file, cast: {
        "client": file.client,
        "household": Household.objects.create(municipality=file.client.municipality),
    },
    "clients.DuplicateDismissal": lambda file, cast: {
        "client": file.client,
        "other": _second_file(file),
    },
    "clients.DuplicateLink": lambda file, cast: {
        "other": _second_file(file),
        "undone_at": timezone.now(),
        "undone_by": file.manager,
    },
    "outreach.BackBy": _back_by,
    # No visit stands in this file, so what was promised is called off and still told.
    "outreach.VisitCompanion": lambda file, cast: {
        "state": "withdrawn",
        "answered_at": timezone.now(),
        "starts_at": timezone.now() + datetime.timedelta(hours=1),
        "ends_at": timezone.now() + datetime.timedelta(hours=2),
    },
    "clients.SafetyNote": lambda file, cast: {
        "expires_on": timezone.localdate() + datetime.timedelta(days=30)
    },
}

FUNDING_ROUTES = (
    *("period", "period_export", "terms", "proof_new", "deadline_met", "deadline_reopen", "bookings"),
    *(
        f"{noun}_{act}"
        for noun in ("booking", "per_capita", "position")
        for act in ("new", "correct", "reverse")
    ),
    *("paper_new", "paper", "paper_delete", "paper_restore"),
)
# Which row an argument addresses: the model it is named after, else by its name or, where one name serves several
# models, by its route.
BY_NAME: dict[str, str] = {
    "arrival": "arrival",
    "goal": "integration_plans.GoalContent",
    "measure": "integration_plans.MeasureContent",
    "other": "second file",
    **{name: name for name in ("organisation", "person", "offer", "volunteer", "meeting", "decision")},
    "row_uuid": "intake.ImportRow",
    "version": "signed version",
}
BY_ROUTE: dict[tuple[str, str], str] = {
    ("clients:draft", "pk"): "clients.Draft",
    **{(f"clients:draft_{act}", "pk"): "clients.Draft" for act in ("discard", "restore", "hand_over")},
    ("clients:spelling_remove", "pk"): "clients.ClientName",
    ("file_plans:goal_progress", "goal"): "integration_plans.Goal",
    ("file_plans:measure_done", "measure"): "integration_plans.Measure",
    ("intake:inbox_take", "uuid"): "inbox",
    **{(f"intake:handover_{act}", "handover"): "open handover" for act in ("accept", "decline")},
    ("intake:caseload_assign", "uuid"): "fallen caseload",
    ("enquiries:answer", "uuid"): "open enquiry",
    ("enquiries:take", "uuid"): "open enquiry",
    ("appointments:office_hour_series_end", "uuid"): "office hour series",
    ("appointments:group_event", "uuid"): "group event",
    **{
        (f"appointments:office_hour{act}", "uuid"): "office hour"
        for act in ("", "_arrive", "_call", "_arrival", "_close", "_move", "_cancel", "_reinstate")
    },
    **{(f"funding:{route}", "uuid"): "funding period" for route in FUNDING_ROUTES},
    **{(f"funding:booking_{act}", "row"): "booking" for act in ("correct", "reverse")},
    **{(f"funding:per_capita_{act}", "row"): "per capita" for act in ("correct", "reverse")},
    **{(f"funding:position_{act}", "row"): "funding.Position" for act in ("correct", "reverse")},
    **{(f"funding:paper{act}", "row"): "paper" for act in ("", "_delete", "_restore")},
    ("funding:deadline_reopen", "row"): "deadline met",
    **{(f"decrees:{act}", "uuid"): "decree" for act in ("withdraw", "reinstate")},
    **{(f"reports:frozen{part}", "uuid"): "frozen report" for part in ("", "_compare", "_words", "_file")},
    ("drop_ins:detail", "uuid"): "appointments.Contact",
    ("drop_ins:correct", "uuid"): "appointments.Contact",
    **{(f"houses:{route}", "uuid"): "house" for route in ("detail", "edit")},
    ("visits:house", "uuid"): "house",
    ("appointments:office_hour_at_house", "uuid"): "house",
    **{(f"stand_ins:{route}", "uuid"): "accounts.StandIn" for route in ("end", "sheet", "meanwhile")},
    **{(f"stand_ins:{route}", "uuid"): "accounts.Absence" for route in ("absence_edit", "absence_end")},
    **{
        (f"intake:{route}", "uuid"): "intake.ImportBatch"
        for route in ("import", "import_columns", "import_row", "import_run", "import_discard", "import_undo")
    },
    **{
        (f"intake:{route}", "uuid"): "intake.ImportBatch"
        for route in ("import_rest", "import_left_out_csv", "import_left_out_xlsx")
    },
    **{(f"enquiries:{route}", "uuid"): "intake.Enquiry" for route in ("connect", "detail", "file")},
}
# Arguments that address no row.
FIXED: dict[tuple[str, str], str] = {
    ("clients:fact_new", "kind"): "german_level",
    ("day_part", "code"): "overdue",
    ("reports:period_file", "kind"): "pdf",
    ("reports:frozen_file", "kind"): "pdf",
    ("calendar_feed", "token"): "no-token-of-ours",
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
