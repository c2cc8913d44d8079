"""The network as the services leave it, and referrals into it."""

import datetime

import factory
from django.utils import timezone

from clients.models import Topic
from partners.choices import ReferralState
from partners.models import (
    ContactPerson,
    Decision,
    Meeting,
    Offer,
    Organisation,
    PartnerKind,
    Referral,
    ReferralStep,
    Volunteer,
)
from tests.factories.accounts import MunicipalityFactory


def kind(code: str = "debt_counselling") -> PartnerKind:
    found: PartnerKind = PartnerKind.objects.get(code=code)
    return found


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A debt counselling of the whole district, confirmed today."""

    class Meta:
        model = Organisation

    kind = factory.LazyFunction(kind)
    name = factory.Sequence(lambda n: f"Schuldnerberatung Musterhaus {n}")
    town = "Bruchsal"


class ContactPersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactPerson

    organisation = factory.SubFactory(OrganisationFactory)
    name = "Gerda Beispielmann"


class OfferFactory(factory.django.DjangoModelFactory):
    """An offer for everybody in the district; ``speaks`` names its languages."""

    class Meta:
        model = Offer
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Sprechstunde {n}")
    topic = factory.LazyFunction(lambda: Topic.objects.first())

    @factory.post_generation
    def speaks(self, create, extracted, **kwargs):
        if create and extracted:
            self.languages.set(extracted)


class VolunteerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Volunteer

    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Hilde Helferich {n}")


class MeetingFactory(factory.django.DjangoModelFactory):
    """A round table of the district, a week ago."""

    class Meta:
        model = Meeting

    title = "Runder Tisch Integration"
    starts_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=7))


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    meeting = factory.SubFactory(MeetingFactory)
    text = "Liste der Sprachkurse erneuern"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=14))


class ReferralFactory(factory.django.DjangoModelFactory):
    """Recommended today by handing the offer out; with its first step."""

    class Meta:
        model = Referral
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    kind = factory.LazyAttribute(lambda row: row.organisation.kind)
    recommended_on = factory.LazyFunction(timezone.localdate)
    state_on = factory.SelfAttribute("recommended_on")
    recorded_at = factory.LazyFunction(timezone.now)
    recorded_by = factory.SelfAttribute("client.manager")

    @factory.post_generation
    def first_step(self, create, extracted, **kwargs):
        if create:
            ReferralStep.objects.create(
                referral=self,
                state=ReferralState.RECOMMENDED,
                on=self.recommended_on,
                recorded_by=self.recorded_by,
                recorded_at=self.recorded_at,
            )
