"""The coordinator reads what was counted once a day, and the page says when (decision 0023)."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.test import Client as Browser

from accounts.actor import Actor
from accounts.models import Membership, User
from appointments.models import Contact
from demo.world import at
from reports.keeping import keep_sums
from reports.models import KeptSums
from tests.invented_town import AS_OF

pytestmark = pytest.mark.django_db

NEXT_MORNING = AS_OF + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_that_monday(time_machine):
    time_machine.move_to(f"{AS_OF}T08:00:00Z", tick=False)


def shown(query=""):
    """The page as the coordinator reads it."""
    browser = Browser()
    browser.force_login(User.objects.get(username="coordinator"))
    return browser.get(f"/reports/{query}").content.decode()


def told(query=""):
    """Its main part in words."""
    main = re.search(r"<main.*</main>", shown(query), re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group()))


def all_rows():
    return list(
        KeptSums.objects.values_list("month", "municipality", "consultations", "days", "stock", "flows")
    )


def test_the_page_says_when_its_figures_were_counted(town, time_machine):
    assert "Zahlen des ganzen Landkreises: Stand heute, 05:00 Uhr" in told()
    time_machine.move_to(f"{NEXT_MORNING}T04:00:00Z", tick=False)
    assert "Stand gestern, 05:00 Uhr" in told()
    assert "November 2026 bis 23.11.2026" in told(), "until the next count the month goes no further"
    call_command("keep_sums", verbosity=0)
    assert "Stand heute, 05:00 Uhr" in told()
    assert "November 2026 bis 24.11.2026" in told()
    assert "Zahlen des ganzen Landkreises" not in told("?place=STU"), (
        "a municipality is counted when somebody asks"
    )


def test_what_is_recorded_late_stands_there_from_the_next_count_on(town):
    def talks():
        return int(re.search(r"Beratungsgespräche (\d+)", told("?period=2026-03")).group(1))

    before, day = talks(), dt.date(2026, 3, 20)
    talk = (
        Contact.objects.consultations().filter(happened_on__year=2026, appointment=None).latest("happened_at")
    )
    Contact.objects.filter(pk=talk.pk).update(happened_at=at(day, 10), happened_on=day)
    assert talks() == before
    keep_sums(Actor.system("keep_sums", at(AS_OF, 5)), AS_OF)
    assert talks() == before + 1


def test_a_period_that_was_not_counted_says_so_and_nothing_is_counted_on_the_way(town, time_machine):
    time_machine.move_to("2026-12-01T00:30:00Z", tick=False)
    rows = all_rows()
    for query in ("", "?period=2027-03", "?period=2019"):
        text = told(query)
        assert "Für diesen Zeitraum sind keine Zahlen des ganzen Landkreises gezählt." in text
        assert "Aktive Klient:innen" not in text
    assert "Stand 23.11." not in told("?period=2026-11&place=STU")
    assert all_rows() == rows
    KeptSums.objects.all().delete()
    assert "sind keine Zahlen des ganzen Landkreises gezählt" in told("?period=2026-10")
    assert not KeptSums.objects.exists()


def test_a_second_run_keeps_the_same_and_the_first_one_of_a_month_adds_its_rows(town):
    rows = all_rows()
    keep_sums(Actor.system("keep_sums", at(AS_OF, 5)), AS_OF)
    assert all_rows() == rows
    december = dt.date(2026, 12, 1)
    keep_sums(Actor.system("keep_sums", at(december, 5)), december)
    added = set(KeptSums.objects.values_list("month", flat=True)) - {row[0] for row in rows}
    assert added == {december}


def test_an_update_counts_where_there_are_no_sums_and_leaves_those_there_are(town):
    counted_at = set(KeptSums.objects.values_list("counted_at", flat=True))
    call_command("keep_sums", if_none=True, verbosity=0)
    assert set(KeptSums.objects.values_list("counted_at", flat=True)) == counted_at
    KeptSums.objects.all().delete()
    call_command("keep_sums", if_none=True, verbosity=0)
    assert KeptSums.objects.exists()


def test_who_takes_no_part_any_more_is_in_no_figure_of_later_months(town):
    towns = r"Stutensee|Pfinztal"
    ended = Membership.objects.filter(municipality__code="PFI").update(until=dt.date(2026, 8, 15))
    assert ended == 1

    def table(query):
        page = shown(query)
        return set(re.findall(towns, re.search(r'id="places".*?</section>', page, re.S).group()))

    assert table("?period=2026-08") == {"Stutensee", "Pfinztal"}
    assert table("?period=2026-09") == {"Stutensee"}
    stock = KeptSums.objects.get(month="2026-09-01", municipality__code="STU").active_clients
    assert re.search(rf"Aktive Klient:innen\s*{stock}\b", told("?period=2026-09"))
