"""What a file's page says about other files of perhaps the same person."""

from dataclasses import dataclass

from accounts.actor import Actor
from clients.models import Client, DuplicateDismissal, DuplicateLink
from clients.rules.duplicates import Suspicion
from clients.services.duplicate_dismissals import dismissals_about
from clients.services.duplicate_links import links_about
from clients.services.duplicates import suspected_of


@dataclass(frozen=True)
class PossibleDuplicate:
    """A file that may be the same person, or was told apart from this one.

    Attributes:
        in_inbox: nobody has taken it: of such a file no case number is told, and not why it looks alike.
        suspicion: why they may be one person; None when it is not told, or when a user asked although the names differ.
        dismissal: the pair as it was decided or asked about again, None while nobody has said anything.
        may_link: both files are the user's own.
        to_hand_over: the one of the two that is the user's own, where the other is somebody else's.
    """

    client: Client
    in_inbox: bool
    suspicion: Suspicion | None = None
    dismissal: DuplicateDismissal | None = None
    may_link: bool = False
    to_hand_over: Client | None = None

    @property
    def is_dismissed(self) -> bool:
        """Whether a user said that these are different persons, and nobody has asked again since."""
        return self.dismissal is not None and self.dismissal.holds


@dataclass(frozen=True)
class LinkedFile:
    """Another file of the same person.

    Attributes:
        client: the other file.
        leads: the counselling goes on there; this file is kept twice.
        link: who linked them, and when.
        may_undo: both files are the user's own.
    """

    client: Client
    leads: bool
    link: DuplicateLink
    may_undo: bool


def possible_duplicates(actor: Actor, client: Client, phone: str) -> list[PossibleDuplicate]:
    """Files that may be the same person, the most likely first, then those it was told apart from.

    Args:
        actor: who reads.
        client: a file the actor was let into.
        phone: a number of the person in normalised form, or "".
    """
    suspected = [
        PossibleDuplicate(
            found.client,
            found.in_inbox,
            suspicion=None if found.in_inbox else found.suspicion,
            may_link=_both_own(actor, client, found.client),
            to_hand_over=_own_alone(actor, client, found.client),
        )
        for found in suspected_of(actor, client, phone)
    ]
    known = {duplicate.client.pk for duplicate in suspected}
    dismissals = [(row.other_file_of(client), row) for row in dismissals_about(client, actor.user)]
    decided = [
        PossibleDuplicate(
            other,
            other.manager_id is None,
            dismissal=row,
            may_link=_both_own(actor, client, other) and not row.holds,
            to_hand_over=_own_alone(actor, client, other),
        )
        for other, row in dismissals
        if other.pk not in known
    ]
    return [*suspected, *decided]


def linked_files(actor: Actor, client: Client) -> list[LinkedFile]:
    """The files linked with this one that the actor knows too."""
    return [
        LinkedFile(
            row.other_file_of(client),
            leads=row.client_id == client.pk,
            link=row,
            may_undo=_both_own(actor, client, row.other_file_of(client)),
        )
        for row in links_about(client, actor.user)
        if row.holds
    ]


def _both_own(actor: Actor, client: Client, other: Client) -> bool:
    return client.manager_id == other.manager_id == actor.pk


def _own_alone(actor: Actor, client: Client, other: Client) -> Client | None:
    """The only one of two files that is the actor's own and open: it can be handed over to whoever has the other."""
    own = [file for file in (client, other) if file.manager_id == actor.pk and not file.is_closed]
    return own[0] if len(own) == 1 else None
