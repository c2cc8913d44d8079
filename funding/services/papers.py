"""Documents of a funding period, kept by the rules of all documents (rules.md §13)."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted
from audit.recording import record
from clients.services.change import change
from documents import storage
from documents.services.files import bring_back, look_at, mark_deleted, refuse_too_much
from funding import actions
from funding.models import Paper
from funding.services.periods import lock_period


def keep_paper(actor: Actor, paper: Paper, upload: UploadedFile) -> Paper:
    """Keep an uploaded file with a funding period; when anything fails, neither row nor bytes are left.

    Args:
        actor: who acts, and when.
        paper: validated and unsaved, with period, kind and description.
        upload: what came in; its kind is judged by content.

    Raises:
        PermissionDenied: the period is not the actor's to write.
        DuplicateSubmission: the same form was posted before.
        ValidationError: the file is refused, or all files of the period together would be too large.
    """
    look_at(paper, upload)
    with storage.stored(upload, paper.stored_as), change(actor, needs="funding.edit") as locked:
        period = lock_period(actor, paper.period)
        raise_if_submitted(paper)
        refuse_too_much(Paper.objects.filter(period=period), paper)
        paper.added_by, paper.added_at = actor.user, locked.now
        paper.full_clean()
        create_once(paper)
        record(actor, actions.PAPER_ADDED, kind="paper", fields=("kind", "description"))
    return paper


def delete_paper(actor: Actor, paper: Paper, *, reason: str) -> Paper:
    """Delete a document; until the end of the day it can be brought back. Deleting it twice changes nothing.

    Raises:
        PermissionDenied: the period is not the actor's to write.
    """
    with change(actor, needs="funding.edit") as locked:
        lock_period(actor, paper.period)
        if mark_deleted(paper, locked.actor, reason):
            record(actor, actions.PAPER_DELETED, kind="paper")
    return paper


def restore_paper(actor: Actor, paper: Paper) -> Paper:
    """It was a slip: bring back a document deleted today.

    Raises:
        PermissionDenied: the period is not the actor's to write.
        ValidationError: the day is over, or the bytes are gone.
    """
    with change(actor, needs="funding.edit") as locked:
        lock_period(actor, paper.period)
        if bring_back(paper, locked.today):
            record(actor, actions.PAPER_RESTORED, kind="paper")
    return paper
