"""Caseloads that lost their manager: how many files wait, and assigning them by count (rules.md §8)."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Count, Min, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.models import Municipality, User
from accounts.services.locking import lock
from accounts.staff import managers_serving
from audit.recording import record
from clients.actions import REASSIGNED
from clients.choices import Intensity, Phase
from clients.models import Client, HouseholdMember, Responsibility
from clients.querysets import HouseholdMemberQuerySet
from clients.services.change import change, lockable
from clients.services.responsibility import assign
from intake.rules.caseload_distribution import FileGroup, distribute

REASON: Final = "a caseload without a manager is counted and assigned by number"

PRESSING: Final[Mapping[str, float]] = {
    Intensity.CRISIS: 4,
    Intensity.INTENSIVE: 3,
    Intensity.REGULAR: 1.5,
    Intensity.PUNCTUAL: 0.5,
    "": 1.5,
}
"""How pressing a file is, in the order and at the distances of rules.md §5; a paused one is not."""


@dataclass(frozen=True, slots=True)
class UnassignedCaseload:
    """Files of one manager that wait in one municipality's inbox since she left; numbers, no file.

    Attributes:
        key: stands for it in an address, without naming anybody.
        number: files waiting.
        since: the instant the first of them fell.
    """

    key: uuid.UUID
    municipality: Municipality
    leaver: User
    number: int
    since: datetime.datetime


def unassigned_caseloads() -> list[UnassignedCaseload]:
    """What waits in all inboxes "from …", by municipality; three queries however many files wait."""
    rows = (
        _unassigned()
        .values("municipality", "former_manager")
        .annotate(number=Count("pk"), since=Min("since"))
        .order_by("municipality__name", "former_manager__last_name", "former_manager")
    )
    found = list(rows)
    places = Municipality.objects.in_bulk([row["municipality"] for row in found])
    people = User.objects.in_bulk([row["former_manager"] for row in found])
    return [
        UnassignedCaseload(
            key=_key(row["municipality"], row["former_manager"]),
            municipality=places[row["municipality"]],
            leaver=people[row["former_manager"]],
            number=row["number"],
            since=row["since"],
        )
        for row in found
    ]


def _unassigned() -> QuerySet[Responsibility]:
    """The open rows of files that had a manager and have none; what was never taken is nobody's caseload."""
    return (
        Responsibility.objects.unscoped(reason=REASON)
        .filter(until__isnull=True, manager__isnull=True, former_manager__isnull=False)
        .exclude(client__phase__in=(Phase.ACCESS, Phase.CLOSED))
    )


def was_unassigned(key: uuid.UUID) -> bool:
    """Whether files waited under this key once; none do any more."""
    rows = (
        Responsibility.objects.unscoped(reason=REASON)
        .filter(manager__isnull=True, former_manager__isnull=False, until__isnull=False)
        .order_by()
        .values_list("municipality", "former_manager")
        .distinct()
    )
    return any(_key(municipality, leaver) == key for municipality, leaver in rows)


def _key(municipality: int, leaver: int) -> uuid.UUID:
    return uuid.UUID(
        bytes=salted_hmac("clients.unassigned_caseload", f"{municipality}:{leaver}").digest()[:16]
    )


@dataclass(frozen=True, slots=True)
class Taker:
    """A manager who could take some of the files, and how many open ones she has."""

    manager: User
    open_files: int


def takers(municipality: Municipality, today: datetime.date) -> list[Taker]:
    """Active managers who serve a municipality today, by name; two queries."""
    people = list(managers_serving([municipality.pk], today))
    counted = (
        Client.objects.unscoped(reason="how many files a manager has")
        .open()
        .filter(manager__in=people)
        .order_by()
        .values_list("manager_id")
        .annotate(number=Count("pk"))
    )
    numbers = dict(counted)
    return [Taker(manager, numbers.get(manager.pk, 0)) for manager in people]


