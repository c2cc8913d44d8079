"""Questions over enquiries and imports; ``visible_to`` and ``editable_by`` first."""

from typing import Any, Self

from django.db.models import Q

from accounts.access import ScopedQuerySet, scope_of
from accounts.models import User
from clients.querysets import FileRowQuerySet
from intake.choices import EnquiryState, ImportState


class ImportBatchQuerySet(ScopedQuerySet[Any]):
    """Allocation lists being imported, seen by the person who uploaded them alone."""

    def open(self) -> Self:
        """Lists not yet imported."""
        return self.exclude(state=ImportState.IMPORTED)


class EnquiryQuerySet(FileRowQuerySet):
    """Enquiries. An open one waits in the municipality's inbox; a taken one belongs to its taker and file."""

    def visible_to(self, user: "User") -> Self:
        scope = scope_of(user)
        if not scope.caseloads:
            return self.none()
        return self.filter(
            Q(client__manager_id__in=scope.caseloads)
            | Q(client__isnull=True, taken_by_id__in=scope.caseloads)
        )

    def editable_by(self, user: "User") -> Self:
        """Enquiries taken and not yet dealt with."""
        return self.visible_to(user).filter(client__isnull=True, state=EnquiryState.TAKEN)

    def in_inbox_of(self, user: "User") -> Self:
        """Open enquiries of the municipalities a manager serves; read name, language and source of these,
        nothing else, until it is taken."""
        if not scope_of(user).caseloads:
            return self.none()
        return self.filter(state=EnquiryState.OPEN, municipality_id__in=scope_of(user).municipalities)

    def of_officer(self, user: "User") -> Self:
        """Enquiries of the municipalities an officer serves; only ``services.intake.enquiries_for_officer``
        reads them, because name and reason vanish for her once one is taken (rules.md §8)."""
        return self.filter(municipality_id__in=scope_of(user).municipalities)

    def older_than(self, row: Any) -> Self:
        """Rows after a cursor row in the order newest first."""
        return self.filter(registered_at__lte=row.registered_at).filter(
            Q(registered_at__lt=row.registered_at) | Q(pk__lt=row.pk)
        )
