"""One file in one request: sections, timeline sources and header facts receive this, never a view."""

import datetime
from dataclasses import dataclass
from typing import Any

from accounts.actor import Actor
from accounts.file_loader import Wanted
from accounts.permissions import may
from clients.file_facts import FileFacts
from clients.file_rows import Rows, rows_of
from clients.health import may_read_health
from clients.models import Client


@dataclass(frozen=True)
class FileContext:
    """A file that the actor may see.

    Attributes:
        client: the file.
        actor: for whom it is shown.
        facts: what the file itself holds, each look-up once per request.
        on_paper: for a print that may be handed on: nobody else's name, and no address.
        with_health: protected rows too, where the actor may read them; ask ``reads_health``.
    """

    client: Client
    actor: Actor
    facts: FileFacts
    on_paper: bool = False
    with_health: bool = True

    @classmethod
    def of(cls, client: Client, actor: Actor) -> "FileContext":
        """The context of a file; the caller has checked the actor's access."""
        return cls(client, actor, FileFacts(client, actor))

    @property
    def user(self) -> Any:
        return self.actor.user

    @property
    def now(self) -> datetime.datetime:
        return self.actor.now

    @property
    def today(self) -> datetime.date:
        return self.actor.today

    @property
    def reads_health(self) -> bool:
        """Whether rows about health are shown: the reader may, and they were not left out of a print (rules.md §8)."""
        return self.with_health and may_read_health(self.user, self.client, self.now)

    def may(self, permission: str) -> bool:
        """Whether the actor holds a permission in this file; a stand-in holds fewer."""
        return may(self.user, permission, as_stand_in=self.actor.acting_for(self.client) is not None)

    def rows(self, tables: tuple[Wanted, ...]) -> Rows:
        """The rows of some small tables, read once per request."""
        return rows_of(self.client, tables)
