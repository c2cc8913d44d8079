"""Small parts of a page. Every tag escapes what it is given."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Protocol

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui import dates, notes
from ui.charts import BarChart, DataTable, LineChart, Spark
from ui.due import DueLine, NowLine
from ui.fields import chips, write_field, write_form
from ui.forms import error_list
from ui.parts import (
    care,
    cell_text,
    due,
    icon,
    late,
    member_text,
    name_text,
    nav_links,
    options,
    symbol,
    tick,
    who_text,
)
from ui.rows import due_line, together

register = template.Library()
for part in (
    care,
    cell_text,
    chips,
    due,
    icon,
    late,
    member_text,
    name_text,
    nav_links,
    options,
    symbol,
    tick,
    who_text,
):
    register.simple_tag(part)
register.simple_tag(write_field, name="field")

SCALE_LEFT, SCALE_STEP = 4, 22
NEED_TICKS = format_html(
    '<path d="M4 8H92{}"/>', "".join(f"M{SCALE_LEFT + SCALE_STEP * step} 4v8" for step in range(5))
)
HERE, PAST, LIMIT = (format_html(' class="{}"', name) for name in ("here", "past", "limit"))
CLOCK_LEFT, CLOCK_STEP = 2, 4


class Person(Protocol):
    """Who is shown by name, or by number under the privacy screen."""

    @property
    def display_name(self) -> str: ...
    @property
    def case_no(self) -> str: ...


def _today(context: Context, today: date | None) -> date:
    return today or context.get("today") or timezone.localdate()


@register.simple_tag
def who(person: Person, link: bool = True) -> SafeString:
    """A person; Sichtschutz shows the number instead."""
    url = person.get_absolute_url() if link and hasattr(person, "get_absolute_url") else ""
    return who_text(person.display_name, person.case_no, url)


@register.filter
def date_de(value: date | None) -> str:
    """14.03.2018."""
    return dates.date_de(value)


@register.filter
def time_de(value: datetime | time | None) -> str:
    """14:32."""
    return dates.time_de(value)


@register.filter
def datetime_de(value: datetime | None) -> str:
    """14.03.2018, 14:32."""
    return dates.datetime_de(value)


@register.filter
def long_day(value: date) -> str:
    """Donnerstag, 14. März."""
    return dates.long_day(value)


@register.filter
def month_name(value: date) -> str:
    """März 2019."""
    return dates.month_name(value)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date, today: date | None = None) -> str:
    """heute, morgen, gestern or Mo 18.03."""
    return dates.day_word(value, _today(context, today))


@register.simple_tag(takes_context=True)
def when(context: Context, value: date, today: date | None = None) -> SafeString:
    """The time column of a row: the day, below it the hour or how far away it is."""
    now = _today(context, today)
    small = dates.time_de(value) if isinstance(value, datetime) else dates.distance(value, now)
    word = dates.day_word(value, now)
    if word == small:
        return format_html("<p>{}</p>", word)
    return format_html("<p>{}<small>{}</small></p>", word, small)


@register.simple_tag(takes_context=True)
def due_word(context: Context, value: date | None, today: date | None = None) -> SafeString:
    """Overdue and due today with icon and word, otherwise the plain day."""
    if value is None:
        return format_html("{}", "")
    now = _today(context, today)
    day_of = dates.local_day(value)
    if day_of < now:
        since = _("since %(date)s") % {"date": dates.short_date(day_of, now)}
        return format_html("{} {}", late(_("overdue")), since)
    if day_of == now:
        return due(_("today"))
    return format_html("{}", dates.day_word(day_of, now))


@register.inclusion_tag("components/_need_scale.html")
def need_scale(
    value: int | None, was: int | None = None, word: str = "", was_word: str = ""
) -> dict[str, Any]:
    """A reading from 0 to 4 with its former place; ``None`` says that there is none yet."""
    moved = value is not None and was is not None and was != value
    return {
        "value": value,
        "word": word,
        "was_word": was_word,
        "moved": moved,
        "ticks": NEED_TICKS,
        "x": None if value is None else SCALE_LEFT + SCALE_STEP * value,
        "was_x": SCALE_LEFT + SCALE_STEP * was if moved and was is not None else None,
    }


@register.inclusion_tag("components/_clock.html")
def clock_ruler(month: int, total: int = 36, limits: str = "30,34,36") -> dict[str, Any]:
    """A ruler of ``total`` months with the present one and the marks in ``limits``."""
    marks = {int(part) for part in limits.split(",") if part.strip()}
    ticks: dict[str, str] = defaultdict(str)
    for number in range(1, total + 1):
        top = 0 if number == month or number in marks else 5
        ticks[_tick_class(number, month, marks)] += f"M{CLOCK_LEFT + CLOCK_STEP * (number - 1)} {top}V16"
    return {
        "ticks": format_html_join("", '<path{} d="{}"/>', ticks.items()),
        "month": month,
        "total": total,
        "width": CLOCK_STEP * total + 2,
    }


def _tick_class(number: int, month: int, marks: set[int]) -> str:
    if number == month:
        return HERE
    if number < month:
        return PAST
    return LIMIT if number in marks else ""


@register.inclusion_tag("components/_saved.html")
def saved_at(moment: datetime | str | None = None) -> dict[str, Any]:
    """The quiet line that tells when the draft was stored; empty until it was."""
    return {"moment": dates.time_de(moment) if isinstance(moment, datetime) else moment or ""}


@register.inclusion_tag("components/_figure.html", takes_context=True)
def figure(context: Context, chart: BarChart | LineChart | DataTable, id: str) -> dict[str, Any]:
    """A chart with its finding, its legend, what it means, and the same figures as a table and as files.

    The files come from the page itself, which says by ``has_files`` that it makes them.
    """

    def as_file(kind: str) -> str:
        query = context["request"].GET.copy()
        query["figure"], query["as"] = id, kind
        return f"?{query.urlencode()}"

    has_files = bool(context.get("has_files"))
    return {
        "csv_url": as_file("csv") if has_files else "",
        "xlsx_url": as_file("xlsx") if has_files else "",
        "chart": chart,
        "id": id,
        "table": chart if isinstance(chart, DataTable) else chart.table,
        "kind": type(chart).__name__,
    }


@register.inclusion_tag("components/_table.html")
def data_table(table: DataTable) -> dict[str, Any]:
    """A table of figures."""
    return {"table": table}


@register.inclusion_tag("components/_spark.html")
def spark(values: Spark) -> dict[str, Any]:
    """A small line without axes."""
    return {"spark": values}


@register.inclusion_tag("components/_kpis.html")
def kpis(items: Iterable[object]) -> dict[str, Any]:
    """Key figures, three in a row."""
    return {"items": items}


@register.inclusion_tag("components/_error_summary.html")
def error_summary(form: BaseForm, title: str = "") -> dict[str, Any]:
    """What is wrong, above the form, each line a link to its field; ``title`` stands before it."""
    return {"errors": error_list(form), "title": title or getattr(form, "error_title", None)}


@register.simple_tag(takes_context=True)
def fields(context: Context, form: Any) -> SafeString:
    """What is wrong with a form, then its fields in their order."""
    summary = get_template("components/_error_summary.html").render(error_summary(form))
    return format_html("{}{}", summary, write_form(form, form.helper.layout, context))


@register.simple_tag(takes_context=True)
def form_part(context: Context, form: Any) -> SafeString:
    """The fields of a form that stands inside another one; the summary of errors is the outer form's."""
    return write_form(form, form.helper.layout, context)


