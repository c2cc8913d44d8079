"""Fills an empty installation: staff, files, their history, and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from appointments.choices import (
    Answer,
    AppointmentState,
    Channel,
    Direction,
    InterpreterKind,
    InterpreterNeed,
    Result,
    SpokenWith,
)
from appointments.models import (
    Appointment,
    Contact,
    ContactNote,
    ContactParticipant,
    FollowUp,
    Ladder,
    LadderAct,
)
from appointments.rules.calendar import add_months, next_working_day
from appointments.services.ladder import copy_view, ladders_of
from clients.models import Accommodation, Client, ContactPoint, Draft, Enquiry, SafetyNote
from clients.services.intake import log_answered, register_enquiry, take_enquiry
from clients.services.reach import first_periods
from integration_plans.rules.plan import review_date_in_force
from reports.demo import texts
from reports.demo.outreach import ActPlan
from reports.demo.people import PROFILES
from reports.demo.rows import Rows, insert
from reports.demo.story import Story
from reports.demo.town import Extras, Town, extras_for
from reports.demo.world import Place, Staffing, World, at, load_world, plan_stand_ins, random_uuid

FILES_AT_ONCE = 250
"""How many stories are kept in memory; a large installation is written in portions."""
REASON = "bulk loading of the demonstration"


@dataclass(frozen=True, slots=True)
class Counts:
    """What was written."""

    files: int
    active: int
    rows: int
    open_ladders: int


def service_start(as_of: dt.date, month: int) -> dt.date:
    """The first day of the service when `as_of` lies in its n-th month; at least 45 days of it have passed."""
    first = add_months(as_of.replace(day=1), -(month - 1))
    return min(first, as_of - dt.timedelta(days=45))


def seed(*, profile: str, clients: int, seed: int, as_of: dt.date, month: int, password: str) -> Counts:
    """Write the demonstration.

    Args:
        profile: whose distributions, "seed" (2018) or "today".
        clients: own files in phase active; all else comes on top.
        seed: the same number makes the same town.
        as_of: the day it shows.
        month: the month of the service this day lies in.
        password: of the demo users.
    """
    began_on = service_start(as_of, month)
    with translation.override("de"), transaction.atomic():
        places, neighbour, users = Staffing(as_of, began_on, password).build(clients)
        world = load_world(as_of, began_on, seed)
        plan_stand_ins(world, users)
        written = _Writer(world)
        share, left = divmod(clients, len(places))
        for number, place in enumerate(places):
            active = share + (1 if number < left else 0)
            town = Town(world, place, PROFILES[profile], month)
            written.town(town, active, extras_for(active, month), neighbour if number == 0 else None)
        # Next door the service has few people, none of them in phase active: that number is Stutensee's.
        months_next_door = (as_of - neighbour.began_on).days // 30
        next_door = Town(world, neighbour, PROFILES[profile], months_next_door)
        written.town(next_door, 0, Extras(contacting=4, intake=7, paused=3, closed=6, inbox=2), None)
        _enquiries(world, places[0], users)
        _around_the_files(world, users)
        _tell_the_planner()
    return written.counts()


def _tell_the_planner() -> None:
    """PostgreSQL knows nothing of rows that came in one go; a guess of one row made a count take minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


