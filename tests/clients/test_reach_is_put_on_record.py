"""How somebody may be reached is put on record in two times, whatever service changes it."""

import datetime
import inspect
import pkgutil
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from clients import recompute, services
from clients.choices import FactKind, Phase, ReachKind, Reading
from clients.models import (
    Accommodation,
    AddressProtection,
    Client,
    ClosingReason,
    ContactPoint,
    DatedFact,
    FactValue,
    ReachPeriod,
    Relative,
    Residence,
    SafetyNote,
    SpokenLanguage,
)
from clients.services import (
    accommodations,
    dated_facts,
    duplicate_dismissals,
    duplicates,
    facts,
    files,
    household,
    names,
    permits,
    protection,
)
from clients.services.closing import Closing, close_with_last_facts
from clients.services.log_steps import write_with_talk
from clients.services.reach import note_reach, unrecorded
from clients.services.responsibility import assign
from intake import services as intake_services
from intake.models import Enquiry
from intake.services import enquiries, inbox
from intake.services.handovers import propose_handovers
from intake.services.inbox import take_client
from tests.factories.clients import (
    AccommodationFactory,
    ClientFactory,
    ContactPointFactory,
    EnquiryFactory,
    RelativeFactory,
    ResidenceFactory,
    SafetyNoteFactory,
)

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


BEGUN = at("2018-03-01 09:00")
NOW = at("2018-06-04 15:00")
TODAY = NOW.date()


@pytest.fixture
def file(cast):
    """Registered in March, with an address, a number, a safety note, a relative and a residence status."""
    cast.stutensee.memberships.update(since=datetime.date(2017, 1, 1))
    client = ClientFactory(
        municipality=cast.stutensee,
        manager=cast.manager,
        registered_at=BEGUN,
        phase_since=BEGUN.date(),
    )
    AccommodationFactory(client=client, since=datetime.date(2018, 2, 1), recorded_at=BEGUN)
    ContactPointFactory(client=client, since=BEGUN)
    SafetyNoteFactory(client=client, set_at=BEGUN, expires_on=datetime.date(2018, 12, 31))
    ResidenceFactory(client=client, recorded_at=BEGUN)
    RelativeFactory(client=client)
    return client


def give_back_what_was_taken(file, by):
    taken = ClientFactory(inbox=True, municipality=file.municipality, registered_at=BEGUN)
    take_client(Actor(by, NOW), taken)
    inbox.give_back(Actor(by, NOW), taken)


def update(file, by, **values):
    for name, value in values.items():
        setattr(file, name, value)
    return files.update_client(Actor(by, NOW), file, fields=list(values), expected_version=file.version)


def read(file, by, reading):
    file.reading = reading
    return files.set_languages(
        Actor(by, NOW), file, [SpokenLanguage.objects.get(code="ar")], expected_version=file.version
    )


def correct_home(file, by, **values):
    home = file.accommodations.get()
    for name, value in values.items():
        setattr(home, name, value)
    return accommodations.correct_accommodation(Actor(by, NOW), home, expected_version=home.version)


def move(file, by):
    new = Accommodation(client=file, street="Neuweg 1", town="Pfinztal", since=datetime.date(2018, 5, 14))
    return accommodations.move_accommodation(Actor(by, NOW), new)


def add_number(file, by):
    return facts.add_contact_point(
        Actor(by, NOW), ContactPoint(client=file, kind="mobile", value="0176 04069042")
    )


def register(file, by):
    new = Client(
        municipality=file.municipality, surname="Neumann-Ofori", birth_date=datetime.date(1991, 2, 3)
    )
    given = files.FirstFacts(
        contact_points=[ContactPoint(kind="email", value="nadia@example.org")],
        accommodation=Accommodation(street="Neuweg 1", town="Stutensee", since=datetime.date(2018, 6, 1)),
    )
    return files.register_client(Actor(by, NOW), new, facts=given)


def register_another(file, by):
    new = Client(municipality=file.municipality, surname=file.surname, birth_date=file.birth_date)
    return duplicate_dismissals.register_another_person(
        Actor(by, NOW), new, [file], facts=files.FirstFacts(), to_inbox=False
    )


def from_enquiry(file, by):
    enquiry = Enquiry(municipality=file.municipality, surname="Ofori", reach="über die Schule", reason="Post")
    enquiries.register_enquiry(Actor(by, NOW), enquiry)
    enquiries.take_enquiry(Actor(by, NOW), enquiry)
    return enquiries.open_file_from(
        Actor(by, NOW), enquiry, Client(surname="Ofori"), facts=files.FirstFacts()
    )


def close(file, by):
    return files.close_counselling(Actor(by, NOW), file, reason=ClosingReason.objects.first(), on=TODAY)


