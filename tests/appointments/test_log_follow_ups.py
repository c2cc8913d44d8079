"""Follow-ups: set, done, moved, passed on; with and without a file."""

import datetime
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import duties
from accounts.actor import Actor
from appointments.models import FollowUp
from tests.appointments.log_desk import reachable, text_of
from tests.cast import Cast
from tests.factories.appointments import FollowUpFactory

pytestmark = pytest.mark.django_db


def fields(**changes: Any) -> dict[str, str]:
    found = {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "text": "Kontoauszüge nachreichen",
        "due_on": (timezone.localdate() + datetime.timedelta(days=5)).isoformat(),
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}


def url(name: str, follow_up: FollowUp) -> str:
    if follow_up.client is None:
        return reverse(f"appointments:{name}", args=[follow_up.uuid])
    return reverse(f"file_appointments:{name}", args=[follow_up.client.uuid, follow_up.uuid])


def test_a_deadline_is_set_in_the_file(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    path = reverse("file_appointments:follow_up_new", args=[client.uuid])
    post = fields(is_hard="on")
    browser = as_user(cast.manager)
    assert browser.get(path).status_code == 200
    assert browser.post(path, post).status_code == 302
    assert browser.post(path, post).status_code == 302
    follow_up = FollowUp.objects.get()
    assert (follow_up.client, follow_up.owner, follow_up.is_hard) == (client, cast.manager, True)
    assert "Kontoauszüge nachreichen" in text_of(browser.get(client.get_absolute_url()))
    waits = reverse("file_reports:due", args=[client.uuid])
    assert "Kontoauszüge nachreichen" in text_of(browser.get(waits))


def test_a_follow_up_without_a_file_is_its_owners_alone(cast: Cast, as_user: Any) -> None:
    as_user(cast.manager).post(reverse("appointments:follow_up_new"), fields(text="Raumplan abstimmen"))
    follow_up = FollowUp.objects.get()
    assert follow_up.client is None
    assert "Raumplan abstimmen" in text_of(as_user(cast.manager).get("/"))
    assert "Raumplan abstimmen" not in text_of(as_user(cast.colleague).get("/"))
    assert as_user(cast.colleague).get(url("follow_up", follow_up)).status_code == 404
    assert as_user(cast.substitute).get(url("follow_up", follow_up)).status_code == 200


@pytest.mark.parametrize("with_file", [True, False])
def test_done_is_one_tap_with_a_way_back(cast: Cast, as_user: Any, with_file: bool) -> None:
    client = reachable(cast.manager) if with_file else None
    follow_up = FollowUpFactory(client=client, owner=cast.manager)
    browser = as_user(cast.manager)
    answer = browser.post(url("follow_up_done", follow_up), {"version": "1", "next": "/"})
    assert answer["Location"] == "/"
    assert browser.post(url("follow_up_done", follow_up), {"version": "1"}).status_code == 302
    follow_up.refresh_from_db()
    assert follow_up.done_by == cast.manager
    undo = url("follow_up_reopen", follow_up)
    assert undo in text_of(browser.get("/"))
    browser.post(undo)
    follow_up.refresh_from_db()
    assert follow_up.done_at is None


def test_moving_keeps_the_day_it_was_first_due(cast: Cast, as_user: Any) -> None:
    today = timezone.localdate()
    follow_up = FollowUpFactory(client=reachable(cast.manager), due_on=today - datetime.timedelta(days=3))
    browser = as_user(cast.manager)
    assert browser.get(url("follow_up", follow_up)).status_code == 200
    assert browser.post(url("follow_up", follow_up), fields(version="1")).status_code == 302
    assert (
        browser.post(url("follow_up", follow_up), fields(version="2", due_on=today.isoformat())).status_code
        == 302
    )
    follow_up.refresh_from_db()
    assert follow_up.due_on == today
    assert follow_up.moved_from == today - datetime.timedelta(days=3)


def test_the_text_of_an_overdue_one_can_be_changed_without_a_new_day(cast: Cast, as_user: Any) -> None:
    past = timezone.localdate() - datetime.timedelta(days=3)
    follow_up = FollowUpFactory(client=reachable(cast.manager), due_on=past)
    answer = as_user(cast.manager).post(
        url("follow_up", follow_up), fields(version="1", due_on=past.isoformat(), text="Neuer Text")
    )
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 100_000}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"due_on": "2019-02-29"}, "due_on"),
        ({"due_on": "2015-01-01"}, "due_on"),
        ({"due_on": ""}, "due_on"),
    ],
)
def test_bad_input_is_a_message_at_its_field(
    cast: Cast, as_user: Any, change: dict[str, str], field: str
) -> None:
    path = reverse("file_appointments:follow_up_new", args=[reachable(cast.manager).uuid])
    answer = as_user(cast.manager).post(path, fields(**change))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not FollowUp.objects.exists()


