"""What stands beside the files: enquiries, a dismissal, own follow-ups, a group event, a draft, stored tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import takewhile

from django.urls import reverse

from accounts.actor import Actor
from accounts.models import User
from accounts.rules.calendar import next_working_day
from appointments.choices import Channel, Direction, InterpreterKind, InterpreterNeed, Result, SpokenWith
from appointments.models import Contact, ContactNote, ContactParticipant, FollowUp
from clients.models import Client, Draft
from clients.services.duplicate_dismissals import dismiss_between_new_files
from demo import texts
from demo.copies import Told
from demo.world import REASON, Place, World, at, random_key
from intake.models import Enquiry
from intake.services.enquiries import log_answered, register_enquiry, take_enquiry
from reports.rules.periods import half_year_ends
from reports.services import join_case_list, policy_on, store_tables_of


def add_enquiries(world: World, place: Place, users: Mapping[str, User]) -> None:
    """Two enquiries wait, one was taken, one the officer answered herself."""
    officer, manager = users["officer"], users["manager"]
    pick = world.chance("enquiries")
    people = (("Rahwa", "Ghebreselassie"), ("Andrii", "Lysohorenko"), ("", "Schulsekretariat"), ("", ""))
    for number, ((given, surname), (reason, reach)) in enumerate(zip(people, texts.ENQUIRIES, strict=True)):
        enquiry = Enquiry(
            uuid=random_key(pick),
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
            log_answered(Actor(officer, moment), enquiry)
        else:
            register_enquiry(Actor(officer, moment), enquiry)
            if number == 2:
                take_enquiry(Actor(manager, moment + dt.timedelta(hours=3)), enquiry)


def add_dismissal(town: Told) -> None:
    """Two people with nearly one name and one date of birth; the manager knows both and said that they are two."""
    files = {id(plan): story.client for plan, story in zip(town.plans, town.stories, strict=True)}
    for plan in town.plans:
        before = plan.told_apart_from
        if before is not None and plan.manager is not None:
            taken_on = max(day for day in (plan.taken_on, before.taken_on) if day is not None)
            # Said on that day: nothing may be derived as of then, for the files have gone on since.
            pair = files[id(plan)], files[id(before)]
            dismiss_between_new_files(Actor(plan.manager, at(taken_on, 14, 20)), [pair])


def add_around_the_files(world: World, users: Mapping[str, User]) -> None:
    """What belongs to a manager and to no file, a group event, and something typed and not sent yet."""
    manager = users["manager"]
    pick = world.chance("around")
    for number, text in enumerate(texts.OWN_FOLLOW_UPS):
        FollowUp.objects.create(
            uuid=random_key(pick),
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
        uuid=random_key(pick),
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
    ContactParticipant.objects.bulk_create(ContactParticipant(contact=event, client=file) for file in files)
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


def deal_with_reference_days(world: World) -> None:
    """What the daily command would have done: tables of people are stored, and the files joined the list of cases."""
    passed = list(takewhile(lambda day: day >= world.began_on, half_year_ends(world.as_of)))
    for day in reversed(passed):
        due_on = day + dt.timedelta(days=policy_on(day).days_after)
        if due_on <= world.as_of:
            store_tables_of(Actor.system("store_tables", at(due_on, 5)), day)
    join_case_list(Actor.system("store_tables", at(world.as_of, 5)))
