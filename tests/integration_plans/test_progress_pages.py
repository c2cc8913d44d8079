"""The pages on which progress is noted and the plan reviewed."""

import datetime
import html
import re

import pytest
from django.utils import timezone

from accounts.rules.calendar import next_working_day
from integration_plans.models import (
    Review,
)
from tests.factories.plans import agreed, assess, decide
from tests.integration_plans.plan_desk import text_of, token, url

pytestmark = pytest.mark.django_db


def test_one_tap_ticks_a_measure_and_returns_its_goal(browser, client):
    content = agreed(client).goal_contents.get()
    measure = content.measure_contents.first().measure
    target = url("measure_done", client, measure.uuid)
    fragment = browser.post(target, {"done": "1"}, headers={"HX-Request": "true"})
    assert "erledigt am" in text_of(fragment)
    assert "<html" not in fragment.content.decode()
    browser.post(target, {"done": "1"})
    measure.refresh_from_db()
    assert measure.progress.count() == 1
    browser.post(target, {"done": "0"})
    measure.refresh_from_db()
    assert measure.done_on is None


def test_from_my_day_the_tick_leads_back_there(browser, client):
    measure = agreed(client).goal_contents.get().measure_contents.first().measure
    answer = browser.post(url("measure_done", client, measure.uuid), {"done": "1", "next": "/"})
    assert answer.url == "/"


def undo_url_of(answer):
    """Where the undo of the message on the next page leads."""
    page = answer.client.get("/").content.decode()
    (found,) = re.findall(r'action="([^"]*measures[^"]*done=0[^"]*)"', page)
    return html.unescape(found)


def test_a_tick_taken_back_is_open_again(browser, client):
    measure = agreed(client).goal_contents.get().measure_contents.first().measure
    ticked = browser.post(url("measure_done", client, measure.uuid), {"done": "1", "next": "/"})
    browser.post(undo_url_of(ticked))
    measure.refresh_from_db()
    assert measure.done_on is None


def test_a_tick_is_not_taken_back_over_what_somebody_noted_since(browser, client):
    measure = agreed(client).goal_contents.get().measure_contents.first().measure
    target = url("measure_done", client, measure.uuid)
    undo = undo_url_of(browser.post(target, {"done": "1", "next": "/"}))
    browser.post(target, {"done": "0"})
    browser.post(target, {"done": "1"})
    answer = browser.post(undo, follow=True)
    measure.refresh_from_db()
    assert (measure.done_on, measure.progress.count()) == (timezone.localdate(), 3)
    assert "Das wurde inzwischen von einer anderen Person geändert." in text_of(answer)


def test_dropping_without_a_reason_is_refused_at_its_field(browser, client):
    content = agreed(client).goal_contents.get()
    key = content.goal.uuid
    answer = browser.post(
        url("goal_progress", client, key),
        {
            "form_token": token(),
            "on": timezone.localdate().isoformat(),
            f"state_{key}": "dropped",
            f"remark_{key}": "",
            f"version_{key}": "1",
        },
    )
    assert answer.status_code == 422
    assert "Bitte sagen Sie, warum dieses Ziel verworfen wird." in text_of(answer)


def test_somebody_elses_progress_meanwhile_is_shown_and_nothing_typed_is_lost(browser, client):
    content = agreed(client).goal_contents.get()
    key = content.goal.uuid
    data = {
        "form_token": token(),
        "on": timezone.localdate().isoformat(),
        f"state_{key}": "achieved",
        f"remark_{key}": "",
        f"version_{key}": "1",
    }
    browser.post(url("goal_progress", client, key), data)
    answer = browser.post(
        url("goal_progress", client, key),
        data | {"form_token": token(), f"state_{key}": "not_achieved", f"remark_{key}": "Absage kam"},
    )
    assert answer.status_code == 409
    assert "Zwischenzeitlich notiert: erreicht" in text_of(answer)
    assert "Absage kam" in answer.content.decode()
    again = re.search(rf'name="version_{key}" value="(\d+)"', answer.content.decode())
    assert again is not None
    assert again[1] == "2"


def test_the_review_walks_the_goals(browser, client):
    decide(assess(client, family=2))
    content = agreed(client).goal_contents.get()
    key = content.goal.uuid
    page = browser.get(url("review", client))
    assert "Ayla hat einen Kita-Platz" in text_of(page)
    following = timezone.localdate() + datetime.timedelta(days=180)
    answer = browser.post(
        url("review", client),
        {
            "form_token": token(),
            "on": timezone.localdate().isoformat(),
            "note": "Es geht voran",
            "next_review_on": following.isoformat(),
            f"state_{key}": "in_progress",
            f"remark_{key}": "Warteliste Platz 3",
            f"version_{key}": "1",
        },
        follow=True,
    )
    assert "Warteliste Platz 3" in text_of(answer)
    assert Review.objects.get().next_review_on == following
    client.refresh_from_db()
    assert client.next_review_on == next_working_day(following)
