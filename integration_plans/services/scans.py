"""Attach the scan of the signed sheet to the version it belongs to."""

from django.core.files.uploadedfile import UploadedFile

from accounts.actor import Actor
from audit.recording import record
from documents.models import Document
from documents.services.files import keep_document
from integration_plans import actions
from integration_plans.file_rows import PlanRows
from integration_plans.models import PlanVersion


def attach_scan(actor: Actor, version: PlanVersion, document: Document, upload: UploadedFile) -> Document:
    """Keep the scan; it is about health where the version is, and its content stays frozen.

    Args:
        actor: who acts, and when.
        version: a closed version.
        document: validated and unsaved.
        upload: the scan.

    Raises:
        DuplicateSubmission: the same form was posted before.
        ValidationError: the file is refused.
    """
    plan = PlanRows(version.client)
    about_health = plan.about_health()
    if any(row.pk in about_health for row in plan.contents_of(version, with_health=True)):
        document.about_health = True

    def belongs_to_the_version(kept: Document) -> None:
        rows = PlanVersion.objects.unscoped(reason="the version the view let in").filter(pk=version.pk)
        rows.update(scan=kept)
        record(actor, actions.SCANNED, client=version.client, kind="plan", fields=["scan"])

    return keep_document(actor, document, upload, then=belongs_to_the_version)
