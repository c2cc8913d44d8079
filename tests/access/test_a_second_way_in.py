"""A service asks for the permission itself, so that a way in that forgot it opens nothing."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import duties
from accounts.actor import Actor
from accounts.models import Absence, StandIn, User
from accounts.services import absences, stand_ins, users
from accounts.services.stand_ins import end_stand_in
from appointments.models import Contact, FollowUp
from appointments.services import drop_ins, follow_ups
from appointments.services.contacts import Participant
from appointments.services.corrections import correct_contact
from audit.models import AuditEntry
from clients.health import grant_health
from clients.models import Client
from clients.services import duplicate_dismissals, files
from clients.services.change import FileLost, change
from clients.services.files import FirstFacts, justify_clock
from clients.services.responsibility import assign
from intake.importing import staging
from intake.models import Enquiry, ImportBatch
from intake.services import enquiries
from intake.services.caseloads import UnassignedCaseload, assign_by_count
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
    contact = drop_ins.leave_drop_in(
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


TODAY = timezone.localdate()


def asked(cast):
    return EnquiryFactory(municipality=cast.stutensee, registered_by=cast.officer)


def answered(actor, enquiry):
    return enquiries.answer_enquiry(actor, enquiry, topic=None, language=None, minutes=5)


def new_enquiry(cast):
    return Enquiry(municipality=cast.stutensee, surname="Ofori", reach="Schule", reason="Post")


def person(cast):
    return Client(municipality=cast.stutensee, surname="Neumann")


def left(cast):
    return UnassignedCaseload(uuid.UUID(int=1), cast.stutensee, cast.former, 1, timezone.now())


def away(user):
    return Absence(user=user, since=TODAY, until=TODAY)


def stored_absence(user):
    return absences.enter_absence(Actor(user), away(user))


def planned(absent, substitute):
    return StandIn(absent=absent, substitute=substitute, since=TODAY, until=TODAY, reason="Urlaub")


def standing_in(cast):
    return StandIn.objects.get(absent=cast.manager, substitute=cast.substitute)


def contact(client):
    return ContactFactory.build(client=client, recorded_by=None)


#: Whom a service turns away: it is called with the cast, a file of the manager's and one of her colleague's.
TURNED_AWAY = {
    "an officer who takes an enquiry": lambda c, own, foreign: take_enquiry(Actor(c.officer), asked(c)),
    "a manager of elsewhere who takes it": lambda c, own, foreign: take_enquiry(Actor(c.outsider), asked(c)),
    "an administrator who answers it": lambda c, own, foreign: answered(Actor(c.admin), asked(c)),
    "an officer of elsewhere who answers it": lambda c, own, foreign: answered(
        Actor(c.officer_elsewhere), asked(c)
    ),
    "an administrator who registers one": lambda c, own, foreign: enquiries.register_enquiry(
        Actor(c.admin), new_enquiry(c)
    ),
    "an officer of elsewhere who registers one": lambda c, own, foreign: enquiries.register_enquiry(
        Actor(c.officer_elsewhere), new_enquiry(c)
    ),
    "a manager who answers without a file": lambda c, own, foreign: enquiries.log_answered(
        Actor(c.manager), new_enquiry(c)
    ),
    "an officer who opens a file from one": lambda c, own, foreign: enquiries.open_file_from(
        Actor(c.officer), asked(c), person(c), facts=FirstFacts()
    ),
    "an officer who registers a person": lambda c, own, foreign: files.register_client(
        Actor(c.officer), person(c), to_inbox=True
    ),
    "an officer who takes a file": lambda c, own, foreign: take_client(
        Actor(c.officer), ClientFactory(municipality=c.stutensee, manager=None, phase="access")
    ),
    "a manager who hands her file over": lambda c, own, foreign: assign(Actor(c.manager), own, c.colleague),
    "a coordinator who takes a file": lambda c, own, foreign: assign(
        Actor(c.coordinator), own, c.colleague, is_taking=True
    ),
    "a manager who takes a file for another": lambda c, own, foreign: assign(
        Actor(c.manager), own, c.colleague, is_taking=True
    ),
    "a manager who assigns by number": lambda c, own, foreign: assign_by_count(
        Actor(c.manager), left(c), {c.manager: 1}
    ),
    "a manager who tells a colleague's file apart": lambda c, own, foreign: (
        duplicate_dismissals.dismiss_duplicates(Actor(c.manager), own, [foreign])
    ),
    "a manager who starts from it": lambda c, own, foreign: duplicate_dismissals.dismiss_duplicates(
        Actor(c.manager), foreign, [own]
    ),
    "a coordinator who tells files apart": lambda c, own, foreign: duplicate_dismissals.dismiss_duplicates(
        Actor(c.coordinator), own, [foreign]
    ),
    "a colleague who asks again": lambda c, own, foreign: duplicate_dismissals.reopen(
        Actor(c.colleague), foreign, own
    ),
    "an officer who imports": lambda c, own, foreign: staging.discard(
        Actor(c.officer), ImportBatch(uploaded_by=c.officer)
    ),
    "a colleague who reads health": lambda c, own, foreign: grant_health(
        Actor(c.colleague), own, reason="Anruf"
    ),
    "a manager who grants herself her own file": lambda c, own, foreign: grant_health(
        Actor(c.manager), own, reason="Anruf"
    ),
    "an officer who leaves a contact": lambda c, own, foreign: drop_ins.leave_drop_in(
        Actor(c.officer), contact(own)
    ),
    "a coordinator who deactivates": lambda c, own, foreign: users.deactivate(
        Actor(c.coordinator), c.colleague, reason="Ruhestand"
    ),
    "a coordinator who activates": lambda c, own, foreign: users.activate(
        Actor(c.coordinator), c.colleague, reason="zurück"
    ),
    "a manager who changes a role": lambda c, own, foreign: users.change_role(
        Actor(c.manager), c.colleague, "admin", whole_district=False, reason="Versehen"
    ),
    "an officer who makes an account": lambda c, own, foreign: users.create_user(
        Actor(c.officer), User(username="neu", role="admin")
    ),
    "a manager who sets a password": lambda c, own, foreign: users.set_password(
        Actor(c.manager), c.colleague, "nussbaum-treppe-17", reason="vergessen"
    ),
    "a manager who says she did": lambda c, own, foreign: users.mark_as_one_time(
        Actor(c.manager), c.colleague, reason="vergessen"
    ),
    "a manager who hands on what another owes": lambda c, own, foreign: duties.transfer_all(
        Actor(c.manager), c.colleague, c.manager
    ),
    "a manager who hands on what is another's own": lambda c, own, foreign: duties.hand_on_all(
        Actor(c.manager), c.colleague, c.manager
    ),
    "a colleague who enters somebody absent": lambda c, own, foreign: absences.enter_absence(
        Actor(c.colleague), away(c.manager)
    ),
    "an administrator who does": lambda c, own, foreign: absences.enter_absence(
        Actor(c.admin), away(c.manager)
    ),
    "a colleague who plans for another": lambda c, own, foreign: stand_ins.plan_stand_in(
        Actor(c.colleague), planned(c.manager, c.colleague)
    ),
    "an officer who steps in": lambda c, own, foreign: stand_ins.take_over_in_emergency(
        Actor(c.officer), planned(c.manager, c.officer)
    ),
    "a colleague who ends a stand-in of others": lambda c, own, foreign: end_stand_in(
        Actor(c.colleague), standing_in(c), expected_version=1
    ),
    "a coordinator who ends all of an account": lambda c, own, foreign: stand_ins.end_stand_ins_of(
        Actor(c.coordinator), c.manager
    ),
}


@pytest.mark.parametrize("who", TURNED_AWAY)
def test_a_service_turns_away(cast, own, foreign, who):
    with pytest.raises(PermissionDenied):
        TURNED_AWAY[who](cast, own, foreign)
    assert not AuditEntry.objects.exists()


def test_an_absence_is_changed_by_whoever_may_enter_it(cast):
    absence = stored_absence(cast.manager)
    for verb in (absences.change_absence, absences.end_absence):
        with pytest.raises(PermissionDenied):
            verb(Actor(cast.colleague), absence, expected_version=1)
    absence.until = TODAY + datetime.timedelta(days=1)
    absences.change_absence(Actor(cast.coordinator), absence, expected_version=1)
    assert Absence.objects.get().until == TODAY + datetime.timedelta(days=1)


def test_a_change_of_no_file_asks_for_the_right_by_role(cast):
    with pytest.raises(PermissionDenied), change(Actor(cast.officer), needs="contact.log"):
        raise AssertionError("the officer is let in")
    with change(Actor(cast.manager), needs="contact.log") as locked:
        assert locked.lock([]) == []


def test_a_person_is_registered_although_somebody_took_a_file_she_is_told_apart_from(cast, foreign):
    new = duplicate_dismissals.register_another_person(
        Actor(cast.manager), person(cast), [foreign], facts=FirstFacts(), to_inbox=False
    )
    assert new.manager == cast.manager
    assert not duplicate_dismissals.dismissed_for(new)


def test_a_file_that_is_there_no_more_is_lost_and_no_error(cast, own):
    gone = Client(pk=own.pk + 1, manager=cast.manager)
    with pytest.raises(FileLost), change(Actor(cast.manager), [gone], needs="client.edit"):
        raise AssertionError("a file that is not there is open")
