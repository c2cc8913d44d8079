"""The closed lists the rules of consents and documents branch on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ConsentKind(TextChoices):
    """What somebody allowed."""

    DATA_PROCESSING = "data_processing", pgettext_lazy("consent", "Data processing")
    RELEASE = "release", pgettext_lazy("consent", "Release from confidentiality")
    VOLUNTEER_SHARING = "volunteer_sharing", pgettext_lazy("consent", "Sharing with volunteers")
    INTERPRETER = "interpreter", pgettext_lazy("consent", "Interpreter")
    PHOTO = "photo", pgettext_lazy("consent", "Photo")
    EMAIL = "email", pgettext_lazy("consent", "Reminders by e-mail")


NAMES_RECIPIENT = frozenset(
    {ConsentKind.RELEASE, ConsentKind.VOLUNTEER_SHARING, ConsentKind.INTERPRETER, ConsentKind.PHOTO}
)
"""Kinds that are for somebody outside the service, who has to be named."""


class HowGiven(TextChoices):
    """In which form somebody consented or was informed."""

    WRITTEN = "written", pgettext_lazy("how given", "in writing")
    ORAL = "oral", pgettext_lazy("how given", "orally")
    ELECTRONIC = "electronic", pgettext_lazy("how given", "electronically")


class Informed(TextChoices):
    """Under which article of the GDPR a person was informed."""

    DIRECT = "13", pgettext_lazy("information duty", "Art. 13: told us themselves")
    INDIRECT = "14", pgettext_lazy("information duty", "Art. 14: told us by others")


class HowInformed(TextChoices):
    """How the information reached the person."""

    ORAL = "oral", pgettext_lazy("how informed", "explained in a talk")
    SHEET = "sheet", pgettext_lazy("how informed", "sheet handed out")
    POST = "post", pgettext_lazy("how informed", "sheet sent by post")


class DocumentKind(TextChoices):
    """What a document is to the file."""

    LETTER = "letter", pgettext_lazy("document", "Letter from an authority")
    FORM = "form", pgettext_lazy("document", "Application or form")
    CERTIFICATE = "certificate", pgettext_lazy("document", "Certificate or proof")
    CONSENT = "consent", pgettext_lazy("document", "Signed consent")
    AGREEMENT = "agreement", pgettext_lazy("document", "Signed agreement")
    OTHER = "other", pgettext_lazy("document", "Other")


class FileType(TextChoices):
    """What a file is by its content; the value is its extension."""

    PDF = "pdf", "PDF"
    JPG = "jpg", "JPG"
    PNG = "png", "PNG"
    DOCX = "docx", "DOCX"
    ODT = "odt", "ODT"


MIME = {
    FileType.PDF: "application/pdf",
    FileType.JPG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.ODT: "application/vnd.oasis.opendocument.text",
}
