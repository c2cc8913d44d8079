"""What was agreed, by module: told to officers by half-year, rounded and stored (rules.md §8)."""

import datetime as dt

import pytest

from integration_plans.models import Goal, GoalContent, Measure, MeasureContent, Module, PlanVersion
from reports.services import store_tables_of
from tests.reports.settlement import at, settle
from tests.reports.test_tables_of_people import COMMAND, JUNE, numbers, place, table

__all__ = ["place"]

pytestmark = pytest.mark.django_db


def agree(people, day, module, outcome="signed"):
    """A version with one goal and one measure for each."""
    module = Module.objects.get(code=module)
    for who in people:
        number = PlanVersion.objects.filter(client=who).count() + 1
        version = PlanVersion.objects.create(
            client=who,
            number=number,
            outcome=outcome,
            agreed_on=day,
            started_by=who.manager,
            started_at=at(day),
            closed_at=at(day),
        )
        goal, _new = Goal.objects.get_or_create(client=who)
        content = GoalContent.objects.create(plan=version, goal=goal, title="x", module=module)
        measure, _new = Measure.objects.get_or_create(goal=goal)
        MeasureContent.objects.create(goal_content=content, measure=measure, side="client", text="x")


def test_goals_and_measures_are_told_by_module_once_each_and_refused_ones_never(place, cast):
    people = settle(place, 60, dt.date(2026, 1, 31), manager=cast.manager)
    agree(people[:55], dt.date(2026, 3, 1), "finance")
    # Agreed again in another module, after the end, and refused.
    agree(people[:12], dt.date(2026, 6, 30), "education")
    agree(people[20:30], dt.date(2026, 7, 1), "health")
    agree(people[55:], dt.date(2026, 3, 1), "family", outcome="declined")
    store_tables_of(COMMAND, JUNE)
    for code in ("goals", "measures"):
        found = table(place, code, JUNE)
        told = {row: number for row, number in numbers(found).items() if number}
        assert (told, found.content["total"]) == ({"finance": 45, "education": 10}, [55])