def test_of_two_who_change_it_the_second_is_told(cast: Cast, as_user: Any) -> None:
    follow_up = FollowUpFactory(client=reachable(cast.manager))
    as_user(cast.manager).post(url("follow_up", follow_up), fields(text="Erst"))
    answer = as_user(cast.substitute).post(url("follow_up", follow_up), fields(text="Dann"))
    assert answer.status_code == 409
    assert "Dann" in text_of(answer)


def test_it_is_passed_on_to_the_stand_in_and_back(cast: Cast, as_user: Any) -> None:
    follow_up = FollowUpFactory(client=reachable(cast.manager))
    browser = as_user(cast.manager)
    form = browser.get(url("follow_up_pass_on", follow_up)).context["form"]
    assert [label for _key, label in form.fields["to"].choices] == [str(cast.substitute)]
    post = {"form_token": str(uuid.uuid4()), "version": "1", "to": str(cast.substitute.pk)}
    assert browser.post(url("follow_up_pass_on", follow_up), post).status_code == 302
    follow_up.refresh_from_db()
    assert (follow_up.owner, follow_up.passed_on_by) == (cast.substitute, cast.manager)
    waits = reverse("file_reports:due", args=[follow_up.client.uuid])
    assert f"(für {cast.substitute})" in text_of(browser.get(waits))
    stranger = {**post, "version": "2", "to": str(cast.colleague.pk)}
    assert browser.post(url("follow_up_pass_on", follow_up), stranger).status_code == 422


def test_who_reaches_a_follow_up_of_a_file(cast: Cast, as_user: Any) -> None:
    follow_up = FollowUpFactory(client=reachable(cast.manager))
    for name in ("follow_up", "follow_up_pass_on"):
        seen = [
            who
            for who, user in cast.users.items()
            if as_user(user).get(url(name, follow_up)).status_code == 200
        ]
        assert seen == ["manager", "substitute"]
    assert as_user(cast.colleague).post(url("follow_up_done", follow_up)).status_code == 404
    foreign = reverse("appointments:follow_up", args=[follow_up.uuid])
    assert as_user(cast.manager).get(foreign).status_code == 404


def test_open_follow_ups_go_with_a_caseload(cast: Cast) -> None:
    client = reachable(cast.manager)
    follow_up = FollowUpFactory(client=client)
    done = FollowUpFactory(client=client, done_at=timezone.now(), done_by=cast.manager)
    own = FollowUpFactory(client=None, owner=cast.manager)
    duty = next(duty for duty in duties.registered() if duty.code == "follow_ups")
    assert (duty.open_for(cast.manager), duty.personal_for(cast.manager)) == (2, 1)
    assert duty.transfer(Actor(cast.admin), cast.manager, None, None) == 0
    assert duty.transfer(Actor(cast.manager), cast.manager, cast.colleague, client) == 1
    for row in (follow_up, done, own):
        row.refresh_from_db()
    assert (follow_up.owner, done.owner, own.owner) == (cast.colleague, cast.manager, cast.manager)
    assert duty.hand_on(Actor(cast.admin), cast.manager, cast.substitute) == 1
    own.refresh_from_db()
    assert own.owner == cast.substitute
