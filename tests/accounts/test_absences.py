"""Absences: entered, changed, ended early; what stand-ins leave of them."""

import datetime
import uuid

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.absence_coverage import absence_coverages
from accounts.actor import Actor
from accounts.models import Absence, StandIn, User
from accounts.records import StaleRecord
from accounts.rules.days import Days
from accounts.services.absences import change_absence, end_absence, enter_absence
from accounts.services.stand_ins import end_stand_in, plan_stand_in
from audit.models import AuditEntry
from clients.models import Client
from tests.factories.accounts import AbsenceFactory, StandInFactory, UserFactory
from tests.factories.clients import ClientFactory
from tests.worklists import lines_of

pytestmark = pytest.mark.django_db

# A Thursday.
TODAY = datetime.date(2026, 12, 3)


@pytest.fixture(autouse=True)
def on_that_thursday(time_machine):
    time_machine.move_to(
        datetime.datetime(2026, 12, 3, 9, 0, tzinfo=timezone.get_default_timezone()), tick=False
    )


def day(number: int) -> datetime.date:
    return datetime.date(2026, 12, number)


def days(first: int, last: int) -> Days:
    return Days(day(first), day(last))


def away(user: User, first: int, last: int) -> Absence:
    return AbsenceFactory(user=user, since=day(first), until=day(last))


def post(first: str, last: str, **more: object) -> dict[str, object]:
    return {"since": first, "until": last, "form_token": str(uuid.uuid4()), "version": "1", **more}


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


# Entering


def test_a_manager_enters_her_own(cast, as_user):
    answer = as_user(cast.colleague).post("/stand-ins/absences/new/", post("07.12.2026", "11.12.2026"))

    assert answer["Location"] == "/stand-ins/"
    absence = Absence.objects.get()
    assert (absence.user, absence.entered_by, absence.days) == (cast.colleague, cast.colleague, days(7, 11))
    entry = AuditEntry.objects.get(action="absence.entered")
    assert (entry.actor, entry.kind, entry.subject_ref) == (cast.colleague, "absence", None)


def test_the_coordinator_enters_it_for_somebody_who_fell_ill_this_morning(cast, as_user):
    browser = as_user(cast.coordinator)
    page = browser.get("/stand-ins/absences/new/")
    assert page.context["form"]["since"].value() == TODAY, "it begins today unless she says otherwise"

    browser.post("/stand-ins/absences/new/", post("2026-12-03", "2026-12-04", user=cast.outsider.pk))

    assert Absence.objects.active_on(TODAY).get().user == cast.outsider


def test_nobody_enters_an_absence_of_a_colleague(cast, as_user):
    as_user(cast.colleague).post(
        "/stand-ins/absences/new/", post("2026-12-07", "2026-12-11", user=cast.manager.pk)
    )
    assert Absence.objects.get().user == cast.colleague


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_the_coordinator_can_name_managers_only(cast, as_user, role):
    answer = as_user(cast.coordinator).post(
        "/stand-ins/absences/new/", post("2026-12-07", "2026-12-11", user=cast.users[role].pk)
    )
    assert answer.status_code == 422
    assert "user" in answer.context["form"].errors


def test_no_reason_is_asked_for_or_kept(cast, as_user):
    page = as_user(cast.colleague).get("/stand-ins/absences/new/").content.decode()
    assert "Ein Grund wird nicht erfasst." in page
    kept = {field.name for field in Absence._meta.get_fields()}
    assert kept == {
        "id", "uuid", "version", "form_token", "form_digest",
        "user", "since", "until", "ended_on", "entered_by", "entered_at",
    }  # fmt: skip


