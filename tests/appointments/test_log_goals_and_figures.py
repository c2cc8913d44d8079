"""Progress noted from the log, and what the log counts as."""

import datetime
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments import figures
from appointments.models import Contact
from clients.figures import FilesOverTime
from clients.models import Client
from integration_plans.models import Goal, Measure, PlanVersion
from tests.appointments.log_desk import reachable, routine, text_of, topic
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory, ContactFactory
from tests.factories.plans import agreed

pytestmark = pytest.mark.django_db


def new(client: Any) -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid])


def test_progress_is_noted_from_the_log_without_a_new_version(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    agreed(client)
    goal, measure = Goal.objects.get(), Measure.objects.order_by("pk").first()
    version = PlanVersion.objects.get().version
    browser = as_user(cast.manager)
    form = browser.get(new(client)).context["form"]
    post = routine(
        **{
            f"goal_{goal.uuid}": "in_progress",
            f"measure_{measure.uuid}": "on",
            f"remark_{goal.uuid}": "Zusage liegt vor.",
            "goals_were": form["goals_were"].value(),
        }
    )
    assert browser.post(new(client), post).status_code == 302
    goal.refresh_from_db()
    measure.refresh_from_db()
    assert goal.state == "in_progress"
    assert measure.done_on == timezone.localdate()
    assert goal.progress.get().remark == "Zusage liegt vor."
    assert PlanVersion.objects.get().version == version


def test_goals_come_when_their_fold_is_opened_and_nothing_typed_is_lost(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    agreed(client)
    goal = Goal.objects.get()
    measure = Measure.objects.order_by("pk").first()
    measure.done_on = timezone.localdate()
    measure.save()
    browser = as_user(cast.manager)
    assert f"goal_{goal.uuid}" not in text_of(browser.get(new(client)))
    opened = browser.post(new(client), routine(show_goals="1", note="Schon getippt."))
    form = opened.context["form"]
    assert form["note"].value() == "Schon getippt."
    assert form[f"goal_{goal.uuid}"].value() == "open"
    assert form[f"measure_{measure.uuid}"].value() is True
    assert '<details class="form-fold" open><summary>Ziele der Vereinbarung' in text_of(opened)
    assert text_of(opened).count('name="goals_were"') == 1
    assert not Contact.objects.exists()
    again = {"show_goals": "1", f"goal_{goal.uuid}": "achieved", "goals_were": form["goals_were"].value()}
    assert (
        browser.post(new(client), routine(**again)).context["form"][f"goal_{goal.uuid}"].value() == "achieved"
    )


def test_a_browser_with_script_gets_the_goals_alone(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    agreed(client)
    goal = Goal.objects.get()
    answer = as_user(cast.manager).post(new(client), routine(show_goals="1"), headers={"HX-Request": "true"})
    assert f'name="goal_{goal.uuid}"' in text_of(answer)
    assert 'name="goals_were"' in text_of(answer)
    assert "<main" not in text_of(answer)


def test_what_others_noted_since_the_form_was_opened_is_left_alone(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    agreed(client)
    goal, measure = Goal.objects.get(), Measure.objects.order_by("pk").first()
    browser = as_user(cast.manager)
    were = browser.get(new(client)).context["form"]["goals_were"].value()
    measure.done_on = timezone.localdate()
    measure.save()
    untouched = routine(**{f"goal_{goal.uuid}": "open", "goals_were": were})
    assert browser.post(new(client), untouched).status_code == 302
    measure.refresh_from_db()
    assert measure.done_on is not None


def test_a_measure_that_was_not_on_the_page_is_not_undone_by_it(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    assert "goals_were" not in browser.get(new(client)).context["form"].fields
    agreed(client)
    measure = Measure.objects.order_by("pk").first()
    measure.done_on = timezone.localdate()
    measure.save()
    assert browser.post(new(client), routine()).status_code == 302
    measure.refresh_from_db()
    assert measure.done_on is not None


def test_a_dropped_goal_asks_why_and_nothing_is_saved(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    agreed(client)
    goal = Goal.objects.get()
    answer = as_user(cast.manager).post(new(client), routine(**{f"goal_{goal.uuid}": "dropped"}))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert not Contact.objects.exists()


@pytest.mark.parametrize("were", ["", "kein JSON", "[1]", '"x"'])
def test_a_broken_hidden_field_is_no_server_error(cast: Cast, as_user: Any, were: str) -> None:
    client = reachable(cast.manager)
    agreed(client)
    assert as_user(cast.manager).post(new(client), routine(goals_were=were)).status_code == 302


def test_goals_of_another_file_cannot_be_reached(cast: Cast, as_user: Any) -> None:
    client, stranger = reachable(cast.manager), reachable(cast.outsider)
    agreed(stranger)
    goal = Goal.objects.get()
    as_user(cast.manager).post(new(client), routine(**{f"goal_{goal.uuid}": "achieved"}))
    goal.refresh_from_db()
    assert goal.state == "open"


def test_the_button_of_the_frame_logs_in_the_open_file(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    assert browser.get(client.get_absolute_url()).context["primary_action"].url == new(client)
    assert browser.get("/").context["primary_action"].url == "/appointments/contacts/new/"


def test_consultations_attempts_case_work_and_visits_are_counted_apart(cast: Cast) -> None:
    client, partner = reachable(cast.manager), reachable(cast.manager)
    day = timezone.localtime().replace(hour=12, minute=0) - datetime.timedelta(days=3)
    for facts in (
        {"participants": [partner]},
        {"unreached": True},
        {"letter": True},
        {"channel": "phone", "spoken_with": "third_party", "organisation": "Jobcenter"},
        {"channel": "home_visit"},
        {"channel": "home_visit", "result": "not_met_card", "spoken_with": "nobody"},
        {"channel": "message", "result": "received", "direction": "in", "main_topic": topic()},
        {"channel": "group"},
    ):
        ContactFactory(client=client, happened_at=day, uuid=uuid.uuid4(), **facts)
    AppointmentFactory(client=client, starts_at=day, outcome="held")
    files = Client.objects.filter(pk__in=[client.pk, partner.pk])
    found = figures.activity(FilesOverTime(files), day.date(), day.date())
    assert found == figures.Activity(
        consultations=4, attempts=3, case_work=1, home_visits=2, home_visits_met=1
    )
    later = day.date() + datetime.timedelta(days=1)
    assert figures.activity(FilesOverTime(files), later, later) == figures.Activity(0, 0, 0, 0, 0)
