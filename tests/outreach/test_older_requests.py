"""A request that waited for a file while another was served, on connections of their own (rules.md §10).

It began before the talk that ended the ladder was recorded. What it writes down must know of that talk.
"""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from appointments.choices import AppointmentState, Channel, Excuse, Result, SpokenWith
from appointments.models import Appointment, AppointmentOutcome, Contact
from appointments.services.appointments import (
    change_details,
    confirm_with_client,
    move_appointment,
    plan_appointment,
    record_outcome,
)
from appointments.services.contacts import log_contact, place_in_time
from appointments.services.corrections import correct_contact, mark_returned
from clients.models import Accommodation, Client, ContactPoint, PhaseChange, Responsibility, SafetyNote
from clients.services import accommodations, facts, files, recompute_all
from clients.services.responsibility import CaseloadDuty
from outreach.choices import EndReason
from outreach.models import Ladder, LadderAct
from outreach.services import ladders as acts
from outreach.services.visits import log_visit
from tests.cast import load_cast
from tests.outreach.ladder_cast import asked_from, letter, no_show, reachable_client, talk
from tests.outreach.outreach_desk import url
from tests.overlap import begun_with, not_as_derived, overtaken

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


def ago(days: int, clock: str = "10:00") -> str:
    return f"{timezone.localdate() - datetime.timedelta(days=days)} {clock}"


@pytest.fixture
def by():
    return load_cast().manager


def own(by: User) -> User:
    """The user as another connection knows her."""
    return User.objects.get(pk=by.pk)


@pytest.fixture
def file(by):
    return on_the_ladder(by)


def on_the_ladder(by: User) -> Client:
    """Missed an appointment, was written to, has a further appointment, and so stands on the ladder."""
    client = reachable_client(by, load_cast().stutensee)
    no_show(client, by, ago(12 + 2 * Client.objects.count()))
    letter(client, by, ago(9))
    begin = timezone.now() + (9 + 3 * Client.objects.count()) * DAY
    plan_appointment(
        Actor(by, timezone.now() - 8 * DAY),
        Appointment(client=client, starts_at=begin, ends_at=begin + HOUR),
        agreed=False,
    )
    assert Ladder.objects.get(client=client).ended_at is None
    return client


def a_talk(client: Client, by: User) -> Contact:
    """What was served meanwhile: it happened and is recorded now, and ends the ladder."""
    now = timezone.now()
    contact = Contact(
        client=client, happened_at=now, happened_on=timezone.localdate(now), channel=Channel.PHONE
    )
    contact.result, contact.spoken_with, contact.minutes = Result.TALK, SpokenWith.CLIENT, 20
    return log_contact(Actor(by, now), contact)


def attempt(client: Client, **more: Any) -> Contact:
    contact = Contact(client=client, channel=Channel.PHONE, result=Result.NOT_REACHED)
    contact.spoken_with = SpokenWith.NOBODY
    for name, value in more.items():
        setattr(contact, name, value)
    return contact


# What the older request may be: reads its rows as its view does, then begins.


def logs_an_attempt(client, by, begin):
    now = begin()
    contact = attempt(client)
    local = timezone.localtime(now)
    place_in_time(contact, local.date(), local.time())
    return log_contact(Actor(by, now), contact)


def logs_a_visit(client, by, begin):
    now = begin()
    contact = Contact(client=client)
    local = timezone.localtime(now)
    place_in_time(contact, local.date(), local.time())
    return log_visit(Actor(by, now), contact, {client: "not_met"}, note="")


def corrects_a_letter(client, by, begin):
    sent = Contact.objects.get(client=client, channel=Channel.LETTER)
    sent.happened_at -= HOUR
    return correct_contact(Actor(by, begin()), sent, expected_version=sent.version)


def notes_a_returned_letter(client, by, begin):
    sent = Contact.objects.get(client=client, channel=Channel.LETTER)
    return mark_returned(Actor(by, begin()), sent, expected_version=sent.version)


def plans(client, by, begin):
    start = timezone.now() + 3 * DAY
    planned = Appointment(client=client, starts_at=start, ends_at=start + HOUR)
    return plan_appointment(Actor(by, begin()), planned, agreed=True)


def upcoming(client) -> Appointment:
    return Appointment.objects.get(client=client, state=AppointmentState.PLANNED)


def moves(client, by, begin):
    old = upcoming(client)
    new = Appointment(client=client, starts_at=old.starts_at + DAY, ends_at=old.ends_at + DAY)
    return move_appointment(Actor(by, begin()), old, new, expected_version=old.version, agreed=True)


