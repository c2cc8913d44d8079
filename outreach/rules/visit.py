"""A visit at one address: one stop on the round, one result per person (rules.md §4)."""

from __future__ import annotations

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from appointments.choices import Result, SpokenWith
from appointments.rules.contact import ContactFact
from outreach.rules.view import Action, LadderView


class VisitResult(TextChoices):
    """What the visit brought for one person. Silence is *not met*, never *refused*."""

    MET = "met", pgettext_lazy("visit", "met and talked")
    CARD = "card", pgettext_lazy("visit", "not met, card left")
    NOT_MET = "not_met", pgettext_lazy("visit", "not met")
    RELATIVE = "relative", pgettext_lazy("visit", "only a relative or neighbour met")
    SKIPPED = "skipped", pgettext_lazy("visit", "was not about this person")


#: What is logged for each result: the result of the contact and who was spoken with.
LOGGED: dict[str, tuple[Result, SpokenWith]] = {
    VisitResult.MET: (Result.TALK, SpokenWith.CLIENT),
    VisitResult.CARD: (Result.NOT_MET_CARD, SpokenWith.NOBODY),
    VisitResult.NOT_MET: (Result.NOT_MET, SpokenWith.NOBODY),
    VisitResult.RELATIVE: (Result.MESSAGE_LEFT, SpokenWith.RELATIVE),
}


def result_of(contact: ContactFact) -> VisitResult:
    """What a visit without a two-way talk brought: the other way round than ``LOGGED``."""
    said = (contact.result, contact.spoken_with)
    return next(
        (VisitResult(found) for found, logged in LOGGED.items() if logged == said), VisitResult.NOT_MET
    )


def is_visit_of(view: LadderView | None, day: date) -> bool:
    """Whether the ladder lets a visit be made, or prepared, for a day.

    One that was announced is a visit of that day alone; before it is announced any day may be prepared, and a second
    visit needs no announcement (rules.md §4, table).
    """
    if view is None or view.suspended or view.action not in (Action.VISIT, Action.SECOND_VISIT):
        return False
    return view.action == Action.SECOND_VISIT or view.visit_on in (None, day)
