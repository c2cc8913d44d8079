"""The enquiries a file came from, in its timeline."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import User
from clients.file_context import FileContext
from clients.timeline import Cursor, TimelineEntry, newest
from intake.models import Enquiry


class EnquiryHistory:
    """The timeline source of this app; its entries stand among those of the file itself."""

    code = "enquiries"
    kinds = frozenset({"file"})

    def entries(
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        found = [
            TimelineEntry(
                at=enquiry.registered_at,
                key=f"enquiry-{enquiry.pk}",
                kind="file",
                icon="talk",
                title=_("Enquiry %(number)s") % {"number": enquiry.number},
                text=enquiry.reason,
                by=str(enquiry.registered_by),
            )
            for enquiry in file.rows((Enquiry, User))[Enquiry]
        ]
        return newest(found, before, limit)
