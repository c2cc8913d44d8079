"""Files are ticked in the list, and each gets the same follow-up; all of them can be taken back."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from appointments.models import FollowUp
from appointments.services.follow_ups_many import set_follow_ups, take_back_follow_ups
from audit.models import AuditEntry
from clients import list_actions
from clients.models import Client, DueItem
from clients.services.responsibility import assign
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db
PICK = "/clients/pick/"
DUE = timezone.localdate() + datetime.timedelta(days=5)


@pytest.fixture
def browser(cast, as_user):
    return as_user(cast.manager)


@pytest.fixture
def own(cast):
    def make(count=1, **values):
        return ClientFactory.create_batch(count, municipality=cast.stutensee, manager=cast.manager, **values)

    return make


def picked(browser, *files, **more):
    sent = {"act": "follow_up", "file": [str(file.uuid) for file in files], **more}
    return browser.post(PICK, sent).url


def fields(**changes):
    return {
        "version": "1",
        "form_token": str(uuid.uuid4()),
        "text": "Elternabend melden",
        "due_on": DUE.isoformat(),
        **changes,
    }


def due():
    return FollowUp(text="Elternabend melden", due_on=DUE)


def in_files():
    return sorted(FollowUp.objects.unscoped(reason="test").values_list("client__case_no", flat=True))


def test_the_ticked_files_get_it_and_the_others_do_not(browser, own, cast):
    one, two, _three = own(3)
    address = picked(browser, one, two, phase="active")
    assert f"Für 2 Akten: {one.case_no}, {two.case_no}" in browser.get(address).text
    answer = browser.post(address, fields())
    assert answer.url == "/clients/?phase=active"
    assert in_files() == sorted([one.case_no, two.case_no])
    page = browser.get(answer.url).text
    assert f"Wiedervorlage in 2 Akten gesetzt, fällig am {DUE:%d.%m.%Y}." in page
    assert (
        DueItem.objects.unscoped(reason="test").filter(client__in=[one, two], kind="follow_up").count() == 2
    )
    assert AuditEntry.objects.filter(action="follow_up.created", subject_ref=one.subject_ref).count() == 1


def test_all_of_the_filtered_list_can_be_meant(browser, own):
    own(60, phase="active")
    own(2, phase="paused")
    browser.post(picked(browser, all="1", phase="active"), fields())
    assert FollowUp.objects.unscoped(reason="test").count() == 60


def test_a_foreign_file_is_not_picked(browser, own, cast):
    (mine,) = own()
    foreign = ClientFactory(municipality=cast.stutensee, manager=cast.colleague)
    address = picked(browser, mine, foreign)
    assert foreign.case_no not in browser.get(address).text
    browser.post(address, fields())
    assert in_files() == [mine.case_no]


def test_what_was_closed_or_given_away_meanwhile_is_left_out_and_named(browser, own, cast):
    stays, goes, closed = own(3)
    address = picked(browser, stays, goes, closed)
    Client.objects.unscoped(reason="test").filter(pk=closed.pk).update(phase="closed")
    answer = browser.post(address, fields())
    assert in_files() == sorted([stays.case_no, goes.case_no])
    page = browser.get(answer.url).text
    assert f"Nicht in 1 Akte, die geschlossen, geändert oder nicht mehr Ihre ist: {closed.case_no}." in page
    assign(Actor(cast.admin), goes, cast.colleague)
    outcome = set_follow_ups(Actor(cast.manager), due(), [stays, goes])
    assert ([row.client for row in outcome.made], outcome.refused) == ([stays], (goes.case_no,))


def test_where_none_is_left_nothing_is_set_and_the_text_stays(browser, own, cast):
    (file,) = own()
    address = picked(browser, file)
    Client.objects.unscoped(reason="test").filter(pk=file.pk).update(phase="closed")
    answer = browser.post(address, fields())
    assert answer.status_code == 422
    assert "Es wurde nichts gesetzt." in answer.text
    assert 'value="Elternabend melden"' in answer.text
    assert in_files() == []


@pytest.mark.parametrize("wrong", [{"text": ""}, {"due_on": "2018-01-01"}, {"due_on": "31.02.2030"}])
def test_a_slip_is_said_at_its_field(browser, own, wrong):
    (file,) = own()
    answer = browser.post(picked(browser, file), fields(**wrong))
    assert answer.status_code == 422
    assert 'class="invalid-feedback"' in answer.text
    assert in_files() == []


def test_the_same_form_posted_twice_sets_it_once(browser, own):
    address, sent = picked(browser, *own(3)), fields()
    assert [browser.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert FollowUp.objects.unscoped(reason="test").count() == 3


def test_all_are_taken_back_with_one_press(browser, own):
    browser.post(picked(browser, *own(3)), fields())
    first = FollowUp.objects.unscoped(reason="test").first()
    answer = browser.post(f"/appointments/follow-ups/{first.uuid}/take-back/")
    assert in_files() == []
    assert "Die Wiedervorlagen in 3 Akten sind zurückgenommen." in browser.get(answer.url).text
    assert not DueItem.objects.unscoped(reason="test").filter(kind="follow_up").exists()


def test_one_that_was_done_since_stays_and_is_named(own, cast):
    from appointments.services.follow_ups import finish_follow_up

    actor = Actor(cast.manager)
    one, two = set_follow_ups(actor, due(), own(2)).made
    finish_follow_up(actor, two, expected_version=1)
    outcome = take_back_follow_ups(Actor(cast.manager), one)
    assert ([row.pk for row in outcome.made], outcome.refused) == ([one.pk], (two.client.case_no,))
    assert in_files() == [two.client.case_no]


def test_it_cannot_be_taken_back_later_or_by_somebody_else(own, cast):
    made = set_follow_ups(Actor(cast.manager), due(), own(2)).made
    assert take_back_follow_ups(Actor(cast.substitute), made[0]).made == ()
    later = Actor(cast.manager, timezone.now() + datetime.timedelta(minutes=16))
    assert take_back_follow_ups(later, made[0]).made == ()
    assert len(in_files()) == 2


def test_a_stand_in_sets_it_for_the_absent_manager(own, cast):
    (file,) = own()
    (made,) = set_follow_ups(Actor(cast.substitute), due(), [file]).made
    assert (made.owner, made.recorded_by) == (cast.manager, cast.substitute)
    entry = AuditEntry.objects.get(action="follow_up.created", subject_ref=file.subject_ref)
    assert entry.acting_for == cast.manager


def test_it_takes_the_same_statements_for_two_files_and_for_twenty(own, cast):
    def statements(files):
        actor = Actor(cast.manager)
        with CaptureQueriesContext(connection) as captured:
            made = set_follow_ups(actor, due(), files).made
        with CaptureQueriesContext(connection) as back:
            take_back_follow_ups(Actor(cast.manager), made[0])
        return len(captured), len(back)

    statements(own())
    assert statements(own(20)) == statements(own(2))


def test_nothing_ticked_and_too_many_are_said(browser, own, monkeypatch):
    own(3)
    page = browser.get(browser.post(PICK, {"act": "follow_up"}).url).text
    assert "Bitte wählen Sie zuerst die Akten aus." in page
    assert 'id="pick-all"' in page
    monkeypatch.setattr("clients.list_actions.MOST_AT_ONCE", 2)
    monkeypatch.setattr("clients.views.list_extras.MOST_AT_ONCE", 2)
    page = browser.get(browser.post(PICK, {"act": "follow_up", "all": "1"}).url).text
    assert "Höchstens 2 Akten auf einmal." in page


@pytest.mark.parametrize(
    "address", ["/appointments/follow-ups/files/", "/appointments/follow-ups/files/?pick=x"]
)
def test_an_address_without_a_pick_leads_to_the_list(browser, address):
    assert browser.get(address).url == "/clients/"


def test_an_action_nobody_registered_does_nothing(browser, own):
    (file,) = own()
    assert browser.post(PICK, {"act": "x", "file": str(file.uuid)}).url == "/clients/?pick=1"


def test_boxes_stand_in_the_list_only_while_one_picks(browser, own):
    (file,) = own()
    assert "row-tick" not in browser.get("/clients/").text
    page = browser.get("/clients/", {"pick": "1"}).text
    assert f'name="file" value="{file.uuid}" form="pick"' in page
    assert [action.code for action in list_actions.registered()] == ["follow_up", "handover"]
