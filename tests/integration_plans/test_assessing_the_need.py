"""A manager records what was found and decides the intensity."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from accounts.actor import Actor
from accounts.records import AlreadyDone
from accounts.rules.calendar import next_working_day
from audit.models import AuditEntry
from clients.choices import Intensity
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    IntensityDecision,
    Module,
    PlanPolicy,
)
from integration_plans.proposals import proposal_for, unprotected_levels
from integration_plans.rules.intensity import explain
from integration_plans.services.assessments import record_assessment
from integration_plans.standing import standing_of
from tests.factories.plans import agreed, assess, decide

pytestmark = pytest.mark.django_db


def test_it_works(client):
    assessment = assess(client, finance=3, education=3, family=1)
    decision = decide(assessment)
    client.refresh_from_db()
    assert client.intensity == Intensity.INTENSIVE
    assert client.intensity_since == decision.decided_on == timezone.localdate()
    assert client.next_review_on == next_working_day(decision.next_review_on)
    assert decision.arithmetic == (
        "Vorschlag „intensiv“, weil zwei Bausteine bei hoch liegen (Finanzen, Bildung). "
        "3 von 4 Bausteinen ermittelt; der fehlende könnte die Stufe nur erhöhen."
    )


def test_modules_that_were_not_discussed_are_stored_as_such(client):
    assessment = assess(client, finance=2)
    levels = dict(assessment.entries.values_list("module__code", "level"))
    assert levels == {"finance": 2, "family": None, "education": None, "health": None}


def test_only_modules_active_on_the_day_count(client):
    assess_on = timezone.localdate() - datetime.timedelta(days=10)
    assessment = assess(client, on=assess_on, finance=3, education=3)
    Module.objects.filter(code="education").update(valid_until=assess_on - datetime.timedelta(days=1))
    assert proposal_for(assessment).level == Intensity.REGULAR


def test_a_module_switched_on_later_was_not_missing_before(client):
    assessment = assess(client, finance=1, family=1, education=1, health=1)
    Module.objects.filter(code="work").update(valid_until=None)
    assert proposal_for(assessment).missing == 0


def test_a_new_assessment_never_overwrites_the_old_one(client):
    first = assess(client, finance=4)
    before = list(AssessmentEntry.objects.filter(assessment=first).order_by("pk").values())
    decide(assess(client, finance=1))
    assert list(AssessmentEntry.objects.filter(assessment=first).order_by("pk").values()) == before


def test_until_the_manager_decides_the_last_confirmed_level_counts(client):
    decide(assess(client, finance=3))
    assess(client, finance=4)
    client.refresh_from_db()
    assert client.intensity == Intensity.REGULAR


def test_another_level_needs_a_reason_and_both_are_kept(client):
    assessment = assess(client, finance=3)
    with pytest.raises(ValidationError):
        decide(assessment, chosen=Intensity.CRISIS)
    decision = decide(assessment, chosen=Intensity.CRISIS, reason="Räumung droht nächste Woche")
    assert (decision.proposed, decision.chosen) == (Intensity.REGULAR, Intensity.CRISIS)
    assert decision.is_overridden
    assert decision.next_review_on == decision.decided_on + datetime.timedelta(weeks=4)


def test_a_reason_beside_the_confirmed_proposal_is_not_kept(client):
    assert decide(assess(client, finance=3), reason="weil").reason == ""


def test_nothing_assessed_leaves_nothing_to_confirm(client):
    with pytest.raises(ValidationError):
        decide(assess(client, finance=None), chosen=Intensity.REGULAR, reason="ohne Grundlage")
    client.refresh_from_db()
    assert client.intensity == ""


def test_an_old_assessment_is_no_longer_decided(client):
    old = assess(client, finance=3)
    assess(client, finance=1)
    with pytest.raises(ValidationError):
        decide(old)


def test_one_assessment_is_decided_once(client):
    assessment = assess(client, finance=3)
    decide(assessment)
    with pytest.raises(AlreadyDone):
        decide(assessment)
    assert IntensityDecision.objects.count() == 1


def test_the_same_form_posted_twice_is_one_assessment(client, manager):
    token, today = uuid.uuid4(), timezone.localdate()
    first = Assessment(client=client, assessed_on=today, form_token=token)
    record_assessment(Actor(manager), first, [])
    with pytest.raises(AlreadyDone) as done:
        record_assessment(Actor(manager), Assessment(client=client, assessed_on=today, form_token=token), [])
    assert done.value.record == first
    assert Assessment.objects.count() == 1


def test_tomorrow_cannot_be_assessed_today(client):
    with pytest.raises(ValidationError):
        assess(client, on=timezone.localdate() + datetime.timedelta(days=1), finance=1)


def test_a_changed_policy_applies_to_assessments_from_its_day_on(client):
    today = timezone.localdate()
    PlanPolicy.objects.create(valid_from=today, intensive_from_high=3)
    earlier = assess(client, on=today - datetime.timedelta(days=1), finance=3, education=3)
    assert proposal_for(earlier).level == Intensity.INTENSIVE
    assert proposal_for(assess(client, finance=3, education=3)).level == Intensity.REGULAR


@pytest.mark.parametrize("need", [None, 0, 1, 2, 3, 4])
def test_without_health_the_proposal_is_that_of_the_other_modules(client, need):
    proposal = proposal_for(assess(client, finance=3, health=need), with_health=False)
    with translation.override("de"):
        words = explain(proposal)
    assert proposal.level == Intensity.REGULAR
    assert words == (
        "Vorschlag „regelmäßig“, weil ein Baustein bei hoch liegt (Finanzen). "
        "1 von 3 Bausteinen ermittelt; die fehlenden könnten die Stufe nur erhöhen."
    )


def test_the_unprotected_level_stays_until_another_one_is_confirmed(client):
    today = timezone.localdate()
    decide(assess(client, finance=3, health=4))
    assess(client, finance=0, education=0)
    assert unprotected_levels([client.pk], today) == ({client.pk: Intensity.REGULAR}, {client.pk})
    client.refresh_from_db()
    assert (client.intensity, client.unprotected_intensity) == (Intensity.CRISIS, Intensity.REGULAR)


def test_a_crisis_after_the_agreement_pulls_the_review_forward(client):
    today = timezone.localdate()
    agreed(client, review_on=today + datetime.timedelta(days=180))
    decide(assess(client, finance=4))
    client.refresh_from_db()
    assert client.next_review_on == next_working_day(today + datetime.timedelta(weeks=4))


def test_the_stored_copies_are_what_the_rows_say(client):
    decide(assess(client, finance=3))
    agreed(client, review_on=timezone.localdate() + datetime.timedelta(days=30))
    client.refresh_from_db()
    derived = standing_of(client, timezone.localdate())
    assert (client.intensity, client.intensity_since, client.next_review_on) == (
        derived.intensity,
        derived.intensity_since,
        derived.next_review_on,
    )


def test_the_log_names_fields_and_no_values(client):
    decide(assess(client, finance=3), chosen=Intensity.CRISIS, reason="Räumung droht")
    entry = AuditEntry.objects.filter(action="plan.intensity_decided").get()
    assert entry.subject_ref == client.subject_ref
    assert "reason" in entry.fields
    assert "Räumung" not in str(entry.fields)