def reopen(file, by):
    closed = close(file, by)
    return files.reopen(Actor(by, NOW), closed, on=TODAY, reason="wieder da")


def give_back(file):
    return assign(Actor(User.objects.get(username="admin"), NOW), file, None)


def take(file, by):
    give_back(file)
    return take_client(Actor(by, NOW), file)


def another_file(file):
    return ClientFactory(municipality=file.municipality, manager=file.manager, registered_at=BEGUN)


def value(kind):
    return FactValue.objects.filter(kind=kind).first()


#: What is done to the file, by service; those of the first part change what is known of reaching somebody.
REACH = {
    "move_accommodation": move,
    "correct_accommodation": lambda file, by: correct_home(file, by, since=datetime.date(2018, 1, 8)),
    "correct_accommodation: the street was unknown": lambda file, by: correct_home(file, by, street=""),
    "correct_accommodation: mail came back": lambda file, by: correct_home(file, by, letters_reach=False),
    "add_contact_point": add_number,
    "add_contact_point: instead of another": lambda file, by: facts.add_contact_point(
        Actor(by, NOW),
        ContactPoint(client=file, kind="mobile", value="0176 04069042"),
        replaces=file.contact_points.get(),
    ),
    "end_contact_point": lambda file, by: facts.end_contact_point(Actor(by, NOW), file.contact_points.get()),
    "set_safety_note": lambda file, by: facts.set_safety_note(
        Actor(by, NOW), SafetyNote(client=file, reason="Hund", expires_on=datetime.date(2018, 9, 1))
    ),
    "end_safety_note": lambda file, by: facts.end_safety_note(Actor(by, NOW), file.safety_notes.get()),
    "update_client: not to be called": lambda file, by: update(file, by, may_be_called=False),
    "update_client: no letters": lambda file, by: update(file, by, may_be_written=False),
    "update_client: no visits": lambda file, by: update(file, by, no_home_visits_since=TODAY),
    "update_client: birth date": lambda file, by: update(file, by, birth_date=datetime.date(2002, 5, 1)),
    "set_languages: reads no script": lambda file, by: read(file, by, Reading.NONE),
    "register_client": register,
    "register_another_person": register_another,
    "open_file_from": from_enquiry,
    "open_file_for": lambda file, by: household.open_file_for(Actor(by, NOW), file.relatives.get()),
}


def course(file, by):
    return dated_facts.add_fact(
        Actor(by, NOW),
        DatedFact(client=file, kind=FactKind.COURSE, value=value(FactKind.COURSE), since=TODAY),
    )


def protect(file, by):
    return protection.protect_address(
        Actor(by, NOW), AddressProtection(client=file, reason="Auskunftssperre")
    )


