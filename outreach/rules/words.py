"""Words that every sentence about a ladder is made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from outreach.rules.view import LadderView


def short_date(day: date, today: date) -> str:
    """21.02. in the present year, 21.02.2018 in another."""
    return day.strftime("%d.%m.") if day.year == today.year else day.strftime("%d.%m.%Y")


def full_stop(sentence: str) -> str:
    """The sentence with its full stop; a short date at its end has one already."""
    return sentence.rstrip(".") + "."


def day_text(view: LadderView, day: date | None) -> str:
    return short_date(day, view.today) if day is not None else "–"


def listed(items: Iterable[str]) -> str:
    """ "A, B and C"; what occurs twice is said once."""
    said = list(dict.fromkeys(items))
    if len(said) < 2:
        return "".join(said)
    return _("%(first)s and %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}