def test_the_same_post_twice_enters_it_once(cast, as_user):
    browser, fields = as_user(cast.colleague), post("2026-12-07", "2026-12-11")
    assert browser.post("/stand-ins/absences/new/", fields).status_code == 302
    assert browser.post("/stand-ins/absences/new/", fields).status_code == 302
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        ("2026-12-11", "2026-12-07", "until", "Das Ende liegt vor dem Beginn."),
        ("2026-11-23", "2026-12-02", "until", "Dieser Zeitraum ist schon vorbei."),
        ("2026-12-07", "2028-01-07", "until", "Eine Abwesenheit dauert höchstens ein Jahr."),
        ("2026-12-11", "2026-12-14", "since", "Vom 07.12.2026 bis 11.12.2026 ist schon eine Abwesenheit"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_written(
    cast, as_user, first, last, field, sentence
):
    away(cast.colleague, 7, 11)
    answer = as_user(cast.colleague).post("/stand-ins/absences/new/", post(first, last))
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert Absence.objects.count() == 1


def test_an_absence_may_have_begun_and_may_follow_another(cast):
    away(cast.colleague, 7, 11)
    for first, last in ((1, 6), (12, 13)):
        enter_absence(Actor(cast.colleague), Absence(user=cast.colleague, since=day(first), until=day(last)))
    assert Absence.objects.count() == 3


def test_a_time_called_off_or_cut_short_is_free_again(cast):
    planned, running = away(cast.colleague, 14, 18), away(cast.colleague, 1, 11)
    for absence in (planned, running):
        end_absence(Actor(cast.colleague), absence, expected_version=1)
    again = Absence(user=cast.colleague, since=TODAY, until=day(18))
    enter_absence(Actor(cast.colleague), again)
    with pytest.raises(ValidationError, match=r"01\.12\.2026 bis 02\.12\.2026"):
        enter_absence(Actor(cast.colleague), Absence(user=cast.colleague, since=day(2), until=TODAY))


# Changing and coming back


def test_the_days_are_changed_with_a_version(cast, as_user):
    absence = away(cast.colleague, 7, 18)
    browser = as_user(cast.colleague)
    url = f"/stand-ins/absences/{absence.uuid}/"

    assert browser.post(url, post("2026-12-07", "2026-12-11")).status_code == 302
    conflict = browser.post(url, post("2026-12-07", "2026-12-16"))

    absence.refresh_from_db()
    assert (absence.days, absence.version) == (days(7, 11), 2)
    assert conflict.status_code == 409
    entry = AuditEntry.objects.get(action="absence.changed")
    assert set(entry.fields) == {"since", "until"}


def test_changing_does_not_run_into_another_absence(cast, as_user):
    away(cast.colleague, 14, 18)
    absence = away(cast.colleague, 7, 11)
    answer = as_user(cast.colleague).post(
        f"/stand-ins/absences/{absence.uuid}/", post("2026-12-07", "2026-12-15")
    )
    assert answer.status_code == 422
    assert "since" in answer.context["form"].errors


def test_it_may_turn_out_to_be_over_already(cast):
    absence = away(cast.colleague, 1, 11)
    absence.until = day(2)
    change_absence(Actor(cast.colleague), absence, expected_version=1)
    assert not Absence.objects.not_over_on(TODAY).exists()


def test_back_earlier_ends_it_today_and_says_who_still_stands_in(cast, as_user):
    absence = away(cast.colleague, 1, 11)
    StandInFactory(absent=cast.colleague, substitute=cast.manager, since=day(1), until=day(11))
    browser = as_user(cast.colleague)

    answer = browser.post(f"/stand-ins/absences/{absence.uuid}/end/")

    absence.refresh_from_db()
    assert absence.days == days(1, 2)
    assert "Jana Rehbaum vertritt noch bis 11.12.2026" in said(answer)
    assert StandIn.objects.active_on(TODAY).filter(absent=cast.colleague).exists()
    assert browser.post(f"/stand-ins/absences/{absence.uuid}/end/").status_code == 302
    assert AuditEntry.objects.filter(action="absence.ended").count() == 1
    assert browser.get(f"/stand-ins/absences/{absence.uuid}/").status_code == 404


def test_a_planned_absence_is_called_off(cast, as_user):
    absence = away(cast.colleague, 14, 18)
    answer = as_user(cast.coordinator).post(f"/stand-ins/absences/{absence.uuid}/end/")
    assert "Die Abwesenheit ist abgesagt." in said(answer)
    assert not Absence.objects.not_over_on(TODAY).exists()


def test_whoever_is_left_without_a_stand_in_is_named_with_the_days(cast, as_user):
    StandInFactory(absent=cast.colleague, substitute=cast.manager, since=day(7), until=day(11))
    StandInFactory(absent=cast.colleague, substitute=cast.former, since=day(7), until=day(8))

    answer = as_user(cast.manager).post("/stand-ins/absences/new/", post("03.12.2026", "10.12.2026"))

    assert "Die Abwesenheit ist eingetragen." in said(answer)
    assert "Tobias Kettelhack ist dann ohne Vertretung: 09.–10.12." in said(answer)


def test_whoever_stands_in_for_nobody_hears_of_nobody(cast, as_user):
    answer = as_user(cast.colleague).post("/stand-ins/absences/new/", post("07.12.2026", "11.12.2026"))
    assert "ohne Vertretung" not in said(answer)


def test_a_planned_stand_in_is_called_off_and_a_running_one_ended(cast, as_user):
    planned = StandInFactory(absent=cast.colleague, substitute=cast.manager, since=day(7), until=day(11))
    running = StandInFactory(absent=cast.colleague, substitute=cast.former, since=day(1), until=day(4))
    browser = as_user(cast.colleague)
    page = browser.get("/stand-ins/").content.decode()
    assert 'type="submit">Absagen<' in page
    assert 'type="submit">Jetzt beenden<' in page
    assert "Die Vertretung ist abgesagt." in said(browser.post(f"/stand-ins/{planned.uuid}/end/"))
    assert "Die Vertretung ist beendet." in said(browser.post(f"/stand-ins/{running.uuid}/end/"))


def test_two_who_end_it_at_once_are_told_apart(cast):
    first, second = away(cast.colleague, 1, 11), Absence.objects.get()
    end_absence(Actor(cast.colleague), first, expected_version=1)
    with pytest.raises(StaleRecord):
        end_absence(Actor(cast.coordinator), second, expected_version=1)


@pytest.mark.parametrize("verb", ["", "end/"])
@pytest.mark.parametrize("role", ["manager", "outsider"])
def test_whose_absence_it_is_not_finds_nothing(cast, as_user, role, verb):
    absence = away(cast.colleague, 7, 11)
    url = f"/stand-ins/absences/{absence.uuid}/{verb}"
    assert as_user(cast.users[role]).post(url, post("2026-12-07", "2026-12-08")).status_code == 404
    assert as_user(cast.users[role]).get(f"/stand-ins/new/?absence={absence.uuid}").status_code == 404
    absence.refresh_from_db()
    assert absence.days == days(7, 11)


def test_an_absence_opens_no_file(cast):
    """Only a stand-in gives access; being away neither gives nor takes it."""
    file = ClientFactory(manager=cast.colleague, municipality=cast.stutensee)
    away(cast.colleague, 1, 11)
    assert Client.objects.visible_to(cast.colleague).filter(pk=file.pk).exists()
    assert not Client.objects.visible_to(cast.manager).filter(pk=file.pk).exists()


# Who stands in


def cover(absence: Absence):
    return absence_coverages([absence], TODAY)[0]


def test_covered_days_and_gaps(cast):
    absence = away(cast.colleague, 1, 18)
    StandInFactory(absent=cast.colleague, substitute=cast.manager, since=day(1), until=day(8))
    StandInFactory(absent=cast.colleague, substitute=cast.former, since=day(14), until=day(15))
    found = cover(absence)
    assert [(part.substitute, part.days) for part in found.parts] == [
        ("Jana Rehbaum", days(3, 8)),
        ("Henning Pohlkamp", days(14, 15)),
    ], "what is over is left out"
    assert found.gaps == [days(9, 13), days(16, 18)]
    assert found.text(TODAY) == (
        "Vertretung: Jana Rehbaum, 03.–08.12.; Henning Pohlkamp, 14.–15.12.; "
        "ohne Vertretung: 09.–13.12., 16.–18.12."
    )


def test_the_whole_time_covered_or_nobody(cast):
    absence = away(cast.colleague, 7, 11)
    assert cover(absence).text(TODAY) == "Ohne Vertretung: 07.–11.12."
    stand_in = StandInFactory(absent=cast.colleague, substitute=cast.manager, since=day(1), until=day(24))
    assert cover(absence).text(TODAY) == "Vertretung: Jana Rehbaum, 07.–11.12."
    end_stand_in(Actor(cast.colleague), stand_in, expected_version=1)
    assert cover(absence).gaps == [days(7, 11)]


def test_whoever_is_away_or_has_left_covers_nothing(cast):
    absence = away(cast.colleague, 7, 11)
    StandInFactory(absent=cast.colleague, substitute=cast.former, since=day(7), until=day(11))
    away(cast.former, 9, 9)
    assert cover(absence).gaps == [days(9, 9)]
    assert "Henning Pohlkamp ist selbst abwesend" in cover(absence).text(TODAY)
    User.objects.filter(pk=cast.former.pk).update(is_active=False)
    assert cover(absence).text(TODAY) == "Ohne Vertretung: 07.–11.12."


def test_as_many_queries_for_fifty_absences_as_for_one(cast):
    for _number in range(50):
        user = UserFactory(serves=cast.stutensee)
        StandInFactory(absent=user, substitute=cast.manager, since=day(7), until=day(8))
        away(user, 7, 11)
    asked = []
    for rows in (Absence.objects.all()[:1], Absence.objects.all()):
        absences = list(rows)
        with CaptureQueriesContext(connection) as captured:
            found = absence_coverages(absences, TODAY)
        asked.append(len(captured))
        assert {tuple(one.gaps) for one in found} == {(days(9, 11),)}
    assert asked[0] == asked[1]


# Planning a stand-in


def plan(browser, first, last, *, tick=True, query="", **more):
    ticked = {"with_absence": "on"} if tick else {}
    return browser.post(f"/stand-ins/new/{query}", post(first, last, reason="Urlaub", **ticked, **more))


def test_planning_a_stand_in_enters_the_absence_of_the_same_days(cast, as_user):
    browser = as_user(cast.colleague)
    page = browser.get("/stand-ins/new/")
    assert page.context["form"]["with_absence"].value() is True
    assert "In dieser Zeit bin ich abwesend" in page.content.decode()

    plan(browser, "2026-12-07", "2026-12-11", substitute=cast.manager.pk)

    absence = Absence.objects.get()
    assert (absence.user, absence.days) == (cast.colleague, days(7, 11))
    assert cover(absence).gaps == []


def test_whoever_works_alone_is_told_who_plans_for_her(cast, as_user):
    alone = as_user(cast.outsider).get("/stand-ins/new/").content.decode()
    assert "Die Koordination plant Ihre Vertretung." in alone
    assert "Koordination plant" not in as_user(cast.manager).get("/stand-ins/new/").content.decode()


def test_without_the_tick_only_the_stand_in_is_planned(cast, as_user):
    plan(as_user(cast.colleague), "2026-12-07", "2026-12-11", tick=False, substitute=cast.manager.pk)
    assert StandIn.objects.filter(absent=cast.colleague).exists()
    assert not Absence.objects.exists()


def test_only_days_that_are_missing_are_entered(cast):
    away(cast.colleague, 7, 9)
    away(cast.colleague, 14, 18)
    stand_in = StandIn(
        absent=cast.colleague, substitute=cast.manager, since=day(7), until=day(15), reason="Urlaub"
    )
    plan_stand_in(Actor(cast.colleague), stand_in, with_absence=True)
    assert sorted(absence.days for absence in Absence.objects.all()) == [
        days(7, 9),
        days(10, 13),
        days(14, 18),
    ]


def test_a_refused_stand_in_enters_no_absence(cast, as_user):
    answer = plan(as_user(cast.colleague), "2026-11-02", "2026-11-06", substitute=cast.manager.pk)
    assert answer.status_code == 422
    assert not Absence.objects.exists()


def test_the_coordinator_plans_for_exactly_the_days_without_a_stand_in(cast, as_user):
    absence = away(cast.colleague, 1, 18)
    StandInFactory(absent=cast.colleague, substitute=cast.manager, since=day(1), until=day(8))
    browser = as_user(cast.coordinator)
    query = f"?absence={absence.uuid}"
    assert f'href="/stand-ins/new/{query}"' in browser.get("/stand-ins/").content.decode()

    form = browser.get(f"/stand-ins/new/{query}").context["form"]
    assert (form["absent"].value(), form["since"].value(), form["until"].value()) == (
        cast.colleague.pk,
        day(9),
        day(18),
    )
    plan(
        browser, "2026-12-09", "2026-12-18", query=query, absent=cast.colleague.pk, substitute=cast.former.pk
    )

    assert Absence.objects.get().days == days(1, 18), "it was known already"
    assert cover(absence).gaps == []
    assert f"/stand-ins/new/{query}" not in browser.get("/stand-ins/").content.decode()


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-4000-8000-000000000000", ""])
def test_an_absence_that_does_not_exist_is_a_page_that_does_not(cast, as_user, key):
    assert as_user(cast.coordinator).get(f"/stand-ins/new/?absence={key}").status_code == 404


# The page


def test_a_manager_reads_her_own_absences_only(cast, as_user):
    away(cast.colleague, 7, 11)
    mine = as_user(cast.colleague).get("/stand-ins/").content.decode()
    assert "Ohne Vertretung: 07.–11.12." in mine
    assert "Absagen" in mine
    assert "Ohne Vertretung" not in as_user(cast.manager).get("/stand-ins/").content.decode()
    assert "Ohne Vertretung" in as_user(cast.coordinator).get("/stand-ins/").content.decode()


def test_whoever_has_left_is_away_no_more(cast, as_user):
    away(cast.colleague, 1, 11)
    browser = as_user(cast.coordinator)
    assert "Tobias Kettelhack" in browser.get("/stand-ins/").content.decode()
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    assert "Tobias Kettelhack" not in browser.get("/stand-ins/").content.decode()


@pytest.mark.parametrize(("role", "is_there"), [("manager", True), ("coordinator", True), ("officer", False)])
def test_the_page_is_found_from_ones_own_account(cast, as_user, role, is_there):
    assert ("/stand-ins/" in as_user(cast.users[role]).get("/account/").content.decode()) is is_there


# Mein Tag


def day_of(browser) -> str:
    return browser.get("/").content.decode()


def test_an_absence_of_the_next_week_stands_in_my_day_until_it_is_covered(cast, as_user):
    absence = away(cast.colleague, 10, 16)
    browser = as_user(cast.colleague)
    page = day_of(browser)
    assert "Ab 10.12. abwesend, ohne Vertretung: 10.–16.12." in page
    assert f"/stand-ins/new/?absence={absence.uuid}" in page

    StandInFactory(absent=cast.colleague, substitute=cast.manager, since=day(10), until=day(14))
    assert "Ab 10.12. abwesend, ohne Vertretung: 15.–16.12." in day_of(browser)

    StandInFactory(absent=cast.colleague, substitute=cast.former, since=day(15), until=day(16))
    assert "ohne Vertretung" not in day_of(browser)


def test_it_stands_among_todays_work_for_its_first_day_would_be_too_late(cast):
    away(cast.colleague, 10, 16)
    (line,) = lines_of(cast.colleague, kinds=["absence"], fresh=False)
    assert (line.state, line.word, line.is_urgent) == ("today", "Do 10.12.", True)


def test_what_begins_later_does_not_hurry(cast, as_user):
    away(cast.colleague, 11, 16)
    assert "ohne Vertretung" not in day_of(as_user(cast.colleague))


def test_an_absence_that_runs_says_until_when(cast, as_user):
    away(cast.colleague, 1, 11)
    assert "Bis 11.12. abwesend, ohne Vertretung: 03.–11.12." in day_of(as_user(cast.colleague))


def test_whoever_stands_in_does_not_read_it_as_her_own(cast, as_user):
    away(cast.manager, 10, 16)
    stand_in = StandIn.objects.get(substitute=cast.substitute)
    StandIn.objects.filter(pk=stand_in.pk).update(until=day(11))
    browser = as_user(cast.substitute)
    assert "ohne Vertretung" not in day_of(browser)
    assert "ohne Vertretung" not in browser.get(f"/?stand_in={stand_in.uuid}").content.decode()
    assert "ohne Vertretung: 12.–16.12." in day_of(as_user(cast.manager))


def test_it_ends_at_midnight_by_itself(cast):
    away(cast.colleague, 1, 4)
    berlin = timezone.get_default_timezone()
    with time_machine.travel(datetime.datetime(2026, 12, 4, 23, 59, tzinfo=berlin), tick=False):
        assert Absence.objects.active_on(timezone.localdate()).exists()
    with time_machine.travel(datetime.datetime(2026, 12, 5, 0, 0, tzinfo=berlin), tick=False):
        assert not Absence.objects.active_on(timezone.localdate()).exists()
