"""What a correction does to outreach, seen as a manager sees it: the file page, *Mein Tag* and the forms."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.choices import AppointmentState, Channel, Excuse
from appointments.models import Appointment, Contact
from appointments.services.appointments import plan_appointment, record_outcome
from appointments.services.corrections import correct_contact
from clients.services.files import set_phase
from outreach.choices import EndReason, Stage
from outreach.models import Ladder
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
    talk,
)
from tests.outreach.outreach_desk import fill, ladder_url, logged, page, to_the_visit, url

pytestmark = pytest.mark.django_db

QUESTION = "Neuer Termin nach dem Gespräch, oder keiner nötig?"


def outcome(browser, appointment: Appointment, value: str):
    appointment.refresh_from_db()
    return browser.post(
        url("outcome", appointment.client, appointment.uuid),
        {"outcome": value, "version": appointment.version},
    )


def day_of(browser, client) -> str:
    """What waits in the file, as *Mein Tag* shows it below the person's row."""
    return browser.get(reverse("file_reports:due", args=[client.uuid])).content.decode()


def planned(client, by, start: str, made: str) -> Appointment:
    begin = at(start)
    appointment = Appointment(client=client, starts_at=begin, ends_at=begin + datetime.timedelta(minutes=30))
    return plan_appointment(Actor(by, at(made)), appointment, agreed=True)


# A no-show that was a talk in truth


def test_corrected_to_held_the_file_asks_for_a_new_appointment_and_the_answer_settles_it(
    client, by, as_user, clock
):
    missed = no_show(client, by)
    browser = as_user(by)
    clock("2019-02-25 09:00")
    assert outcome(browser, missed, "held").status_code == 302
    row = ladder(client)
    assert (row.end_reason, row.ended_at) == (EndReason.CORRECTED, at("2019-02-25 09:00"))
    assert asked_from(client) == datetime.date(2019, 2, 24)
    assert "Seit 21.02. gibt es Kontakt. Ist ein neuer Termin nötig?" in page(browser, client)
    assert QUESTION in day_of(browser, client)
    browser.post(ladder_url("answer", client, row.uuid), {"answer": "none_needed"})
    assert QUESTION not in day_of(browser, client)
    assert "Ist ein neuer Termin nötig?" not in page(browser, client)


def test_the_second_no_show_corrected_to_held_ends_the_ladder_on_the_day_of_the_talk(
    client, by, as_user, clock
):
    no_show(client, by)
    second = no_show(client, by, "2019-02-28 10:00", excuse=Excuse.UNDECIDED)
    browser = as_user(by)
    clock("2019-03-04 09:00")
    outcome(browser, second, "held")
    (row,) = ladders(client)
    assert (row.end_reason, row.ended_at) == (EndReason.TWO_WAY, at("2019-02-28 10:00"))
    assert "Seit 28.02. gibt es Kontakt." in page(browser, client)
    assert QUESTION in day_of(browser, client)


def test_the_first_corrected_to_held_the_later_one_begins_its_own_way_back(client, by, as_user, clock):
    # Made before the talk, so it is no answer to the question after it.
    second = planned(client, by, "2019-02-28 10:00", made="2019-02-20 10:00")
    first = no_show(client, by)
    letter(client, by)
    record_outcome(Actor(by, at("2019-02-28 18:00")), second, "no_show", excuse=Excuse.UNDECIDED)
    browser = as_user(by)
    clock("2019-03-01 09:00")
    assert "auf Arabisch" in page(browser, client)
    clock("2019-03-04 09:00")
    outcome(browser, first, "held")
    assert [(row.t0, row.end_reason, row.stage) for row in ladders(client)] == [
        (at("2019-02-21 10:00"), EndReason.CORRECTED, Stage.ENDED),
        (at("2019-02-28 10:00"), "", Stage.STEP1),
    ]
    text = page(browser, client)
    assert "Anlass: Termin am 28.02. versäumt" in text
    # Fallen back from the second step: the window starts on Monday, 4 March.
    assert "bis Mittwoch, 06.03." in text
    assert "auf Arabisch" not in text[text.index('class="ladder"') : text.index("Warum jetzt")]
    assert "Am 21.02. gab es Kontakt. Ist ein neuer Termin nötig?" in text
    assert QUESTION in day_of(browser, client)


def test_a_question_asked_again_after_a_correction_can_be_answered_again(client, by, as_user, clock):
    no_show(client, by)
    wrong = talk(client, by, "2019-02-26 10:00")
    browser = as_user(by)
    clock("2019-02-27 09:00")
    browser.post(ladder_url("answer", client, ladder(client).uuid), {"answer": "none_needed"})
    wrong.result, wrong.spoken_with = "not_reached", "nobody"
    correct_contact(Actor(by, at("2019-03-04 09:00")), wrong, expected_version=wrong.version)
    assert ladder(client).ended_at is None
    talk(client, by, "2019-03-06 10:00")
    clock("2019-03-11 09:00")
    assert QUESTION in day_of(browser, client)
    browser.post(ladder_url("answer", client, ladder(client).uuid), {"answer": "none_needed"})
    assert QUESTION not in day_of(browser, client)


# Fast lane


