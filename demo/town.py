"""The files of a municipality: who is there in which phase, and how many of each."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from accounts.models import User
from accounts.rules.calendar import next_working_day
from appointments.choices import Channel
from clients.choices import Intensity, Phase
from clients.models import CaseNumberCounter
from clients.rules.names import format_case_number
from demo import texts
from demo.leftovers import leave_to_do, meet_soon
from demo.outreach import ACTIVE_SCRIPTS, PAUSED_SCRIPT, ActPlan, Script
from demo.people import People, Person, Profile, weighted
from demo.plans import LEVELS, Planning, assess_and_agree
from demo.rows import Rows
from demo.story import Story
from demo.world import Place, World, at

CLOSING_REASONS: Sequence[tuple[str, int]] = (
    ("goals_reached", 34),
    ("moved_away", 16),
    ("moved_in_district", 14),
    ("no_contact", 12),
    ("limit", 2),
    ("not_wished", 8),
    ("mainstream", 5),
    ("departure", 2),
)
"""Why counselling ended (demonstration.md "Plans")."""

COUPLES = 0.22
"""Share of active files after which a partner's follows."""
NEWCOMER_DAYS = 45
"""From taking a file to active counselling at the latest."""
WAITING_WORKING_DAYS = 11
"""How long one person has waited to be contacted: a day longer than the ten the first letter or call has."""
SETTLED_DAYS = 80
"""Most files were taken within the first months of the service (demonstration.md "The town")."""
LONG_RUNNING = 24
"""Months after which people who pause or have finished did not all come at the beginning."""
OLD_NUMBER = 900
"""Where the numbers of people begin who had a file next door before."""
PHASE_NOT_SET: Mapping[str, frozenset[int]] = {
    "contacting": frozenset({1, 2}),
    "intake": frozenset({0}),
    "paused": frozenset({2, 3}),
}
"""Files, by their number in a phase, in which what ends the phase has happened: the next one is proposed."""
ALONE_FOR_BOTH_PAIRS = 3
"""Files of a manager's own without a partner, from which on two of them may be told apart."""
PAUSED_LONG = 25
"""A client who talks with the manager again, but is still in phase paused, paused at least so many days ago."""
MOVED_MONTHS = (35, 38)
"""Months of counselling of the two people who moved here from the neighbouring municipality."""


@dataclass(slots=True)
class FilePlan:
    """What a file will be like; its number follows from the order of registration."""

    kind: str
    registered_on: dt.date
    manager: User | None
    person: Person
    taken_on: dt.date | None = None
    script: Script | None = None
    with_partner: bool = False
    role: int = 0
    came_from: Place | None = None
    told_apart_from: FilePlan | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """How many files stand beside the active ones."""

    contacting: int
    intake: int
    paused: int
    closed: int
    inbox: int


def extras_for(active: int, months: int) -> Extras:
    """In proportion to the active files; hardly anybody has finished in the first months."""
    return Extras(
        contacting=max(5, round(active * 0.04)),
        intake=max(2, round(active * 0.03)),
        paused=max(4, round(active * 0.035)),
        closed=round(active * 0.2) if months > 4 else round(active * 0.02),
        inbox=5,
    )


