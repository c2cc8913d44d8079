"""The steps of the ladder: what counts, when, and what is due."""

import pytest

from appointments.choices import Channel, Result, SpokenWith
from clients.rules.reach_periods import Kind
from outreach.choices import Stage
from outreach.rules import Action, LadderPolicy
from tests.outreach.story import Story, day, letter_and_call, missed, visited_once, visited_twice

# The story of the look: letter, call, visit, second visit


def test_after_a_letter_the_other_way_waits_five_working_days_and_is_due_three_later():
    view = missed().letter("2019-02-22 09:00").view("2019-02-22")
    assert (view.stage, view.action) == (Stage.STEP2, Action.CALL)
    assert (view.not_before, view.due_on) == (day("2019-03-01"), day("2019-03-06"))
    assert view.early


def test_after_a_call_the_other_way_waits_one_working_day():
    view = missed().call("2019-02-22 09:00").view("2019-02-22")
    assert (view.stage, view.action) == (Stage.STEP2, Action.LETTER)
    assert (view.not_before, view.due_on) == (day("2019-02-25"), day("2019-02-28"))


def test_after_two_attempts_the_visit_is_due_and_says_when_to_announce_it():
    view = letter_and_call().view("2019-03-14")
    assert (view.stage, view.action) == (Stage.VISIT, Action.VISIT)
    assert (view.not_before, view.due_on) == (day("2019-03-07"), day("2019-03-18"))
    assert (view.announce_by, view.act_on) == (day("2019-03-14"), day("2019-03-14"))


def test_after_the_announcement_the_visit_itself_is_due():
    view = letter_and_call().announce("2019-03-12", "2019-03-15").view("2019-03-14")
    assert (view.announce_by, view.announced_on, view.visit_on) == (
        None,
        day("2019-03-12"),
        day("2019-03-15"),
    )
    assert view.act_on == day("2019-03-18")


def test_after_the_first_visit_the_second_waits_three_days_and_is_due_after_fourteen():
    view = visited_once().view("2019-03-18")
    assert (view.stage, view.action) == (Stage.VISIT2, Action.SECOND_VISIT)
    assert (view.not_before, view.due_on) == (day("2019-03-21"), day("2019-04-01"))


def test_after_the_card_the_decision_is_proposed_fourteen_days_later():
    waiting, proposed = visited_twice().view("2019-03-29"), visited_twice().view("2019-04-11")
    assert (waiting.stage, waiting.action) == (Stage.UNREACHABLE, Action.WAIT)
    assert (proposed.action, proposed.due_on) == (Action.DECIDE, day("2019-04-11"))


def test_ninety_days_after_the_card_one_more_attempt_follows():
    before, after = visited_twice().view("2019-06-25"), visited_twice().view("2019-06-26")
    assert before.stage == Stage.UNREACHABLE
    assert (after.stage, after.action) == (Stage.RECHECK, Action.TRY_AGAIN)
    assert (after.not_before, after.due_on) == (day("2019-06-26"), day("2019-07-10"))


@pytest.mark.parametrize("attempt", ["letter", "call", "visit"])
def test_five_working_days_after_that_attempt_closing_is_proposed_and_stays_proposed(attempt):
    story = getattr(visited_twice(), attempt)("2019-06-27 10:00")
    assert story.view("2019-07-03").action == Action.WAIT
    proposed, later = story.view("2019-07-04"), story.view("2019-12-02")
    assert proposed.closing_proposed
    assert later.closing_proposed
    assert not later.is_overdue
    assert later.stage == Stage.RECHECK


def test_there_is_no_loop_after_the_recheck():
    story = (
        visited_twice()
        .call("2019-06-27 10:00")
        .letter("2019-08-01")
        .call("2019-08-20")
        .visit("2019-09-09 17:30", card=True)
    )
    assert story.view("2019-10-01").closing_proposed


def test_an_attempt_before_the_recheck_date_is_no_recheck():
    assert visited_twice().call("2019-06-25 10:00").view("2019-06-27").action == Action.TRY_AGAIN


