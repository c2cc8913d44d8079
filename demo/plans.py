"""What was found and agreed: assessments, intensity, plans, reviews, progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from dateutil.relativedelta import relativedelta

from accounts.rules.calendar import next_working_day
from clients.choices import Intensity, Phase
from demo import texts
from demo.people import weighted
from demo.story import Story
from demo.world import at
from integration_plans.choices import AgreementOutcome, CounsellingForm, GoalState, Priority, Side
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    Goal,
    GoalContent,
    GoalProgress,
    GoalTemplate,
    IntensityDecision,
    Measure,
    MeasureContent,
    MeasureProgress,
    PlanVersion,
    Review,
)
from integration_plans.rules.intensity import ModuleNeed, explain, next_review_on, propose
from integration_plans.rules.plan import ReviewDate

LEVELS: Sequence[tuple[Intensity, int]] = (
    (Intensity.PUNCTUAL, 50),
    (Intensity.REGULAR, 35),
    (Intensity.INTENSIVE, 11),
    (Intensity.CRISIS, 2),
)
"""Distribution of intensity (demonstration.md "Plans")."""

NEEDS: Mapping[Intensity, Sequence[tuple[int, ...]]] = {
    Intensity.PUNCTUAL: ((0, 1, 1, 0), (1, 2, 0, 1), (0, 0, 1, 1), (2, 1, 1, 0)),
    Intensity.REGULAR: ((2, 2, 1, 0), (3, 1, 1, 0), (1, 3, 2, 0), (2, 1, 2, 1)),
    Intensity.INTENSIVE: ((3, 3, 1, 1), (3, 2, 3, 1), (2, 3, 3, 2)),
    Intensity.CRISIS: ((4, 2, 1, 1), (4, 3, 2, 2)),
}
"""Needs that lead to each level by the rule; the first falls to a module in which acute means crisis."""

FINAL: Sequence[tuple[GoalState, int]] = (
    (GoalState.ACHIEVED, 36),
    (GoalState.PARTLY, 22),
    (GoalState.NOT_ACHIEVED, 18),
    (GoalState.DROPPED, 9),
    (GoalState.IN_PROGRESS, 15),
)
"""What reviews find (demonstration.md "Plans")."""

OPEN_STATES = frozenset({GoalState.OPEN, GoalState.IN_PROGRESS, GoalState.PARTLY})

OUTCOMES: Sequence[tuple[AgreementOutcome, int]] = (
    (AgreementOutcome.SIGNED, 70),
    (AgreementOutcome.ORAL, 27),
    (AgreementOutcome.DECLINED, 3),
)


class Planning:
    """Adds the plan to a story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.world = story.world
        self.rows = story.rows
        self.pick = story.pick
        self.version: PlanVersion | None = None
        self.goals: list[Goal] = []
        self.measures: list[tuple[Measure, dt.date]] = []
        self.targets: list[dt.date] = []
        self.contents: list[GoalContent] = []
        self.assessment: Assessment | None = None
        self.decision: IntensityDecision | None = None

    def assess(self, day: dt.date, level: Intensity) -> IntensityDecision:
        """Find out the need in every module and confirm the intensity that follows."""
        story, pick = self.story, self.pick
        moment = at(day, 16, pick.randint(20, 50))
        assessment: Assessment = self.rows.add(
            Assessment,
            uuid=story.key(),
            client=story.client,
            assessed_on=day,
            summary="",
            by=story.by,
            at=moment,
        )
        needs = self._needs(level)
        for module, need in zip(self.world.modules, needs, strict=True):
            self.rows.add(
                AssessmentEntry,
                assessment=assessment,
                module=module,
                level=need,
                situation="" if need is None else texts.SITUATIONS[need],
                resources=pick.choice(texts.RESOURCES) if need else "",
            )
        rule = self.world.policy.rule()
        found = {
            module: ModuleNeed(
                code=module.code,
                label=module.label_de,
                level=need,
                acute_means_crisis=module.acute_means_crisis,
            )
            for module, need in zip(self.world.modules, needs, strict=True)
        }
        proposal = propose(list(found.values()), rule)
        unprotected = propose([need for module, need in found.items() if not module.sensitive], rule)
        chosen, reason = self._chosen(Intensity(proposal.level))
        decision: IntensityDecision = self.rows.add(
            IntensityDecision,
            uuid=story.key(),
            client=story.client,
            assessment=assessment,
            rule_version=rule.version,
            proposed=proposal.level,
            chosen=chosen,
            reason=reason,
            form=pick.choice(
                (
                    CounsellingForm.OFFICE,
                    CounsellingForm.OFFICE,
                    CounsellingForm.PHONE,
                    CounsellingForm.VISITING,
                )
            ),
            arithmetic=explain(proposal),
            decided_on=day,
            next_review_on=next_review_on(chosen, day, rule),
            by=story.by,
            at=moment,
        )
        self.assessment, self.decision = assessment, decision
        story.level, story.level_since, story.unprotected_level = (
            chosen,
            day,
            unprotected.level or story.unprotected_level,
        )
        story.review_by_intensity = ReviewDate(set_at=moment, review_on=decision.next_review_on)
        return decision

    def _needs(self, level: Intensity) -> list[int | None]:
        """One need per module in force, drawn so that the rule proposes this level."""
        pattern = self.pick.choice(NEEDS[level])
        modules = self.world.modules
        needs: list[int | None] = [0] * len(modules)
        crisis = [number for number, module in enumerate(modules) if module.acute_means_crisis]
        order = list(range(len(modules)))
        self.pick.shuffle(order)
        if level == Intensity.CRISIS:
            first = self.pick.choice(crisis)
            order.remove(first)
            order.insert(0, first)
        for number, need in zip(order, pattern, strict=False):
            needs[number] = need
        # Something was not talked about in every tenth assessment; a missing answer is never a 0.
        if self.pick.random() < 0.1:
            needs[order[len(pattern) - 1 if len(pattern) <= len(order) else -1]] = None
        return needs

    def _chosen(self, proposed: Intensity) -> tuple[str, str]:
        if proposed == Intensity.PUNCTUAL and self.pick.random() < 0.04:
            return Intensity.REGULAR.value, texts.OVERRIDE_REASONS[0]
        if proposed == Intensity.REGULAR and self.pick.random() < 0.04:
            return Intensity.PUNCTUAL.value, texts.OVERRIDE_REASONS[1]
        return proposed.value, ""

    def draft(self, day: dt.date) -> PlanVersion:
        """A working version with two to four goals from the templates."""
        story = self.story
        version: PlanVersion = self.rows.add(
            PlanVersion,
            uuid=story.key(),
            client=story.client,
            number=1,
            started_by=story.by,
            started_at=at(day, 15, 5),
        )
        chosen = self.pick.sample(
            self.world.templates, k=min(self.pick.randint(2, 4), len(self.world.templates))
        )
        for order, template in enumerate(chosen, start=1):
            self._goal(version, template, order, day)
        return version

    def _goal(self, version: PlanVersion, template: GoalTemplate, order: int, day: dt.date) -> None:
        story = self.story
        goal = self.rows.add(Goal, uuid=story.key(), client=story.client)
        target = day + relativedelta(months=template.months)
        content = self.rows.add(
            GoalContent,
            uuid=story.key(),
            plan=version,
            goal=goal,
            title=template.label_de,
            indicator=template.indicator,
            target_on=target,
            module=template.module,
            priority=Priority.HIGH if order == 1 else Priority.NORMAL,
            order=order,
        )
        self.goals.append(goal)
        self.targets.append(target)
        self.contents.append(content)
        lines = [(Side.CLIENT, text) for text in template.client_measures.splitlines()]
        lines += [(Side.SERVICE, text) for text in template.service_measures.splitlines()]
        for number, (side, text) in enumerate(lines, start=1):
            measure = self.rows.add(Measure, uuid=story.key(), goal=goal)
            due_on = next_working_day(day + dt.timedelta(days=self.pick.randint(20, 30 * template.months)))
            self.measures.append((measure, due_on))
            self.rows.add(
                MeasureContent,
                uuid=story.key(),
                goal_content=content,
                measure=measure,
                side=side,
                text=text,
                due_on=due_on,
                order=number,
            )

    def agree(self, day: dt.date, decision: IntensityDecision) -> PlanVersion:
        """Close the version: signed, agreed orally or declined."""
        version = self.draft(day)
        version.outcome = weighted(self.pick, OUTCOMES)
        version.agreed_on = day
        version.place = "Rathaus"
        version.language = self.story.client.preferred_language
        version.copy_handed_out = version.outcome == AgreementOutcome.SIGNED
        version.assessment = self.assessment
        version.closed_by = self.story.by
        version.closed_at = at(day, 16, 55)
        if version.outcome != AgreementOutcome.DECLINED:
            version.review_on = next_working_day(
                next_review_on(decision.chosen, day, self.world.policy.rule())
            )
            self.story.review_by_plan = ReviewDate(set_at=version.closed_at, review_on=version.review_on)
        for content in self.contents:
            content.modules_as_agreed = content.module.label_de
        self.version = version
        return version

    def progress(self, begin: dt.date, end: dt.date) -> None:
        """Measures get done by their day; a few are left lying, and some are done early."""
        for measure, due_on in self.measures:
            is_over = due_on <= end
            if self.pick.random() < (0.012 if is_over else 0.8):
                continue
            last = due_on if is_over else end
            day = max(begin, last - dt.timedelta(days=self.pick.randint(0, 12)))
            self.rows.add(
                MeasureProgress, measure=measure, done=True, on=day, by=self.story.by, at=at(day, 15, 30)
            )
            measure.done_on = day
        self._end_goals(begin, end)

    def _end_goals(self, begin: dt.date, end: dt.date) -> None:
        """Goals end at their target date, but never before their last recorded step."""
        for goal, target_on in zip(self.goals, self.targets, strict=True):
            if target_on <= end and goal.state in OPEN_STATES and self.pick.random() < 0.98:
                day = max(begin, target_on - dt.timedelta(days=self.pick.randint(0, 9)))
                day = max(day, goal.state_on or day)
                self._step(goal, weighted(self.pick, FINAL[:4]), day, None)

    def _step(self, goal: Goal, state: GoalState, day: dt.date, review: Review | None) -> None:
        self.rows.add(
            GoalProgress,
            uuid=self.story.key(),
            goal=goal,
            review=review,
            state=state,
            remark="Passt nicht mehr zur Lage." if state == GoalState.DROPPED else "",
            on=day,
            by=self.story.by,
            at=at(day, 16, 40),
        )
        goal.state, goal.state_on = state, day

    def review(self, day: dt.date) -> dt.date:
        """Walk the goals still open, set their states and the next date; returns it."""
        story = self.story
        if self.version is not None and self.version.agreed_on is not None:
            self._end_goals(self.version.agreed_on, day)
        moment = at(day, 16, 40)
        following = next_working_day(next_review_on(story.level, day, self.world.policy.rule()))
        review = self.rows.add(
            Review,
            uuid=story.key(),
            plan=self.version,
            reviewed_on=day,
            note="",
            next_review_on=following,
            by=story.by,
            at=moment,
        )
        story.review_by_plan = ReviewDate(set_at=moment, review_on=following)
        for goal in self.goals:
            if goal.state in OPEN_STATES:
                state = weighted(self.pick, FINAL) if self.pick.random() < 0.4 else GoalState.IN_PROGRESS
                self._step(goal, state, day, review)
        return following


def assess_and_agree(
    story: Story, earliest: dt.date, latest: dt.date, level: Intensity, *, agrees: bool
) -> Planning:
    """The talk about needs sets the file active; most people agree on a plan soon after."""
    planning = Planning(story)
    day = min(next_working_day(earliest), latest)
    contact = story.talk(day, topic="participation")
    story.phase(Phase.ACTIVE, max(contact.recorded_at, at(day, 17, 0)))
    decision = planning.assess(day, level)
    agreed_on = next_working_day(day + dt.timedelta(days=story.pick.randint(0, 18)))
    if agrees and agreed_on <= story.world.yesterday:
        if agreed_on != day:
            story.talk(agreed_on, topic="participation")
        planning.agree(agreed_on, decision)
    return planning
