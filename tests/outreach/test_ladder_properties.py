"""The invariants of the outreach ladder, over generated histories (rules.md §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.rules.calendar import is_working_day
from appointments.choices import AppointmentState, Channel, Direction, Result, SpokenWith
from appointments.rules.contact import LETTER, PHONE, ContactFact, is_attempt, is_two_way
from outreach.choices import EndReason, Stage
from outreach.rules import Action, LadderPolicy, LadderView, StepBy, evaluate
from outreach.rules.facts import (
    AppointmentFact,
    LadderFacts,
    OutcomeFact,
)
from outreach.rules.no_step import why_no_step
from outreach.rules.why import why_now
from tests.outreach.histories import histories, instants, known_by

POLICIES = (
    LadderPolicy(),
    LadderPolicy("2019", date(2019, 2, 4), visit_announced=False, step1_due_wd=3),
    LadderPolicy("here", date(2019, 1, 7), place=1, step1_due_wd=4, fast_lane=False),
)
EXAMPLES = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def two_way_within(facts: LadderFacts, view: LadderView, now: datetime) -> list[ContactFact]:
    """The two-way contacts known at `now` that happened at or after the ladder's t0."""
    return [
        contact
        for contact in facts.contacts
        if is_two_way(contact)
        and contact.recorded_at <= now
        and not (contact.withdrawn_at is not None and contact.withdrawn_at <= now)
        and view.t0 <= contact.happened_at
        and contact.has_come(now)
    ]


@EXAMPLES
@given(histories(), st.lists(instants, min_size=1, max_size=3))
def test_there_is_at_most_one_open_ladder_and_it_is_the_last(facts, moments):
    for now in moments:
        views = evaluate(facts, POLICIES, now)
        assert not any(view.is_open for view in views[:-1])


@EXAMPLES
@given(histories(), instants)
def test_no_visit_before_a_counted_letter_or_call_except_fast_lane_and_unusable_channels(facts, now):
    for view in evaluate(facts, POLICIES, now):
        if view.action in {Action.VISIT, Action.SECOND_VISIT} and not view.fast_lane:
            assert any(
                step.by == StepBy.NOTHING_FOUND
                or (
                    step.contact is not None
                    and step.contact.group in {LETTER, PHONE}
                    and is_attempt(step.contact)
                )
                for step in view.steps
            )


@EXAMPLES
@given(histories(), instants)
def test_no_due_date_lies_on_a_day_off_or_before_the_earliest_day(facts, now):
    for view in evaluate(facts, POLICIES, now):
        if view.due_on is not None:
            assert is_working_day(view.due_on)
            assert view.not_before <= view.due_on
        if view.announce_by is not None:
            assert is_working_day(view.announce_by)


@EXAMPLES
@given(histories(), instants)
def test_nothing_is_proposed_after_a_two_way_contact_within_the_ladder(facts, now):
    for view in evaluate(facts, POLICIES, now):
        if two_way_within(facts, view, now):
            assert not view.is_open
        if not view.is_open:
            assert (view.stage, view.action, view.due_on, view.not_before) == (Stage.ENDED, None, None, None)


@EXAMPLES
@given(histories(), instants)
def test_every_step_has_a_contact_or_a_reason_and_every_end_a_reason(facts, now):
    for view in evaluate(facts, POLICIES, now):
        for step in view.steps:
            assert (step.contact is not None) == (step.by == StepBy.CONTACT)
            assert step.at <= now or (step.contact is not None and step.contact.has_come(now))
        if view.end is not None:
            assert view.end.reason in EndReason.values
            if view.end.reason == EndReason.TWO_WAY:
                assert view.end.contact or view.end.appointment


@EXAMPLES
@given(histories(), instants, st.randoms())
def test_computing_again_in_any_order_gives_the_same(facts, now, random):
    def shuffled(rows):
        rows = list(rows)
        random.shuffle(rows)
        return tuple(rows)

    names = ("contacts", "appointments", "takes", "periods", "acts", "places")
    again = replace(facts, **{name: shuffled(getattr(facts, name)) for name in names})
    assert evaluate(facts, POLICIES, now) == evaluate(again, POLICIES, now)


