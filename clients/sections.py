"""The client page's sections: apps to the right add theirs (architecture.md "Contributions").

A section is rendered into the page; the same template is the HTMX fragment. One request, one read entry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from clients.file_context import FileContext


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the file page.

    Args:
        code: stable name, also the fragment's anchor.
        title: heading.
        template: fragment rendered with the page's context and what ``context`` returns.
        context: what the template needs; None when the section has nothing to show and should be left out.
        order: position on the page, ascending.
        place: "main" or "aside".
        route: name of the section's own page under the file (``file_plans:detail``); it becomes a tab.
    """

    code: str
    title: str | Promise
    template: str
    context: Callable[[FileContext], dict[str, Any] | None]
    order: int = 100
    place: str = "main"
    route: str = ""


_REGISTRY: dict[str, Section] = {}


def register(section: Section) -> None:
    """Register a section; called from ``contributions.py``."""
    _REGISTRY[section.code] = section


def registered(place: str | None = None) -> list[Section]:
    """Sections in page order, of one place or all."""
    found = [section for section in _REGISTRY.values() if place in (None, section.place)]
    return sorted(found, key=lambda section: (section.order, section.code))
