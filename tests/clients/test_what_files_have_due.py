import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from clients.choices import ResidenceStatus
from clients.due_items import FileDue
from clients.models import CounsellingPeriod, FilePolicy, Residence
from clients.rules.permits import needs_reminder, reminder_step
from tests.factories.clients import AccommodationFactory, ClientFactory, ResidenceFactory
from tests.worklists import lines_of

DAY = datetime.date(2019, 3, 14)


@pytest.mark.parametrize(
    ("status", "days", "step"),
    [
        ("gfk", 121, None),
        ("gfk", 120, 120),
        ("gfk", 61, 120),
        ("gfk", 60, 60),
        ("gfk", 30, 30),
        ("gfk", 0, 30),
        ("gfk", -1, 0),
        ("duldung", 31, None),
        ("duldung", 30, 30),
        ("gestattung", 14, 14),
        ("fiktion", 7, 7),
    ],
)
def test_a_permit_is_announced_in_steps_short_ones_later(status, days, step):
    assert reminder_step(status, DAY + datetime.timedelta(days=days), DAY) == step


def test_an_unknown_end_announces_nothing():
    assert reminder_step(ResidenceStatus.GFK, None, DAY) is None


def test_a_step_dealt_with_is_silent_until_the_next():
    assert needs_reminder(120, None)
    assert not needs_reminder(120, 120)
    assert needs_reminder(60, 120)
    assert needs_reminder(0, 30)
    assert not needs_reminder(None, None)


@pytest.fixture
def client(cast):
    found = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    AccommodationFactory(client=found)
    return found


def lines(user):
    return lines_of(user, kinds=FileDue)


def kinds(user):
    return [line.kind for line in lines(user)]


def test_nothing_is_due_for_an_ordinary_file(cast, client):
    assert lines(cast.manager) == []


def test_a_permit_can_be_marked_as_seen_to(cast, as_user, client):
    ResidenceFactory(client=client, printed_until=timezone.localdate() + datetime.timedelta(days=50))
    (line,) = lines(cast.manager)
    assert (line.kind, line.case_no) == ("permit", client.case_no)
    assert "noch 50 Tage" in line.text
    as_user(cast.manager).post(line.action_url, line.action_fields)
    assert Residence.objects.get().reminded_days == 60
    assert lines(cast.manager) == []


def test_a_permit_that_continues_by_decree_is_not_overdue(cast, client):
    ResidenceFactory(
        client=client,
        printed_until=timezone.localdate() - datetime.timedelta(days=10),
        continues_until=timezone.localdate() + datetime.timedelta(days=300),
    )
    assert lines(cast.manager) == []


@pytest.mark.parametrize(("days", "is_urgent"), [(-1, True), (0, True), (6, False), (25, False)])
def test_a_permit_hurries_when_it_ends_today_or_has_ended(cast, client, days, is_urgent):
    ResidenceFactory(client=client, printed_until=timezone.localdate() + datetime.timedelta(days=days))
    (line,) = lines(cast.manager)
    assert line.is_urgent == is_urgent


def test_an_ended_permit_asks_whether_it_was_prolonged(cast, client):
    ResidenceFactory(client=client, printed_until=timezone.localdate() - datetime.timedelta(days=1))
    (line,) = lines(cast.manager)
    assert line.state == "late"
    assert "Wurde verlängert?" in line.text


def test_a_wrong_step_is_no_page(cast, as_user, client):
    permit = ResidenceFactory(client=client)
    url = f"/clients/{client.uuid}/residence/{permit.uuid}/reminded/"
    assert as_user(cast.manager).post(url, {"step": "x"}).status_code == 404
    assert as_user(cast.colleague).post(url, {"step": "30"}).status_code == 404


def started(client, months):
    day = timezone.localdate() - datetime.timedelta(days=months * 31)
    CounsellingPeriod.objects.update(opened_on=day)
    client.counselling_started_on = day
    client.save()


def test_the_clock_warns_and_a_justification_quiets_it(cast, client):
    started(client, 20)
    assert kinds(cast.manager) == []
    started(client, 31)
    assert kinds(cast.manager) == ["clock"]
    started(client, 37)
    assert "Begründung fehlt" in lines(cast.manager)[0].text
    client.clock_justification = "Pflege der Mutter"
    client.save()
    assert kinds(cast.manager) == []
    started(client, 48)
    assert kinds(cast.manager) == ["clock"]
    assert lines(cast.manager)[0].action_label == "Zur Akte"


