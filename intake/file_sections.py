"""What this app shows of a file: who is asked to take it over, and that it may follow its person."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.file_context import FileContext
from clients.worklist import Group
from intake.choices import HandoverState
from intake.history import CHANGES_OF_HANDS
from intake.models import Handover
from ui.due import DueLine


def handover(file: FileContext) -> dict[str, Any] | None:
    """For whoever may hand the file over; a closed one stays with its manager."""
    if file.client.is_closed or not file.may("handover.propose"):
        return None
    rows = file.rows(CHANGES_OF_HANDS)[Handover]
    return {"waiting": next((row for row in rows if row.state == HandoverState.PROPOSED), None)}


def moving(file: FileContext, back: str) -> list[DueLine]:
    """Whoever moves to another town of the district need not begin anew there."""
    return [
        DueLine(
            group=Group.INTAKE,
            kind="move",
            today=file.today,
            title=_("Then the file is passed on instead of being closed"),
            text=_("With consent it goes to the inbox of the new town; number, clock and ladder go on."),
            icon="home",
            action_label=_("Pass on"),
            action_url=reverse("file_intake:move", args=[file.client.uuid]),
        )
    ]
