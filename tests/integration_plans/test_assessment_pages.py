"""The pages of the needs assessment and of the intensity it proposes."""

import re

import pytest
from django.utils import timezone

from clients.choices import Intensity
from integration_plans.models import (
    Assessment,
    IntensityDecision,
)
from tests.factories.plans import assess
from tests.integration_plans.plan_desk import text_of, token, url

pytestmark = pytest.mark.django_db


def assessment_post(**more: str) -> dict[str, str]:
    return {"form_token": token(), "assessed_on": timezone.localdate().isoformat(), "summary": "", **more}


def test_the_assessment_leads_to_the_proposal_in_words(browser, client):
    page = browser.get(url("assess", client))
    assert "Leistungen fehlen oder Schulden drücken" in text_of(page)
    answer = browser.post(
        url("assess", client),
        assessment_post(level_finance="3", level_education="3", situation_finance="Mietschulden"),
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == url("intensity", client, Assessment.objects.get().uuid)
    assert "weil zwei Bausteine bei hoch liegen (Finanzen, Bildung)" in text_of(answer)


def test_confirming_the_proposal_writes_the_file(browser, client):
    assessment = assess(client, finance=3, education=3)
    page = browser.get(url("intensity", client, assessment.uuid)).content.decode()
    preset = re.findall(r'<input[^>]*name="(chosen|form)"[^>]*value="(\w+)"[^>]*checked', page)
    assert preset == [("chosen", "intensive"), ("form", "office")]
    answer = browser.post(
        url("intensity", client, assessment.uuid),
        {"form_token": token(), "version": "1", "chosen": "intensive", "reason": "", "form": "visiting"},
        follow=True,
    )
    assert "Intensität „intensiv“ bestätigt." in text_of(answer)
    client.refresh_from_db()
    assert client.intensity == Intensity.INTENSIVE
    assert IntensityDecision.objects.get().form == "visiting"


def test_another_level_without_a_reason_is_refused_at_its_field(browser, client):
    assessment = assess(client, finance=3)
    answer = browser.post(
        url("intensity", client, assessment.uuid),
        {"form_token": token(), "version": "1", "chosen": "crisis", "reason": "", "form": "office"},
    )
    assert answer.status_code == 422
    assert "Bitte sagen Sie, warum eine andere Intensität besser passt." in text_of(answer)
    assert not IntensityDecision.objects.exists()


def test_an_empty_assessment_is_not_stored(browser, client):
    answer = browser.post(url("assess", client), assessment_post())
    assert answer.status_code == 422
    assert not Assessment.objects.exists()


def test_a_level_that_does_not_exist_is_refused(browser, client):
    answer = browser.post(url("assess", client), assessment_post(level_finance="7", summary="Bleibt stehen"))
    assert answer.status_code == 422
    assert "Bleibt stehen" in text_of(answer)


def test_the_same_assessment_posted_twice_is_one(browser, client):
    data = assessment_post(level_finance="1")
    first = browser.post(url("assess", client), data)
    second = browser.post(url("assess", client), data)
    assert first.status_code == second.status_code == 302
    assert Assessment.objects.count() == 1


def test_hostile_text_is_refused_or_cleaned_and_never_lost(browser, client):
    answer = browser.post(
        url("assess", client), assessment_post(level_finance="1", summary="Vor\x00her \u202enachher")
    )
    assert answer.status_code == 422
    long = browser.post(url("assess", client), assessment_post(level_finance="1", summary="x" * 100_000))
    assert long.status_code == 422
    assert "x" * 1000 in long.content.decode()
    assert not Assessment.objects.exists()
