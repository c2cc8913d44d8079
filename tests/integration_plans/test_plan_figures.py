"""Figures are numbers of files, by the rules' own definitions."""

import datetime

import pytest
from django.utils import timezone

from accounts.actor import Actor
from clients.choices import Intensity
from clients.figures import files_over_time
from clients.models import Client
from clients.services.responsibility import assign
from integration_plans.choices import AgreementOutcome
from integration_plans.figures import Caseload, Stock, caseload_of, stock_with_plans
from integration_plans.policies import policy_on
from tests.factories.clients import ClientFactory
from tests.factories.plans import agreed, assess, decide

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


def file(cast, **fields):
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee, **fields)


def stock(cast, day) -> Stock:
    return stock_with_plans(files_over_time([cast.stutensee.pk]), day, policy_on(day))


def caseload(cast, today) -> Caseload:
    return caseload_of(stock(cast, today), policy_on(today))


def test_coverage_counts_active_files_with_a_valid_plan_whatever_the_age(cast, today):
    agreed(file(cast), review_on=today + 10 * DAY)
    agreed(file(cast), on=today - 40 * DAY, review_on=today - 31 * DAY)
    agreed(file(cast), outcome=AgreementOutcome.DECLINED)
    agreed(file(cast, birth_date=today - 3000 * DAY), review_on=today + 10 * DAY)
    agreed(file(cast, phase="paused"), review_on=today + 10 * DAY)
    found = stock(cast, today)
    assert (found.coverage.files, found.coverage.valid, found.overdue_reviews) == (4, 2, 1)


def test_the_present_does_not_change_what_was_true_then(cast, today):
    client = file(cast)
    assert stock(cast, today - DAY).coverage.valid == 0
    agreed(client)
    assert stock(cast, today - DAY).coverage.valid == 0
    assert stock(cast, today).coverage.valid == 1


@pytest.mark.facts_by_hand
def test_overdue_reviews_of_open_files(cast, today):
    # Within eight days there is a working day to be due on, within a day not always.
    agreed(file(cast), on=today - 9 * DAY, review_on=today - 8 * DAY)
    agreed(file(cast), on=today - 9 * DAY, review_on=today)
    agreed(file(cast))
    closed = file(cast)
    agreed(closed, on=today - 9 * DAY, review_on=today - 8 * DAY)
    Client.objects.filter(pk=closed.pk).update(phase="closed")
    closed.phase_changes.create(phase="closed", on=today, at=timezone.now())
    assert stock(cast, today).overdue_reviews == 1


def test_the_caseload_is_weighted_by_intensity_and_paused_files_weigh_nothing(cast, today):
    decide(assess(file(cast), finance=4))
    decide(assess(file(cast), finance=3, education=3))
    decide(assess(file(cast), finance=1))
    file(cast)
    decide(assess(file(cast, phase="paused"), finance=4))

    found = caseload(cast, today)

    load = found.by_manager[cast.manager.pk]
    assert load.weighted == 4 + 3 + 0.5 + 1.5
    assert (load.by_level[Intensity.CRISIS], load.by_level[""]) == (1, 1)
    assert (load.paused, load.files) == (1, 5)
    assert (list(found.by_manager), found.unassigned.files) == ([cast.manager.pk], 0)


def test_a_file_that_lost_its_manager_keeps_its_intensity(cast, today):
    decide(assess(unassigned := file(cast), finance=4))
    assign(Actor(cast.admin), unassigned, None)
    ClientFactory(inbox=True, municipality=cast.stutensee)

    found = caseload(cast, today)

    assert (found.unassigned.by_level[Intensity.CRISIS], found.unassigned.files) == (1, 1)
    assert not found.by_manager
