"""Follow-ups of a manager who leaves that belong to no file: somebody has to be named for them."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Role, User
from accounts.services.users import change_role, deactivate
from appointments.models import FollowUp
from tests.factories.appointments import FollowUpFactory
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def own(cast):
    """A follow-up of the manager without a file: nobody but her sees it."""
    return FollowUpFactory(client=None, owner=cast.manager, text="Zwitscherlibelle anrufen")


def left(cast, **more):
    return deactivate(Actor(cast.admin), cast.manager, reason="Ruhestand", **more)


def test_follow_ups_without_a_file_need_somebody_named(cast, own):
    FollowUpFactory(client=None, owner=cast.manager)
    FollowUpFactory(client=None, owner=cast.manager, done_at=timezone.now(), done_by=cast.manager)
    with pytest.raises(ValidationError) as refused:
        left(cast)
    assert refused.value.message_dict == {
        "follow_up_successor": [
            "Offen und ohne Akte – Wiedervorlagen: 2. Bitte wählen Sie, wer das übernimmt."
        ]
    }
    assert User.objects.get(pk=cast.manager.pk).is_active


def test_they_go_to_whoever_is_named_while_the_files_fall_to_the_inbox(cast, own):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    in_file = FollowUpFactory(client=file)
    left(cast, follow_up_successor=cast.colleague)
    for row in (file, own, in_file):
        row.refresh_from_db()
    assert (file.manager, own.owner, own.passed_on_by) == (None, cast.colleague, cast.admin)
    assert own in FollowUp.objects.visible_to(cast.colleague)
    # What lies in a file waits with it.
    assert in_file.owner == cast.manager
    assert in_file not in FollowUp.objects.visible_to(cast.colleague)


def test_the_successor_takes_them_over_with_everything_else(cast, own):
    left(cast, successor=cast.colleague)
    own.refresh_from_db()
    assert own.owner == cast.colleague


def test_a_successor_and_another_heir_share_what_is_left(cast, own):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    left(cast, successor=cast.colleague, follow_up_successor=cast.substitute)
    file.refresh_from_db()
    own.refresh_from_db()
    assert (file.manager, own.owner) == (cast.colleague, cast.substitute)


@pytest.mark.parametrize("who", ["manager", "officer"])
def test_only_another_active_manager_takes_them_over(cast, own, who):
    with pytest.raises(ValidationError, match="als Integrationsmanager:in aktiv"):
        left(cast, follow_up_successor=getattr(cast, who))
    own.refresh_from_db()
    assert own.owner == cast.manager


def test_whoever_leaves_nothing_personal_needs_nobody(cast):
    FollowUpFactory(client=ClientFactory(manager=cast.manager, municipality=cast.stutensee))
    assert not left(cast).is_active


def test_a_manager_who_becomes_officer_hands_them_on_too(cast, own):
    def becomes_officer(**more):
        change_role(
            Actor(cast.admin), cast.manager, Role.OFFICER, whole_district=False, reason="Neue Aufgabe", **more
        )

    with pytest.raises(ValidationError, match="Wiedervorlagen: 1"):
        becomes_officer()
    becomes_officer(follow_up_successor=cast.colleague)
    own.refresh_from_db()
    assert own.owner == cast.colleague
    assert User.objects.get(pk=cast.manager.pk).role == Role.OFFICER


def test_the_administration_reads_numbers_at_the_field_and_no_content(cast, as_user, own):
    ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Zwitscherlibelle")
    browser = as_user(cast.admin)
    url = "/admin/accounts/user/"
    chosen = {"action": "deactivate", "_selected_action": [cast.manager.pk]}
    asked = browser.post(url, chosen).text
    assert "offen: Akten: 1, Wiedervorlagen: 1" in asked
    fields = {**chosen, "confirmed": "1", "reason": "Ruhestand", "successor": ""}

    refused = browser.post(url, {**fields, "follow_up_successor": ""})
    assert refused.status_code == 200
    field = refused.text[refused.text.index('class="errorlist"') :]
    assert (
        "manager: Offen und ohne Akte – Wiedervorlagen: 1."
        in field[: field.index('name="follow_up_successor"')]
    )
    assert "Zwitscherlibelle" not in asked + refused.text
    assert User.objects.get(pk=cast.manager.pk).is_active

    browser.post(url, {**fields, "follow_up_successor": cast.colleague.pk})
    assert not User.objects.get(pk=cast.manager.pk).is_active
    own.refresh_from_db()
    assert own.owner == cast.colleague


def test_of_several_accounts_those_without_such_work_are_done_and_the_others_asked_about(cast, as_user, own):
    browser = as_user(cast.admin)
    users = [cast.manager.pk, cast.outsider.pk]
    answer = browser.post(
        "/admin/accounts/user/",
        {
            "action": "deactivate", "_selected_action": users, "confirmed": "1", "reason": "Umzug",
            "successor": "", "follow_up_successor": "",
        },
    )  # fmt: skip
    assert not User.objects.get(pk=cast.outsider.pk).is_active
    assert User.objects.get(pk=cast.manager.pk).is_active
    assert f'name="_selected_action" value="{cast.manager.pk}"' in answer.text
    assert f'name="_selected_action" value="{cast.outsider.pk}"' not in answer.text


@pytest.mark.parametrize("garbled", ["abc", "", "1.5", "-", "9" * 40, "9" * 5000])
def test_a_garbled_tick_in_the_admin_counts_as_not_ticked(cast, as_user, garbled):
    browser = as_user(cast.admin)
    url = "/admin/accounts/user/"
    alone = browser.post(url, {"action": "deactivate", "_selected_action": garbled})
    assert alone.status_code == 302

    chosen = {"action": "deactivate", "_selected_action": [garbled, cast.colleague.pk]}
    asked = browser.post(url, chosen)
    assert asked.status_code == 200
    assert [user for user, _owed in asked.context["users"]] == [cast.colleague]


def test_nobody_who_is_about_to_leave_is_offered_as_a_successor(cast, as_user, own):
    page = as_user(cast.admin).post(
        "/admin/accounts/user/",
        {"action": "deactivate", "_selected_action": [cast.manager.pk, cast.outsider.pk]},
    )
    form = page.context["form"]
    for name in ("successor", "follow_up_successor"):
        offered = set(form.fields[name].queryset)
        assert cast.colleague in offered
        assert not offered & {cast.manager, cast.outsider}
    assert "1 Wiedervorlage ohne Akte geht an" in page.text


def test_who_has_no_such_follow_ups_is_not_asked_who_gets_them(cast, as_user):
    page = as_user(cast.admin).post(
        "/admin/accounts/user/", {"action": "deactivate", "_selected_action": [cast.manager.pk]}
    )
    assert 'name="successor"' in page.text
    assert 'name="follow_up_successor"' not in page.text
