"""Questions over enquiries and imports; ``visible_to`` and ``editable_by`` first."""

from typing import Any, Self

from django.db.models import Q

from accounts.access import ScopedQuerySet, scope_of
from accounts.models import User
from accounts.permissions import may
from clients.querysets import FileRowQuerySet
from intake.choices import (
    ComplaintState,
    EnquiryState,
    HandoverState,
    ImportState,
    ObservationState,
)


class ImportBatchQuerySet(ScopedQuerySet[Any]):
    """Allocation lists being imported, seen by the person who uploaded them alone, while she serves the town."""

    def visible_to(self, user: "User") -> Self:
        return super().visible_to(user).filter(municipality__in=scope_of(user).municipalities)

    def open(self) -> Self:
        """Lists not yet imported."""
        return self.exclude(state__in=(ImportState.IMPORTED, ImportState.UNDONE))


class HandoverQuerySet(FileRowQuerySet):
    """Proposals to hand a file over; the two below are asked past the scope: the file is not, or no longer, hers."""

    def waiting(self) -> Self:
        """Not answered yet."""
        return self.filter(state=HandoverState.PROPOSED)

    def offered_to(self, user: "User") -> Self:
        """What a manager was asked to take over."""
        scope = scope_of(user)
        if not scope.caseloads:
            return self.none()
        return self.filter(proposed_to=user, client__municipality__in=scope.municipalities)

    def given_by(self, user: "User") -> Self:
        """What a manager wanted to hand over, and what came of it."""
        return self.filter(proposed_by=user) if scope_of(user).caseloads else self.none()


class NewestFirst:
    """Of a queryset whose rows are paged by when they were registered."""

    def older_than(self: Any, row: Any) -> Any:
        """Rows after a cursor row in the order newest first."""
        return self.filter(registered_at__lte=row.registered_at).filter(
            Q(registered_at__lt=row.registered_at) | Q(pk__lt=row.pk)
        )


class EnquiryQuerySet(NewestFirst, FileRowQuerySet):
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


class ComplaintQuerySet(NewestFirst, ScopedQuerySet[Any]):
    """Complaints: the coordinator's. Whom one concerns has no way to it, whoever wrote it down to its state alone."""

    def visible_to(self, user: "User") -> Self:
        return self.all() if may(user, "complaint.handle") else self.none()

    def editable_by(self, user: "User") -> Self:
        """Those not settled yet."""
        return self.visible_to(user).unsettled()

    def unsettled(self) -> Self:
        """Open, or being clarified."""
        return self.exclude(state=ComplaintState.SETTLED)

    def written_down_by(self, user: "User") -> Self:
        """What an officer wrote down; only ``services.complaints.told_to_officer`` reads these, and little of them."""
        return self.filter(registered_by=user)


class ObservationQuerySet(ScopedQuerySet[Any]):
    """Structural observations: one's own, those of an officer's municipalities, and those answered at one's place."""

    def visible_to(self, user: "User") -> Self:
        scope = scope_of(user)
        if may(user, "observation.answer"):
            return self.filter(municipality_id__in=scope.municipalities)
        if not may(user, "observation.report"):
            return self.none()
        here = Q(state=ObservationState.ANSWERED, municipality_id__in=scope.municipalities)
        return self.filter(Q(author=user) | here)

    def editable_by(self, user: "User") -> Self:
        """What an officer may answer."""
        return self.visible_to(user) if may(user, "observation.answer") else self.none()

    def unanswered(self) -> Self:
        """New, or in progress."""
        return self.exclude(state=ObservationState.ANSWERED)

    def older_than(self, row: Any) -> Self:
        """Rows after a cursor row in the order newest first."""
        return self.filter(recorded_at__lte=row.recorded_at).filter(
            Q(recorded_at__lt=row.recorded_at) | Q(pk__lt=row.pk)
        )
