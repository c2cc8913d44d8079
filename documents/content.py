"""What a file is by its content, whatever it is called, and whether it is what it seems (security.md "Uploads").

Nothing is unpacked onto the disk. Each refusal is a sentence for the person who chose the file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.choices import FileType
from documents.images import check_jpg, check_png
from documents.packed import PACKED, check_packed

MAX_BYTES = 10 * 1024 * 1024
MAX_BYTES_OF_CLIENT = 200 * 1024 * 1024
HEAD, TAIL = 4096, 2048
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
PDF_BEGINS = re.compile(rb"%PDF-[12]\.\d")
MARKUP = re.compile(rb"(?i)<(script|html|svg|iframe|\?php|!doctype)")
LOCKED = re.compile(rb"/Encrypt\b")
# A name may be written with escaped letters; objects in compressed streams are not looked into (security.md).
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STARTS_SOMETHING = re.compile(rb"/(Launch|EmbeddedFiles?)\b")

WRONG_TYPE = _(
    "Only PDF, JPG, PNG, DOCX and ODT can be kept. This file is something else, whatever it is called."
)
TWO_AT_ONCE = _("This file is two kinds of file at once. Please save it anew, or take a photo of the paper.")
DAMAGED = _("This file is damaged or not complete. Please save or scan it anew.")


def file_type_of(file: IO[Any], size: int) -> FileType:
    """What a file is, after it was looked at closely.

    Args:
        file: open for reading, at any place; afterwards at its beginning.
        size: in bytes.

    Raises:
        ValidationError: empty, too large, of another kind, damaged, locked, or more than it seems.
    """
    if not size:
        raise ValidationError(_("This file is empty."), code="empty")
    if size > MAX_BYTES:
        raise ValidationError(
            _("This file is larger than 10 MB. A photo or a scan in black and white is smaller.")
        )
    file.seek(0)
    head = file.read(HEAD)
    file_type = _begins_as(head)
    if file_type in PACKED:
        found = _packed(file, size)
    else:
        _refuse_second_kind(file, head)
        file.seek(0)
        CHECKS[file_type](file.read())
        found = file_type
    file.seek(0)
    return found


def _begins_as(head: bytes) -> FileType:
    if PDF_BEGINS.match(head):
        return FileType.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return FileType.JPG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if head.startswith(b"PK\x03\x04"):
        return FileType.DOCX
    if head.startswith(OLD_OFFICE):
        raise ValidationError(
            _(
                "This is an old or a password-protected Office file. Please save it as PDF or DOCX without a password."
            )
        )
    raise ValidationError(WRONG_TYPE)


def _packed(file: IO[Any], size: int) -> FileType:
    try:
        return check_packed(file, size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as problem:
        raise ValidationError(DAMAGED) from problem


def _refuse_second_kind(file: IO[Any], head: bytes) -> None:
    """A picture or PDF behind which an archive hangs, or that is a page for a browser as well."""
    file.seek(0)
    if zipfile.is_zipfile(file) or MARKUP.search(head):
        raise ValidationError(TWO_AT_ONCE)


def _check_pdf(data: bytes) -> None:
    end = data.rfind(b"%%EOF")
    if end < 0 or not re.search(rb"(?s)startxref\s+\d+\s+%%EOF", data[max(0, end - TAIL) : end + 5]):
        raise ValidationError(DAMAGED)
    if len(data) - end > TAIL:
        raise ValidationError(TWO_AT_ONCE)
    if LOCKED.search(data):
        raise ValidationError(_("This PDF is protected by a password. Please save it without one."))
    if STARTS_SOMETHING.search(ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)):
        raise ValidationError(
            _("This PDF carries further files or starts programs. Please print it to a new PDF.")
        )


def _check_picture(check: Callable[[bytes], tuple[bool, bool]]) -> Callable[[bytes], None]:
    def looked_at(data: bytes) -> None:
        is_whole, is_alone = check(data)
        if not is_whole:
            raise ValidationError(DAMAGED)
        if not is_alone:
            raise ValidationError(TWO_AT_ONCE)

    return looked_at


CHECKS: dict[FileType, Callable[[bytes], None]] = {
    FileType.PDF: _check_pdf,
    FileType.JPG: _check_picture(check_jpg),
    FileType.PNG: _check_picture(check_png),
}
