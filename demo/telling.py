"""Files told one by one, and what follows from their facts by the rules of the application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from appointments.choices import Answer, AppointmentState
from appointments.models import Appointment, Ladder, LadderAct
from appointments.services.ladder import copy_view, ladders_of
from clients.models import Accommodation, Client, ContactPoint, ReachPeriod, SafetyNote
from clients.services.reach import first_periods
from demo.copies import Original
from demo.outreach import ActPlan
from demo.rows import ORDER, Rows
from demo.store import Store
from demo.story import Story
from demo.town import Extras, Town
from demo.world import REASON, Place, World, random_key
from integration_plans.rules.plan import review_date_in_force, review_due_on

FILES_AT_ONCE = 250
"""How many stories are kept in memory; a large installation is written in portions."""


class Teller:
    """Tells stories portion by portion and writes what follows from each."""

    def __init__(self, world: World, store: Store) -> None:
        self.world = world
        self.store = store

    def town(self, town: Town, active: int, extras: Extras, moved_from: Place | None = None) -> Original:
        """Tell all files of a municipality."""
        plans = town.plan(active, extras, moved_from=moved_from)
        numbers = town.case_numbers(plans)
        first = {model: self.store.table(model).free for model in ORDER}
        rows, stories, acts = Rows(self.store), [], []
        before: Story | None = None
        for plan, case_no in zip(plans, numbers, strict=True):
            story, more = town.tell(plan, case_no, rows, before)
            before = story if plan.with_partner else None
            stories.append(story)
            acts += more
            if len(stories) >= FILES_AT_ONCE and before is None:
                self._portion(rows, stories, acts)
                rows, stories, acts = Rows(self.store), [], []
        self._portion(rows, stories, acts)
        spans = {model: range(first[model], self.store.table(model).free) for model in ORDER}
        return Original(town.place, plans, spans)

    def _portion(self, rows: Rows, stories: Sequence[Story], acts: Sequence[ActPlan]) -> None:
        _stand(self.world, rows, stories)
        files = [story.client for story in stories]
        _put_reach_on_record(self.world, rows, files)
        rows.write()
        _compute_ladders(self.world, self.store, files, acts)


def _put_reach_on_record(world: World, rows: Rows, files: Sequence[Client]) -> None:
    """What the services would have recorded of how somebody may be reached."""
    homes, points, notes = rows.of(Accommodation), rows.of(ContactPoint), rows.of(SafetyNote)
    for period in first_periods(files, homes, points, notes, world.now):
        rows.add(
            ReachPeriod,
            client=period.client,
            kind=period.kind,
            home=period.home,
            since=period.since,
            until=period.until,
            recorded_at=period.recorded_at,
        )


def _stand(world: World, rows: Rows, stories: Sequence[Story]) -> None:
    """What the services would have copied to the file: talks, next appointment, level, next review."""
    upcoming: dict[int, dt.datetime] = {}
    for appointment in rows.of(Appointment):
        if appointment.state == AppointmentState.PLANNED and appointment.starts_at > world.now:
            key = appointment.client_id
            upcoming[key] = min(upcoming.get(key, appointment.starts_at), appointment.starts_at)
    for story in stories:
        if story.talk_days:
            story.client.counselling_started_on = min(story.talk_days)
            story.client.last_contact_on = max(story.talk_days)
        story.client.next_appointment_at = upcoming.get(story.client.pk)
        story.client.intensity, story.client.intensity_since = story.level, story.level_since
        story.client.unprotected_intensity = story.unprotected_level
        story.client.next_review_on = review_due_on(
            review_date_in_force(story.review_by_plan, story.review_by_intensity)
        )


def _compute_ladders(world: World, store: Store, files: Sequence[Client], plans: Sequence[ActPlan]) -> None:
    """Ladders follow from the facts; acts need a ladder to belong to, so their files are computed twice."""
    rows: dict[tuple[int, str], Ladder] = {}
    for key, views in ladders_of(files, world.now).items():
        for view in views:
            row = store.make(Ladder, client_id=key)
            copy_view(row, view)
            rows[key, view.key] = row
    case_numbers = {file.pk: file.case_no for file in files}
    for (key, _trigger), row in rows.items():
        row.uuid = random_key(world.chance("ladder", case_numbers[key], row.t0))
    acted = {plan.story.client.pk: plan.story.client for plan in plans}
    managers = {file.pk: file.manager_id for file in files}
    _answer_questions(world, [row for row in rows.values() if row.client_id not in acted], managers)
    store.write(Ladder, rows.values())
    if acted:
        _write_acts(world, store, plans, list(rows.values()))
        for key, views in ladders_of(list(acted.values()), world.now).items():
            for view in views:
                copy_view(rows[key, view.key], view)
        changed = [row for row in rows.values() if row.client_id in acted]
        Ladder.objects.unscoped(reason=REASON).bulk_update(changed, LADDER_FIELDS)


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


def _write_acts(world: World, store: Store, plans: Sequence[ActPlan], rows: Sequence[Ladder]) -> None:
    acts = []
    for plan in plans:
        client = plan.story.client
        open_then = [row for row in rows if row.client_id == client.pk and row.t0 <= plan.at]
        ladder = max(open_then, key=lambda row: row.t0)
        acts.append(
            store.make(
                LadderAct,
                uuid=random_key(world.chance("act", client.case_no, plan.at)),
                ladder=ladder,
                kind=plan.kind,
                at=plan.at,
                by=plan.story.by,
                day=plan.day,
                channel=plan.channel,
                detail=plan.detail,
            )
        )
    store.write(LadderAct, acts)


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
