"""Office files are archives: what is inside is counted and read to the end before anybody opens it."""

from __future__ import annotations

import re
import zipfile
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.choices import FileType

PACKED = frozenset({FileType.DOCX, FileType.ODT})
MAX_ENTRIES = 1000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
SMALL = 1024 * 1024
PORTION = 256 * 1024
LOCAL_HEADER = 30
EMPTY_END = b"PK\x05\x06" + bytes(18)
"""The last record of an archive without a comment; the numbers between differ."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEXT = b"application/vnd.oasis.opendocument.text"
ARCHIVES = re.compile(
    r"(?i)\.(zip|rar|7z|gz|tar|jar|docx?|docm|xlsx?|xlsm|pptx?|odt|ods|odp|exe|dll|js|vbs|bat|cmd|ps1)$"
)
MACROS = re.compile(r"(?i)(^|/)(vbaProject\.bin|vbaData\.xml|Basic/|Scripts/|activeX/)")
# Whatever is fetched from elsewhere when the file is opened; a link is followed by hand only.
OUTSIDE = re.compile(
    r"(?is)<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)(?![^>]*Type\s*=\s*[\"'][^\"']*/hyperlink[\"'])"
)

BOMB = _("Unpacked, this file would be far too large. It was not opened.")
MACRO = _("This file contains macros, which can do harm. Please save it as PDF, or as DOCX without macros.")
NESTED = _("Other files are packed into this one. Please keep each of them by itself.")
NOT_TEXT = _("This archive is no text document. Only PDF, JPG, PNG, DOCX and ODT can be kept.")
PASSWORD = _("This file is protected by a password. Please save it without one.")


def check_packed(file: IO[Any], size: int) -> FileType:
    """Which office document an archive is.

    Args:
        file: the whole archive.
        size: in bytes.

    Raises:
        ValidationError: a bomb, macros, a password, something nested, or no text document.
        zipfile.BadZipFile: it cannot be read; other errors of the library say the same.
    """
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        _refuse_bomb(entries)
        _refuse_gaps(file, entries, size)
        names = [entry.filename for entry in entries]
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise ValidationError(PASSWORD)
        if any(map(MACROS.search, names)):
            raise ValidationError(MACRO)
        if any(map(ARCHIVES.search, names)) or any("/embeddings/" in name for name in names):
            raise ValidationError(NESTED)
        _read_to_the_end(archive, entries)
        return _kind(archive, set(names))


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ValidationError(BOMB)
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise ValidationError(BOMB)
    if len(names) < len(entries) or any(_leads_out(name) for name in names):
        raise zipfile.BadZipFile("names of entries")


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\x00" in name


def _refuse_gaps(file: IO[Any], entries: list[zipfile.ZipInfo], size: int) -> None:
    """Entries that share their bytes make a bomb; bytes before, behind or a comment make it a second kind of file."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise ValidationError(BOMB)
        if not end and entry.header_offset:
            raise zipfile.BadZipFile("something before the archive")
        end = entry.header_offset + LOCAL_HEADER + len(entry.filename.encode()) + entry.compress_size
    file.seek(-len(EMPTY_END), 2)
    last = file.read()
    if last[:4] != EMPTY_END[:4] or last[-2:] != EMPTY_END[-2:] or end > size:
        raise zipfile.BadZipFile("something behind the archive")


def _read_to_the_end(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """What an entry says of its size may be a lie; reading it checks size and sum."""
    for entry in entries:
        with archive.open(entry) as unpacked:
            while unpacked.read(PORTION):
                pass


def _kind(archive: zipfile.ZipFile, names: set[str]) -> FileType:
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
        if "macroEnabled" in types or "vbaProject" in types:
            raise ValidationError(MACRO)
        links = [archive.read(name).decode("utf-8", "replace") for name in names if name.endswith(".rels")]
        if any(map(OUTSIDE.search, links)):
            raise ValidationError(_("This file loads parts of itself from elsewhere. Please save it as PDF."))
        if WORD in types:
            return FileType.DOCX
    if {"mimetype", "content.xml", "META-INF/manifest.xml"} <= names and archive.read(
        "mimetype"
    ).strip() == TEXT:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise ValidationError(PASSWORD)
        return FileType.ODT
    raise ValidationError(NOT_TEXT)
