"""New files join the officer's list together, and a row says nothing exactly (rules.md §8)."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.actor import Actor
from clients.models import Client
from reports.cases import LastTalk, last_talk
from reports.models import ReferenceDay
from reports.services import join_case_list
from tests.reports.settlement import at, close, settle, town

pytestmark = pytest.mark.django_db

MARCH, JUNE = dt.date(2026, 3, 31), dt.date(2026, 6, 30)


def command_on(day):
    return Actor.system("store_tables", at(day))


IN_APRIL, IN_JULY = (command_on(dt.date(2026, month, 1)) for month in (4, 7))


@pytest.fixture
def place(cast):
    return town("ALT", cast.stutensee)


def listed(people):
    return Client.objects.filter(pk__in=[who.pk for who in people]).exclude(list_number=None).count()


@pytest.mark.parametrize(("number", "joined"), [(4, 0), (5, 5)])
def test_files_of_a_quarter_join_at_its_end_when_five_wait(place, number, joined):
    people = settle(place, number, MARCH)
    assert join_case_list(command_on(MARCH)) == 0, "the quarter is not over"
    assert join_case_list(IN_APRIL) == joined
    assert listed(people) == joined


def test_fewer_wait_for_those_of_the_next_quarter(place):
    early, late = settle(place, 3, MARCH), settle(place, 2, JUNE)
    assert join_case_list(IN_APRIL) == 0
    assert join_case_list(IN_JULY) == 5
    assert listed([*early, *late]) == 5


def test_what_is_recorded_after_the_run_joins_with_the_next_quarter(place):
    """Otherwise the fifth file, entered late, would bring four others in on a day of its own."""
    people = settle(place, 4, MARCH)
    assert join_case_list(IN_APRIL) == 0
    people += settle(place, 1, MARCH - dt.timedelta(days=20))
    assert join_case_list(command_on(dt.date(2026, 5, 2))) == 0
    assert join_case_list(IN_JULY) == 5
    assert ReferenceDay.objects.count() == 2


def test_a_file_closed_meanwhile_waits_no_longer(place):
    people = settle(place, 5, MARCH)
    close(people[:1], MARCH)
    assert join_case_list(IN_APRIL) == 0
    assert listed(people) == 0


def test_municipalities_wait_apart(place, cast):
    settle(place, 3, MARCH)
    settle(town("NEU", cast.stutensee), 4, MARCH)
    assert join_case_list(IN_APRIL) == 0


def test_numbers_are_drawn_by_chance_and_kept(place):
    people = settle(place, 40, MARCH)
    join_case_list(IN_APRIL)
    numbers = list(Client.objects.order_by("case_no").values_list("list_number", flat=True))
    assert len(set(numbers)) == 40
    assert numbers != sorted(numbers)
    settle(place, 5, JUNE)
    join_case_list(IN_JULY)
    kept = Client.objects.filter(pk__in=[who.pk for who in people]).order_by("case_no")
    assert list(kept.values_list("list_number", flat=True)) == numbers


def without_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_a_new_file_is_in_the_figures_at_once_and_not_in_the_list(cast, as_user):
    settle(cast.stutensee, 30, dt.date(2026, 1, 30), manager=cast.manager)
    join_case_list(IN_APRIL)
    officer = as_user(cast.officer)
    before = without_token(officer.get("/reports/cases/").content.decode())
    settle(cast.stutensee, 1, dt.date(2026, 5, 4), manager=cast.manager)
    after = without_token(officer.get("/reports/cases/").content.decode())
    assert (
        after[after.index("<main") : after.index("</main>")]
        == before[before.index("<main") : before.index("</main>")]
    )
    assert "31 Akten sind in aktiver Beratung" in officer.get("/reports/?period=2026-05").content.decode()


@pytest.mark.parametrize(
    ("days", "talk"),
    [
        (0, LastTalk.UP_TO_30),
        (30, LastTalk.UP_TO_30),
        (31, LastTalk.UP_TO_90),
        (90, LastTalk.UP_TO_90),
        (91, LastTalk.UP_TO_180),
        (180, LastTalk.UP_TO_180),
        (181, LastTalk.LONGER),
    ],
)
def test_the_last_talk_is_told_in_four_classes(days, talk):
    assert last_talk(JUNE - dt.timedelta(days=days), JUNE) is talk
    assert last_talk(None, JUNE) is LastTalk.NONE


def row_of(browser):
    html = browser.get("/reports/cases/").content.decode()
    body = html[html.index("<tbody>") : html.index("</tbody>")]

    return [
        re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", body, re.S)
    ]


def test_a_row_tells_half_years_and_classes_only(cast, as_user, time_machine):
    today = timezone.localdate()
    (file,) = settle(cast.stutensee, 1, today - dt.timedelta(days=700), manager=cast.manager)
    Client.objects.filter(pk=file.pk).update(
        list_number=482_913,
        intensity="intensive",
        counselling_started_on=today - dt.timedelta(days=660),
        last_contact_on=today - dt.timedelta(days=74),
    )
    row = row_of(as_user(cast.officer))
    assert row[-1].startswith("Fragen")
    assert row[:-1] == ["L-482913", "aktiv · intensiv", "–", "kein Plan", "3", "vor 31 bis 90 Tagen"]
    time_machine.move_to(at(today + dt.timedelta(days=7)), tick=False)
    assert row_of(as_user(cast.officer)) == row, "a week later nothing has changed"
