"""A group event that belongs to no file: written down by a number, corrected, and counted."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.choices import Channel
from appointments.figures_office_hours import GroupEvents, group_events
from appointments.models import GroupEvent
from appointments.services.group_events import log_group_event
from clients.figures import files_over_time
from tests.factories.accounts import MunicipalityFactory
from tests.factories.appointments import ContactFactory, GroupEventFactory
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

NEW = reverse("appointments:group_event_new")


def typed(cast, **values):
    today = timezone.localdate().isoformat()
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "municipality": cast.stutensee.pk,
        "title": "Infoabend Mülltrennung",
        "held_on": today,
        "minutes": "90",
        "attendees": "14",
        **values,
    }


def test_a_manager_logs_an_evening_for_everybody(cast, as_user):
    answer = as_user(cast.manager).post(NEW, typed(cast), follow=True)
    event = GroupEvent.objects.get()
    assert (event.attendees, event.municipality) == (14, cast.stutensee)
    assert "Infoabend Mülltrennung" in answer.content.decode()
    assert "14 Personen kamen" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"attendees": "0"}, {"attendees": "An einer Gruppe nimmt mindestens eine Person teil."}),
        ({"attendees": ""}, {"attendees": "Bitte „Teilnehmende“ ausfüllen."}),
        ({"title": " "}, {"title": "Bitte „Was es war“ ausfüllen."}),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_stored(cast, as_user, wrong, said):
    answer = as_user(cast.manager).post(NEW, typed(cast, **wrong))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert {name: texts[0] for name, texts in errors.items()} == said
    assert 'value="90"' in answer.content.decode()
    assert not GroupEvent.objects.exists()


def test_an_event_of_tomorrow_is_not_logged_today(cast, as_user):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    answer = as_user(cast.manager).post(NEW, typed(cast, held_on=tomorrow.isoformat()))
    assert answer.context["form"].errors["held_on"] == ["Dieser Tag kommt erst noch."]
    assert not GroupEvent.objects.exists()


def test_another_town_is_not_offered(cast, as_user):
    elsewhere = MunicipalityFactory()
    answer = as_user(cast.manager).post(NEW, typed(cast, municipality=elsewhere.pk))
    assert answer.status_code == 422
    event = GroupEvent(municipality=elsewhere, title="x", held_on=timezone.localdate(), attendees=3)
    with pytest.raises(PermissionDenied):
        log_group_event(Actor(cast.manager, timezone.now()), event)
    assert not GroupEvent.objects.exists()


def test_one_entered_by_mistake_stays_in_the_list_and_counts_no_more(cast, as_user):
    event = GroupEventFactory(municipality=cast.stutensee)
    correction = {**typed(cast, attendees="9"), "version": event.version, "withdrawn": "on"}
    answer = as_user(cast.manager).post(event.get_absolute_url(), correction, follow=True)
    assert "versehentlich eingetragen, zählt nicht" in answer.content.decode()
    files = files_over_time([cast.stutensee.pk])
    assert group_events(files, [cast.stutensee.pk], event.held_on, event.held_on) == GroupEvents(0, 0)


def test_a_colleagues_correction_meanwhile_is_not_overwritten(cast, as_user):
    event = GroupEventFactory(municipality=cast.stutensee)
    GroupEvent.objects.update(version=2, attendees=20)
    answer = as_user(cast.manager).post(event.get_absolute_url(), {**typed(cast), "version": 1})
    assert answer.status_code == 409
    assert GroupEvent.objects.get().attendees == 20


@pytest.mark.facts_by_hand
def test_events_in_files_and_without_are_counted_together_once_each(cast):
    day = timezone.localdate() - datetime.timedelta(days=3)
    GroupEventFactory(municipality=cast.stutensee, held_on=day, attendees=9)
    GroupEventFactory(held_on=day, attendees=50)
    moment = timezone.now() - datetime.timedelta(days=3)
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    ContactFactory(client=client, channel=Channel.GROUP, attendees=14, happened_at=moment)
    ContactFactory(client=client, channel=Channel.GROUP, happened_at=moment)
    ContactFactory(client=client, channel=Channel.OFFICE, happened_at=moment)
    files = files_over_time([cast.stutensee.pk])
    assert group_events(files, [cast.stutensee.pk], day, day) == GroupEvents(events=3, attendees=24)
