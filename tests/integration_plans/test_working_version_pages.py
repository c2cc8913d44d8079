"""The pages of the working version: goals and measures, written down until they are agreed."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from integration_plans.models import (
    GoalContent,
    MeasureContent,
    Module,
    PlanVersion,
)
from tests.factories.plans import assess, decide, goal, start
from tests.integration_plans.plan_desk import text_of, token, url

pytestmark = pytest.mark.django_db


def goal_post(**more: Any) -> dict[str, Any]:
    return {
        "form_token": token(),
        "version": "1",
        "title": "Ayla hat einen Kita-Platz",
        "indicator": "Die Zusage liegt vor.",
        "module": str(Module.objects.get(code="family").pk),
        "target_on": "30.04.2027",
        "priority": "normal",
        "client_measures": "- Anmeldung abgeben\n\n- Impfbuch mitbringen",
        "service_measures": "Nach der Warteliste fragen",
        "measures_due_on": "",
        **more,
    }


def test_writing_a_plan_from_nothing_to_the_agreement(browser, client):
    decide(assess(client, family=2))
    assert browser.post(url("working_version_start", client)).url == url("working_version", client)
    browser.post(url("goal_new", client), goal_post())
    page = browser.get(url("working_version", client))
    assert "Beide Seiten sagen etwas zu" in text_of(page)
    content = GoalContent.objects.get()
    assert list(content.measure_contents.values_list("side", "text")) == [
        ("client", "Anmeldung abgeben"),
        ("client", "Impfbuch mitbringen"),
        ("service", "Nach der Warteliste fragen"),
    ]
    version = PlanVersion.objects.get()
    answer = browser.post(
        url("agree", client),
        {
            "form_token": token(),
            "version": str(version.version),
            "outcome": "signed",
            "agreed_on": timezone.localdate().isoformat(),
            "place": "Stutensee",
            "language": "",
            "interpreter": "Frau Azimi",
            "copy_handed_out": "on",
            "review_on": (timezone.localdate() + datetime.timedelta(days=90)).isoformat(),
            "note": "",
        },
        follow=True,
    )
    assert "Fassung 1 ist abgeschlossen: unterschrieben." in text_of(answer)
    version.refresh_from_db()
    assert (version.outcome, version.interpreter, version.copy_handed_out) == ("signed", "Frau Azimi", True)


def test_a_template_fills_the_form_and_can_be_changed(browser, client):
    start(client)
    page = browser.get(url("goal_new", client) + "?template=day_care")
    assert "Kind hat einen Kita-Platz" in page.content.decode()
    assert "Anmeldung gemeinsam ausfüllen" in page.content.decode()


def test_the_inline_form_is_the_same_form(browser, client):
    start(client)
    fragment = browser.get(url("goal_new", client), headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert f'action="{url("goal_new", client)}"' in fragment.content.decode()


def test_measures_are_added_changed_and_removed(browser, client):
    content = goal(start(client), client_measure="")
    answer = browser.post(
        url("measure_new", client, content.uuid),
        {"form_token": token(), "version": "1", "side": "third_party", "text": "Platz zusagen", "due_on": ""},
    )
    assert answer.status_code == 422
    browser.post(
        url("measure_new", client, content.uuid),
        {
            "form_token": token(),
            "version": "1",
            "side": "third_party",
            "text": "Platz zusagen",
            "third_party": "FamilienBüro",
            "due_on": "",
        },
    )
    measure = MeasureContent.objects.get(third_party="FamilienBüro")
    browser.post(
        url("measure_edit", client, measure.uuid),
        {
            "form_token": token(),
            "version": "1",
            "side": "client",
            "text": "Anmeldung abgeben",
            "third_party": "",
            "due_on": "2027-01-31",
        },
    )
    measure.refresh_from_db()
    assert (measure.side, measure.text, measure.third_party) == ("client", "Anmeldung abgeben", "")
    browser.post(url("measure_remove", client, measure.uuid))
    assert not MeasureContent.objects.filter(pk=measure.pk).exists()


def test_the_second_of_two_people_editing_a_goal_keeps_what_she_typed(browser, client):
    content = goal(start(client))
    browser.post(url("goal_edit", client, content.uuid), goal_post(title="Zuerst"))
    answer = browser.post(url("goal_edit", client, content.uuid), goal_post(title="Danach"))
    assert answer.status_code == 409
    assert "Danach" in answer.content.decode()
    assert GoalContent.objects.get().title == "Zuerst"


def test_what_is_missing_for_an_agreement_is_said(browser, client):
    version = start(client)
    goal(version, service_measure="")
    page = browser.get(url("working_version", client))
    assert "Eine Maßnahme unter „Das übernimmt das Integrationsmanagement“ fehlt." in text_of(page)
    version.refresh_from_db()
    answer = browser.post(url("agree", client), agreement_post(version))
    assert answer.status_code == 422
    assert "Eine Maßnahme unter „Das übernimmt das Integrationsmanagement“ fehlt." in text_of(answer)


def agreement_post(version: PlanVersion, **more: str) -> dict[str, str]:
    return {
        "form_token": token(),
        "version": str(version.version),
        "outcome": "signed",
        "agreed_on": timezone.localdate().isoformat(),
        "place": "",
        "language": "",
        "interpreter": "",
        "review_on": "",
        "note": "",
        **more,
    }


def test_closing_twice_shows_the_closed_version(browser, client):
    version = start(client)
    goal(version)
    version.refresh_from_db()
    data = agreement_post(version)
    assert browser.post(url("agree", client), data).status_code == 302
    assert browser.post(url("agree", client), data).status_code == 302
    assert PlanVersion.objects.count() == 1


def test_a_review_before_the_agreement_is_refused_at_its_field(browser, client):
    version = start(client)
    goal(version)
    version.refresh_from_db()
    answer = browser.post(
        url("agree", client), agreement_post(version, review_on=timezone.localdate().isoformat())
    )
    assert answer.status_code == 422
    assert "Die nächste Überprüfung muss nach der Vereinbarung liegen." in text_of(answer)
