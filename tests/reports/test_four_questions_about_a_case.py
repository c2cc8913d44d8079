"""Four fixed questions about a case by its list number, with fixed answers in *Mein Tag* (rules.md §8)."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from audit.models import AuditEntry
from clients.choices import CaseAnswer, CaseQuestionKind
from clients.models import CaseQuestion, Client
from clients.services.questions import answer_question, ask_about_case
from tests.appointments.log_desk import reachable
from tests.factories.clients import ClientFactory
from tests.factories.office import CaseQuestionFactory
from tests.worklists import lines_of

pytestmark = pytest.mark.django_db

NUMBER = 482_913


@pytest.fixture
def listed(cast):
    file = reachable(cast.manager, surname="Ebersbacher", given_name="Tarik")
    Client.objects.filter(pk=file.pk).update(list_number=NUMBER)
    file.refresh_from_db()
    return file


def ask(cast, kind=CaseQuestionKind.NEXT_STEP, by=None, number=NUMBER):
    ask_about_case(Actor(by or cast.officer), number, kind)
    return CaseQuestion.objects.latest("pk")


def text_of(answer):
    page = answer.content.decode()
    page = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def posted(browser, said):
    return browser.post("/reports/cases/ask/", {"ask": said, "next": "/reports/cases/"}, follow=True)


def reply(browser, question, answer, follow=True):
    url = f"/clients/{question.client.uuid}/questions/{question.uuid}/answer/"
    return browser.post(url, {"answer": answer, "next": "/"}, follow=follow)


@pytest.mark.parametrize("who", ["officer", "coordinator"])
def test_a_question_is_asked_answered_and_read_beside_the_number(cast, as_user, listed, who):
    office, manager = as_user(getattr(cast, who)), as_user(cast.manager)
    page = posted(office, "L-482913 next_step")
    assert "L-482913: gefragt." in page.content.decode()
    assert "Ist ein nächster Schritt geplant? gefragt am" in text_of(page)
    day = text_of(manager.get("/"))
    assert f"{getattr(cast, who)} zu L-482913: Ist ein nächster Schritt geplant?" in day
    assert "Tarik Ebersbacher" in day
    assert "Beantwortet." in reply(manager, CaseQuestion.objects.get(), "yes").content.decode()
    assert "zu L-482913" not in text_of(manager.get("/"))
    today = f"{timezone.localdate():%d.%m.%Y}"
    assert f"Ist ein nächster Schritt geplant? ja , {today}" in text_of(office.get("/reports/cases/"))


def test_the_asker_learns_neither_name_nor_case_number_nor_who_answered(cast, as_user, listed):
    office = as_user(cast.officer)
    page = posted(office, "L-482913 call")
    reply(as_user(cast.substitute), CaseQuestion.objects.get(), "called")
    for body in (page.content.decode(), office.get("/reports/cases/").content.decode()):
        assert "Ebersbacher" not in body
        assert listed.case_no not in body
        assert str(listed.uuid) not in body
        assert "Ostendahl" not in body
        assert "Rehbaum" not in body
    assert "angerufen" in text_of(office.get("/reports/cases/"))
    answer_url = f"/clients/{listed.uuid}/questions/{CaseQuestion.objects.get().uuid}/answer/"
    assert office.post(answer_url, {"answer": "yes"}).status_code == 404


def test_nobody_else_in_the_office_reads_it(cast, as_user, listed):
    ask(cast)
    for other in (cast.coordinator, cast.officer_elsewhere):
        assert "gefragt am" not in text_of(as_user(other).get("/reports/cases/"))
    for other in (cast.colleague, cast.outsider):
        assert "L-482913" not in as_user(other).get("/").content.decode()


@pytest.mark.parametrize(
    "said", ["", "L-482913", "L-482913 nonsense", "482913 call", "L-000000 call", "L-482914 call", "x" * 500]
)
def test_nonsense_and_unknown_numbers_are_refused_alike(cast, as_user, listed, said):
    page = posted(as_user(cast.officer), said)
    assert page.status_code == 200
    assert "gefragt." not in page.content.decode()
    assert not CaseQuestion.objects.exists()


def test_a_number_of_another_municipality_does_not_exist(cast, as_user, listed):
    told = posted(as_user(cast.officer_elsewhere), "L-482913 call")
    unknown = posted(as_user(cast.officer_elsewhere), "L-999999 call")
    refused = "Unter dieser Nummer steht kein offener Fall in Ihrer Liste."
    assert refused in told.content.decode()
    assert refused in unknown.content.decode()


def test_a_closed_case_is_asked_about_no_more(cast, listed):
    Client.objects.filter(pk=listed.pk).update(phase="closed")
    with pytest.raises(ValidationError):
        ask(cast)


def test_the_same_question_waits_once_for_each_asker(cast, as_user, listed):
    ask(cast)
    again = posted(as_user(cast.officer), "L-482913 next_step")
    assert "Das haben Sie schon gefragt" in again.content.decode()
    ask(cast, CaseQuestionKind.REVIEW)
    ask(cast, by=cast.coordinator)
    assert CaseQuestion.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseQuestionFactory(client=listed, kind="review", asked_by=cast.officer)


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("next_step", {"yes", "no"}),
        ("review", {"yes", "planned", "no"}),
        ("limit", {"yes", "no"}),
        ("call", {"called", "not_reached"}),
    ],
)
def test_each_question_takes_its_own_answers_and_no_other(cast, listed, kind, fits):
    question = ask(cast, CaseQuestionKind(kind))
    for answer in set(CaseAnswer.values) - fits:
        with pytest.raises(ValidationError):
            answer_question(Actor(cast.manager), question, CaseAnswer(answer))
    (line,) = lines_of(cast.manager, kinds=["case_question"], fresh=False)
    assert {outcome.value for outcome in line.outcomes} == fits


@pytest.mark.parametrize("answer", ["", "vielleicht", "called"])
def test_another_answer_is_told_and_the_question_stands(cast, as_user, listed, answer):
    question = ask(cast)
    assert (
        "Das ist keine Antwort auf die Frage."
        in reply(as_user(cast.manager), question, answer).content.decode()
    )
    question.refresh_from_db()
    assert question.answer == ""


@pytest.mark.parametrize(("kind", "days"), [("next_step", 7), ("review", 7), ("limit", 7), ("call", 1)])
def test_a_call_is_due_the_next_day_and_the_rest_in_a_week(cast, listed, kind, days):
    ask(cast, CaseQuestionKind(kind))
    (line,) = lines_of(cast.manager, kinds=["case_question"], fresh=False)
    assert line.when == timezone.localdate() + dt.timedelta(days=days)


def test_an_answer_is_taken_back_on_its_day_only(cast, as_user, listed, time_machine):
    question = ask(cast)
    browser = as_user(cast.manager)
    reopen = f"/clients/{listed.uuid}/questions/{question.uuid}/reopen/"
    reply(browser, question, "no")
    assert "Die Frage" in browser.post(reopen, {"next": "/"}, follow=True).content.decode()
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("", None)
    reply(browser, question, "no")
    time_machine.move_to(timezone.now() + dt.timedelta(days=1))
    late = as_user(cast.manager).post(reopen, follow=True)
    assert "Diese Antwort gilt" in late.content.decode()


def test_a_stand_in_answers_and_a_stranger_finds_nothing(cast, as_user, listed):
    question = ask(cast)
    assert reply(as_user(cast.colleague), question, "yes").status_code == 404
    assert reply(as_user(cast.substitute), question, "yes", follow=False).status_code == 302
    question.refresh_from_db()
    assert question.answered_by == cast.substitute


@pytest.mark.facts_by_hand
def test_a_question_about_a_file_nobody_has_waits_for_whoever_takes_it(cast, as_user, listed):
    Client.objects.filter(pk=listed.pk).update(manager=None)
    ask(cast)
    assert lines_of(cast.manager, kinds=["case_question"]) == []
    Client.objects.filter(pk=listed.pk).update(manager=cast.colleague)
    assert len(lines_of(cast.colleague, kinds=["case_question"])) == 1


def test_the_file_shows_it_quietly_and_the_timeline_does_not(cast, as_user, listed):
    ask(cast)
    page = as_user(cast.manager).get(listed.get_absolute_url()).content.decode()
    assert "Rückfragen" in page
    assert "Ist ein nächster Schritt geplant?" in page
    timeline = as_user(cast.manager).get(f"{listed.get_absolute_url()}timeline/")
    assert "nächster Schritt" not in text_of(timeline)
    other = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    assert "Rückfragen" not in as_user(cast.manager).get(other.get_absolute_url()).content.decode()


def test_managers_ask_nothing_and_officers_answer_nothing(cast, listed):
    with pytest.raises(PermissionDenied):
        ask(cast, by=cast.manager)
    question = ask(cast)
    with pytest.raises(PermissionDenied):
        answer_question(Actor(cast.officer), question, CaseAnswer.YES)


def test_asking_and_answering_are_on_record_in_the_file(cast, listed):
    question = ask(cast)
    answer_question(Actor(cast.manager), question, CaseAnswer.YES)
    entries = AuditEntry.objects.filter(action__startswith="case.", subject_ref=listed.subject_ref)
    assert sorted(entries.values_list("action", flat=True)) == ["case.answered", "case.asked"]


def test_the_list_and_the_day_cost_the_same_for_one_and_for_many(cast, as_user, listed):
    files = [ClientFactory(municipality=cast.stutensee, manager=cast.manager) for _number in range(20)]
    for number, file in enumerate(files):
        Client.objects.filter(pk=file.pk).update(list_number=500_000 + number)

    def queries(user, address):
        browser = as_user(user)
        browser.get(address)
        with CaptureQueriesContext(connection) as page:
            browser.get(address)
        return len(page)

    ask(cast)
    one = queries(cast.officer, "/reports/cases/"), queries(cast.manager, "/")
    for number in range(20):
        ask(cast, CaseQuestionKind.LIMIT, number=500_000 + number)
    assert (queries(cast.officer, "/reports/cases/"), queries(cast.manager, "/")) == one
