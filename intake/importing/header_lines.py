"""Where the names of the columns stand among the first lines of a list: in one line, or in up to four that are one."""

from collections.abc import Sequence
from dataclasses import dataclass

from intake.importing.headers import BRACKETS, TargetField, exact_field, is_known_header, normalise_header

HEADER_SEARCH_LINES = 40
MOST_HEADER_LINES = 4


@dataclass(frozen=True)
class HeaderPlace:
    """The names of the columns and the lines they stand in, the first and the last."""

    first: int
    last: int
    cells: Sequence[str]


def header_place(rows: Sequence[Sequence[str]]) -> HeaderPlace | None:
    """The lines with the most known names of columns, the fewest among equals; else the first that is shaped so."""
    best: tuple[int, HeaderPlace] | None = None
    candidates = rows[:HEADER_SEARCH_LINES]
    for height in range(1, MOST_HEADER_LINES + 1):
        for first in range(len(candidates) - height + 1):
            lines = candidates[first : first + height]
            if height > 1 and not all(map(_may_be_names, lines)):
                continue
            joined, known = _joined(lines)
            if known >= 2 and (best is None or known > best[0]):
                best = (known, HeaderPlace(first, first + height - 1, joined))
    return best[1] if best is not None else _by_shape(rows)


def is_header_again(row: Sequence[str], least: int = 3) -> bool:
    """Whether a line among the rows names columns itself: another table begins below it."""
    filled = [cell for cell in row if cell]
    return len(filled) >= least and _may_be_names(row) and all(map(is_known_header, filled))


def _by_shape(rows: Sequence[Sequence[str]]) -> HeaderPlace | None:
    for index, row in enumerate(rows[:HEADER_SEARCH_LINES]):
        below = [other for other in rows[index + 1 :] if other]
        if _is_plausible_header(row) and below:
            fitting = sum(1 for other in below if len(row) // 2 < len(other) <= len(row))
            return HeaderPlace(index, index, row) if fitting * 10 >= len(below) * 6 else None
    return None


def _may_be_names(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return bool(filled) and all(len(cell) <= 60 and not any(map(str.isdigit, cell)) for cell in filled)


def _joined(lines: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """The names of columns that stand in several lines, the upper ones often over several, and how many are known."""
    names: list[str] = []
    above, known = [""] * (len(lines) - 1), 0
    for column in range(max(map(len, lines))):
        parts = [line[column] if column < len(line) else "" for line in lines]
        for level in range(len(above)):
            # What stands over the columns before holds on while there is something below it.
            above[level] = parts[level] or (above[level] if any(parts[level + 1 :]) else "")
            if parts[level]:
                above[level + 1 :] = parts[level + 1 : -1]
        name = parts[-1]
        for part in reversed(above):
            name = _one_name(part, name)
        names.append(name)
        # A value under a name would make it longer, not better known.
        known += bool(exact_field(BRACKETS.sub(" ", name))) or any(
            part and is_known_header(part) for part in parts
        )
    return names, known


def _one_name(top: str, bottom: str) -> str:
    if not bottom or not top or top == bottom:
        return top or bottom
    both = top + bottom if top.endswith("-") else f"{top} {bottom}"
    turned = bottom + top if bottom.endswith("-") else ""
    if turned and exact_field(turned) is not None:
        # "Name" over "Familien-" and "Vor-".
        return turned
    whole = exact_field(both)
    if whole is not None and whole is not TargetField.FULL_NAME:
        return both
    return bottom if is_known_header(bottom) else both


def _is_plausible_header(row: Sequence[str]) -> bool:
    names = [normalise_header(cell) for cell in row]
    return (
        len(row) >= 3
        and all(names)
        and len(set(names)) == len(names)
        and all(len(cell) <= 40 and not any(char.isdigit() for char in cell) for cell in row)
    )
