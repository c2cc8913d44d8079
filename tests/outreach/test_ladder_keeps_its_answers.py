"""Through the database: what the ladder answered for a day it answers for that day for ever.

A random manager acts on one file for months, by the services the screens call. After every act the ladders are
written down, and in the end each of those answers is asked for again.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from appointments.choices import AppointmentState, Channel, Excuse, Result, SpokenWith
from appointments.models import Appointment, Contact
from appointments.services.appointments import (
    Busy,
    IllegalOutcome,
    confirm_with_client,
    move_appointment,
    plan_appointment,
    record_outcome,
)
from appointments.services.contacts import log_contact, place_in_time
from appointments.services.corrections import correct_contact, mark_returned
from clients.choices import Phase, Reading
from clients.models import Accommodation, Client, ContactPoint, SafetyNote, SpokenLanguage
from clients.services import accommodations, facts, files
from clients.services.responsibility import assign
from outreach.choices import ActKind, ClarifyOutcome, EndReason, Stage
from outreach.models import Ladder, LadderAct
from outreach.rules import LadderView, current, evaluate
from outreach.services import ladders as ladder_services
from outreach.services.ladder_facts import load_facts, load_policies
from tests.outreach.ladder_cast import at, call, ladder, letter, no_show, reachable_client

pytestmark = pytest.mark.django_db

BEGIN = at("2019-01-07 09:00")
REFUSED = (ValidationError, Busy, IllegalOutcome)


def ask(client: Client, now: datetime.datetime) -> tuple[LadderView, ...]:
    stored = Client.objects.get(pk=client.pk)
    return ladder_services.ladders_of([stored], now)[client.pk]


class Desk:
    """Acts at random, always with `now` as the instant of recording."""

    def __init__(self, client: Client, by: Any, elsewhere: Any, seed: int) -> None:
        self.key, self.by, self.places = client.pk, by, [client.municipality, elsewhere]
        self.pick = random.Random(seed)
        self.now = BEGIN
        self.asked: list[tuple[datetime.datetime, tuple[LadderView, ...]]] = []

    @property
    def client(self) -> Client:
        return Client.objects.get(pk=self.key)

    def work(self, acts: int) -> None:
        self.no_show()
        self.note(self.now)
        self.now += datetime.timedelta(hours=3)
        for _number in range(acts):
            act: Callable[[], object] = self.pick.choice(self.acts())
            try:
                with transaction.atomic():
                    act()
            except REFUSED:
                pass
            self.note(self.now)
            self.now += datetime.timedelta(hours=self.pick.choice((1, 5, 20, 44, 90)))
            self.note(self.now - datetime.timedelta(minutes=1))

    def note(self, now: datetime.datetime) -> None:
        self.asked.append((now, ask(self.client, now)))

    def acts(self) -> list[Callable[[], object]]:
        about_contacts = [self.no_show, self.no_show, self.attempt, self.attempt, self.attempt, self.talk]
        about_reach = [
            self.permission,
            self.permission,
            self.reading,
            self.wish,
            self.mail,
            self.correct_home,
            self.move_home,
            self.number,
            self.birth_date,
            self.safety,
        ]
        about_the_past = [self.excuse, self.returned, self.correct, self.invite, self.confirm, self.move]
        return [*about_contacts, *about_reach, *about_the_past, self.phase, self.place, self.act, self.act]

    # What happens

    def earlier(self) -> datetime.datetime:
        return self.now - datetime.timedelta(hours=self.pick.choice((1, 2, 30, 200)))

    def no_show(self) -> None:
        start = self.earlier()
        appointment = Appointment(
            client=self.client, starts_at=start, ends_at=start + datetime.timedelta(minutes=30)
        )
        plan_appointment(Actor(self.by, self.now), appointment, agreed=self.pick.random() < 0.8)
        excuse = self.pick.choice((Excuse.UNEXCUSED, Excuse.UNEXCUSED, Excuse.UNDECIDED))
        record_outcome(Actor(self.by, self.now), appointment, AppointmentState.NO_SHOW, excuse=excuse)

    def attempt(self) -> None:
        channel, result = self.pick.choice(
            (
                (Channel.LETTER, Result.SENT),
                (Channel.PHONE, Result.NOT_REACHED),
                (Channel.EMAIL, Result.SENT),
                (Channel.HOME_VISIT, Result.NOT_MET_CARD),
            )
        )
        self.log(channel, result, SpokenWith.NOBODY)

    def talk(self) -> None:
        self.log(Channel.PHONE, Result.TALK, SpokenWith.CLIENT)

    def log(self, channel: str, result: str, spoken_with: str) -> Contact:
        moment = timezone.localtime(self.earlier())
        contact = Contact(
            client=self.client,
            channel=channel,
            result=result,
            spoken_with=spoken_with,
            language=SpokenLanguage.objects.get(code="ar"),
        )
        place_in_time(contact, moment.date(), moment.time() if self.pick.random() < 0.8 else None)
        return log_contact(Actor(self.by, self.now), contact)

    # What is known of reaching somebody

    def update(self, **values: Any) -> None:
        client = self.client
        for name, value in values.items():
            setattr(client, name, value)
        files.update_client(
            Actor(self.by, self.now), client, fields=list(values), expected_version=client.version
        )

    def permission(self) -> None:
        name = self.pick.choice(("may_be_called", "may_be_written"))
        self.update(**{name: not getattr(self.client, name)})

    def reading(self) -> None:
        client = self.client
        client.reading = self.pick.choice((Reading.NONE, Reading.UNRECORDED))
        languages = [SpokenLanguage.objects.get(code="ar")]
        files.set_languages(Actor(self.by, self.now), client, languages, expected_version=client.version)

    def wish(self) -> None:
        since = self.pick.choice((None, self.now, self.now - datetime.timedelta(days=9)))
        self.update(no_home_visits_since=timezone.localdate(since) if since else None)

    def birth_date(self) -> None:
        self.update(birth_date=datetime.date(self.pick.choice((1990, 1995, 1995, 2004)), 5, 17))

    def home(self) -> Accommodation:
        found: Accommodation = Accommodation.objects.filter(client=self.key, until=None).get()
        return found

    def mail(self) -> None:
        home = self.home()
        home.letters_reach = not home.letters_reach
        accommodations.correct_accommodation(Actor(self.by, self.now), home, expected_version=home.version)

    def correct_home(self) -> None:
        home = self.home()
        home.street = self.pick.choice(("", "Musterweg 4"))
        home.since = home.since - datetime.timedelta(days=self.pick.randint(0, 20))
        accommodations.correct_accommodation(Actor(self.by, self.now), home, expected_version=home.version)

    def move_home(self) -> None:
        new = Accommodation(
            client=self.client, street="Neuweg 1", town="Stutensee", since=timezone.localdate(self.earlier())
        )
        accommodations.move_accommodation(Actor(self.by, self.now), new)

    def number(self) -> None:
        current = ContactPoint.objects.current().filter(client=self.key).first()
        if current is not None and self.pick.random() < 0.6:
            facts.end_contact_point(Actor(self.by, self.now), current)
        else:
            kind, value = self.pick.choice((("mobile", "0176 04069042"), ("email", "n@example.org")))
            point = ContactPoint(client=self.client, kind=kind, value=value)
            facts.add_contact_point(Actor(self.by, self.now), point)

    def safety(self) -> None:
        current = SafetyNote.objects.filter(client=self.key, ended_at=None).first()
        if current is not None:
            facts.end_safety_note(Actor(self.by, self.now), current)
        else:
            expires = timezone.localdate(self.now) + datetime.timedelta(days=self.pick.randint(0, 40))
            note = SafetyNote(client=self.client, reason="Hund", expires_on=expires)
            facts.set_safety_note(Actor(self.by, self.now), note)

    # What is said of the past

    def any_of(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        if not found:
            raise ValidationError("nothing there yet")
        return self.pick.choice(found)

    def excuse(self) -> None:
        missed = self.any_of(Appointment.objects.filter(client=self.key, state=AppointmentState.NO_SHOW))
        state = self.pick.choice((AppointmentState.NO_SHOW, AppointmentState.HELD, AppointmentState.PLANNED))
        record_outcome(Actor(self.by, self.now), missed, state, excuse=self.pick.choice(Excuse.values))

    def returned(self) -> None:
        sent = self.any_of(Contact.objects.filter(client=self.key, channel=Channel.LETTER))
        mark_returned(Actor(self.by, self.now), sent, expected_version=sent.version)

    def correct(self) -> None:
        contact = self.any_of(Contact.objects.filter(client=self.key))
        contact.result = self.pick.choice((Result.NOT_REACHED, Result.SENT, contact.result))
        correct_contact(Actor(self.by, self.now), contact, expected_version=contact.version)

    def invite(self) -> None:
        sent = self.log(Channel.LETTER, Result.SENT, SpokenWith.NOBODY)
        start = self.now + datetime.timedelta(days=self.pick.randint(1, 6))
        date = Appointment(
            client=self.client, starts_at=start, ends_at=start + datetime.timedelta(minutes=30)
        )
        plan_appointment(Actor(self.by, self.now), date, agreed=False, invited_by=sent)

    def confirm(self) -> None:
        date = self.any_of(Appointment.objects.filter(client=self.key, agreed_at=None))
        confirm_with_client(Actor(self.by, self.now), date, expected_version=date.version)

    def move(self) -> None:
        date = self.any_of(Appointment.objects.filter(client=self.key, state=AppointmentState.PLANNED))
        start = self.now + datetime.timedelta(days=3)
        new = Appointment(starts_at=start, ends_at=start + datetime.timedelta(minutes=30))
        move_appointment(Actor(self.by, self.now), date, new, expected_version=date.version, agreed=True)

    # The file

    def phase(self) -> None:
        phase = Phase.ACTIVE if self.client.phase == Phase.PAUSED else Phase.PAUSED
        files.set_phase(Actor(self.by, self.now), self.client, phase, on=timezone.localdate(self.earlier()))

    def place(self) -> None:
        """A handover to another municipality."""
        client = self.client
        client.municipality = self.pick.choice(self.places)
        client.save(update_fields=["municipality"])
        assign(Actor(User.objects.get(username="admin"), self.now), client, self.by)

    def act(self) -> None:
        day = timezone.localdate(self.now) + datetime.timedelta(days=self.pick.randint(2, 20))
        act = LadderAct(day=day, detail="Notiz", channel=Channel.LETTER)
        view = current(ask(self.client, self.now))
        kind = self.pick.choice(ActKind.values)
        if kind == ActKind.ENDED and self.pick.random() < 0.8:
            return
        if view is not None and view.clarify:
            act.outcome = self.pick.choice(ClarifyOutcome.values)
            ladder_services.clarify(Actor(self.by, self.now), act, self.client)
        elif kind == ActKind.ANNOUNCED:
            ladder_services.announce_visit(Actor(self.by, self.now), act, self.client)
        elif kind == ActKind.POSTPONED:
            ladder_services.postpone_step(Actor(self.by, self.now), act, self.client)
        elif kind == ActKind.ENDED:
            act.reason = EndReason.MANAGER
            ladder_services.end_ladder(Actor(self.by, self.now), act, self.client)


@pytest.mark.parametrize("seed", range(8))
def test_every_answer_ever_given_is_given_again(cast, seed):
    client = reachable_client(cast.manager, cast.stutensee)
    desk = Desk(client, cast.manager, cast.pfinztal, seed)
    desk.work(acts=30)
    assert any(views for _now, views in desk.asked)
    facts_of_all_time = load_facts([desk.client])[client.pk]
    for now, views in desk.asked:
        assert evaluate(facts_of_all_time, load_policies().of(facts_of_all_time), now) == views


# The story behind it, with a moved clock


def test_a_permission_withdrawn_today_leaves_yesterday_as_it_was(cast, time_machine):
    time_machine.move_to(at("2019-02-22 09:00"), tick=False)
    client = reachable_client(cast.manager, cast.stutensee)
    no_show(client, cast.manager)
    call(client, cast.manager, "2019-02-22 09:00")
    yesterday = timezone.now()
    before = ask(client, yesterday)

    time_machine.move_to(at("2019-02-25 15:00"), tick=False)
    client.may_be_written = False
    files.update_client(Actor(cast.manager), client, fields=["may_be_written"], expected_version=1)
    assert ask(client, yesterday) == before
    assert ladder(client).stage == Stage.STEP2
    call(client, cast.manager, "2019-02-26 10:00")
    assert ladder(client).stage == Stage.VISIT
    assert ask(client, yesterday) == before


def test_a_letter_sent_before_the_mail_came_back_counts_though_it_is_logged_afterwards(cast):
    client = reachable_client(cast.manager, cast.stutensee)
    no_show(client, cast.manager)
    home = client.accommodations.get()
    home.letters_reach = False
    accommodations.correct_accommodation(
        Actor(cast.manager, at("2019-02-26 15:00")), home, expected_version=home.version
    )
    sent = Contact(
        client=client,
        happened_at=at("2019-02-25 09:00"),
        happened_on=datetime.date(2019, 2, 25),
        channel=Channel.LETTER,
        result=Result.SENT,
        language=SpokenLanguage.objects.get(code="ar"),
    )
    log_contact(Actor(cast.manager, at("2019-02-27 09:00")), sent)
    assert ladder(client).stage == Stage.STEP2
    letter(client, cast.manager, "2019-03-05 09:00")
    assert ladder(client).stage == Stage.STEP2
    assert Ladder.objects.get(client=client).reached == Stage.STEP2
