"""The number an officer calls a file by: drawn by chance, so that it tells neither when nor where it was opened."""

import re

NUMBERS = range(100_000, 1_000_000)

_LIST_NUMBER = re.compile(r"^L[-\s]?([1-9][0-9]{5})$", re.ASCII)


def format_list_number(number: int) -> str:
    """L-482913."""
    return f"L-{number}"


def parse_list_number(text: str) -> int | None:
    """The number in a typed or posted text, None when there is none."""
    match = _LIST_NUMBER.match(text.strip().upper())
    return int(match[1]) if match else None