def test_an_appointment_without_outcome_leaves_the_announced_visit_announced(client, by, as_user, clock):
    no_show(client, by, "2019-01-17 10:00")
    talk(client, by, "2019-01-28 10:00")
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-22 09:00")
    planned(client, by, "2019-02-26 10:00", made="2019-02-22 09:00")
    clock("2019-02-25 09:00")
    fill(browser, ladder_url("announce", client), day="2019-02-28", channel="letter")
    clock("2019-02-27 09:00")
    text = page(browser, client)
    assert "angekündigt für 28.02." in text
    assert "bis Donnerstag, 07.03." in text
    contact(client, by, "2019-02-28 10:00", Channel.HOME_VISIT, "not_met", spoken_with="nobody")
    assert ladder(client).stage == Stage.VISIT2


# After a pause


def test_after_a_pause_the_last_attempt_is_due_ten_working_days_after_the_resume(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-12 08:00")
    fill(browser, ladder_url("announce", client), day="2019-03-18", channel="letter")
    nobody = {"spoken_with": "nobody"}
    contact(client, by, "2019-03-18 10:00", Channel.HOME_VISIT, "not_met", **nobody)
    contact(client, by, "2019-03-28 17:30", Channel.HOME_VISIT, "not_met_card", **nobody)
    for phase, on in (("paused", "2019-07-01"), ("active", "2019-07-15")):
        clock(f"{on} 08:00")
        client.refresh_from_db()
        set_phase(Actor(by), client, phase, on=timezone.localdate())
    row = ladder(client)
    assert (row.stage, due_on(client)) == (Stage.RECHECK, datetime.date(2019, 7, 29))
    assert "bis Montag, 29.07." in page(browser, client)


# The step it stood at


def test_an_accepted_excuse_keeps_the_step_the_ladder_had_come_to(client, by, as_user, clock):
    no_show(client, by, "2019-01-17 10:00")
    talk(client, by, "2019-01-28 10:00")
    missed = no_show(client, by)
    clock("2019-02-26 09:00")
    outcome(as_user(by), missed, "excused")
    row = ladder(client)
    assert (row.end_reason, row.reached) == (EndReason.EXCUSED, Stage.VISIT)


# A contact without a time


def test_a_talk_logged_without_a_time_is_in_force_at_once_and_shows_no_hour(client, by, as_user, clock):
    clock("2019-02-21 08:30")
    browser = as_user(by)
    assert logged(browser, client, time="").status_code == 302
    stored = Contact.objects.get(client=client)
    assert (stored.has_time, stored.happened_at) == (False, at("2019-02-21 23:59:59.999999"))
    no_show(client, by)
    clock("2019-02-21 17:00")
    # It counts as the end of its day, so it came after the appointment of ten o'clock.
    assert ladder(client).end_reason == EndReason.TWO_WAY
    text = page(browser, client)
    assert "23:59" not in text
    assert "Kontakt aufnehmen" in text


def test_a_letter_logged_without_a_time_is_the_step_at_once(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    browser = as_user(by)
    response = logged(browser, client, channel="letter", result="sent", main_topic="", time="")
    assert response.status_code == 302
    assert ladder(client).stage == Stage.STEP2
    assert "ab 01.03." in page(browser, client)


def test_an_untimed_call_shows_no_hour_in_the_steps(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    browser = as_user(by)
    logged(browser, client, channel="phone", result="not_reached", main_topic="", time="")
    assert ladder(client).stage == Stage.STEP2
    assert "23:59" not in page(browser, client)


# The answer "new appointment"


@pytest.mark.parametrize("value", ["cancelled_client", "cancelled_us"])
def test_a_cancelled_appointment_brings_the_question_back(client, by, as_user, clock, value):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    browser = as_user(by)
    clock("2019-02-26 10:30")
    appointment = planned(client, by, "2019-03-14 10:00", made="2019-02-26 10:30")
    clock("2019-03-01 09:00")
    assert QUESTION not in day_of(browser, client)
    assert outcome(browser, appointment, value).status_code == 302
    appointment.refresh_from_db()
    assert appointment.state in AppointmentState.values
    assert QUESTION in day_of(browser, client)
    assert "Ist ein neuer Termin nötig?" in page(browser, client)


def test_an_appointment_made_before_the_talk_is_no_answer(client, by, as_user, clock):
    no_show(client, by)
    planned(client, by, "2019-03-14 10:00", made="2019-02-25 10:00")
    talk(client, by, "2019-02-26 10:00")
    clock("2019-03-01 09:00")
    assert QUESTION in day_of(as_user(by), client)


def test_the_next_date_made_in_the_same_breath_as_an_untimed_talk_is_the_answer(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-26 10:30")
    browser = as_user(by)
    response = logged(
        browser,
        client,
        time="",
        next_on="2019-03-14",
        next_at="10:00",
        next_minutes="45",
        next_channel="office",
        next_interpreter="none",
        next_agreed="on",
    )
    assert response.status_code == 302, response.context["form"].errors
    assert Appointment.objects.filter(client=client, state="planned").count() == 1
    assert asked_from(client) is None
    clock("2019-03-01 09:00")
    assert QUESTION not in day_of(browser, client)
    assert Ladder.objects.get(client=client).end_reason == EndReason.TWO_WAY


def test_calls_logged_with_their_hour_still_show_it(client, by, as_user, clock):
    no_show(client, by)
    call(client, by, "2019-02-22 09:15")
    clock("2019-02-22 10:00")
    assert "22.02. um 09:15" in page(as_user(by), client)
