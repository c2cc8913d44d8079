"""The talk that goes with what another form writes down: an app to the right brings its part of the form.

One talk is written down once (architecture.md "Contributions"): the form about the plan carries the part, and
``clients.services.log_steps`` saves both or neither.
"""

import datetime
from collections.abc import Callable
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.forms import RestoredMixin
from clients.models import Client
from ui.forms import FormTokenMixin

LOOK_AT_THE_TALK = _("Please look at the talk as well.")


class StepRefused(Exception):
    """The part cannot be saved; its own fields say why. Nothing was written."""


class LogStep(Protocol):
    """A part of a form: it is validated with the form and saved in its transaction."""

    def happens(self, day: datetime.date | None) -> None:
        """Say on which day the talk was, before the part is validated."""

    def is_valid(self) -> bool:
        """Whether the part was filled in rightly, or is not wanted."""

    def renew_token(self) -> None:
        """Give the posted part another token, so that it can be sent once more."""

    def log(self, actor: Actor) -> object:
        """Write the talk; inside the change of the form it goes with.

        Raises:
            StepRefused: it cannot be written.
        """


Maker = Callable[[QueryDict | None, QueryDict | None, Client, Actor], LogStep]
"""Makes the part from what was posted, or from a draft, for a file and who writes."""

_MAKERS: list[Maker] = []


def register(maker: Maker) -> None:
    """Register the part of a form; called from ``contributions.py``."""
    _MAKERS.append(maker)


class LogStepMixin(RestoredMixin, FormTokenMixin):
    """A form whose talk can be logged in the same step.

    Args:
        client: the file.
        actor: who writes.

    Attributes:
        day_field: the field that says on which day the talk was.
        inner: the parts, for the summary of errors and the template.
    """

    day_field = ""

    def __init__(
        self, data: Any = None, *args: Any, client: Client, actor: Actor, restored: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(data, *args, restored=restored, **kwargs)
        self.inner = [maker(data, restored, client, actor) for maker in _MAKERS]

    def renew_token(self) -> None:
        """Give the posted form another token, and each of its parts."""
        super().renew_token()
        for step in self.inner:
            step.renew_token()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for step in self.inner:
            step.happens(cleaned.get(self.day_field))
        if not all(step.is_valid() for step in self.inner):
            self.add_error(None, str(LOOK_AT_THE_TALK))
        return cleaned
