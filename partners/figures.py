"""How many referrals there were: a total that steers, and shares by kind of partner that are protected."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from clients.figures import FilesOverTime
from clients.figures_people import Labelled
from partners.choices import ReferralState
from partners.models import PartnerKind, Referral

MADE = "referrals"


def kinds() -> list[Labelled]:
    """The kinds of partners in their order; a row of a table comes from here, never from what was done."""
    return [Labelled.row(kind) for kind in PartnerKind.objects.all()]


def referrals(files: FilesOverTime, first: dt.date, last: dt.date) -> list[tuple[int, str, int, int]]:
    """Referrals recommended in a period: key, kind of partner, file, municipality of that day.

    A protected figure: told by half-year and rounded (rules.md §8). One entered by mistake does not count.

    Args:
        files: the files asked for.
        first: first day, included.
        last: last day, included.
    """
    rows = Referral.objects.unscoped(reason="figures").counted()
    placed = files.placed(rows.filter(recommended_on__range=(first, last)), "recommended_on").order_by()
    return list(placed.values_list("pk", "kind__code", "client_id", "belonged_to"))


def arrivals(files: FilesOverTime, first: dt.date, last: dt.date) -> list[tuple[int, str, int, int]]:
    """Those of them at whose partner the person arrived; their share is told from the rounded numbers of both."""
    rows = Referral.objects.unscoped(reason="figures").filter(state=ReferralState.ARRIVED)
    placed = files.placed(rows.filter(recommended_on__range=(first, last)), "recommended_on").order_by()
    return list(placed.values_list("pk", "kind__code", "client_id", "belonged_to"))


def referrals_by_month(
    files: FilesOverTime, first: dt.date, last: dt.date
) -> Counter[tuple[dt.date, int, str]]:
    """How many were recommended, by month and municipality (one query): a steering figure, exact in whole months.

    Args:
        files: the files asked for.
        first: first day of a month.
        last: last day, included.
    """
    rows = Referral.objects.unscoped(reason="figures").counted()
    placed: Any = files.placed(rows.filter(recommended_on__range=(first, last)), "recommended_on").order_by()
    months = placed.values_list(TruncMonth("recommended_on"), "belonged_to").annotate(number=Count("pk"))
    return Counter({(month, place, MADE): number for month, place, number in months})
