"""Agreeing and deciding posted twice: one version, one decision, and what was typed besides is kept."""

import uuid

import pytest
from django.utils import timezone

from clients.models import Draft
from integration_plans.models import IntensityDecision, PlanVersion
from tests.access.typing import typed_form
from tests.factories.plans import assess, goal, start
from tests.integration_plans.plan_desk import text_of, url

pytestmark = pytest.mark.django_db


def form_at(browser, address, **typed):
    form = typed_form(browser.get(address).content.decode())
    return {**form.completed({"text": "Stutensee", "date": timezone.localdate().isoformat()}), **typed}


@pytest.fixture
def agreement(browser, client):
    version = start(client)
    goal(version, "Kita-Platz finden")
    blank = {"review_on": "", "talk-next_on": ""}
    return form_at(browser, url("agree", client), outcome="declined", **blank)


def test_agreeing_twice_leads_to_the_one_version(browser, client, agreement):
    first = browser.post(url("agree", client), agreement)
    again = browser.post(url("agree", client), agreement)
    assert (first.status_code, first.url) == (again.status_code, again.url) == (302, url("plan", client))
    assert PlanVersion.objects.filter(closed_at__isnull=False).count() == 1
    assert not Draft.objects.exists()


def test_an_agreement_typed_after_the_version_was_closed_is_kept_as_a_draft(browser, client, agreement):
    browser.post(url("agree", client), agreement)
    other = {**agreement, "place": "Im Rathaus von Pfinztal"}
    answer = browser.post(url("agree", client), other, follow=True)
    assert "Diese Fassung wurde schon mit anderen Angaben abgeschlossen." in text_of(answer)
    assert PlanVersion.objects.get(closed_at__isnull=False).place == "Stutensee"
    assert Draft.objects.get().data["place"] == ["Im Rathaus von Pfinztal"]
    assert "Im Rathaus von Pfinztal" in text_of(browser.get(url("agree", client), follow=True))


def test_deciding_twice_is_one_decision_whatever_window_it_comes_from(browser, client):
    assessment = assess(client, finance=3, education=3)
    address = url("intensity", client, assessment.uuid)
    post = form_at(browser, address)
    first = browser.post(address, post)
    again = browser.post(address, {**post, "form_token": str(uuid.uuid4())})
    assert (first.status_code, first.url) == (again.status_code, again.url) == (302, url("plan", client))
    assert IntensityDecision.objects.count() == 1


def test_another_intensity_for_the_same_assessment_is_refused_and_stays_typed(browser, client):
    assessment = assess(client, finance=3, education=3)
    address = url("intensity", client, assessment.uuid)
    post = form_at(browser, address)
    browser.post(address, post)
    other = {**post, "form_token": str(uuid.uuid4()), "chosen": "crisis", "reason": "Wohnung gekündigt"}
    answer = browser.post(address, other)
    assert answer.status_code == 422
    assert "Die Intensität ist schon bestätigt: intensiv." in text_of(answer)
    assert "Wohnung gekündigt" in answer.content.decode()
    assert IntensityDecision.objects.get().chosen == "intensive"
    assert Draft.objects.get().data["reason"] == ["Wohnung gekündigt"]
