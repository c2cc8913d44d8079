"""Mail is written with its cause and sent afterwards, in a real conversation with a mail server, never twice."""

import datetime
import logging
import socket
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from audit.models import AuditEntry
from daily.models import MessageKind, MessageState, OutgoingMessage
from daily.services import outbox
from tests.daily import mail_server
from tests.factories.accounts import UserFactory
from tests.overlap import LONG, at_once

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 30, 5, 0, tzinfo=datetime.UTC)
MINUTES = [0, 5, 20, 65, 200]
"""After the first attempt."""


@pytest.fixture
def server(settings):
    with mail_server.served() as server:
        mail_server.use(settings, server.port)
        yield server


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def write(user=None, *, at=NOW, subject="Ihr Tag am 30.11.2026", body="3 Termine – heute"):
    user = user or UserFactory(email="jana@example.org")
    actor = Actor.system("test", at)
    return outbox.put(actor, user, MessageKind.DIGEST, day=actor.today, subject=subject, body=body)


def send(at=NOW):
    tally = outbox.send_due(Actor.system("send_outbox", at))
    return tally.sent, tally.put_off, tally.given_up


def stored():
    return OutgoingMessage.objects.get()


def test_a_message_arrives_as_it_was_written(server, clock):
    assert write()
    assert send() == (1, 0, 0)
    [(to, message)] = server.taken
    assert to == ["jana@example.org"]
    assert message["Subject"] == "Ihr Tag am 30.11.2026"
    assert (message["To"], message["From"]) == ("jana@example.org", "im@example.org")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().strip() == "3 Termine – heute"
    row = stored()
    assert (row.state, row.attempts, row.sent_at, row.last_error) == (MessageState.SENT, 1, NOW, "")
    assert send() == (0, 0, 0)
    assert len(server.taken) == 1


def test_one_of_a_kind_for_each_person_and_day(server, clock):
    jana, tobias = (UserFactory(email=f"{name}@example.org") for name in ("jana", "tobias"))
    tomorrow = NOW + datetime.timedelta(days=1)
    assert [write(jana), write(jana), write(tobias), write(jana, at=tomorrow)] == [True, False, True, True]
    assert OutgoingMessage.objects.count() == 3


def test_what_is_rolled_back_with_its_cause_is_not_sent(server):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert send() == (0, 0, 0)
    assert server.commands == []


@pytest.mark.parametrize(
    ("command", "said"),
    [("MAIL", "421 later"), ("RCPT", "450 mailbox busy"), ("DATA", "451 try again"), ("BODY", "452 no room")],
)
def test_who_is_asked_to_come_back_does_so_at_growing_distances(server, clock, command, said):
    write()
    server.answers[command] = said
    assert send() == (0, 1, 0)
    row = stored()
    assert (row.state, row.attempts) == (MessageState.WAITING, 1)
    assert row.last_error.endswith(f" {said[:3]}")
    server.answers.clear()
    assert send(NOW + datetime.timedelta(minutes=4, seconds=59)) == (0, 0, 0)
    assert send(NOW + datetime.timedelta(minutes=5)) == (1, 0, 0)
    assert stored().attempts == 2
    assert len(server.taken) == 1


def test_after_the_fifth_attempt_it_is_given_up(server, clock):
    write()
    server.answers["RCPT"] = "450 mailbox busy"
    attempts = [send(NOW + datetime.timedelta(minutes=minutes)) for minutes in range(0, 400, 5)]
    tried = [5 * number for number, tally in enumerate(attempts) if tally != (0, 0, 0)]
    assert tried == MINUTES
    assert attempts[40] == (0, 0, 1)
    row = stored()
    assert (row.state, row.attempts) == (MessageState.GIVEN_UP, 5)
    assert row.last_error == "SMTPRecipientsRefused 450"
    entry = AuditEntry.objects.get(action="message.given_up")
    assert (entry.kind, entry.count, entry.actor) == ("message", 1, None)


@pytest.mark.parametrize(
    ("command", "said", "error"),
    [
        ("MAIL", "553 not you", "SMTPSenderRefused 553"),
        ("RCPT", "550 nobody here", "SMTPRecipientsRefused 550"),
        ("DATA", "554 no", "SMTPDataError 554"),
        ("BODY", "554 spam", "SMTPDataError 554"),
    ],
)
def test_a_final_no_is_not_asked_again(server, clock, command, said, error):
    write()
    server.answers[command] = said
    assert send() == (0, 0, 1)
    row = stored()
    assert (row.state, row.last_error) == (MessageState.GIVEN_UP, error)
    server.answers.clear()
    assert send(NOW + datetime.timedelta(hours=1)) == (0, 0, 0)
    assert server.taken == []


def test_an_answer_that_never_came_is_not_asked_for_again(server, clock):
    """The server may have taken the message; here it has."""
    write()
    server.answers["BODY"] = mail_server.HANG_UP
    assert send() == (0, 0, 1)
    assert stored().last_error == "SMTPServerDisconnected"
    assert send(NOW + datetime.timedelta(hours=1)) == (0, 0, 0)
    assert len(server.taken) == 1


