"""Questions over outreach ladders and visits."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from clients.querysets import FileRowQuerySet
from outreach.choices import CompanionState

if TYPE_CHECKING:
    from accounts.models import User


STANDING = (CompanionState.ASKED, CompanionState.ACCEPTED)


class LadderQuerySet(FileRowQuerySet):
    """Outreach ladders as they were stored last; the rule itself is asked through `services.ladders`."""

    def open(self) -> Self:
        """Not ended; at most one per file."""
        return self.filter(ended_at__isnull=True)


class CompanionQuerySet(FileRowQuerySet):
    """Colleagues asked to come along on a visit."""

    def standing(self) -> Self:
        """Asked and not answered, or accepted."""
        return self.filter(state__in=STANDING)

    def told_to(self, user: "User") -> Self:
        """What a user is asked for, or asked somebody herself: time and address, nothing of the file."""
        return self.filter(Q(colleague=user) | Q(asked_by=user))

    def in_day_of(self, user: "User") -> Self:
        """What a user is told, and refusals in her files, whoever asked for her."""
        # As keys: a condition on the file beside the others would read the whole table.
        refused = self.filter(state=CompanionState.DECLINED, client__manager=user).order_by().values("pk")
        return self.filter(Q(colleague=user) | Q(asked_by=user) | Q(pk__in=refused))

    def blocking(self, colleague: int, start: datetime.datetime, end: datetime.datetime) -> Self:
        """Visits a colleague promised to come along to between two instants, half-open."""
        return self.filter(
            colleague_id=colleague, state=CompanionState.ACCEPTED, starts_at__lt=end, ends_at__gt=start
        )


class BackByQuerySet(FileRowQuerySet):
    """Who is out until when."""

    def out(self) -> Self:
        """Not back yet."""
        return self.filter(back_at__isnull=True)

    def told_to(self, user: "User") -> Self:
        """One's own, and those of colleagues who named this user."""
        return self.filter(Q(user=user) | Q(colleague=user))
