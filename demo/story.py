"""The story of one file: who came, what was talked about, what was planned, what went wrong.

A story writes facts only, each with the time it happened and the time it was recorded. Outreach ladders, standing
columns and everything due are computed from them afterwards by the rules the application itself uses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from accounts.rules.calendar import add_working_days, local_date, next_working_day
from appointments.choices import (
    AppointmentState,
    Basis,
    Channel,
    Excuse,
    Result,
    SpokenWith,
)
from appointments.models import Contact
from clients.choices import Intensity, Phase
from demo import texts
from demo.log import Log
from demo.people import weighted
from demo.world import at

GAPS: dict[str, tuple[int, int]] = {
    Intensity.CRISIS: (4, 7),
    Intensity.INTENSIVE: (23, 29),
    Intensity.REGULAR: (68, 88),
    Intensity.PUNCTUAL: (200, 430),
    "": (20, 60),
}
"""Days between two talks by intensity, within the contact interval (rules.md §5)."""

TALKS: Sequence[tuple[Channel, int]] = (
    (Channel.OFFICE, 37),
    (Channel.OPEN_HOUR, 24),
    (Channel.PHONE, 16),
    (Channel.MESSAGE, 8),
    (Channel.HOME_VISIT, 10),
    (Channel.ACCOMPANIMENT, 4),
    (Channel.VIDEO, 1),
)
"""How talks are held (demonstration.md "Contacts")."""

BY_APPOINTMENT = frozenset({Channel.OFFICE, Channel.HOME_VISIT, Channel.ACCOMPANIMENT})

OUTCOMES: Sequence[tuple[AppointmentState, int]] = (
    (AppointmentState.HELD, 76),
    (AppointmentState.NO_SHOW, 16),
    (AppointmentState.CANCELLED_CLIENT, 5),
    (AppointmentState.CANCELLED_US, 3),
)
"""What becomes of an appointment (demonstration.md "Contacts")."""
OUTCOMES_LATELY: Sequence[tuple[AppointmentState, int]] = (
    (AppointmentState.HELD, 84),
    (AppointmentState.NO_SHOW, 8),
    (AppointmentState.CANCELLED_CLIENT, 5),
    (AppointmentState.CANCELLED_US, 3),
)
"""The same in the last weeks, whose missed appointments are mostly those the open outreach ladders began with."""
LATELY = dt.timedelta(days=30)
EXCUSED = 0.12
"""Share of the people who did not come whose excuse is accepted."""
MISSED_FIRST, MISSED_FIRST_LATELY = 0.3, 0.12
"""Share of the reviews for which a first appointment was missed."""


class Story(Log):
    """A file and how it usually goes."""

    def reach(self, taken_on: dt.date, latest: dt.date) -> dt.date:
        """The first contact, sometimes after a letter; returns its day."""
        day = next_working_day(taken_on + dt.timedelta(days=1))
        if self.pick.random() < 0.3 and self.person.reads:
            self.letter(day)
            day = add_working_days(day, self.pick.randint(2, 4))
        else:
            day = add_working_days(day, self.pick.randint(0, 3))
        day = min(day, latest)
        self.talk(
            day, self.pick.choice((Channel.PHONE, Channel.PHONE, Channel.OPEN_HOUR)), topic="participation"
        )
        return day

    def first_talk(self, earliest: dt.date, latest: dt.date) -> dt.date:
        """The intake interview: by appointment where the calendar has room; returns its day."""
        day = min(next_working_day(earliest), latest)
        times = self.world.diary.book(self.by, day, self.pick, latest=latest, slots=2)
        if times is None:
            contact = self.contact(
                self.moment_on(latest),
                Channel.OFFICE,
                topic="participation",
                minutes=70,
                note=self._note("participation"),
            )
        else:
            planned_at = at(min(earliest, local_date(times[0])) - dt.timedelta(days=1), 11, 40)
            appointment = self.appointment(
                times, Channel.OFFICE, planned_at=planned_at, topic="participation"
            )
            contact = self.hold(appointment, "participation", minutes=75)
        self.phase(Phase.INTAKE, contact.recorded_at)
        return contact.happened_on

    def routine(self, begin: dt.date, end: dt.date) -> None:
        """Talks at the rhythm of the intensity from one day to another, with what goes wrong in between."""
        low, high = GAPS[self.level]
        day = begin + dt.timedelta(days=self.pick.randint(low // 2, high))
        while day <= end:
            day = next_working_day(day)
            if day > end:
                return
            last, was_talk = self._one_talk(day, end)
            # After writing only, or a meeting that did not come about, the next talk follows sooner.
            day = last + dt.timedelta(days=self.pick.randint(low, high) if was_talk else 4)

    def _one_talk(self, day: dt.date, end: dt.date) -> tuple[dt.date, bool]:
        """The next contact: its day, and whether it was a talk."""
        channel = weighted(self.pick, TALKS)
        topic = weighted(self.pick, texts.TOPIC_SHARES)
        joint = self.partner is not None and self.pick.random() < 0.3
        if self.pick.random() < 0.08:
            self._case_work(day)
        if channel not in BY_APPOINTMENT:
            self.talk(day, channel, topic=topic, with_partner=joint and channel != Channel.MESSAGE)
            return day, channel != Channel.MESSAGE
        times = self.world.diary.book(self.by, day, self.pick, latest=min(day + dt.timedelta(days=6), end))
        if times is None:
            self.talk(day, Channel.OPEN_HOUR, topic=topic)
            return day, True
        held_on = local_date(times[0])
        planned_at = at(held_on - dt.timedelta(days=self.pick.randint(3, 12)), 11, 15)
        planned_at = max(planned_at, self.registered_at + dt.timedelta(hours=1))
        appointment = self.appointment(times, channel, planned_at=planned_at, topic=topic)
        state = weighted(self.pick, OUTCOMES_LATELY if self._is_lately(held_on) else OUTCOMES)
        if state == AppointmentState.NO_SHOW and channel == Channel.HOME_VISIT:
            state = AppointmentState.NOT_MET
        match state:
            case AppointmentState.HELD:
                self.hold(appointment, topic, with_partner=joint)
                return held_on, True
            case AppointmentState.NO_SHOW:
                self.outcome(appointment, state, self._excuse(), later=120)
                return self._come_back(held_on, end)
            case AppointmentState.NOT_MET:
                self.outcome(appointment, state, later=20)
                self.contact(
                    appointment.starts_at,
                    Channel.HOME_VISIT,
                    result=Result.NOT_MET,
                    spoken_with=SpokenWith.NOBODY,
                    appointment=appointment,
                )
                return held_on, False
            case _:
                self.outcome(appointment, state, later=-180)
                return held_on, False

    def meet(self, day: dt.date, *, topic: str) -> Contact:
        """A talk agreed beforehand, as plans are reviewed; without appointment when that day has no room."""
        agreed_on = next_working_day(day - dt.timedelta(days=self.pick.randint(6, 14)))
        if self.pick.random() < (MISSED_FIRST_LATELY if self._is_lately(day) else MISSED_FIRST):
            agreed_on = self._miss_first(day, topic) or agreed_on
        times = self.world.diary.book(self.by, day, self.pick, latest=day)
        if times is None:
            return self.talk(day, Channel.OFFICE, topic=topic)
        planned_at = at(agreed_on, 11, 25)
        return self.hold(self.appointment(times, Channel.OFFICE, planned_at=planned_at, topic=topic), topic)

    def _miss_first(self, day: dt.date, topic: str) -> dt.date | None:
        """Not come a week before; returns when another appointment was agreed, if there was room for a first."""
        times = self.book(day - dt.timedelta(days=self.pick.randint(7, 11)), within=2)
        if times is None:
            return None
        missed_on = local_date(times[0])
        planned_at = at(next_working_day(missed_on - dt.timedelta(days=9)), 11, 5)
        appointment = self.appointment(times, Channel.OFFICE, planned_at=planned_at, topic=topic)
        self.outcome(appointment, AppointmentState.NO_SHOW, self._excuse(), later=120)
        back_on, is_back = self._come_back(missed_on, day - dt.timedelta(days=1))
        return back_on if is_back else add_working_days(missed_on, 1)

    def _is_lately(self, day: dt.date) -> bool:
        return day > self.world.as_of - LATELY

    def _excuse(self) -> Excuse:
        return Excuse.EXCUSED if self.pick.random() < EXCUSED else Excuse.UNEXCUSED

    def _come_back(self, missed_on: dt.date, end: dt.date) -> tuple[dt.date, bool]:
        """After a missed appointment: a call reaches most, the others come by or answer a letter."""
        day = add_working_days(missed_on, 1)
        if day > end:
            return missed_on, False
        if self.pick.random() < 0.55:
            self.talk(day, Channel.PHONE, topic="participation")
            return day, True
        self.call(day)
        day = add_working_days(day, 2)
        if day > end:
            return missed_on, False
        if self.person.reads:
            self.letter(day)
        day = add_working_days(day, self.pick.randint(2, 5))
        if day > end:
            return missed_on, False
        self.talk(day, self.pick.choice((Channel.OPEN_HOUR, Channel.PHONE)))
        return day, True

    def _case_work(self, day: dt.date) -> None:
        body = self.pick.choice(("Jobcenter", "Schule", "Ausländerbehörde", "Vermieter", "Krankenkasse"))
        contact = self.contact(
            self.moment_on(day),
            Channel.PHONE,
            spoken_with=SpokenWith.THIRD_PARTY,
            organisation=body,
            topic=weighted(self.pick, texts.TOPIC_SHARES),
            minutes=10,
        )
        # One in five was not said.
        contact.basis = ("", Basis.PRESENT, Basis.RELEASE, Basis.NO_DATA, Basis.ORAL)[day.toordinal() % 5]
        contact.basis_on = day if contact.basis == Basis.ORAL else None
