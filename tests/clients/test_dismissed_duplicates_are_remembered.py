"""The dismissal "different persons" is remembered as a pair of files and can be taken back (decision 0017)."""

import datetime
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from audit.models import AuditEntry
from clients import actions
from clients.choices import DuplicateReason
from clients.models import Client, DuplicateDismissal
from clients.rules.dates import UncertainDate
from clients.rules.duplicates import PersonTraits, Suspicion, without_dismissed
from clients.services.duplicate_dismissals import dismiss_duplicates, reopen
from clients.services.duplicates import find_duplicates
from clients.services.responsibility import assign
from intake.choices import ImportState
from intake.importing.checks import Decision
from intake.models import ImportBatch
from tests.factories.clients import ClientFactory, DuplicateDismissalFactory, EnquiryFactory, RelativeFactory

pytestmark = pytest.mark.django_db

BORN = datetime.date(1984, 9, 3)
NEW = "/clients/new/"


def named(cast, surname="Rahmatjar", **facts):
    defaults = {
        "municipality": cast.stutensee,
        "manager": cast.manager,
        "given_name": "Samira",
        "birth_date": BORN,
    }
    return ClientFactory(surname=surname, **defaults | facts)


def typed(cast, **changed):
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "municipality": cast.stutensee.pk,
        "surname": "Rahmatyar",
        "given_name": "Samira",
        "birth": "03.09.1984",
        "destination": "me",
    } | changed


def hidden(page, name):
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page.text)
    return found[1] if found else ""


def person_page(browser, client):
    return browser.get(f"/clients/{client.uuid}/person/").text


def press(browser, client, other, verb="different"):
    return browser.post(f"/clients/{client.uuid}/duplicates/{other.uuid}/{verb}/")


# --- The rule ----------------------------------------------------------------------------------------------


def test_whoever_was_told_apart_from_the_one_this_surely_is_is_not_suspected():
    sure = Suspicion(98, (DuplicateReason.SAME_NAME, DuplicateReason.SAME_BIRTH_DATE))
    likely = Suspicion(80, (DuplicateReason.SIMILAR_NAME, DuplicateReason.SAME_BIRTH_DATE))
    found = [("new", sure), ("old", likely), ("third", likely)]
    kept = [key for key, _suspicion in without_dismissed(found, {"new": {"old"}, "old": {"new"}})]
    assert kept == ["new", "third"]
    # Nobody surely is this person: a dismissal about others says nothing.
    assert without_dismissed(found[1:], {"third": {"old"}, "old": {"third"}}) == found[1:]
    # Two persons of one name and birth date: which of the two this is, nobody can tell.
    assert len(without_dismissed([("a", sure), ("b", sure)], {"a": {"b"}, "b": {"a"}})) == 2


# --- Registering -------------------------------------------------------------------------------------------


def test_it_works(cast, as_user):
    old = named(cast)
    browser = as_user(cast.manager)
    warned = browser.post(NEW, typed(cast))
    assert hidden(warned, "shown") == str(old.uuid)
    browser.post(NEW, typed(cast, another_person="on", shown=hidden(warned, "shown")))
    new = Client.objects.exclude(pk=old.pk).get()
    dismissal = DuplicateDismissal.objects.get()
    assert (dismissal.client, dismissal.other, dismissal.dismissed_by) == (old, new, cast.manager)
    assert dismissal.holds
    told = AuditEntry.objects.filter(action=actions.DUPLICATE_DISMISSED.code)
    assert {entry.subject_ref for entry in told} == {old.subject_ref, new.subject_ref}


def test_the_pair_is_not_suspected_again_when_the_new_person_is_typed_once_more(cast, as_user):
    old, new = named(cast), named(cast, "Rahmatyar")
    person = PersonTraits("Rahmatyar", "Samira", UncertainDate(BORN))
    assert {row.client for row in find_duplicates(Actor(cast.manager), person).duplicates} == {old, new}
    dismiss_duplicates(Actor(cast.manager), new, [old])
    assert [row.client for row in find_duplicates(Actor(cast.manager), person).duplicates] == [new]
    reopen(Actor(cast.manager), old, new)
    assert len(find_duplicates(Actor(cast.manager), person).duplicates) == 2


