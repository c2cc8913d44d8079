"""Deadlines wait on the start page and come by mail once; the proof of use goes step by step, with its papers."""

import datetime
import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.actor import Actor
from daily.models import OutgoingMessage
from documents.services.files import sweep
from documents.storage import path_of
from funding.deadlines import open_deadlines, waiting_for
from funding.models import DeadlineReminder, FundingPeriod, Paper, ProofStep
from funding.reminders import write_reminders
from tests.factories.documents import pdf, pdf_bytes
from tests.factories.funding import FundingPeriodFactory, PaperFactory, ProofStepFactory

pytestmark = pytest.mark.django_db
day = datetime.date


@pytest.fixture
def mail(settings, cast):
    settings.MAIL_IS_SET_UP = True
    for user in (cast.officer, cast.officer_elsewhere, cast.coordinator):
        user.email = f"{user.username}@example.org"
        user.save(update_fields=["email"])


@pytest.fixture
def year_over(time_machine, period):
    """The tenth of January after the period: the figures of its year are due in three weeks."""
    move(time_machine, day(2027, 1, 10))
    FundingPeriod.objects.update(recorded_at=datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC))
    period.refresh_from_db()
    return period


def move(time_machine, to):
    time_machine.move_to(datetime.datetime(to.year, to.month, to.day, 9, tzinfo=datetime.UTC))


def written():
    return OutgoingMessage.objects.unscoped(reason="test").filter(kind="funding").order_by("pk")


def url(name, period, *rows):
    return reverse(f"funding:{name}", args=[period.uuid, *(row.uuid for row in rows)])


def waits(user, on):
    return [(row.title, row.due) for row in waiting_for(user, on)]


def test_a_deadline_waits_four_weeks_before_for_whoever_keeps_the_money(cast, year_over):
    assert waits(cast.officer, day(2027, 1, 2)) == []
    assert waits(cast.officer, day(2027, 1, 3)) == [("Kennzahlen 2026", day(2027, 1, 31))]
    assert waits(cast.officer, day(2027, 3, 3)) == [
        ("Kennzahlen 2026", day(2027, 1, 31)),
        ("Sachbericht und Verwendungsnachweis", day(2027, 3, 31)),
    ]
    assert waits(cast.coordinator, day(2027, 3, 3)) == []
    assert waits(cast.manager, day(2027, 3, 3)) == []


def test_it_stands_on_the_start_page_of_whoever_keeps_the_money(as_user, cast, year_over):
    pages = {
        code: as_user(cast.users[code]).get("/", follow=True).content.decode()
        for code in ("officer", "officer_elsewhere", "coordinator")
    }
    told = {code for code, page in pages.items() if "Kennzahlen 2026" in page}
    assert told == {"officer"}


def test_it_is_done_with_one_button_and_taken_back(as_user, cast, year_over):
    browser = as_user(cast.officer)
    post = {"kind": "figures", "due_on": "2027-01-31"}
    answer = browser.post(url("deadline_met", year_over), post, follow=True)
    assert "Erledigt: Kennzahlen 2026." in answer.content.decode()
    browser.post(url("deadline_met", year_over), post)
    met = year_over.deadlines_met.get()
    assert waits(cast.officer, day(2027, 1, 20)) == []
    browser.post(url("deadline_reopen", year_over, met))
    assert waits(cast.officer, day(2027, 1, 20)) == [("Kennzahlen 2026", day(2027, 1, 31))]
    browser.post(url("deadline_met", year_over), post)
    assert year_over.deadlines_met.count() == 2


def test_a_deadline_that_is_none_cannot_be_met(as_user, cast, year_over):
    for post in ({}, {"kind": "figures", "due_on": "2031-01-31"}, {"kind": "report", "due_on": "2027-03-31"}):
        as_user(cast.officer).post(url("deadline_met", year_over), post)
    assert not year_over.deadlines_met.exists()


def test_many_are_summed_up(cast, year_over):
    for _number in range(12):
        FundingPeriodFactory(municipality=cast.stutensee, since=year_over.since, until=year_over.until)
    FundingPeriod.objects.update(recorded_at=year_over.recorded_at)
    rows = waiting_for(cast.officer, day(2027, 1, 10))
    assert len(rows) == 9
    assert rows[-1].text == "5 weitere Vorgänge, der erste am 31.01.2027"


def test_mail_comes_once_for_each_stage(cast, year_over, mail, time_machine):
    actor = Actor.system("test")
    assert write_reminders(actor) == 1
    assert write_reminders(Actor.system("test")) == 0
    [message] = written()
    assert (message.recipient, message.subject) == (cast.officer, "Eine Frist der Förderung")
    assert "31.01.2027: Kennzahlen 2026, Integrationsmanagement (VwV)" in message.body
    for left, expected in ((8, 0), (7, 1), (6, 0), (1, 1), (0, 0), (-1, 1), (-5, 0)):
        move(time_machine, day(2027, 1, 31) - datetime.timedelta(days=left))
        assert (left, write_reminders(Actor.system("test"))) == (left, expected)
    assert DeadlineReminder.objects.count() == 4


def test_what_is_done_is_not_reminded_of(as_user, cast, year_over, mail):
    as_user(cast.officer).post(url("deadline_met", year_over), {"kind": "figures", "due_on": "2027-01-31"})
    assert write_reminders(Actor.system("test")) == 0


