"""Generated histories of a file, for the invariants of the outreach ladder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from accounts.rules.calendar import end_of_day, local_date, start_of_day
from appointments.choices import AppointmentState, Channel, Direction, Excuse, Result, SpokenWith
from appointments.rules.contact import ContactFact
from clients.rules.reach_periods import Kind, PeriodFact
from outreach.choices import ActKind, ClarifyOutcome, EndReason
from outreach.rules.facts import (
    ActFact,
    AppointmentFact,
    LadderFacts,
    OutcomeFact,
    Phase,
    PhaseFact,
    PlaceFact,
    TakeFact,
)

BEGIN = date(2018, 11, 26)
DAYS = 240

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
