"""The start page of officer and coordinator: what waits for them above the figures; the brand; the menu."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import desk
from accounts.access import scope_of
from accounts.actor import Actor
from accounts.desk import Waiting
from accounts.models import User
from clients.models import Topic
from intake.models import Complaint, Enquiry, Observation
from intake.services.complaints import register_complaint
from intake.services.enquiries import register_enquiry
from intake.services.observations import report_observation
from reports.models import ProtectedTable
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def waiting(user, places):
    today, now = timezone.localdate(), timezone.now()
    return desk.lines_for(desk.Desk(user, scope_of(user, today), today, now, places))


def enquiry(cast, days=0, place=None):
    row = Enquiry(municipality=place or cast.stutensee, surname="Fragewitz", reach="0721", reason="Brief")
    row = register_enquiry(Actor(cast.coordinator), row)
    at = timezone.now() - dt.timedelta(days=days)
    Enquiry.objects.filter(pk=row.pk).update(registered_at=at)
    return row


def complaint(cast, place=None):
    row = Complaint(kind="complaint", text="Laut.", municipality=place or cast.stutensee)
    return register_complaint(Actor(cast.coordinator), row)


def observation(cast):
    row = Observation(topic=Topic.objects.first(), municipality=cast.stutensee, text="Keine Termine.")
    return report_observation(Actor(cast.manager), row)


def test_after_log_in_the_office_lands_where_its_work_waits(cast, as_user):
    row = enquiry(cast, days=9)
    for user in (cast.officer, cast.coordinator):
        page = as_user(user).get("/", follow=True).content.decode()
        main = page[page.index("<main") :]
        assert "Wartet auf Sie" in main
        assert f"Anfrage {row.number}" in main
        assert "wartet seit 9 Tagen" in main
        assert "Fragewitz" not in main
        assert main.index("Wartet auf Sie") < main.index("Zeitraum davor")


def test_what_waits_is_of_ones_own_municipalities(cast):
    enquiry(cast)
    elsewhere = enquiry(cast, place=cast.pfinztal)
    lines = waiting(cast.officer_elsewhere, [cast.pfinztal])
    assert [line.title for line in lines] == [f"Anfrage {elsewhere.number}"]


def test_of_many_the_oldest_stand_singly_and_the_rest_is_counted(cast):
    rows = [enquiry(cast, days=days) for days in (9, 8, 7, 6, 5)]
    titles = [line.title for line in waiting(cast.officer, [cast.stutensee])]
    assert sorted(titles[:3]) == sorted(f"Anfrage {row.number}" for row in rows[:3])
    assert titles[3] == "2 weitere, später eingegangen"


def test_complaints_wait_for_the_coordinator_alone(cast):
    row = complaint(cast)
    assert [line.title for line in waiting(cast.coordinator, [cast.stutensee])] == [
        f"Beschwerde {row.number}"
    ]
    assert waiting(cast.officer, [cast.stutensee]) == []
    assert waiting(cast.coordinator, [cast.pfinztal]) == []


def test_observations_are_told_by_number(cast):
    observation(cast), observation(cast)
    (line,) = waiting(cast.officer, [cast.stutensee])
    assert (line.title, line.text) == ("Strukturhinweise", "2 neue")
    assert line.url == "/observations/?state=new"


def test_tables_of_a_half_year_are_told_for_three_weeks(cast):
    day = dt.date(2026, 6, 30)
    table = ProtectedTable.objects.create(
        municipality=cast.stutensee, code="gender", day=day, stored_at=timezone.now(), content={}
    )
    (line,) = waiting(cast.officer, [cast.stutensee])
    assert (line.title, line.text, line.news) == ("Tabellen zu den Menschen", "zum 30.06.2026 fertig", True)
    assert waiting(cast.officer_elsewhere, [cast.pfinztal]) == []
    ProtectedTable.objects.filter(pk=table.pk).update(stored_at=timezone.now() - dt.timedelta(days=22))
    assert waiting(cast.officer, [cast.stutensee]) == []


def test_what_is_overdue_stands_before_what_is_due_and_what_waits(cast, monkeypatch):
    today = timezone.localdate()
    days = {"later": 5, "late": -1, "today": 0}
    lines = [
        Waiting(kind=kind, title=kind, url="/", due=today + dt.timedelta(days=number))
        for kind, number in days.items()
    ]
    lines.append(Waiting(kind="waits", title="waits", url="/", since=today - dt.timedelta(days=40)))
    monkeypatch.setattr(desk, "_LINES", {"test": (lambda desk: lines, "report.cases")})
    found = waiting(cast.officer, [cast.stutensee])
    told = [(line.title, line.mark) for line in found]
    assert told == [("late", "late"), ("today", "due"), ("waits", ""), ("later", "")]
    assert waiting(cast.manager, [cast.stutensee]) == [], "nobody without the permission is told"


def test_a_finished_period_has_nothing_that_waits(cast, as_user):
    enquiry(cast)
    page = as_user(cast.officer).get("/reports/?period=2020-01").content.decode()
    assert "Wartet auf Sie" not in page
    assert "Wartet auf Sie" not in as_user(cast.manager).get("/reports/").content.decode()


def test_it_costs_the_same_for_a_few_and_for_many(cast, as_user):
    browser = as_user(cast.coordinator)

    def queries():
        with CaptureQueriesContext(connection) as page:
            browser.get("/reports/?place=STU")
        return len(page)

    def add(number):
        for _one in range(number):
            enquiry(cast), complaint(cast), observation(cast)

    add(1)
    queries()
    few = queries()
    add(20)
    assert queries() == few


def brand(answer):
    found = re.search(r'<a class="brand".*?</a>', answer.content.decode(), re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found[0]).split()


def test_the_brand_names_where_the_reader_works(cast, as_user):
    district = cast.stutensee.district.name.split()
    assert brand(as_user(cast.manager).get("/")) == ["Integration", "Stutensee"]
    assert brand(as_user(cast.outsider).get("/")) == ["Integration", "Pfinztal"]
    assert brand(as_user(cast.officer_elsewhere).get("/reports/")) == ["Integration", "Pfinztal"]
    assert brand(as_user(cast.coordinator).get("/reports/")) == ["Integration", *district]
    both = User.objects.get(pk=UserFactory(serves=[cast.stutensee, cast.pfinztal]).pk)
    assert brand(as_user(both).get("/")) == ["Integration", *district]
    assert brand(as_user(None).get("/login/")) == ["Integration"]


def test_stand_ins_stand_in_the_menu_of_the_coordinator(cast, as_user):
    def menu(user):
        page = as_user(user).get("/", follow=True).content.decode()
        return "Vertretungen" in page[page.index('class="side-nav"') : page.index('class="side-foot"')]

    assert [menu(user) for user in (cast.coordinator, cast.officer, cast.manager)] == [True, False, False]
