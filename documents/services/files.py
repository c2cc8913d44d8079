"""Keep a file, describe it anew, delete it, bring it back, and clean up behind."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.rules.calendar import start_of_day
from audit.recording import record
from clients.health import raise_if_unmarked
from clients.services.change import change
from documents import actions, storage
from documents.content import MAX_BYTES_OF_CLIENT, file_type_of
from documents.models import Document, KeptFile
from documents.querysets import KeptQuerySet
from documents.rules.filenames import safe_name

REASON = "documents of a file its service has locked"
DESCRIBED = ("kind", "description", "about_health")
DELETED = ("deleted_at", "deleted_by", "deleted_reason")


def keep_document(
    actor: Actor,
    document: Document,
    upload: UploadedFile,
    *,
    then: Callable[[Document], object] = lambda document: None,
) -> Document:
    """Keep an uploaded file; when anything fails, neither row nor bytes are left.

    Args:
        actor: who acts, and when.
        document: validated and unsaved, with client, kind and description.
        upload: what came in; its name is made harmless, its kind is judged by content.
        then: what else belongs to the same transaction.

    Raises:
        DuplicateSubmission: the same form was posted before.
        ValidationError: the file is refused, or all files of the client together would be too large.
    """
    look_at(document, upload)
    with (
        storage.stored(upload, document.stored_as),
        change(actor, [document.client], needs="document.add") as locked,
    ):
        raise_if_submitted(document)
        refuse_too_much(Document.objects.unscoped(reason=REASON).of(document.client), document)
        document.added_by, document.added_at = actor.user, locked.now
        document.full_clean()
        create_once(document)
        record(actor, actions.DOCUMENT_ADDED, client=document.client, kind="document", fields=DESCRIBED)
        then(document)
    return document


def look_at(document: KeptFile, upload: UploadedFile) -> None:
    """Note what an uploaded file is by its content, how it will be called, and under which name it will lie.

    Raises:
        ValidationError: the file is refused.
    """
    size = upload.size or 0
    file = upload.file
    if file is None:
        raise ValidationError({"file": _("This file is empty.")})
    document.file_type = file_type_of(file, size)
    document.name = safe_name(upload.name or "", document.file_type, _("Document"))
    document.size, document.sha256 = size, storage.digest_of(upload)
    document.stored_as = uuid.uuid4()


def refuse_too_much(rows: KeptQuerySet, document: KeptFile) -> None:
    """Refuse a file with which those kept together would take more than 200 MB.

    Args:
        rows: what is kept beside it.
        document: the file to come.

    Raises:
        ValidationError: at the file.
    """
    if rows.bytes_stored() + document.size > MAX_BYTES_OF_CLIENT:
        raise ValidationError(
            {"file": _("All documents of a file together may have 200 MB. Please delete some first.")}
        )


def describe_document(actor: Actor, document: Document, *, expected_version: int) -> Document:
    """Say anew what a kept file is and whether it is about health.

    Raises:
        StaleRecord: somebody else saved meanwhile.
        ValidationError: a stand-in takes the marking for health away.
    """
    with change(actor, [document.client], needs="document.add"):
        document.full_clean()
        raise_if_unmarked(actor.user, document.client, document)
        save_edited(document, expected_version, list(DESCRIBED))
        record(actor, actions.DOCUMENT_DESCRIBED, client=document.client, kind="document", fields=DESCRIBED)
    return document


def delete_document(actor: Actor, document: Document, *, reason: str) -> Document:
    """Delete a file; until the end of the day it can be brought back. Deleting it twice changes nothing."""
    with change(actor, [document.client], needs="document.delete") as locked:
        if mark_deleted(document, locked.actor, reason):
            record(actor, actions.DOCUMENT_DELETED, client=document.client, kind="document")
    return document


def mark_deleted(document: KeptFile, actor: Actor, reason: str) -> bool:
    """Delete a kept file inside the caller's transaction; returns whether it was there until now."""
    if document.is_deleted:
        return False
    document.deleted_at, document.deleted_by = actor.now, actor.user
    document.deleted_reason = reason
    document.full_clean()
    save_edited(document, document.version, list(DELETED))
    return True


def restore_document(actor: Actor, document: Document) -> Document:
    """It was a slip: bring back a file deleted today.

    Raises:
        ValidationError: the day is over, or the bytes are gone.
    """
    with change(actor, [document.client], needs="document.delete") as locked:
        if bring_back(document, locked.today):
            record(actor, actions.DOCUMENT_RESTORED, client=document.client, kind="document")
    return document


def bring_back(document: KeptFile, today: datetime.date) -> bool:
    """Bring a kept file back inside the caller's transaction; returns whether it was deleted.

    Raises:
        ValidationError: the day is over, or the bytes are gone.
    """
    if document.deleted_at is None:
        return False
    if not document.sha256 or timezone.localdate(document.deleted_at) != today:
        raise ValidationError(_("This document was deleted on an earlier day and cannot be brought back."))
    document.deleted_at = document.deleted_by = None
    document.deleted_reason = ""
    save_edited(document, document.version, list(DELETED))
    return True


def sweep(actor: Actor) -> int:
    """Clean up in both directions: bytes nobody points to go; a row whose bytes are missing says so.

    What was deleted on an earlier day loses its bytes and its name for good; that it was there, when it was deleted
    and why stays in the file. Nothing is removed because a folder is empty: a disk may not be mounted.

    Returns:
        How many files were removed, and rows whose mark changed.
    """
    kinds = [model._base_manager for model in apps.get_models() if issubclass(model, KeptFile)]
    done = 0
    for rows in kinds:
        for document in rows.exclude(sha256="").filter(deleted_at__lt=start_of_day(actor.today)):
            gone = rows.filter(pk=document.pk, deleted_at=document.deleted_at)
            if gone.update(sha256="", size=0, name=_("deleted"), description=""):
                done += storage.remove(document.stored_as)
    pointed_to = {
        key for rows in kinds for key in rows.exclude(sha256="").values_list("stored_as", flat=True)
    }
    for key in storage.keys_older_than(actor.now - storage.SPARED_FOR):
        # Read again: it may have been written since the list was.
        if key not in pointed_to and not any(
            rows.exclude(sha256="").filter(stored_as=key).exists() for rows in kinds
        ):
            done += storage.remove(key)
    for rows in kinds:
        for document in rows.exclude(sha256=""):
            is_missing = not storage.path_of(document.stored_as).exists()
            if is_missing != document.is_missing:
                done += rows.filter(pk=document.pk).update(is_missing=is_missing)
    if done:
        record(actor, actions.DOCUMENTS_SWEPT, kind="document", count=done)
    return done
