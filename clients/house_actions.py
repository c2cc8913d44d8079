"""What can be begun at an accommodation of the municipality; apps to the right say it in ``contributions.py``."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class HouseAction:
    """A link on the page of a house.

    Attributes:
        label: what it says.
        icon: its sign.
        route: takes the uuid of the house.
        permission: who has it.
    """

    label: "StrOrPromise"
    icon: str
    route: str
    permission: str


_ACTIONS: list[HouseAction] = []


def register(action: HouseAction) -> None:
    """Add a link; called from ``contributions.py``."""
    _ACTIONS.append(action)


def registered() -> list[HouseAction]:
    """All links in the order of the apps."""
    return list(_ACTIONS)
