"""What reaches the office and what it asks."""

import factory
from django.utils import timezone

from clients.models import CaseQuestion, Topic
from intake.models import Complaint, Observation
from tests.factories.clients import ClientFactory


class ComplaintFactory(factory.django.DjangoModelFactory):
    """One nobody has looked at; ``municipality`` and ``registered_by`` are named by the test."""

    class Meta:
        model = Complaint

    number = factory.Sequence(lambda n: f"TST-B-{100_000 + n}")
    kind = "complaint"
    text = "Sie hört mir nicht zu."
    registered_at = factory.LazyFunction(timezone.now)


class ObservationFactory(factory.django.DjangoModelFactory):
    """A new one; ``municipality`` and ``author`` are named by the test."""

    class Meta:
        model = Observation

    topic = factory.LazyFunction(lambda: Topic.objects.get(code="housing"))
    text = "Es gibt keine Termine."
    recorded_at = factory.LazyFunction(timezone.now)


class CaseQuestionFactory(factory.django.DjangoModelFactory):
    """One that waits for an answer; ``asked_by`` is named by the test."""

    class Meta:
        model = CaseQuestion

    client = factory.SubFactory(ClientFactory)
    kind = "review"
    asked_at = factory.LazyFunction(timezone.now)