OTHERS = {
    "give_back": lambda file, by: give_back_what_was_taken(file, by),
    "write_with_talk": lambda file, by: write_with_talk(
        Actor(by, NOW), file, SimpleNamespace(inner=()), lambda: file
    ),
    "add_spelling": lambda file, by: names.add_spelling(
        Actor(by, NOW), file, surname="Beispielowa", given_name="Amina"
    ),
    "change_relative": lambda file, by: household.change_relative(
        Actor(by, NOW),
        household.add_relative(Actor(by, NOW), Relative(client=file, surname="Beispielova")),
        expected_version=1,
    ),
    "connect_with_file": lambda file, by: enquiries.connect_with_file(
        Actor(by, NOW),
        EnquiryFactory(
            municipality=file.municipality, registered_by=by, state="taken", taken_by=by, taken_at=NOW
        ),
        file,
    ),
    "close_with_last_facts": lambda file, by: close_with_last_facts(
        Actor(by, NOW), file, Closing(ClosingReason.objects.first(), TODAY)
    ),
    "propose_handovers": lambda file, by: propose_handovers(
        Actor(by, NOW), [file], User.objects.get(username="colleague"), "Umverteilung"
    ),
    "suspected_of": lambda file, by: duplicates.suspected_of(Actor(by, NOW), file, ""),
    "update_client": lambda file, by: update(file, by, benefit_unit="BG 17"),
    "set_languages": lambda file, by: read(file, by, Reading.UNRECORDED),
    "record_residence": lambda file, by: permits.record_residence(
        Actor(by, NOW), Residence(client=file, status="subs")
    ),
    "correct_residence": lambda file, by: permits.correct_residence(
        Actor(by, NOW), file.residences.get(), expected_version=1
    ),
    "note_permit_reminded": lambda file, by: permits.note_permit_reminded(
        Actor(by, NOW), file.residences.get(), 60
    ),
    "take_back_residence": lambda file, by: permits.take_back_residence(
        Actor(by, NOW), permits.record_residence(Actor(by, NOW), Residence(client=file, status="subs"))
    ),
    "add_fact": lambda file, by: course(file, by),
    "correct_fact": lambda file, by: dated_facts.correct_fact(
        Actor(by, NOW), course(file, by), expected_version=1
    ),
    "end_fact": lambda file, by: dated_facts.end_fact(Actor(by, NOW), course(file, by), on=TODAY),
    "reopen_fact": lambda file, by: dated_facts.reopen_fact(
        Actor(by, NOW), dated_facts.end_fact(Actor(by, NOW), course(file, by), on=TODAY)
    ),
    "take_back_fact": lambda file, by: dated_facts.take_back_fact(Actor(by, NOW), course(file, by)),
    "set_phase": lambda file, by: files.set_phase(Actor(by, NOW), file, Phase.PAUSED, on=TODAY),
    "close_counselling": close,
    "reopen": reopen,
    "justify_clock": lambda file, by: files.justify_clock(
        Actor(by, NOW), file, "Pflegefall", expected_version=1
    ),
    "add_relative": lambda file, by: household.add_relative(
        Actor(by, NOW), Relative(client=file, surname="Beispielova")
    ),
    "join_household": lambda file, by: household.join_household(
        Actor(by, NOW), file, another_file(file), relation="partner"
    ),
    "split_household": lambda file, by: household.split_household(
        Actor(by, NOW),
        file,
        [household.join_household(Actor(by, NOW), file, another_file(file), relation="partner")],
        on=TODAY,
    ),
    "protect_address": lambda file, by: protect(file, by),
    "share_protection": lambda file, by: protection.share_protection(
        Actor(by, NOW), protect(file, by).client, [another_file(file)]
    ),
    "end_protection": lambda file, by: protection.end_protection(Actor(by, NOW), protect(file, by)),
    "dismiss_duplicates": lambda file, by: duplicate_dismissals.dismiss_duplicates(
        Actor(by, NOW), file, [another_file(file)]
    ),
    "reopen:dismissal": lambda file, by: duplicate_dismissals.reopen(
        Actor(by, NOW), file, another_file(file)
    ),
    "take_client": take,
    "assign": lambda file, by: give_back(file),
}


def services_about_a_file() -> set[str]:
    """Every service of these apps that writes, at an instant, something about a file."""
    about = {
        "client", "accommodation", "point", "residence", "fact", "note", "relative", "member", "protection",
    }  # fmt: skip
    found = set()
    modules = [
        module
        for package in (services, intake_services)
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    ]
    for module in modules:
        for name, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            names = set(inspect.signature(function).parameters)
            public = function.__module__ == module.name and not name.startswith("_")
            if public and "actor" in names and names & about:
                found.add(name)
    return found


def test_every_service_about_a_file_is_tried_below():
    tried = {name.partition(":")[0] for name in (*REACH, *OTHERS)}
    assert services_about_a_file() - tried == set()
    assert tried - services_about_a_file() == set()


@pytest.mark.parametrize("name", [*REACH, *OTHERS])
def test_after_every_service_the_record_says_what_the_file_says(file, cast, name):
    assert not unrecorded([file], NOW)
    (REACH | OTHERS)[name](file, cast.manager)
    assert [client.case_no for client in Client.objects.all() if unrecorded([client], NOW)] == []
    assert not ReachPeriod.objects.filter(recorded_at__gt=NOW).exists()


@pytest.mark.parametrize("name", REACH)
def test_a_service_that_forgot_it_would_be_found(file, cast, name, monkeypatch):
    monkeypatch.setattr(recompute, "note_reach", lambda files, now, rows=None: set())
    REACH[name](file, cast.manager)
    assert [client for client in Client.objects.all() if unrecorded([client], NOW)]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_about_reaching_somebody_writes_nothing(file, cast, name):
    before = list(file.reach.order_by("id").values())
    OTHERS[name](file, cast.manager)
    assert list(file.reach.order_by("id").values()) == before


# What is written


def spans(file, kind, *, on_record=True):
    rows = file.reach.filter(kind=kind).order_by("since", "id")
    if on_record:
        rows = rows.on_record()
    return [(row.since, row.until) for row in rows]


def test_a_file_begins_with_what_is_known_then(file):
    assert spans(file, ReachKind.FILE) == [(BEGUN, None)]
    assert spans(file, ReachKind.BORN) == [(at("1990-05-17 00:00"), None)]
    assert spans(file, ReachKind.HOME) == [(at("2018-02-01 00:00"), None)]
    assert spans(file, ReachKind.PHONE) == [(BEGUN, None)]
    assert spans(file, ReachKind.ONLY_IN_PAIRS) == [(BEGUN, at("2019-01-01 00:00"))]
    assert set(file.reach.values_list("recorded_at", "withdrawn_at")) == {(BEGUN, None)}


