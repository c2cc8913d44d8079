"""A service asks for the permission itself, so that a way in that forgot it opens nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import StandIn
from accounts.services.stand_ins import end_stand_in
from appointments.models import Contact, FollowUp
from appointments.services import contacts, follow_ups
from appointments.services.contacts import Participant, correct_contact
from clients.models import Client
from clients.services.files import justify_clock
from intake.services.enquiries import connect_with_file, take_enquiry
from intake.services.inbox import take_client
from tests.factories.appointments import ContactFactory
from tests.factories.clients import ClientFactory, EnquiryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.manager)


@pytest.fixture
def foreign(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.colleague)


def due(client=None):
    return FollowUp(client=client, text="Bescheid", due_on=timezone.localdate())


def test_whoever_works_with_no_files_sets_no_follow_up(cast, own):
    with pytest.raises(PermissionDenied):
        follow_ups.create_follow_up(Actor(cast.officer), due())
    with pytest.raises(PermissionDenied):
        follow_ups.create_follow_up(Actor(cast.admin), due(own))
    assert not FollowUp.objects.exists()


def test_a_follow_up_without_a_file_is_its_owners_and_her_stand_ins(cast):
    row = follow_ups.create_follow_up(Actor(cast.manager), due())
    with pytest.raises(PermissionDenied):
        follow_ups.finish_follow_up(Actor(cast.colleague), row, expected_version=row.version)
    done = follow_ups.finish_follow_up(Actor(cast.substitute), row, expected_version=row.version)
    assert done.done_by == cast.substitute


@pytest.mark.parametrize("way", ["moved", "joined"])
def test_a_correction_writes_in_no_file_of_somebody_else(cast, own, foreign, way):
    contact = Contact.objects.get(pk=ContactFactory(client=own).pk)
    people = [Participant(foreign)] if way == "joined" else []
    contact.client = foreign if way == "moved" else own
    with pytest.raises(PermissionDenied):
        correct_contact(Actor(cast.manager), contact, expected_version=contact.version, participants=people)
    assert not Contact.objects.of(foreign).exists()
    assert Contact.objects.get(pk=contact.pk).client == own


def test_who_left_a_contact_moves_it_into_no_other_file(cast, own, foreign):
    elsewhere = ClientFactory(municipality=cast.stutensee, manager=cast.former)
    contact = contacts.leave_drop_in(
        Actor(cast.manager), ContactFactory.build(client=foreign, recorded_by=None)
    )
    contact.client = elsewhere
    with pytest.raises(PermissionDenied):
        correct_contact(Actor(cast.manager), contact, expected_version=contact.version)


def test_an_enquiry_is_connected_with_no_file_handed_over_meanwhile(cast, own):
    enquiry = take_enquiry(
        Actor(cast.manager), EnquiryFactory(municipality=cast.stutensee, registered_by=cast.officer)
    )
    Client.objects.filter(pk=own.pk).update(manager=cast.colleague)
    with pytest.raises(PermissionDenied):
        connect_with_file(Actor(cast.manager), enquiry, own)


def test_a_stand_in_that_ended_while_the_request_waited_opens_nothing(cast, own):
    waiting = Actor(cast.substitute)
    assert waiting.acting_for(own) == cast.manager.pk
    stand_in = StandIn.objects.get(absent=cast.manager, substitute=cast.substitute)
    end_stand_in(Actor(cast.coordinator), stand_in, expected_version=stand_in.version)
    with pytest.raises(PermissionDenied):
        justify_clock(waiting, own, "Zu spät", expected_version=own.version)


def test_a_file_is_taken_only_from_an_inbox_of_ones_own(cast):
    file = ClientFactory(municipality=cast.pfinztal, manager=None, phase="access")
    with pytest.raises(PermissionDenied):
        take_client(Actor(cast.manager), file)
    assert take_client(Actor(cast.outsider), file).manager == cast.outsider


def test_a_participant_in_a_colleagues_file_stays_with_a_correction(cast, own, foreign):
    contact = Contact.objects.get(pk=ContactFactory(client=own, participants=[foreign]).pk)
    contact.minutes = 45
    correct_contact(
        Actor(cast.manager),
        contact,
        expected_version=contact.version,
        participants=[Participant(foreign)],
    )
    assert Contact.objects.of(foreign).get().minutes == 45
