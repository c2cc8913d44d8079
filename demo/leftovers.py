"""What is still to do in a file: appointments ahead and unfinished ones, follow-ups, a colleague's drop-in."""

from __future__ import annotations

import datetime as dt

from appointments.choices import AppointmentState, Channel, Excuse, InterpreterNeed
from appointments.rules.calendar import next_working_day
from demo import texts
from demo.people import weighted
from demo.story import Story
from demo.world import at


def leave_to_do(story: Story, role: int) -> None:
    """Appointments ahead, appointments nobody finished, follow-ups, a colleague's drop-in.

    Args:
        role: the number of the file among those of its manager; the first ones have something telling each.
    """
    world, pick, place = story.world, story.pick, story.place
    if 1 <= role <= 4:
        _today(story, role)
    elif 5 <= role <= 7:
        _forgotten(story, 2 * role - 8)
    elif pick.random() < 0.3:
        meet_soon(story)
    if 8 <= role <= 9 and len(place.managers) > 1:
        _dropped_in(story, role)
    if 10 <= role <= 19:
        offset = (-6, -2, 0, 0, 1, 2, 4, 7, 10, 15)[role - 10]
        text, hard = texts.FOLLOW_UPS[role - 10]
        due = world.as_of + dt.timedelta(days=offset)
        story.follow_up(due, text, hard=hard, recorded_on=world.working_day(-9))
    if pick.random() < 0.4 and story.talk_days:
        text, hard = pick.choice(texts.FOLLOW_UPS)
        recorded_on = story.talk_days[len(story.talk_days) // 2]
        due = next_working_day(recorded_on + dt.timedelta(days=pick.randint(4, 20)))
        if due <= world.yesterday:
            story.follow_up(due, text, hard=hard, recorded_on=recorded_on, done=True)


def _today(story: Story, role: int) -> None:
    day = next_working_day(story.world.as_of)
    times = story.world.diary.book(story.by, day, story.pick, latest=day)
    if times is not None:
        channel = Channel.HOME_VISIT if role == 4 else Channel.OFFICE
        if role == 4:
            story.warn(story.world.working_day(-120))
        topic = weighted(story.pick, texts.TOPIC_SHARES)
        story.appointment(times, channel, planned_at=at(story.world.working_day(-5), 10, 20), topic=topic)


def _forgotten(story: Story, days_ago: int) -> None:
    day = story.world.working_day(-days_ago)
    times = story.world.diary.book(story.by, day, story.pick, latest=day)
    if times is not None:
        planned_at = at(story.world.working_day(-days_ago - 6), 10, 20)
        appointment = story.appointment(times, Channel.OFFICE, planned_at=planned_at, topic="post")
        if days_ago == 2:
            story.outcome(appointment, AppointmentState.NO_SHOW, Excuse.UNDECIDED)


def meet_soon(story: Story) -> None:
    """An appointment in the next weeks."""
    earliest = story.world.as_of + dt.timedelta(days=story.pick.randint(1, 14))
    times = story.world.diary.book(story.by, earliest, story.pick, latest=earliest + dt.timedelta(days=5))
    if times is not None:
        need = InterpreterNeed.NONE
        if story.person.interpreter_needed:
            need = story.pick.choice(
                (InterpreterNeed.NEEDED, InterpreterNeed.BOOKED, InterpreterNeed.CONFIRMED)
            )
        story.appointment(
            times,
            Channel.OFFICE,
            planned_at=at(story.world.working_day(-2), 11, 30),
            topic=weighted(story.pick, texts.TOPIC_SHARES),
            interpreter=need,
        )


def _dropped_in(story: Story, role: int) -> None:
    """A colleague met the client and left a note for the manager to accept."""
    colleague = next(manager for manager in story.place.managers if manager != story.manager)
    day = story.world.working_day(8 - role - 1)
    story.contact(
        at(day, 16, 40),
        Channel.OPEN_HOUR,
        topic="residence",
        note="War in der offenen Sprechstunde, Brief der Ausländerbehörde mitgebracht. Bitte zurückrufen.",
        minutes=10,
        left_by=colleague,
        accepted=False,
        urgent=role == 8,
    )
