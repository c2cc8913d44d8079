"""The file's own part of its timeline: phases, responsibility, and facts that changed.

One statement over all tables: a file's own history has a few dozen rows, and the timeline asks once.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from clients.choices import AccommodationKind, FactKind, Phase, ResidenceStatus
from clients.models import (
    Accommodation,
    Client,
    ContactPoint,
    DatedFact,
    Enquiry,
    PhaseChange,
    Residence,
    Responsibility,
    SafetyNote,
)
from clients.timeline import TimelineEntry

ICONS = {
    "phase": "flag",
    "responsibility": "handover",
    "accommodation": "home",
    "contact_point": "phone",
    "contact_point_ended": "phone",
    "residence": "permit",
    "fact": "school",
    "safety": "shield",
    "enquiry": "talk",
}


def _text(expression: Any) -> Any:
    return Cast(expression, CharField(max_length=300))


def _rows(
    rows: QuerySet[Any], source: str, at: str, code: Any, detail: Any, user: Any = None
) -> QuerySet[Any]:
    return (
        rows.order_by()
        .annotate(
            t_source=Value(source, output_field=CharField(max_length=300)),
            t_at=F(at),
            t_code=_text(code),
            t_detail=_text(detail),
            t_user=Cast(F(user), IntegerField()) if user else Cast(Value(None), IntegerField()),
        )
        .values_list("t_source", "pk", "t_at", "t_code", "t_detail", "t_user")
    )


class FileHistory:
    """The timeline source of this app."""

    code = "file"
    kinds = frozenset({"file"})

    def entries(
        self,
        client: Client,
        user: Any,
        before: tuple[datetime.datetime, str] | None,
        kinds: frozenset[str] | None,
        limit: int,
    ) -> Iterable[TimelineEntry]:
        """Newest first, strictly older than ``before``."""
        parts = _parts(client, user)
        if before is not None:
            parts = [part.filter(t_at__lte=before[0]) for part in parts]
        found = [
            (at, f"{source}-{pk}", source, code, detail, user_id)
            for source, pk, at, code, detail, user_id in parts[0].union(*parts[1:], all=True)
        ]
        if before is not None:
            found = [row for row in found if row[:2] < before]
        found.sort(key=lambda row: row[:2], reverse=True)
        shown = found[:limit]
        # The viewer too: the number of queries must not tell whether a name occurs.
        people = {user.pk, *(row[5] for row in shown)}
        people |= {_responsible(row[3]) for row in shown if row[2] == "responsibility"}
        names = _names(people)
        return [_entry(*row, names) for row in shown]


def _parts(client: Client, user: Any) -> list[QuerySet[Any]]:
    def of(model: Any) -> Any:
        return model.objects.visible_to(user).of(client)

    return [
        _rows(of(PhaseChange), "phase", "at", "phase", "reason", "by_id"),
        _rows(
            of(Responsibility),
            "responsibility",
            "since",
            Coalesce(_text("manager_id"), Value("")),
            "reason",
            "from_user_id",
        ),
        _rows(of(Accommodation), "accommodation", "recorded_at", "kind", "street"),
        _rows(of(ContactPoint), "contact_point", "since", "kind", "value"),
        _rows(of(ContactPoint).filter(until__isnull=False), "contact_point_ended", "until", "kind", "value"),
        _rows(
            of(Residence), "residence", "recorded_at", "status", Coalesce(_text("printed_until"), Value(""))
        ),
        _rows(of(DatedFact), "fact", "recorded_at", "kind", "value__label_de"),
        _rows(of(SafetyNote), "safety", "set_at", Value(""), "reason", "set_by_id"),
        _rows(of(Enquiry), "enquiry", "registered_at", "number", "reason", "registered_by_id"),
    ]


def _responsible(code: str) -> int | None:
    return int(code) if code else None


def _names(ids: set[int | None]) -> dict[int, str]:
    found = get_user_model().objects.filter(pk__in=[pk for pk in ids if pk is not None])
    return {user.pk: str(user) for user in found}


def _entry(
    at: datetime.datetime,
    key: str,
    source: str,
    code: str,
    detail: str,
    user_id: int | None,
    names: dict[int, str],
) -> TimelineEntry:
    title, text = _words(source, code, detail, names)
    return TimelineEntry(
        at=at,
        key=key,
        kind="file",
        icon=ICONS[source],
        title=title,
        text=text,
        by=names.get(user_id, "") if user_id else "",
    )


def _words(source: str, code: str, detail: str, names: dict[int, str]) -> tuple[str, str]:
    match source:
        case "phase":
            return _("Phase: %(phase)s") % {"phase": Phase(code).label}, detail
        case "responsibility":
            responsible = _responsible(code)
            if responsible is None:
                return _("In the inbox"), detail
            return _("Responsible: %(name)s") % {"name": names.get(responsible, "–")}, detail
        case "accommodation":
            kind = str(AccommodationKind(code).label) if code else ""
            return _("Accommodation recorded"), ", ".join(part for part in (kind, detail) if part)
        case "contact_point":
            return _("Number or address added"), detail
        case "contact_point_ended":
            return _("Number or address ended"), detail
        case "residence":
            return _("Residence status recorded"), str(ResidenceStatus(code).label)
        case "enquiry":
            return _("Enquiry %(number)s") % {"number": code}, detail
        case "safety":
            return _("Note for visits"), detail
        case _:
            return str(FactKind(code).label), detail
