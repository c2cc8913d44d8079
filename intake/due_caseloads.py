"""Caseloads without a manager, as lines for whoever assigns them by count."""

import datetime
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Municipality
from clients.worklist import Group
from intake.services.caseloads import unassigned_caseloads
from ui.due import DueLine
from ui.links import reverse


def lines(today: datetime.date, municipalities: Collection[Municipality] | None = None) -> list[DueLine]:
    """One line per municipality and manager who left; the caller has settled that the reader may assign.

    Args:
        today: local date.
        municipalities: only these; None for all.
    """
    return [
        DueLine(
            group=Group.CASELOADS,
            kind="caseload",
            today=today,
            title=caseload.municipality.name,
            when=timezone.localdate(caseload.since),
            text=ngettext(
                "%(number)d file from %(name)s waits for a manager.",
                "%(number)d files from %(name)s wait for a manager.",
                caseload.number,
            )
            % {"number": caseload.number, "name": caseload.leaver},
            icon="inbox",
            action_label=_("Assign"),
            action_url=reverse("intake:caseload_assign", args=[caseload.key]),
        )
        for caseload in unassigned_caseloads()
        if municipalities is None or caseload.municipality in municipalities
    ]