def test_a_new_deadline_after_todays_mail_is_told_tomorrow(cast, year_over, mail, time_machine):
    write_reminders(Actor.system("test"))
    other = FundingPeriodFactory(municipality=cast.stutensee, since=year_over.since, until=year_over.until)
    assert write_reminders(Actor.system("test")) == 0
    move(time_machine, day(2027, 1, 11))
    assert write_reminders(Actor.system("test")) == 1
    assert set(DeadlineReminder.objects.values_list("period_id", flat=True)) == {year_over.pk, other.pk}


def test_the_district_hears_of_its_own_money(cast, mail, time_machine):
    move(time_machine, day(2027, 1, 10))
    FundingPeriodFactory(since=day(2026, 1, 1), recorded_by=cast.coordinator)
    write_reminders(Actor.system("test"))
    assert [message.recipient for message in written()] == [cast.coordinator]


def test_the_daily_run_writes_them(cast, year_over, mail):
    call_command("run_daily", "funding_reminders", verbosity=0)
    assert written().count() == 1


def typed(**changes):
    return {"form_token": str(uuid.uuid4()), "version": "1", "day": "2027-01-10", **changes}


def test_the_proof_of_use_goes_step_by_step(as_user, cast, year_over, time_machine):
    browser = as_user(cast.officer)
    browser.post(url("proof_new", year_over), typed(state="in_work", day="2027-01-08"))
    browser.post(url("proof_new", year_over), typed(state="submitted", note="per Post"))
    year_over.refresh_from_db()
    assert year_over.proof_state == "submitted"
    assert [step.state for step in year_over.proof_steps.all()] == ["submitted", "in_work"]
    assert [one.kind for one in open_deadlines([year_over])] == ["figures"]
    browser.post(url("proof_new", year_over), typed(state="repayment", amount="1.234,56"))
    rows = waiting_for(cast.officer, day(2027, 1, 11))
    assert [row.title.replace("\u00a0", " ") for row in rows] == [
        "Kennzahlen 2026",
        "Die Bewilligungsstelle fordert 1.234,56 € zurück",
    ]
    browser.post(url("proof_new", year_over), typed(state="settled"))
    assert waiting_for(cast.officer, day(2027, 1, 11)) == []


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"state": "repayment"}, "amount", "Bitte geben Sie an, wie viel zurückgefordert wird."),
        ({"state": "submitted", "amount": "5"}, "amount", "Ein Betrag gehört zu einer Rückforderung."),
        ({"state": "in_work"}, "state", "Diesen Stand hat der Verwendungsnachweis schon."),
        ({"state": "submitted", "day": "2027-01-11"}, "day", "Dieser Tag kommt erst noch."),
        ({"state": "submitted", "day": "2027-01-07"}, "day", "Der Schritt davor war am 08.01.2027."),
        ({"state": ""}, "state", "Bitte „Stand“ auswählen."),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_at_its_field(as_user, cast, year_over, changes, field, said):
    ProofStepFactory(period=year_over, day=day(2027, 1, 8))
    FundingPeriod.objects.update(proof_state="in_work")
    answer = as_user(cast.officer).post(url("proof_new", year_over), typed(**changes))
    assert answer.status_code == 422
    assert said in answer.context["form"].errors[field][0]
    assert ProofStep.objects.count() == 1


def test_a_paper_is_kept_opened_deleted_and_brought_back(as_user, cast, period):
    browser = as_user(cast.officer)
    post = {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "kind": "proof",
        "description": "",
        "file": pdf(),
    }
    browser.post(url("paper_new", period), post)
    paper = Paper.objects.get()
    assert (paper.file_type, paper.added_by) == ("pdf", cast.officer)
    opened = as_user(cast.coordinator).get(url("paper", period, paper))
    assert b"".join(opened.streaming_content) == pdf_bytes()
    assert opened["Content-Disposition"].startswith("attachment")
    browser.post(url("paper_delete", period, paper), {"form_token": str(uuid.uuid4()), "reason": "falsch"})
    assert browser.get(url("paper", period, paper)).status_code == 404
    browser.post(url("paper_restore", period, paper))
    assert browser.get(url("paper", period, paper)).status_code == 200


def test_a_paper_is_judged_by_its_content(as_user, cast, period):
    from django.core.files.uploadedfile import SimpleUploadedFile

    post = {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "kind": "proof",
        "description": "Nachweis 2026",
        "file": SimpleUploadedFile("nachweis.pdf", b"MZ\x90\x00"),
    }
    answer = as_user(cast.officer).post(url("paper_new", period), post)
    assert "Abgelegt werden können nur PDF" in answer.context["form"].errors["file"][0]
    assert "Nachweis 2026" in answer.content.decode()
    assert not Paper.objects.exists()


def test_the_daily_run_cleans_up_behind_papers_and_leaves_what_is_kept(cast, period, time_machine):
    kept, gone = PaperFactory(period=period), PaperFactory(period=period)
    Paper.objects.filter(pk=gone.pk).update(
        deleted_at=datetime.datetime.now(datetime.UTC), deleted_by=cast.officer, deleted_reason="falsch"
    )
    time_machine.move_to(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3))
    sweep(Actor.system("test"))
    assert (path_of(kept.stored_as).exists(), path_of(gone.stored_as).exists()) == (True, False)
    gone.refresh_from_db()
    assert (gone.sha256, gone.name) == ("", "gelöscht")
