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
)
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
