"""Whoever moves to another town of the district takes the file along, if they agree."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Membership
from clients.models import Client, Responsibility
from clients.services.responsibility import assign
from intake.models import DistrictMove
from intake.services.inbox import take_client
from outreach.models import Ladder
from tests.access.typing import typed_form
from tests.appointments.log_desk import talk as logged
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory
from tests.factories.handovers import HandoverFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(cast):
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Umzugova")


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def move(browser, file, to, **typed):
    path = reverse("file_intake:move", args=[file.uuid])
    form = typed_form(browser.get(path).content.decode())
    post = {**form.completed({}), "to_municipality": str(to.pk), "agreed": "on", "consent_form": "signed"}
    return browser.post(path, {**post, **typed}, follow=True)


def test_the_file_waits_in_the_other_town_with_number_phase_and_clock(cast, as_user, file):
    logged(file, cast.manager)
    file.refresh_from_db()
    before = (file.case_no, file.phase, file.counselling_started_on)
    ahead = AppointmentFactory(client=file, manager=cast.manager)
    FollowUpFactory(client=file, owner=cast.manager)
    browser = as_user(cast.manager)
    page = text_of(move(browser, file, cast.pfinztal, note="Kennt dort die Schule"))
    assert f"{file.case_no} wartet im Eingang von Pfinztal." in page
    assert browser.get(file.get_absolute_url()).status_code == 404
    inbox = text_of(as_user(cast.outsider).get(reverse("intake:inbox")))
    assert "Umzugova" in inbox
    assert "zugezogen aus Stutensee" in inbox
    assert "Umzugova" not in text_of(as_user(cast.colleague).get(reverse("intake:inbox")))
    ahead.refresh_from_db()
    assert ahead.manager is None

    take_client(Actor(cast.outsider), file)
    file.refresh_from_db()
    assert (file.case_no, file.phase, file.counselling_started_on) == before
    assert file.municipality == cast.pfinztal
    assert not Ladder.objects.filter(client=file, ended_at=None).exists()
    history = text_of(as_user(cast.outsider).get(reverse("clients:timeline", args=[file.uuid])))
    assert "Umzug von Stutensee nach Pfinztal" in history
    assert "unterschrieben" in history
    assert "Kennt dort die Schule" in history


def test_an_open_ladder_goes_on(cast, as_user):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee, phase="contacting")
    assign(Actor(cast.coordinator), file, cast.manager)
    begun = list(Ladder.objects.filter(client=file, ended_at=None).values_list("key", flat=True))
    assert len(begun) == 1
    move(as_user(cast.manager), file, cast.pfinztal)
    take_client(Actor(cast.outsider), file)
    assert list(Ladder.objects.filter(client=file, ended_at=None).values_list("key", flat=True)) == begun


def test_figures_know_from_which_record_on_the_person_is_elsewhere(cast, as_user, file):
    move(as_user(cast.manager), file, cast.pfinztal)
    rows = Responsibility.objects.filter(client=file).order_by("since")
    assert [(row.municipality, row.manager, row.until is None) for row in rows] == [
        (cast.stutensee, cast.manager, False),
        (cast.pfinztal, None, True),
    ]
    assert rows[0].until == rows[1].since


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"agreed": ""}, "agreed"),
        ({"consent_form": ""}, "consent_form"),
        ({"moved_on": "2999-01-01"}, "moved_on"),
    ],
)
def test_without_consent_or_with_a_wrong_day_nothing_moves(cast, as_user, file, typed, field):
    answer = move(as_user(cast.manager), file, cast.pfinztal, note="bleibt stehen", **typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "bleibt stehen" in text_of(answer)
    file.refresh_from_db()
    assert (file.manager, file.municipality) == (cast.manager, cast.stutensee)


def test_a_town_that_takes_no_part_is_not_offered(cast, as_user, file):
    Membership.objects.filter(municipality=cast.pfinztal).delete()
    answer = as_user(cast.manager).get(reverse("file_intake:move", args=[file.uuid]))
    assert "Heute nimmt keine andere Kommune teil." in text_of(answer)


def test_it_is_taken_back_the_same_day_while_nobody_took_it(cast, as_user, file):
    browser = as_user(cast.manager)
    page = move(browser, file, cast.pfinztal)
    undo = re.search(r'action="([^"]+/take-back/)"', page.content.decode()).group(1)
    assert as_user(cast.colleague).post(undo).status_code == 404
    browser.post(undo)
    file.refresh_from_db()
    assert (file.manager, file.municipality) == (cast.manager, cast.stutensee)
    again = move(browser, file, cast.pfinztal)
    take_client(Actor(cast.outsider), Client.objects.get(pk=file.pk))
    undo = re.search(r'action="([^"]+/take-back/)"', again.content.decode()).group(1)
    assert browser.post(undo).status_code == 404
    file.refresh_from_db()
    assert file.manager == cast.outsider


def test_a_proposal_to_a_colleague_lapses(cast, as_user, file):
    offered = HandoverFactory(client=file, proposed_to=cast.colleague)
    move(as_user(cast.manager), file, cast.pfinztal)
    offered.refresh_from_db()
    assert offered.state == "lapsed"
    assert DistrictMove.objects.get().consent_on == timezone.localdate()


def test_a_stand_in_passes_nothing_on(cast, as_user, file):
    assert as_user(cast.substitute).get(reverse("file_intake:move", args=[file.uuid])).status_code == 403
