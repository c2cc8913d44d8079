"""Write a decided list into the inbox: one transaction, nothing half-imported, the same post twice imports once."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from clients.models import Accommodation, Client
from clients.services.change import change
from clients.services.files import takes_part
from intake.choices import ImportState
from intake.importing.checks import Decision
from intake.importing.judging import read_rows
from intake.importing.people import ReadRow
from intake.importing.staging import NotPossible
from intake.importing.undoing import footprint
from intake.importing.writing import Plan, Writer
from intake.models import ImportBatch, ImportRow


def import_list(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Make the files and relatives of a decided list; they wait in the municipality's inbox.

    Args:
        actor: who acts, and when.
        batch: in state *ready*; one that was imported already is returned unchanged.

    Raises:
        NotPossible: the municipality takes no part today, nobody is left to import, or a relative belongs to a row
            that gets no file; nothing was written.
    """
    with transaction.atomic():
        with change(actor, needs="import.run") as locked:
            today = locked.today
            stored = ImportBatch.objects.visible_to(actor.user).select_for_update(of=("self",), no_key=True)
            batch = stored.select_related("municipality", "source").get(pk=batch.pk)
            if batch.state == ImportState.IMPORTED:
                return batch
            if batch.state != ImportState.READY or batch.checked_on != today:
                raise NotPossible(_("The rows have not been checked today. Please look at them once more."))
            if not takes_part(batch.municipality, today):
                raise NotPossible(
                    _("This municipality does not take part today; no new files are opened there.")
                )
            rows = list(batch.listed)
            plan = _plan(rows, read_rows(batch, rows, today))
            clients = Writer(locked, batch, plan).write()
            # What a running case brings along makes its clock and due dates; nothing follows from the others yet.
            locked.take_in(client for client in clients if client.taken_over_on is not None)
            batch.state = ImportState.IMPORTED
            batch.undone_at = None
            batch.own_files = len(plan.own)
            batch.relatives = len(plan.relatives)
            batch.left_out = len(rows) - batch.own_files - batch.relatives
            batch.save(update_fields=["state", "undone_at", "own_files", "relatives", "left_out"])
        # After the change has written what follows from the rows.
        batch.footprint = footprint(batch)
        batch.arrived = arrived(batch)
        # Whom people were told apart from is put on record by the import, too: only what comes later is work.
        batch.finished_at = timezone.now()
        batch.save(update_fields=["footprint", "arrived", "finished_at"])
    return batch


def arrived(batch: ImportBatch) -> dict[str, list[tuple[str, int]]]:
    """Into which houses of the municipality, other places and caseloads the files of a list came, each with its number.

    Kept with the list: what becomes of the files later is not for the reader of its result.
    """
    new = batch.rows.filter(client__isnull=False).values("client")
    homes = Accommodation.objects.unscoped(reason="numbers per house of one's own import")
    lived = homes.filter(client__in=new).exclude(name="").order_by()
    places = list(lived.values_list("name", "house").annotate(number=Count("pk")))
    files = Client.objects.unscoped(reason="numbers per manager of one's own import")
    taken = files.filter(pk__in=new, manager__isnull=False).order_by()
    managers = taken.values_list("manager__first_name", "manager__last_name").annotate(number=Count("pk"))
    return {
        "houses": sorted((name, number) for name, house, number in places if house),
        "places": sorted((name, number) for name, house, number in places if not house),
        "managers": sorted((f"{first} {last}".strip(), number) for first, last, number in managers),
    }


def _plan(rows: Sequence[ImportRow], read: Sequence[ReadRow]) -> Plan:
    plan = Plan(rows)
    for row, person in zip(rows, read, strict=True):
        decision = row.current_decision
        if decision == Decision.LEAVE_OUT:
            continue
        if person.has_error:
            raise NotPossible(_("Row %(row)s has an error and cannot be imported.") % {"row": row.label})
        if decision == Decision.OWN_FILE:
            plan.own[row.place] = person.values
        else:
            plan.relatives[row.place] = (
                person.values,
                -1 if row.current_head is None else row.current_head,
            )
    for position, (_person, head) in plan.relatives.items():
        if head not in plan.own:
            raise NotPossible(
                _("Row %(row)s belongs to a person who is left out. Please choose again.")
                % {"row": rows[position].label}
            )
    if not plan.own:
        raise NotPossible(_("All rows are left out; there is nothing to import."))
    return plan
