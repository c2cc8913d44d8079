"""People with two files that were linked: figures count a person once (rules.md §9)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from clients.choices import Phase
from clients.models import DuplicateLink, PhaseChange
from clients.rules.phases import WORKING_PHASES

if TYPE_CHECKING:
    from clients.figures import FilesOverTime


def kept_twice(files: FilesOverTime) -> dict[int, int]:
    """Which of the files are kept twice, each with the one that leads (one query)."""
    links = DuplicateLink.objects.unscoped(reason="figures").holding().filter(**files.whose())
    return dict(links.values_list("client_id", "other_id"))


class PeopleTwice:
    """How many people had two open files on a day, of which one was worked in and would count too (two queries).

    A link says what had always been so: the days before it are counted as if it had been made then.

    Args:
        files: the files that are counted.
        last: the last day that is asked about.
    """

    def __init__(self, files: FilesOverTime, last: datetime.date) -> None:
        self._files = files
        self._leading = kept_twice(files)
        self._phases: dict[int, list[tuple[datetime.date, str]]] = {}
        keys = {*self._leading, *self._leading.values()}
        changes = PhaseChange.objects.unscoped(reason="figures").filter(client__in=keys, on__lte=last)
        for key, on, phase in changes.order_by("on", "id").values_list("client_id", "on", "phase"):
            self._phases.setdefault(key, []).append((on, phase))

    def number_on(self, day: datetime.date) -> int:
        """How many at the end of a day."""
        return sum(
            self._phase(doubled, day) in WORKING_PHASES
            and self._phase(leading, day) != Phase.CLOSED
            and (doubled not in self._files.stays or self._files.was_here(doubled, day))
            for doubled, leading in self._leading.items()
        )

    def _phase(self, key: int, day: datetime.date) -> str:
        """The phase of a file on a day; one that was not registered yet is as if closed."""
        then = [phase for on, phase in self._phases.get(key, ()) if on <= day]
        return then[-1] if then else Phase.CLOSED