@EXAMPLES
@given(histories(), instants)
def test_what_is_recorded_later_never_changes_an_earlier_answer(facts, now):
    assert evaluate(known_by(facts, now), POLICIES, now) == evaluate(facts, POLICIES, now)


WAYS = {
    "client page": {"channel": Channel.OFFICE},
    "open hour": {"channel": Channel.OPEN_HOUR},
    "phone step of the ladder": {"channel": Channel.PHONE},
    "visit step of the ladder": {"channel": Channel.HOME_VISIT},
    "letter answered": {"channel": Channel.LETTER, "result": Result.ANSWERED},
    "message received": {"channel": Channel.MESSAGE, "direction": Direction.IN, "result": Result.RECEIVED},
    "joint talk": {"channel": Channel.OFFICE, "spoken_with": SpokenWith.LEGAL_REPRESENTATIVE},
    "drop-in recorded by a colleague later": {"channel": Channel.OPEN_HOUR, "late": True},
}


@EXAMPLES
@given(histories(), instants, st.sampled_from([*WAYS, "appointment outcome"]))
def test_every_way_of_logging_a_two_way_contact_ends_it(facts, now, way):
    at, later = now + timedelta(minutes=1), now + timedelta(days=2)
    if way == "appointment outcome":
        held = AppointmentFact("held", at, now, outcomes=(OutcomeFact(AppointmentState.HELD, at),))
        extended = replace(facts, appointments=(*facts.appointments, held))
    else:
        more = dict(WAYS[way])
        recorded = at + timedelta(days=1) if more.pop("late", False) else at
        extended = replace(facts, contacts=(*facts.contacts, ContactFact("new", at, recorded, **more)))
    before = [view.key for view in evaluate(facts, POLICIES, now) if view.is_open]
    after = {view.key: view for view in evaluate(known_by(extended, later), POLICIES, later)}
    for key in before:
        owners = [view for view in after.values() if key in view.keys]
        assert owners
        assert all(not view.is_open or view.t0 > at for view in owners)


@EXAMPLES
@given(
    histories(),
    instants,
    st.sampled_from([SpokenWith.RELATIVE, SpokenWith.INTERPRETER_ONLY, SpokenWith.THIRD_PARTY]),
)
def test_a_talk_with_a_neighbour_does_not_end_it(facts, now, who):
    facts = known_by(facts, now)
    at = now + timedelta(minutes=1)
    talk = ContactFact("neighbour", at, at, Channel.PHONE, spoken_with=who)
    before = [view.key for view in evaluate(facts, POLICIES, at) if view.is_open]
    extended = replace(facts, contacts=(*facts.contacts, talk))
    assert [view.key for view in evaluate(extended, POLICIES, at) if view.is_open] == before


@EXAMPLES
@given(histories(), instants)
def test_every_attempt_of_a_ladder_is_a_step_or_keeps_its_reason(facts, now):
    for view in evaluate(facts, POLICIES, now):
        steps = [step.contact for step in view.steps if step.contact is not None]
        others = [found.contact for found in view.not_counted]
        assert not set(steps) & set(others)
        assert {*view.attempts} - {*steps, *others} == set()
        with translation.override("de"):
            for attempt in view.attempts:
                assert bool(why_no_step([view], attempt.ref)) is (attempt not in steps)


def corrected_at(facts: LadderFacts, ref: str, state: str, at: datetime) -> LadderFacts:
    """The same history, this appointment's outcome corrected."""
    changed = tuple(
        replace(one, outcomes=(*one.outcomes, OutcomeFact(state, at)), withdrawn_at=None)
        if one.ref == ref
        else one
        for one in facts.appointments
    )
    return replace(facts, appointments=changed)


