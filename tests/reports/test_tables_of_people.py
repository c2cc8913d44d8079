"""Tables of people are stored twice a year, rounded, and never change; managers read their own exactly."""

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.access import privacy_of
from accounts.actor import Actor
from audit.models import AuditEntry
from clients.choices import FactKind
from clients.models import Accommodation, Client, Country, DatedFact, FactValue
from integration_plans.models import Assessment, AssessmentEntry, Module
from reports.models import CountedPerson, FigurePolicy, ProtectedTable, ReferenceDay
from reports.people import OwnTables, stored_tables
from reports.rules.periods import half_year_ends
from reports.services import store_due_tables, store_tables_of
from tests.factories.appointments import ContactFactory
from tests.factories.clients import AccommodationFactory, HouseFactory
from tests.reports.settlement import at, close, live_together, move, settle, town

pytestmark = pytest.mark.django_db

JUNE, DECEMBER, NEXT_JUNE = dt.date(2026, 6, 30), dt.date(2026, 12, 31), dt.date(2027, 6, 30)
NOW = at(dt.date(2027, 1, 20))
COMMAND = Actor.system("store_tables", NOW)


@pytest.fixture
def place(cast):
    return town("ALT", cast.stutensee)


def table(place, code, day):
    return ProtectedTable.objects.filter(municipality=place, code=code, day=day).first()


def numbers(stored):
    return {row["code"]: row["numbers"][-1] for row in stored.content["rows"]}


