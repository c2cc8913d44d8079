"""The pages of the plan, as the manager, her stand-in and everybody else meet them."""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from clients.choices import Intensity
from integration_plans.choices import AgreementOutcome, GoalState
from integration_plans.models import (
    Assessment,
    GoalContent,
    IntensityDecision,
    MeasureContent,
    Module,
    PlanVersion,
    Review,
)
from integration_plans.services.progress import note_progress
from tests.factories.clients import ClientFactory
from tests.factories.plans import agreed, assess, close, decide, goal, start

pytestmark = pytest.mark.django_db


def url(name: str, client: Any, *args: Any) -> str:
    return reverse(f"file_plans:{name}", args=[client.uuid, *args])


@pytest.fixture
def browser(as_user, cast):
    return as_user(cast.manager)


@pytest.fixture
def stand_in(as_user, cast):
    return as_user(cast.substitute)


def token() -> str:
    return str(uuid.uuid4())


def text_of(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


# -- Assessment and intensity -------------------------------------------------------------------------------------


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
    assert answer.status_code in (400, 422)
    long = browser.post(url("assess", client), assessment_post(level_finance="1", summary="x" * 100_000))
    assert long.status_code == 422
    assert "x" * 1000 in long.content.decode()
    assert not Assessment.objects.exists()


# -- Working version ----------------------------------------------------------------------------------------------


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
    assert browser.post(url("draft_start", client)).url == url("draft", client)
    browser.post(url("goal_new", client), goal_post())
    page = browser.get(url("draft", client))
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
    page = browser.get(url("draft", client))
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


# -- Progress and review ------------------------------------------------------------------------------------------


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
    answer = browser.post(url("measure_done", client, measure.uuid), {"done": "1", "back": "home"})
    assert answer.url == "/"


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
    assert client.next_review_on == following


# -- Reading --------------------------------------------------------------------------------------------------------


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


# -- Who may what -----------------------------------------------------------------------------------------------------

READS = ["plan", "print", "draft", "assess", "agree", "review", "health"]


@pytest.fixture
def full(client):
    decide(assess(client, family=2))
    agreed(client)
    goal(start(client), "Neu")
    return client


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("role", ["colleague", "former", "outsider", "officer", "coordinator", "admin"])
def test_whoever_may_not_see_the_file_gets_404(as_user, cast, full, role, name):
    assert as_user(getattr(cast, role)).get(url(name, full)).status_code == 404


@pytest.mark.parametrize(("name", "code"), [("agree", 403), ("review", 403), ("plan", 200), ("draft", 200)])
def test_a_stand_in_prepares_but_does_not_agree_or_review(stand_in, full, name, code):
    assert stand_in.get(url(name, full)).status_code == code


def test_a_stand_in_notes_progress(stand_in, full):
    version = PlanVersion.objects.agreed().get()
    measure = version.goal_contents.get().measure_contents.first().measure
    assert stand_in.post(url("measure_done", full, measure.uuid), {"done": "1"}).status_code == 302


def test_the_list_of_plans_is_for_managers(as_user, cast):
    codes = {role: as_user(user).get("/plans/").status_code for role, user in cast.users.items()}
    refused = {"officer", "officer_elsewhere", "coordinator", "admin"}
    assert codes == {role: 403 if role in refused else 200 for role in cast.users}


def test_a_stand_in_reads_health_only_after_a_reason(browser, stand_in, client):
    decide(assess(client, family=1, health=4))
    version = start(client)
    goal(version, "Therapieplatz Lindenhof", module="health")
    goal(version, "Kita-Platz")
    close(version)
    following = start(client)
    detail = reverse("clients:detail", args=[client.uuid])
    pages = [url("plan", client), url("print", client) + "?health=1", url("draft", client), detail]
    for page in pages:
        words = text_of(stand_in.get(page))
        assert "Lindenhof" not in words
        assert "bei akut liegt (Gesundheit)" not in words
    hidden = following.goal_contents.get(title="Therapieplatz Lindenhof")
    assert stand_in.get(url("goal_edit", client, hidden.uuid)).status_code == 404
    assert stand_in.post(url("goal_remove", client, hidden.uuid)).status_code == 404
    assert "level_health" not in stand_in.get(url("assess", client)).content.decode()

    refused = stand_in.post(url("health", client), {"form_token": token(), "version": "1", "reason": ""})
    assert refused.status_code == 422
    stand_in.post(
        url("health", client), {"form_token": token(), "version": "1", "reason": "Notfall in der Klinik"}
    )
    for page in pages:
        assert "Lindenhof" in text_of(stand_in.get(page))
    assert AuditEntry.objects.filter(action="client.health_granted").count() == 1
    assert "Gesundheitsdaten gezeigt für Mareike Ostendahl" in text_of(browser.get(url("plan", client)))
    assert "Notfall in der Klinik" in text_of(browser.get(url("plan", client)))


def test_what_was_said_while_a_goal_was_about_health_stays_protected(browser, stand_in, client, cast):
    version = start(client)
    goal(version, "Regelmäßige Fahrten", module="health")
    close(version)
    content = version.goal_contents.get()
    measure = content.measure_contents.first().measure
    note_progress(
        client,
        goal_states={content.goal.uuid: GoalState.IN_PROGRESS},
        measures_done={measure.uuid: False},
        remarks={content.goal.uuid: "zur Dialyse", measure.uuid: "Dialysepass fehlt noch"},
        by=cast.manager,
        on=timezone.localdate(),
        now=timezone.now(),
    )
    following = start(client)
    following.goal_contents.update(module=Module.objects.exclude(sensitive=True).first())
    close(following)
    for name in ("plan", "print"):
        words = text_of(stand_in.get(url(name, client)))
        assert "Regelmäßige Fahrten" in words
        assert "Dialyse" not in words
    assert "zur Dialyse" in text_of(browser.get(url("plan", client)))


def test_the_grant_ends_after_four_hours(stand_in, client, time_machine):
    version = start(client)
    goal(version, "Therapieplatz Lindenhof", module="health")
    close(version)
    stand_in.post(url("health", client), {"form_token": token(), "version": "1", "reason": "Notfall"})
    assert "Lindenhof" in text_of(stand_in.get(url("plan", client)))
    time_machine.move_to(timezone.now() + datetime.timedelta(hours=4, minutes=1))
    assert "Lindenhof" not in text_of(stand_in.get(url("plan", client)))


def test_a_closed_file_can_be_read_and_not_written(browser, full):
    type(full).objects.filter(pk=full.pk).update(phase="closed")
    assert browser.get(url("plan", full)).status_code == 200
    assert browser.get(url("assess", full)).status_code == 403
    assert browser.post(url("draft_start", full)).status_code == 403


def test_rows_of_another_file_do_not_exist_here(browser, cast, client):
    mine, other = client, ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    start(mine)
    foreign = goal(start(other), "Fremd")
    assert browser.get(url("goal_edit", mine, foreign.uuid)).status_code == 404
    assessment = assess(other, finance=1)
    assert browser.get(url("intensity", mine, assessment.uuid)).status_code == 404
    assert browser.get(url("version_print", mine, foreign.plan.uuid)).status_code == 404


# -- Many rows ----------------------------------------------------------------------------------------------------


def many_goals(client: Any, number: int) -> None:
    decide(assess(client, family=2))
    version = start(client)
    for position in range(number):
        goal(version, f"Ziel {position}")
    close(version, AgreementOutcome.ORAL)
    start(client)


@pytest.mark.parametrize("name", ["plan", "draft", "review", "print"])
def test_queries_do_not_grow_with_goals(browser, cast, name, django_assert_num_queries):
    few, many = (ClientFactory(manager=cast.manager, municipality=cast.stutensee) for _number in range(2))
    many_goals(few, 1)
    many_goals(many, 50)
    counts = [queries_of(browser, url(name, client)) for client in (few, many)]
    assert counts[0] == counts[1]


def queries_of(browser: Any, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


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
