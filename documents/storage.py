"""The private folder of kept files: random names, no address on the web (operations.md "Documents").

A file is written before its row is, and removed again when the row is not written. What a process that died leaves
behind, the daily run finds.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

SPARED_FOR = datetime.timedelta(days=1)
"""A file without a row is left alone so long: its row may be about to be written."""


def path_of(key: uuid.UUID) -> Path:
    """Where the bytes of a key lie; 256 folders keep each one short."""
    name = key.hex
    return Path(settings.DOCUMENTS_DIR) / name[:2] / name


def digest_of(file: UploadedFile) -> str:
    """SHA-256 of an uploaded file, which is at its beginning afterwards."""
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


@contextmanager
def stored(file: UploadedFile, key: uuid.UUID) -> Iterator[None]:
    """Store the bytes; when the block fails, nothing is left of them.

    Args:
        file: what was uploaded.
        key: under which random name.
    """
    path = path_of(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file.seek(0)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def opened(key: uuid.UUID) -> BinaryIO | None:
    """The bytes for reading; None when they are not there."""
    try:
        return path_of(key).open("rb")
    except FileNotFoundError:
        return None


def remove(key: uuid.UUID) -> bool:
    """Remove the bytes; whether they were there."""
    path = path_of(key)
    was_there = path.exists()
    path.unlink(missing_ok=True)
    return was_there


def keys_older_than(moment: datetime.datetime) -> Iterator[uuid.UUID]:
    """The names of everything stored before an instant."""
    for path in Path(settings.DOCUMENTS_DIR).glob("??/*"):
        try:
            written = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
            if written < moment:
                yield uuid.UUID(path.name)
        except (FileNotFoundError, ValueError):
            continue
