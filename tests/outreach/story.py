"""A small language to tell one client's history in the tests of the ladder rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from accounts.rules.calendar import BERLIN, add_days, end_of_day, local_date, start_of_day
from appointments.choices import AppointmentState, Channel, Direction, Excuse, Result, SpokenWith
from appointments.rules.contact import ContactFact
from clients.rules.reach_periods import Kind, PeriodFact
from outreach.choices import ActKind, ClarifyOutcome
from outreach.rules import LadderPolicy, LadderView, evaluate
from outreach.rules.facts import (
    ActFact,
    AnswerFact,
    AppointmentFact,
    LadderFacts,
    OutcomeFact,
    Phase,
    PhaseFact,
    PlaceFact,
    TakeFact,
)


def moment(text: str, default: str = "12:00") -> datetime:
    """ "2019-02-21 10:00" or "2019-02-21" in Stutensee."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{day}T{clock or default}").replace(tzinfo=BERLIN)


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(kind: Kind, since: date, recorded_at: datetime, *, until: date | None = None) -> PeriodFact:
    """From one day to the end of another; one that begins on the day it is recorded begins at that moment."""
    begin = start_of_day(since)
    return PeriodFact(
        kind,
        max(begin, recorded_at) if local_date(recorded_at) == since else begin,
        recorded_at,
        until=start_of_day(add_days(until, 1)) if until else None,
    )


