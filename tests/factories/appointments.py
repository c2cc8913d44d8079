"""Contacts, appointments and follow-ups as the services leave them."""

import datetime

import factory
from django.utils import timezone

from appointments.choices import AppointmentState, Channel, Direction, Excuse, Result, SpokenWith
from appointments.models import (
    Appointment,
    AppointmentOutcome,
    Contact,
    ContactNote,
    ContactParticipant,
    FollowUp,
    GroupEvent,
    OfficeHourArrival,
    OfficeHourSeries,
    OfficeHourSession,
    Place,
    PlaceHours,
)
from tests.factories.accounts import LONG_AGO, MunicipalityFactory
from tests.factories.clients import ClientFactory


class ContactFactory(factory.django.DjangoModelFactory):
    """A held talk an hour ago; ``note="…"`` adds the note, ``unreached=True`` makes it an attempt by phone."""

    class Meta:
        model = Contact
        skip_postgeneration_save = True

    class Params:
        unreached = factory.Trait(
            channel=Channel.PHONE, result=Result.NOT_REACHED, spoken_with=SpokenWith.NOBODY, minutes=None
        )
        letter = factory.Trait(channel=Channel.LETTER, result=Result.SENT, minutes=None)

    client = factory.SubFactory(ClientFactory)
    happened_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(hours=1))
    happened_on = factory.LazyAttribute(lambda contact: timezone.localdate(contact.happened_at))
    recorded_at = factory.SelfAttribute("happened_at")
    recorded_by = factory.SelfAttribute("client.manager")
    minutes = 30
    channel = Channel.OFFICE
    direction = Direction.OUT
    spoken_with = SpokenWith.CLIENT
    result = Result.TALK

    @factory.post_generation
    def participants(self, create, extracted, **kwargs):
        if create:
            for client in [self.client, *(extracted or [])]:
                ContactParticipant.objects.create(contact=self, client=client)

    @factory.post_generation
    def note(self, create, extracted, **kwargs):
        if create and extracted:
            ContactNote.objects.create(contact=self, client=self.client, text=extracted)


class AppointmentFactory(factory.django.DjangoModelFactory):
    """Tomorrow for 45 minutes, agreed; ``outcome="held"`` writes the outcome too."""

    class Meta:
        model = Appointment
        skip_postgeneration_save = True

    client = factory.SubFactory(ClientFactory)
    manager = factory.SelfAttribute("client.manager")
    starts_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=1))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + datetime.timedelta(minutes=45))
    recorded_at = factory.LazyAttribute(
        lambda row: min(row.starts_at, timezone.now()) - datetime.timedelta(days=7)
    )
    recorded_by = factory.SelfAttribute("client.manager")
    agreed_at = factory.SelfAttribute("recorded_at")

    @factory.post_generation
    def outcome(self, create, extracted, **kwargs):
        if create and extracted:
            self.state = extracted
            self.excuse = kwargs.get("excuse", Excuse.UNDECIDED)
            self.save()
            AppointmentOutcome.objects.create(
                appointment=self,
                state=AppointmentState(extracted),
                excuse=self.excuse,
                recorded_at=self.ends_at,
                by=self.recorded_by,
            )


class FollowUpFactory(factory.django.DjangoModelFactory):
    """Due today in a file; ``client=None, owner=user`` stands without one."""

    class Meta:
        model = FollowUp

    client = factory.SubFactory(ClientFactory)
    owner = factory.SelfAttribute("client.manager")
    text = "Rückruf FamilienBüro"
    due_on = factory.LazyFunction(timezone.localdate)
    recorded_at = factory.LazyFunction(timezone.now)
    recorded_by = factory.SelfAttribute("owner")


class PlaceFactory(factory.django.DjangoModelFactory):
    """A room open Monday to Friday from 8 to 17; ``hours=[(weekday, opens, closes), …]`` says otherwise."""

    class Meta:
        model = Place
        skip_postgeneration_save = True

    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Raum {n}")

    @factory.post_generation
    def hours(self, create, extracted, **kwargs):
        if not create:
            return
        usual = [(weekday, datetime.time(8), datetime.time(17)) for weekday in range(5)]
        for weekday, opens, closes in usual if extracted is None else extracted:
            PlaceHours.objects.create(
                place=self, weekday=weekday, opens=opens, closes=closes, valid_from=LONG_AGO
            )


class SeriesFactory(factory.django.DjangoModelFactory):
    """Every Tuesday from 14 to 16, since long ago."""

    class Meta:
        model = OfficeHourSeries

    place = factory.SubFactory(PlaceFactory)
    municipality = factory.SelfAttribute("place.municipality")
    weekday = 1
    begins = datetime.time(14)
    ends = datetime.time(16)
    valid_from = LONG_AGO


class SessionFactory(factory.django.DjangoModelFactory):
    """An open office hour that begins now."""

    class Meta:
        model = OfficeHourSession

    series = factory.SubFactory(SeriesFactory)
    municipality = factory.SelfAttribute("series.municipality")
    place = factory.SelfAttribute("series.place")
    starts_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + datetime.timedelta(hours=2))
    planned_on = factory.LazyAttribute(lambda row: timezone.localdate(row.starts_at))


class ArrivalFactory(factory.django.DjangoModelFactory):
    """Somebody who came ten minutes ago and waits."""

    class Meta:
        model = OfficeHourArrival

    session = factory.SubFactory(SessionFactory)
    number = factory.LazyAttribute(lambda row: row.session.arrivals.count() + 1)
    turn = factory.SelfAttribute("number")
    arrived_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(minutes=10))


class GroupEventFactory(factory.django.DjangoModelFactory):
    """Twelve people came today; in no file."""

    class Meta:
        model = GroupEvent

    municipality = factory.SubFactory("tests.factories.accounts.MunicipalityFactory")
    title = "Infoabend zur Schule"
    held_on = factory.LazyFunction(timezone.localdate)
    attendees = 12
