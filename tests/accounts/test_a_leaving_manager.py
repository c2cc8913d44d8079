"""Deactivation and role change: at once, with a reason, and nothing is left behind."""

import datetime
import re
import uuid

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Absence, AccountChange, Role, StandIn, User
from accounts.services.absences import enter_absence
from accounts.services.stand_ins import plan_stand_in
from accounts.services.users import activate, change_role, deactivate
from appointments.models import Appointment, FollowUp
from appointments.services.appointments import plan_appointment
from appointments.services.follow_ups import create_follow_up, pass_on
from audit.models import AuditEntry
from clients import timeline
from clients.file_context import FileContext
from clients.models import Client, Responsibility
from clients.services.change import FileLost
from clients.services.files import register_client
from clients.services.responsibility import assign
from intake.services import enquiries
from intake.services.inbox import take_client, take_clients
from intake.views import inbox
from tests.factories.accounts import StandInFactory
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory, EnquiryFactory
from tests.worklists import lines_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_the_caseload_falls_to_the_inbox(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)

    deactivate(Actor(cast.admin), cast.manager, reason="Arbeitsplatzwechsel")

    file.refresh_from_db()
    assert file.manager is None
    assert file in Client.objects.in_inbox_of(cast.colleague)
    row = Responsibility.objects.get(client=file, until__isnull=True)
    assert (row.manager, row.former_manager) == (None, cast.manager)


def test_a_successor_takes_over_in_the_same_step(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)

    deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand", successor=cast.colleague)

    file.refresh_from_db()
    assert file.manager == cast.colleague


def test_in_a_file_of_somebody_else_it_waits_who_holds_the_appointment(cast):
    file = ClientFactory(manager=cast.colleague, municipality=cast.stutensee)
    held = AppointmentFactory(client=file, manager=cast.manager, starts_at=timezone.now() + 20 * DAY)
    AppointmentFactory(client=file, manager=cast.colleague, starts_at=held.starts_at)
    assert lines_of(cast.colleague, kinds=["appointment"]) == []

    deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand")

    assert [line.text for line in lines_of(cast.colleague, kinds=["appointment"], fresh=False)] == [
        "seit der Übergabe ohne Zuständige"
    ]


def test_a_closed_file_keeps_its_last_manager(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee, closed=True)

    deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand")

    file.refresh_from_db()
    assert file.manager == cast.manager


def test_open_sessions_end_at_once(cast, as_user):
    browser = as_user(cast.manager)
    assert browser.get("/account/").status_code == 200

    deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand")

    answer = browser.get("/account/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(cast, reason):
    with pytest.raises(ValidationError, match="Grund"):
        deactivate(Actor(cast.admin), cast.manager, reason=reason)
    assert User.objects.get(pk=cast.manager.pk).is_active


def test_nobody_deactivates_themselves(cast):
    with pytest.raises(ValidationError):
        deactivate(Actor(cast.admin), cast.admin, reason="Versehen")


def test_an_officer_is_no_successor(cast):
    with pytest.raises(ValidationError):
        deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand", successor=cast.officer)
    assert User.objects.get(pk=cast.manager.pk).is_active


def test_a_successor_who_left_meanwhile_takes_over_nothing(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    assert cast.colleague.is_active, "as the form has read her"

    with pytest.raises(ValidationError) as refused:
        deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand", successor=cast.colleague)

    file.refresh_from_db()
    assert list(refused.value.message_dict) == ["successor"]
    assert (file.manager, User.objects.get(pk=cast.manager.pk).is_active) == (cast.manager, True)


def test_a_superuser_is_no_successor(cast):
    User.objects.filter(pk=cast.colleague.pk).update(is_superuser=True)
    with pytest.raises(ValidationError):
        deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand", successor=cast.colleague)


@pytest.mark.parametrize("verb", ["deactivate", "change_role"])
def test_an_heir_who_left_meanwhile_inherits_nothing(cast, verb):
    follow_up = FollowUpFactory(client=None, owner=cast.manager)
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    common = {"reason": "Ruhestand", "follow_up_successor": cast.colleague}

    leave = {
        "deactivate": lambda: deactivate(Actor(cast.admin), cast.manager, **common),
        "change_role": lambda: change_role(
            Actor(cast.admin), cast.manager, Role.OFFICER, whole_district=False, **common
        ),
    }
    with pytest.raises(ValidationError) as refused:
        leave[verb]()

    follow_up.refresh_from_db()
    assert list(refused.value.message_dict) == ["follow_up_successor"]
    assert follow_up.owner == cast.manager


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.OFFICER}])
def test_no_file_goes_to_somebody_who_is_no_manager_any_more(cast, change):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    User.objects.filter(pk=cast.colleague.pk).update(**change)

    with pytest.raises(ValidationError, match="keine Akten übernehmen"), transaction.atomic():
        assign(Actor(cast.admin), file, cast.colleague)

    file.refresh_from_db()
    assert file.manager == cast.manager


