"""A contact left for a colleague's client: write-only, it counts at once, and the owner accepts or corrects it."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.drop_ins import sign_key
from appointments.models import Contact, ContactNote, FollowUp
from audit.models import AuditEntry
from clients.models import Client
from tests.appointments.log_desk import reachable, routine, text_of
from tests.cast import Cast
from tests.factories.clients import ClientFactory
from tests.worklists import derive

pytestmark = pytest.mark.django_db
FIND = "/appointments/contacts/drop-in/"


@pytest.fixture
def theirs(cast: Cast) -> Client:
    """A file of ``manager``, for whose client ``colleague`` was there."""
    return reachable(
        cast.manager, surname="Zederbaumova", case_no="STU-2018-0815", birth_date=datetime.date(1991, 4, 9)
    )


def leave(browser: Any, user: Any, client: Client, **changes: Any) -> Any:
    path = reverse("appointments:drop_in_new", args=[sign_key(user, client)])
    return browser.post(path, routine(channel="open_hour", **changes))


@pytest.mark.parametrize(
    "query",
    [
        {"case_no": "stu-2018-0815"},
        {"surname": "Zederbaumova", "birth_date": "09.04.1991"},
        {"surname": "zederbaumova", "birth_date": "1991-04-09"},
    ],
)
def test_the_file_is_found_only_by_exact_data_and_merely_announced(
    cast: Cast, as_user: Any, theirs: Client, query: dict[str, str]
) -> None:
    answer = as_user(cast.colleague).post(FIND, query)
    assert answer.status_code == 200
    text = text_of(answer)
    assert f"Akte vorhanden (STU-2018-0815), zuständig: {cast.manager}." in text
    assert theirs.given_name not in text
    assert AuditEntry.objects.filter(action="client.announced", subject_ref=theirs.subject_ref).exists()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"surname": "Zederbaum", "birth_date": "09.04.1991"}, None),
        ({"surname": "Zederbaumova", "birth_date": "10.04.1991"}, None),
        ({"surname": "Zederbaumova"}, None),
        ({"birth_date": "09.04.1991"}, None),
        ({}, None),
        ({"case_no": "0815"}, "case_no"),
        ({"case_no": "STU-2018-9999"}, None),
        ({"surname": "Zederbaumova", "birth_date": "29.02.2019"}, "birth_date"),
    ],
)
def test_anything_less_finds_nothing(
    cast: Cast, as_user: Any, theirs: Client, query: dict[str, str], field: str | None
) -> None:
    answer = as_user(cast.colleague).post(FIND, query)
    assert answer.status_code == 422
    assert field is None or answer.context["form"].errors[field]
    assert str(cast.manager) not in text_of(answer)


def test_ones_own_case_number_leads_to_ones_own_file(cast: Cast, as_user: Any, theirs: Client) -> None:
    for user, said in (
        (cast.manager, "Für diese Akte sind Sie selbst zuständig"),
        (cast.substitute, "Sie vertreten Jana Rehbaum"),
    ):
        text = text_of(as_user(user).post(FIND, {"case_no": "STU-2018-0815"}))
        assert said in text
        assert reverse("file_appointments:contact_new", args=[theirs.uuid]) in text


def test_a_search_that_found_nothing_speaks_of_no_saving(cast: Cast, as_user: Any) -> None:
    text = text_of(as_user(cast.colleague).post(FIND, {"case_no": "STU-2018-9999"}))
    assert "Noch nicht gespeichert." not in text.split("<main", 1)[1]


def test_another_municipality_finds_nothing(cast: Cast, as_user: Any, theirs: Client) -> None:
    assert as_user(cast.outsider).post(FIND, {"case_no": "STU-2018-0815"}).status_code == 422


def test_what_was_left_counts_at_once_and_shows_its_author_nothing_else(
    cast: Cast, as_user: Any, theirs: Client
) -> None:
    browser = as_user(cast.colleague)
    form = browser.get(reverse("appointments:drop_in_new", args=[sign_key(cast.colleague, theirs)]))
    assert form.status_code == 200
    assert theirs.surname not in text_of(form)
    assert theirs.given_name not in text_of(form)
    answer = leave(browser, cast.colleague, theirs, note="Braucht Hilfe beim Antrag.", urgent="on")
    contact = Contact.objects.get()
    assert answer["Location"] == f"/contacts/{contact.uuid}/"
    assert contact.left_by == cast.colleague
    assert contact.urgent
    theirs.refresh_from_db()
    assert theirs.last_contact_on == timezone.localdate()
    own = text_of(browser.get(f"/contacts/{contact.uuid}/"))
    assert "Braucht Hilfe beim Antrag." in own
    assert "STU-2018-0815" in own
    assert theirs.surname not in own
    assert browser.get(theirs.get_absolute_url()).status_code == 404
    file_page = reverse("file_appointments:contact", args=[theirs.uuid, contact.uuid])
    assert browser.get(file_page).status_code == 404


def test_the_owner_sees_it_in_her_day_until_she_accepts_it(cast: Cast, as_user: Any, theirs: Client) -> None:
    leave(as_user(cast.colleague), cast.colleague, theirs)
    contact = Contact.objects.get()
    owner = as_user(cast.manager)
    assert f"{cast.colleague} hat einen Kontakt hinterlassen" in text_of(owner.get("/"))
    page = reverse("file_appointments:contact", args=[theirs.uuid, contact.uuid])
    assert f"{cast.colleague} hat Ihnen diesen Kontakt hinterlassen." in text_of(owner.get(page))
    accept = reverse("file_appointments:contact_accept", args=[theirs.uuid, contact.uuid])
    assert as_user(cast.colleague).post(accept, {"version": "1"}).status_code == 404
    assert owner.post(accept, {"version": "1"}).status_code == 302
    assert "hat einen Kontakt hinterlassen" not in text_of(owner.get("/"))
    assert Contact.objects.get().accepted_at is not None


def test_the_author_changes_it_until_it_is_accepted(cast: Cast, as_user: Any, theirs: Client) -> None:
    browser = as_user(cast.colleague)
    leave(browser, cast.colleague, theirs, note="Erster Stand.")
    contact = Contact.objects.get()
    change = f"/contacts/{contact.uuid}/change/"
    assert "Erster Stand." in text_of(browser.get(change))
    answer = browser.post(change, routine(channel="open_hour", note="Zweiter Stand.", version="1"))
    assert answer.status_code == 302
    contact.refresh_from_db()
    assert contact.waits_for_acceptance
    assert contact.left_by == cast.colleague
    assert ContactNote.objects.current_version().get().text == "Zweiter Stand."
    accept = reverse("file_appointments:contact_accept", args=[theirs.uuid, contact.uuid])
    as_user(cast.manager).post(accept, {"version": str(contact.version)})
    assert browser.get(change).status_code == 403
    assert browser.get(f"/contacts/{contact.uuid}/").status_code == 200


def test_the_owners_correction_accepts_it_and_is_not_the_authors_to_read(
    cast: Cast, as_user: Any, theirs: Client
) -> None:
    browser = as_user(cast.colleague)
    leave(browser, cast.colleague, theirs, note="Was die Kollegin schrieb.")
    contact = Contact.objects.get()
    correct = reverse("file_appointments:contact_correct", args=[theirs.uuid, contact.uuid])
    post = routine(note="Was nur die Zuständige weiß.", version="1", reason="", move_to="")
    assert as_user(cast.manager).post(correct, post).status_code == 302
    contact.refresh_from_db()
    assert contact.accepted_at is not None
    own = text_of(browser.get(f"/contacts/{contact.uuid}/"))
    assert "Was die Kollegin schrieb." in own
    assert "Was nur die Zuständige weiß." not in own


def test_nobody_else_reaches_the_entry_or_uses_the_key(cast: Cast, as_user: Any, theirs: Client) -> None:
    leave(as_user(cast.colleague), cast.colleague, theirs)
    contact = Contact.objects.get()
    codes = {
        name: as_user(user).get(f"/contacts/{contact.uuid}/").status_code for name, user in cast.users.items()
    }
    work_with_no_file = dict.fromkeys(("officer", "officer_elsewhere", "coordinator", "admin"), 403)
    work_with_other_files = dict.fromkeys(("manager", "substitute", "former", "outsider"), 404)
    assert codes == {"colleague": 200, **work_with_other_files, **work_with_no_file}
    path = reverse("appointments:drop_in_new", args=[sign_key(cast.colleague, theirs)])
    assert as_user(cast.former).get(path).status_code == 404
    assert as_user(cast.colleague).get(path[:-3] + "xx/").status_code == 404


def test_a_key_opens_nothing_once_the_file_is_closed_or_ones_own(cast: Cast, as_user: Any) -> None:
    closed = ClientFactory(manager=cast.manager, municipality=cast.stutensee, closed=True)
    own = reachable(cast.colleague)
    inbox = ClientFactory(municipality=cast.stutensee, inbox=True)
    elsewhere = reachable(cast.outsider)
    browser = as_user(cast.colleague)
    for client in (closed, own, inbox, elsewhere):
        path = reverse("appointments:drop_in_new", args=[sign_key(cast.colleague, client)])
        assert browser.get(path).status_code == 404
        assert browser.post(path, routine()).status_code == 404
    assert not Contact.objects.exists()


def test_the_same_post_twice_leaves_one_contact(cast: Cast, as_user: Any, theirs: Client) -> None:
    browser = as_user(cast.colleague)
    path = reverse("appointments:drop_in_new", args=[sign_key(cast.colleague, theirs)])
    post = routine()
    assert browser.post(path, post).status_code == 302
    assert browser.post(path, post).status_code == 302
    assert Contact.objects.count() == 1


@pytest.mark.facts_by_hand
def test_a_closed_file_takes_no_more_changes_of_its_author(cast: Cast, as_user: Any, theirs: Client) -> None:
    browser = as_user(cast.colleague)
    leave(browser, cast.colleague, theirs, note="Vor dem Abschluss.")
    contact = Contact.objects.get()
    Client.objects.filter(pk=theirs.pk).update(phase="closed")
    derive(theirs)
    change = f"/contacts/{contact.uuid}/change/"
    assert change not in text_of(browser.get(f"/contacts/{contact.uuid}/"))
    assert browser.get(change).status_code == 403
    assert browser.post(change, routine(note="Danach.", version="1")).status_code == 403
    assert ContactNote.objects.current_version().get().text == "Vor dem Abschluss."
    assert str(contact.uuid) not in text_of(as_user(cast.manager).get("/"))


def test_a_deadline_left_with_it_is_the_owners_follow_up(cast: Cast, as_user: Any, theirs: Client) -> None:
    browser = as_user(cast.colleague)
    day = timezone.localdate() + datetime.timedelta(days=9)
    fields = {"follow_up_in": "deadline", "follow_up_on": day.isoformat(), "follow_up_text": "Widerspruch"}
    leave(browser, cast.colleague, theirs, **fields)
    follow_up = FollowUp.objects.get()
    assert (follow_up.owner, follow_up.client, follow_up.contact) == (
        cast.manager,
        theirs,
        Contact.objects.get(),
    )
    assert (follow_up.due_on, follow_up.is_hard, follow_up.recorded_by) == (day, True, cast.colleague)
    entry = AuditEntry.objects.get(action="follow_up.created")
    assert (entry.actor, entry.subject_ref) == (cast.colleague, theirs.subject_ref)
    # Written and no longer hers: the author neither reads nor changes it.
    page = reverse("file_appointments:follow_up", args=[theirs.uuid, follow_up.uuid])
    assert browser.get(page).status_code == 404
    assert "Widerspruch" in text_of(
        as_user(cast.manager).get(reverse("file_reports:due", args=[theirs.uuid]))
    )
    change = browser.get(f"/contacts/{Contact.objects.get().uuid}/change/")
    assert not [name for name in change.context["form"].fields if name.startswith("follow_up")]


def test_a_drop_in_without_a_day_for_its_deadline_is_not_left(
    cast: Cast, as_user: Any, theirs: Client
) -> None:
    answer = leave(as_user(cast.colleague), cast.colleague, theirs, follow_up_in="deadline")
    assert answer.status_code == 422
    assert answer.context["form"].errors["follow_up_on"] == ["Bis wann? Bitte den Tag eingeben."]
    assert not FollowUp.objects.exists()
