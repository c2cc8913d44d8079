"""What opens an outreach ladder, what joins one, and what opens nothing."""

from dataclasses import replace

import pytest

from appointments.choices import AppointmentState, Channel, Excuse, Result, SpokenWith
from outreach.choices import Stage, Trigger
from outreach.rules import Action, LadderPolicy
from outreach.rules.facts import miss_trigger
from tests.outreach.story import Story, day, missed, moment

# No-show


@pytest.mark.parametrize("excuse", [Excuse.UNEXCUSED, Excuse.UNDECIDED])
def test_an_unexcused_or_undecided_no_show_of_an_agreed_appointment_opens_the_ladder(excuse):
    view = Story().no_show("A", "2019-02-21 10:00", excuse=excuse).view("2019-02-21")
    assert (view.trigger, view.stage, view.key) == (Trigger.NO_SHOW, Stage.STEP1, "appointment:A")
    assert view.t0 == moment("2019-02-21 10:00")
    assert view.due_on == day("2019-02-25")
    assert view.action == Action.LETTER_OR_CALL


def test_a_missed_date_set_by_letter_is_a_missed_invitation():
    assert miss_trigger(agreed=True) == Trigger.NO_SHOW
    assert miss_trigger(agreed=False) == Trigger.MISSED_INVITATION


def test_an_excused_no_show_opens_nothing():
    assert Story().no_show("A", "2019-02-21 10:00", excuse=Excuse.EXCUSED).views("2019-03-01") == ()


def test_an_appointment_without_outcome_triggers_nothing():
    assert Story().agreed("A", "2019-02-21 10:00").views("2019-03-01") == ()


@pytest.mark.parametrize(
    "state", [AppointmentState.CANCELLED_CLIENT, AppointmentState.CANCELLED_US, AppointmentState.MOVED]
)
def test_a_cancelled_or_moved_appointment_triggers_nothing(state):
    story = Story().agreed("A", "2019-02-21 10:00").outcome("A", state, recorded="2019-02-21 09:00")
    assert story.views("2019-03-01") == ()


def test_a_home_visit_that_met_nobody_triggers_nothing():
    story = Story().agreed("A", "2019-02-21 10:00", channel=Channel.HOME_VISIT)
    assert story.outcome("A", AppointmentState.NOT_MET, recorded="2019-02-21 11:00").views("2019-03-01") == ()


def test_a_no_show_recorded_late_is_dated_from_t0_and_overdue_at_once():
    view = Story().no_show("A", "2019-02-21 10:00", recorded="2019-03-05 09:00").view("2019-03-05")
    assert view.due_on == day("2019-02-25")
    assert view.is_overdue


def test_before_it_was_recorded_there_is_no_ladder():
    assert Story().no_show("A", "2019-02-21 10:00", recorded="2019-03-05 09:00").views("2019-03-04") == ()


def test_a_second_no_show_joins_the_open_ladder_and_keeps_its_t0():
    view = missed().no_show("B", "2019-03-01 10:00", excuse=Excuse.UNDECIDED).view("2019-03-02")
    assert view.keys == {"appointment:A", "appointment:B"}
    assert view.t0_day == day("2019-02-21")
    assert len(missed().no_show("B", "2019-03-01 10:00", excuse=Excuse.UNDECIDED).views("2019-03-02")) == 1


def test_a_new_appointment_alone_ends_nothing():
    assert missed().agreed("B", "2019-03-20 10:00", recorded="2019-02-22").view("2019-03-01").is_open


# Age, own file, phase


@pytest.mark.parametrize(("born", "opens"), [("2003-02-21", True), ("2003-02-22", False)])
def test_own_files_from_age_16_judged_on_t0(born, opens):
    assert bool(missed(born_on=day(born)).views("2019-03-30")) is opens


def test_an_unknown_birth_date_is_an_adult():
    assert missed(born_on=None).views("2019-02-21")


def test_a_miss_before_there_was_an_own_file_opens_nothing():
    assert missed(own_file_since=day("2019-02-22")).views("2019-03-01") == ()


def test_a_closed_phase_opens_nothing():
    assert Story().close("2019-02-01").no_show("A", "2019-02-21 10:00").views("2019-03-01") == ()


def test_a_paused_phase_opens_suspended():
    view = Story().pause("2019-02-01").no_show("A", "2019-02-21 10:00").view("2019-03-01")
    assert view.suspended
    assert (view.not_before, view.due_on, view.action) == (None, None, None)


