"""The pages that show the plan: overview, print, file and timeline; for many rows, too."""

import datetime
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from clients.choices import Intensity
from integration_plans.choices import AgreementOutcome, GoalState
from tests.factories.clients import ClientFactory
from tests.factories.plans import agreed, assess, close, decide, goal, start
from tests.integration_plans.plan_desk import queries_of, text_of, token, url

pytestmark = pytest.mark.django_db


def test_the_print_says_the_state_of_today_and_the_version_stays(browser, client):
    version = agreed(client, review_on=timezone.localdate() + datetime.timedelta(days=30))
    content = version.goal_contents.get()
    before = text_of(browser.get(url("print", client)))
    assert "Stand am" in before
    assert "offen" in before
    assert "☑" not in before
    measure = content.measure_contents.first().measure
    browser.post(url("measure_done", client, measure.uuid), {"done": "1"})
    after = text_of(browser.get(url("print", client)))
    assert f"erledigt am {timezone.localdate():%d.%m.%Y}" in after
    assert "☑" in after
    assert "☒" not in after
    assert "Fassung 1" in re.sub(r"Fassung\s+", "Fassung ", after)


def test_health_is_printed_only_when_chosen(browser, client):
    decide(assess(client, family=2, health=3))
    version = start(client)
    goal(version, "Hausärztin gefunden", module="health")
    goal(version, "Kita-Platz")
    close(version)
    plain = text_of(browser.get(url("print", client)))
    assert "Hausärztin" not in plain
    assert "Gesundheit" not in plain.replace("Mit Gesundheit drucken", "").replace("ohne Gesundheit", "")
    assert "Hausärztin" in text_of(browser.get(url("print", client) + "?health=1"))


def test_the_print_is_german_even_for_a_manager_who_works_in_english(browser, cast, client):
    cast.manager.language = "en"
    cast.manager.save()
    agreed(client)
    assert "Das übernehme ich" in text_of(browser.get(url("print", client)))


def test_the_plan_page_shows_trend_versions_and_reasons(browser, client):
    decide(assess(client, finance=4, family=2))
    decide(assess(client, finance=2, family=2), chosen=Intensity.INTENSIVE, reason="Mutter erkrankt")
    agreed(client)
    start(client)
    page = text_of(browser.get(url("plan", client)))
    for words in ("zuvor akut", "Mutter erkrankt", "Fassung 1", "Fassung 2 fortsetzen"):
        assert words in page


def test_the_file_page_shows_needs_and_goals(browser, client):
    decide(assess(client, finance=3))
    agreed(client)
    page = text_of(browser.get(reverse("clients:detail", args=[client.uuid])))
    assert "Ayla hat einen Kita-Platz" in page
    assert "Bedarf 3 von 4: hoch" in page


def test_the_timeline_tells_of_assessment_agreement_and_steps(browser, client):
    decide(assess(client, finance=3))
    content = agreed(client).goal_contents.get()
    key = content.goal.uuid
    browser.post(
        url("goal_progress", client, key),
        {
            "form_token": token(),
            "on": timezone.localdate().isoformat(),
            f"state_{key}": GoalState.ACHIEVED.value,
            f"remark_{key}": "",
            f"version_{key}": "1",
        },
    )
    page = text_of(browser.get(reverse("clients:detail", args=[client.uuid])))
    for words in ("Bedarfsermittlung", "Intensität: regelmäßig", "Vereinbarung, Fassung 1", "Ziel erreicht"):
        assert words in page


def test_every_read_is_recorded_once(browser, client):
    agreed(client)
    AuditEntry.objects.all()
    before = AuditEntry.objects.count()
    browser.get(url("plan", client))
    browser.get(url("print", client))
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [entry.action for entry in entries] == ["plan.viewed", "plan.printed"]


def many_goals(client: Any, number: int) -> None:
    decide(assess(client, family=2))
    version = start(client)
    for position in range(number):
        goal(version, f"Ziel {position}")
    close(version, AgreementOutcome.ORAL)
    start(client)


@pytest.mark.parametrize("name", ["plan", "working_version", "review", "print"])
def test_queries_do_not_grow_with_goals(browser, cast, name, django_assert_num_queries):
    few, many = (ClientFactory(manager=cast.manager, municipality=cast.stutensee) for _number in range(2))
    many_goals(few, 1)
    many_goals(many, 50)
    counts = [queries_of(browser, url(name, client)) for client in (few, many)]
    assert counts[0] == counts[1]


def test_queries_of_the_list_and_of_my_day_do_not_grow_with_files(browser, cast):
    counts = []
    today = timezone.localdate()
    for number in (1, 49):
        for _file in range(number):
            client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
            decide(assess(client, family=2))
            agreed(client, review_on=today + datetime.timedelta(days=5))
        counts.append((queries_of(browser, "/plans/"), queries_of(browser, "/")))
    assert counts[0] == counts[1]
