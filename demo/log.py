"""What is logged in a file: contacts, appointments with their outcomes, follow-ups."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from accounts.rules.calendar import local_date, next_working_day
from appointments.choices import (
    AppointmentState,
    Channel,
    Direction,
    Excuse,
    InterpreterKind,
    InterpreterNeed,
    Result,
    SpokenWith,
)
from appointments.models import (
    Appointment,
    AppointmentOutcome,
    Contact,
    ContactNote,
    ContactParticipant,
    FollowUp,
)
from appointments.rules.contact import CLIENT_SIDE, WRITING
from demo import texts
from demo.file import File
from demo.people import weighted
from demo.rows import TopicOfContact
from demo.world import at

MINUTES: dict[Channel, tuple[int, ...]] = {
    Channel.PHONE: (5, 10, 15),
    Channel.MESSAGE: (5, 10),
    Channel.HOME_VISIT: (45, 60),
    Channel.OPEN_HOUR: (10, 15, 20, 30),
    Channel.ACCOMPANIMENT: (60, 90),
}


class Log(File):
    """A file with everything that can happen in it."""

    def contact(
        self,
        moment: dt.datetime,
        channel: Channel,
        *,
        result: Result = Result.TALK,
        direction: Direction = Direction.OUT,
        spoken_with: SpokenWith = SpokenWith.CLIENT,
        topic: str = "",
        note: str = "",
        minutes: int | None = None,
        appointment: Appointment | None = None,
        left_by: User | None = None,
        accepted: bool = True,
        with_partner: bool = False,
        urgent: bool = False,
        organisation: str = "",
    ) -> Contact:
        """Log an interaction; it is recorded within the hour."""
        is_talk = result == Result.TALK
        length = minutes or (self.pick.choice(MINUTES.get(channel, (20, 30, 45))) if is_talk else None)
        recorded_at = moment + dt.timedelta(minutes=(length or 5) + self.pick.randint(3, 40))
        language = self._language_of(channel, spoken_with)
        contact: Contact = self.rows.add(
            Contact,
            uuid=self.key(),
            client=self.client,
            happened_at=moment,
            happened_on=local_date(moment),
            recorded_at=recorded_at,
            recorded_by=left_by or self.by,
            minutes=length,
            channel=channel,
            direction=direction,
            spoken_with=spoken_with,
            organisation=organisation,
            result=result,
            main_topic=self.world.topics[topic] if topic else None,
            language=language,
            interpreter=self._interpreter(channel, is_talk),
            letters_read=self.pick.randint(0, 2) if is_talk and topic == "post" else 0,
            urgent=urgent,
            appointment=appointment,
            left_by=left_by,
            accepted_at=recorded_at + dt.timedelta(hours=18) if left_by and accepted else None,
        )
        if topic:
            self.rows.add(TopicOfContact, contact=contact, topic=self.world.topics[topic])
        self._took_part(contact, channel)
        if with_partner and self.partner is not None:
            self.partner._took_part(contact, channel)
        if note:
            self.rows.add(ContactNote, contact=contact, client=self.client, text=note)
        return contact

    def _took_part(self, contact: Contact, channel: Channel) -> None:
        written = channel in (Channel.LETTER, Channel.NOTE, Channel.EMAIL)
        self.rows.add(
            ContactParticipant,
            contact=contact,
            client=self.client,
            address_valid=not written or self.home.letters_reach,
            script_ok=self.person.reads or not written,
        )
        is_held = (
            contact.spoken_with in CLIENT_SIDE
            and contact.result == Result.TALK
            and channel not in WRITING
            and channel != Channel.GROUP
        )
        if is_held:
            self.talk_days.append(contact.happened_on)

    def _language_of(self, channel: Channel, spoken_with: SpokenWith) -> Any:
        if spoken_with == SpokenWith.THIRD_PARTY:
            return self.world.languages["de"]
        knows_german = self.person.german_level not in ("none", "a1", "a2")
        return self.world.languages["de" if knows_german else self.person.tongue.code]

    def _interpreter(self, channel: Channel, is_talk: bool) -> InterpreterKind:
        if not is_talk or not self.person.interpreter_needed:
            return InterpreterKind.NONE
        if channel == Channel.PHONE:
            return self.pick.choice((InterpreterKind.PHONE, InterpreterKind.FAMILY))
        return self.pick.choice(
            (
                InterpreterKind.PROFESSIONAL,
                InterpreterKind.VOLUNTEER,
                InterpreterKind.FAMILY,
                InterpreterKind.NONE,
            )
        )

    def moment_on(self, day: dt.date, begin: int = 9, end: int = 16) -> dt.datetime:
        """Some time of a day in office hours."""
        return at(day, self.pick.randint(begin, end - 1), self.pick.choice((0, 5, 10, 20, 30, 40, 45, 50)))

    def talk(
        self, day: dt.date, channel: Channel | None = None, *, topic: str = "", with_partner: bool = False
    ) -> Contact:
        """A talk without an appointment."""
        channel = channel or self.pick.choice((Channel.OPEN_HOUR, Channel.PHONE, Channel.OFFICE))
        topic = topic or weighted(self.pick, texts.TOPIC_SHARES)
        moment = self.moment_on(day)
        if channel == Channel.MESSAGE:
            return self.contact(
                moment,
                channel,
                direction=Direction.IN,
                result=Result.RECEIVED,
                topic=topic,
                note=self._note(topic),
            )
        return self.contact(moment, channel, topic=topic, note=self._note(topic), with_partner=with_partner)

    def _note(self, topic: str) -> str:
        return self.pick.choice(texts.NOTES[topic]) if self.pick.random() < 0.8 else ""

    def letter(self, day: dt.date) -> Contact:
        """A letter without an answer."""
        return self.contact(
            self.moment_on(day, 10, 15), Channel.LETTER, result=Result.SENT, spoken_with=SpokenWith.CLIENT
        )

    def call(self, day: dt.date) -> Contact:
        """A call nobody answered."""
        return self.contact(
            self.moment_on(day, 10, 16),
            Channel.PHONE,
            result=Result.NOT_REACHED,
            spoken_with=SpokenWith.NOBODY,
        )

    def visit(self, day: dt.date, hour: int) -> Contact:
        """A home visit where nobody was met; a card was left."""
        return self.contact(
            at(day, hour, 10),
            Channel.HOME_VISIT,
            result=Result.NOT_MET_CARD,
            spoken_with=SpokenWith.NOBODY,
            note=texts.OBSTACLES[1],
        )

    def appointment(
        self,
        times: tuple[dt.datetime, dt.datetime],
        channel: Channel,
        *,
        planned_at: dt.datetime,
        topic: str,
        agreed: bool = True,
        interpreter: InterpreterNeed | None = None,
    ) -> Appointment:
        """Put an appointment into the manager's calendar."""
        begin, end = times
        if interpreter is None:
            interpreter = (
                InterpreterNeed.CONFIRMED if self.person.interpreter_needed else InterpreterNeed.NONE
            )
        appointment: Appointment = self.rows.add(
            Appointment,
            uuid=self.key(),
            client=self.client,
            manager=self.manager,
            starts_at=begin,
            ends_at=end,
            channel=channel,
            place="" if channel != Channel.OFFICE else "Zimmer 3",
            matter=self.pick.choice(texts.MATTERS[topic]),
            interpreter=interpreter,
            agreed_at=planned_at if agreed else None,
            recorded_at=planned_at,
            recorded_by=self.by,
        )
        return appointment

    def outcome(
        self,
        appointment: Appointment,
        state: AppointmentState,
        excuse: Excuse = Excuse.UNDECIDED,
        later: int = 55,
    ) -> None:
        """Record what became of an appointment, `later` minutes after its beginning."""
        appointment.state, appointment.excuse = state, excuse
        self.rows.add(
            AppointmentOutcome,
            appointment=appointment,
            state=state,
            excuse=excuse,
            recorded_at=appointment.starts_at + dt.timedelta(minutes=later),
            by=self.by,
        )
        if state == AppointmentState.HELD:
            self.talk_days.append(local_date(appointment.starts_at))

    def hold(
        self, appointment: Appointment, topic: str, *, minutes: int = 40, with_partner: bool = False
    ) -> Contact:
        """The appointment took place and was written down."""
        self.outcome(appointment, AppointmentState.HELD)
        return self.contact(
            appointment.starts_at,
            Channel(appointment.channel),
            topic=topic,
            note=self._note(topic),
            minutes=minutes,
            appointment=appointment,
            with_partner=with_partner,
        )

    def book(
        self, earliest: dt.date, *, slots: int = 1, within: int = 6
    ) -> tuple[dt.datetime, dt.datetime] | None:
        """Free times in the manager's calendar within some days, and never beyond yesterday."""
        latest = min(earliest + dt.timedelta(days=within), self.world.yesterday)
        return self.world.diary.book(self.by, earliest, self.pick, latest=latest, slots=slots)

    def missed(self, day: dt.date, excuse: Excuse = Excuse.UNEXCUSED, *, agreed: bool = True) -> Appointment:
        """An appointment on a given day to which the client did not come."""
        times = self.world.diary.book(self.by, day, self.pick, latest=day)
        begin = times[0] if times else at(day, 16, 15)
        planned_at = at(next_working_day(day - dt.timedelta(days=9)), 11, 5)
        appointment = self.appointment(
            times or (begin, begin + dt.timedelta(minutes=30)),
            Channel.OFFICE,
            planned_at=planned_at,
            topic="finance",
            agreed=agreed,
        )
        self.outcome(appointment, AppointmentState.NO_SHOW, excuse)
        return appointment

    def follow_up(
        self, due_on: dt.date, text: str, *, hard: bool, recorded_on: dt.date, done: bool = False
    ) -> None:
        """A Wiedervorlage."""
        recorded_at = at(recorded_on, 14, 5)
        self.rows.add(
            FollowUp,
            uuid=self.key(),
            owner=self.by,
            client=self.client,
            text=text,
            due_on=due_on,
            is_hard=hard,
            done_at=at(due_on, 10, 30) if done else None,
            done_by=self.by if done else None,
            recorded_at=recorded_at,
            recorded_by=self.by,
        )