@pytest.mark.parametrize("name", ["inbox_take", "inbox_take_many"])
def test_taking_while_being_deactivated_is_refused_in_words(cast, as_user, monkeypatch, name):
    file = ClientFactory(manager=None, municipality=cast.stutensee)
    browser = as_user(cast.colleague)

    def deactivated_first(take):
        def taking(actor, files):
            User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
            return take(actor, files)

        return taking

    for take in (take_client, take_clients):
        monkeypatch.setattr(inbox, take.__name__, deactivated_first(take))
    url = reverse(f"intake:{name}", args=[file.uuid] if name == "inbox_take" else [])
    answer = browser.post(url, {"entry": [str(file.uuid)], "form_token": str(uuid.uuid4())})

    file.refresh_from_db()
    assert (answer.status_code, file.manager) == (302, None)
    assert ["keine Akten übernehmen" in str(text) for text in get_messages(answer.wsgi_request)] == [True]


def test_a_role_change_keeps_its_reason_and_takes_the_files_away(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)

    change_role(Actor(cast.admin), cast.manager, Role.OFFICER, whole_district=True, reason="Neue Aufgabe")

    file.refresh_from_db()
    assert file.manager is None
    change = AccountChange.objects.get(user=cast.manager)
    assert (change.old, change.new, change.reason) == ("manager", "officer", "Neue Aufgabe")
    assert AuditEntry.objects.filter(action="account.role_changed", actor=cast.admin).exists()
    assert not Client.objects.visible_to(User.objects.get(pk=cast.manager.pk)).exists()


def test_activating_brings_no_files_back(cast):
    ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    deactivate(Actor(cast.admin), cast.manager, reason="Elternzeit")

    activate(Actor(cast.admin), cast.manager, reason="Rückkehr")

    again = User.objects.get(pk=cast.manager.pk)
    assert again.is_active
    assert not Client.objects.visible_to(again).exists()


def test_the_administration_acts_through_the_admin_page(cast, as_user):
    browser = as_user(cast.admin)
    url = "/admin/accounts/user/"
    chosen = {"action": "deactivate", "_selected_action": [cast.colleague.pk]}

    asked = browser.post(url, chosen)
    assert "Grund" in asked.content.decode()
    done = browser.post(url, {**chosen, "confirmed": "1", "reason": "Versetzung", "successor": ""})

    assert done.status_code == 302
    assert not User.objects.get(pk=cast.colleague.pk).is_active


def test_role_and_activity_are_no_fields_of_the_admin_form(cast, as_user):
    browser = as_user(cast.admin)
    url = f"/admin/accounts/user/{cast.colleague.pk}/change/"

    browser.post(url, {"username": "colleague", "role": "admin", "is_active": "", "language": "de"})

    stored = User.objects.get(pk=cast.colleague.pk)
    assert stored.is_active
    assert stored.role == Role.MANAGER


def test_the_page_of_an_account_is_german_down_to_its_tables(cast, as_user):
    change_role(Actor(cast.admin), cast.colleague, Role.OFFICER, whole_district=False, reason="Wechsel")
    page = as_user(cast.admin).get(f"/admin/accounts/user/{cast.colleague.pk}/change/").text
    heads = {" ".join(head.split()) for head in re.findall(r"<th[^>]*>([^<]+)", page)}
    for word in ("Kommune", "Geändert am", "Rolle vorher", "Rolle nachher", "Geändert von"):
        assert word in heads, heads
    assert not heads & {"Municipality", "At", "Old", "New", "By", "Kind"}
    assert f"{cast.colleague.pk} @ " not in page
    assert "<p>Integrationsmanager:in</p>" in page


def test_who_left_in_this_moment_opens_no_file_and_takes_no_enquiry(cast):
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert cast.manager.is_active, "as the request has read her"
    now = timezone.now()
    enquiry = EnquiryFactory(municipality=cast.stutensee, registered_by=cast.officer, surname="Fragend")
    person = Client(municipality=cast.stutensee, surname="Rahmatyar", given_name="Samira")

    with pytest.raises(ValidationError, match="keine Akten übernehmen"):
        register_client(Actor(cast.manager, now), person)
    with pytest.raises(ValidationError, match="keine Akten übernehmen"):
        enquiries.take_enquiry(Actor(cast.manager, now), enquiry)

    enquiry.refresh_from_db()
    assert (enquiry.state, Client.objects.filter(surname="Rahmatyar").exists()) == ("open", False)


