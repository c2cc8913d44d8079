"""A meeting has an invitation, participants and minutes; what it decided waits for somebody."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from partners.models import Decision, Meeting
from partners.services.meetings import DecisionDuty, finish_decision
from tests.factories.network import DecisionFactory, MeetingFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def at(name, *rows):
    return reverse(f"network:{name}", args=[row.uuid for row in rows])


def typed(**values):
    return {"form_token": str(uuid.uuid4()), "version": "1", **values}


def test_it_is_planned_held_written_down_and_decided(as_user, cast):
    organisation = OrganisationFactory(name="Begegnungscafé Webstuhl")
    browser = as_user(cast.officer)
    post = typed(
        title="Runder Tisch",
        starts_at="2026-03-05T16:00",
        place="Bürgerhaus",
        invitation="Herzliche Einladung.",
        organisations=[str(organisation.pk)],
        staff=[str(cast.manager.pk)],
        others="Frau Vogt",
    )
    browser.post(at("meeting_new"), post)
    meeting = Meeting.objects.get()
    version = str(meeting.version)
    browser.post(at("minutes", meeting), typed(minutes="Der Bedarf steigt.", version=version))
    due = timezone.localdate() + datetime.timedelta(days=3)
    decision = typed(text="Raum suchen", responsible=str(cast.manager.pk), due_on=due.isoformat())
    browser.post(at("decision_new", meeting), decision)
    page = as_user(cast.outsider).get(meeting.get_absolute_url()).content.decode()
    for said in ("Begegnungscafé Webstuhl", "Jana Rehbaum", "Frau Vogt", "Der Bedarf steigt.", "Raum suchen"):
        assert said in page
    assert list(Decision.objects.waiting_for(cast.manager)) == [Decision.objects.get()]
    assert not Decision.objects.waiting_for(cast.officer).exists()


def test_a_manager_reads_it_in_her_day_and_ticks_it_off(as_user, cast):
    decision = DecisionFactory(responsible=cast.manager, due_on=timezone.localdate(), text="Raum suchen")
    browser = as_user(cast.manager)
    assert "Raum suchen" in browser.get("/").content.decode()
    assert "Raum suchen" not in as_user(cast.substitute).get("/").content.decode()
    page = browser.post(at("decision_done", decision), follow=True).content.decode()
    assert "Beschluss erledigt." in page
    assert "erledigt, abgehakt von Jana Rehbaum" in page
    assert "Raum suchen" not in browser.get("/").content.decode()
    browser.post(at("decision_reopen", decision))
    assert Decision.objects.waiting_for(cast.manager).exists()


def test_whoever_is_responsible_works_here(as_user, cast):
    meeting = MeetingFactory()
    post = typed(text="Raum suchen", due_on=timezone.localdate().isoformat())
    browser = as_user(cast.officer)
    answer = browser.post(at("decision_new", meeting), {**post, "responsible": str(cast.admin.pk)})
    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_open_decisions_go_to_the_successor_of_whoever_leaves(cast):
    waiting = DecisionFactory(responsible=cast.manager)
    done = DecisionFactory(responsible=cast.manager)
    finish_decision(Actor(cast.manager), done)
    duty = DecisionDuty()
    assert (duty.open_for(cast.manager), duty.personal_for(cast.manager)) == (1, 1)
    assert duty.hand_on(Actor(cast.admin), cast.manager, cast.colleague) == 1
    for row in (waiting, done):
        row.refresh_from_db()
    assert (waiting.responsible, done.responsible) == (cast.colleague, cast.manager)


def test_the_list_shows_what_comes_what_waits_and_what_was(as_user, cast):
    now = timezone.now()
    MeetingFactory(title="Kommendes Treffen", starts_at=now + datetime.timedelta(days=4))
    DecisionFactory(meeting=MeetingFactory(title="Altes Treffen"), responsible=cast.officer, text="Anrufen")
    page = as_user(cast.officer).get(at("meetings")).content.decode()
    order = [
        page.index(text) for text in ("Wartet auf Sie", "Anrufen", "Kommendes Treffen", "Frühere Treffen")
    ]
    assert order == sorted(order)


def test_the_same_edit_sent_twice_is_no_conflict(as_user, cast):
    meeting, organisation = MeetingFactory(), OrganisationFactory()
    browser = as_user(cast.officer)
    post = typed(title="Runder Tisch", starts_at="2026-03-05T16:00", organisations=[str(organisation.pk)])
    for _ in range(2):
        assert browser.post(at("meeting_edit", meeting), post).status_code == 302
    another = {**post, "organisations": [str(OrganisationFactory().pk)]}
    assert browser.post(at("meeting_edit", meeting), another).status_code == 409
