"""Entries of the timeline as pages show them, written in Python: forty of them cost a template most of its page.

Every value passes ``escape``.
"""

import datetime
from collections.abc import Iterable
from itertools import groupby

from django.template.defaultfilters import linebreaksbr
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clients.timeline import TimelineEntry
from ui.dates import date_de, datetime_de, local_day
from ui.parts import icon, symbol


def by_month(entries: Iterable[TimelineEntry]) -> list[tuple[datetime.date, SafeString]]:
    """Written entries under the month they happened in."""
    months = groupby(entries, lambda entry: local_day(entry.at).replace(day=1))
    return [(month, SafeString("".join(map(_written, inside)))) for month, inside in months]


def _written(entry: TimelineEntry) -> str:
    day = local_day(entry.at)
    rest = f'<span class="tl-rest">{escape(entry.text)}</span>' if entry.text else ""
    return (
        f'<details class="tl-item{" is-talk" if entry.is_talk else ""}"><summary>'
        f'<time datetime="{day:%Y-%m-%d}">{day:%d.%m.}</time>{icon(entry.icon)}'
        f'<span class="tl-line"><span class="tl-what">{escape(entry.title)}</span>{rest}</span>'
        f'<svg class="icon tl-chev" aria-hidden="true"><use href="{symbol("down")}"/></svg></summary>'
        f'<div class="tl-more">{_more(entry)}</div></details>'
    )


def _more(entry: TimelineEntry) -> str:
    """What an entry tells when it is opened: its lines, its facts, who recorded it."""
    detail = "".join(f"<p>{linebreaksbr(str(line))}</p>" for line in entry.detail)
    facts = " ".join(f"<span>{escape(fact)}</span>" for fact in entry.meta)
    meta = f'<p class="meta">{facts}</p>' if facts else ""
    moment = datetime_de(entry.at) if entry.has_time else date_de(entry.at)
    by = f" · {escape(_('Recorded by %(name)s') % {'name': entry.by})}" if entry.by else ""
    link = f' <a href="{escape(entry.url)}">{escape(entry.url_label or _("Open"))}</a>' if entry.url else ""
    return f'{detail}{meta}<p class="meta"><span>{moment}{by}</span>{link}</p>'
