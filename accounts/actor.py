"""Who acts, when and in which right: made once per request or command, and the first argument of every service."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.access import Scope, scope_of
from accounts.permissions import may


@dataclass(frozen=True)
class Actor:
    """Who acts.

    Attributes:
        user: who is at the keyboard; None for anonymous visitors and for commands.
        now: the instant at which the request or command began.
        name: of the command, where no user acts.
    """

    user: Any
    now: datetime.datetime = field(default_factory=timezone.now)
    name: str = ""

    @classmethod
    def system(cls, name: str, now: datetime.datetime | None = None) -> Self:
        """A command that acts without a user."""
        return cls(None, now or timezone.now(), name)

    @property
    def pk(self) -> int | None:
        """The key of the user."""
        return getattr(self.user, "pk", None)

    @cached_property
    def today(self) -> datetime.date:
        """The local date, the only one the rules of this request use."""
        return timezone.localdate(self.now)

    @property
    def scope(self) -> Scope:
        """What the user may see today."""
        return scope_of(self.user, self.today)

    def acting_for(self, client: Any) -> int | None:
        """Id of the absent manager when the user reaches this file as a stand-in of today, else None."""
        return self.scope.acting_for(client.manager_id)

    def require(self, permission: str, *, as_stand_in: bool = False) -> None:
        """Let nobody go on whose role lacks a permission; about a file ``change`` asks, under its lock.

        Args:
            permission: a key of ``accounts.permissions.PERMISSIONS``.
            as_stand_in: the file belongs to a manager she stands in for.

        Raises:
            PermissionDenied: the role lacks it, or it is not for stand-ins.
        """
        if not may(self.user, permission, as_stand_in=as_stand_in):
            raise PermissionDenied
