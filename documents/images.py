"""Whether a picture is whole, no larger than a screen could bear, and nothing else hangs on it.

Pictures are read, not decoded: they are only handed on as they came.
"""

from __future__ import annotations

import re
import struct
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_PIXELS = 150_000_000
# A phone hangs its own notes behind the picture; these are archives, programs and documents.
HANGERS_ON = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|%PDF-[12]\.|\x7fELF[\x01\x02]|MZ\x90\x00\x03")
START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def check_jpg(data: bytes) -> tuple[bool, bool]:
    """Whether a JPG is whole, and whether nothing else is in the file."""
    place = 2
    is_sized = False
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return False, True
        marker = data[place + 1]
        if marker in (0xFF, *WITHOUT_LENGTH):
            place += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack_from(">H", data, place + 2)[0]
        if marker in START_OF_FRAME and place + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, place + 5)
            _refuse_huge(width, height)
            is_sized = True
        place += 2 + length
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9", place)
            return is_sized and end >= 0, not HANGERS_ON.search(data, place)
    return False, True


def check_png(data: bytes) -> tuple[bool, bool]:
    """Whether a PNG is whole, and whether nothing hangs behind its end."""
    place = 8
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        if place + 12 + length > len(data):
            return False, True
        (stored,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(data[place + 4 : place + 8 + length]) != stored:
            return False, True
        if place == 8:
            if kind != b"IHDR" or length != 13:
                return False, True
            _refuse_huge(*struct.unpack_from(">II", data, place + 8))
        place += 12 + length
        if kind == b"IEND":
            return True, place == len(data)
    return False, True


def _refuse_huge(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ValidationError(
            _("This picture has more pixels than a screen can show. Please make it smaller.")
        )
