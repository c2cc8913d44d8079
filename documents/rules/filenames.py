"""A name that does no harm, wherever somebody saves it (security.md "Uploads")."""

from __future__ import annotations

import re
import unicodedata

MOST = 120
FORBIDDEN = re.compile(r'[<>:"|?*]')
# Names Windows keeps for its devices, with any extension.
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_name(given: str, extension: str, fallback: str) -> str:
    """The name without folders, hidden and direction-changing characters, with the extension its content has.

    Args:
        given: as the browser sent it.
        extension: what the content is ("pdf").
        fallback: what it is called when nothing is left.

    Returns:
        At most 120 characters, ending in the extension.
    """
    name = re.split(r"[/\\]", given)[-1]
    # Cc, Cf, Zl, Zp: controls, direction, joiners, line breaks; Cs and Co cannot be shown.
    name = "".join(
        char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C"
    )
    name = " ".join(FORBIDDEN.sub("_", name).split())
    stem, dot, ending = name.rpartition(".")
    is_extension = dot and 1 <= len(ending) <= 5 and ending.isalnum() and ending.isascii()
    stem = (stem if is_extension else name)[: MOST - len(extension) - 1].strip(" .")
    if not stem or DEVICES.fullmatch(stem):
        stem = fallback
    return f"{stem}.{extension}"
