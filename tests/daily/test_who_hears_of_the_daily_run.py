"""How the daily run went: read by the administration, and by machines that watch."""

import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from daily.models import JobRun

pytestmark = pytest.mark.django_db
MORNING = datetime.datetime(2026, 11, 28, 4, 15, tzinfo=datetime.UTC)


def ran(*, step=JobRun.WHOLE, at=MORNING, error=""):
    return JobRun.objects.create(
        step=step,
        day=timezone.localdate(at),
        started_at=at,
        ended_at=at + datetime.timedelta(seconds=75),
        error=error,
    )


def ready(time_machine, **later):
    time_machine.move_to(MORNING + datetime.timedelta(**later), tick=False)
    answer = Client().get("/readyz")
    first, *more = answer.content.decode().splitlines()
    assert (answer.status_code, first) == (200, f"ready, version {settings.VERSION}")
    return more


def test_a_run_of_less_than_26_hours_ago_needs_no_word(time_machine):
    ran()
    assert ready(time_machine, hours=26) == []


def test_an_older_one_is_said_and_the_service_stays_in(time_machine):
    ran()
    ran(at=MORNING - datetime.timedelta(days=1))
    said = ["daily run: older than 26 hours, last on 2026-11-28T05:15+01:00"]
    assert ready(time_machine, hours=26, seconds=1) == said


def test_failed_steps_of_the_last_run_are_named(time_machine):
    ran(step="recompute", at=MORNING - datetime.timedelta(days=1), error="ValueError")
    ran(step="forget_drafts", error="OperationalError")
    ran(step="clear_sessions")
    ran(error="StepsFailed")
    assert ready(time_machine, hours=1) == ["daily run: step forget_drafts failed"]


def test_without_any_run_it_says_so(time_machine):
    ran(step="recompute")
    assert ready(time_machine, hours=1) == ["daily run: none yet"]


def front_page(browser):
    page = browser.get(reverse("admin:index")).content.decode()
    begin = page.index("<p", page.index('id="content"'))
    return " ".join(page[begin : page.index("</p>", begin)].split())


def test_the_first_page_of_the_administration_says_when_it_ran(as_user, cast, time_machine):
    time_machine.move_to(MORNING + datetime.timedelta(hours=3), tick=False)
    browser = as_user(cast.admin)
    assert front_page(browser) == '<p class="errornote"> Letzter Tageslauf: noch keiner.'
    ran()
    said = front_page(browser)
    assert said.startswith("<p> Letzter Tageslauf: 28.11.2026, 05:15. <a href=")
    ran(step="recompute", error="ValueError")
    assert "05:15, 1 Schritt ist fehlgeschlagen. <a" in front_page(browser)
    time_machine.move_to(MORNING + datetime.timedelta(hours=27), tick=False)
    said = front_page(as_user(cast.admin))
    assert said.startswith(
        '<p class="errornote"> Letzter Tageslauf: 28.11.2026, 05:15, vor mehr als 26 Stunden, 1 Schritt'
    )


def test_the_administration_reads_every_step_and_changes_none(as_user, cast):
    run = ran(step="forget_drafts")
    browser = as_user(cast.admin)
    page = browser.get(reverse("admin:daily_jobrun_changelist")).content.decode()
    assert "30 Tage alte Entwürfe gelöscht" in page
    assert "28.11.2026" in page
    assert reverse("admin:daily_jobrun_change", args=[run.pk]) not in page
    assert browser.get(reverse("admin:daily_jobrun_add")).status_code == 403
    assert browser.post(reverse("admin:daily_jobrun_change", args=[run.pk]), {"count": 5}).status_code == 403
    assert (
        browser.post(reverse("admin:daily_jobrun_delete", args=[run.pk]), {"post": "yes"}).status_code == 403
    )


@pytest.mark.parametrize("role", ["manager", "officer", "coordinator"])
def test_nobody_else_reads_them(as_user, cast, role):
    assert as_user(cast.users[role]).get(reverse("admin:daily_jobrun_changelist")).status_code == 302