# Time alone


def test_time_alone_never_advances_a_stage():
    for story, stage in (
        (missed(), Stage.STEP1),
        (missed().letter("2019-02-22"), Stage.STEP2),
        (letter_and_call(), Stage.VISIT),
        (visited_once(), Stage.VISIT2),
    ):
        view = story.view("2020-02-03")
        assert (view.stage, view.is_overdue) == (stage, True)


def test_due_today_is_not_overdue_and_the_day_after_is():
    assert not missed().view("2019-02-25").is_overdue
    assert missed().view("2019-02-26").is_overdue


# What is no step


@pytest.mark.parametrize(
    "flaw",
    [
        {"address_valid": False},
        {"language_ok": False},
        {"spoken_with": SpokenWith.THIRD_PARTY},
        {"spoken_with": SpokenWith.INTERPRETER_ONLY, "result": Result.TALK},
    ],
)
def test_an_attempt_that_does_not_count_is_no_step(flaw):
    assert missed().call("2019-02-22 09:00", **flaw).view("2019-02-22").stage == Stage.STEP1


def test_an_attempt_answered_by_a_neighbour_is_a_step():
    story = missed().call("2019-02-22 09:00", spoken_with=SpokenWith.RELATIVE, result=Result.TALK)
    view = story.view("2019-02-22")
    assert (view.stage, view.is_open) == (Stage.STEP2, True)


def test_an_attempt_before_t0_is_no_step():
    assert missed().letter("2019-02-20").view("2019-02-22").stage == Stage.STEP1


def test_an_attempt_before_not_before_is_an_attempt_but_no_step():
    story = missed().letter("2019-02-22 09:00").call("2019-02-28 10:00")
    view = story.view("2019-02-28")
    assert (view.stage, len(view.attempts), len(view.steps)) == (Stage.STEP2, 2, 1)
    assert story.call("2019-03-01 10:00").view("2019-03-01").stage == Stage.VISIT


def test_the_same_way_again_is_no_second_step_while_the_other_is_usable():
    assert missed().letter("2019-02-22").letter("2019-03-04").view("2019-03-04").stage == Stage.STEP2


def test_with_one_usable_way_the_same_again_is_the_second_step():
    story = missed(phone=False).letter("2019-02-22")
    assert story.view("2019-02-22").action == Action.LETTER
    assert story.letter("2019-03-04").view("2019-03-04").stage == Stage.VISIT


def test_with_only_a_phone_the_second_call_is_the_second_step():
    story = missed(letter=False).call("2019-02-22 09:00")
    assert story.view("2019-02-22").action == Action.CALL
    assert story.call("2019-02-25 09:00").view("2019-02-25").stage == Stage.VISIT


@pytest.mark.parametrize(
    ("channel", "waits_until"),
    [
        (Channel.NOTE, "2019-03-01"),
        (Channel.EMAIL, "2019-03-01"),
        (Channel.MESSAGE, "2019-02-25"),
        (Channel.VIDEO, "2019-02-25"),
    ],
)
def test_notes_and_mail_are_letters_and_messages_and_video_are_calls(channel, waits_until):
    view = missed().contact(channel, "2019-02-22", result=Result.SENT).view("2019-02-22")
    assert view.not_before == day(waits_until)


def test_someone_who_reads_no_script_is_called_twice():
    story = missed().holds(Kind.READS_NO_SCRIPT, "2018-01-02")
    assert story.view("2019-02-21").action == Action.CALL
    story.call("2019-02-22 09:00")
    assert story.view("2019-02-22").action == Action.CALL
    assert story.call("2019-02-25 09:00").view("2019-02-25").stage == Stage.VISIT


def test_an_office_hour_nobody_came_to_is_no_step():
    story = missed().contact(
        Channel.OPEN_HOUR, "2019-02-22", result=Result.NOT_REACHED, spoken_with=SpokenWith.NOBODY
    )
    assert story.view("2019-02-22").stage == Stage.STEP1


# The visit


