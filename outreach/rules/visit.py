"""A visit at one address: one stop on the round, one result per person (rules.md §4)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from appointments.choices import Result, SpokenWith


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
