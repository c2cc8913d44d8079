"""The mail of the morning: who gets it, when, and that it names nobody."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import User
from audit.models import AuditEntry
from daily.models import OutgoingMessage
from reports import digest
from reports.digest import write_digests
from tests.daily import mail_server
from tests.factories.accounts import AbsenceFactory, StandInFactory, UserFactory
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory
from tests.worklists import derive

pytestmark = [pytest.mark.django_db, pytest.mark.facts_by_hand]
MORNING = dt.datetime(2026, 11, 30, 5, 15, tzinfo=dt.UTC)
"""A Monday."""
TODAY = dt.date(2026, 11, 30)
BODY = """Guten Morgen,

{lines}

Mein Tag: http://localhost:8000/

Sie haben diese E-Mail selbst bestellt und können sie auf der Seite Ihres Kontos abbestellen: http://localhost:8000/account/"""


@pytest.fixture
def manager(cast, time_machine):
    """She ordered the digest."""
    time_machine.move_to(MORNING, tick=False)
    user = UserFactory(email="mila@example.org", morning_digest=True, serves=cast.stutensee)
    return User.objects.get(pk=user.pk)


def own_file(manager, number):
    """Taken an hour ago, so that nothing is due in it yet."""
    return ClientFactory(
        municipality=manager.services.get().municipality,
        manager=manager,
        case_no=f"STU-2018-{number:04}",
        surname="Zwitscherlibelle",
        phase_since=TODAY,
        registered_at=MORNING - dt.timedelta(hours=1),
    )


def write(at=MORNING):
    derive(now=at)
    return write_digests(Actor.system("digest", at))


def lines():
    [message] = OutgoingMessage.objects.all()
    head, tail = BODY.split("{lines}")
    assert message.body.startswith(head)
    assert message.body.endswith(tail)
    return message.body.removeprefix(head).removesuffix(tail).splitlines()


def owed(client, days=0, *, hard=False, text="Zwitscherlibelle anrufen"):
    FollowUpFactory(client=client, due_on=TODAY + dt.timedelta(days=days), is_hard=hard, text=text)


def test_it_counts_what_my_day_shows_and_names_case_numbers(manager):
    first, second, third = (own_file(manager, number) for number in (41, 42, 43))
    AppointmentFactory(client=first, starts_at=MORNING + dt.timedelta(hours=4), place="Zwitscherlibelle")
    AppointmentFactory(client=second, starts_at=MORNING + dt.timedelta(days=1))
    owed(second, -3)
    owed(second, -1, hard=True)
    owed(third)
    owed(third, 1)
    assert write() == 1
    assert lines() == [
        "Termine heute: 1 (STU-2018-0041)",
        "Überfällig: 2 (STU-2018-0042)",
        "Heute fällig: 1 (STU-2018-0043)",
        "Darunter Fristen: 1 (STU-2018-0042)",
    ]
    message = OutgoingMessage.objects.get()
    assert (message.subject, message.recipient, message.day) == ("Ihr Tag, 30.11.2026", manager, TODAY)
    assert "Zwitscherlibelle" not in message.subject + message.body


def test_a_day_without_anything_says_so(manager):
    own_file(manager, 41)
    assert write() == 1
    assert lines() == ["Heute ist nichts fällig, und es ist kein Termin eingetragen."]


def test_ten_case_numbers_are_named_and_the_rest_is_counted(manager):
    for number in range(12):
        owed(own_file(manager, number + 1))
    write()
    named = ", ".join(f"STU-2018-{number + 1:04}" for number in range(10))
    assert lines() == [f"Heute fällig: 12 ({named} und 2 weitere)"]


def test_it_is_about_her_own_files_alone(manager, cast):
    StandInFactory(absent=cast.colleague, substitute=manager, since=TODAY, until=TODAY)
    owed(ClientFactory(municipality=cast.stutensee, manager=cast.colleague), -1)
    write()
    assert lines() == ["Heute ist nichts fällig, und es ist kein Termin eingetragen."]


def test_what_fails_for_one_keeps_no_mail_from_the_others_and_is_told(manager, cast, monkeypatch):
    UserFactory(email="nils@example.org", morning_digest=True, serves=cast.stutensee)
    composed = digest.own_lines

    def broken(actor, user):
        if user.pk == manager.pk:
            raise ValueError("a line nobody can compose")
        return composed(actor, user)

    monkeypatch.setattr(digest, "own_lines", broken)
    with pytest.raises(ExceptionGroup) as told:
        write()
    assert [str(problem) for problem in told.value.exceptions] == ["a line nobody can compose"]
    assert [message.recipient.email for message in OutgoingMessage.objects.all()] == ["nils@example.org"]