def test_who_left_in_this_moment_gets_no_appointment_no_follow_up_no_stand_in_and_no_absence(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    passed_on = FollowUpFactory(client=file, owner=cast.manager)
    form = FollowUp(client=Client.objects.get(pk=file.pk), text="Bescheid nachreichen", due_on="2026-12-01")
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    assert cast.colleague.is_active, "as the request has read her"
    now, today = timezone.now(), timezone.localdate()
    begin = now + datetime.timedelta(days=2)
    planned = Appointment(client=file, starts_at=begin, ends_at=begin + datetime.timedelta(hours=1))
    days = {"since": today, "until": today}
    stand_in = StandIn(absent=cast.manager, substitute=cast.colleague, reason="Urlaub", **days)

    with pytest.raises(ValidationError, match="keine Akten übernehmen"):
        plan_appointment(Actor(cast.manager, now), planned, agreed=True, holder=cast.colleague)
    with pytest.raises(ValidationError, match="keine Akten übernehmen"):
        pass_on(Actor(cast.manager), passed_on, cast.colleague, expected_version=passed_on.version)
    with pytest.raises(ValidationError, match="aktive Integrationsmanager"):
        plan_stand_in(Actor(cast.manager, now), stand_in)
    with pytest.raises(ValidationError, match="aktive Integrationsmanager"):
        enter_absence(Actor(cast.coordinator, now), Absence(user=cast.colleague, **days))

    assert not Appointment.objects.exists()
    assert not StandIn.objects.filter(substitute=cast.colleague).exists()
    assert FollowUp.objects.get(pk=passed_on.pk).owner == cast.manager
    # The file went to somebody else after the form was opened: whoever stands in for her writes it down for her.
    Client.objects.filter(pk=file.pk).update(manager=cast.outsider)
    with pytest.raises(FileLost):
        create_follow_up(Actor(cast.manager, now), form)
    StandInFactory(absent=cast.outsider, substitute=cast.manager, since=today, until=today)
    in_her_place = Actor(User.objects.get(pk=cast.manager.pk), now)
    assert create_follow_up(in_her_place, form).owner == cast.outsider


@pytest.mark.parametrize("verb", ["deactivate", "change_role"])
def test_stand_ins_end_with_the_account(cast, verb):
    """Otherwise the closed files of somebody who left would stay open to whoever stood in for her."""
    closed = ClientFactory(manager=cast.manager, municipality=cast.stutensee, closed=True)
    StandInFactory(absent=cast.colleague, substitute=cast.manager)
    common = {"reason": "Ruhestand"}
    assert closed in Client.objects.visible_to(User.objects.get(pk=cast.substitute.pk))

    if verb == "deactivate":
        deactivate(Actor(cast.admin), cast.manager, **common)
    else:
        change_role(Actor(cast.admin), cast.manager, Role.OFFICER, whole_district=False, **common)

    today = timezone.localdate()
    left = StandIn.objects.not_over_on(today).filter(Q(absent=cast.manager) | Q(substitute=cast.manager))
    assert not left.exists()
    assert closed not in Client.objects.visible_to(User.objects.get(pk=cast.substitute.pk))


@pytest.mark.parametrize("verb", ["deactivate", "change_role"])
def test_enquiries_and_files_are_locked_before_accounts(cast, verb):
    """Whoever plans an appointment or takes a file holds the file and waits for the account."""
    ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    common = {"reason": "Ruhestand"}

    with CaptureQueriesContext(connection) as statements:
        if verb == "deactivate":
            deactivate(Actor(cast.admin), cast.manager, **common, successor=cast.colleague)
        else:
            change_role(Actor(cast.admin), cast.manager, Role.OFFICER, whole_district=False, **common)

    tables = re.findall(
        r'SELECT .*? FROM "(clients_client|intake_enquiry|accounts_user)"', str(statements.captured_queries)
    )
    assert tables[:3] == ["intake_enquiry", "clients_client", "accounts_user"]


def test_what_the_administration_did_is_written_down_as_its_own(cast):
    """Nobody acts for a leaver: the administration is no stand-in, and the leaver did nothing."""
    file = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    follow_up = FollowUpFactory(client=file, owner=cast.manager)
    AppointmentFactory(client=file, manager=cast.manager)

    deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand", successor=cast.colleague)

    entries = AuditEntry.objects.about(file.subject_ref).filter(actor=cast.admin)
    assert {entry.action for entry in entries} == {
        "appointment.transferred",
        "client.reassigned",
        "follow_up.passed_on",
    }
    assert {entry.acting_for for entry in entries} == {None}
    follow_up.refresh_from_db()
    assert (follow_up.owner, follow_up.passed_on_by) == (cast.colleague, cast.admin)


def test_the_timeline_names_who_recorded_a_succession(cast):
    file = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand", successor=cast.colleague)
    file.refresh_from_db()

    entries = timeline.merged(FileContext.of(file, Actor(cast.colleague)), kinds=frozenset({"file"}))

    [handed_over] = [entry for entry in entries if str(cast.colleague) in str(entry.title)]
    assert handed_over.by == str(cast.admin)
    row = file.responsibilities.get(until=None)
    assert (row.former_manager, row.recorded_by) == (cast.manager, cast.admin)
