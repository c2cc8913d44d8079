"""The dashboard of the whole district shows sums that were kept: the same as counting it now (decision 0023)."""

import datetime as dt
import random

import pytest

from accounts.actor import Actor
from accounts.models import Municipality, User
from appointments.models import ContactParticipant
from clients.models import Client
from demo.world import at
from integration_plans.choices import GoalState
from integration_plans.models import Goal
from reports import figures, kept, work
from reports.flows import Flows
from reports.keeping import keep_sums
from reports.managers import Reader
from reports.rules import periods
from tests.invented_town import AS_OF
from tests.reports.test_figures_of_who_moved import move_at_random

pytestmark = pytest.mark.django_db

NOW = at(AS_OF, 7)
COORDINATOR = Reader(sees_all_managers=True)
CODES = ["2026-11", "2026-10", "2025-12", "2026-Q2", "2026", "2025", "2026-02_2026-05"]


@pytest.fixture
def towns(town):
    return all_towns()


def all_towns():
    return list(Municipality.objects.order_by("name"))


def keep():
    keep_sums(Actor.system("keep_sums", NOW), AS_OF)


def kept_board(code, reader=COORDINATOR):
    board, _counted_at = kept.dashboard(reader, all_towns(), periods.parse(code), NOW)
    return board


def counted_board(code, towns, reader=COORDINATOR):
    return figures.dashboard(reader, towns, periods.parse(code), AS_OF, NOW)


def agrees(code):
    """Whether a dashboard says the same kept and counted; the line of a municipality is that of its own dashboard."""
    mine, raw = kept_board(code), counted_board(code, all_towns())
    lines = [line for town in all_towns() for line in counted_board(code, [town]).places]
    different = [name for name in figures.Dashboard.__slots__ if getattr(mine, name) != getattr(raw, name)]
    return mine.places == lines and set(different) <= {"places"} and work_agrees(code)


def work_agrees(code):
    """The same of the chapter of work."""
    period = periods.parse(code)
    mine, _counted_at = work.from_kept(COORDINATOR, all_towns(), period)
    raw = work.counted(all_towns(), period, AS_OF, NOW)
    lines = [(line.code, numbers(line.flows)) for line in mine.places]
    one_by_one = [
        (town.code, numbers(work.counted([town], period, AS_OF, NOW).now, ACROSS)) for town in all_towns()
    ]
    assert [
        (code, {k: v for k, v in found.items() if k not in ACROSS}) for code, found in lines
    ] == one_by_one
    return told(mine) == told(raw)


ACROSS = (
    *("consultations", "home_visits", "home_visits_met", "channels"),
    *("persons", "goals_reviewed", "goals_reached"),
)
"""A talk, a person and a goal of two towns are kept with one of them, and told by both."""


def numbers(flows, without=()):
    names = [name for name, found in vars(Flows).items() if isinstance(found, property)]
    return {name: getattr(flows, name) for name in names if name not in without}


def told(board):
    """Everything a board of work says of the towns together."""
    before = board.before and (board.before[0], numbers(board.before[1]))
    return numbers(board.now), before, board.funnel, board.months, board.opened, board.closed, board.day


def test_what_is_kept_is_what_is_counted(towns):
    assert [code for code in CODES if not agrees(code)] == []


def talk_across_towns(towns):
    """A talk of a day of this year with one person of each town."""
    first, second = (Client.objects.filter(municipality=town).exclude(manager=None).first() for town in towns)
    talk = first.contacts.consultations().filter(happened_on__year=2026).order_by("happened_at").first()
    ContactParticipant.objects.create(contact=talk, client=second)


def reviewed_again(chance):
    """Goals are given states once more, some of them on one day."""
    manager = User.objects.filter(role="manager").first()
    for goal in Goal.objects.order_by("pk"):
        for _step in range(chance.choice([0, 1, 3])):
            day = dt.date(2025, 9, 1) + dt.timedelta(days=chance.randrange(400))
            state = chance.choice(GoalState.values)
            goal.progress.create(state=state, on=day, at=at(day, 9), by=manager)


@pytest.mark.parametrize("seed", [1, 2])
def test_histories_of_any_kind_are_kept_as_they_are_counted(towns, seed):
    chance = random.Random(seed)
    reviewed_again(chance)
    talk_across_towns(towns)
    move_at_random(towns, chance)
    keep()
    assert [code for code in CODES if not agrees(code)] == []
