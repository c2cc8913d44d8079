"""The story of one file: who came, what was talked about, what was planned, what went wrong.

A story writes facts only, each with the time it happened and the time it was recorded. Outreach ladders, standing
columns and everything due are computed from them afterwards by the rules the application itself uses.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from accounts.models import User
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
from appointments.rules.calendar import add_working_days, local_date, next_working_day
from appointments.rules.contact import CLIENT_SIDE, WRITING
from clients.choices import FactKind, Intensity, Phase, PointKind, Precision, Reading, Relation
from clients.models import (
    Accommodation,
    Client,
    ClientLanguage,
    ClientName,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    Household,
    HouseholdMember,
    PhaseChange,
    Relative,
    Residence,
    Responsibility,
    SafetyNote,
)
from clients.rules.names import display_phone
from clients.services.names import fill_folded, fill_search_name
from integration_plans.rules.plan import ReviewDate
from reports.demo import texts
from reports.demo.people import Person, weighted
from reports.demo.rows import Rows, TopicOfContact
from reports.demo.world import Place, World, at, random_key

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
"""How talks are held (domain.md §8.5)."""

BY_APPOINTMENT = frozenset({Channel.OFFICE, Channel.HOME_VISIT, Channel.ACCOMPANIMENT})

MINUTES: dict[Channel, tuple[int, ...]] = {
    Channel.PHONE: (5, 10, 15),
    Channel.MESSAGE: (5, 10),
    Channel.HOME_VISIT: (45, 60),
    Channel.OPEN_HOUR: (10, 15, 20, 30),
    Channel.ACCOMPANIMENT: (60, 90),
}

OUTCOMES: Sequence[tuple[AppointmentState, int]] = (
    (AppointmentState.HELD, 66),
    (AppointmentState.NO_SHOW, 26),
    (AppointmentState.CANCELLED_CLIENT, 5),
    (AppointmentState.CANCELLED_US, 3),
)


class Story:
    """Writes the rows of one file into a batch.

    Args:
        world: catalogues and calendar.
        rows: where the rows go.
        place: the municipality.
        manager: who takes the file; None leaves it in the inbox.
        person: whose file it is.
        case_no: its number.
        registered_on: when it came into the inbox.
    """

    def __init__(
        self,
        world: World,
        rows: Rows,
        place: Place,
        manager: User | None,
        person: Person,
        case_no: str,
        registered_on: dt.date,
    ) -> None:
        self.world = world
        self.rows = rows
        self.place = place
        self.manager = manager
        self.person = person
        self.pick: random.Random = world.chance("story", case_no)
        self.registered_at = at(registered_on, self.pick.randint(8, 11), self.pick.randint(0, 59))
        self.registered_on = registered_on
        self.level = ""
        self.level_since: dt.date | None = None
        self.review_by_plan: ReviewDate | None = None
        self.review_by_intensity: ReviewDate | None = None
        self.talk_days: list[dt.date] = []
        self.partner: Story | None = None
        self.household: Household | None = None
        self.period: CounsellingPeriod | None = None
        self.client = self._open(case_no)

    # What stands in the file from the first day on

    def _key(self) -> str:
        return random_key(self.pick)

    def _open(self, case_no: str) -> Client:
        person, world = self.person, self.world
        client: Client = self.rows.add(
            Client,
            uuid=self._key(),
            subject_ref=self._key(),
            case_no=case_no,
            municipality=self.place.municipality,
            manager=self.manager,
            phase=Phase.ACCESS,
            phase_since=self.registered_on,
            source=world.sources["allocation" if self.pick.random() < 0.7 else "self"],
            surname=person.surname,
            given_name=person.given_name,
            birth_date=person.birth_date,
            birth_precision=person.birth_precision,
            gender=person.gender,
            nationality=world.countries[person.nationality],
            interpreter_needed=person.interpreter_needed,
            preferred_language=world.languages[person.tongue.code],
            reading=Reading.SCRIPTS if person.reads else Reading.NONE,
            scripts=[person.tongue.script.value] if person.reads else [],
            arrived_on=person.arrived_on,
            arrived_precision=Precision.DAY,
            assigned_on=self.registered_on - dt.timedelta(days=3),
            registered_at=self.registered_at,
        )
        fill_search_name(client)
        name = self.rows.add(
            ClientName, client=client, surname=person.surname, given_name=person.given_name, is_main=True
        )
        fill_folded(name)
        self.rows.add(ClientLanguage, client=client, language=world.languages[person.tongue.code], order=0)
        if person.german_level not in ("none", "a1"):
            self.rows.add(ClientLanguage, client=client, language=world.languages["de"], order=1)
        self.period = self.rows.add(CounsellingPeriod, client=client, opened_on=self.registered_on)
        self._phase_row(client, Phase.ACCESS, self.registered_at, None)
        self.waiting = self.rows.add(
            Responsibility,
            client=client,
            manager=None,
            municipality=self.place.municipality,
            since=self.registered_at,
        )
        self._facts(client)
        return client

    def _facts(self, client: Client) -> None:
        person, pick, world = self.person, self.pick, self.world
        self.home = self.rows.add(
            Accommodation,
            uuid=self._key(),
            client=client,
            kind=person.accommodation,
            street=person.street,
            postcode="76297",
            town=self.place.municipality.name,
            quarter=person.quarter if self.place.municipality.code == "STU" else "",
            since=self.registered_on - dt.timedelta(days=3),
            recorded_at=self.registered_at,
        )
        self.phone = self.rows.add(
            ContactPoint,
            uuid=self._key(),
            client=client,
            kind=PointKind.MOBILE,
            value=display_phone(person.mobile),
            normalised=person.mobile,
            since=self.registered_at,
        )
        self._residence(client)
        for kind, value in (
            (FactKind.GERMAN_LEVEL, person.german_level),
            (
                FactKind.COURSE,
                pick.choice(("waiting", "running", "running", "passed_b1", "interrupted", "entitled")),
            ),
            (
                FactKind.EMPLOYMENT,
                pick.choice(("seeking", "full_time", "part_time", "mini_job", "care", "measure")),
            ),
            (FactKind.BENEFITS, pick.choice(("sgb2", "sgb2", "sgb2", "asylblg_2", "none"))),
        ):
            self.rows.add(
                DatedFact,
                uuid=self._key(),
                client=client,
                kind=kind,
                value=world.fact_values[f"{kind.value}-{value}"],
                since=self.registered_on,
                recorded_at=self.registered_at,
            )

    def _residence(self, client: Client) -> None:
        pick = self.pick
        ends = self.world.as_of + dt.timedelta(days=pick.randint(-5, 900))
        self.rows.add(
            Residence,
            uuid=self._key(),
            client=client,
            status=self.person.residence,
            since=min(ends - dt.timedelta(days=365), self.registered_on),
            printed_until=ends,
            recorded_at=self.registered_at,
        )

    def live_with(self, other: Story | None, children: bool) -> None:
        """Form a household: with a partner who has a file, and with the children named in this file."""
        if other is None and not (children and self.person.children):
            return
        if other is not None and other.household is not None:
            self.household = other.household
            self.partner, other.partner = other, self
        else:
            self.household = self.rows.add(Household, uuid=self._key(), municipality=self.place.municipality)
        relation = Relation.PARTNER if other is not None else Relation.REFERENCE
        since = self.registered_on
        self.rows.add(
            HouseholdMember, household=self.household, client=self.client, relation=relation, since=since
        )
        for child in self.person.children if children else ():
            relative = self.rows.add(
                Relative,
                uuid=self._key(),
                client=self.client,
                surname=child.surname,
                given_name=child.given_name,
                birth_date=child.birth_date,
                relation=Relation.CHILD,
            )
            self.rows.add(
                HouseholdMember,
                household=self.household,
                relative=relative,
                relation=Relation.CHILD,
                since=since,
            )

    def warn(self, day: dt.date) -> None:
        """A safety note: visits only in pairs."""
        self.rows.add(
            SafetyNote,
            uuid=self._key(),
            client=self.client,
            only_in_pairs=True,
            reason=self.pick.choice(texts.SAFETY_REASONS),
            set_by=self.by,
            set_at=at(day, 16, 10),
            expires_on=self.world.as_of + dt.timedelta(days=200),
        )

    # Phases and responsibility

    @property
    def by(self) -> User:
        """Who acts in this file: its manager."""
        if self.manager is None:
            raise ValueError("nobody has taken this file")
        return self.manager

    def _phase_row(
        self, client: Client, phase: Phase, moment: dt.datetime, by: User | None, reason: str = ""
    ) -> None:
        on = local_date(moment)
        self.rows.add(PhaseChange, client=client, phase=phase, on=on, at=moment, by=by, reason=reason)
        client.phase, client.phase_since = phase, on

    def phase(self, phase: Phase, moment: dt.datetime, reason: str = "") -> None:
        """The manager sets the phase."""
        self._phase_row(self.client, phase, moment, self.by, reason)

    def take(self, day: dt.date) -> dt.datetime:
        """The manager takes the file from the inbox."""
        moment = at(day, self.pick.randint(8, 10), self.pick.randint(5, 55))
        moment = max(moment, self.registered_at + dt.timedelta(minutes=30))
        self.waiting.until = moment
        self.rows.add(
            Responsibility,
            client=self.client,
            manager=self.manager,
            municipality=self.place.municipality,
            since=moment,
            is_taking=True,
        )
        self.phase(Phase.CONTACTING, moment)
        return moment

    def move(self, place: Place, manager: User, day: dt.date) -> None:
        """The client moves to another municipality and gets its manager; the case number stays."""
        moment = at(day, 9, 40)
        former = next(
            row
            for row in reversed(self.rows.of(Responsibility))
            if row.client is self.client and row.until is None
        )
        former.until = moment
        self.rows.add(
            Responsibility,
            client=self.client,
            manager=manager,
            municipality=place.municipality,
            since=moment,
            from_user=self.manager,
            reason="Umzug",
        )
        self.place, self.manager = place, manager
        self.client.municipality, self.client.manager = place.municipality, manager

    def close(self, day: dt.date, reason: str) -> None:
        """Counselling ends."""
        moment = at(day, 16, 20)
        self.phase(Phase.CLOSED, moment)
        if self.period is not None:
            self.period.closed_on = day
            self.period.closing_reason = self.world.closing_reasons[reason]
            self.period.closed_by = self.by

    # Contacts and appointments

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
            uuid=self._key(),
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
            language_ok=self.person.reads or not written,
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
            uuid=self._key(),
            client=self.client,
            manager=self.manager,
            starts_at=begin,
            ends_at=end,
            channel=channel,
            place="" if channel != Channel.OFFICE else "Rathaus, Zimmer 3",
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

    # How a file usually goes

    def reach(self, taken_on: dt.date, latest: dt.date) -> dt.date:
        """Somebody makes contact for the first time, after a letter now and then; returns the day it worked."""
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
        state = weighted(self.pick, OUTCOMES)
        if state == AppointmentState.NO_SHOW and channel == Channel.HOME_VISIT:
            state = AppointmentState.NOT_MET
        match state:
            case AppointmentState.HELD:
                self.hold(appointment, topic, with_partner=joint)
                return held_on, True
            case AppointmentState.NO_SHOW:
                excuse = Excuse.EXCUSED if self.pick.random() < 0.25 else Excuse.UNEXCUSED
                self.outcome(appointment, state, excuse, later=120)
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
        self.contact(
            self.moment_on(day),
            Channel.PHONE,
            spoken_with=SpokenWith.THIRD_PARTY,
            organisation=body,
            topic=weighted(self.pick, texts.TOPIC_SHARES),
            minutes=10,
        )

    def follow_up(
        self, due_on: dt.date, text: str, *, hard: bool, recorded_on: dt.date, done: bool = False
    ) -> None:
        """A Wiedervorlage."""
        recorded_at = at(recorded_on, 14, 5)
        self.rows.add(
            FollowUp,
            uuid=self._key(),
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
