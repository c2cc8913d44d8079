"""The goals of docs/performance.md, read from its table, so that they are written in one place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


@dataclass(frozen=True)
class Goal:
    """At most so much; ``None`` where nothing is asked for."""

    floor: float | None
    admin: float | None
    statements: float | None
    kilobytes: float | None


def goals() -> dict[str, Goal]:
    """The goal of each page by its name."""
    section = PAGE.read_text(encoding="utf-8").split("## Goals", 1)[1].split("\n## ", 1)[0]
    found = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and any(map(str.isdigit, line)):
            found[cells[0]] = Goal(*(_number(cell) for cell in cells[1:]))
    return found


def _number(cell: str) -> float | None:
    number = re.search(r"[\d.]+", cell)
    return float(number[0]) if number else None
