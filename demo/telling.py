"""Files told one by one, and what follows from their facts by the rules of the application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from appointments.choices import AppointmentState
from appointments.models import Appointment
from clients.models import Accommodation, Client, ContactPoint, DueItem, SafetyNote
from clients.recompute import CHUNK, derive_items, next_due, stored_facts
from clients.services.reach import first_periods
from demo.copies import Told
from demo.kept import add_consents
from demo.network import add_referrals
from demo.outreach import ActPlan
from demo.rows import Rows
from demo.story import Story
from demo.town import Extras, Town
from demo.world import REASON, Place, World, random_key
from integration_plans.rules.plan import review_date_in_force, review_due_on
from outreach.choices import Answer
from outreach.models import Ladder, LadderAct
from outreach.services.ladders import copy_view, ladders_of


def tell(town: Town, active: int, extras: Extras, moved_from: Place | None = None) -> Told:
    """Tell all files of a municipality and write what follows from them."""
    plans = town.plan(active, extras, moved_from=moved_from)
    rows, stories, acts = Rows(), [], []
    before: Story | None = None
    for plan, case_no in zip(plans, town.case_numbers(plans), strict=True):
        story, more = town.tell(plan, case_no, rows, before)
        before = story if plan.with_partner else None
        stories.append(story)
        acts += more
    add_consents(town.world, rows, stories)
    add_referrals(town.world, rows, stories)
    _stand(town.world, rows, stories)
    files = [story.client for story in stories]
    for period in first_periods(
        files, rows.of(Accommodation), rows.of(ContactPoint), rows.of(SafetyNote), town.world.now
    ):
        rows.gather(period)
    rows.write()
    _compute_ladders(town.world, rows, files, acts)
    _derive_items(town.world, rows, files)
    return Told(town.place, plans, stories, rows)


def _stand(world: World, rows: Rows, stories: Sequence[Story]) -> None:
    """What the services would have copied to the file: talks, next appointment, level, next review."""
    upcoming: dict[str, dt.datetime] = {}
    for appointment in rows.of(Appointment):
        if appointment.state == AppointmentState.PLANNED:
            key = appointment.client.case_no
            upcoming[key] = min(upcoming.get(key, appointment.starts_at), appointment.starts_at)
    for story in stories:
        if story.talk_days:
            story.client.counselling_started_on = min(story.talk_days)
            story.client.last_contact_on = max(story.talk_days)
        story.client.next_appointment_at = upcoming.get(story.client.case_no)
        story.client.intensity, story.client.intensity_since = story.level, story.level_since
        story.client.unprotected_intensity = story.unprotected_level
        story.client.next_review_on = review_due_on(
            review_date_in_force(story.review_by_plan, story.review_by_intensity)
        )


def _compute_ladders(world: World, rows: Rows, files: Sequence[Client], plans: Sequence[ActPlan]) -> None:
    """Ladders follow from the facts; acts need a ladder to belong to, so their files are computed twice."""
    by_number = {file.pk: file for file in files}
    ladders: dict[tuple[int, str], Ladder] = {}
    asked: list[tuple[int, Ladder]] = []
    for key, views in ladders_of(files, world.now).items():
        for view in views:
            ladder = rows.add(Ladder, client=by_number[key])
            copy_view(ladder, view)
            ladder.uuid = random_key(world.chance("ladder", ladder.client.case_no, ladder.t0))
            ladders[key, view.key] = ladder
            if view.question is not None:
                asked.append((key, ladder))
    acted = {plan.story.client.pk: plan.story.client for plan in plans}
    _answer_questions(world, [ladder for key, ladder in asked if key not in acted])
    Ladder.objects.bulk_create(ladders.values())
    if acted:
        _write_acts(world, rows, plans)
        for key, views in ladders_of(list(acted.values()), world.now).items():
            for view in views:
                copy_view(ladders[key, view.key], view)
        changed = [ladder for (key, _trigger), ladder in ladders.items() if key in acted]
        Ladder.objects.unscoped(reason=REASON).bulk_update(changed, LADDER_FIELDS)


LADDER_FIELDS = (
    "trigger",
    "t0",
    "began_on",
    "stage",
    "reached",
    "suspended",
    "ended_at",
    "end_reason",
)


def _derive_items(world: World, rows: Rows, files: Sequence[Client]) -> None:
    """What waits in each file follows from what was written, and so does the day it is sorted by."""
    for first in range(0, len(files), CHUNK):
        facts = stored_facts([file.pk for file in files[first : first + CHUNK]], world.now)
        items = derive_items(facts)
        days = next_due(facts, items)
        for file in files[first : first + CHUNK]:
            file.next_due_on = days[file.pk]["next_due_on"]
        for item in items:
            rows.gather(item)
    DueItem.objects.bulk_create(rows.of(DueItem))
    Client.objects.unscoped(reason=REASON).bulk_update(files, ["next_due_on"])


def _write_acts(world: World, rows: Rows, plans: Sequence[ActPlan]) -> None:
    for plan in plans:
        client = plan.story.client
        begun = [row for row in rows.of(Ladder) if row.client is client and row.t0 <= plan.at]
        rows.add(
            LadderAct,
            uuid=random_key(world.chance("act", client.case_no, plan.at)),
            ladder=max(begun, key=lambda row: row.t0),
            kind=plan.kind,
            at=plan.at,
            by=plan.story.by,
            day=plan.day,
            channel=plan.channel,
            detail=plan.detail,
        )
    LadderAct.objects.bulk_create(rows.of(LadderAct))


QUESTIONS_OPEN_FOR = dt.timedelta(days=12)
"""Questions of the last days still stand in Mein Tag; older ones were answered."""


def _answer_questions(world: World, rows: Iterable[Ladder]) -> None:
    """After a two-way end the manager was asked: new appointment, or none needed?"""
    for row in rows:
        if row.ended_at is None or row.ended_at > world.now - QUESTIONS_OPEN_FOR:
            continue
        row.answer = Answer.NONE_NEEDED
        row.answered_at = row.ended_at + dt.timedelta(days=1)
        row.answered_by_id = row.client.manager_id