class Story:
    """Reachable by letter and phone and at home since 2017, unless told otherwise."""

    def __init__(
        self,
        *,
        letter: bool = True,
        phone: bool = True,
        accommodation: bool = True,
        born_on: date | None = None,
        own_file_since: date | None = None,
        policies: tuple[LadderPolicy, ...] = (LadderPolicy(),),
    ) -> None:
        self.facts = LadderFacts(own_file_since=own_file_since)
        self.policies = policies
        self.count = 0
        for wanted, kind in ((letter, Kind.LETTER), (phone, Kind.PHONE), (accommodation, Kind.ACCOMMODATION)):
            if wanted:
                self.holds(kind, "2017-01-02")
        if born_on is not None:
            self._add(periods=period(Kind.BORN, born_on, moment("2017-01-02")))

    # Facts

    def holds(
        self, kind: Kind, since: str, until: str | None = None, *, recorded: str | None = None
    ) -> Story:
        at = moment(recorded or since, "00:00")
        return self._add(periods=period(kind, day(since[:10]), at, until=day(until) if until else None))

    def born(self, born_on: str, *, recorded: str) -> Story:
        """The birth date was corrected, or entered later."""
        at = moment(recorded)
        known = tuple(
            replace(fact, withdrawn_at=at) if fact.kind == Kind.BORN and fact.withdrawn_at is None else fact
            for fact in self.facts.periods
        )
        self.facts = replace(self.facts, periods=known)
        return self._add(periods=period(Kind.BORN, day(born_on), at))

    def no_longer(self, kind: Kind, at: str) -> Story:
        """A change: from `at` on it does not hold any more."""
        return self._rewrite(kind, moment(at), lambda fact: replace(fact, until=moment(at)))

    def never(self, kind: Kind, recorded: str) -> Story:
        """A correction: it never did hold."""
        return self._rewrite(kind, moment(recorded), None)

    def moved_place(self, place: int, when: str) -> Story:
        return self._add(places=PlaceFact(place, moment(when)))

    def agreed(
        self, ref: str, start: str, *, channel: str = Channel.OFFICE, recorded: str = "2018-01-02"
    ) -> Story:
        at = moment(recorded)
        return self._add(appointments=AppointmentFact(ref, moment(start), at, channel, agreed_since=at))

    def invited(self, ref: str, start: str, *, letter: str | None, recorded: str = "2018-01-02") -> Story:
        return self._add(
            appointments=AppointmentFact(ref, moment(start), moment(recorded), invitation=letter)
        )

    def outcome(self, ref: str, state: str, *, excuse: str = Excuse.UNDECIDED, recorded: str) -> Story:
        def with_outcome(fact: AppointmentFact) -> AppointmentFact:
            return replace(fact, outcomes=(*fact.outcomes, OutcomeFact(state, moment(recorded), excuse)))

        return self._change("appointments", ref, with_outcome)

    def no_show(
        self, ref: str, start: str, *, excuse: str = Excuse.UNEXCUSED, recorded: str | None = None
    ) -> Story:
        """An agreed appointment and its no-show, recorded on the same evening unless told otherwise."""
        self.agreed(ref, start)
        return self.outcome(
            ref, AppointmentState.NO_SHOW, excuse=excuse, recorded=recorded or f"{start[:10]} 18:00"
        )

    def contact(
        self, channel: str, when: str, *, recorded: str | None = None, ref: str | None = None, **more: object
    ) -> Story:
        """At the end of its day with `has_time=False`; the hour then says when it was logged."""
        self.count += 1
        at = moment(when)
        if not more.get("has_time", True):
            at, recorded = end_of_day(at.date()), recorded or when
        fact = ContactFact(ref or f"c{self.count}", at, moment(recorded) if recorded else at, channel)
        return self._add(contacts=replace(fact, **more))

    def letter(self, when: str, **more: object) -> Story:
        return self.contact(Channel.LETTER, when, **{"result": Result.SENT, **more})

    def call(self, when: str, **more: object) -> Story:
        return self.contact(
            Channel.PHONE, when, **{"result": Result.NOT_REACHED, "spoken_with": SpokenWith.NOBODY, **more}
        )

    def visit(self, when: str, *, card: bool = False, **more: object) -> Story:
        result = Result.NOT_MET_CARD if card else Result.NOT_MET
        return self.contact(
            Channel.HOME_VISIT, when, **{"result": result, "spoken_with": SpokenWith.NOBODY, **more}
        )

    def talk(self, when: str, channel: str = Channel.PHONE, **more: object) -> Story:
        return self.contact(channel, when, **{"result": Result.TALK, **more})

    def message_from_client(self, when: str, **more: object) -> Story:
        return self.contact(
            Channel.MESSAGE, when, **{"direction": Direction.IN, "result": Result.RECEIVED, **more}
        )

    def withdraw(self, ref: str, at: str) -> Story:
        """The contact or appointment `ref` was moved to another file, or corrected away."""
        for name in ("contacts", "appointments"):
            if any(fact.ref == ref for fact in getattr(self.facts, name)):
                return self._change(name, ref, lambda fact: replace(fact, withdrawn_at=moment(at)))
        raise LookupError(ref)

    def returned(self, ref: str, at: str) -> Story:
        return self._change("contacts", ref, lambda fact: replace(fact, returned_at=moment(at)))

    def take(self, when: str, *, recorded: str | None = None) -> Story:
        self.count += 1
        return self._add(takes=TakeFact(f"t{self.count}", moment(when), moment(recorded or when)))

    def phase(self, phase: Phase, when: str) -> Story:
        return self._add(phases=PhaseFact(phase, moment(when), moment(when)))

    def pause(self, when: str) -> Story:
        return self.phase(Phase.PAUSED, when)

    def resume(self, when: str) -> Story:
        return self.phase(Phase.RUNNING, when)

    def close(self, when: str) -> Story:
        return self.phase(Phase.CLOSED, when)

    def act(self, kind: str, when: str, **more: object) -> Story:
        self.count += 1
        return self._add(acts=replace(ActFact(f"a{self.count}", kind, moment(when), moment(when)), **more))

    def announce(self, when: str, visit_on: str | None = None) -> Story:
        return self.act(ActKind.ANNOUNCED, when, day=day(visit_on) if visit_on else None)

    def postpone(self, when: str, to: str) -> Story:
        return self.act(ActKind.POSTPONED, when, day=day(to))

    def found(self, when: str) -> Story:
        return self.act(ActKind.CLARIFIED, when, outcome=ClarifyOutcome.FOUND)

    def nothing_found(self, when: str) -> Story:
        return self.act(ActKind.CLARIFIED, when, outcome=ClarifyOutcome.NOTHING_FOUND)

    def end(self, when: str, reason: str) -> Story:
        return self.act(ActKind.ENDED, when, reason=reason)

    def answer(self, when: str) -> Story:
        return self._add(answers=AnswerFact(moment(when), moment(when)))

    # Answers

    def views(self, when: str) -> tuple[LadderView, ...]:
        """All ladders as known at `when`, at the end of the day if no hour is given."""
        return evaluate(self.facts, self.policies, moment(when, "23:59"))

    def view(self, when: str) -> LadderView:
        """The last ladder as known at `when`."""
        return self.views(when)[-1]

    def _add(self, **new: object) -> Story:
        for name, fact in new.items():
            self.facts = replace(self.facts, **{name: (*getattr(self.facts, name), fact)})
        return self

    def _rewrite(self, kind: Kind, at: datetime, change: Callable[[PeriodFact], PeriodFact] | None) -> Story:
        """Withdraw what is on record of `kind` and record it changed, or not at all."""
        kept: list[PeriodFact] = []
        for fact in self.facts.periods:
            if fact.kind != kind or fact.withdrawn_at is not None:
                kept.append(fact)
                continue
            kept.append(replace(fact, withdrawn_at=at))
            if change is not None:
                kept.append(replace(change(fact), recorded_at=at))
        self.facts = replace(self.facts, periods=tuple(kept))
        return self

    def _change(self, name: str, ref: str, change: object) -> Story:
        facts = tuple(change(fact) if fact.ref == ref else fact for fact in getattr(self.facts, name))
        self.facts = replace(self.facts, **{name: facts})
        return self


def missed(**more: object) -> Story:
    """The look's story begins: the appointment of Thursday 21 February 2019 was missed without excuse."""
    return Story(**more).no_show("A", "2019-02-21 10:00")


def letter_and_call(**more: object) -> Story:
    """Letter on Friday 22 February, call on Monday 4 March: the visit is next."""
    return missed(**more).letter("2019-02-22 09:00").call("2019-03-04 10:20")


def visited_once(**more: object) -> Story:
    """Announced on 12 March, visited on Monday 18 March in the morning, nobody met."""
    return letter_and_call(**more).announce("2019-03-12", "2019-03-18").visit("2019-03-18 10:00")


def visited_twice(**more: object) -> Story:
    """Second visit on Thursday 28 March in the evening, card left."""
    return visited_once(**more).visit("2019-03-28 17:30", card=True)