def test_an_unannounced_visit_is_no_step():
    assert letter_and_call().visit("2019-03-18 10:00").view("2019-03-18").stage == Stage.VISIT


def test_a_visit_announced_less_than_two_working_days_before_is_no_step():
    late = letter_and_call().announce("2019-03-15").visit("2019-03-18 10:00")
    in_time = letter_and_call().announce("2019-03-14").visit("2019-03-18 10:00")
    assert late.view("2019-03-18").stage == Stage.VISIT
    assert in_time.view("2019-03-18").stage == Stage.VISIT2


def test_a_visit_before_the_announced_day_is_unannounced():
    story = letter_and_call().announce("2019-03-12", "2019-03-18").visit("2019-03-15 10:00")
    assert story.view("2019-03-15").stage == Stage.VISIT


def test_the_policy_may_switch_announcing_off():
    story = letter_and_call(policies=(LadderPolicy(visit_announced=False),))
    assert story.view("2019-03-14").announce_by is None
    assert story.visit("2019-03-18 10:00").view("2019-03-18").stage == Stage.VISIT2


def test_an_agreed_visit_is_announced_by_being_agreed():
    story = letter_and_call().agreed(
        "V", "2019-03-18 10:00", channel=Channel.HOME_VISIT, recorded="2019-03-13"
    )
    story.outcome("V", "not_met", recorded="2019-03-18 11:00")
    assert story.view("2019-03-18").stage == Stage.VISIT2


def test_a_visit_before_not_before_is_no_step():
    assert (
        letter_and_call().announce("2019-03-01").visit("2019-03-06 10:00").view("2019-03-06").stage
        == Stage.VISIT
    )


def test_the_visit_answered_by_a_neighbour_counts_and_does_not_end_the_ladder():
    story = letter_and_call().announce("2019-03-12")
    view = story.visit("2019-03-18 10:00", spoken_with=SpokenWith.RELATIVE, result=Result.TALK).view(
        "2019-03-18"
    )
    assert (view.stage, view.is_open) == (Stage.VISIT2, True)


@pytest.mark.parametrize(
    ("when", "card", "stage"),
    [
        ("2019-03-28 17:00", True, Stage.UNREACHABLE),
        ("2019-03-28 12:00", True, Stage.UNREACHABLE),
        ("2019-03-28 11:59", True, Stage.VISIT2),
        ("2019-03-28 17:00", False, Stage.VISIT2),
        ("2019-03-20 17:00", True, Stage.VISIT2),
        ("2019-03-21 17:00", True, Stage.UNREACHABLE),
    ],
)
def test_the_second_visit_needs_three_days_another_part_of_the_day_and_a_card(when, card, stage):
    assert visited_once().visit(when, card=card).view("2019-03-29").stage == stage


def test_the_safety_note_says_only_in_pairs():
    assert letter_and_call().holds(Kind.ONLY_IN_PAIRS, "2018-11-12").view("2019-03-14").only_in_pairs


# Clarify


def test_without_any_usable_way_the_step_is_to_clarify_with_its_dates():
    view = missed(letter=False, phone=False).view("2019-02-22")
    assert (view.stage, view.clarify, view.action) == (Stage.STEP1, True, Action.CLARIFY)
    assert view.due_on == day("2019-02-25")


def test_found_starts_the_window_that_day():
    story = missed(letter=False, phone=False).holds(Kind.PHONE, "2019-03-05").found("2019-03-05")
    view = story.view("2019-03-05")
    assert (view.stage, view.clarify, view.due_on) == (Stage.STEP1, False, day("2019-03-07"))


def test_nothing_found_leads_to_the_visit_counting_from_that_day():
    view = missed(letter=False, phone=False).nothing_found("2019-03-04").view("2019-03-04")
    assert (view.stage, view.not_before, view.due_on) == (Stage.VISIT, day("2019-03-07"), day("2019-03-18"))


def test_nothing_found_without_accommodation_leads_to_unreachable():
    view = (
        missed(letter=False, phone=False, accommodation=False).nothing_found("2019-03-28").view("2019-03-28")
    )
    assert (view.stage, view.not_before) == (Stage.UNREACHABLE, day("2019-04-11"))


