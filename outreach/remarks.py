"""Why an attempt was no step, said where attempts are shown."""

import datetime

from appointments.models import Contact
from clients.file_context import FileContext
from clients.models import Client
from outreach.file_rows import OUTREACH_TABLES
from outreach.rules.no_step import why_no_step
from outreach.services.ladders import ladders_shown, no_step_reason


class LadderRemarks:
    """What this app says of attempts."""

    def on_page(self, file: FileContext, ref: str) -> str:
        return why_no_step(ladders_shown(file.client, file.rows(OUTREACH_TABLES), file.now), ref)

    def on_contact(self, client: Client, contact: Contact, now: datetime.datetime) -> str:
        return no_step_reason(client, contact, now)