def assign_by_count(actor: Actor, caseload: UnassignedCaseload, counts: Mapping[User, int]) -> None:
    """Give each manager so many of the waiting files; which ones, `intake.rules.caseload_distribution` decides.

    A reassignment is no taking: an open ladder travels, none begins (rules.md §10).

    Args:
        actor: who acts, and when.
        caseload: what waited when the numbers were typed.
        counts: files per manager.

    Raises:
        ValidationError: nobody gets a file, more are asked for than wait, others wait by now than when the numbers
            were typed, or a manager does not serve there any more; nothing was written.
    """
    wanted = {manager: number for manager, number in counts.items() if number}
    if not wanted:
        raise ValidationError(_("Please enter how many files somebody gets."))
    with change(actor, needs="caseload.assign") as locked:
        # Files before users, like everybody who takes a file.
        files = list(_waiting(caseload))
        locked.take_in(files)
        lock(*(manager.pk for manager in wanted))
        if len(files) != caseload.number:
            # The same numbers were posted twice, or a file was taken: the numbers no longer fit.
            raise ValidationError({"waiting": waiting_changed_text(len(files))})
        if not set(wanted) <= set(managers_serving([caseload.municipality.pk], locked.today)):
            raise ValidationError(somebody_left_text())
        if sum(wanted.values()) > len(files):
            raise ValidationError(too_many_text(len(files), sum(wanted.values())))
        for manager, distributed in distribute(_groups(files), wanted).items():
            for file in distributed:
                assign(actor, file, manager)
                record(actor, REASSIGNED, client=file, kind="client", fields=["manager"])


def waiting_changed_text(number: int) -> str:
    """The refusal of numbers that were typed for another number of files."""
    text = ngettext(
        "Meanwhile %(number)d file is left here. Please check the numbers.",
        "Meanwhile %(number)d files are left here. Please check the numbers.",
        number,
    )
    return text % {"number": number}


def somebody_left_text() -> str:
    """The refusal of numbers for a manager who works elsewhere by now."""
    return _("Somebody cannot take over files here any more. Please look again.")


def too_many_text(waiting: int, wanted: int) -> str:
    """The refusal of numbers that add up to more files than there are."""
    text = ngettext(
        "Together these are %(wanted)d, but only %(waiting)d file waits.",
        "Together these are %(wanted)d, but only %(waiting)d files wait.",
        waiting,
    )
    return text % {"wanted": wanted, "waiting": waiting}


def _waiting(caseload: UnassignedCaseload) -> Iterable[Client]:
    """The files, locked. Each row is read again under its lock, so a file taken meanwhile is noticed."""
    waiting = _unassigned().filter(municipality=caseload.municipality, former_manager=caseload.leaver)
    return lockable().filter(manager__isnull=True, pk__in=waiting.values("client"))


def _groups(files: list[Client]) -> list[FileGroup[Client]]:
    households = dict(_current_members().filter(client__in=files).values_list("client_id", "household_id"))
    elsewhere: dict[int, set[int]] = defaultdict(set)
    others = _current_members().filter(household__in=set(households.values()), client__manager__isnull=False)
    for home, manager_id in others.values_list("household_id", "client__manager_id"):
        elsewhere[home].add(manager_id)
    people = User.objects.in_bulk({key for keys in elsewhere.values() for key in keys})
    near = {home: frozenset(people[key] for key in keys) for home, keys in elsewhere.items()}
    together: dict[tuple[str, int], list[Client]] = defaultdict(list)
    for file in files:
        home = households.get(file.pk)
        together[("person", file.pk) if home is None else ("household", home)].append(file)
    return [
        FileGroup(
            tuple(group),
            max(_pressing(file) for file in group),
            near.get(key, frozenset()) if kind == "household" else frozenset(),
        )
        for (kind, key), group in together.items()
    ]


def _current_members() -> HouseholdMemberQuerySet:
    return HouseholdMember.objects.unscoped(reason="a household stays together").current()


def _pressing(file: Client) -> float:
    return 0 if file.phase == Phase.PAUSED else PRESSING[file.intensity]
