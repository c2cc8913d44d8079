"""Random histories of several people at once: what is stored beside the facts says what the facts say.

Each of some connections reads its clock and its rows, waits until all have, and writes. Who comes first is up to the
database, so the clock one began with is often older than what was recorded meanwhile.
"""

import datetime
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from accounts.records import StaleRecord
from appointments.choices import Channel, Excuse, Result, SpokenWith
from appointments.models import Appointment, AppointmentOutcome, Contact
from appointments.services.appointments import (
    Busy,
    IllegalOutcome,
    confirm_with_client,
    move_appointment,
    plan_appointment,
    record_outcome,
)
from appointments.services.contacts import Participant, log_contact
from appointments.services.corrections import correct_contact, mark_returned
from clients.models import (
    Accommodation,
    Client,
    ClosingReason,
    ContactPoint,
    PhaseChange,
    ReachPeriod,
    SafetyNote,
)
from clients.services import accommodations, facts, files
from clients.services.responsibility import assign
from intake.services.inbox import AlreadyTaken, take_client
from outreach.models import Ladder, LadderAct
from outreach.services import ladders as acts
from outreach.services.visits import log_visit
from tests.cast import load_cast
from tests.outreach.ladder_cast import at, no_show, reachable_client
from tests.overlap import LONG, at_once, not_as_derived

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 4
STEPS = 12
FILES = 3
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
REFUSED = (ValidationError, StaleRecord, Busy, IllegalOutcome, AlreadyTaken, PermissionDenied)
"""What a service may answer to somebody who was slower, or whose request makes no sense any more."""

Verb = Callable[["Move"], Any]


class Move:
    """One request: its clock, its dice, and the rows it has read. Calling it writes."""

    def __init__(self, seed: str, keys: list[int], now: datetime.datetime) -> None:
        self.dice = random.Random(seed)
        self.now = now
        key = self.dice.choice(keys)
        self.client = Client.objects.select_related("manager").get(pk=key)
        self.other = Client.objects.get(pk=self.dice.choice([other for other in keys if other != key]))
        self.by = self.client.manager or User.objects.get(username="manager")
        self.verb = self.dice.choice(VERBS)
        self.appointments = list(Appointment.objects.filter(client=self.client).order_by("pk"))
        self.contacts = list(Contact.objects.filter(client=self.client).order_by("pk"))
        self.actor = Actor(self.by, now)

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)

    def happened(self, contact: Contact) -> Contact:
        contact.happened_at = self.now - datetime.timedelta(minutes=self.dice.choice([0, 5, 600, 3000, 9000]))
        contact.happened_on = timezone.localdate(contact.happened_at)
        return contact

    def one_of(self, rows: list[Any]) -> Any:
        if not rows:
            raise ValidationError("nothing to write about")
        return self.dice.choice(rows)


KINDS = (
    (Channel.LETTER, Result.SENT, SpokenWith.CLIENT),
    (Channel.PHONE, Result.NOT_REACHED, SpokenWith.NOBODY),
    (Channel.HOME_VISIT, Result.NOT_MET_CARD, SpokenWith.NOBODY),
    (Channel.PHONE, Result.TALK, SpokenWith.CLIENT),
)


def logs(move: Move) -> Any:
    contact = move.happened(Contact(client=move.client))
    contact.channel, contact.result, contact.spoken_with = move.dice.choice(KINDS)
    contact.language = move.client.client_languages.get().language
    joint = [Participant(move.other)] if move.dice.random() < 0.3 else []
    return log_contact(move.actor, contact, participants=joint)


def visits(move: Move) -> Any:
    results = {move.client: "met", move.other: "not_met"}
    return log_visit(move.actor, move.happened(Contact(client=move.client, minutes=20)), results, note="")


def corrects(move: Move) -> Any:
    contact = move.happened(move.one_of(move.contacts))
    contact.channel, contact.result, contact.spoken_with = move.dice.choice(KINDS)
    if move.dice.random() < 0.3:
        contact.client = move.other
    return correct_contact(move.actor, contact, expected_version=contact.version)


def gets_a_letter_back(move: Move) -> Any:
    letter = move.one_of([row for row in move.contacts if row.channel == Channel.LETTER])
    return mark_returned(move.actor, letter, expected_version=letter.version)


def times(move: Move) -> dict[str, Any]:
    begin = move.now + datetime.timedelta(minutes=move.dice.randint(30, 4000))
    return {"starts_at": begin, "ends_at": begin + datetime.timedelta(minutes=10)}


def plans(move: Move) -> Any:
    planned = Appointment(client=move.client, **times(move))
    return plan_appointment(move.actor, planned, agreed=move.dice.random() < 0.7)


def moves(move: Move) -> Any:
    old = move.one_of(move.appointments)
    new = Appointment(client=move.client, **times(move))
    return move_appointment(move.actor, old, new, expected_version=old.version, agreed=True)


def confirms(move: Move) -> Any:
    found = move.one_of(move.appointments)
    return confirm_with_client(move.actor, found, expected_version=found.version)


def decides(move: Move) -> Any:
    state = move.dice.choice(["held", "no_show", "no_show", "cancelled_client", "planned"])
    excuse = move.dice.choice(Excuse.values)
    return record_outcome(move.actor, move.one_of(move.appointments), state, excuse=excuse)


