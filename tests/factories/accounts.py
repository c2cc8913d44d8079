"""Staff and places."""

import datetime

import factory

from accounts.models import Absence, District, Membership, Municipality, Role, Service, StandIn, User

LONG_AGO = datetime.date(2016, 1, 1)


class DistrictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = District
        django_get_or_create = ("name",)

    name = "Landkreis Karlsruhe"


class MunicipalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Municipality
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    district = factory.SubFactory(DistrictFactory)
    code = factory.Sequence(lambda n: f"M{n:03}")
    name = factory.Sequence(lambda n: f"Musterort {n}")

    @factory.post_generation
    def membership(self, create, extracted, **kwargs):
        if create and not self.memberships.exists():
            Membership.objects.create(municipality=self, since=LONG_AGO)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        officer = factory.Trait(role=Role.OFFICER)
        coordinator = factory.Trait(role=Role.OFFICER, whole_district=True)
        admin = factory.Trait(role=Role.ADMIN, is_staff=True)

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = "Mila"
    last_name = factory.Sequence(lambda n: f"Testmann{n}")
    role = Role.MANAGER
    password = factory.PostGenerationMethodCall("set_unusable_password")

    @factory.post_generation
    def serves(self, create, extracted, **kwargs):
        """``UserFactory(serves=municipality)`` or a list of them."""
        if not create or not extracted:
            return
        places = extracted if isinstance(extracted, list | tuple) else [extracted]
        for place in places:
            ServiceFactory(user=self, municipality=place)


class ServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Service

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    since = LONG_AGO


class StandInFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StandIn

    absent = factory.SubFactory(UserFactory)
    substitute = factory.SubFactory(UserFactory)
    since = factory.LazyFunction(lambda: datetime.date.today() - datetime.timedelta(days=1))
    until = factory.LazyFunction(lambda: datetime.date.today() + datetime.timedelta(days=5))
    reason = "Urlaub"
    planned_by = factory.SelfAttribute("absent")
    planned_at = factory.LazyFunction(lambda: datetime.datetime.now(tz=datetime.UTC))


class AbsenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Absence

    user = factory.SubFactory(UserFactory)
    since = factory.LazyFunction(datetime.date.today)
    until = factory.LazyAttribute(lambda absence: absence.since + datetime.timedelta(days=4))
    entered_by = factory.SelfAttribute("user")
    entered_at = factory.LazyFunction(lambda: datetime.datetime.now(tz=datetime.UTC))