def cancels(client, by, begin):
    found = upcoming(client)
    record_outcome(Actor(by, begin()), found, "cancelled_client", expected_version=found.version)
    return AppointmentOutcome.objects.get(appointment=found)


def confirms(client, by, begin):
    found = upcoming(client)
    return confirm_with_client(Actor(by, begin()), found, expected_version=found.version)


def changes_details(client, by, begin):
    found = upcoming(client)
    found.place = "Rathaus"
    return change_details(Actor(by, begin()), found, expected_version=found.version)


def decides_an_excuse(client, by, begin):
    missed = Appointment.objects.get(client=client, state=AppointmentState.NO_SHOW)
    record_outcome(Actor(by, begin()), missed, AppointmentState.NO_SHOW, excuse=Excuse.UNDECIDED)
    return AppointmentOutcome.objects.filter(appointment=missed).latest("id")


def pauses(client, by, begin):
    files.set_phase(Actor(by, begin()), client, "paused", on=timezone.localdate())
    return PhaseChange.objects.filter(client=client).latest("id")


def moves_house(client, by, begin):
    new = Accommodation(client=client, street="Neuweg 1", town="Stutensee", since=timezone.localdate())
    return accommodations.move_accommodation(Actor(by, begin()), new)


def notes_that_mail_returns(client, by, begin):
    home = client.accommodations.get()
    home.letters_reach = False
    accommodations.correct_accommodation(Actor(by, begin()), home, expected_version=home.version)
    return client.reach.latest("id")


def adds_a_number(client, by, begin):
    point = ContactPoint(client=client, kind="mobile", value="0176 04069042")
    return facts.add_contact_point(Actor(by, begin()), point)


def ends_a_number(client, by, begin):
    facts.end_contact_point(Actor(by, begin()), client.contact_points.get())
    return client.reach.latest("id")


def sets_a_safety_note(client, by, begin):
    note = SafetyNote(client=client, reason="Hund", expires_on=timezone.localdate() + DAY)
    return facts.set_safety_note(Actor(by, begin()), note)


def may_not_be_called(client, by, begin):
    client.may_be_called = False
    files.update_client(Actor(by, begin()), client, fields=["may_be_called"], expected_version=client.version)
    return client.reach.latest("id")


def reads_nothing(client, by, begin):
    client.reading = "none"
    speaks = [row.language for row in client.client_languages.all()]
    files.set_languages(Actor(by, begin()), client, speaks, expected_version=client.version)
    return client.reach.latest("id")


def hands_over(client, by, begin):
    begin()
    admin, colleague = (User.objects.get(username=name) for name in ("admin", "colleague"))
    CaseloadDuty().transfer(Actor(admin), by, colleague, client)
    return Responsibility.objects.filter(client=client).latest("id")


WRITES = [
    logs_an_attempt,
    logs_a_visit,
    corrects_a_letter,
    notes_a_returned_letter,
    plans,
    moves,
    cancels,
    confirms,
    changes_details,
    decides_an_excuse,
    pauses,
    moves_house,
    notes_that_mail_returns,
    adds_a_number,
    ends_a_number,
    sets_a_safety_note,
    may_not_be_called,
    reads_nothing,
    hands_over,
]


def moment_of(row: Any) -> datetime.datetime:
    """When a row was recorded."""
    if isinstance(row, Contact) and row.returned_at is not None:
        return row.returned_at
    if isinstance(row, Appointment) and row.agreed_at is not None:
        return row.agreed_at
    names = ("recorded_at", "set_at", "at", "since")
    return next(getattr(row, name) for name in names if getattr(row, name, None) is not None)


def test_an_ended_ladder_stays_ended_whatever_an_older_request_writes(by):
    came_of_it = {}
    for write in WRITES:
        file, talks = on_the_ladder(by), []
        written = overtaken(
            file,
            lambda begin, write=write, key=file.pk: write(Client.objects.get(pk=key), own(by), begin),
            lambda file=file, talks=talks: talks.append(a_talk(file, by)),
        )
        assert not isinstance(written, Exception), (write, written)
        row = Ladder.objects.get(client=file)
        came_of_it[write.__name__] = (
            row.end_reason,
            row.ended_at == talks[0].happened_at,
            write is changes_details or moment_of(written) > talks[0].recorded_at,
            not_as_derived([file], timezone.now()),
        )
    right = (EndReason.TWO_WAY, True, True, [])
    assert {name: found for name, found in came_of_it.items() if found != right} == {}


