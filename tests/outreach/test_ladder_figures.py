"""The funnel and the stages the officer sees: exact, and without anybody's name."""

import datetime

import pytest

from accounts.actor import Actor
from appointments.services.appointments import record_outcome
from clients.figures import FilesOverTime
from clients.models import Client
from outreach.choices import Stage
from outreach.figures import STEPS, FunnelStep, funnel, stages_on
from tests.outreach.ladder_cast import at, call, letter, no_show, reachable_client, talk

pytestmark = pytest.mark.django_db

NOW = at("2019-02-27 12:00")
FIRST, LAST = datetime.date(2019, 2, 1), datetime.date(2019, 2, 28)


@pytest.fixture
def make(cast, by):
    return lambda: reachable_client(by, cast.stutensee)


@pytest.fixture
def files():
    return FilesOverTime(Client.objects.unscoped(reason="test"))


def test_without_ladders_there_is_no_funnel(files):
    assert funnel(files, FIRST, LAST, NOW) == []


def test_the_funnel_counts_who_came_to_a_step_and_what_became_of_them(make, by, files):
    at_first, at_second, at_visit, reached = (make() for _number in range(4))
    for hour, client in enumerate((at_first, at_second, at_visit, reached), start=9):
        no_show(client, by, f"2019-02-21 {hour:02}:00")
    letter(at_second, by)
    letter(at_visit, by)
    call(at_visit, by)
    letter(reached, by)
    talk(reached, by, "2019-02-25 10:00")
    steps = {step.stage: step for step in funnel(files, FIRST, LAST, NOW)}
    assert list(steps) == list(STEPS)
    assert steps[Stage.STEP1] == FunnelStep(Stage.STEP1, begun=4, reached=0, still_open=1, went_on=3)
    assert steps[Stage.STEP2] == FunnelStep(Stage.STEP2, begun=3, reached=1, still_open=1, went_on=1)
    assert steps[Stage.VISIT] == FunnelStep(Stage.VISIT, begun=1, reached=0, still_open=1, went_on=0)
    assert steps[Stage.VISIT2].begun == 0


def test_ladders_of_another_period_or_another_place_are_not_counted(make, by, files, cast):
    no_show(make(), by, "2019-01-21 09:00")
    no_show(make(), by, "2019-02-21 09:00")
    assert funnel(files, FIRST, LAST, NOW)[0].begun == 1
    assert funnel(FilesOverTime(files.rows.filter(municipality=cast.pfinztal)), FIRST, LAST, NOW) == []


def test_a_corrected_ladder_never_was_one(make, by, files):
    missed = no_show(make(), by, "2019-02-21 09:00")
    record_outcome(Actor(by, at("2019-02-22 09:00")), missed, "held")
    assert funnel(files, FIRST, LAST, NOW) == []


def test_a_ladder_counts_at_the_step_it_stood_at_when_it_ended(make, by, files):
    client = make()
    no_show(client, by, "2019-01-17 10:00")
    talk(client, by, "2019-01-28 10:00")
    missed = no_show(client, by, "2019-02-21 10:00")
    record_outcome(Actor(by, at("2019-02-26 09:00")), missed, "no_show", excuse="excused")
    steps = {step.stage: step for step in funnel(files, FIRST, LAST, NOW)}
    assert steps[Stage.VISIT] == FunnelStep(Stage.VISIT, begun=1, reached=0, still_open=0, went_on=1)
    assert steps[Stage.VISIT2].begun == 0


def test_the_stage_of_each_open_ladder(make, by, files):
    client = make()
    no_show(client, by)
    letter(client, by)
    ended = make()
    no_show(ended, by, "2019-02-21 14:00")
    talk(ended, by, "2019-02-25 10:00")
    assert stages_on(files.rows, at("2019-02-26 10:00")) == {client.pk: Stage.STEP2}


def test_a_finished_period_keeps_saying_what_became_of_its_ladders_until_its_end(make, by, files):
    """Otherwise the funnel of February would follow one person through March, talk by talk."""
    waiting, reached, excused = (make() for _number in range(3))
    missed = [
        no_show(client, by, f"2019-02-21 {hour:02}:00")
        for hour, client in enumerate((waiting, reached, excused), start=9)
    ]
    letter(waiting, by)
    talk(reached, by, "2019-02-25 10:00")
    at_the_end = funnel(files, FIRST, LAST, at("2019-02-28 23:00"))
    talk(waiting, by, "2019-03-05 10:00")
    record_outcome(Actor(by, at("2019-03-06 09:00")), missed[2], "no_show", excuse="excused")
    no_show(reached, by, "2019-03-07 09:00")
    assert funnel(files, FIRST, LAST, at("2019-03-20 09:00")) == at_the_end
    assert [step.begun for step in at_the_end][:3] == [3, 1, 0]
    assert (at_the_end[0].reached, at_the_end[0].still_open, at_the_end[1].still_open) == (1, 1, 1)
