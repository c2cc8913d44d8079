"""In the timeline of a file: that an entry was moved away. Whose it is now is not said."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from appointments.models import ContactVersion
from appointments.wording import contact_title
from clients.file_context import FileContext
from clients.timeline import Cursor, TimelineEntry
from ui.dates import date_de, datetime_de

MOVED, FILE = "moved", "file"


class MovedHistory:
    """Contacts that lay in this file by mistake."""

    code = "moved_contacts"
    kinds = frozenset({FILE})

    def entries(
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        rows = (
            ContactVersion.objects.unscoped(reason="timeline of a file the view let in")
            .filter(client=file.client)
            .exclude(contact__client=file.client)
            .filter(_is_older(before))
            .select_related("withdrawn_by")
            .order_by("-withdrawn_at", "-pk")
        )
        seen: set[int] = set()
        for row in rows[:limit]:
            if row.contact_id not in seen:
                seen.add(row.contact_id)
                yield self._entry(row)

    def _entry(self, version: ContactVersion) -> TimelineEntry:
        return TimelineEntry(
            at=version.withdrawn_at,
            key=_key(version.pk),
            kind=FILE,
            icon="inbox",
            title=_("Entry moved away"),
            text=_("%(what)s of %(day)s belonged to another file.")
            % {"what": contact_title(version), "day": date_de(version.happened_on)},
            by=_("%(name)s on %(at)s")
            % {"name": version.withdrawn_by, "at": datetime_de(version.withdrawn_at)},
        )


def _key(pk: int) -> str:
    return f"moved-{pk:012}"


def _is_older(before: Cursor | None) -> Q:
    """Rows behind the last entry shown; equal instants go by key, as everywhere in the timeline."""
    if before is None:
        return Q()
    at, key = before
    source, _dash, number = key.rpartition("-")
    same = Q(withdrawn_at=at, pk__lt=int(number)) if source == MOVED else Q(withdrawn_at=at, pk__in=[])
    return Q(withdrawn_at__lt=at) | (same if source <= MOVED else Q(withdrawn_at=at))
