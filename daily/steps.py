"""What the daily run does: each app registers its steps in its ``contributions.py``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done once a day and may be done any number of times.

    Attributes:
        code: short and stable; what the command line and ``JobRun`` call it.
        label: what the administration reads, with the number behind it ("Drafts deleted").
        order: steps run by this number, then by code.
        run: does it in transactions of its own and returns how many rows it changed.
    """

    code: str
    label: str | Promise
    order: int
    run: Callable[[Actor], int]


_REGISTRY: dict[str, Step] = {}


def register(step: Step) -> None:
    """Register a step; called from ``contributions.py``."""
    _REGISTRY[step.code] = step


def registered() -> Sequence[Step]:
    """All steps in the order they run."""
    return sorted(_REGISTRY.values(), key=lambda step: (step.order, step.code))


def label_of(code: str) -> str:
    """What a stored step is called; a code nobody registers any more speaks for itself."""
    step = _REGISTRY.get(code)
    return str(step.label) if step else code