def test_a_visit_without_known_accommodation_is_to_clarify():
    story = letter_and_call(accommodation=False)
    assert story.view("2019-03-14").action == Action.CLARIFY
    assert story.nothing_found("2019-03-15").view("2019-03-15").stage == Stage.UNREACHABLE


def test_the_second_visit_without_known_accommodation_is_to_clarify():
    story = Story(accommodation=False).holds(Kind.ACCOMMODATION, "2017-01-02", "2019-03-20")
    story.no_show("A", "2019-02-21 10:00").letter("2019-02-22 09:00").call("2019-03-04 10:20")
    story.announce("2019-03-12").visit("2019-03-18 10:00")
    assert story.view("2019-03-20").action == Action.SECOND_VISIT
    assert story.view("2019-03-21").action == Action.CLARIFY


def test_clarifying_counts_only_where_there_is_something_to_clarify():
    assert missed().nothing_found("2019-02-22").view("2019-02-22").stage == Stage.STEP1


def test_a_number_that_ran_out_is_not_usable_any_more():
    story = Story(phone=False).holds(Kind.PHONE, "2017-01-02", "2019-02-28").no_show("A", "2019-02-21 10:00")
    story.letter("2019-02-22 09:00")
    assert story.view("2019-02-28").action == Action.CALL
    assert story.view("2019-03-01").action == Action.LETTER


# Wants no home visits


def test_who_wants_no_home_visits_gets_one_letter_and_no_second_visit():
    story = letter_and_call().holds(Kind.NO_HOME_VISITS, "2018-01-02")
    view = story.view("2019-03-14")
    assert (view.stage, view.action, view.due_on) == (Stage.VISIT, Action.LETTER, day("2019-03-18"))
    after = story.letter("2019-03-15 10:00").view("2019-03-15")
    assert (after.stage, after.not_before) == (Stage.UNREACHABLE, day("2019-03-29"))


def test_the_letter_is_a_call_if_letters_are_unusable():
    story = (
        letter_and_call().holds(Kind.NO_HOME_VISITS, "2018-01-02").holds(Kind.READS_NO_SCRIPT, "2019-03-05")
    )
    assert story.view("2019-03-14").action == Action.CALL
    assert story.call("2019-03-15 10:00").view("2019-03-15").stage == Stage.UNREACHABLE


def test_a_visit_against_the_wish_is_no_step():
    story = letter_and_call().holds(Kind.NO_HOME_VISITS, "2018-01-02").announce("2019-03-12")
    assert story.visit("2019-03-18 10:00").view("2019-03-18").stage == Stage.VISIT


def test_the_wish_said_after_the_first_visit_makes_it_stand_for_the_second():
    view = visited_once().holds(Kind.NO_HOME_VISITS, "2019-03-20").view("2019-03-20")
    assert (view.stage, view.not_before, view.due_on) == (
        Stage.UNREACHABLE,
        day("2019-04-01"),
        day("2019-04-01"),
    )


def test_a_visit_on_the_morning_of_the_day_the_wish_was_said_still_counted():
    story = visited_once().holds(Kind.NO_HOME_VISITS, "2019-03-18", recorded="2019-03-18 15:00")
    assert story.view("2019-03-18").stage == Stage.UNREACHABLE


def test_the_recheck_of_someone_who_wants_no_visits_is_no_visit():
    story = visited_twice().holds(Kind.NO_HOME_VISITS, "2019-04-02").visit("2019-06-27 10:00")
    assert story.view("2019-06-27").action == Action.TRY_AGAIN


# Suspended


def test_while_paused_there_are_no_dates_and_the_stage_stays():
    view = letter_and_call().pause("2019-03-06").view("2019-03-14")
    assert (view.stage, view.suspended, view.is_overdue) == (Stage.VISIT, True, False)
    assert (view.not_before, view.due_on, view.announce_by) == (None, None, None)