def changes_phase(move: Move) -> Any:
    phase = move.dice.choice(["paused", "active", "closed"])
    if phase == "closed":
        reason = ClosingReason.objects.first()
        return files.close_counselling(move.actor, move.client, reason=reason, on=move.today)
    if move.client.is_closed:
        return files.reopen(move.actor, move.client, on=move.today, reason="wieder da")
    return files.set_phase(move.actor, move.client, phase, on=move.today)


def moves_house(move: Move) -> Any:
    return accommodations.move_accommodation(
        move.actor, Accommodation(client=move.client, street="Neuweg 1", town="Stutensee", since=move.today)
    )


def notes_returned_mail(move: Move) -> Any:
    home = move.one_of(list(Accommodation.objects.filter(client=move.client, until=None)))
    home.letters_reach = not home.letters_reach
    return accommodations.correct_accommodation(move.actor, home, expected_version=home.version)


def adds_a_number(move: Move) -> Any:
    number = f"0151 {move.dice.randint(1000000, 9999999)}"
    return facts.add_contact_point(move.actor, ContactPoint(client=move.client, kind="mobile", value=number))


def ends_a_number(move: Move) -> Any:
    return facts.end_contact_point(
        move.actor, move.one_of(list(ContactPoint.objects.filter(client=move.client, until=None)))
    )


def changes_permissions(move: Move) -> Any:
    move.client.may_be_called = not move.client.may_be_called
    move.client.no_home_visits_since = None if move.client.no_home_visits_since else move.today
    fields = ["may_be_called", "no_home_visits_since"]
    return files.update_client(move.actor, move.client, fields=fields, expected_version=move.client.version)


def sets_a_note(move: Move) -> Any:
    note = SafetyNote(client=move.client, reason="Hund", expires_on=move.today + 5 * DAY)
    return facts.set_safety_note(move.actor, note)


def acts_on_the_ladder(move: Move) -> Any:
    row = LadderAct(detail="Notiz", day=move.today + move.dice.randint(5, 40) * DAY)
    row.channel, row.outcome, row.reason = "letter", "not_found", move.dice.choice(["manager", "declined"])
    verb = move.dice.choice([acts.postpone_step, acts.announce_visit, acts.clarify, acts.end_ladder])
    return verb(move.actor, row, move.client)


def answers(move: Move) -> Any:
    ladder = move.one_of(list(Ladder.objects.filter(client=move.client)))
    return acts.answer_question(move.actor, ladder, "none_needed", client=move.client)


def gives_back(move: Move) -> Any:
    admin = User.objects.get(username="admin")
    return assign(Actor(admin, move.now), Client.objects.get(pk=move.client.pk), None)


def takes(move: Move) -> Any:
    return take_client(move.actor, move.client)


VERBS: tuple[Verb, ...] = (
    *(logs, logs, logs, plans, plans, decides, decides, decides, corrects, acts_on_the_ladder),
    *(visits, gets_a_letter_back, moves, confirms, changes_phase, moves_house, notes_returned_mail),
    *(adds_a_number, ends_a_number, changes_permissions, sets_a_note, answers, gives_back, takes),
)


def out_of_order(keys: list[int]) -> list[str]:
    """Rows written under the lock of their file one after the other, but recorded in another order."""
    wrong = []
    for key in keys:
        for model, path, moment in (
            (AppointmentOutcome, "appointment__client", "recorded_at"),
            (PhaseChange, "client", "at"),
            (LadderAct, "ladder__client", "at"),
            (ReachPeriod, "client", "recorded_at"),
        ):
            moments = list(model.objects.filter(**{path: key}).order_by("pk").values_list(moment, flat=True))
            if moments != sorted(moments):
                wrong.append(f"{model.__name__} of {key}")
    return wrong


def request(move_of: Callable[[], Move], all_have_begun: threading.Barrier) -> Callable[[], Any]:
    def work() -> Any:
        move = move_of()
        all_have_begun.wait(LONG)
        return move.verb(move)

    return work


@pytest.mark.parametrize("seed", [7, 2019])
def test_stored_is_derived_however_requests_overlap(seed: int) -> None:
    cast = load_cast()
    keys = [reachable_client(cast.manager, cast.stutensee).pk for _number in range(FILES)]
    for number, key in enumerate(keys):
        no_show(Client.objects.get(pk=key), cast.manager, f"2019-02-{11 + number} 10:00")
    dice, begun, written = random.Random(seed), at("2019-02-18 09:00"), 0
    for step in range(STEPS):
        all_have_begun = threading.Barrier(CONNECTIONS)
        clocks = [begun + 3 * step * DAY + dice.randint(0, 7200) * HOUR / 3600 for _one in range(CONNECTIONS)]
        results = at_once(
            *(
                request(
                    lambda seed=f"{seed}/{step}/{number}", clock=clock: Move(seed, keys, clock),
                    all_have_begun,
                )
                for number, clock in enumerate(clocks)
            )
        )
        failed = [result for result in results if isinstance(result, Exception)]
        assert [problem for problem in failed if not isinstance(problem, REFUSED)] == []
        written += len(results) - len(failed)
        stored = Client.objects.filter(pk__in=keys).order_by("pk")
        wrong = [fault for file in stored for fault in not_as_derived([file], file.last_recorded_at)]
        assert wrong == [], (step, results)
    assert out_of_order(keys) == []
    assert written > STEPS
    assert Ladder.objects.filter(client__in=keys).count() >= FILES