class Town:
    """Plans the files of one municipality and tells their stories."""

    def __init__(self, world: World, place: Place, profile: Profile, months: int) -> None:
        self.world = world
        self.place = place
        self.months = months
        self.pick = world.chance("town", place.municipality.code)
        self.people = People(world.chance("people", place.municipality.code), profile, world.phones)

    # Who there is

    def plan(self, active: int, extras: Extras, *, moved_from: Place | None = None) -> list[FilePlan]:
        """All files in the order of their registration."""
        plans = [*self._active(active, moved_from), *self._others(extras)]
        if moved_from is not None:
            # Stutensee alone is shown; a dismissal does not outlive the other names of a repeated history.
            self._look_alike(plans)
        plans.sort(key=lambda plan: plan.registered_on)
        return _partners_together(plans)

    def _manager(self, number: int) -> User:
        return self.place.managers[number % len(self.place.managers)]

    def _active(self, active: int, moved_from: Place | None) -> list[FilePlan]:
        plans: list[FilePlan] = []
        if moved_from is not None and active >= 20 and self.months > 4:
            plans += [self._moved(months, moved_from) for months in MOVED_MONTHS]
        scripts = [
            script
            for script in ACTIVE_SCRIPTS
            if (self.world.as_of - self.place.began_on).days > script.quiet_for * 1.5 + 40
        ]
        scripts = scripts[: active // 3]
        roles: Counter[int] = Counter()
        while len(plans) < active:
            taken = Counter(plan.manager.pk for plan in plans if plan.manager is not None)
            manager = min(self.place.managers, key=lambda user: taken[user.pk])
            early = bool(scripts)
            taken_on = self._taken_on(early=early)
            person = self.people.draw(taken_on)
            script = scripts.pop(0) if scripts else None
            if script is not None:
                # Scripts rest on letters that can be read; the first manager sees every one of them.
                manager = self.place.managers[0]
                person = dataclasses.replace(person, reads=True, children=())
            else:
                roles[manager.pk] += 1
            plan = FilePlan(
                "active",
                self._registered_before(taken_on),
                manager,
                person,
                taken_on,
                script,
                role=roles[manager.pk],
            )
            plans.append(plan)
            if script is None and len(plans) < active and self.pick.random() < COUPLES:
                plan.with_partner = True
                partner = self.people.partner_of(person, taken_on)
                plans.append(FilePlan("active", plan.registered_on, manager, partner, taken_on, role=0))
        return plans

    def _taken_on(self, *, early: bool) -> dt.date:
        first = self.place.began_on
        last = self.world.as_of - dt.timedelta(days=NEWCOMER_DAYS)
        settled = min(first + dt.timedelta(days=SETTLED_DAYS), last)
        if last <= first:
            return next_working_day(first)
        if early or self.pick.random() < 0.72:
            span = max((settled - first).days, 1)
            return next_working_day(first + dt.timedelta(days=self.pick.randrange(span)))
        span = max((last - settled).days, 1)
        return next_working_day(settled + dt.timedelta(days=self.pick.randrange(span)))

    def _registered_before(self, taken_on: dt.date) -> dt.date:
        return max(taken_on - dt.timedelta(days=self.pick.randint(0, 4)), self.place.began_on)

    def _moved(self, months: int, moved_from: Place) -> FilePlan:
        taken_on = next_working_day(self.world.as_of - relativedelta(months=months, days=6))
        return FilePlan(
            "moved",
            taken_on,
            moved_from.managers[0],
            dataclasses.replace(self.people.draw(taken_on), children=()),
            taken_on,
            came_from=moved_from,
        )

    def _others(self, extras: Extras) -> Iterator[FilePlan]:
        today = self.world.as_of
        recent = (
            ("contacting", extras.contacting, 2, 13),
            ("intake", extras.intake, 12, 30),
            ("inbox", extras.inbox, 1, 9),
        )
        for kind, count, nearest, farthest in recent:
            for number in range(count):
                days = self.pick.randint(nearest, farthest)
                if kind == "contacting" and number in PHASE_NOT_SET[kind]:
                    days = farthest
                day = self._within_service(today - dt.timedelta(days=days))
                if kind == "contacting" and number == 0:
                    day = self._within_service(self.world.working_day(-WAITING_WORKING_DAYS))
                manager = None if kind == "inbox" else self._manager(number)
                yield FilePlan(
                    kind,
                    day if kind == "inbox" else self._registered_before(day),
                    manager,
                    self.people.draw(day),
                    None if kind == "inbox" else day,
                    role=number,
                )
        for kind, count in (("paused", extras.paused), ("closed", extras.closed)):
            for number in range(count):
                taken_on = self._taken_on(early=self.months < LONG_RUNNING)
                person = dataclasses.replace(self.people.draw(taken_on), reads=True)
                script = PAUSED_SCRIPT if kind == "paused" and number == 0 and self.months > 2 else None
                yield FilePlan(
                    kind,
                    self._registered_before(taken_on),
                    self._manager(number),
                    person,
                    taken_on,
                    script,
                    role=number,
                )

    def _look_alike(self, plans: Sequence[FilePlan]) -> None:
        """Two pairs of nearly one name among the first manager's files: one suspected, one told apart."""
        own = [plan for plan in plans if plan.manager == self.place.managers[0]]
        alone = [
            plan
            for plan in own
            if plan.kind == "active" and plan.role and plan.script is None and not plan.with_partner
        ]
        newcomer = [plan for plan in own if plan.kind == "contacting"][-1:]
        pairs = [(alone[0], newcomer[0])] if alone and newcomer else []
        if len(alone) >= ALONE_FOR_BOTH_PAIRS:
            pairs.append((alone[1], alone[2]))
            alone[2].told_apart_from = alone[1]
        for one, other in pairs:
            one.person, other.person = self.people.two_alike(
                one.person, other.person, born_on_first=other.told_apart_from is not None
            )

    def _within_service(self, day: dt.date) -> dt.date:
        """A working day that is over and not before the service began."""
        return max(min(next_working_day(day), self.world.working_day(-1)), self.place.began_on)

    # What happened to them

    def case_numbers(self, plans: Sequence[FilePlan]) -> list[str]:
        """Numbers in the order of registration, as the counter would have given them."""
        drawn: Counter[tuple[int, int]] = Counter()
        numbers: list[str] = []
        for plan in plans:
            place = self.place.municipality
            if plan.came_from is not None:
                # A number is kept for life, also by people who moved here.
                code = plan.came_from.municipality.code
                numbers.append(format_case_number(code, plan.registered_on.year, OLD_NUMBER + len(numbers)))
                continue
            key = (place.pk, plan.registered_on.year)
            drawn[key] += 1
            numbers.append(format_case_number(place.code, plan.registered_on.year, drawn[key]))
        for (place_id, year), last in drawn.items():
            CaseNumberCounter.objects.update_or_create(
                municipality_id=place_id, year=year, defaults={"last": last}
            )
        return numbers

    def tell(
        self, plan: FilePlan, case_no: str, rows: Rows, before: Story | None
    ) -> tuple[Story, list[ActPlan]]:
        """Write the story of one file.

        Args:
            before: the story told last; the partner's, when this file belongs to the same family.
        """
        place = plan.came_from or self.place
        story = Story(self.world, rows, place, plan.manager, plan.person, case_no, plan.registered_on)
        acts: list[ActPlan] = []
        match plan.kind:
            case "inbox":
                story.live_with(None, children=True)
            case "contacting":
                self._contacting(story, plan)
            case "intake":
                self._intake(story, plan)
            case "moved":
                self._moved_here(story, plan)
            case _:
                partner = before if before is not None and plan.kind == "active" else None
                acts = self._long_story(story, plan, partner)
        return story, acts

    def _contacting(self, story: Story, plan: FilePlan) -> None:
        if plan.taken_on is None:
            return
        story.take(plan.taken_on)
        story.live_with(None, children=True)
        day = next_working_day(plan.taken_on + dt.timedelta(days=1))
        if plan.role % 3 and day <= self.world.yesterday and plan.person.reads:
            story.letter(day)
        if plan.role in PHASE_NOT_SET[plan.kind]:
            story.talk(self.world.working_day(-plan.role), Channel.PHONE, topic="participation")

    def _intake(self, story: Story, plan: FilePlan) -> None:
        if plan.taken_on is None:
            return
        story.take(plan.taken_on)
        story.live_with(None, children=True)
        reached = story.reach(plan.taken_on, self.world.yesterday - dt.timedelta(days=2))
        talked = story.first_talk(reached + dt.timedelta(days=1), self.world.yesterday)
        if plan.role in PHASE_NOT_SET[plan.kind]:
            day = max(talked, self.world.working_day(-4))
            if day > talked:
                story.talk(day, Channel.OFFICE, topic="participation")
            Planning(story).assess(day, Intensity.REGULAR)
        if plan.role % 2:
            meet_soon(story)

    def _moved_here(self, story: Story, plan: FilePlan) -> None:
        """Counselled for years next door, then moved: the clock counts all of it."""
        if plan.taken_on is None:
            return
        story.take(plan.taken_on)
        level = Intensity.REGULAR
        reached = story.reach(plan.taken_on, plan.taken_on + dt.timedelta(days=6))
        talked = story.first_talk(reached + dt.timedelta(days=1), reached + dt.timedelta(days=8))
        planning = assess_and_agree(
            story, talked + dt.timedelta(days=6), talked + dt.timedelta(days=20), level, agrees=True
        )
        moved_on = next_working_day(self.place.began_on + dt.timedelta(days=25))
        story.routine(talked + dt.timedelta(days=30), moved_on - dt.timedelta(days=2))
        story.move(self.place, self.place.managers[0], moved_on)
        self._go_on(story, planning, moved_on + dt.timedelta(days=3), self.world.yesterday)

    def _long_story(self, story: Story, plan: FilePlan, partner: Story | None) -> list[ActPlan]:
        world, pick = self.world, story.pick
        if plan.taken_on is None:
            return []
        end = world.yesterday
        if plan.script is not None:
            end = world.working_day(-plan.script.quiet_for)
        elif plan.kind == "closed":
            earliest = plan.taken_on + dt.timedelta(days=NEWCOMER_DAYS + 10)
            span = max((world.yesterday - earliest).days, 1)
            end = next_working_day(min(earliest + dt.timedelta(days=pick.randrange(span)), world.yesterday))
            end = min(end, world.yesterday)
        elif plan.kind == "paused":
            shortest = PAUSED_LONG if plan.role in PHASE_NOT_SET[plan.kind] else 15
            end = next_working_day(world.as_of - dt.timedelta(days=pick.randint(shortest, 70)))
        story.take(plan.taken_on)
        story.live_with(partner, children=True)
        level = Intensity.REGULAR if plan.script else weighted(pick, LEVELS)
        in_crisis = level == Intensity.CRISIS and plan.kind == "active"
        if level == Intensity.CRISIS:
            # A crisis lasts weeks: these people were counselled regularly until lately.
            level = Intensity.REGULAR
        total = max((end - plan.taken_on).days, 6)
        by = [
            plan.taken_on + dt.timedelta(days=min(total * part // 10, most))
            for part, most in ((3, 9), (6, 20), (9, 40))
        ]
        reached = story.reach(plan.taken_on, by[0])
        talked = story.first_talk(reached + dt.timedelta(days=1), by[1])
        if plan.kind == "active" and plan.script is None and pick.random() < 0.045:
            contact = story.talk(
                min(next_working_day(talked + dt.timedelta(days=4)), by[2]), topic="participation"
            )
            story.phase(Phase.ACTIVE, contact.recorded_at)
            story.routine(by[2], end)
            leave_to_do(story, plan.role)
            return []
        planning = assess_and_agree(
            story,
            talked + dt.timedelta(days=3),
            by[2],
            level,
            agrees=pick.random() < 0.9,
        )
        begin = by[2] + dt.timedelta(days=4)
        if plan.kind == "active" and plan.script is None and pick.random() < 0.05:
            # Gone quiet: the agreed rhythm has not been kept.
            end = world.as_of - dt.timedelta(days={"intensive": 45, "crisis": 16}.get(story.level, 110))
        if in_crisis:
            self._crisis(story, planning, begin)
            leave_to_do(story, plan.role)
            return []
        self._go_on(story, planning, begin, end, at_rest=plan.kind != "active")
        if plan.kind == "closed":
            story.close(end, weighted(pick, CLOSING_REASONS))
            return []
        if plan.script is not None:
            return plan.script.play(story)
        if plan.kind == "paused":
            story.phase(Phase.PAUSED, at(end, 15, 10), "für einige Wochen bei der Familie")
            if plan.role in PHASE_NOT_SET[plan.kind]:
                story.talk(world.working_day(-plan.role - 1), Channel.OPEN_HOUR)
            return []
        leave_to_do(story, plan.role)
        return []

    def _go_on(
        self, story: Story, planning: Planning, begin: dt.date, end: dt.date, *, at_rest: bool = False
    ) -> None:
        """Routine talks, and the reviews of the plan when they are due; nothing after `end` when it is at rest."""
        version = planning.version
        story.routine(begin, end)
        if version is None or version.review_on is None or version.agreed_on is None:
            self._look_again(story, planning, end)
            return
        late = story.pick.random() < 0.09
        due = version.review_on
        agreed_on = version.agreed_on
        while due <= end:
            following = due + dt.timedelta(days=20 if story.level == Intensity.CRISIS else 75)
            if late and following > end:
                break
            day = min(next_working_day(due - dt.timedelta(days=story.pick.randint(0, 4))), end)
            story.meet(day, topic=weighted(story.pick, texts.TOPIC_SHARES))
            due = planning.review(day)
        planning.progress(agreed_on, end if at_rest else self.world.yesterday)

    def _look_again(self, story: Story, planning: Planning, end: dt.date) -> None:
        """Without a plan the need is looked at again when the intensity asks for it; now and then it is not."""
        late = story.pick.random() < 0.2
        while planning.decision is not None and planning.decision.next_review_on <= end:
            day = min(next_working_day(planning.decision.next_review_on), end)
            following = day + dt.timedelta(days=75)
            if late and following > end:
                return
            story.meet(day, topic=weighted(story.pick, texts.TOPIC_SHARES))
            planning.assess(day, Intensity(story.level))

    def _crisis(self, story: Story, planning: Planning, begin: dt.date) -> None:
        day = self.world.working_day(-story.pick.randint(4, 13))
        self._go_on(story, planning, begin, day - dt.timedelta(days=2))
        story.talk(day, Channel.OFFICE, topic="family")
        planning.assess(day, Intensity.CRISIS)
        story.routine(day, self.world.yesterday)


def _partners_together(plans: list[FilePlan]) -> list[FilePlan]:
    """Move the files of a family next to each other, also when other files came on that day."""
    ordered: list[FilePlan] = []
    waiting = list(plans)
    while waiting:
        plan = waiting.pop(0)
        ordered.append(plan)
        if plan.with_partner:
            for number, other in enumerate(waiting):
                same_home = other.person.street == plan.person.street and other.taken_on == plan.taken_on
                if same_home and other.kind == "active" and other.manager == plan.manager and other.role == 0:
                    ordered.append(waiting.pop(number))
                    break
    return ordered