def test_it_is_written_once_a_day(manager):
    assert [write(), write()] == [1, 0]
    assert write(MORNING + dt.timedelta(days=1)) == 1
    assert OutgoingMessage.objects.count() == 2


@pytest.mark.parametrize("day", [dt.date(2026, 11, 28), dt.date(2026, 11, 29), dt.date(2027, 1, 6)])
def test_not_at_week_ends_and_on_holidays(manager, time_machine, day):
    at = dt.datetime.combine(day, MORNING.timetz())
    time_machine.move_to(at, tick=False)
    assert write(at) == 0


def test_not_while_she_is_absent(manager):
    AbsenceFactory(user=manager, since=TODAY, until=TODAY)
    assert write() == 0
    assert write(MORNING + dt.timedelta(days=1)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"morning_digest": False},
        {"email": ""},
        {"is_active": False},
        {"role": "officer"},
        {"is_superuser": True},
    ],
)
def test_only_for_managers_who_ordered_it(manager, change):
    User.objects.filter(pk=manager.pk).update(**change)
    assert write() == 0


def test_not_where_nothing_is_mailed(manager, settings):
    settings.MAIL_IS_SET_UP = False
    assert write() == 0


def test_who_reads_english_gets_it_in_english(manager):
    User.objects.filter(pk=manager.pk).update(language="en")
    write()
    message = OutgoingMessage.objects.get()
    assert message.subject == "Your day, 30.11.2026"
    assert message.body.startswith("Good morning,\n\nNothing is due today")


def test_the_number_of_statements_does_not_grow_with_the_lines(manager):
    def statements():
        OutgoingMessage.objects.all().delete()
        derive(now=MORNING)
        with CaptureQueriesContext(connection) as captured:
            assert write_digests(Actor.system("digest", MORNING)) == 1
        return len(captured)

    owed(own_file(manager, 1))
    one = statements()
    for number in range(2, 51):
        owed(own_file(manager, number))
    assert statements() == one


@pytest.mark.django_db(transaction=True)
def test_the_daily_run_brings_it_into_her_mailbox(manager, settings):
    owed(own_file(manager, 42), -1)
    derive(now=MORNING)
    with mail_server.served() as server:
        mail_server.use(settings, server.port)
        call_command("run_daily", verbosity=0)
        call_command("run_daily", verbosity=0)
    [(to, message)] = server.taken
    assert to == ["mila@example.org"]
    assert message["Subject"] == "Ihr Tag, 30.11.2026"
    assert "Überfällig: 1 (STU-2018-0042)" in message.get_content().splitlines()


OWN = "accounts:own"


def said(browser):
    page = browser.get(reverse(OWN)).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def choose(browser, wanted):
    data = {"digest": "on"} if wanted else {}
    answer = browser.post(reverse("accounts:digest"), data, follow=True)
    assert answer.redirect_chain == [(reverse(OWN), 302)]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_she_orders_and_cancels_it_on_the_page_of_her_account(as_user, cast):
    User.objects.filter(pk=cast.manager.pk).update(email="jana@example.org")
    browser = as_user(cast.manager)
    assert "Überblick bestellen Er ginge an jana@example.org" in said(browser)
    assert "Der Morgenüberblick ist bestellt." in choose(browser, True)
    assert User.objects.get(pk=cast.manager.pk).morning_digest
    assert "Überblick abbestellen Er geht an jana@example.org" in said(browser)
    choose(browser, True)
    assert "Der Morgenüberblick ist abbestellt." in choose(browser, False)
    assert not User.objects.get(pk=cast.manager.pk).morning_digest
    entries = AuditEntry.objects.filter(action="account.digest_chosen")
    assert [(entry.actor, entry.fields) for entry in entries] == [(cast.manager, ["morning_digest"])] * 2


def test_without_an_address_it_cannot_be_ordered(as_user, cast):
    browser = as_user(cast.manager)
    refusal = (
        "In Ihrem Konto steht keine E-Mail-Adresse. Bitte lassen Sie von der Administration eine eintragen."
    )
    assert refusal in said(browser)
    assert "Überblick bestellen" not in said(browser)
    assert choose(browser, True).count(refusal) == 2
    assert not User.objects.get(pk=cast.manager.pk).morning_digest


def test_where_nothing_is_mailed_it_is_not_offered(as_user, cast, settings):
    settings.MAIL_IS_SET_UP = False
    User.objects.filter(pk=cast.manager.pk).update(email="jana@example.org")
    browser = as_user(cast.manager)
    assert "Morgenüberblick" not in said(browser)
    assert "Von hier aus kann keine E-Mail gesendet werden." in choose(browser, True)


def test_who_has_no_files_is_not_offered_it(as_user, cast):
    assert "Morgenüberblick" not in said(as_user(cast.officer))
    assert as_user(cast.officer).post(reverse("accounts:digest"), {"digest": "on"}).status_code == 403
