"""The invariants of the outreach ladder, over generated histories (rules.md §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments.choices import (
    ActKind,
    AppointmentState,
    Channel,
    ClarifyOutcome,
    Direction,
    EndReason,
    Excuse,
    Result,
    SpokenWith,
    Stage,
)
from appointments.rules.calendar import end_of_day, is_working_day, local_date, start_of_day
from appointments.rules.contact import LETTER, PHONE, ContactFact, is_attempt, is_two_way
from appointments.rules.ladder import Action, LadderPolicy, LadderView, StepBy, evaluate
from appointments.rules.ladder.facts import (
    ActFact,
    AppointmentFact,
    LadderFacts,
    OutcomeFact,
    Phase,
    PhaseFact,
    PlaceFact,
    TakeFact,
)
from appointments.rules.ladder.no_step import why_no_step
from appointments.rules.ladder.periods import Kind, PeriodFact
from appointments.rules.ladder.why import why_now

BEGIN = date(2018, 11, 26)
DAYS = 240
POLICIES = (
    LadderPolicy(),
    LadderPolicy("2019", date(2019, 2, 4), visit_announced=False, step1_due_wd=3),
    LadderPolicy("here", date(2019, 1, 7), place=1, step1_due_wd=4, fast_lane=False),
)
EXAMPLES = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

instants = st.builds(
    lambda day, hour: start_of_day(BEGIN + timedelta(days=day)) + timedelta(hours=hour),
    st.integers(0, DAYS),
    st.integers(7, 20),
)
delays = st.one_of(st.just(timedelta(0)), st.builds(timedelta, hours=st.integers(1, 24 * 20)))
maybe_later = st.one_of(st.none(), st.none(), st.builds(timedelta, hours=st.integers(1, 24 * 30)))
refs = st.uuids().map(str)


@st.composite
def contacts(draw: st.DrawFn) -> ContactFact:
    happened = draw(instants)
    recorded = happened + draw(delays)
    has_time = draw(st.sampled_from([True] * 5 + [False]))
    if not has_time:
        happened = end_of_day(local_date(happened))
    withdrawn, returned = draw(maybe_later), draw(maybe_later)
    attempts = st.sampled_from(
        [
            (Channel.LETTER, Result.SENT, SpokenWith.CLIENT),
            (Channel.LETTER, Result.SENT, SpokenWith.CLIENT),
            (Channel.PHONE, Result.NOT_REACHED, SpokenWith.NOBODY),
            (Channel.PHONE, Result.NOT_REACHED, SpokenWith.NOBODY),
            (Channel.HOME_VISIT, Result.NOT_MET, SpokenWith.NOBODY),
            (Channel.HOME_VISIT, Result.NOT_MET_CARD, SpokenWith.NOBODY),
            (Channel.HOME_VISIT, Result.NOT_MET_CARD, SpokenWith.NOBODY),
        ]
    )
    anything = st.tuples(
        st.sampled_from(Channel.values), st.sampled_from(Result.values), st.sampled_from(SpokenWith.values)
    )
    channel, result, spoken_with = draw(st.one_of(attempts, attempts, attempts, attempts, anything))
    return ContactFact(
        ref=draw(refs),
        happened_at=happened,
        recorded_at=recorded,
        channel=channel,
        direction=draw(st.sampled_from([Direction.OUT] * 9 + [Direction.IN])),
        spoken_with=spoken_with,
        result=result,
        address_valid=draw(st.sampled_from([True] * 5 + [False])),
        script_ok=draw(st.sampled_from([True] * 5 + [False])),
        language_ok=draw(st.sampled_from([True] * 5 + [False])),
        withdrawn_at=recorded + withdrawn if withdrawn else None,
        returned_at=recorded + returned if returned and channel == Channel.LETTER else None,
        has_time=has_time,
    )


@st.composite
def appointments(draw: st.DrawFn, letters: tuple[str, ...]) -> AppointmentFact:
    start = draw(instants)
    planned = start - timedelta(days=draw(st.integers(1, 30)))
    at, outcomes = start, []
    for _count in range(draw(st.integers(0, 3))):
        at += timedelta(hours=draw(st.integers(1, 24 * 15)))
        state = draw(
            st.sampled_from([AppointmentState.NO_SHOW] * 5 + [s for s in AppointmentState if s != "planned"])
        )
        outcomes.append(OutcomeFact(state, at, draw(st.sampled_from(Excuse.values))))
    withdrawn = draw(maybe_later)
    return AppointmentFact(
        ref=draw(refs),
        planned_start=start,
        recorded_at=planned,
        channel=draw(st.sampled_from([Channel.OFFICE, Channel.PHONE, Channel.HOME_VISIT])),
        agreed_since=planned if draw(st.booleans()) else None,
        outcomes=tuple(outcomes),
        invitation=draw(st.sampled_from((None, *letters))),
        withdrawn_at=at + withdrawn if withdrawn else None,
    )


@st.composite
def acts(draw: st.DrawFn) -> ActFact:
    at = draw(instants)
    kind = draw(
        st.sampled_from([ActKind.ANNOUNCED] * 4 + [ActKind.POSTPONED, ActKind.CLARIFIED, ActKind.ENDED])
    )
    day = at.date() + timedelta(days=draw(st.integers(1, 20)))
    return ActFact(
        ref=draw(refs),
        kind=kind,
        at=at,
        recorded_at=at,
        day=day if kind in {ActKind.ANNOUNCED, ActKind.POSTPONED} else None,
        outcome=draw(st.sampled_from(ClarifyOutcome.values)) if kind == ActKind.CLARIFIED else "",
        reason=draw(st.sampled_from([EndReason.MANAGER, EndReason.DECLINED]))
        if kind == ActKind.ENDED
        else "",
    )


@st.composite
def periods(draw: st.DrawFn) -> tuple[PeriodFact, ...]:
    """Reachable since long ago, with changes and corrections recorded since."""
    found: list[PeriodFact] = []
    long_ago = start_of_day(BEGIN - timedelta(days=90))
    for kind in (Kind.LETTER, Kind.PHONE, Kind.ACCOMMODATION):
        if draw(st.sampled_from([True] * 4 + [False])):
            found += draw(recorded(PeriodFact(kind, long_ago, long_ago)))
    for kind in (Kind.EMAIL, Kind.READS_NO_SCRIPT, Kind.NO_HOME_VISITS):
        if draw(st.sampled_from([True] + [False] * 4)):
            since = draw(instants)
            found += draw(recorded(PeriodFact(kind, since, since + draw(delays))))
    born_on = draw(st.sampled_from([None, None, date(1985, 2, 28), date(2003, 1, 15)]))
    if born_on is not None:
        found += draw(recorded(PeriodFact(Kind.BORN, start_of_day(born_on), long_ago)))
    return tuple(found)


@st.composite
def recorded(draw: st.DrawFn, fact: PeriodFact) -> list[PeriodFact]:
    """A period as the record came to know it: it ends, its end is recorded late, its beginning is corrected."""
    found = [fact]
    for at in sorted(draw(st.lists(instants, max_size=2, unique=True))):
        former = found[-1]
        if at <= former.recorded_at:
            continue
        found[-1] = replace(former, withdrawn_at=at)
        since, until = draw(
            st.sampled_from(
                [
                    (former.since, at),
                    (former.since, at - timedelta(days=9)),
                    (former.since - timedelta(days=400), None),
                    (former.since + timedelta(days=20), None),
                ]
            )
        )
        if until is None or since < until:
            found.append(PeriodFact(fact.kind, since, at, until=until))
        elif draw(st.booleans()):
            break
    return found


@st.composite
def scripts(draw: st.DrawFn) -> LadderFacts:
    """How it usually goes: one or two misses, then attempt after attempt, each after a drawn number of days."""
    at = start_of_day(BEGIN + timedelta(days=draw(st.integers(1, 30)))) + timedelta(hours=10)
    misses = []
    for _count in range(draw(st.integers(0, 2))):
        outcome = OutcomeFact(AppointmentState.NO_SHOW, at + timedelta(hours=3), Excuse.UNEXCUSED)
        planned = at - timedelta(days=3)
        misses.append(AppointmentFact(draw(refs), at, planned, agreed_since=planned, outcomes=(outcome,)))
        at += timedelta(days=draw(st.integers(1, 40)))
    takes = () if misses else (TakeFact(draw(refs), at, at),)
    logged, announced = [], []
    plan = [
        (Channel.LETTER, Result.SENT, 10),
        (Channel.PHONE, Result.NOT_REACHED, 10),
        (Channel.HOME_VISIT, Result.NOT_MET, 10),
        (Channel.HOME_VISIT, Result.NOT_MET_CARD, 17),
        (Channel.PHONE, Result.NOT_REACHED, 10),
    ]
    gaps = [(0, 6), (4, 12), (6, 14), (3, 20), (85, 110)]
    for number in range(draw(st.integers(0, len(plan)))):
        channel, result, hour = plan[number]
        day = at.date() + timedelta(days=draw(st.integers(*gaps[number])))
        if channel == Channel.HOME_VISIT:
            announced.append(ActFact(draw(refs), ActKind.ANNOUNCED, at, at))
        at = start_of_day(day) + timedelta(hours=hour)
        logged.append(ContactFact(draw(refs), at, at, channel, spoken_with=SpokenWith.NOBODY, result=result))
    return LadderFacts(contacts=tuple(logged), appointments=tuple(misses), takes=takes, acts=tuple(announced))


@st.composite
def histories(draw: st.DrawFn) -> LadderFacts:
    """A script with disturbances, or disturbances alone."""
    script = draw(st.one_of(scripts(), scripts(), st.just(LadderFacts())))
    logged = tuple(draw(st.lists(contacts(), max_size=4)))
    letters = tuple(contact.ref for contact in logged if contact.channel == Channel.LETTER)
    takes = tuple(TakeFact(draw(refs), at, at) for at in draw(st.lists(instants, max_size=1)))
    phases = [
        PhaseFact(
            draw(st.sampled_from([Phase.RUNNING, Phase.RUNNING, Phase.PAUSED, Phase.CLOSED])),
            at,
            at + draw(delays),
        )
        for at in draw(st.lists(instants, max_size=2))
    ]
    return LadderFacts(
        contacts=(*script.contacts, *logged),
        appointments=(*script.appointments, *draw(st.lists(appointments(letters), max_size=2))),
        takes=(*script.takes, *takes),
        phases=tuple(phases),
        periods=draw(periods()),
        acts=(*script.acts, *draw(st.lists(acts(), max_size=2))),
        places=tuple(
            PlaceFact(draw(st.integers(1, 2)), at) for at in draw(st.lists(instants, max_size=2, unique=True))
        ),
    )


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


def if_by(instant: datetime | None, now: datetime) -> datetime | None:
    """An instant that has come by `now`, else None."""
    return instant if instant and instant <= now else None


def known_by(facts: LadderFacts, now: datetime) -> LadderFacts:
    """What a database holds at `now`: nothing recorded later."""
    return replace(
        facts,
        contacts=tuple(
            replace(
                contact,
                withdrawn_at=if_by(contact.withdrawn_at, now),
                returned_at=if_by(contact.returned_at, now),
            )
            for contact in facts.contacts
            if contact.recorded_at <= now
        ),
        appointments=tuple(
            replace(
                appointment,
                outcomes=tuple(outcome for outcome in appointment.outcomes if outcome.recorded_at <= now),
                withdrawn_at=if_by(appointment.withdrawn_at, now),
            )
            for appointment in facts.appointments
            if appointment.recorded_at <= now
        ),
        takes=tuple(take for take in facts.takes if take.recorded_at <= now),
        phases=tuple(phase for phase in facts.phases if phase.recorded_at <= now),
        periods=tuple(
            replace(
                period,
                withdrawn_at=if_by(period.withdrawn_at, now),
            )
            for period in facts.periods
            if period.recorded_at <= now
        ),
        acts=tuple(act for act in facts.acts if act.recorded_at <= now),
        places=tuple(place for place in facts.places if place.since <= now),
    )


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
