"""The stored ladder says what the rule says, whatever service changed a fact of the file."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.records import DuplicateSubmission
from appointments.choices import AppointmentState, Channel, Excuse, SpokenWith
from appointments.models import Appointment, Contact
from appointments.services.appointments import plan_appointment, record_outcome
from appointments.services.contacts import Participant
from appointments.services.corrections import correct_contact, mark_returned
from appointments.services.drop_ins import leave_drop_in
from clients.models import ClosingReason, DueItem
from clients.services.files import close_counselling, set_phase
from intake.services.inbox import take_client
from outreach.choices import EndReason, Stage, Trigger
from outreach.models import Ladder, LadderAct, OutreachPolicy
from outreach.rules import LadderPolicy
from outreach.services import ladders as services
from tests.factories.clients import ClientFactory
from tests.outreach.ladder_cast import (
    asked_from,
    at,
    call,
    contact,
    due_on,
    ladder,
    ladders,
    letter,
    no_show,
    reachable_client,
    talk,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast):
    return reachable_client(cast.manager, cast.stutensee)


def act(**more) -> LadderAct:
    return LadderAct(**{"detail": "Notiz", **more})


def test_the_stored_thresholds_are_those_of_the_rule():
    policy = OutreachPolicy.objects.get()
    assert LadderPolicy(version=str(policy.pk), valid_from=policy.valid_from) == policy.rule


def test_a_no_show_writes_the_ladder_with_its_dates(client, by):
    no_show(client, by)
    row = ladder(client)
    assert (row.trigger, row.stage, due_on(client)) == (
        Trigger.NO_SHOW,
        Stage.STEP1,
        datetime.date(2019, 2, 25),
    )
    assert row.policy == OutreachPolicy.objects.get()


def test_letter_and_call_lead_to_the_visit(client, by):
    no_show(client, by)
    letter(client, by)
    assert ladder(client).stage == Stage.STEP2
    call(client, by)
    row = ladder(client)
    assert (row.stage, due_on(client)) == (
        Stage.VISIT,
        datetime.date(2019, 3, 14),
    )


def test_a_letter_in_a_language_nobody_reads_is_no_step(client, by):
    no_show(client, by)
    letter(client, by, language=None)
    assert ladder(client).stage == Stage.STEP1


def test_a_returned_letter_falls_back(client, by):
    no_show(client, by)
    sent = letter(client, by)
    mark_returned(Actor(by, at("2019-02-27 09:00")), sent, expected_version=sent.version)
    row = ladder(client)
    assert (row.stage, due_on(client)) == (Stage.STEP1, datetime.date(2019, 3, 1))


def test_a_talk_ends_it_and_leaves_the_question(client, by):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    row = ladder(client)
    assert (row.stage, row.end_reason, due_on(client)) == (Stage.ENDED, EndReason.TWO_WAY, None)
    assert asked_from(client) == datetime.date(2019, 3, 1)


def test_a_drop_in_of_a_colleague_ends_it(client, by, cast):
    no_show(client, by)
    moment = at("2019-02-26 10:00")
    row = Contact(
        client=client, happened_at=moment, happened_on=moment.date(), channel=Channel.OPEN_HOUR, result="talk"
    )
    leave_drop_in(Actor(cast.colleague, at("2019-02-26 10:30")), row)
    assert ladder(client).end_reason == EndReason.TWO_WAY


def test_a_joint_talk_ends_the_ladder_of_every_participant(client, by, cast):
    other = reachable_client(by, cast.stutensee)
    no_show(client, by)
    no_show(other, by, "2019-02-22 15:00")
    talk(client, by, "2019-02-26 10:00", participants=[Participant(other)])
    assert [ladder(file).end_reason for file in (client, other)] == [EndReason.TWO_WAY, EndReason.TWO_WAY]


def test_a_talk_with_a_neighbour_does_not_end_it(client, by):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00", spoken_with=SpokenWith.RELATIVE)
    assert ladder(client).ended_at is None


def test_a_held_appointment_ends_it(client, by):
    no_show(client, by)
    begin = at("2019-02-28 10:00")
    appointment = Appointment(client=client, starts_at=begin, ends_at=begin + datetime.timedelta(hours=1))
    plan_appointment(Actor(by, at("2019-02-22 10:00")), appointment, agreed=False)
    record_outcome(Actor(by, at("2019-02-28 11:00")), appointment, AppointmentState.HELD)
    assert (ladder(client).end_reason, ladder(client).ended_at) == (EndReason.TWO_WAY, begin)


def test_an_accepted_excuse_ends_it_and_taking_it_back_re_opens_it(client, by):
    missed = no_show(client, by)
    record_outcome(Actor(by, at("2019-02-25 09:00")), missed, AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED)
    assert ladder(client).end_reason == EndReason.EXCUSED
    missed.refresh_from_db()
    record_outcome(
        Actor(by, at("2019-03-11 09:00")), missed, AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED
    )
    row = ladder(client)
    assert (row.ended_at, row.end_reason, due_on(client)) == (None, "", datetime.date(2019, 3, 13))


def test_a_talk_moved_to_another_file_re_opens_this_one_and_ends_the_other(client, by, cast):
    other = reachable_client(by, cast.stutensee)
    no_show(client, by)
    no_show(other, by, "2019-02-21 15:00")
    wrong = talk(client, by, "2019-02-26 10:00")
    assert ladder(client).ended_at is not None
    wrong.client = other
    correct_contact(Actor(by, at("2019-03-04 09:00")), wrong, expected_version=wrong.version)
    assert ladder(client).ended_at is None
    assert due_on(client) == datetime.date(2019, 3, 6)
    assert ladder(other).ended_at == at("2019-02-26 10:00")


def test_two_no_shows_lead_straight_to_the_visit(client, by):
    no_show(client, by, "2019-01-17 10:00")
    talk(client, by, "2019-01-28 10:00")
    no_show(client, by)
    assert [row.stage for row in ladders(client)] == [Stage.ENDED, Stage.VISIT]


def test_taking_a_file_opens_first_contact(by, cast):
    client = ClientFactory(inbox=True, municipality=cast.stutensee, registered_at=at("2019-02-01 09:00"))
    take_client(Actor(by, at("2019-03-01 14:00")), client)
    row = ladder(client)
    assert (row.trigger, due_on(client)) == (Trigger.FIRST_CONTACT, datetime.date(2019, 3, 15))


def test_pausing_suspends_and_closing_ends(client, by):
    no_show(client, by)
    set_phase(Actor(by, at("2019-02-25 09:00")), client, "paused", on=datetime.date(2019, 2, 25))
    assert (ladder(client).suspended, due_on(client)) == (True, None)
    reason = ClosingReason.objects.first()
    close_counselling(Actor(by, at("2019-03-01 09:00")), client, reason=reason, on=datetime.date(2019, 3, 1))
    assert ladder(client).end_reason == EndReason.CLOSED


def test_announcing_postponing_and_ending_are_acts_with_a_reason(client, by):
    no_show(client, by)
    letter(client, by)
    call(client, by)
    now = at("2019-03-12 09:00")
    services.announce_visit(
        Actor(by, now), act(day=datetime.date(2019, 3, 18), channel=Channel.LETTER), client
    )
    assert due_on(client) == datetime.date(2019, 3, 18)
    services.postpone_step(Actor(by, now), act(day=datetime.date(2019, 3, 23)), client)
    assert due_on(client) == datetime.date(2019, 3, 25)
    services.end_ladder(Actor(by, at("2019-03-13 09:00")), act(reason=EndReason.MANAGER), client)
    assert ladder(client).end_reason == EndReason.MANAGER


def test_an_announcement_too_late_for_the_day_is_refused(client, by):
    no_show(client, by)
    letter(client, by)
    call(client, by)
    with pytest.raises(ValidationError, match=r"Frühestens möglich ist der 18\.03\.2019"):
        services.announce_visit(
            Actor(by, at("2019-03-14 09:00")), act(day=datetime.date(2019, 3, 15), channel="letter"), client
        )
    assert not LadderAct.objects.unscoped(reason="test").exists()


def test_a_decline_on_the_day_of_the_talk_asks_nothing_more(client, by):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    services.end_ladder(Actor(by, at("2019-02-26 10:30")), act(reason=EndReason.DECLINED), client)
    assert (ladder(client).end_reason, asked_from(client)) == (EndReason.DECLINED, None)


def test_the_same_act_posted_twice_is_one_row(client, by):
    no_show(client, by)
    token, now = uuid.uuid4(), at("2019-02-26 09:00")
    first = services.end_ladder(Actor(by, now), act(reason=EndReason.MANAGER, form_token=token), client)
    with pytest.raises(DuplicateSubmission) as done:
        services.end_ladder(Actor(by, now), act(reason=EndReason.MANAGER, form_token=token), client)
    assert done.value.record == first
    assert LadderAct.objects.unscoped(reason="test").count() == 1


def test_the_answer_settles_the_question_once(client, by):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    row = services.answer_question(
        Actor(by, at("2019-03-01 09:00")), ladder(client), "none_needed", client=client
    )
    assert (row.answer, asked_from(client)) == ("none_needed", None)
    again = services.answer_question(Actor(by, at("2019-03-02 09:00")), row, "new_appointment", client=client)
    assert again.answer == "none_needed"


def test_a_new_appointment_is_the_answer(client, by):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    begin = at("2019-03-14 10:00")
    appointment = Appointment(client=client, starts_at=begin, ends_at=begin + datetime.timedelta(hours=1))
    plan_appointment(Actor(by, at("2019-02-26 10:10")), appointment, agreed=True)
    assert asked_from(client) is None


def test_the_daily_command_repairs_what_lists_show_and_then_has_nothing_to_do(
    client, by, capsys, time_machine
):
    no_show(client, by)
    Ladder.objects.unscoped(reason="test").update(stage=Stage.RECHECK)
    DueItem.objects.unscoped(reason="test").of(client).delete()
    time_machine.move_to(at("2019-02-25 04:00"), tick=False)
    call_command("recompute", "--dry-run")
    assert "1 differ" in capsys.readouterr().out
    assert ladder(client).stage == Stage.RECHECK
    call_command("recompute")
    assert "1 were corrected" in capsys.readouterr().out
    assert (ladder(client).stage, due_on(client)) == (Stage.STEP1, datetime.date(2019, 2, 25))
    call_command("recompute")
    assert "0 were corrected" in capsys.readouterr().out


def test_time_turns_unreachable_into_the_next_attempt_by_the_daily_command(client, by, time_machine):
    no_show(client, by)
    letter(client, by)
    call(client, by)
    services.announce_visit(
        Actor(by, at("2019-03-12 09:00")), act(day=datetime.date(2019, 3, 18), channel="letter"), client
    )
    nobody = {"spoken_with": SpokenWith.NOBODY}
    contact(client, by, "2019-03-18 10:00", Channel.HOME_VISIT, "not_met", **nobody)
    contact(client, by, "2019-03-28 17:30", Channel.HOME_VISIT, "not_met_card", **nobody)
    assert ladder(client).stage == Stage.UNREACHABLE
    time_machine.move_to(at("2019-06-26 04:00"), tick=False)
    call_command("recompute", verbosity=0)
    row = ladder(client)
    assert (row.stage, due_on(client)) == (Stage.RECHECK, datetime.date(2019, 7, 10))


def test_loading_many_files_takes_no_more_queries_than_loading_one(cast, by, django_assert_num_queries):
    files = [reachable_client(by, cast.stutensee) for _number in range(12)]
    for file in files[:6]:
        no_show(file, by, f"2019-02-21 {8 + files.index(file):02}:00")
    now = at("2019-02-25 10:00")
    with CaptureQueriesContext(connection) as one:
        services.ladders_of(files[:1], now)
    with django_assert_num_queries(len(one)):
        services.ladders_of(files, now)
