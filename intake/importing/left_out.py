"""What a list says and nobody imported: named with its reason, as a file, and taken up again later."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit.recording import record
from intake import actions
from intake.choices import ImportState
from intake.importing.checks import Decision
from intake.importing.findings import Finding, Level
from intake.importing.staging import NotPossible, header_of, readable
from intake.models import ImportBatch, ImportRow

Reason = str | Finding
LEFT_OUT = Q(decision=Decision.LEAVE_OUT) | Q(decision="", proposal=Decision.LEAVE_OUT)


@dataclass(frozen=True)
class LeftOut:
    """A row nobody imported, as it stands in the list, with the reasons."""

    row: ImportRow
    cells: list[str]
    reasons: tuple[Reason, ...]

    @property
    def reason(self) -> str:
        """The reasons for a file."""
        return " ".join(said.message if isinstance(said, Finding) else said for said in self.reasons)

    @property
    def shown(self) -> SafeString:
        """The reasons for a page."""
        return format_html_join(
            " ", "{}", ((said.shown if isinstance(said, Finding) else said,) for said in self.reasons)
        )


def rows_left(batch: ImportBatch) -> list[ImportRow]:
    """Rows that became nothing: left out, of sheets not chosen, hidden."""
    rows = batch.rows.exclude(cells=[]).order_by("pk")
    if batch.state == ImportState.IMPORTED:
        return list(rows.filter(Q(position__isnull=True) | LEFT_OUT))
    if batch.state == ImportState.UNDONE:
        return list(rows)
    return [
        row for row in rows if row.position is None or row.has_error or row.current_decision == "leave_out"
    ]


def left_out(batch: ImportBatch) -> list[LeftOut]:
    """The rows that became nothing, each with its reason in words."""
    return [
        LeftOut(row, readable(row.cells, batch.encodings, row.corrected), why(row))
        for row in rows_left(batch)
    ]


def why(row: ImportRow) -> tuple[Reason, ...]:
    """Why a row was not imported."""
    if row.position is None:
        hidden, other = _("hidden in the sheet"), _("sheet “%(sheet)s” not chosen") % {"sheet": row.sheet}
        return (hidden if row.is_hidden else other,)
    findings = [Finding.from_json(stored) for stored in row.findings]
    said = [finding.lasting for finding in findings if finding.level in (Level.ERROR, Level.DUPLICATE)]
    if row.decision and not row.has_error:
        return _("Left out by you."), *said
    return tuple(said) or (_("Stands in the list a second time."),)


def lines_of(batch: ImportBatch) -> tuple[list[str], list[list[str]]]:
    """The header and the rows left out, for a file: where, why, and every cell."""
    header = [_("Line"), _("Sheet"), _("Not imported because"), *header_of(batch)]
    return header, [
        [str(entry.row.line), entry.row.sheet, entry.reason, *entry.cells] for entry in left_out(batch)
    ]


def take_up_rest(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Make a list of their own of the rows that were left out of an imported one, to mend and import them now.

    Raises:
        NotPossible: nothing was left out, or it was taken up already.
    """
    actor.require("import.run")
    with transaction.atomic():
        batch = ImportBatch.objects.visible_to(actor.user).select_for_update(no_key=True).get(pk=batch.pk)
        rows = list(batch.listed.filter(LEFT_OUT))
        if batch.state != ImportState.IMPORTED or not rows:
            raise NotPossible(_("Nothing of this list is left."))
        aside = batch.set_aside
        rest = ImportBatch(
            municipality_id=batch.municipality_id,
            uploaded_by=actor.user,
            # Names are not kept any longer because somebody went on with them.
            uploaded_at=batch.uploaded_at,
            filename=batch.filename,
            source_id=batch.source_id,
            state=ImportState.CHECKING,
            encoding=batch.encoding,
            separator=batch.separator,
            sheet=batch.sheet,
            header=batch.header,
            mapping=batch.mapping,
            encodings=batch.encodings,
            readings=batch.readings,
            sheets=batch.sheets,
            with_hidden=batch.with_hidden,
            total_rows=len(rows),
            form_token=uuid.uuid4(),
        )
        rest.save(force_insert=True)
        aside.update(batch=rest)
        for position, row in enumerate(rows):
            row.batch, row.position, row.decision, row.head, row.dismissed = rest, position, "", None, []
        # Each position of the old list is free before one of the new list is taken.
        ImportRow.objects.bulk_update(
            rows, ["batch", "position", "decision", "head", "dismissed"], batch_size=500
        )
        record(actor, actions.IMPORT_REST_OPENED, kind="import", count=len(rows))
    return rest