def as_stored():
    """Every stored table, byte by byte."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, municipality_id, code, day, content FROM reports_protectedtable ORDER BY id"
        )
        return cursor.fetchall()


def test_a_table_is_stored_rounded_with_every_row_of_the_catalogue(place):
    settle(place, 52, JUNE)
    settle(place, 8, JUNE, nationality="AF")
    settle(place, 2, JUNE, nationality="ER")
    settle(place, 4, JUNE, nationality="")
    store_tables_of(COMMAND, JUNE)
    stored = table(place, "nationality", JUNE)
    assert numbers(stored) == {
        **dict.fromkeys(Country.objects.order_by("order", "label_de").values_list("code", flat=True)[:10], 0),
        "SY": 50,
        "AF": 10,
        "other": 0,
    }
    assert (stored.content["total"], stored.content["lacking"]) == ([60], 5)
    shown = next(one for one in stored_tables(place, JUNE) if one.code == "nationality")
    assert [row.share for row in shown.rows if row.label == "Syrien"] == [83]


def test_the_only_person_of_a_nationality_arrives_and_neither_rows_nor_order_tell(place):
    settle(place, 60, JUNE)
    store_tables_of(COMMAND, JUNE)
    settle(place, 25, DECEMBER)
    settle(place, 1, DECEMBER, nationality="GM")
    settle(place, 1, DECEMBER, nationality="TO")
    store_tables_of(COMMAND, DECEMBER)
    before, after = (table(place, "nationality", day) for day in (JUNE, DECEMBER))
    assert list(numbers(before)) == list(numbers(after))
    assert (numbers(after)["GM"], numbers(after)["other"]) == (0, 0)


def test_what_is_recorded_or_decided_later_changes_no_stored_byte(place, cast):
    people = settle(place, 80, JUNE)
    settle(place, 60, JUNE, nationality="AF", one_day=True)
    assert store_tables_of(COMMAND, JUNE) > 0
    before = as_stored()
    Client.objects.filter(pk__in=[who.pk for who in people[:20]]).update(
        nationality=Country.objects.get(code="IQ"), birth_date=dt.date(2012, 1, 1), gender="m"
    )
    close(people[50:65], dt.date(2026, 6, 1))
    move(people[20:35], cast.pfinztal, dt.date(2026, 6, 29))
    FigurePolicy.objects.create(valid_from=dt.date(2020, 1, 1), persons=5000)
    Country.objects.filter(code="SY").update(label_de="Anders")
    people[40].delete()
    assert store_tables_of(COMMAND, JUNE) == 0
    call_command("run_daily", "store_tables", verbosity=0)
    assert as_stored()[: len(before)] == before


def test_a_day_is_dealt_with_once_also_when_nothing_could_be_stored(place):
    """Who was recorded late would otherwise be the difference between nothing and a table."""
    settle(place, 49, JUNE)
    assert store_tables_of(COMMAND, JUNE) == 0
    settle(place, 1, JUNE - dt.timedelta(days=60))
    assert store_tables_of(COMMAND, JUNE) == 0
    assert not ProtectedTable.objects.exists()


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (dt.date(2026, 7, 14), dt.date(2025, 12, 31)),
        (dt.date(2026, 7, 15), JUNE),
        (dt.date(2026, 11, 3), JUNE),
        (dt.date(2026, 12, 31), JUNE),
        (dt.date(2027, 1, 14), JUNE),
        (dt.date(2027, 1, 15), DECEMBER),
    ],
)
def test_a_day_is_due_fifteen_days_later_or_on_the_first_run_after_that(place, today, day):
    settle(place, 60, dt.date(2025, 12, 1))
    assert store_due_tables(Actor.system("store_tables", at(today, 5))) > 0
    assert {stored.day for stored in ProtectedTable.objects.all()} == {day}
    assert ReferenceDay.objects.get().day == day


def test_late_entries_count_until_the_run_and_not_after(place):
    people = settle(place, 60, JUNE)
    close(people[-5:], dt.date(2026, 6, 20))
    store_tables_of(COMMAND, JUNE)
    assert table(place, "gender", JUNE).content["total"] == [55]


@pytest.mark.parametrize(("came", "stored"), [(19, False), (20, True)])
def test_the_last_table_stands_until_twenty_units_came_or_left(place, came, stored):
    settle(place, 60, JUNE)
    store_tables_of(COMMAND, JUNE)
    settle(place, came, DECEMBER)
    store_tables_of(COMMAND, DECEMBER)
    assert (table(place, "gender", DECEMBER) is not None) is stored
    (last,) = [one for one in stored_tables(place, DECEMBER) if one.code == "gender"]
    assert last.day == (DECEMBER if stored else JUNE)
    settle(place, 1, dt.date(2027, 3, 1))
    store_tables_of(COMMAND, NEXT_JUNE)
    assert (table(place, "gender", NEXT_JUNE) is None) is stored, (
        "compared is the last stored one, however old"
    )


def test_families_and_days_are_counted_as_units(place):
    settle(place, 60, JUNE)
    store_tables_of(COMMAND, JUNE)
    family = settle(place, 8, dt.date(2026, 9, 30))
    live_together(family, dt.date(2026, 9, 30))
    settle(place, 12, dt.date(2026, 11, 2), one_day=True)
    settle(place, 17, DECEMBER)
    store_tables_of(COMMAND, DECEMBER)
    assert table(place, "gender", DECEMBER) is None, "seventeen, a family and a bus are nineteen"


def test_a_late_closing_is_a_leaving_and_a_correction_is_none(place):
    people = settle(place, 100, JUNE)
    store_tables_of(COMMAND, JUNE)
    Client.objects.filter(pk__in=[who.pk for who in people[:40]]).update(gender="m")
    close(people[-19:], dt.date(2026, 6, 1))
    store_tables_of(COMMAND, DECEMBER)
    assert table(place, "gender", DECEMBER) is None
    close(people[60:61], dt.date(2027, 6, 1))
    store_tables_of(COMMAND, NEXT_JUNE)
    assert numbers(table(place, "gender", NEXT_JUNE))["m"] == 40


def test_a_move_is_leaving_here_and_coming_there(place, cast):
    other = town("NEU", cast.stutensee)
    people = settle(place, 100, JUNE)
    settle(other, 60, JUNE)
    store_tables_of(COMMAND, JUNE)
    move(people[:20], other, dt.date(2026, 10, 1))
    store_tables_of(COMMAND, DECEMBER)
    assert table(place, "gender", DECEMBER).content["total"] == [80]
    assert table(other, "gender", DECEMBER).content["total"] == [80]
    assert table(None, "gender", DECEMBER) is None, "of the district nobody came or left"
    assert table(None, "gender", JUNE).content["total"] == [160]


def test_a_town_of_one_keeps_the_district_silent_and_an_empty_one_does_not(place, cast):
    other = town("EIN", cast.stutensee)
    settle(place, 250, JUNE)
    settle(other, 1, JUNE, nationality="ER")
    store_tables_of(COMMAND, JUNE)
    assert table(place, "nationality", JUNE) is not None
    assert table(other, "nationality", JUNE) is None
    assert table(None, "nationality", JUNE) is None
    close(list(Client.objects.filter(municipality=other)), dt.date(2026, 8, 1))
    settle(place, 20, DECEMBER)
    store_tables_of(COMMAND, DECEMBER)
    assert table(None, "nationality", DECEMBER).content["total"] == [270]


@pytest.mark.parametrize(("persons", "stored"), [(199, False), (200, True)])
def test_two_attributes_together_need_two_hundred_persons(place, persons, stored):
    settle(place, persons, JUNE)
    store_tables_of(COMMAND, JUNE)
    crossed = table(place, "nationality_age", JUNE)
    assert (crossed is not None) is stored
    if stored:
        row = next(row for row in crossed.content["rows"] if row["code"] == "SY")
        assert row["numbers"] == [0, 0, 200, 0, 200]
        assert crossed.content["total"] == [0, 0, 200, 0, 200]


def assess(people, level, day):
    module = Module.objects.get(code="finance")
    found = Assessment.objects.bulk_create(
        Assessment(client=who, assessed_on=day, by=who.manager, at=at(day)) for who in people
    )
    AssessmentEntry.objects.bulk_create(
        AssessmentEntry(assessment=one, module=module, level=level) for one in found
    )


def test_need_is_told_in_two_groups_and_by_level_for_the_district_only(place, cast):
    people = settle(place, 100, JUNE, manager=cast.manager)
    assess(people[:30], 1, JUNE)
    assess(people[30:75], 3, JUNE)
    store_tables_of(COMMAND, JUNE)
    assert numbers(table(place, "need_finance", JUNE)) == {"low": 30, "high": 45}
    assert numbers(table(None, "need_finance", JUNE)) == {"0": 0, "1": 30, "2": 0, "3": 45, "4": 0}
    assert table(place, "need_finance", JUNE).content["lacking"] == 25
    assert table(place, "need_health", JUNE) is None


def learn(people, level, day):
    value = FactValue.objects.get(kind=FactKind.GERMAN_LEVEL, code=f"german_level-{level}")
    for who in people:
        DatedFact.objects.filter(client=who, until=None).update(until=day - dt.timedelta(days=1))
        DatedFact.objects.create(
            client=who, kind=FactKind.GERMAN_LEVEL, value=value, since=day, recorded_at=at(day)
        )


@pytest.mark.parametrize(("changed", "stored"), [(19, False), (25, True)])
def test_change_is_told_between_two_ends_of_years_and_never_by_level(place, changed, stored):
    first = dt.date(2025, 12, 31)
    people = settle(place, 80, dt.date(2025, 11, 1))
    learn(people, "a2", dt.date(2025, 11, 1))
    store_tables_of(COMMAND, first)
    settle(place, 30, JUNE)
    learn(people[: changed - 4], "b1", dt.date(2026, 5, 1))
    learn(people[changed - 4 : changed], "a1", dt.date(2026, 5, 1))
    newcomers = settle(place, 25, DECEMBER - dt.timedelta(days=3))
    learn(newcomers, "a1", DECEMBER - dt.timedelta(days=2))
    store_tables_of(COMMAND, JUNE)
    assert table(place, "change_german_level", JUNE) is None
    store_tables_of(COMMAND, DECEMBER)
    change = table(place, "change_german_level", DECEMBER)
    assert (change is not None) is stored
    if stored:
        assert numbers(change) == {"better": 20, "same": 55, "worse": 5}
        assert change.content["total"] == [80]


def test_without_a_table_of_both_days_there_is_no_change(place):
    people = settle(place, 80, dt.date(2025, 11, 1))
    learn(people, "a2", dt.date(2025, 11, 1))
    store_tables_of(COMMAND, dt.date(2025, 12, 31))
    learn(people[:40], "b1", dt.date(2026, 5, 1))
    store_tables_of(COMMAND, DECEMBER)
    assert table(place, "german_level", DECEMBER) is None, "nobody came or left"
    assert table(place, "change_german_level", DECEMBER) is None


def talk(people, manager, day, **more):
    for who in people:
        ContactFactory(client=who, recorded_by=manager, happened_at=at(day), **more)


def test_parts_of_town_are_those_of_the_accommodations_and_tell_no_protected_address(place, cast):
    other_town = town("NEU", cast.stutensee)
    hill = HouseFactory(municipality=place, quarter="Oberdorf")
    HouseFactory(municipality=place, quarter="Unterdorf")
    HouseFactory(municipality=other_town, quarter="Südstadt")
    people = settle(place, 80, JUNE)
    house, private, elsewhere, hidden = people[:20], people[20:30], people[30:40], people[40:60]
    homes = [(who, {"house": hill, **hill.address}) for who in house]
    homes += [(who, {"kind": "private_flat", "quarter": " OBERDORF "}) for who in private]
    homes += [(who, {"kind": "private_flat", "quarter": "Südstadt"}) for who in elsewhere]
    homes += [(who, {"house": hill, **hill.address, "is_protected": True}) for who in hidden]
    homes += [(who, {"kind": "private_flat", "quarter": "Unterdorf"}) for who in people[60:70]]
    Accommodation.objects.bulk_create(
        Accommodation(client=who, since=dt.date(2020, 1, 1), recorded_at=at(JUNE), **home)
        for who, home in homes
    )
    store_tables_of(COMMAND, JUNE)
    stored = table(place, "quarter", JUNE)
    assert [(row["de"], row["numbers"]) for row in stored.content["rows"]] == [
        ("Gemeinde ALT-Oberdorf", [30]),
        ("Gemeinde ALT-Unterdorf", [10]),
        ("andere", [10]),
    ]
    assert stored.content["total"] == [50]
    assert stored.content["lacking"] == 30


def test_a_manager_reads_the_parts_of_town_of_her_own_files(place, cast):
    HouseFactory(municipality=place, quarter="Oberdorf")
    HouseFactory(municipality=town("NEU", cast.stutensee), quarter="Südstadt")
    [who] = settle(place, 1, JUNE, manager=cast.manager)
    AccommodationFactory(client=who, quarter="Oberdorf")
    Client.objects.filter(manager=cast.manager).exclude(pk=who.pk).update(manager=None)
    found = OwnTables(cast.manager.pk, JUNE).table("quarter")
    assert [(row.label, row.numbers) for row in found.rows] == [
        ("Gemeinde ALT-Oberdorf", [1]),
        ("andere", [0]),
    ]


@pytest.mark.parametrize(("talks", "stored"), [(49, False), (50, True)])
def test_interpreters_are_told_by_half_year_from_fifty_talks_of_twenty_persons(place, cast, talks, stored):
    people = settle(place, 60, dt.date(2026, 1, 31), manager=cast.manager)
    talk(people[:talks], cast.manager, dt.date(2026, 6, 30), interpreter="phone")
    talk(people[:10], cast.manager, dt.date(2026, 7, 1), interpreter="family")
    store_tables_of(COMMAND, JUNE)
    found = table(place, "interpreters", JUNE)
    assert (found is not None) is stored
    if stored:
        assert (numbers(found)["phone"], numbers(found)["family"], found.content["total"]) == (50, 0, [50])


def test_who_was_counted_is_forgotten_when_no_later_table_is_compared_with_it(place):
    settle(place, 60, dt.date(2025, 12, 1))
    store_tables_of(COMMAND, dt.date(2025, 12, 31))
    for number, day in enumerate((JUNE, DECEMBER, NEXT_JUNE)):
        settle(place, 25, day - dt.timedelta(days=number))
        store_tables_of(COMMAND, day)
    assert set(CountedPerson.objects.values_list("day", flat=True)) == {DECEMBER, NEXT_JUNE}
    someone = CountedPerson.objects.first().client
    assert privacy_of(CountedPerson).erase.deletes
    someone.delete()
    assert not CountedPerson.objects.filter(client_id=someone.pk).exists()


def test_thresholds_are_raised_and_never_lowered():
    policy = FigurePolicy(valid_from=dt.date(2027, 1, 1), persons=49)
    with pytest.raises(ValidationError) as refused:
        policy.full_clean()
    assert list(refused.value.message_dict) == ["persons"]
    FigurePolicy(valid_from=dt.date(2027, 1, 1), persons=60).full_clean()


# --- the page -------------------------------------------------------------------------------------------


BEFORE, LAST = sorted(day for day, _n in zip(half_year_ends(timezone.localdate()), range(3), strict=False))[
    :2
]
"""Two reference days that are over, whenever the tests run: the cast works today."""


@pytest.fixture
def stutensee(cast):
    settle(cast.stutensee, 183, BEFORE, manager=cast.manager)
    settle(cast.stutensee, 47, BEFORE, manager=cast.colleague, nationality="AF")
    store_tables_of(COMMAND, BEFORE)
    return cast.stutensee


def said(html):
    """What the table of the page says, by row."""
    rows = re.findall(r'<tr>\s*<th scope="row">(.*?)</th>(.*?)</tr>', html, re.S)
    return {
        re.sub(r"<.*", "", head).strip(): re.findall(r'<td class="num">\s*(\d+)\s*</td>', cells)
        for head, cells in rows
    }


def test_the_same_number_stands_in_picture_and_table(stutensee, cast, as_user):
    html = as_user(cast.officer).get("/reports/people/?table=nationality").content.decode()
    assert said(html)["Syrien"] == ["185"]
    assert said(html)["Afghanistan"] == ["45"]
    assert set(re.findall(r"<text[^>]*>(\d+)</text>", html)) == {"185", "45"}
    ends = re.findall(r'<span class="bar-end">\s*(\d+)\s*</span>', html)
    assert ends == [cells[0] for cells in said(html).values()]
    assert f"{BEFORE:%d.%m.%Y}" in html
    assert "80 %" in html
    for exact in ("183", "47"):
        assert not re.search(rf">\s*{exact}\s*<", html)


def test_the_chapter_shows_the_last_tables_up_to_the_end_of_the_period(stutensee, cast, as_user):
    officer = as_user(cast.officer)
    for query in ("", f"?period={BEFORE:%Y-%m}", f"?since={BEFORE:%Y-%m}&until={BEFORE:%Y-%m}"):
        shown = officer.get(f"/reports/people/{query}").content.decode()
        assert "Geschlecht" in shown
        assert f"{BEFORE:%d.%m.%Y}" in shown
    earlier = BEFORE.replace(day=1) - dt.timedelta(days=1)
    assert "noch keine Tabelle" in officer.get(f"/reports/people/?period={earlier:%Y-%m}").content.decode()


def test_what_a_council_asks_is_answered_on_one_page(stutensee, cast, as_user):
    html = as_user(cast.officer).get("/reports/people/").content.decode()
    for question in (
        "Wie viele sind es",
        "Woher kommen sie?",
        "Wie wohnen sie?",
        "Was lernen sie",
        "Hat es geholfen?",
    ):
        assert question in html
    figures = re.findall(r'id="(\w+)-fig"', html)
    assert {"gender", "age", "nationality"} - set(figures) == set()
    assert said(html)["weiblich"] == ["230"]
    assert "/reports/work/" in html


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_stored_table_is_the_same_in_a_file(stutensee, cast, as_user, kind):
    answer = as_user(cast.officer).get(f"/reports/people/?figure=nationality&as={kind}")
    content = b"".join(answer.streaming_content)
    assert f"nationality-alle-{BEFORE}.{kind}" in answer["Content-Disposition"]
    if kind == "csv":
        rows = [line.split(";") for line in content.decode("utf-8-sig").replace('"', "").splitlines()]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    told = {row[0]: row[1:] for row in rows}
    number = "185" if kind == "csv" else 185
    assert told["Syrien"] == [number, "80 %"]
    assert {str(row[1]) for row in rows[1:]} == {"185", "45", "0"}


def test_there_is_no_filter_besides_the_municipality(stutensee, cast, as_user):
    officer = as_user(cast.officer)
    plain = officer.get("/reports/people/?table=age").content.decode()
    for query in (
        "phase=active",
        "manager=manager",
        "level=crisis",
        "nationality=SY",
        "since=2026-01&until=2026-02",
    ):
        filtered = officer.get(f"/reports/people/?table=age&{query}").content.decode()
        assert said(filtered) == said(plain)
    assert officer.get("/reports/people/?place=PFI").status_code == 404
    for query in ("table=surname", "table=age&day=2016-06-30"):
        nothing = officer.get(f"/reports/people/?{query}").content.decode()
        assert "noch nicht gespeichert" in nothing
        assert said(nothing) == {}


def test_a_manager_reads_her_own_caseload_exactly(stutensee, cast, as_user):
    html = as_user(cast.manager).get("/reports/people/?table=nationality").content.decode()
    assert said(html)["Syrien"] == ["183"]
    assert said(html)["Afghanistan"] == ["0"]
    assert "nicht gerundet" in html
    assert OwnTables(cast.colleague.pk, timezone.localdate()).table("nationality").total == [47]
    for code in (
        "age",
        "nationality_age",
        "need_finance",
        "change_need_finance",
        "topics",
        "closings",
        "goals",
        "measures",
    ):
        assert as_user(cast.manager).get(f"/reports/people/?table={code}").status_code == 200
    assert as_user(cast.manager).get("/reports/people/?table=nonsense").status_code == 404


def test_every_table_of_the_officer_exists_for_the_manager(stutensee, cast):
    stored = {one.code for one in stored_tables(stutensee, BEFORE)}
    assert stored
    assert stored - {choice.code for choice in OwnTables(cast.manager.pk, BEFORE).choices} == set()


def test_the_coordinator_reads_the_district_and_each_municipality(stutensee, cast, as_user):
    coordinator = as_user(cast.coordinator)
    assert said(coordinator.get("/reports/people/?table=gender").content.decode())["weiblich"] == ["230"]
    of_town = coordinator.get("/reports/people/?table=gender&place=STU").content.decode()
    assert said(of_town)["weiblich"] == ["230"]
    nothing = coordinator.get("/reports/people/?place=PFI&table=gender").content.decode()
    assert "noch keine Tabelle" in nothing


def test_no_chip_leads_to_a_missing_page(stutensee, cast, as_user):
    """What is stored for a municipality need not be stored for the district."""
    settle(cast.pfinztal, 1, BEFORE)
    settle(cast.stutensee, 40, LAST)
    store_tables_of(COMMAND, LAST)
    coordinator = as_user(cast.coordinator)

    def chips(query):
        answer = coordinator.get(f"/reports/people/{query}")
        assert answer.status_code == 200, query
        found = re.findall(r'class="chip"\s+href="(\?[^"]*)"', answer.content.decode())
        return [link.replace("&amp;", "&") for link in found]

    first = chips("?table=age&place=STU")
    assert "?table=age" in first
    assert "?table=age&place=PFI" in first
    assert all(chips(query) for query in first)


def test_earlier_tables_stay_readable(stutensee, cast, as_user):
    settle(cast.stutensee, 40, LAST, manager=cast.manager)
    store_tables_of(COMMAND, LAST)
    officer = as_user(cast.officer)
    later = officer.get("/reports/people/?table=gender").content.decode()
    assert said(later)["weiblich"] == ["270"]
    assert f"day={BEFORE}" in later
    earlier = officer.get(f"/reports/people/?table=gender&day={BEFORE}").content.decode()
    assert said(earlier)["weiblich"] == ["230"]


def test_storing_and_reading_are_recorded(stutensee, cast, as_user):
    stored = AuditEntry.objects.get(action="report.tables_stored")
    assert (stored.actor, stored.count) == (None, ProtectedTable.objects.count())
    as_user(cast.officer).get("/reports/people/")
    assert AuditEntry.objects.filter(action="report.tables_viewed", actor=cast.officer).exists()


def test_the_daily_run_says_what_it_stored(place, capsys):
    settle(place, 60, dt.date(2020, 1, 1))
    call_command("run_daily", "store_tables")
    stored = ProtectedTable.objects.count()
    assert stored > 0
    call_command("run_daily", "store_tables")
    assert capsys.readouterr().out == f"store_tables: {stored}.\nstore_tables: 0.\n"