def act(**more: Any) -> LadderAct:
    return LadderAct(detail="Notiz", **more)


ACTS = {
    "postpones": lambda client, by, now: acts.postpone_step(
        Actor(by, now), act(day=timezone.localdate() + 20 * DAY), client
    ),
    "ends it herself": lambda client, by, now: acts.end_ladder(Actor(by, now), act(reason="manager"), client),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_older_act_finds_the_ladder_ended_and_is_refused(file, by, name):
    def older(begin: Any) -> Any:
        return ACTS[name](Client.objects.get(pk=file.pk), own(by), begin())

    refused = overtaken(file, older, lambda: a_talk(file, by))
    assert isinstance(refused, ValidationError)
    assert refused.messages == ["In dieser Akte ist kein Nachgehen mehr offen."]
    assert Ladder.objects.get(client=file).end_reason == EndReason.TWO_WAY
    assert not LadderAct.objects.exists()


def test_of_two_outcomes_the_one_that_waited_is_the_later_one(file, by):
    missed = Appointment.objects.get(client=file, state=AppointmentState.NO_SHOW)

    def older(begin: Any) -> Any:
        now = begin()
        return record_outcome(Actor(own(by), now), missed, AppointmentState.HELD)

    def excuse() -> Any:
        return record_outcome(Actor(by), missed, AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED)

    overtaken(file, older, excuse)
    outcomes = AppointmentOutcome.objects.filter(appointment=missed).order_by("recorded_at")
    assert [(row.state, row.excuse) for row in outcomes] == [
        ("no_show", "unexcused"),
        ("no_show", "excused"),
        ("held", "undecided"),
    ]
    assert not_as_derived([file], timezone.now()) == []


def test_an_answer_does_not_open_what_a_correction_ended_meanwhile(file, by):
    talk(file, by, ago(3))
    row = Ladder.objects.get(client=file)

    def older(begin: Any) -> Any:
        me = own(by)
        return acts.answer_question(Actor(me, begin()), row, "none_needed", client=file)

    overtaken(file, older, lambda: no_show_recorded_now(file, by))
    assert not_as_derived([file], timezone.now()) == []
    assert [found.ended_at is None for found in Ladder.objects.filter(client=file).order_by("t0")] == [
        False,
        True,
    ]


def no_show_recorded_now(client: Client, by: User) -> None:
    now = timezone.now()
    start = now - 2 * HOUR
    missed = Appointment(client=client, starts_at=start, ends_at=start + HOUR)
    plan_appointment(Actor(by, now), missed, agreed=True)
    record_outcome(Actor(by, now), missed, AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED)


def test_the_daily_repair_that_began_before_the_talk_leaves_the_ladder_ended(file, by, monkeypatch, capsys):
    real = recompute_all._differing

    def differing(files: Any) -> Any:
        a_talk(file, by)
        return real(files)

    monkeypatch.setattr(recompute_all, "_differing", differing)
    call_command("recompute")
    assert "1 files looked at, 0 were corrected" in capsys.readouterr().out
    assert Ladder.objects.get(client=file).end_reason == EndReason.TWO_WAY


def test_a_form_sent_before_the_talk_was_recorded_leaves_the_ladder_ended(file, by, monkeypatch):
    browser = Browser()
    browser.force_login(by)
    form = browser.get(url("contact_new", file)).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, "", False)}
    local = timezone.localtime()
    typed |= {"channel": "phone", "result": "not_reached"}
    typed |= {"main_topic": "", "minutes": ""}
    typed |= {"date": local.date().isoformat(), "time": f"{local:%H:%M}"}

    def older(begin: Any) -> Any:
        return begun_with(begin, lambda: browser.post(url("contact_new", file), typed), monkeypatch)

    answer = overtaken(file, older, lambda: a_talk(file, by))
    assert answer.status_code == 302, answer.context["form"].errors
    assert Contact.objects.filter(client=file, result=Result.NOT_REACHED).count() == 1
    row = Ladder.objects.get(client=file)
    # The appointment that stood before the talk does not answer what comes after it (rules.md §10).
    expected = timezone.localdate(row.ended_at) + 3 * DAY
    assert (row.end_reason, asked_from(file)) == (EndReason.TWO_WAY, expected)
    assert not_as_derived([file], timezone.now()) == []
