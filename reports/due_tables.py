"""Tables of people that were stored lately, for an officer's start page."""

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.desk import Desk, Waiting
from accounts.rules.calendar import add_days, start_of_day
from reports.models import ProtectedTable
from ui.dates import date_de
from ui.links import reverse

TOLD_FOR = 21


def tables_ready(desk: Desk) -> list[Waiting]:
    """That the tables of a half-year are ready, for three weeks; one statement."""
    whose = Q(municipality__in=desk.places)
    if desk.everywhere:
        whose |= Q(municipality__isnull=True)
    rows = ProtectedTable.objects.filter(whose, stored_at__gte=start_of_day(add_days(desk.today, -TOLD_FOR)))
    day = rows.aggregate(day=Max("day"))["day"]
    if day is None:
        return []
    return [
        Waiting(
            kind="tables",
            title=_("Tables of people"),
            url=reverse("reports:people"),
            text=_("ready for %(day)s") % {"day": date_de(day)},
            news=True,
            icon="table",
        )
    ]
