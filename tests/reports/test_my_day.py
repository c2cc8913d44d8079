"""*Mein Tag*: every app's lines under the right heading, a sentence on top, one stand-in at a time."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.access import scope_of, within_caseload
from accounts.models import StandIn
from clients.worklist import Group
from reports import my_day
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory
from tests.worklists import derive
from ui.due import DueLine

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, 24, tzinfo=dt.UTC)


def line(group="deadlines", when=TODAY, **values):
    return DueLine(
        group=group, kind="test", today=TODAY, title=values.pop("title", "Eine Zeile"), when=when, **values
    )


def lead(lines):
    with translation.override("de"):
        return " ".join(part.text for part in my_day.lead_of(lines, NOW))


def test_sections_stand_in_reading_order_and_empty_ones_are_left_out():
    with translation.override("de"):
        day = my_day.arrange(
            [line("drafts"), line("plans"), line("deadlines"), line("intake"), line("others")], NOW
        )
    assert [section.title for section in day.sections] == [
        "Fristen und Wiedervorlagen",
        "Von anderen",
        "Pläne",
        "Entwürfe",
    ]
    assert [len(section.lines) for section in day.sections] == [1, 2, 1, 1]


def test_a_line_of_an_unknown_group_neither_vanishes_nor_stops_the_page():
    with translation.override("de"):
        day = my_day.arrange([line("elsewhere")], NOW)
    assert [(section.code, len(section.lines)) for section in day.sections] == [("files", 1)]


def test_every_group_of_lines_has_a_place():
    on_the_dashboard = {Group.CASELOADS, Group.ABSENCES, Group.ACCOUNTS}
    assert my_day.KNOWN | on_the_dashboard == set(Group)


def test_the_sentence_counts_the_rows_that_carry_the_word():
    yesterday = TODAY - dt.timedelta(days=1)
    lines = [
        line(when=yesterday),
        line("others", when=NOW - dt.timedelta(days=1), when_text="neu"),
        line("others", when=NOW, when_text="dringend"),
        line("files", when=TODAY, news=True),
    ]
    with translation.override("de"):
        assert [row.word for row in lines] == ["überfällig", "neu", "dringend", "heute"]
    assert "1 Aufgabe ist überfällig." in lead(lines)
    assert "heute fällig" not in lead(lines)
    assert my_day.due_count(lines) == 1


def test_appointments_run_through_the_day_and_the_rest_by_urgency():
    late = line(when=TODAY - dt.timedelta(days=3))
    later = line(when=TODAY + dt.timedelta(days=3))
    early = line("appointments", when=NOW - dt.timedelta(hours=1))
    soon = line("appointments", when=NOW + dt.timedelta(hours=1))
    day = my_day.arrange([later, late, soon, early], NOW)
    appointments, deadlines = day.sections
    assert [getattr(row, "when", "now") for row in appointments.lines] == [early.when, "now", soon.when]
    assert list(deadlines.lines) == [late, later]


def test_the_sentence_counts_appointments_and_what_is_due():
    lines = [
        line("appointments", when=NOW - dt.timedelta(hours=1)),
        line("appointments", when=NOW + dt.timedelta(hours=2)),
        line(when=TODAY - dt.timedelta(days=1)),
        line("plans", when=TODAY),
        line("plans", when=TODAY),
    ]
    assert lead(lines) == (
        "2 Termine heute, der nächste um 12:24. 1 Aufgabe ist überfällig. 2 Aufgaben sind heute fällig."
    )


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "Heute keine Termine."),
        ([line("appointments", when=NOW - dt.timedelta(hours=1))], "1 Termin heute, er ist vorbei."),
        (
            [line(when=TODAY + dt.timedelta(days=2))],
            "Heute keine Termine. Nichts ist überfällig, und sonst ist heute nichts fällig.",
        ),
    ],
)
def test_the_sentence_of_a_quiet_day(lines, sentence):
    assert lead(lines) == sentence


def test_a_long_section_folds_its_later_lines():
    lines = [line(when=TODAY + dt.timedelta(days=number)) for number in range(30)]
    section = my_day.arrange(lines, NOW).sections[0]
    assert list(section.first) == lines[: my_day.SHOWN_LINES]
    assert [*section.first, *section.rest] == lines
    short = my_day.arrange(lines[:10], NOW).sections[0]
    assert not short.rest


def test_what_is_mine_stays_out_of_the_day_i_stand_in_for():
    lines = [line("drafts"), line("intake"), line("deadlines")]
    assert [kept.group for kept in my_day.of_caseload(lines)] == ["deadlines"]


@pytest.mark.django_db
def test_every_role_has_a_start_page(cast, as_user):
    assert "Mein Tag" in as_user(cast.manager).get("/").content.decode()
    assert as_user(cast.officer).get("/")["Location"] == "/reports/"
    assert as_user(cast.coordinator).get("/")["Location"] == "/reports/"
    assert as_user(cast.admin).get("/")["Location"] == "/admin/"
    assert as_user(None).get("/")["Location"].startswith("/login/")


@pytest.mark.django_db
def test_an_empty_day_says_so_and_offers_the_first_step(cast, as_user):
    html = as_user(cast.colleague).get("/").content.decode()
    assert "Nichts ist fällig." in html
    assert "Zu Ihren Klient:innen" in html


@pytest.mark.django_db
def test_own_lines_and_those_one_stands_in_for_are_kept_apart(cast, as_user):
    theirs = ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Almasrawi")
    mine = ClientFactory(manager=cast.substitute, municipality=cast.stutensee, surname="Tekleyohannes")
    today = timezone.localdate()
    FollowUpFactory(client=theirs, owner=cast.manager, text="Widerspruch abschicken", due_on=today)
    FollowUpFactory(client=mine, owner=cast.substitute, text="Vermieter anrufen", due_on=today)
    derive()
    browser = as_user(cast.substitute)
    page = browser.get("/").content.decode()
    assert "Vermieter anrufen" in page
    assert "Widerspruch abschicken" not in page
    assert "Sie vertreten Jana Rehbaum" in page
    # The deadline, and a first talk that never came.
    assert "Dort sind 2 Aufgaben fällig." in page
    stand_in = StandIn.objects.active_on(today).get(substitute=cast.substitute)
    other = browser.get(f"/?stand_in={stand_in.uuid}").content.decode()
    assert "Widerspruch abschicken" in other
    assert "Vermieter anrufen" not in other
    assert "Zurück zu meinem Tag" in other


@pytest.mark.django_db
def test_a_stand_in_that_is_over_or_anothers_opens_nothing(cast, as_user):
    over = StandIn.objects.get(substitute=cast.former)
    active = StandIn.objects.get(substitute=cast.substitute)
    assert as_user(cast.former).get(f"/?stand_in={over.uuid}").status_code == 404
    assert as_user(cast.colleague).get(f"/?stand_in={active.uuid}").status_code == 404
    assert as_user(cast.colleague).get("/?stand_in=nonsense").status_code == 404


@pytest.mark.django_db
def test_narrowing_to_a_caseload_never_widens(cast):
    scope = scope_of(cast.substitute)
    _user, narrow = within_caseload(cast.substitute, scope, cast.manager.pk)
    assert narrow.caseloads == {cast.manager.pk} == narrow.stands_in_for
    _user, own = within_caseload(cast.substitute, scope, cast.substitute.pk)
    assert own.stands_in_for == frozenset()
    with pytest.raises(PermissionError):
        within_caseload(cast.colleague, scope_of(cast.colleague), cast.manager.pk)
    assert scope_of(cast.substitute) == scope, "the user of the request keeps the whole scope"


@pytest.mark.django_db
def test_queries_do_not_grow_with_what_is_due(cast, as_user):
    browser = as_user(cast.colleague)

    def count() -> int:
        browser.get("/")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/").status_code == 200
        return len(captured)

    def add(*positions: int) -> None:
        for position in positions:
            client = ClientFactory(manager=cast.colleague, municipality=cast.stutensee)
            FollowUpFactory(client=client, owner=cast.colleague, due_on=timezone.localdate())
            start = timezone.now() + dt.timedelta(minutes=50 * position + 1)
            AppointmentFactory(client=client, starts_at=start)
        derive()

    add(0)
    one = count()
    add(*range(1, 21))
    assert count() == one


def many_follow_ups(user):
    client = ClientFactory(manager=user)
    for number in range(14):
        FollowUpFactory(client=client, owner=user, text=f"Sache {number}.", due_on=timezone.localdate())
    derive(client)


def matters_in(answer):
    return set(re.findall(r"Sache \d+", answer.content.decode()))


@pytest.mark.django_db
def test_what_is_folded_is_written_when_it_is_opened(cast, as_user):
    many_follow_ups(cast.manager)
    browser = as_user(cast.manager)

    page = browser.get("/")
    rest = browser.get("/day/deadlines/", headers={"HX-Request": "true"})

    assert 'hx-get="/day/deadlines/"' in page.content.decode()
    assert len(matters_in(page)) == my_day.SHOWN_LINES
    assert len(matters_in(rest)) == 14 - my_day.SHOWN_LINES
    assert matters_in(page) & matters_in(rest) == set()
    assert "<html" not in rest.content.decode()


@pytest.mark.django_db
def test_without_javascript_the_link_leads_to_a_day_with_all_lines(cast, as_user):
    many_follow_ups(cast.manager)
    assert len(matters_in(as_user(cast.manager).get("/day/deadlines/"))) == 14


@pytest.mark.django_db
def test_a_section_that_does_not_exist_is_no_page(cast, as_user):
    assert as_user(cast.manager).get("/day/nonsense/").status_code == 404