def test_only_files_that_were_shown_are_told_apart(cast, as_user):
    named(cast)
    as_user(cast.manager).post(NEW, typed(cast, another_person="on"))
    assert Client.objects.count() == 2
    assert not DuplicateDismissal.objects.exists()


def test_a_file_that_is_no_suspect_cannot_be_smuggled_in(cast, as_user):
    stranger = named(cast, manager=cast.outsider, municipality=cast.pfinztal)
    colleague = named(cast, manager=cast.colleague)
    other = named(cast, "Ganzanders", given_name="Omid")
    shown = " ".join(str(file.uuid) for file in (stranger, colleague, other))
    as_user(cast.manager).post(NEW, typed(cast, another_person="on", shown=shown))
    assert Client.objects.count() == 4
    assert not DuplicateDismissal.objects.exists()


def test_a_colleagues_file_is_announced_once_and_no_verdict_about_it_is_kept(cast, as_user):
    named(cast, "Rahmatyar", manager=cast.colleague)
    browser = as_user(cast.manager)
    warned = browser.post(NEW, typed(cast))
    assert hidden(warned, "shown") == ""
    browser.post(NEW, typed(cast, another_person="on"))
    assert not DuplicateDismissal.objects.exists()
    assert AuditEntry.objects.filter(action=actions.ANNOUNCED.code).count() == 1


def test_somebody_in_the_inbox_can_be_told_apart(cast, as_user):
    waiting = named(cast, inbox=True, manager=None)
    browser = as_user(cast.manager)
    shown = hidden(browser.post(NEW, typed(cast)), "shown")
    browser.post(NEW, typed(cast, another_person="on", shown=shown))
    assert DuplicateDismissal.objects.get().client == waiting


def test_a_file_made_from_an_enquiry_remembers_whom_it_was_told_apart_from(cast, as_user):
    old = named(cast)
    enquiry = EnquiryFactory(municipality=cast.stutensee, registered_by=cast.officer, taken_by=cast.manager)
    browser = as_user(cast.manager)
    url = reverse("enquiries:file", args=[enquiry.uuid])
    fields = {
        "surname": "Rahmatyar",
        "given_name": "Samira",
        "birth": "1984",
        "form_token": str(uuid.uuid4()),
    }
    warned = browser.post(url, fields)
    assert f'name="seen" value="{old.uuid}"' in warned.text
    browser.post(url, fields | {"seen": ["1", str(old.uuid)]})
    assert DuplicateDismissal.objects.get().client == old


# --- In the file -------------------------------------------------------------------------------------------


def test_the_file_says_who_may_be_the_same_person_until_somebody_decides(cast, as_user):
    old, new = named(cast), named(cast, "Rahmatyar")
    browser = as_user(cast.manager)
    page = person_page(browser, new)
    assert old.case_no in page
    assert "sehr wahrscheinlich dieselbe Person: ähnlicher Name, gleiches Geburtsdatum" in page
    answer = press(browser, new, old)
    assert answer.url == f"/clients/{new.uuid}/person/#p-same"
    for one, other in ((old, new), (new, old)):
        page = person_page(browser, one)
        assert "wahrscheinlich dieselbe Person" not in page
        assert other.case_no in page
        assert "andere Person, entschieden am" in page
        assert str(cast.manager) in page


def test_asking_again_reopens_the_suspicion_even_where_the_names_do_not_alike(cast, as_user):
    old, new = named(cast), named(cast, "Ganzanders", given_name="Omid", birth_date=None)
    browser = as_user(cast.manager)
    dismiss_duplicates(Actor(cast.manager), new, [old])
    press(browser, old, new, "ask-again")
    dismissal = DuplicateDismissal.objects.get()
    assert not dismissal.holds
    assert dismissal.reopened_by == cast.manager
    page = person_page(browser, new)
    assert "wieder gefragt am" in page
    assert f"/clients/{new.uuid}/duplicates/{old.uuid}/different/" in page
    assert AuditEntry.objects.filter(action=actions.DUPLICATE_REOPENED.code).count() == 2
    press(browser, new, old)
    assert DuplicateDismissal.objects.get().holds


