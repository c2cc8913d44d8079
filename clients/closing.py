"""What is looked at before a file closes: apps to the right add theirs (architecture.md "Contributions").

A closed file can only be read, so what is open in it is settled on the page that closes it; every line leads back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from clients.file_context import FileContext
from ui.due import DueLine


@dataclass(frozen=True, slots=True)
class ClosingPart:
    """One section of the page that closes a file.

    Attributes:
        code: stable name, also the section's anchor.
        title: heading.
        lines: what is to be looked at, for the file and the path to come back to.
        order: position on the page.
    """

    code: str
    title: Any
    lines: Callable[[FileContext, str], Sequence[DueLine]]
    order: int = 100


_REGISTRY: dict[str, ClosingPart] = {}


def register(part: ClosingPart) -> None:
    """Register a section; called from ``contributions.py``."""
    _REGISTRY[part.code] = part


def sections(file: FileContext, back: str) -> list[tuple[ClosingPart, Sequence[DueLine]]]:
    """The sections with something to look at, in order.

    Args:
        file: the file that is about to close.
        back: path of the page.
    """
    parts = sorted(_REGISTRY.values(), key=lambda part: (part.order, part.code))
    found = [(part, part.lines(file, back)) for part in parts]
    return [(part, lines) for part, lines in found if lines]