# First contact


def test_taking_the_file_opens_first_contact_from_midnight_with_ten_working_days():
    view = Story().take("2019-03-01 14:00").view("2019-03-01")
    assert (view.trigger, view.stage) == (Trigger.FIRST_CONTACT, Stage.STEP1)
    assert view.t0 == moment("2019-03-01 00:00")
    assert view.due_on == day("2019-03-15")


def test_a_talk_on_the_morning_of_the_taking_ends_it():
    assert not Story().talk("2019-03-01 09:00").take("2019-03-01 14:00").view("2019-03-01").is_open


def test_only_the_first_taking_of_a_counselling_period_opens():
    story = Story().take("2019-03-01 14:00").talk("2019-03-04 10:00").take("2019-06-03 10:00")
    assert len(story.views("2019-07-01")) == 1


def test_an_earlier_two_way_contact_in_the_period_opens_nothing():
    assert Story().talk("2019-02-20").take("2019-03-01 14:00").views("2019-03-05") == ()


def test_an_earlier_attempt_does_not_keep_it_from_opening():
    assert Story().letter("2019-02-20").take("2019-03-01 14:00").view("2019-03-05").is_open


def test_a_reopened_counselling_is_a_new_period():
    story = Story().take("2018-03-01 14:00").talk("2018-03-05").close("2018-12-03")
    story.resume("2019-03-01 09:00").take("2019-03-01 14:00")
    views = story.views("2019-03-05")
    assert [view.is_open for view in views] == [False, True]


def test_closing_on_the_morning_of_a_new_taking_does_not_end_the_new_ladder():
    story = Story().close("2019-03-01 08:00").resume("2019-03-01 09:00").take("2019-03-01 14:00")
    assert story.view("2019-03-05").is_open


def test_a_no_show_joins_a_first_contact_ladder():
    view = Story().take("2019-03-01 14:00").no_show("A", "2019-03-08 10:00").view("2019-03-10")
    assert view.trigger == Trigger.FIRST_CONTACT
    assert "appointment:A" in view.keys


def test_a_taking_while_a_ladder_is_open_opens_no_second_one():
    views = missed().take("2019-03-01 14:00").views("2019-03-05")
    assert [view.key for view in views] == ["appointment:A"]


# Missed invitation


def invited(**letter) -> Story:
    story = Story().letter("2019-02-11 09:00", ref="letter", **letter)
    return story.invited("I", "2019-02-21 10:00", letter="letter", recorded="2019-02-11 09:00")


def missed_invitation(excuse=Excuse.UNDECIDED, **letter) -> Story:
    return invited(**letter).outcome(
        "I", AppointmentState.NO_SHOW, excuse=excuse, recorded="2019-02-21 18:00"
    )


def test_a_missed_invitation_opens_at_step_2_with_its_letter_as_first_attempt():
    view = missed_invitation().view("2019-02-21")
    assert (view.trigger, view.stage) == (Trigger.MISSED_INVITATION, Stage.STEP2)
    assert view.step(Stage.STEP1).contact.ref == "letter"
    assert view.action == Action.CALL


def test_its_second_step_waits_for_the_letter_and_for_the_working_day_after_the_date():
    view = missed_invitation().view("2019-02-21")
    assert (view.not_before, view.due_on) == (day("2019-02-22"), day("2019-02-27"))


def test_a_short_invitation_waits_for_five_working_days_after_the_letter():
    story = Story().letter("2019-02-19 09:00", ref="letter")
    story.invited("I", "2019-02-21 10:00", letter="letter", recorded="2019-02-19 09:00")
    view = story.outcome("I", AppointmentState.NO_SHOW, recorded="2019-02-21 18:00").view("2019-02-21")
    assert view.not_before == day("2019-02-26")


@pytest.mark.parametrize(
    "flaw", [{"language_ok": False}, {"address_valid": False}, {"returned_at": moment("2019-02-15")}]
)
def test_if_the_letter_does_not_count_it_opens_at_step_1(flaw):
    view = missed_invitation(**flaw).view("2019-02-21")
    assert view.stage == Stage.STEP1
    assert view.due_on == day("2019-02-25")


def test_an_excused_invitation_opens_nothing():
    assert missed_invitation(excuse=Excuse.EXCUSED).views("2019-03-01") == ()