@EXAMPLES
@given(histories(), instants, st.randoms())
def test_a_no_show_corrected_to_held_opens_nothing_and_leaves_its_ladder(facts, now, random):
    """It never opens, joins none any more, and a talk at its planned start lies in no open ladder."""
    facts = known_by(facts, now)
    missed = [one for one in facts.appointments if one.outcomes and one.planned_start <= now]
    if not missed:
        return
    chosen, at = random.choice(missed), now + timedelta(minutes=1)
    before = evaluate(facts, POLICIES, now)
    after = evaluate(corrected_at(facts, chosen.ref, AppointmentState.HELD, at), POLICIES, at)
    key = f"appointment:{chosen.ref}"
    for view in after:
        if key in view.keys:
            assert not view.is_open
            assert any(key in former.keys for former in before)
        if view.is_open:
            assert view.t0 > chosen.planned_start
            assert all(step.at >= view.t0 or step.stage == Stage.STEP1 for step in view.steps)
    opened = [view for view in before if view.key == key and view.is_open]
    for view in opened:
        (ended,) = [other for other in after if other.key == key]
        assert (ended.end.reason, ended.end.at, ended.reached) == (EndReason.CORRECTED, at, view.reached)


@EXAMPLES
@given(histories(), instants, st.randoms())
def test_corrected_to_held_the_file_stands_as_if_it_had_always_been_so(facts, now, random):
    facts = known_by(facts, now)
    missed = [one for one in facts.appointments if one.outcomes and one.planned_start <= now]
    if not missed:
        return
    chosen, at = random.choice(missed), now + timedelta(minutes=1)
    held = OutcomeFact(AppointmentState.HELD, chosen.outcomes[0].recorded_at)
    always = tuple(
        replace(one, outcomes=(held,), withdrawn_at=None) if one == chosen else one
        for one in facts.appointments
    )
    corrected, straight = (
        [
            (view.key, view.keys, view.t0, view.stage, view.suspended)
            for view in evaluate(history, POLICIES, at)
            if view.is_open
        ]
        for history in (
            corrected_at(facts, chosen.ref, AppointmentState.HELD, at),
            replace(facts, appointments=always),
        )
    )
    assert corrected == straight


@EXAMPLES
@given(histories(), instants)
def test_a_later_appointment_without_outcome_changes_nothing_while_the_fast_lane_is_open(facts, now):
    facts = known_by(facts, now)
    before = [view for view in evaluate(facts, POLICIES, now) if view.is_open and view.fast_lane]
    for view in before:
        start = max(now - timedelta(hours=1), view.fast_lane_misses[1] + timedelta(minutes=1))
        later = AppointmentFact("later", start, now, agreed_since=now)
        again = evaluate(
            replace(facts, appointments=(*facts.appointments, later)), POLICIES, now + timedelta(minutes=1)
        )
        (same,) = [other for other in again if other.is_open]
        assert (same.key, same.stage, same.not_before, same.due_on, same.visit_on) == (
            view.key,
            view.stage,
            view.not_before,
            view.due_on,
            view.visit_on,
        )


@EXAMPLES
@given(histories(), instants)
def test_every_ladder_has_its_sentence_and_names_the_person_once(facts, now):
    with translation.override("de"):
        for view in evaluate(facts, POLICIES, now):
            sentence = why_now(view, "Samira R.")
            assert sentence.count("Samira R.") == 1
            assert sentence.endswith(".")
            assert not sentence.endswith("..")
            assert "–" not in sentence


@EXAMPLES
@given(histories(), instants)
def test_at_most_one_question_is_asked_and_only_about_contact(facts, now):
    asked = [view for view in evaluate(facts, POLICIES, now) if view.question is not None]
    assert len(asked) <= 1
    about_contact = {EndReason.TWO_WAY, EndReason.CORRECTED, EndReason.EXCUSED}
    assert {view.end.reason for view in asked} - about_contact == set()
    for view in asked:
        assert view.question.due_on == view.question.asked_on + timedelta(days=3)
