"""Rows of long lists, written in Python: in a template fifty rows cost more than the rest of the page.

Every value passes ``escape``; what is put together here is markup of this module and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui.dates import date_de, datetime_de, local_day
from ui.due import DueLine, NowLine, Outcome
from ui.parts import care, escape, icon, marked, who_text


def together(rows: Iterable[SafeString], between: str = "") -> SafeString:
    """Written rows, one below the other; what is not written yet is escaped."""
    return SafeString(between.join(map(escape, rows)))


def hidden_fields(fields: Mapping[str, str]) -> str:
    """What a form sends along."""
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )


def due_line(line: DueLine | NowLine, csrf_token: str = "", shared_form: str = "") -> SafeString:
    """A row of a worklist.

    Args:
        line: what it says.
        csrf_token: what the forms of its buttons send along.
        shared_form: id of a form of the page with the token and ``next``, for a button that says one thing more.
    """
    if isinstance(line, NowLine):
        word = escape(_("Now"))
        now = f'<span class="visually-hidden">{word} </span>{escape(line.word)}'
        return SafeString(f'<li class="now-line"><span>{now}</span></li>')
    done = line.state == "done"
    css = f"entry{' is-done' if done else ''}{' is-wide' if line.outcomes else ''}"
    small = f"<small>{escape(line.small)}</small>" if line.small else ""
    parts = [escape(line.text)] if line.text else []
    if line.care:
        parts.append(care(line.care))
    if line.further:
        parts.append(f'<a href="{escape(line.further_url)}" data-further>{escape(line.further)}</a>')
    text = f"<p>{' · '.join(parts)}</p>" if parts else ""
    return SafeString(
        f'<li class="{css}" data-row="{_key(line)}"><p>{marked(line.mark, line.word)}{small}</p>'
        f"{icon('check-circle' if done else line.icon)}"
        f"<div><h3>{who_text(line.title, line.case_no, line.url)}</h3>"
        f"{text}</div>{_act(line, csrf_token, shared_form)}</li>"
    )


def _key(line: DueLine) -> str:
    """What finds the row again on the page of a moment later."""
    if line.subject and not line.done:
        return line.subject[:8]
    return format(crc32(f"{line.kind} {line.url or line.title} {line.when}".encode()), "x")


def _act(line: DueLine, csrf_token: str, shared_form: str) -> str:
    """The one next step of a row, or the outcomes it can have."""
    if line.outcomes:
        label = escape(_("Outcome for %(title)s") % {"title": line.case_no or line.title})
        buttons = "".join(_outcome(outcome, line.outcome_name) for outcome in line.outcomes)
        inner = f'<div class="outcome" role="group" aria-label="{label}">{buttons}</div>'
        return f'<div class="entry-act">{_form(line, inner, csrf_token) if line.action_url else inner}</div>'
    if not (line.action_label and line.action_url):
        return ""
    css, url = f"btn btn-sm {'btn-quiet' if line.is_urgent else 'btn-plain'}", escape(line.action_url)
    inner, about = escape(line.action_label), escape(line.text or line.case_no or line.title)
    attributes = f'class="{css}" aria-label="{inner}: {about}"'
    said = {name: value for name, value in line.action_fields.items() if name != "next"}
    if line.action_method == "post" and shared_form and len(said) <= 1:
        says = "".join(f' name="{escape(name)}" value="{escape(value)}"' for name, value in said.items())
        button = (
            f'<button {attributes} form="{escape(shared_form)}" formaction="{url}"{says}>{inner}</button>'
        )
        return f'<div class="entry-act">{button}</div>'
    if line.action_method == "post":
        button = f"<button {attributes}>{inner}</button>"
        return f'<div class="entry-act">{_form(line, button, csrf_token)}</div>'
    return f'<div class="entry-act"><a {attributes} href="{url}">{inner}</a></div>'


def _form(line: DueLine, inner: str, csrf_token: str) -> str:
    fields = hidden_fields({"csrfmiddlewaretoken": csrf_token} if csrf_token else {})
    fields += hidden_fields(line.action_fields)
    return f'<form method="post" action="{escape(line.action_url)}">{fields}{inner}</form>'


def _outcome(outcome: Outcome, name: str) -> str:
    if outcome.url:
        return f'<a href="{escape(outcome.url)}">{escape(outcome.label)}</a>'
    if outcome.post_url:
        return f'<button formaction="{escape(outcome.post_url)}">{escape(outcome.label)}</button>'
    value = escape(outcome.value)
    return f'<button name="{escape(name)}" value="{value}">{escape(outcome.label)}</button>'


def cell(text: object, label: str = "", empty: str = "–") -> str:
    """A cell of a table; ``label`` names its column where the row becomes a card."""
    css = "" if text else ' class="is-empty"'
    named = f' data-label="{escape(label)}"' if label else ""
    shown = text if isinstance(text, str) else str(text or "")
    return f"<td{css}{named}>{escape(shown or empty)}</td>"


def tick_box(name: str, value: str, label: str, form: str) -> str:
    """A box before a name, a part of a form elsewhere on the page."""
    return (
        f'<label class="row-tick"><input class="form-check-input" type="checkbox" name="{escape(name)}" '
        f'value="{escape(value)}" form="{escape(form)}"><span class="visually-hidden">{escape(label)}</span></label>'
    )


def person_row(
    url: str, name: str, case_no: str, facts: Iterable[str], cells: Iterable[str], before: str = ""
) -> SafeString:
    """A row of a table of people: the name with its facts below, then ``cells``; a ``tick_box`` may stand before."""
    small = " · ".join(escape(fact) for fact in facts if fact)
    return SafeString(
        f'<tr><th scope="row">{before}{who_text(name, case_no, url)}<small>{small}</small></th>'
        f"{''.join(cells)}</tr>"
    )


def timeline_entry(entry: Any) -> SafeString:
    """A ``TimelineEntry`` of ``clients.timeline``: its line, of a talk the first of its note; the rest when opened."""
    day = local_day(entry.at)
    rest = f'<span class="tl-rest">{escape(entry.text)}</span>' if entry.text else ""
    note, detail = "", entry.detail
    if entry.is_talk and detail:
        note, detail = f'<span class="tl-note" dir="auto">{escape(detail[0])}</span>', detail[1:]
    return SafeString(
        f'<details class="tl-item{" is-talk" if entry.is_talk else ""}"><summary>'
        f'<time datetime="{day:%Y-%m-%d}">{day:%d.%m.}</time>{icon(entry.icon)}'
        f'<span class="tl-line"><span class="tl-what">{escape(entry.title)}</span>{rest}{note}</span></summary>'
        f'<div class="tl-more">{_told(entry, detail)}</div></details>'
    )


def _told(entry: Any, lines: Sequence[object]) -> str:
    """Its further lines, its facts, and who recorded it when."""
    detail = "".join(f'<p dir="auto">{linebreaksbr(str(line))}</p>' for line in lines)
    facts = " ".join(f"<span>{escape(fact)}</span>" for fact in entry.meta)
    meta = f'<p class="meta">{facts}</p>' if facts else ""
    moment = datetime_de(entry.at) if entry.has_time else date_de(entry.at)
    by = f" · {escape(entry.by)}" if entry.by else ""
    label = entry.url_label or _("Open")
    link = f' <a href="{escape(entry.url)}">{escape(label)}</a>' if entry.url else ""
    return f'{detail}{meta}<p class="meta"><span>{moment}{by}</span>{link}</p>'
