"""What was typed into a field that is gone when the form is sent: said, never thrown away."""

import datetime
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.models import Contact
from clients.health import grant_health
from clients.models import AccessGrant, Client, Draft
from integration_plans.models import Assessment, GoalProgress, Review
from integration_plans.services.plans import remove_goal
from tests.access.typing import TypedForm, typed_form
from tests.appointments.log_desk import routine
from tests.cast import Cast
from tests.factories.clients import ClientFactory
from tests.factories.plans import agreed, close, start

pytestmark = pytest.mark.django_db

NO_PLACE = "hat in diesem Formular keinen Platz mehr"
NOTED = "Sehr gut vorangekommen, die Zusage ist da"
ILL = "Dreimal in der Woche zur Dialyse"


@pytest.fixture
def file(cast: Cast) -> Client:
    found: Client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    return found


def browser_of(user: Any) -> Browser:
    browser = Browser(raise_request_exception=False)
    browser.force_login(user)
    return browser


def form_of(answer: Any) -> TypedForm:
    form = typed_form(answer.content.decode())
    assert form is not None
    return form


def talk(form: TypedForm, **typed: Any) -> dict[str, Any]:
    """The log of a talk in the office, as the form was opened, with something typed besides."""
    return form.filled(**routine(), **typed)


def end_grants() -> None:
    AccessGrant.objects.update(expires_at=timezone.now() - datetime.timedelta(minutes=1))


def next_version(file: Client) -> None:
    """Agreed in the meantime: another goal in the place of the first."""
    version = start(file)
    for content in version.goal_contents.all():
        if content.title == "Kita-Platz":
            remove_goal(Actor(file.manager), content)
    close(version)


@pytest.fixture
def assessment(cast: Cast, file: Client) -> tuple[Browser, str, dict[str, Any]]:
    """A stand-in with a reason has typed into the form; the four hours are over."""
    grant_health(Actor(cast.substitute), file, reason="Termin in der Klinik heute")
    browser = browser_of(cast.substitute)
    path = reverse("file_plans:assess", args=[file.uuid])
    form = form_of(browser.get(path))
    typed = form.filled(level_finance="2", level_health="3", situation_health=ILL)
    return browser, path, typed


def test_an_assessment_of_a_protected_module_is_not_stored_without_it_when_the_hours_are_over(
    cast: Cast, file: Client, assessment: tuple[Browser, str, dict[str, Any]]
) -> None:
    browser, path, typed = assessment
    end_grants()
    answer = browser.post(path, typed)
    assert answer.status_code == 422
    assert NO_PLACE in answer.content.decode()
    assert ILL in answer.content.decode()
    assert not Assessment.objects.exists()
    # With a new reason everything is there again.
    grant_health(Actor(cast.substitute), file, reason="Noch nicht fertig geworden")
    again = form_of(browser.get(path))
    assert (again.values["situation_health"], again.values["level_health"]) == ([ILL], ["3"])
    assert browser.post(path, again.values).status_code == 302
    assert Assessment.objects.get().entries.get(module__code="health").situation == ILL
    assert not Draft.objects.exists()


def test_whoever_sends_it_again_stores_the_rest(assessment: tuple[Browser, str, dict[str, Any]]) -> None:
    browser, path, typed = assessment
    end_grants()
    shown = form_of(browser.post(path, typed))
    assert "situation_health" not in shown.values
    assert browser.post(path, shown.values).status_code == 302
    assert Assessment.objects.get().entries.get(module__code="finance").level == 2


def test_a_draft_typed_under_a_reason_keeps_what_its_form_no_longer_shows(
    assessment: tuple[Browser, str, dict[str, Any]],
) -> None:
    browser, path, typed = assessment
    assert browser.post(reverse("clients:draft_save"), typed).status_code == 200
    end_grants()
    restored = form_of(browser.get(path))
    assert restored.kinds["situation_health"] == "hidden"
    # The window saves by itself as soon as something else is typed.
    browser.post(reverse("clients:draft_save"), restored.filled(summary="Noch ein Satz."))
    assert Draft.objects.get().data["situation_health"] == [ILL]
    assert NO_PLACE in browser.post(path, restored.values).content.decode()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("typed", ["remark_", "goal_", "measure_"])
def test_a_word_about_a_goal_that_left_the_plan_is_not_thrown_away(
    typed: str, cast: Cast, file: Client
) -> None:
    version = agreed(file, "Kita-Platz", "Deutschkurs")
    content = version.goal_contents.get(title="Kita-Platz")
    measure = content.measure_contents.all()[0].measure
    key = measure.uuid if typed == "measure_" else content.goal.uuid
    value = {"remark_": NOTED, "goal_": "reached", "measure_": "on"}[typed]
    browser = browser_of(cast.manager)
    path = reverse("file_appointments:contact_new", args=[file.uuid])
    form = form_of(browser.get(path))
    post = talk(form, **{f"{typed}{key}": value})
    next_version(file)
    answer = browser.post(path, post)
    assert answer.status_code == 422
    assert NO_PLACE in answer.content.decode()
    assert (NOTED in answer.content.decode()) == (typed == "remark_")
    assert not Contact.objects.exists()
    assert Draft.objects.get().data[f"{typed}{key}"] == [value]
    assert browser.post(path, form_of(answer).values).status_code == 302
    assert Contact.objects.count() == 1


def test_a_goal_that_left_the_plan_untouched_holds_nobody_up(cast: Cast, file: Client) -> None:
    version = agreed(file, "Kita-Platz", "Deutschkurs")
    measure = version.goal_contents.get(title="Kita-Platz").measure_contents.all()[0].measure
    measure.done_on = timezone.localdate()
    measure.save()
    browser = browser_of(cast.manager)
    path = reverse("file_appointments:contact_new", args=[file.uuid])
    post = talk(form_of(browser.post(path, routine(show_goals="1"))))
    assert post[f"measure_{measure.uuid}"] == ["on"]
    next_version(file)
    assert browser.post(path, post).status_code == 302


def test_a_review_of_goals_that_left_the_plan_is_not_stored_without_them(cast: Cast, file: Client) -> None:
    key = agreed(file, "Kita-Platz", "Deutschkurs").goal_contents.get(title="Kita-Platz").goal.uuid
    browser = browser_of(cast.manager)
    path = reverse("file_plans:review", args=[file.uuid])
    post = form_of(browser.get(path)).filled(**{f"remark_{key}": NOTED})
    next_version(file)
    answer = browser.post(path, post)
    assert NO_PLACE in answer.content.decode()
    assert NOTED in answer.content.decode()
    assert not Review.objects.exists()
    assert not GoalProgress.objects.exists()


def test_deeply_nested_goals_are_answered(cast: Cast, file: Client) -> None:
    """As deep as the field lets in."""
    agreed(file, "Kita-Platz")
    browser = browser_of(cast.manager)
    path = reverse("file_appointments:contact_new", args=[file.uuid])
    post = talk(form_of(browser.get(path)), goals_were="[" * 19_000)
    assert browser.post(path, post).status_code == 302
