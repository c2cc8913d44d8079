"""Files as the services leave them: responsibility, phase and period rows agree with the client."""

import datetime

import factory
from django.utils import timezone

from clients.choices import Phase, PointKind, Relation
from clients.models import (
    Accommodation,
    AddressProtection,
    Client,
    ClientLanguage,
    ClientName,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    DuplicateDismissal,
    DuplicateLink,
    FactValue,
    House,
    Household,
    HouseholdMember,
    PermitDecree,
    PhaseChange,
    Relative,
    Residence,
    Responsibility,
    SafetyNote,
    SpokenLanguage,
)
from clients.rules.names import search_key
from clients.services.names import file_under_keys, fill_folded
from clients.services.reach import note_reach
from intake.models import Enquiry
from tests.factories.accounts import MunicipalityFactory, UserFactory


class LanguageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SpokenLanguage
        django_get_or_create = ("code",)

    code = "ar"
    label_de = "Arabisch"
    script = "arabic"


class ClientFactory(factory.django.DjangoModelFactory):
    """A file with a manager, in phase active since a month ago; ``inbox=True`` waits for somebody."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    class Params:
        inbox = factory.Trait(manager=None, phase=Phase.ACCESS)
        closed = factory.Trait(phase=Phase.CLOSED)

    municipality = factory.SubFactory(MunicipalityFactory)
    manager = None
    case_no = factory.Sequence(lambda n: f"TST-2018-{n:04}")
    phase = Phase.ACTIVE
    phase_since = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=30))
    surname = factory.Sequence(lambda n: f"Beispielova{n}")
    given_name = "Nadia"
    birth_date = datetime.date(1990, 5, 17)
    search_name = factory.LazyAttribute(lambda client: search_key(client.surname, client.given_name))
    registered_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=60))

    @factory.post_generation
    def rows(self, create, extracted, **kwargs):
        if not create:
            return
        name = ClientName(client=self, surname=self.surname, given_name=self.given_name, is_main=True)
        fill_folded(name).save()
        file_under_keys([name])
        Responsibility.objects.create(
            client=self,
            manager=self.manager,
            municipality=self.municipality,
            since=self.registered_at,
            is_taking=self.manager is not None,
        )
        opened = timezone.localdate(self.registered_at)
        CounsellingPeriod.objects.create(
            client=self,
            opened_on=opened,
            closed_on=self.phase_since if self.phase == Phase.CLOSED else None,
        )
        PhaseChange.objects.create(
            client=self, phase=self.phase, on=self.phase_since, at=self.registered_at, by=self.manager
        )
        note_reach([self], self.registered_at)


class ClientLanguageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClientLanguage

    client = factory.SubFactory(ClientFactory)
    language = factory.SubFactory(LanguageFactory)


def noted(moment):
    """A row by which somebody is reached is put on record when it was entered, as the services do it."""

    def hook(row, create, extracted, **kwargs):
        if create:
            note_reach([row.client], getattr(row, moment))

    return factory.post_generation(hook)


class AccommodationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Accommodation
        skip_postgeneration_save = True

    client = factory.SubFactory(ClientFactory)
    kind = "au_flat"
    street = "Musterweg 4"
    postcode = "76297"
    town = "Stutensee"
    since = datetime.date(2018, 1, 15)
    recorded_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=60))
    reach = noted("recorded_at")


class HouseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = House

    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Haus am Hang {n}")
    kind = "au_flat"
    street = "Hangweg 2"
    postcode = "76297"
    town = "Stutensee"
    quarter = "Spöck"
    capacity = 24
    valid_from = datetime.date(2018, 1, 1)


class AddressProtectionFactory(factory.django.DjangoModelFactory):
    """A protected address with its copy in the accommodations, as the service leaves it."""

    class Meta:
        model = AddressProtection
        skip_postgeneration_save = True

    client = factory.SubFactory(ClientFactory)
    reason = "Auskunftssperre"
    set_by = factory.LazyAttribute(lambda row: row.client.manager)
    set_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def hidden(row, create, extracted, **kwargs):
        row.client.accommodations.update(is_protected=True)


class ContactPointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactPoint
        skip_postgeneration_save = True

    client = factory.SubFactory(ClientFactory)
    kind = PointKind.MOBILE
    value = "0151 00000001"
    normalised = "+4915100000001"
    since = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=60))
    reach = noted("since")


class ResidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Residence

    client = factory.SubFactory(ClientFactory)
    status = "gfk"
    printed_until = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=400))
    recorded_at = factory.LazyFunction(timezone.now)


class PermitDecreeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PermitDecree

    status = "ukraine_24"
    valid_on = datetime.date(2024, 2, 1)
    continues_until = datetime.date(2025, 3, 4)
    source = "UkraineAufenthFGV"
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.LazyFunction(timezone.now)


class DatedFactFactory(factory.django.DjangoModelFactory):
    """A value of a kind since a day; ``code`` is that of the value without its kind."""

    class Meta:
        model = DatedFact
        exclude = ("code",)

    client = factory.SubFactory(ClientFactory)
    kind = "german_level"
    code = "a1"
    value = factory.LazyAttribute(lambda fact: FactValue.objects.get(code=f"{fact.kind}-{fact.code}"))
    since = datetime.date(2018, 2, 1)
    recorded_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=60))


class SafetyNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SafetyNote
        skip_postgeneration_save = True

    client = factory.SubFactory(ClientFactory)
    reason = "Treppenhaus ohne Licht"
    set_by = factory.SelfAttribute("client.manager")
    set_at = factory.LazyFunction(timezone.now)
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=90))
    reach = noted("set_at")


class RelativeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Relative

    client = factory.SubFactory(ClientFactory)
    surname = "Beispielova"
    given_name = "Ida"
    birth_date = datetime.date(2014, 3, 1)


class DuplicateDismissalFactory(factory.django.DjangoModelFactory):
    """Two files somebody told apart; the older one comes first."""

    class Meta:
        model = DuplicateDismissal

    client = factory.SubFactory(ClientFactory)
    other = factory.SubFactory(ClientFactory)
    dismissed_by = factory.SelfAttribute("client.manager")
    dismissed_at = factory.LazyFunction(timezone.now)


class DuplicateLinkFactory(factory.django.DjangoModelFactory):
    """Two files that were linked; the first is kept twice."""

    class Meta:
        model = DuplicateLink

    client = factory.SubFactory(ClientFactory)
    other = factory.SubFactory(ClientFactory)
    linked_by = factory.SelfAttribute("client.manager")
    linked_at = factory.LazyFunction(timezone.now)


class EnquiryFactory(factory.django.DjangoModelFactory):
    """Somebody asked the officer for counselling; ``taken_by`` says that a manager has taken it."""

    class Meta:
        model = Enquiry

    number = factory.Sequence(lambda n: f"STU-A-2019-{n + 1:04}")
    municipality = factory.SubFactory(MunicipalityFactory)
    registered_at = factory.LazyFunction(timezone.now)
    state = factory.LazyAttribute(lambda enquiry: "taken" if enquiry.taken_by else "open")
    taken_by = None
    taken_at = factory.LazyAttribute(lambda enquiry: timezone.now() if enquiry.taken_by else None)
    surname = "Rahmatyar"
    given_name = "Samira"


def recount_contacts(client, days):
    """Summary columns as if there had been talks on these days; only for pages that read them."""
    _summarise(client, last_contact_on=max(days), counselling_started_on=min(days))


def note_intensity(client, level, since):
    """The same for a confirmed intensity."""
    _summarise(client, intensity=level, intensity_since=since)


def _summarise(client, **columns):
    Client.objects.filter(pk=client.pk).update(**columns)
    for name, value in columns.items():
        setattr(client, name, value)


def household_of(client: Client, since: datetime.date) -> Household:
    """A household with the client as its reference person since a day."""
    home = Household.objects.create(municipality=client.municipality)
    HouseholdMember.objects.create(household=home, client=client, relation=Relation.REFERENCE, since=since)
    return home
