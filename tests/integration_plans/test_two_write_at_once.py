"""What lists show of a plan is derived under the lock of the file, so that of two none is forgotten."""

import datetime
import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from clients.models import Client
from integration_plans.models import GoalProgress, PlanVersion, Review
from integration_plans.services.progress import review_plan
from tests.cast import load_cast
from tests.factories.clients import ClientFactory
from tests.factories.plans import agreed, assess, decide
from tests.overlap import overtaken

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_older_review_and_an_intensity_decided_meanwhile_both_count():
    cast = load_cast()
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    version = agreed(file)
    assessment = assess(file, finance=3, family=2)
    next_on = timezone.localdate() + datetime.timedelta(days=50)

    def review(begin: Any) -> Review:
        content = PlanVersion.objects.get(pk=version.pk).goal_contents.get()
        row = Review(
            plan=version,
            reviewed_on=timezone.localdate(),
            note="Läuft gut",
            next_review_on=next_on,
            form_token=uuid.uuid4(),
        )
        return review_plan(
            Actor(User.objects.get(pk=cast.manager.pk), begin()),
            row,
            goal_states={content.goal.uuid: content.goal.state},
            measures_done={},
            remarks={},
            expected_versions={content.goal.uuid: content.goal.version},
        )

    decisions: list[Any] = []
    written = overtaken(file, review, lambda: decisions.append(decide(assessment)))
    assert written.at > decisions[0].at
    assert GoalProgress.objects.get(review=written).at == written.at
    stored = Client.objects.get(pk=file.pk)
    assert (stored.intensity, stored.next_review_on) == (decisions[0].chosen, next_on)