def test_one_refusal_stops_no_other_message(server, clock):
    for number in range(3):
        write(UserFactory(email=f"user{number}@example.org"))
    real = []

    def refuse_the_second():
        real.append(1)
        server.answers = {"BODY": "554 no"} if len(real) == 2 else {}

    server.on_body = refuse_the_second
    assert send() == (2, 0, 1)
    assert [to for to, _message in server.taken] == [["user0@example.org"], ["user2@example.org"]]


def test_without_a_server_everything_waits_and_it_is_asked_once(settings, clock, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    mail_server.use(settings, port)
    asked = []
    real = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda *args, **more: asked.append(args) or real(*args, **more)
    )
    for number in range(3):
        write(UserFactory(email=f"user{number}@example.org"))
    assert send() == (0, 3, 0)
    assert len(asked) == 1
    rows = OutgoingMessage.objects.values_list("state", "attempts", "last_error", "due_at")
    assert set(rows) == {("waiting", 1, "ConnectionRefusedError", NOW + datetime.timedelta(minutes=5))}


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_who_left_or_has_no_address_gets_nothing(server, clock, change):
    write()
    User.objects.filter(email="jana@example.org").update(**change)
    assert send() == (0, 0, 1)
    assert stored().last_error == "NoAddress"
    assert server.commands == []


def test_what_is_about_yesterday_is_not_sent_today(server, clock):
    write()
    assert send(NOW + datetime.timedelta(days=1)) == (0, 0, 1)
    assert server.commands == []


def test_whose_sender_died_is_not_sent_again(server, clock):
    write()
    OutgoingMessage.objects.update(state=MessageState.SENDING, tried_at=NOW, attempts=1)
    assert send(NOW + datetime.timedelta(minutes=60)) == (0, 0, 0)
    assert send(NOW + datetime.timedelta(minutes=61)) == (0, 0, 1)
    assert (stored().state, stored().last_error) == (MessageState.GIVEN_UP, "Interrupted")
    assert server.commands == []


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_one_mail(server, clock):
    """The first one waits in the middle of its conversation until the second has looked."""
    write()
    looked, talking = threading.Event(), threading.Event()

    def wait():
        talking.set()
        assert looked.wait(LONG)

    def second():
        assert talking.wait(LONG)
        try:
            return send()
        finally:
            looked.set()

    server.on_body = wait
    assert at_once(send, second) == [(1, 0, 0), (0, 0, 0)]
    assert len(server.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_many_senders_share_many_messages(server, clock):
    for number in range(12):
        write(UserFactory(email=f"user{number}@example.org"))
    tallies = at_once(*[send] * 4)
    assert sum(sent for sent, _off, _up in tallies) == 12
    assert sorted(to for [to], _message in server.taken) == sorted(
        f"user{number}@example.org" for number in range(12)
    )


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_write_one_message(cast):
    assert sorted(at_once(*[lambda: write(cast.manager)] * 2)) == [False, True]
    assert OutgoingMessage.objects.count() == 1


def test_messages_are_kept_for_thirty_days(server, clock):
    write(at=NOW - datetime.timedelta(days=30))
    write(UserFactory(), at=NOW - datetime.timedelta(days=30, seconds=1))
    assert outbox.forget_old(Actor.system("test", NOW)) == 1
    assert stored().recipient.email == "jana@example.org"


def test_no_log_names_anybody(server, clock, caplog):
    caplog.set_level(logging.DEBUG)
    write(body="STU-2018-0042")
    server.answers["RCPT"] = "550 jana@example.org is unknown"
    send()
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "jana" not in said
    assert "STU-2018" not in said
    assert "jana" not in stored().last_error


def test_the_command_says_what_it_did(server, clock):
    write()
    said = StringIO()
    call_command("send_outbox", stdout=said)
    call_command("send_outbox", stdout=said)
    assert said.getvalue().splitlines() == [
        "Messages sent: 1; put off: 0; given up: 0.",
        "Messages sent: 0; put off: 0; given up: 0.",
    ]


def test_the_daily_run_sends_too(server, clock):
    write()
    call_command("run_daily", "send_outbox", verbosity=0)
    assert len(server.taken) == 1


def test_the_administration_sees_whether_mail_arrives_and_not_what_it_says(as_user, cast):
    write(cast.manager, at=timezone.now(), subject="Zwitscherlibelle eins", body="Zwitscherlibelle zwei")
    browser = as_user(cast.admin)
    index = reverse("admin:index")
    assert "konnte nicht zugestellt werden" not in browser.get(index).content.decode()
    OutgoingMessage.objects.update(state=MessageState.GIVEN_UP, last_error="SMTPRecipientsRefused 550")
    assert "1 Nachricht konnte nicht zugestellt werden" in browser.get(index).content.decode()
    changelist = reverse("admin:daily_outgoingmessage_changelist")
    page = browser.get(changelist, {"state__exact": "given_up"}).content.decode()
    for said in ("Jana Rehbaum", "Morgenüberblick", "SMTPRecipientsRefused 550"):
        assert said in page
    row = stored()
    pages = [page, browser.get(reverse("admin:daily_outgoingmessage_change", args=[row.pk])).content.decode()]
    assert not any("Zwitscherlibelle" in text for text in pages)
    changed = browser.post(reverse("admin:daily_outgoingmessage_change", args=[row.pk]), {"state": "waiting"})
    assert changed.status_code == 403