def test_saying_it_twice_changes_nothing(cast, as_user):
    old, new = named(cast), named(cast, "Rahmatyar")
    browser = as_user(cast.manager)
    press(browser, new, old)
    first = DuplicateDismissal.objects.get().dismissed_at
    press(browser, old, new)
    assert DuplicateDismissal.objects.get().dismissed_at == first
    press(browser, old, new, "ask-again")
    press(browser, new, old, "ask-again")
    assert AuditEntry.objects.filter(action=actions.DUPLICATE_REOPENED.code).count() == 2


def test_a_pair_is_stored_once_with_the_older_file_first(cast):
    old, new = named(cast), named(cast, "Rahmatyar")
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicateDismissalFactory(client=new, other=old, dismissed_by=cast.manager)
    DuplicateDismissalFactory(client=old, other=new, dismissed_by=cast.manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicateDismissalFactory(client=old, other=new, dismissed_by=cast.manager)


def test_a_file_one_does_not_know_does_not_exist(cast, as_user):
    mine = named(cast)
    browser = as_user(cast.manager)
    for other in (
        named(cast, manager=cast.colleague),
        named(cast, manager=cast.outsider, municipality=cast.pfinztal),
        named(cast, inbox=True, manager=None, municipality=cast.pfinztal),
        mine,
    ):
        assert press(browser, mine, other).status_code == 404
        assert press(browser, mine, other, "ask-again").status_code == 404
        assert press(browser, other, mine).status_code == 404
    assert not DuplicateDismissal.objects.exists()


def test_a_file_that_went_to_a_colleague_is_named_no_more(cast, as_user):
    mine, theirs = named(cast), named(cast, "Rahmatyar")
    dismiss_duplicates(Actor(cast.manager), mine, [theirs])
    assign(Actor(cast.coordinator), theirs, cast.colleague)
    for user, file, other in ((cast.manager, mine, theirs), (cast.colleague, theirs, mine)):
        page = person_page(as_user(user), file)
        assert other.case_no not in page
        assert str(other.uuid) not in page
        assert "Dieselbe Person?" not in page
        assert not DuplicateDismissal.objects.visible_to(user).exists()
    # Whoever has both files again finds the dismissal again.
    assign(Actor(cast.coordinator), theirs, cast.manager)
    assert "andere Person, entschieden am" in person_page(as_user(cast.manager), mine)


def test_of_somebody_in_the_inbox_neither_case_number_nor_reasons_are_told(cast, as_user):
    mine, waiting = named(cast), named(cast, "Rahmatyar", inbox=True, manager=None)
    browser = as_user(cast.manager)
    page = person_page(browser, mine)
    assert "Rahmatyar, Samira" in page
    assert waiting.case_no not in page
    assert "gleiches Geburtsdatum" not in page
    press(browser, mine, waiting)
    assert waiting.case_no not in person_page(browser, mine)
    assert DuplicateDismissal.objects.get().holds


def test_the_stand_in_decides_for_the_absent_manager(cast, as_user):
    old, new = named(cast), named(cast, "Rahmatyar")
    press(as_user(cast.substitute), new, old)
    assert DuplicateDismissal.objects.get().dismissed_by == cast.substitute
    entry = AuditEntry.objects.filter(action=actions.DUPLICATE_DISMISSED.code).first()
    assert entry.acting_for == cast.manager


def test_a_closed_file_is_named_and_decided_in_the_open_one(cast, as_user):
    closed, mine = named(cast, closed=True), named(cast, "Rahmatyar")
    browser = as_user(cast.manager)
    assert closed.case_no in person_page(browser, mine)
    assert press(browser, closed, mine).status_code == 403
    press(browser, mine, closed)
    assert DuplicateDismissal.objects.get().holds
    assert "duplicates/" not in person_page(browser, closed)


@pytest.mark.parametrize("erased", ["client", "other"])
def test_erasing_either_file_erases_the_verdict(cast, erased):
    dismissal = DuplicateDismissalFactory(
        client=named(cast), other=named(cast, "Rahmatyar"), dismissed_by=cast.manager
    )
    file = getattr(dismissal, erased)
    Client.objects.filter(pk=file.pk).delete()
    assert not DuplicateDismissal.objects.exists()


# --- Import ------------------------------------------------------------------------------------------------

LIST = (
    "lfd. Nr.;Name;Vorname;geb. am\n"
    "1;Rahmatyar;Samira;03.09.1984\n"
    "2;Haile;Selamawit;09.09.1991\n"
    "3;Hailu;Selamavit;09.09.1991\n"
)


def checked(browser, cast):
    browser.post(
        reverse("intake:import_list"),
        {
            "file": SimpleUploadedFile("liste.csv", LIST.encode()),
            "municipality": cast.stutensee.pk,
            "form_token": str(uuid.uuid4()),
        },
    )
    batch = ImportBatch.objects.latest("pk")
    columns = {f"column_{number}": field for number, field in enumerate(batch.mapping)}
    browser.post(
        reverse("intake:import_columns", args=[batch.uuid]), columns | {"form_token": str(uuid.uuid4())}
    )
    while batch.state == ImportState.CHECKING or batch.state == ImportState.MAPPING:
        browser.get(reverse("intake:import", args=[batch.uuid]))
        batch.refresh_from_db()
    return batch


def answer(browser, batch, label, **data):
    row = batch.rows.get(label=label)
    return browser.post(reverse("intake:import_row", args=[batch.uuid, row.uuid]), data)


def suspected(batch):
    return list(batch.rows.filter(is_suspected=True).values_list("label", flat=True))


def shown(browser, batch):
    return browser.get(reverse("intake:import", args=[batch.uuid])).text


def test_a_row_told_apart_is_settled_and_the_new_file_remembers_it(cast, as_user):
    old = named(cast)
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    assert suspected(batch) == ["1", "2", "3"]
    answer(browser, batch, "1", same_person="no")
    assert suspected(batch) == ["2", "3"]
    assert "Entschieden: eine andere Person." in shown(browser, batch)
    browser.post(reverse("intake:import_run", args=[batch.uuid]))
    new = Client.objects.get(surname="Rahmatyar")
    dismissal = DuplicateDismissal.objects.get()
    assert (dismissal.client, dismissal.other, dismissal.dismissed_by) == (old, new, cast.manager)
    # Kept for the case that the import is taken back.
    assert batch.rows.get(label="1").dismissed == [f"file:{old.uuid}"]


def test_two_rows_told_apart_become_two_files_told_apart(cast, as_user):
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    assert suspected(batch) == ["2", "3"]
    answer(browser, batch, "2", same_person="no")
    assert suspected(batch) == []
    browser.post(reverse("intake:import_run", args=[batch.uuid]))
    dismissal = DuplicateDismissal.objects.get()
    assert {dismissal.client.surname, dismissal.other.surname} == {"Haile", "Hailu"}


def test_a_verdict_on_a_row_can_be_taken_back(cast, as_user):
    named(cast)
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    answer(browser, batch, "3", same_person="no")
    answer(browser, batch, "1", same_person="no")
    answer(browser, batch, "3", same_person="maybe")
    assert suspected(batch) == ["2", "3"]
    browser.post(reverse("intake:import_run", args=[batch.uuid]))
    assert DuplicateDismissal.objects.count() == 1


@pytest.mark.parametrize("choice", [Decision.LEAVE_OUT, Decision.RELATIVE])
def test_what_the_other_row_said_outlives_another_decision_about_this_one(cast, as_user, choice):
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    answer(browser, batch, "2", same_person="no")
    head = batch.rows.get(label="1").position
    answer(browser, batch, "3", choice=f"{choice}:{head}" if choice == Decision.RELATIVE else choice)
    assert batch.rows.get(label="3").decision == choice
    assert suspected(batch) == []
    answer(browser, batch, "3", choice=Decision.OWN_FILE)
    answer(browser, batch, "3", choice=Decision.LEAVE_OUT)
    assert suspected(batch) == []
    answer(browser, batch, "2", choice=Decision.LEAVE_OUT)
    assert suspected(batch) == ["2", "3"]


def test_the_verdict_of_the_other_row_can_be_taken_back_on_this_one(cast, as_user):
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    answer(browser, batch, "2", same_person="no")
    answer(browser, batch, "3", same_person="maybe")
    assert suspected(batch) == ["2", "3"]
    assert [row.dismissed for row in batch.rows.filter(label__in=["2", "3"])] == [[], []]


def test_a_row_left_out_because_the_person_has_a_file_gets_one_when_it_is_another_person(cast, as_user):
    named(cast, "Rahmatyar")
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    row = batch.rows.get(label="1")
    assert row.current_decision == Decision.LEAVE_OUT
    answer(browser, batch, "1", same_person="no")
    row.refresh_from_db()
    assert (row.current_decision, row.is_suspected) == (Decision.OWN_FILE, False)
    # Choosing "own file" in the list says the same; leaving out takes it back.
    answer(browser, batch, "1", choice="leave_out")
    assert "1" in suspected(batch)
    answer(browser, batch, "1", choice="own_file")
    assert "1" not in suspected(batch)
    browser.post(reverse("intake:import_run", args=[batch.uuid]))
    assert DuplicateDismissal.objects.count() == 1


def test_the_same_list_again_does_not_suspect_the_pair_again(cast, as_user):
    named(cast)
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    for label in ("1", "2"):
        answer(browser, batch, label, same_person="no")
    browser.post(reverse("intake:import_run", args=[batch.uuid]))
    again = checked(browser, cast)
    # Everybody has a file now; the other person of the pair is not brought up.
    files = [finding["values"].get("client") for finding in again.rows.get(label="1").findings]
    assert files == [str(Client.objects.get(surname="Rahmatyar").uuid)]
    assert {row.current_decision for row in again.rows.all()} == {Decision.LEAVE_OUT}


def test_correcting_a_row_takes_its_verdict_back(cast, as_user):
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    answer(browser, batch, "2", same_person="no")
    answer(browser, batch, "2", cell_2="Selamawitt", form_token=str(uuid.uuid4()))
    assert suspected(batch) == ["2", "3"]
    assert [row.dismissed for row in batch.rows.order_by("position")] == [[], [], []]


def test_a_verdict_outlives_the_night(cast, as_user):
    named(cast)
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    answer(browser, batch, "1", same_person="no")
    batch.checked_on = timezone.localdate() - datetime.timedelta(days=1)
    batch.save()
    shown(browser, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.checked_on) == (ImportState.READY, timezone.localdate())
    assert suspected(batch) == ["2", "3"]


def test_a_colleagues_file_settled_on_a_row_is_not_kept(cast, as_user):
    named(cast, "Rahmatyar", manager=cast.colleague)
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    answer(browser, batch, "1", same_person="no")
    assert suspected(batch) == ["2", "3"]
    browser.post(reverse("intake:import_run", args=[batch.uuid]))
    assert Client.objects.filter(surname="Rahmatyar").count() == 2
    assert not DuplicateDismissal.objects.exists()


def test_a_relative_is_nobody_a_file_is_told_apart_from(cast, as_user):
    RelativeFactory(
        client=named(cast, "Anderemutter"), surname="Rahmatyar", given_name="Samira", birth_date=BORN
    )
    browser = as_user(cast.manager)
    batch = checked(browser, cast)
    answer(browser, batch, "1", same_person="no")
    assert suspected(batch) == ["2", "3"]
    browser.post(reverse("intake:import_run", args=[batch.uuid]))
    assert not DuplicateDismissal.objects.exists()
