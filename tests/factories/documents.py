"""Consents and documents as the services leave them, and files as browsers send them."""

import datetime
import io
import struct
import uuid
import zipfile
import zlib
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from documents.choices import ConsentKind, DocumentKind, FileType, HowGiven
from documents.models import Consent, Document
from documents.packed import WORD
from documents.storage import path_of


class Upload(SimpleUploadedFile):
    """A file that may be posted any number of times."""

    def read(self, *args: Any) -> bytes:
        if not args:
            self.seek(0)
        read: bytes = self.file.read(*args)
        return read


def pdf_bytes(said: str = "") -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% " + said.encode() + b"\n"
    return (
        head + b"xref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n" + str(len(head)).encode() + b"\n%%EOF\n"
    )


def pdf(name: str = "Bescheid.pdf", said: str = "") -> Upload:
    return Upload(name, pdf_bytes(said), "application/pdf")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bytes(width: int = 1, height: int = 1) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpg_bytes(width: int = 8, height: int = 8) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00" + b"\x2a" * 40
    return (
        b"\xff\xd8"
        + b"\xff\xe0"
        + struct.pack(">H", 16)
        + b"JFIF\x00"
        + b"\x01" * 9
        + frame
        + scan
        + b"\xff\xd9"
    )


def docx_bytes(**more: bytes) -> bytes:
    types = f'<Types><Override ContentType="{WORD}"/></Types>'.encode()
    return zipped({"[Content_Types].xml": types, "word/document.xml": b"<w:document/>", **more})


def odt_bytes(**more: bytes) -> bytes:
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": b"<office/>",
            "META-INF/manifest.xml": b"<manifest/>",
            **more,
        }
    )


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


class ConsentFactory(factory.django.DjangoModelFactory):
    """A release for the Jobcenter, given ten days ago in writing."""

    class Meta:
        model = Consent

    kind = ConsentKind.RELEASE
    recipient = "Jobcenter Beispielstadt"
    scope = "Stand des Antrags auf Leistungen"
    purpose = "Klärung des Antrags"
    how = HowGiven.WRITTEN
    explained = True
    given_on = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=10))
    recorded_at = factory.LazyFunction(timezone.now)
    recorded_by = factory.SelfAttribute("client.manager")


class DocumentFactory(factory.django.DjangoModelFactory):
    """A letter whose bytes are in the storage."""

    class Meta:
        model = Document
        skip_postgeneration_save = True

    kind = DocumentKind.LETTER
    name = "Bescheid.pdf"
    file_type = FileType.PDF
    size = len(pdf_bytes())
    sha256 = "0" * 64
    stored_as = factory.LazyFunction(uuid.uuid4)
    added_at = factory.LazyFunction(timezone.now)
    added_by = factory.SelfAttribute("client.manager")

    @factory.post_generation
    def content(self, create: bool, extracted: bytes | None, **kwargs: Any) -> None:
        path = path_of(self.stored_as)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(extracted or pdf_bytes())
