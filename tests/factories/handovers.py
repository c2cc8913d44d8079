"""Files on their way to somebody else."""

import factory
from django.utils import timezone

from intake.models import Handover
from tests.factories.clients import ClientFactory


class HandoverFactory(factory.django.DjangoModelFactory):
    """A proposal by the responsible manager; ``proposed_to`` is named by the test."""

    class Meta:
        model = Handover

    client = factory.SubFactory(ClientFactory)
    proposed_by = factory.SelfAttribute("client.manager")
    proposed_at = factory.LazyFunction(timezone.now)
    note = "Kettelhack kennt die Schule des Sohnes"
