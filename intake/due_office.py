"""What reaches the office and waits there: enquiries, complaints, structural observations."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Window
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import Desk, Waiting
from intake.choices import EnquiryState, ObservationState
from intake.models import Complaint, Enquiry, Observation
from ui.links import reverse

SINGLE = 3
"""So many stand one by one, the oldest first; the others become one line."""


def enquiries(desk: Desk) -> list[Waiting]:
    """Open enquiries with their age, by number."""
    rows = Enquiry.objects.of_officer(desk.user).filter(state=EnquiryState.OPEN, municipality__in=desk.places)
    return _singly(
        rows.order_by("registered_at", "pk"),
        desk,
        kind="enquiry",
        title=_("Enquiry %(number)s"),
        route="enquiries:detail",
        others=("enquiries:list", "?state=open"),
    )


def complaints(desk: Desk) -> list[Waiting]:
    """Complaints the coordinator has not settled, by number."""
    rows = Complaint.objects.visible_to(desk.user).unsettled().filter(municipality__in=desk.places)
    return _singly(
        rows.order_by("registered_at", "pk"),
        desk,
        kind="complaint",
        title=_("Complaint %(number)s"),
        route="complaints:detail",
        others=("complaints:list", ""),
    )


def _singly(
    rows: Any, desk: Desk, *, kind: str, title: str, route: str, others: tuple[str, str]
) -> list[Waiting]:
    """The oldest by number, the others by count; one statement, however many there are."""
    found = list(rows.select_related("municipality").annotate(of_all=Window(Count("pk")))[: SINGLE + 1])
    lines = [
        Waiting(
            kind=kind,
            title=title % {"number": row.number},
            url=reverse(route, args=[row.uuid]),
            text=_age(row, desk),
            since=timezone.localdate(row.registered_at),
            icon="inbox" if kind == "enquiry" else "flag",
        )
        for row in found[:SINGLE]
    ]
    if len(found) <= SINGLE:
        return lines
    number = found[0].of_all - SINGLE
    text = ngettext("%(number)s more, since later", "%(number)s more, since later", number)
    more = Waiting(
        kind=f"{kind}_more",
        title=text % {"number": number},
        url=f"{reverse(others[0])}{others[1]}",
        since=timezone.localdate(found[SINGLE].registered_at),
        icon="more",
    )
    return [*lines, more]


def _age(row: Enquiry | Complaint, desk: Desk) -> str:
    days = (desk.today - timezone.localdate(row.registered_at)).days
    age = ngettext("waits for %(days)s day", "waits for %(days)s days", days) % {"days": days}
    parts = [row.municipality.name] if len(desk.places) > 1 else []
    return " · ".join([*parts, _("came today") if days == 0 else age])


def observations(desk: Desk) -> list[Waiting]:
    """How many observations are new and how many in progress; one statement."""
    rows = Observation.objects.visible_to(desk.user).unanswered().filter(municipality__in=desk.places)
    counted: Iterable[dict[str, Any]] = (
        rows.order_by("state").values("state").annotate(number=Count("pk"), oldest=Min("recorded_at"))
    )
    return [
        Waiting(
            kind="observation",
            title=_("Structural observations"),
            url=f"{reverse('observations:list')}?state={row['state']}",
            text=_observations_text(ObservationState(row["state"]), row["number"]),
            since=timezone.localdate(row["oldest"]),
            icon="flag",
        )
        for row in counted
    ]


def _observations_text(state: ObservationState, number: int) -> str:
    words = {"number": number}
    if state is ObservationState.NEW:
        return ngettext("%(number)s new one", "%(number)s new ones", number) % words
    return ngettext("%(number)s in progress", "%(number)s in progress", number) % words
