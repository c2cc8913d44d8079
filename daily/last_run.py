"""How the last daily run went, for the administration and for machines that watch."""

import datetime
from dataclasses import dataclass
from typing import Self

from daily.models import JobRun

STALE_AFTER = datetime.timedelta(hours=26)
"""A day, and two hours for a slow run or the night in which clocks change."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of all steps.

    Attributes:
        run: None when there was none yet.
        failed: codes of its steps that ended with an error.
        is_stale: it began more than 26 hours ago.
    """

    run: JobRun | None
    failed: tuple[str, ...] = ()
    is_stale: bool = False

    @classmethod
    def at(cls, now: datetime.datetime) -> Self:
        """As it stands at an instant."""
        run = JobRun.objects.whole().first()
        if run is None:
            return cls(None)
        failed = JobRun.objects.failed_on(run.day).values_list("step", flat=True)
        return cls(run, tuple(failed), now - run.started_at > STALE_AFTER)
