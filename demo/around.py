"""What stands beside the files: enquiries, a dismissal, own follow-ups, a group event, a draft, stored tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import takewhile

from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Municipality, User
from accounts.rules.calendar import local_date, next_working_day
from appointments.choices import Channel, Direction, InterpreterKind, InterpreterNeed, Result, SpokenWith
from appointments.models import (
    Contact,
    ContactNote,
    ContactParticipant,
    FollowUp,
    WorkingHours,
)
from clients.models import Client, Draft
from clients.services.duplicate_dismissals import dismiss_between_new_files
from demo import texts
from demo.copies import Told
from demo.world import REASON, Place, World, at, random_key
from intake.choices import ConsentForm, HandoverState
from intake.models import DistrictMove, Enquiry, Handover
from intake.services.enquiries import log_answered, register_enquiry, take_enquiry
from reports.models import FrozenReport
from reports.periods.freezing import freeze
from reports.rules.periods import Kind, containing, half_year_ends, half_year_of, months
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


def enter_working_hours(world: World, users: Mapping[str, User]) -> None:
    """Whole days until Thursday and a short Friday; the colleague works in the mornings."""
    day, noon = (dt.time(8), dt.time(12)), (dt.time(13), dt.time(16, 30))
    short = (dt.time(8, 30), dt.time(12, 30))
    weeks: Mapping[str, Mapping[int, Sequence[tuple[dt.time, dt.time]]]] = {
        "manager": {**dict.fromkeys(range(4), (day, noon)), 4: (day,)},
        "colleague": dict.fromkeys(range(5), (short,)),
    }
    WorkingHours.objects.bulk_create(
        WorkingHours(
            user=users[name], weekday=weekday, begins=begins, ends=ends, valid_from=world.working_day(-60)
        )
        for name, week in weeks.items()
        for weekday, spans in week.items()
        for begins, ends in spans
    )


def add_around_the_files(world: World, users: Mapping[str, User]) -> None:
    """What belongs to a manager and to no file, a group event, and something typed and not sent yet."""
    manager = users["manager"]
    enter_working_hours(world, users)
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
    _handovers(world, users, files)
    _group_event(world, manager, files)
    _draft(world, manager, files[-1])


def _handovers(world: World, users: Mapping[str, User], files: Sequence[Client]) -> None:
    """One file is offered to the manager, one she offered waits and one was declined; one came from another town."""
    manager, colleague = users["manager"], users["colleague"]
    pick = world.chance("handovers")
    hers = (
        Client.objects.unscoped(reason=REASON).filter(manager=colleague, phase="active").order_by("case_no")
    )
    asked = [(file, colleague, manager, 0) for file in hers[:1]]
    asked += [(file, manager, colleague, number + 1) for number, file in enumerate(files[2:4])]
    for file, by, to, number in asked:
        declined = number == 2
        Handover.objects.create(
            uuid=random_key(pick),
            client=file,
            proposed_by=by,
            proposed_to=to,
            proposed_at=at(world.working_day(-2 - number), 9, 40),
            note=texts.HANDOVERS[number],
            state=HandoverState.DECLINED if declined else HandoverState.PROPOSED,
            settled_at=at(world.working_day(-1), 11, 5) if declined else None,
            answer=texts.HANDOVER_DECLINED if declined else "",
        )
    elsewhere = Municipality.objects.exclude(pk=files[0].municipality_id).order_by("pk").first()
    if elsewhere is not None:
        file = files[-1]
        moved_on = local_date(file.registered_at)
        DistrictMove.objects.create(
            uuid=random_key(pick),
            client=file,
            from_municipality=elsewhere,
            to_municipality=file.municipality,
            moved_on=moved_on,
            consent_on=moved_on,
            consent_form=ConsentForm.SIGNED,
            recorded_by=manager,
            recorded_at=file.registered_at,
        )


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
        attendees=14,
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
    """What the daily command would have done on reference days: tables of people, list of cases."""
    passed = list(takewhile(lambda day: day >= world.began_on, half_year_ends(world.as_of)))
    for day in reversed(passed):
        due_on = day + dt.timedelta(days=policy_on(day).days_after)
        if due_on <= world.as_of:
            store_tables_of(Actor.system("store_tables", at(due_on, 5)), day)
    join_case_list(Actor.system("store_tables", at(world.as_of, 5)))


def freeze_half_year(world: World, users: Mapping[str, User], place: Place) -> None:
    """The officer froze the report of the last half-year that is over, two weeks after its end."""
    end = next(day for day in half_year_ends(world.as_of) if day < world.as_of)
    first = half_year_of(end)
    day = end + dt.timedelta(days=14)
    if first < world.began_on or day > world.as_of:
        return
    period = months(containing(Kind.MONTH, first), containing(Kind.MONTH, end))
    title = f"{'1' if end.month == 6 else '2'}. Halbjahr {end.year}: Kennzahlen für den Gemeinderat"
    report = FrozenReport(uuid=random_key(world.chance("report")), title=title)
    freeze(Actor(users["officer"], at(day, 9)), report, [place.municipality], period)