def test_past_the_longest_time_nothing_is_asked_that_nobody_can_give(cast, client):
    started(client, 62)
    (line,) = lines(cast.manager)
    assert "die längste Dauer von 48 Monaten ist vorbei" in line.text
    assert "Begründung" not in line.text


def test_a_missing_address_is_one_line_and_many_are_one(cast):
    for _number in range(2):
        ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    assert kinds(cast.manager) == ["address", "address"]
    for _number in range(3):
        ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    (line,) = lines(cast.manager)
    assert "5 Akten ohne Anschrift" in line.text


def test_a_stand_in_sees_the_same_lines(cast, client):
    ResidenceFactory(client=client, printed_until=timezone.localdate())
    assert kinds(cast.substitute) == ["permit"]


@pytest.mark.parametrize("who", ["colleague", "outsider", "officer", "coordinator", "admin"])
def test_nobody_else_sees_them(cast, client, who):
    ResidenceFactory(client=client, printed_until=timezone.localdate())
    assert "permit" not in kinds(getattr(cast, who))


def test_paused_and_closed_files_want_no_address(cast):
    ClientFactory(municipality=cast.stutensee, manager=cast.manager, phase="paused")
    ClientFactory(municipality=cast.stutensee, manager=cast.manager, closed=True)
    assert kinds(cast.manager) == []


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (25, "Aufenthaltserlaubnis nach § 25 Abs. 2 gilt bis {date}, noch 25 Tage."),
        (1, "Aufenthaltserlaubnis nach § 25 Abs. 2 gilt bis {date}, noch 1 Tag."),
        (0, "Aufenthaltserlaubnis nach § 25 Abs. 2 gilt nur noch heute."),
        (-1, "Aufenthaltserlaubnis nach § 25 Abs. 2 galt bis {date}. Wurde verlängert?"),
    ],
)
def test_the_document_ends_and_never_the_person(cast, client, days, text):
    until = timezone.localdate() + datetime.timedelta(days=days)
    ResidenceFactory(client=client, status=ResidenceStatus.GFK, printed_until=until)
    (line,) = lines(cast.manager)
    assert line.text == text.format(date=f"{until:%d.%m.%Y}")


@pytest.mark.parametrize("status", ResidenceStatus)
def test_no_document_is_called_like_a_person(status):
    with translation.override("de"):
        assert not re.search(r"Flüchtling|Asyl\b|subsidiär", str(status.document))


def test_a_reminder_can_wait_for_the_authority_and_its_undo_restores_what_was_there(
    cast, browser, as_user, client
):
    permit = ResidenceFactory(client=client, printed_until=timezone.localdate() + datetime.timedelta(days=50))
    url = f"/clients/{client.uuid}/residence/{permit.uuid}/reminded/"
    assert "Liegt beim Amt" in browser.get(f"/clients/{client.uuid}/").text
    said = browser.post(
        url, {"step": "60", "note": "applied", "next": client.get_absolute_url()}, follow=True
    )
    today = timezone.localdate()
    assert f"Verlängerung beantragt am {today:%d.%m.%Y}" in " ".join(said.text.split())
    assert "Liegt beim Amt" not in said.text
    assert [line for line in lines(cast.manager) if line.kind == "permit"] == []
    browser.post(url, {"step": "60", "note": "fiktion"})
    browser.post(f"{url}?step=60&note=applied&on={today.isoformat()}")
    permit.refresh_from_db()
    assert (permit.reminded_days, permit.reminded_as, permit.reminded_on) == (60, "applied", today)
    browser.post(f"{url}?step=none&note=&on=")
    permit.refresh_from_db()
    assert (permit.reminded_days, permit.reminded_as, permit.reminded_on) == (None, "", None)


@pytest.mark.parametrize("wrong", [{"note": "x"}, {"step": "-1"}])
def test_a_wrong_word_about_a_reminder_is_no_page(browser, client, wrong):
    permit = ResidenceFactory(client=client)
    url = f"/clients/{client.uuid}/residence/{permit.uuid}/reminded/"
    assert browser.post(url, {"step": "30"} | wrong).status_code == 404


def test_reminders_come_nearer_to_the_end_one_by_one():
    policy = FilePolicy(valid_from=timezone.localdate(), second_reminder_days=120)
    with pytest.raises(ValidationError) as refused:
        policy.clean()
    assert list(refused.value.error_dict) == ["second_reminder_days"]
