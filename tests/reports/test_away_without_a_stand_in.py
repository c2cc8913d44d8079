"""Who is away with nobody standing in: the coordinator sees a count, everybody else nothing (rules.md §4, §8)."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Municipality, User
from clients.models import DueItem
from outreach.due_items import OutreachDue
from reports.absences import without_stand_in
from tests.factories.accounts import AbsenceFactory, StandInFactory, UserFactory
from tests.outreach.ladder_cast import letter, no_show, reachable_client

pytestmark = pytest.mark.django_db

# The first letter after a no-show on Thursday, 21 February is due two working days later.
DUE = datetime.date(2019, 2, 25)
HEADING = "Abwesend ohne Vertretung"


@pytest.fixture(autouse=True)
def on_that_monday(time_machine):
    time_machine.move_to(
        datetime.datetime(2019, 2, 25, 8, 0, tzinfo=timezone.get_default_timezone()), tick=False
    )


@pytest.fixture
def away(cast):
    """The colleague is away this week; two of her steps are due today, one not yet."""
    files = [reachable_client(cast.colleague, cast.stutensee, surname=f"Zwitscher{n}") for n in range(3)]
    for hour, client in enumerate(files, start=9):
        no_show(client, cast.colleague, f"2019-02-21 {hour:02}:00")
    letter(files[2], cast.colleague)
    return AbsenceFactory(user=cast.colleague, since=DUE, until=datetime.date(2019, 3, 1))


def count(*, places=None, today=DUE):
    asked = list(Municipality.objects.all()) if places is None else places
    found = without_stand_in(asked, today, everywhere=places is None)
    return [(one.name, one.steps) for one in found]


def section(browser, url="/reports/") -> str:
    """The text of the section, or nothing."""
    html = browser.get(url).content.decode()
    found = re.search(r'<section class="sec" aria-labelledby="unattended">.*?</section>', html, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group())) if found else ""


def test_the_coordinator_sees_who_is_away_how_much_waits_and_what_to_do(cast, as_user, away):
    browser = as_user(cast.coordinator)
    text = section(browser)
    assert HEADING in text
    assert "Tobias Kettelhack" in text
    assert "bis 01.03." in text
    assert "2 Schritte des Nachgehens sind fällig oder überfällig." in text
    assert f'href="/stand-ins/new/?absence={away.uuid}"' in browser.get("/reports/").content.decode()


def test_it_is_a_count_and_nothing_of_a_file(cast, as_user, away):
    text = section(as_user(cast.coordinator))
    assert "Zwitscher" not in text
    assert not re.search(r"[A-Z]{3}-\d{4}-\d+", text)


@pytest.mark.parametrize("role", ["officer", "officer_elsewhere", "manager", "colleague"])
def test_nobody_else_reads_it(cast, as_user, away, role):
    html = as_user(cast.users[role]).get("/reports/").content.decode()
    assert HEADING not in html
    assert "Nachgehens" not in html


@pytest.mark.facts_by_hand
def test_what_is_overdue_is_counted_and_what_is_not_due_is_not(away):
    assert count() == [("Tobias Kettelhack", 2)]
    assert count(today=DUE + datetime.timedelta(days=1)) == [("Tobias Kettelhack", 2)]
    DueItem.objects.filter(kind=OutreachDue.STEP).update(due_on=DUE + datetime.timedelta(days=1))
    assert count() == [("Tobias Kettelhack", 0)]


def test_without_steps_she_is_listed_all_the_same(cast, as_user):
    AbsenceFactory(user=cast.outsider, since=DUE)
    assert "Kein Schritt des Nachgehens ist fällig." in section(as_user(cast.coordinator))


@pytest.mark.parametrize("kind", ["planned", "emergency"])
def test_with_a_stand_in_nothing_is_listed(cast, as_user, away, kind):
    stand_in = StandInFactory(absent=cast.colleague, substitute=cast.former, since=DUE, until=DUE, kind=kind)
    assert section(as_user(cast.coordinator)) == ""

    stand_in.ended_on = DUE
    stand_in.save()
    assert HEADING in section(as_user(cast.coordinator))


def test_a_stand_in_of_another_day_does_not_help_today(cast, away):
    later = DUE + datetime.timedelta(days=1)
    StandInFactory(absent=cast.colleague, substitute=cast.former, since=later, until=away.until)
    assert count() == [("Tobias Kettelhack", 2)]
    assert count(today=later) == []


def test_a_stand_in_who_is_away_herself_sees_nothing_either(cast, as_user, away):
    StandInFactory(absent=cast.colleague, substitute=cast.former, since=DUE, until=away.until)
    AbsenceFactory(user=cast.former, since=DUE)
    assert count() == [("Tobias Kettelhack", 2), ("Henning Pohlkamp", 0)]
    assert "Henning Pohlkamp ist selbst abwesend" in section(as_user(cast.coordinator))


def test_nothing_to_show_is_nothing_shown(cast, as_user, away):
    away.delete()
    AbsenceFactory(user=cast.colleague, since=DUE + datetime.timedelta(days=1))
    assert section(as_user(cast.coordinator)) == ""


def test_a_deactivated_manager_has_no_caseload(cast, away):
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    assert count() == []


def test_a_chosen_municipality_lists_those_who_work_there(cast, as_user, away):
    AbsenceFactory(user=cast.outsider, since=DUE)
    assert count(places=[cast.stutensee]) == [("Tobias Kettelhack", 2)]
    assert count(places=[cast.pfinztal]) == [("Silke Wiedenroth", 0)]
    assert "Kettelhack" not in section(as_user(cast.coordinator), "/reports/?place=PFI")


def test_steps_in_a_municipality_she_does_not_serve_any_more_count_there(cast, away):
    moved = reachable_client(cast.colleague, cast.pfinztal)
    no_show(moved, cast.colleague, "2019-02-21 14:00")
    assert count(places=[cast.pfinztal]) == [("Tobias Kettelhack", 1)]
    assert count() == [("Tobias Kettelhack", 3)]


def test_figures_of_a_past_period_say_nothing_about_today(cast, as_user, away):
    assert section(as_user(cast.coordinator), "/reports/?period=2018-12") == ""
    assert HEADING in section(as_user(cast.coordinator), "/reports/?period=2019")


def test_the_queries_are_as_many_for_one_as_for_fifty(cast, as_user, away):
    browser = as_user(cast.coordinator)

    def queries() -> tuple[int, int]:
        browser.get("/reports/")
        with CaptureQueriesContext(connection) as page:
            browser.get("/reports/")
        with CaptureQueriesContext(connection) as figure:
            count()
        return len(page), len(figure)

    StandInFactory(absent=cast.former, substitute=cast.manager, since=DUE, until=DUE)
    AbsenceFactory(user=cast.former, since=DUE)
    one = queries()
    for number in range(49):
        user = UserFactory(serves=cast.stutensee)
        AbsenceFactory(user=user, since=DUE)
        client = reachable_client(user, cast.stutensee)
        no_show(client, user, "2019-02-21 10:00")
        if number % 2:
            StandInFactory(absent=user, substitute=cast.manager, since=DUE, until=DUE)
    assert len(count()) == 26
    assert queries() == one
