"""A complaint: written down by an officer, worked by the coordinator, unknown to whom it concerns (rules.md §8)."""

import re
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import scope_of
from accounts.actor import Actor
from audit.models import AuditEntry
from clients.worklist import Reader
from intake.choices import ComplaintState
from intake.due import lines
from intake.models import Complaint, Enquiry
from intake.services.complaints import register_complaint
from tests.factories.office import ComplaintFactory
from ui.dates import month_name

pytestmark = pytest.mark.django_db

NEW = "/complaints/new/"
SECRETS = ("Quakenbrink", "0721 5550", "hört mir nicht zu", "Das war ein Missverständnis")


def typed(cast, **changes):
    return {
        "kind": "complaint",
        "concerns": str(cast.manager.pk),
        "text": "Sie hört mir nicht zu.",
        "name": "Frau Quakenbrink",
        "reach": "0721 5550",
        "municipality": str(cast.stutensee.pk),
        "version": "1",
        "form_token": str(uuid.uuid4()),
    } | changes


def written_down(cast, **changes):
    values = {
        "kind": "complaint",
        "concerns": cast.manager,
        "text": "Sie hört mir nicht zu.",
        "name": "Frau Quakenbrink",
        "reach": "0721 5550",
        "municipality": cast.stutensee,
    } | changes
    return register_complaint(Actor(cast.officer), Complaint(**values))


def work(browser, complaint, **changes):
    complaint.refresh_from_db()
    data = {
        "state": "settled",
        "answer": "Das war ein Missverständnis.",
        "version": str(complaint.version),
        "form_token": str(uuid.uuid4()),
    }
    return browser.post(complaint.get_absolute_url(), data | changes)


def main_of(answer):
    page = answer.content.decode()
    return re.sub(r"\s+", " ", page[page.index("<main") : page.index("</main>")])


@pytest.mark.parametrize("who", ["officer", "coordinator"])
def test_it_is_written_down_under_a_number_of_its_own(cast, as_user, who):
    answer = as_user(getattr(cast, who)).post(NEW, typed(cast), follow=True)
    complaint = Complaint.objects.get()
    assert re.fullmatch(r"STU-B-[1-9][0-9]{5}", complaint.number)
    assert f"unter der Nummer {complaint.number}" in answer.content.decode()
    assert (complaint.state, complaint.registered_by) == (ComplaintState.OPEN, getattr(cast, who))
    assert not Enquiry.objects.exists(), "an enquiry's number would be missing in the inbox"


def test_numbers_tell_nothing_of_how_many_there_are(cast):
    numbers = [written_down(cast).number for _one in range(12)]
    assert len(set(numbers)) == 12
    assert numbers != sorted(numbers)


def test_whoever_wrote_it_down_sees_number_month_and_state_alone(cast, as_user):
    complaint = written_down(cast)
    browser = as_user(cast.officer)
    page = main_of(browser.get("/complaints/"))
    assert complaint.number in page
    assert month_name(timezone.localdate()) in page
    assert "offen" in page
    assert not [word for word in (*SECRETS, "Rehbaum", "Wechsel nach") if word in page]
    assert f"{timezone.localdate():%d.%m.%Y}" not in page
    assert browser.get(complaint.get_absolute_url()).status_code == 403
    work(as_user(cast.coordinator), complaint)
    settled = main_of(browser.get("/complaints/"))
    assert "erledigt" in settled
    assert not [word for word in SECRETS if word in settled]


def test_another_officer_sees_none_of_it(cast, as_user):
    complaint = written_down(cast)
    assert complaint.number not in main_of(as_user(cast.officer_elsewhere).get("/complaints/"))


def test_the_coordinator_reads_it_and_goes_on_with_it(cast, as_user):
    complaint = written_down(cast)
    browser = as_user(cast.coordinator)
    assert complaint.number in main_of(browser.get("/complaints/"))
    page = main_of(browser.get(complaint.get_absolute_url()))
    assert all(word in page for word in ("Quakenbrink", "0721 5550", "hört mir nicht zu", "Rehbaum"))
    assert work(browser, complaint, state="clarifying", answer="").status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.settled_at) == (ComplaintState.CLARIFYING, None)
    assert complaint.number in main_of(browser.get("/complaints/?state=clarifying"))
    assert complaint.number not in main_of(browser.get("/complaints/?state=open"))


