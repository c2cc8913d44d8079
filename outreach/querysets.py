"""Questions over outreach ladders."""

from typing import Self

from clients.querysets import FileRowQuerySet


class LadderQuerySet(FileRowQuerySet):
    """Outreach ladders as they were stored last; the rule itself is asked through `services.ladders`."""

    def open(self) -> Self:
        """Not ended; at most one per file."""
        return self.filter(ended_at__isnull=True)
