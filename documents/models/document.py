"""Kept files; their bytes lie in the private storage under a random name."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.models import Client
from documents.choices import DocumentKind, FileType
from documents.querysets import DocumentQuerySet

NAME_LENGTH = 120


class KeptFile(Record):
    """A file whose bytes are in the private storage, whatever it belongs to; the daily run cleans up behind all.

    Attributes:
        name: what it is called when it is downloaded; made harmless when it came in.
        stored_as: the name of its bytes in the storage, which tells nothing.
        sha256: of the bytes; empty once they are gone for good.
        is_missing: the daily run did not find the bytes.
        deleted_at: until the end of that day it can be brought back; then the bytes and the name go.
    """

    description = models.CharField(_("what it is about"), max_length=160, blank=True)
    name = models.CharField(max_length=NAME_LENGTH)
    file_type = models.CharField(max_length=5, choices=FileType, editable=False)
    size = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    stored_as = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_missing = models.BooleanField(default=False, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    added_at = models.DateTimeField(editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    deleted_reason = models.CharField(_("why it is deleted"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"document {self.pk}"

    @property
    def title(self) -> str:
        """What people call it."""
        return self.description or self.name

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


class Document(KeptFile):
    """A file kept in a client's file."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("what it is"), max_length=12, choices=DocumentKind, default=DocumentKind.LETTER)
    about_health = models.BooleanField(_("about health"), default=False)

    objects = DocumentQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="document, health")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-added_at", "-id")
        constraints = [
            models.CheckConstraint(
                name="only_a_deleted_document_lost_its_bytes",
                condition=~Q(sha256="") | Q(deleted_at__isnull=False),
            )
        ]
