"""How what waits in plans reads in *Mein Tag*: reviews, goals, measures, missing assessments and agreements."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.file_loader import Part
from clients.health import level_text
from clients.models import Client, DueItem
from clients.worklist import OBJECTS, Group, Reader, file_line
from integration_plans.choices import ReviewState, Side
from integration_plans.due_items import PlanDue
from integration_plans.models import Goal, GoalContent, Measure, MeasureContent
from ui.dates import date_de
from ui.due import DueLine
from ui.links import reverse

READ = (
    Part(GoalContent, "uuid", ("id", "uuid", "goal", "title"), among=OBJECTS),
    Part(MeasureContent, "uuid", ("id", "uuid", "measure", "text", "side", "third_party"), among=OBJECTS),
    Part(Goal, "", ("id", "uuid")),
    Part(Measure, "", ("id", "uuid")),
)
SINGLE = 3
"""More files than this without assessment or agreement become one line that leads to the list."""


def compose(items: Sequence[DueItem], reader: Reader) -> list[DueLine]:
    """The lines of this app's items."""
    of_kind: dict[str, list[DueItem]] = defaultdict(list)
    for item in items:
        of_kind[item.kind].append(item)
    single: Mapping[str, Callable[[DueItem, Reader], DueLine]] = {
        PlanDue.REVIEW: _review,
        PlanDue.REASSESS: _reassess,
        PlanDue.INTENSITY: _intensity,
        PlanDue.WORKING_VERSION: _working_version,
        PlanDue.QUIET: _quiet,
    }
    words = _words(of_kind[PlanDue.GOAL], of_kind[PlanDue.MEASURE], reader)
    return [
        *(write(item, reader) for kind, write in single.items() for item in of_kind[kind]),
        *_unassessed(of_kind[PlanDue.UNASSESSED], reader.today),
        *_unagreed(of_kind[PlanDue.UNAGREED], reader.today),
        *_goals(of_kind[PlanDue.GOAL], words, reader),
        *_measures(of_kind[PlanDue.MEASURE], words, reader),
    ]


def _line(
    item: DueItem,
    today: dt.date,
    *,
    text: str,
    icon: str,
    label: str,
    url: str,
    fields: Mapping[str, str] | None = None,
    group: Group = Group.PLANS,
    **values: Any,
) -> DueLine:
    values.setdefault("when", item.due_on)
    return file_line(
        item,
        today,
        group=group,
        text=text,
        icon=icon,
        action_label=label,
        action_url=url,
        action_method="post" if fields is not None else "get",
        action_fields=fields or {},
        **values,
    )


def _url(route: str, client: Client, *args: Any) -> str:
    return reverse(f"file_plans:{route}", args=[client.uuid, *args])


def _review(item: DueItem, reader: Reader) -> DueLine:
    is_stand_in = reader.stands_in_for(item.client)
    return _line(
        item,
        reader.today,
        text=_("Review of the plan"),
        icon="plan",
        label=_("Look at plan") if is_stand_in else _("Review"),
        url=_url("plan" if is_stand_in else "review", item.client),
    )


def _reassess(item: DueItem, reader: Reader) -> DueLine:
    text, url = _("Look at the need again"), _url("assess", item.client)
    return _line(item, reader.today, text=text, icon="chart", label=_("Assess"), url=url)


def _intensity(item: DueItem, reader: Reader) -> DueLine:
    text, url = _("Intensity not confirmed yet"), _url("intensity", item.client, item.object)
    return _line(item, reader.today, text=text, icon="chart", label=_("Confirm"), url=url)


def _working_version(item: DueItem, reader: Reader) -> DueLine:
    text, url = _("Working version not agreed yet"), _url("working_version", item.client)
    return _line(item, reader.today, text=text, icon="plan", label=_("Continue"), url=url)


def _quiet(item: DueItem, reader: Reader) -> DueLine:
    is_planned = item.client.next_appointment_at is not None
    route = "clients:detail" if is_planned else "file_appointments:appointment_new"
    level = level_text(item.step, with_health=item.client_id not in reader.without_health)
    return _line(
        item,
        reader.today,
        text=_("No talk since %(day)s (%(level)s)") % {"day": date_de(item.on), "level": level},
        icon="quiet",
        label=_("Go to the file") if is_planned else _("Make appointment"),
        url=reverse(route, args=[item.client.uuid]),
    )