@pytest.mark.parametrize(
    ("story", "not_before", "due"),
    [
        (missed, "2019-06-03", "2019-06-05"),
        (lambda: missed().letter("2019-02-22"), "2019-06-11", "2019-06-14"),
        (letter_and_call, "2019-06-06", "2019-06-18"),
        (visited_once, "2019-06-06", "2019-06-17"),
        (visited_twice, "2019-06-17", "2019-06-17"),
    ],
)
def test_on_resume_the_present_window_counts_from_that_day(story, not_before, due):
    view = story().pause("2019-04-08").resume("2019-06-03").view("2019-06-03")
    assert (view.not_before, view.due_on) == (day(not_before), day(due))


def test_the_ninety_days_count_from_the_resume_too():
    story = visited_twice().pause("2019-04-08").resume("2019-06-03")
    assert story.view("2019-08-31").stage == Stage.UNREACHABLE
    view = story.view("2019-09-01")
    assert (view.stage, view.not_before) == (Stage.RECHECK, day("2019-09-01"))


def test_the_recheck_stays_after_a_pause_and_its_attempt_is_due_ten_working_days_after_the_resume():
    story = visited_twice().pause("2019-07-01").resume("2019-07-15")
    view = story.view("2019-07-15")
    assert (view.stage, view.action) == (Stage.RECHECK, Action.TRY_AGAIN)
    assert (view.not_before, view.due_on, view.recheck_on) == (
        day("2019-07-15"),
        day("2019-07-29"),
        day("2019-07-15"),
    )
    assert story.call("2019-07-16 10:00").view("2019-07-23").closing_proposed


def test_a_search_that_brought_a_number_starts_the_window_of_the_recheck():
    story = visited_twice()
    for kind in (Kind.PHONE, Kind.LETTER, Kind.ACCOMMODATION):
        story.no_longer(kind, "2019-05-02 09:00")
    assert story.view("2019-06-27").action == Action.CLARIFY
    view = story.holds(Kind.PHONE, "2019-07-03").found("2019-07-03").view("2019-07-03")
    assert (view.not_before, view.due_on) == (day("2019-07-03"), day("2019-07-17"))


@pytest.mark.parametrize("said", ["2019-03-20", "2019-05-02", "2019-06-05"])
def test_the_wish_against_visits_counts_from_the_resume_whenever_it_was_said(said):
    story = visited_once().pause("2019-04-08").resume("2019-06-03").holds(Kind.NO_HOME_VISITS, said)
    view = story.view("2019-06-05")
    assert (view.stage, view.not_before) == (Stage.UNREACHABLE, day("2019-06-17"))
    assert view.recheck_on == day("2019-09-01")


def test_an_attempt_in_a_paused_phase_is_no_step():
    assert (
        missed().pause("2019-02-22 08:00").letter("2019-02-25").resume("2019-03-04").view("2019-03-04").stage
        == Stage.STEP1
    )


def test_two_way_contact_ends_a_suspended_ladder_too():
    assert not missed().pause("2019-02-22 08:00").talk("2019-02-25").view("2019-02-25").is_open


# Postponing


def test_postponing_sets_a_later_due_date_moved_to_a_working_day():
    view = missed().postpone("2019-02-22", "2019-03-02").view("2019-02-22")
    assert (view.due_on, view.postponed_to) == (day("2019-03-04"), day("2019-03-02"))


def test_postponing_lapses_with_the_step():
    view = missed().postpone("2019-02-22", "2019-04-01").letter("2019-02-25").view("2019-02-25")
    assert (view.due_on, view.postponed_to) == (day("2019-03-07"), None)


def test_postponing_to_an_earlier_day_changes_nothing():
    assert letter_and_call().postpone("2019-03-05", "2019-03-08").view("2019-03-05").due_on == day(
        "2019-03-18"
    )


def test_due_dates_move_to_the_next_working_day_and_not_before_does_not():
    story = visited_once().visit("2019-04-05 17:30", card=True)
    view = story.view("2019-04-06")
    assert (view.not_before, view.due_on) == (day("2019-04-19"), day("2019-04-23"))