class _Writer:
    """Tells stories portion by portion and writes what follows from each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.files = self.active = self.rows = self.open_ladders = 0

    def counts(self) -> Counts:
        return Counts(self.files, self.active, self.rows, self.open_ladders)

    def town(self, town: Town, active: int, extras: Extras, moved_from: Place | None) -> None:
        plans = town.plan(active, extras, moved_from=moved_from)
        numbers = town.case_numbers(plans)
        rows, stories, acts = Rows(), [], []
        before: Story | None = None
        for plan, case_no in zip(plans, numbers, strict=True):
            story, more = town.tell(plan, case_no, rows, before)
            before = story if plan.with_partner else None
            stories.append(story)
            acts += more
            if len(stories) >= FILES_AT_ONCE and before is None:
                self.portion(rows, stories, acts)
                rows, stories, acts = Rows(), [], []
        self.portion(rows, stories, acts)
        self.files += len(plans)
        self.active += active

    def portion(self, rows: Rows, stories: Sequence[Story], acts: Sequence[ActPlan]) -> None:
        _stand(self.world, rows, stories)
        files = [story.client for story in stories]
        homes, points, notes = rows.of(Accommodation), rows.of(ContactPoint), rows.of(SafetyNote)
        for period in first_periods(files, homes, points, notes, self.world.now):
            rows.add(period)
        self.rows += rows.write()
        self.open_ladders += _compute_ladders(self.world, files, acts)


def _stand(world: World, rows: Rows, stories: Sequence[Story]) -> None:
    """What the services would have copied to the file: talks, next appointment, level, next review."""
    upcoming: dict[int, dt.datetime] = {}
    for appointment in rows.of(Appointment):
        if appointment.state == AppointmentState.PLANNED and appointment.starts_at > world.now:
            key = id(appointment.client)
            upcoming[key] = min(upcoming.get(key, appointment.starts_at), appointment.starts_at)
    for story in stories:
        if story.talk_days:
            story.client.counselling_started_on = min(story.talk_days)
            story.client.last_contact_on = max(story.talk_days)
        story.client.next_appointment_at = upcoming.get(id(story.client))
        story.client.intensity, story.client.intensity_since = story.level, story.level_since
        story.client.next_review_on = review_date_in_force(story.review_by_plan, story.review_by_intensity)


def _compute_ladders(world: World, files: Sequence[Client], plans: Sequence[ActPlan]) -> int:
    """Ladders follow from the facts; acts need a ladder to belong to, so their files are computed twice.

    Returns:
        How many ladders stand open.
    """
    rows: dict[tuple[int, str], Ladder] = {}
    for key, views in ladders_of(files, world.now).items():
        for view in views:
            row = Ladder(client_id=key)
            copy_view(row, view)
            rows[key, view.key] = row
    case_numbers = {file.pk: file.case_no for file in files}
    for (key, _trigger), row in rows.items():
        row.uuid = random_uuid(world.chance("ladder", case_numbers[key], row.t0))
    acted = {plan.story.client.pk: plan.story.client for plan in plans}
    managers = {file.pk: file.manager_id for file in files}
    _answer_questions(world, [row for row in rows.values() if row.client_id not in acted], managers)
    insert(Ladder, rows.values())
    if acted:
        _write_acts(world, plans, list(rows.values()))
        for key, views in ladders_of(list(acted.values()), world.now).items():
            for view in views:
                copy_view(rows[key, view.key], view)
        changed = [row for row in rows.values() if row.client_id in acted]
        Ladder.objects.unscoped(reason=REASON).bulk_update(changed, LADDER_FIELDS)
    return sum(1 for row in rows.values() if row.ended_at is None)


LADDER_FIELDS = (
    "trigger",
    "t0",
    "began_on",
    "stage",
    "reached",
    "suspended",
    "next_due_on",
    "act_on",
    "ended_at",
    "end_reason",
    "question_due_on",
)


def _write_acts(world: World, plans: Sequence[ActPlan], rows: Sequence[Ladder]) -> None:
    acts = []
    for plan in plans:
        client = plan.story.client
        open_then = [row for row in rows if row.client_id == client.pk and row.t0 <= plan.at]
        ladder = max(open_then, key=lambda row: row.t0)
        acts.append(
            LadderAct(
                uuid=random_uuid(world.chance("act", client.case_no, plan.at)),
                ladder=ladder,
                kind=plan.kind,
                at=plan.at,
                by=plan.story.by,
                day=plan.day,
                channel=plan.channel,
                detail=plan.detail,
            )
        )
    insert(LadderAct, acts)


QUESTIONS_OPEN_FOR = dt.timedelta(days=12)
"""Questions of the last days still stand in Mein Tag; older ones were answered."""


def _answer_questions(world: World, rows: Iterable[Ladder], managers: Mapping[int, int | None]) -> None:
    """After a two-way end the manager was asked: new appointment, or none needed?"""
    for row in rows:
        if row.question_due_on is None or row.ended_at is None:
            continue
        if row.ended_at > world.now - QUESTIONS_OPEN_FOR:
            continue
        row.answer = Answer.NONE_NEEDED
        row.answered_at = row.ended_at + dt.timedelta(days=1)
        row.answered_by_id = managers[row.client_id]
        row.question_due_on = None


def _enquiries(world: World, place: Place, users: Mapping[str, User]) -> None:
    """Two enquiries wait, one was taken, one the officer answered herself."""
    officer, manager = users["officer"], users["manager"]
    people = (("Rahwa", "Ghebreselassie"), ("Andrii", "Lysohorenko"), ("", "Schulsekretariat"), ("", ""))
    for number, ((given, surname), (reason, reach)) in enumerate(zip(people, texts.ENQUIRIES, strict=True)):
        enquiry = Enquiry(
            municipality=place.municipality,
            surname=surname,
            given_name=given,
            reach=reach,
            reason=reason,
            source=world.sources["town"],
        )
        moment = at(world.working_day(-2 - number), 10, 15)
        if number == 3:
            enquiry.reach = enquiry.reason = ""
            enquiry.topic, enquiry.minutes = world.topics["participation"], 15
            log_answered(enquiry, by=officer, now=moment)
        else:
            register_enquiry(enquiry, by=officer, now=moment)
            if number == 2:
                take_enquiry(enquiry, by=manager, now=moment + dt.timedelta(hours=3))


def _around_the_files(world: World, users: Mapping[str, User]) -> None:
    """What belongs to a manager and to no file, a group event, and something typed and not sent yet."""
    manager = users["manager"]
    pick = world.chance("around")
    for number, text in enumerate(texts.OWN_FOLLOW_UPS):
        FollowUp.objects.create(
            uuid=random_uuid(pick),
            owner=manager,
            text=text,
            due_on=next_working_day(world.as_of + dt.timedelta(days=1 + 6 * number)),
            recorded_at=at(world.working_day(-3), 15, 0),
            recorded_by=manager,
        )
    files = list(
        Client.objects.unscoped(reason=REASON)
        .filter(manager=manager, phase="active")
        .order_by("case_no")[:12]
    )
    if not files:
        return
    _group_event(world, manager, files)
    _draft(world, manager, files[-1])


def _group_event(world: World, manager: User, files: Sequence[Client]) -> None:
    """An evening about the school system; it counts once, with its attendees."""
    pick = world.chance("group")
    moment = at(world.working_day(-16), 17, 0)
    event = Contact.objects.create(
        uuid=random_uuid(pick),
        client=files[0],
        happened_at=moment,
        happened_on=moment.date(),
        recorded_at=moment + dt.timedelta(hours=2),
        recorded_by=manager,
        minutes=90,
        channel=Channel.GROUP,
        direction=Direction.OUT,
        spoken_with=SpokenWith.CLIENT,
        result=Result.TALK,
        main_topic=world.topics["education"],
        language=world.languages["de"],
    )
    insert(ContactParticipant, [ContactParticipant(contact=event, client=file) for file in files])
    ContactNote.objects.create(contact=event, client=files[0], text="Infoabend zum Schulsystem im Rathaus.")


def _draft(world: World, manager: User, file: Client) -> None:
    """Something typed on the last working day that was not sent yet, with everything the form presets."""
    day = world.working_day(-1)
    typed = {
        "channel": Channel.PHONE.value,
        "result": Result.TALK.value,
        "spoken_with": SpokenWith.CLIENT.value,
        "direction": Direction.OUT.value,
        "interpreter": InterpreterKind.NONE.value,
        "minutes": "10",
        "main_topic": str(world.topics["housing"].pk),
        "language": str(world.languages["de"].pk),
        "date": day.isoformat(),
        "time": "17:30",
        "note": "Schreiben der Wohnungsbaugesellschaft gelesen, Rückruf vereinbart. Noch offen:",
        "follow_up_in": "",
        "next_minutes": "45",
        "next_channel": Channel.OFFICE.value,
        "next_interpreter": InterpreterNeed.NONE.value,
        "next_agreed": "on",
    }
    Draft.objects.create(
        author=manager,
        form="contact_log",
        object_key=str(file.uuid),
        path=reverse("file_appointments:contact_new", args=[file.uuid]),
        title="Beratung erfassen",
        case_no=file.case_no,
        data={name: [value] for name, value in typed.items()},
        saved_at=at(day, 17, 44),
    )
