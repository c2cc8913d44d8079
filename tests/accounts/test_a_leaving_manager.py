"""Deactivation and role change: at once, with a reason, and nothing is left behind."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AccountChange, Role, User
from accounts.services.users import activate, change_role, deactivate
from audit.models import AuditEntry
from clients.models import Client, Responsibility
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db


def test_the_caseload_falls_to_the_inbox(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)

    deactivate(cast.manager, reason="Arbeitsplatzwechsel", by=cast.admin, now=timezone.now())

    file.refresh_from_db()
    assert file.manager is None
    assert file in Client.objects.in_inbox_of(cast.colleague)
    row = Responsibility.objects.get(client=file, until__isnull=True)
    assert (row.manager, row.from_user) == (None, cast.manager)


def test_a_successor_takes_over_in_the_same_step(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)

    deactivate(cast.manager, reason="Ruhestand", by=cast.admin, now=timezone.now(), successor=cast.colleague)

    file.refresh_from_db()
    assert file.manager == cast.colleague


def test_a_closed_file_keeps_its_last_manager(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee, closed=True)

    deactivate(cast.manager, reason="Ruhestand", by=cast.admin, now=timezone.now())

    file.refresh_from_db()
    assert file.manager == cast.manager


def test_open_sessions_end_at_once(cast, as_user):
    browser = as_user(cast.manager)
    assert browser.get("/account/").status_code == 200

    deactivate(cast.manager, reason="Ruhestand", by=cast.admin, now=timezone.now())

    answer = browser.get("/account/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(cast, reason):
    with pytest.raises(ValidationError, match="Grund"):
        deactivate(cast.manager, reason=reason, by=cast.admin, now=timezone.now())
    assert User.objects.get(pk=cast.manager.pk).is_active


def test_nobody_deactivates_themselves(cast):
    with pytest.raises(ValidationError):
        deactivate(cast.admin, reason="Versehen", by=cast.admin, now=timezone.now())


def test_an_officer_is_no_successor(cast):
    with pytest.raises(ValidationError):
        deactivate(
            cast.manager, reason="Ruhestand", by=cast.admin, now=timezone.now(), successor=cast.officer
        )
    assert User.objects.get(pk=cast.manager.pk).is_active


def test_a_role_change_keeps_its_reason_and_takes_the_files_away(cast):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)

    change_role(
        cast.manager,
        Role.OFFICER,
        whole_district=True,
        reason="Neue Aufgabe",
        by=cast.admin,
        now=timezone.now(),
    )

    file.refresh_from_db()
    assert file.manager is None
    change = AccountChange.objects.get(user=cast.manager)
    assert (change.old, change.new, change.reason) == ("manager", "officer", "Neue Aufgabe")
    assert AuditEntry.objects.filter(action="account.role_changed", actor=cast.admin).exists()
    assert not Client.objects.visible_to(User.objects.get(pk=cast.manager.pk)).exists()


def test_activating_brings_no_files_back(cast):
    ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    deactivate(cast.manager, reason="Elternzeit", by=cast.admin, now=timezone.now())

    activate(cast.manager, reason="Rückkehr", by=cast.admin, now=timezone.now())

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
