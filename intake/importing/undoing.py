"""Take a whole import back, as long as nobody has worked on what came of it.

Which rows belong to a file, every model says itself (``Privacy``); no list of tables stands here.
"""

from collections.abc import Collection, Iterator

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import Privacy, scoped_models
from accounts.actor import Actor
from audit.actions import ACCESS, CHANGE, codes_of
from audit.models import AuditEntry
from audit.recording import record, record_each
from clients.models import Client, Draft, DueItem, Household
from clients.services.change import change, lockable
from intake import actions
from intake.choices import ImportState
from intake.importing.left_out import LEFT_OUT
from intake.importing.staging import KEEP_FOR, NotPossible, list_again
from intake.models import ImportBatch, ImportRow

REASON = "whether anybody worked on imported files, and their end"
CHUNK = 500


def _paths() -> Iterator[tuple[type[models.Model], str]]:
    """Every model whose rows belong to a file or point to one, with the path to it."""
    scoped: set[type[models.Model]] = set()
    for model in scoped_models():
        privacy: Privacy = model.privacy  # type: ignore[attr-defined]
        if privacy.root == "client":
            scoped.add(model)
            yield model, privacy.path("pk")
    for relation in Client._meta.related_objects:
        if relation.related_model not in scoped:
            yield relation.related_model, relation.field.name


def footprint(batch: ImportBatch) -> dict[str, int]:
    """How many rows of each kind the files of a list have, without those that are computed from others.

    Counted when a list has been imported and once more before it is taken back.
    """
    files = batch.rows.filter(client__isnull=False).values("client")
    counted: dict[str, int] = {}
    for model, path in _paths():
        if model in (DueItem, ImportRow):
            continue
        number = model._base_manager.filter(**{f"{path}__in": files}).count()
        if number:
            counted[f"{model._meta.label_lower}:{path}"] = number
    return counted


def files_of(batch: ImportBatch) -> list[int]:
    """Keys of the files a list became."""
    return list(batch.rows.filter(client__isnull=False).values_list("client_id", flat=True))


def why_not(batch: ImportBatch) -> str:
    """Why an import cannot be taken back any more; empty while it can."""
    if batch.state != ImportState.IMPORTED:
        return str(_("This import was taken back already."))
    keys = files_of(batch)
    worked_on = _worked_on(batch, keys)
    if worked_on:
        return ngettext(
            "Somebody has worked on %(number)d of these files since, so the import stays.",
            "Somebody has worked on %(number)d of these files since, so the import stays.",
            worked_on,
        ) % {"number": worked_on}
    drafts = Draft.objects.unscoped(reason=REASON).filter(discarded_at__isnull=True)
    numbers = Client.objects.unscoped(reason=REASON).filter(pk__in=keys).values("case_no")
    changed = len(keys) != batch.own_files or footprint(batch) != batch.footprint
    if changed or drafts.filter(case_no__in=numbers).exists():
        return str(_("Something was added to these files since, so the import stays."))
    return ""


def _worked_on(batch: ImportBatch, keys: Collection[int]) -> int:
    files = Client.objects.unscoped(reason=REASON).filter(pk__in=keys)
    writing = {*codes_of(CHANGE), *codes_of(ACCESS)} - {actions.IMPORTED.code}
    written = AuditEntry.objects.filter(
        subject_ref__in=files.values("subject_ref"), action__in=writing, at__gt=batch.finished_at
    )
    return int(written.order_by().values("subject_ref").distinct().count())


def undo_import(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Delete the files and relatives a list became; its rows stand there again as they were decided.

    Args:
        actor: who imported it.
        batch: in state *imported*.

    Raises:
        NotPossible: somebody has worked on one of the files since, or it was taken back already; nothing was deleted.
    """
    with change(actor, needs="import.run") as locked:
        batch = ImportBatch.objects.visible_to(actor.user).select_for_update(no_key=True).get(pk=batch.pk)
        files = list(lockable().filter(pk__in=files_of(batch)))
        reason = why_not(batch)
        if reason:
            raise NotPossible(reason)
        keys = [file.pk for file in files]
        households = list(
            Household.objects.filter(members__client__in=keys).values_list("pk", flat=True).distinct()
        )
        record_each(locked.actor, actions.IMPORT_UNDONE_FILE, files, kind="client")
        record(locked.actor, actions.IMPORT_UNDONE, kind="import", count=len(files))
        for first in range(0, len(keys), CHUNK):
            Client.objects.unscoped(reason=REASON).filter(pk__in=keys[first : first + CHUNK]).delete()
        Household.objects.filter(pk__in=households, members__isnull=True).delete()
        batch.state = ImportState.UNDONE
        batch.undone_at = locked.now
        batch.footprint = {}
        batch.save(update_fields=["state", "undone_at", "footprint"])
        # A list imported by an earlier version kept no cells.
        if not batch.listed.filter(cells=[]).exists():
            list_again(batch)
    return batch


def forget_imported(actor: Actor) -> int:
    """Empty the rows of imported lists that cannot be taken back any more, and delete lists of more than 30 days.

    Called by the daily run; returns how many rows were emptied or deleted.
    """
    lists = ImportBatch.objects.unscoped(reason="lists that are no longer needed, whoever uploaded them")
    old = ImportRow.objects.unscoped(reason="rows of such lists").filter(
        batch__uploaded_at__lt=actor.now - KEEP_FOR
    )
    number = old.count()
    lists.filter(uploaded_at__lt=actor.now - KEEP_FOR).delete()
    for batch in lists.filter(state=ImportState.IMPORTED):
        with transaction.atomic():
            kept = batch.listed.exclude(cells=[]).exclude(LEFT_OUT)
            if kept.exists() and why_not(batch):
                number += kept.update(cells=[], findings=[], family_key="", folded_surname="", dismissed=[])
    return number