def _unassessed(items: Sequence[DueItem], today: dt.date) -> list[DueLine]:
    shown = items[:SINGLE] if len(items) > SINGLE + 1 else items
    result = [
        _line(
            item,
            today,
            text=_("No needs assessment yet"),
            icon="chart",
            label=_("Assess"),
            url=_url("assess", item.client),
        )
        for item in shown
    ]
    if len(items) > len(shown):
        rest = len(items) - len(shown)
        text = ngettext(
            "%(count)d more file without a needs assessment",
            "%(count)d more files without a needs assessment",
            rest,
        )
        when = items[len(shown)].due_on
        result.append(_list_line(today, ReviewState.UNASSESSED, when, text % {"count": rest}))
    return result


def _unagreed(items: Sequence[DueItem], today: dt.date) -> list[DueLine]:
    if len(items) > SINGLE:
        text = _("%(count)d files without an agreement") % {"count": len(items)}
        return [_list_line(today, ReviewState.NO_PLAN, None, text)]
    return [
        _line(
            item,
            today,
            text=_("No agreement yet"),
            icon="plan",
            label=_("Look at plan"),
            url=_url("plan", item.client),
        )
        for item in items
    ]


def _list_line(today: dt.date, state: ReviewState, when: dt.date | None, title: str) -> DueLine:
    url = f"{reverse('plans:list')}?state={state.value}"
    return DueLine(
        group=Group.PLANS,
        kind=f"{state.value}_list",
        today=today,
        when=when,
        title=title,
        url=url,
        icon="list",
        action_label=_("Show"),
        action_url=url,
    )


REASON = "items come from the reader's files"


class Words(NamedTuple):
    """What a version of the plan says of a goal or a measure, with the key of either."""

    key: UUID
    text: str
    side: str = ""
    third_party: str = ""


def _words(goals: Sequence[DueItem], measures: Sequence[DueItem], reader: Reader) -> dict[UUID, Words]:
    """By the key of the row the item is about, without protected modules where the reader may not read them."""
    if not goals and not measures:
        return {}
    said = {row.uuid: Words(row.goal.uuid, row.title) for row in reader.rows[GoalContent]}
    said |= {
        row.uuid: Words(row.measure.uuid, row.text, row.side, row.third_party)
        for row in reader.rows[MeasureContent]
    }
    closed = [item.object for item in (*goals, *measures) if item.client_id in reader.without_health]
    if closed:
        protected = _about_health(GoalContent, closed).union(_about_health(MeasureContent, closed), all=True)
        for key in protected:
            said.pop(key)
    return said


def _about_health(table: Any, keys: Sequence[UUID]) -> Any:
    rows = table.objects.unscoped(reason=REASON).filter(uuid__in=keys).marked()
    return rows.filter(about_health=True).order_by().values_list("uuid", flat=True)


def _readable(items: Sequence[DueItem], words: Mapping[UUID, Words]) -> Iterator[tuple[DueItem, Words]]:
    """What is said of each item."""
    for item in items:
        if (said := words.get(item.object)) is not None:
            yield item, said


def _goals(items: Sequence[DueItem], words: Mapping[UUID, Words], reader: Reader) -> list[DueLine]:
    return [
        _line(
            item,
            reader.today,
            text=_("Goal: %(title)s") % {"title": said.text},
            icon="target",
            label=_("How far?"),
            url=_url("goal_progress", item.client, said.key),
        )
        for item, said in _readable(items, words)
    ]


def _measures(items: Sequence[DueItem], words: Mapping[UUID, Words], reader: Reader) -> list[DueLine]:
    """One line a file."""
    by_file: dict[int, list[tuple[DueItem, Words]]] = defaultdict(list)
    for item, said in _readable(items, words):
        by_file[item.client_id].append((item, said))
    return [_measures_of(measures, reader.today) for measures in by_file.values()]


def _measures_of(measures: Sequence[tuple[DueItem, Words]], today: dt.date) -> DueLine:
    item, first = measures[0]
    if len(measures) == 1:
        who = _("the client") if first.side == Side.CLIENT else first.third_party
        text = _("Measure: %(text)s") % {"text": first.text}
        if who and first.side != Side.SERVICE:
            text = f"{text} ({who})"
        return _line(
            item,
            today,
            text=text,
            icon="check-circle",
            label=_("Done"),
            url=_url("measure_done", item.client, first.key),
            fields={},
        )
    return _line(
        item,
        today,
        text=_("%(count)d measures due, first: %(text)s") % {"count": len(measures), "text": first.text},
        icon="check-circle",
        label=_("Look at plan"),
        url=_url("plan", item.client),
    )