def test_after_a_two_way_contact_between_letter_and_date_nothing_opens():
    assert missed_invitation().talk("2019-02-14 10:00").views("2019-03-01") == ()


def test_a_two_way_contact_before_the_letter_does_not_keep_it_from_opening():
    assert missed_invitation().talk("2019-02-10 10:00").view("2019-03-01").is_open


def test_a_missed_invitation_joins_an_open_ladder():
    story = Story().no_show("A", "2019-02-07 10:00").letter("2019-02-11 09:00", ref="letter")
    story.invited("I", "2019-02-21 10:00", letter="letter", recorded="2019-02-11 09:00")
    story.outcome("I", AppointmentState.NO_SHOW, recorded="2019-02-21 18:00")
    views = story.views("2019-02-22")
    assert [view.key for view in views] == ["appointment:A"]
    assert views[0].keys == {"appointment:A", "appointment:I"}


def test_a_date_by_letter_that_the_client_confirms_becomes_agreed():
    story = invited().outcome("I", AppointmentState.NO_SHOW, recorded="2019-02-21 18:00")
    confirmed = replace(story.facts.appointments[0], agreed_since=moment("2019-02-13"))
    story.facts = replace(story.facts, appointments=(confirmed,))
    assert story.view("2019-02-21").trigger == Trigger.NO_SHOW


# The invitation letter inside an open ladder


def taken_and_invited() -> Story:
    story = Story().take("2019-02-08 08:00").letter("2019-02-11 09:00", ref="letter")
    return story.invited("I", "2019-02-27 10:00", letter="letter", recorded="2019-02-11 09:00")


def test_a_letter_inviting_to_a_date_holds_step_2_until_the_working_day_after_the_date():
    view = taken_and_invited().view("2019-02-20")
    assert view.stage == Stage.STEP2
    assert (view.not_before, view.due_on) == (day("2019-02-28"), day("2019-03-05"))


def test_a_call_during_the_hold_is_an_attempt_but_no_step():
    view = taken_and_invited().call("2019-02-20 10:00").view("2019-02-20")
    assert view.stage == Stage.STEP2
    assert len(view.attempts) == 2


@pytest.mark.parametrize(
    "state", [AppointmentState.CANCELLED_US, AppointmentState.CANCELLED_CLIENT, AppointmentState.MOVED]
)
def test_a_cancelled_or_moved_invitation_no_longer_holds(state):
    story = taken_and_invited().outcome("I", state, recorded="2019-02-19 10:00")
    assert story.view("2019-02-20").not_before == day("2019-02-18")


@pytest.mark.parametrize("excuse", list(Excuse))
def test_a_past_invitation_holds_until_the_working_day_after_its_date_even_if_excused(excuse):
    story = taken_and_invited()
    story.outcome("I", AppointmentState.NO_SHOW, excuse=excuse, recorded="2019-02-27 11:00")
    view = story.view("2019-02-27 12:00")
    assert (view.stage, view.not_before, view.due_on) == (Stage.STEP2, day("2019-02-28"), day("2019-03-05"))
    assert story.call("2019-02-27 15:00").view("2019-02-27").stage == Stage.STEP2
    assert story.call("2019-02-28 09:00").view("2019-02-28").stage == Stage.VISIT


def test_a_moved_invitation_holds_by_nothing_but_the_letter():
    story = taken_and_invited().outcome("I", AppointmentState.MOVED, recorded="2019-02-19 10:00")
    story.agreed("J", "2019-03-06 10:00", recorded="2019-02-19 10:00")
    assert story.call("2019-02-20 09:00").view("2019-02-20").stage == Stage.VISIT


def test_a_talk_with_a_neighbour_does_not_keep_an_invitation_from_being_missed():
    story = missed_invitation().talk("2019-02-14", spoken_with=SpokenWith.RELATIVE, result=Result.TALK)
    assert story.view("2019-02-22").is_open


def test_the_policy_version_is_the_one_valid_on_t0():
    versions = (
        LadderPolicy(),
        LadderPolicy(version="2019", valid_from=day("2019-02-22"), step1_due_wd=5),
    )
    early = Story(policies=versions).no_show("A", "2019-02-21 10:00").view("2019-03-01")
    late = Story(policies=versions).no_show("A", "2019-02-22 10:00").view("2019-03-01")
    assert (early.policy.version, early.due_on) == ("default", day("2019-02-25"))
    assert (late.policy.version, late.due_on) == ("2019", day("2019-03-01"))
