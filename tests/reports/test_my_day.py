"""*Mein Tag*: every app's lines under the right heading, a sentence on top, one stand-in at a time."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.access import scope_of, within_caseload
from accounts.models import StandIn
from reports import my_day
from reports.rules.triage import block_of, end_of_week
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory
from tests.worklists import derive
from ui.due import DueLine, Outcome

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, 24, tzinfo=dt.UTC)
NOUR, SERDAR = "7d1f4c52-93d8-4b31-9d0e-6f7d30b4a001", "7d1f4c52-93d8-4b31-9d0e-6f7d30b4a002"


def line(group="deadlines", when=TODAY, kind="test", **values):
    return DueLine(
        group=group, kind=kind, today=TODAY, title=values.pop("title", "Eine Zeile"), when=when, **values
    )


def lead(lines):
    with translation.override("de"):
        return " ".join(part.text for part in my_day.lead_of(lines, NOW))


def plain(lines):
    """The rows of each block, by what they are called."""
    return {
        block.value: [row.title for row in rows] for block, rows in my_day.in_blocks(lines).items() if rows
    }


def days(number):
    return TODAY + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("facts", "block"),
    [
        # Zuerst
        ({"group": "drafts", "news": True}, "first"),
        ({"group": "deadlines", "when": days(-1)}, "first"),
        ({"group": "deadlines", "when": days(7), "hard": True}, "first"),
        ({"group": "permits", "when": days(7)}, "first"),
        ({"group": "permits", "when": days(-3)}, "first"),
        ({"group": "outreach", "when": days(1)}, "first"),
        ({"group": "appointments", "when": NOW - dt.timedelta(days=4)}, "first"),
        ({"group": "appointments", "when": NOW}, "first"),
        ({"group": "appointments", "when": NOW + dt.timedelta(days=1)}, "first"),
        ({"group": "others", "when": days(-2), "when_text": "dringend"}, "first"),
        # Heute
        ({"group": "deadlines", "when": TODAY}, "today"),
        ({"group": "plans", "when": TODAY}, "today"),
        ({"group": "outreach", "when": days(-9), "news": True}, "today"),
        ({"group": "others", "when": None, "when_text": "neu"}, "today"),
        ({"group": "others", "when": days(-3), "news": True}, "today"),
        ({"group": "intake", "when": days(-3)}, "today"),
        ({"group": "appointments", "when": NOW, "done": True}, "today"),
        # Diese Woche: the 23rd is a Monday
        ({"group": "deadlines", "when": days(6)}, "week"),
        ({"group": "appointments", "when": NOW + dt.timedelta(days=2)}, "week"),
        # Später
        ({"group": "deadlines", "when": days(7)}, "later"),
        ({"group": "deadlines", "when": days(8), "hard": True}, "later"),
        ({"group": "permits", "when": days(8)}, "later"),
        ({"group": "plans", "when": None}, "later"),
        # Rückstand
        ({"group": "plans", "when": days(-1)}, "backlog"),
        # Hinweise
        ({"group": "hints", "when": days(-1)}, "hints"),
        ({"group": "elsewhere", "when": None}, "later"),
    ],
)
def test_where_a_matter_stands(facts, block):
    assert block_of(line(**facts)) == block


def test_blocks_stand_in_reading_order_and_empty_ones_are_left_out():
    lines = [line("hints"), line("plans", days(-2)), line("deadlines", days(9)), line("drafts")]
    with translation.override("de"):
        day = my_day.arrange(lines, NOW)
    assert [section.title for section in day.sections] == ["Zuerst", "Später", "Rückstand", "Hinweise"]


def test_a_person_has_one_row_with_the_most_pressing_matter_and_the_others_are_counted():
    of_nour = {"title": "Nour", "subject": NOUR}
    lines = [
        line("plans", days(-30), **of_nour),
        line("deadlines", days(2), **of_nour),
        line("outreach", TODAY, text="Anruf", **of_nour),
        line("plans", days(-9), title="Serdar", subject=SERDAR),
    ]
    assert plain(lines) == {"first": ["Nour"], "backlog": ["Serdar"]}
    with translation.override("de"):
        (row,) = my_day.in_blocks(lines)["first"]
    assert (row.text, row.further) == ("Anruf", "2 weitere Sachen, davon 1 überfällig")


def test_what_is_behind_speaks_for_a_person_before_what_is_weeks_away():
    of_nour = {"title": "Nour", "subject": NOUR}
    assert plain([line("deadlines", days(20), **of_nour), line("plans", days(-3), **of_nour)]) == {
        "backlog": ["Nour"]
    }


def test_an_appointment_of_the_day_is_not_hidden_by_what_is_overdue():
    of_nour = {"title": "Nour", "subject": NOUR}
    lines = [line("outreach", days(-9), **of_nour), line("appointments", NOW, text="Büro", **of_nour)]
    assert [row.text for row in my_day.in_blocks(lines)["first"]] == ["Büro"]


def test_what_is_done_is_no_further_matter():
    of_nour = {"title": "Nour", "subject": NOUR}
    lines = [line("appointments", NOW, done=True, **of_nour), line("plans", days(-3), **of_nour)]
    assert plain(lines) == {"today": ["Nour"], "backlog": ["Nour"]}
    assert [row.further for row in my_day.in_blocks(lines)["backlog"]] == [""]


def test_drafts_stand_on_top_then_what_is_overdue_then_the_day_by_the_clock():
    lines = [
        line("appointments", NOW + dt.timedelta(hours=2), title="später"),
        line("appointments", NOW, title="jetzt"),
        line("deadlines", days(-3), title="überfällig"),
        line("drafts", NOW, title="Entwurf", news=True),
        line("appointments", NOW + dt.timedelta(days=1), title="morgen"),
    ]
    assert plain(lines) == {"first": ["Entwurf", "überfällig", "jetzt", "später", "morgen"]}


def test_what_comes_first_is_never_folded_and_of_the_backlog_the_five_oldest_stand_open():
    pressing = [line(when=days(-number), title=f"F{number}") for number in range(1, 41)]
    behind = [line("plans", days(-number), title=f"P{number}") for number in range(1, 61)]
    with translation.override("de"):
        first, backlog = my_day.arrange([*pressing, *behind], NOW).sections
    assert (len(first.first), list(first.rest)) == (40, [])
    assert [row.title for row in backlog.first] == ["P60", "P59", "P58", "P57", "P56"]
    assert len(backlog.rest) == 55


def test_the_sentence_counts_the_rows_that_carry_the_word():
    lines = [
        line(when=days(-1)),
        line("others", when=NOW - dt.timedelta(days=1), when_text="neu"),
        line("others", when=NOW, when_text="dringend"),
        line("hints", when=TODAY, news=True),
    ]
    with translation.override("de"):
        assert [row.word for row in lines] == ["überfällig", "neu", "dringend", "heute"]
    assert "1 Aufgabe ist überfällig." in lead(lines)
    assert "heute fällig" not in lead(lines)
    assert my_day.due_count(lines) == 1


def test_the_sentence_counts_appointments_and_what_is_due():
    outcomes = (Outcome("Gekommen", value="held"),)
    lines = [
        line("appointments", when=NOW - dt.timedelta(hours=1), kind="appointment", outcomes=outcomes),
        line("appointments", when=NOW + dt.timedelta(hours=2), kind="appointment"),
        line(when=days(-1)),
        line("plans", when=TODAY),
        line("plans", when=TODAY),
    ]
    assert lead(lines) == (
        "2 Termine heute, der nächste um 12:24. Bei 1 Termin fehlt das Ergebnis. "
        "1 Aufgabe ist überfällig. 2 Aufgaben sind heute fällig."
    )


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "Heute keine Termine."),
        (
            [line("appointments", when=NOW - dt.timedelta(hours=1), kind="appointment")],
            "1 Termin heute, er ist vorbei.",
        ),
        (
            [line(when=days(2))],
            "Heute keine Termine. Nichts ist überfällig, und sonst ist heute nichts fällig.",
        ),
    ],
)
def test_the_sentence_of_a_quiet_day(lines, sentence):
    assert lead(lines) == sentence


def test_every_number_of_the_sentence_opens_exactly_the_rows_it_counts():
    outcomes = (Outcome("Gekommen", value="held"),)
    lines = [
        *(line("appointments", NOW, kind="appointment", outcomes=outcomes) for _number in range(2)),
        *(line(when=days(-1), subject=NOUR) for _number in range(3)),
        *(line("plans", when=TODAY, subject=NOUR) for _number in range(4)),
        line("hints", news=True),
    ]
    opened = {}
    with translation.override("de"):
        for part in my_day.lead_of(lines, NOW):
            title, rows = my_day.part_of(lines, part.url.split("/")[2])
            opened[title] = (part.text.split()[0 if part.text[0].isdigit() else 1], len(rows))
    assert opened == {
        "Termine heute": ("2", 2),
        "Termine ohne Ergebnis": ("2", 2),
        "Überfällig": ("3", 3),
        "Heute fällig": ("4", 4),
    }


def test_forms_opened_from_the_day_lead_back_to_it():
    lines = [
        line(action_url="/clients/1/contacts/new/?appointment=2"),
        line(action_url="/clients/1/#ladder"),
        line(action_url="/clients/1/done/", action_method="post"),
        line(outcomes=(Outcome("Neuer Termin", url="/a/"), Outcome("Keiner", value="none"))),
    ]
    back = my_day.leading_back(lines, "/?stand_in=3")
    assert [row.action_url for row in back] == [
        "/clients/1/contacts/new/?appointment=2&next=/%3Fstand_in%3D3",
        "/clients/1/?next=/%3Fstand_in%3D3#ladder",
        "/clients/1/done/",
        "",
    ]
    assert [outcome.url for outcome in back[3].outcomes] == ["/a/?next=/%3Fstand_in%3D3", ""]


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
    # Before anything else that waits in such a file.
    long_ago = today - dt.timedelta(days=200)
    FollowUpFactory(client=theirs, owner=cast.manager, text="Widerspruch abschicken", due_on=long_ago)
    FollowUpFactory(client=mine, owner=cast.substitute, text="Vermieter anrufen", due_on=long_ago)
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
    due_on = end_of_week(timezone.localdate()) + dt.timedelta(days=7)
    for number in range(14):
        FollowUpFactory(client=None, owner=user, text=f"Sache {number}.", due_on=due_on)
    with time_machine.travel(dt.datetime.combine(due_on - dt.timedelta(days=6), dt.time(9)), tick=True):
        yield


@pytest.fixture
def a_week_full(cast):
    yield from many_follow_ups(cast.manager)


def matters_in(answer):
    return set(re.findall(r"Sache \d+", answer.content.decode()))


@pytest.mark.django_db
def test_what_is_folded_is_written_when_it_is_opened(cast, as_user, a_week_full):
    browser = as_user(cast.manager)

    page = browser.get("/")
    rest = browser.get("/day/week/", headers={"HX-Request": "true"})

    assert 'hx-get="/day/week/"' in page.content.decode()
    assert len(matters_in(page)) == 8
    assert len(matters_in(rest)) == 14 - 8
    assert matters_in(page) & matters_in(rest) == set()
    assert "<html" not in rest.content.decode()


@pytest.mark.django_db
def test_without_javascript_the_link_leads_to_all_rows(cast, as_user, a_week_full):
    assert len(matters_in(as_user(cast.manager).get("/day/week/"))) == 14


@pytest.mark.django_db
def test_a_part_that_does_not_exist_is_no_page(cast, as_user):
    assert as_user(cast.manager).get("/day/nonsense/").status_code == 404


@pytest.mark.django_db
def test_the_further_matters_of_a_person_are_one_tap_away(cast, as_user):
    today = timezone.localdate()
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    other = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    for number in range(3):
        # Before anything else that waits in such a file.
        due_on = today - dt.timedelta(days=200 + number)
        FollowUpFactory(client=client, owner=cast.manager, text=f"Sache {number}.", due_on=due_on)
    FollowUpFactory(client=other, owner=cast.manager, text="Sache 9.", due_on=due_on)
    FollowUpFactory(client=None, owner=cast.manager, text="Sache 8.", due_on=today)
    derive()
    browser = as_user(cast.manager)
    page = browser.get("/")
    assert matters_in(page) == {"Sache 2", "Sache 8", "Sache 9"}
    address = f"/clients/{client.uuid}/due/"
    assert f'href="{address}" data-further' in page.content.decode()
    assert matters_in(browser.get(address)) == {"Sache 0", "Sache 1", "Sache 2"}
    fragment = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    # The row of the page itself is not repeated below it.
    assert set(re.findall(r"Sache \d+", fragment)) == {"Sache 0", "Sache 1"}