@register.inclusion_tag("components/_form.html", takes_context=True)
def render_form(
    context: Context,
    form: BaseForm,
    submit: str = "",
    cancel_url: str = "",
    action: str = "",
    submit_name: str = "",
    second_name: str = "",
    second_label: str = "",
    draft_url: str = "",
    draft_key: str = "",
    draft_saved_at: datetime | str | None = None,
    form_id: str = "",
) -> dict[str, Any]:
    """A whole form: errors, fields, buttons; with ``draft_url`` it keeps a draft on the server."""
    return {
        "form": form,
        "submit": submit or _("Save"),
        "submit_name": submit_name,
        "second_name": second_name,
        "second_label": second_label,
        "cancel_url": cancel_url,
        "action": action,
        "draft_url": draft_url,
        "draft_key": draft_key,
        "draft_saved_at": draft_saved_at,
        "form_id": form_id,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/_sec.html", takes_context=True)
def due_section(
    context: Context,
    title: str,
    id: str,
    lines: Iterable[DueLine | NowLine] = (),
    note: str = "",
    empty: str = "",
    empty_url: str = "",
    empty_label: str = "",
) -> dict[str, Any]:
    """A section of a worklist: its lines, or what will appear here and the first step."""
    return {
        "title": title,
        "id": id,
        "lines": lines,
        "note": note,
        "empty": empty,
        "empty_url": empty_url,
        "empty_label": empty_label,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_block_tag
def sec(content: str, title: str, id: str, note: str = "") -> SafeString:
    """A section with its heading in the margin."""
    small = format_html("<p>{}</p>", note) if note else ""
    return format_html(
        '<section class="sec" aria-labelledby="{id}"><header class="sec-head"><h2 id="{id}">{title}</h2>'
        "{small}</header><div>{content}</div></section>",
        id=id,
        title=title,
        small=small,
        content=content,
    )


@register.simple_block_tag
def quiet_line(content: str, symbol: str) -> SafeString:
    """One sentence of context with one action."""
    return format_html('<p class="quiet-line">{}<span>{}</span></p>', icon(symbol), content)


@register.inclusion_tag("components/_paging.html", takes_context=True)
def paging(
    context: Context,
    after: object = None,
    before: object = None,
    first: bool = False,
    label: str = "",
) -> dict[str, Any]:
    """Links to the next and the first page of a keyset list; filters in the address stay."""
    request = context.get("request")
    query = request.GET if request else QueryDict()
    return {
        "next_url": _with(query, after=after, before=None) if after else "",
        "previous_url": _with(query, before=before, after=None) if before else "",
        "first_url": _with(query, after=None, before=None) if first else "",
        "label": label,
    }


def _with(query: QueryDict, **changes: object) -> str:
    changed = query.copy()
    for key, value in changes.items():
        changed.pop(key, None)
        if value is not None:
            changed[key] = str(value)
    return f"?{changed.urlencode()}"


@register.filter
def undo_url(message: Message) -> str:
    """Where "undo" of a message posts to, or nothing."""
    return notes.undo_target(message.extra_tags)


@register.simple_tag(takes_context=True)
def due_lines(context: Context, lines: Iterable[DueLine | NowLine], form: str = "") -> SafeString:
    """The rows of a worklist; ``form`` is the id of a form on the page that their buttons share."""
    token = str(context.get("csrf_token") or "")
    return together((due_line(line, token, form) for line in lines), "\n")


@register.simple_tag
def joined(parts: Iterable[object], separator: str = " · ") -> SafeString:
    """Facts in one line; empty ones leave no gap."""
    return format_html_join(separator, "{}", ((part,) for part in parts if part))