def test_settled_it_no_longer_says_who_complained(cast, as_user):
    complaint = written_down(cast)
    browser = as_user(cast.coordinator)
    assert work(browser, complaint).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.name, complaint.reach) == (ComplaintState.SETTLED, "", "")
    page = main_of(browser.get(complaint.get_absolute_url()))
    assert "Das war ein Missverständnis." in page
    assert "Quakenbrink" not in page
    assert "<form" not in page
    assert work(browser, complaint, answer="Doch nicht.").status_code == 404
    assert complaint.number not in main_of(browser.get("/complaints/"))
    assert complaint.number in main_of(browser.get("/complaints/?state=settled"))


def test_settling_needs_an_answer(cast, as_user):
    complaint = written_down(cast)
    answer = work(as_user(cast.coordinator), complaint, answer="  ")
    assert answer.status_code == 422
    assert "Bitte schreiben Sie, was geklärt und geantwortet wurde." in answer.content.decode()
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.OPEN


def test_of_two_coordinators_the_second_is_told(cast, as_user):
    complaint = written_down(cast)
    browser = as_user(cast.coordinator)
    assert work(browser, complaint, state="clarifying", answer="Angerufen.").status_code == 302
    late = work(browser, complaint, version="1", answer="Brief geschrieben.")
    assert late.status_code == 409
    assert "Brief geschrieben." in late.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "auswählen"),
        ({"kind": "nonsense"}, "Auswahl"),
        ({"text": ""}, "ausfüllen"),
        ({"concerns": "999999"}, "Auswahl"),
        ({"municipality": "999999"}, "Auswahl"),
        ({"text": "x" * 4001}, "4000"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_lost(cast, as_user, changes, words):
    answer = as_user(cast.officer).post(NEW, typed(cast, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Frau Quakenbrink" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_it_may_concern_nobody_and_come_without_a_name(cast, as_user):
    form = typed(cast, kind="another_manager", concerns="", name="", reach="")
    assert as_user(cast.officer).post(NEW, form).status_code == 302
    assert Complaint.objects.get().concerns is None


def test_an_officer_names_managers_of_her_own_municipality_only(cast, as_user):
    page = main_of(as_user(cast.officer).get(NEW))
    assert "Rehbaum" in page
    assert "Wiedenroth" not in page
    answer = as_user(cast.officer).post(NEW, typed(cast, concerns=str(cast.outsider.pk)))
    assert answer.status_code == 422


def test_the_same_form_twice_makes_one(cast, as_user):
    form = typed(cast)
    browser = as_user(cast.officer)
    assert [browser.post(NEW, form).status_code for _one in range(2)] == [302, 302]
    assert Complaint.objects.count() == 1


def test_it_leaves_no_trace_in_the_work_of_whom_it_concerns(cast, as_user):
    def day():
        today, now = timezone.localdate(), timezone.now()
        return [line.kind for line in lines(Reader(cast.manager, scope_of(cast.manager, today), today, now))]

    browser = as_user(cast.manager)
    before = main_of(browser.get(reverse("intake:inbox"))), day()
    complaint = written_down(cast)
    assert (main_of(browser.get(reverse("intake:inbox"))), day()) == before
    for role in ("manager", "colleague", "substitute", "outsider"):
        assert not Complaint.objects.visible_to(getattr(cast, role)).exists()
    entries = AuditEntry.objects.filter(action__startswith="complaint.")
    assert list(entries.values_list("subject_ref", flat=True).distinct()) == [None]
    assert str(complaint.number) not in str(list(entries.values()))


def test_the_database_keeps_an_answer_with_what_is_settled(cast):
    complaint = written_down(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(state="settled")


@pytest.mark.parametrize("who", ["officer", "coordinator"])
def test_the_list_costs_the_same_for_one_and_for_fifty(cast, as_user, who):
    browser = as_user(getattr(cast, who))

    def queries():
        with CaptureQueriesContext(connection) as page:
            browser.get("/complaints/")
        return len(page)

    written_down(cast)
    queries()
    one = queries()
    ComplaintFactory.create_batch(49, municipality=cast.stutensee, registered_by=cast.officer)
    assert queries() == one


def test_older_ones_follow_on_the_next_page(cast, as_user):
    rows = ComplaintFactory.create_batch(52, municipality=cast.stutensee, registered_by=cast.officer)
    browser = as_user(cast.coordinator)
    first = main_of(browser.get("/complaints/"))
    assert rows[0].number not in first
    assert f"after={rows[2].uuid}" in first
    assert rows[0].number in main_of(browser.get("/complaints/", {"after": rows[2].uuid}))
    assert browser.get("/complaints/", {"after": "x", "state": "nonsense"}).status_code == 200
