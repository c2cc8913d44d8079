"""Referrals are counted as a total; by kind they are a protected figure, stored by half-year (rules.md §8)."""

import datetime as dt

import pytest

from clients import figures as client_figures
from partners import figures
from partners.models import Referral
from reports.charts_people import people as people_chart
from reports.people import OwnTables, as_stored, stored_tables
from reports.services import store_tables_of
from tests.factories.network import OrganisationFactory, ReferralFactory, kind
from tests.reports.settlement import settle
from tests.reports.test_tables_of_people import COMMAND, JUNE, numbers, place, table

__all__ = ["place"]

pytestmark = [pytest.mark.django_db, pytest.mark.facts_by_hand]
FIRST = dt.date(2026, 1, 1)


def send(people, day, organisation, state="recommended"):
    for who in people:
        ReferralFactory(client=who, organisation=organisation, recommended_on=day, state=state)


def test_kinds_are_told_rounded_and_the_total_exactly(place, cast):
    people = settle(place, 60, dt.date(2026, 1, 31), manager=cast.manager)
    debts, school = OrganisationFactory(), OrganisationFactory(kind=kind("school"))
    send(people[:33], dt.date(2026, 3, 1), debts, state="arrived")
    send(people[:29], dt.date(2026, 5, 1), school, state="declined")
    send(people[:8], dt.date(2026, 5, 2), school, state="withdrawn")
    send(people[:8], dt.date(2026, 7, 1), school)
    store_tables_of(COMMAND, JUNE)
    found = table(place, "referrals", JUNE)
    told = {row: number for row, number in numbers(found).items() if number}
    assert (told, found.content["total"]) == ({"debt_counselling": 35, "school": 30}, [60])
    assert Referral.objects.count() == 78
    files = client_figures.files_over_time([place.pk])
    assert figures.referrals_by_month(files, FIRST, JUNE) == {
        (dt.date(2026, 3, 1), place.pk, "referrals"): 33,
        (dt.date(2026, 5, 1), place.pk, "referrals"): 29,
    }
    assert len(figures.arrivals(files, FIRST, JUNE)) == 33


def test_few_arrivals_have_no_table(place, cast):
    people = settle(place, 60, dt.date(2026, 1, 31), manager=cast.manager)
    send(people[:52], dt.date(2026, 3, 1), OrganisationFactory())
    send(people[:30], dt.date(2026, 3, 1), OrganisationFactory(), state="arrived")
    store_tables_of(COMMAND, JUNE)
    assert table(place, "referrals", JUNE) is not None
    assert table(place, "arrivals", JUNE) is None


def test_the_share_that_arrived_follows_from_the_two_rounded_numbers(place, cast):
    people = settle(place, 60, dt.date(2026, 1, 31), manager=cast.manager)
    debts, school = OrganisationFactory(), OrganisationFactory(kind=kind("school"))
    send(people[:37], dt.date(2026, 3, 1), debts, state="arrived")
    send(people[:20], dt.date(2026, 3, 2), debts, state="declined")
    send(people[:28], dt.date(2026, 5, 1), school, state="arrived")
    send(people[:1], dt.date(2026, 5, 1), school)
    store_tables_of(COMMAND, JUNE)
    shown = {one.code: one for one in stored_tables(place, JUNE)}
    arrived, labels = (
        shown["arrivals"],
        {kind(code).label_de: code for code in ("debt_counselling", "school")},
    )
    shares = {labels[row.label]: row.share for row in arrived.rows if row.label in labels}
    # 35 of 55, not 37 of 57; thirty referrals are too few for a share.
    assert shares == {"debt_counselling": 64, "school": None}
    assert (arrived.total, arrived.whole) == ([65], (85, 76))
    assert shown["referrals"].whole is None
    assert people_chart(arrived).finding == (
        "Angekommene Verweisungen am 30.06.2026: 65 von 85 Verweisungen, das sind 76 %."
    )


def test_arrivals_are_no_share_of_the_referrals_of_another_half_year(place, cast):
    people = settle(place, 60, dt.date(2026, 1, 31), manager=cast.manager)
    send(people, dt.date(2026, 3, 1), OrganisationFactory(), state="arrived")
    store_tables_of(COMMAND, JUNE)
    contents = [
        (table(place, "arrivals", JUNE).content, JUNE),
        (table(place, "referrals", JUNE).content, FIRST),
    ]
    found = as_stored(contents)[0]
    assert (found.whole, {row.share for row in found.rows}) == (None, {None})


def test_a_manager_reads_the_arrivals_of_her_own_files_exactly(place, cast):
    people = settle(place, 6, dt.date(2026, 1, 31), manager=cast.manager)
    send(people[:4], dt.date(2026, 3, 1), OrganisationFactory(), state="arrived")
    send(people[4:], dt.date(2026, 3, 1), OrganisationFactory())
    found = OwnTables(cast.manager.pk, JUNE).table("arrivals")
    assert (found.total, found.whole) == ([4], (6, None))
