"""Uploads are cut off while they come in: what is above the limit is read past and never stored."""

from __future__ import annotations

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from documents.content import MAX_BYTES


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Keeps the first ten megabytes of each file; its form refuses it by the size it was sent with."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= MAX_BYTES:
            super().receive_data_chunk(raw_data, start)