def test_a_permission_holds_until_the_moment_it_is_withdrawn_and_again_from_the_next(file, cast):
    update(file, cast.manager, may_be_called=False)
    assert spans(file, ReachKind.NO_CALLS) == [(NOW, None)]
    later = NOW + datetime.timedelta(days=2)
    file.may_be_called = True
    files.update_client(
        Actor(cast.manager, later), file, fields=["may_be_called"], expected_version=file.version
    )
    assert spans(file, ReachKind.NO_CALLS) == [(NOW, later)]
    assert spans(file, ReachKind.NO_CALLS, on_record=False) == [(NOW, None), (NOW, later)]
    assert spans(file, ReachKind.PHONE) == [(BEGUN, None)]


def test_mail_that_comes_back_belongs_to_the_address_it_was_sent_to(file, cast):
    correct_home(file, cast.manager, letters_reach=False)
    noted = file.reach.get(kind=ReachKind.MAIL_RETURNS)
    assert (noted.since, noted.until, noted.home) == (NOW, None, file.accommodations.get())
    assert spans(file, ReachKind.HOME) == [(at("2018-02-01 00:00"), None)]


def test_a_corrected_move_is_withdrawn_and_recorded_anew(file, cast):
    correct_home(file, cast.manager, since=datetime.date(2018, 1, 8))
    former, standing = file.reach.filter(kind=ReachKind.HOME)
    assert (former.since, former.withdrawn_at) == (at("2018-02-01 00:00"), NOW)
    assert (standing.since, standing.recorded_at) == (at("2018-01-08 00:00"), NOW)


def test_a_move_recorded_late_ends_the_former_address_on_its_own_day(file, cast):
    move(file, cast.manager)
    assert spans(file, ReachKind.HOME) == [
        (at("2018-02-01 00:00"), at("2018-05-14 00:00")),
        (at("2018-05-14 00:00"), None),
    ]


def test_a_number_ends_at_the_moment_it_is_ended(file, cast):
    facts.end_contact_point(Actor(cast.manager, NOW), file.contact_points.get())
    assert spans(file, ReachKind.PHONE) == [(BEGUN, NOW)]


def test_two_numbers_noted_at_once_are_one_way_to_call(file, cast):
    ContactPointFactory(client=file, since=BEGUN, normalised="+4915100000002")
    assert spans(file, ReachKind.PHONE) == [(BEGUN, None)]
    facts.end_contact_point(Actor(cast.manager, NOW), file.contact_points.first())
    assert (BEGUN, None) in spans(file, ReachKind.PHONE)


def test_a_wish_said_today_holds_from_this_moment(file, cast):
    update(file, cast.manager, no_home_visits_since=TODAY)
    assert spans(file, ReachKind.NO_HOME_VISITS) == [(NOW, None)]
    assert not unrecorded([file], NOW + datetime.timedelta(days=1))


def test_a_wish_of_an_earlier_day_holds_from_the_end_of_that_day(file, cast):
    update(file, cast.manager, no_home_visits_since=datetime.date(2018, 5, 7))
    assert spans(file, ReachKind.NO_HOME_VISITS) == [(at("2018-05-07 23:59:59.999999"), None)]


def test_a_wish_taken_back_did_hold_and_one_with_a_wrong_day_did_not(file, cast):
    update(file, cast.manager, no_home_visits_since=datetime.date(2018, 5, 7))
    update(file, cast.manager, no_home_visits_since=datetime.date(2018, 5, 14))
    assert spans(file, ReachKind.NO_HOME_VISITS) == [(at("2018-05-14 23:59:59.999999"), None)]
    update(file, cast.manager, no_home_visits_since=None)
    assert spans(file, ReachKind.NO_HOME_VISITS) == [(at("2018-05-14 23:59:59.999999"), NOW)]


def test_what_holds_for_no_moment_is_not_recorded(file, cast):
    point = add_number(file, cast.manager)
    facts.end_contact_point(Actor(cast.manager, NOW), point)
    assert spans(file, ReachKind.PHONE) == [(BEGUN, None)]


def test_nothing_new_writes_nothing(file):
    before = file.reach.count()
    assert note_reach([file], NOW) == set()
    assert file.reach.count() == before


# Existing installations


def test_erasing_the_file_erases_the_record(file):
    key = file.pk
    Client.objects.filter(pk=key).delete()
    assert not ReachPeriod.objects.filter(client_id=key).exists()
