"""A file closed or lost between opening a form and its lock takes nothing, whatever is sent to it."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import StandIn
from accounts.permissions import PERMISSIONS
from clients.models import Client, Draft, HouseholdMember
from clients.services import change
from clients.views.base import FileMixin, WriteView
from tests.access.matrix import MATRIX
from tests.access.stage import OpenFile, kwargs_for
from tests.access.test_bad_input import everything, samples
from tests.access.test_repeated_forms import MAKES
from tests.access.typing import typed_form
from tests.cast import Cast
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

KEPT = "Was Sie eingegeben haben, ist als Ihr Entwurf aufbewahrt."
CLOSED = "wurde inzwischen abgeschlossen. Es wurde nichts gespeichert"
# What a closed file is for, what says nothing in it, and what closes it.
ALLOWED = {
    "clients:address_protect": "the address of a closed file can still be read",
    "clients:protection_end": "the address of a closed file can still be read",
    "clients:duplicate_reopen": "a dismissal about two persons, not about their counselling",
    "clients:close": "finds the file closed already",
    "clients:handover": "a closed file keeps its manager",
    "clients:phase": "no phase follows the closing",
    "clients:reopen": "opens it again",
    "clients:duplicate_dismiss": "a dismissal about two persons, not about their counselling",
    "clients:duplicate_link": "a closed file may be kept twice, and leads no open one",
    "clients:duplicate_unlink": "opens the file that the link closed",
    "file_documents:consent_reinstate": "what was revoked by a slip holds as before",
    "file_documents:consent_revoke": "a right that needs no open file",
    "file_plans:health": "the right to read",
}
OTHER = "TST-2018-9999"
NO_DATE = {"talk-next_on": "", "talk-next_at": ""}
TOMORROW = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
MORE: dict[str, dict[str, Any]] = {
    "clients:accommodation_edit": {"house": ""},
    "clients:edit": {"birth": "14.03.1986", "arrival": "2019"},
    "clients:edit_languages": {"scripts": "latin"},
    "clients:fact_edit": {"since": "2018", "until": ""},
    "clients:question_answer": {"answer": "yes"},
    "clients:relative_edit": {"birth": "14.03.1986"},
    "clients:residence_reminded": {"step": "30"},
    "file_appointments:outcome": {"outcome": "no_show"},
    "file_appointments:contact_move": {"to": OTHER},
    "file_appointments:reminder_sent": {"form_token": str(uuid.uuid4())},
    "file_appointments:reminder_mail": {"form_token": str(uuid.uuid4())},
    "file_outreach:companion": {"date": TOMORROW, "begins": "10:00", "ends": "11:00"},
    "file_plans:agree": {"outcome": "declined", "review_on": "", **NO_DATE},
    "file_plans:assess": NO_DATE,
    "file_plans:review": NO_DATE,
    "file_intake:move": {"agreed": "on"},
}


def before_every_lock(monkeypatch: Any, happens: Callable[[], object]) -> None:
    """Something happens to every file in the moment before it is locked; what is refused rolls it back."""
    lock = change.lockable

    def locked() -> Any:
        found = happens()
        return lock() if found is None else found

    monkeypatch.setattr(change, "lockable", locked)


def close() -> None:
    Client.objects.unscoped(reason="closed by somebody else").update(phase="closed")


def hand_over(cast: Cast) -> None:
    Client.objects.unscoped(reason="handed over by somebody else").update(manager=cast.colleague)


def end_stand_in(cast: Cast) -> None:
    StandIn.objects.filter(substitute=cast.substitute).update(ended_on=timezone.localdate())


def delete(cast: Cast) -> Any:
    """As the lock finds it: rows that name the file keep it from going alone."""
    return Client.objects.none()


def posts(browser: Browser, file: OpenFile) -> list[tuple[str, str, dict[str, Any]]]:
    """Everything that can be sent to a file: forms filled in, and buttons."""
    ClientFactory(manager=file.manager, municipality=file.client.municipality, case_no=OTHER)
    found = []
    for route in sorted(MATRIX):
        path = reverse(route, kwargs=kwargs_for(route, file))
        view: Any = getattr(resolve(path).func, "view_class", object)
        if not issubclass(view, FileMixin) or not hasattr(view, "post") or route in ALLOWED:
            continue
        more = {**MAKES.get(route, ("", dict))[1](), **MORE.get(route, {})}
        if route == "clients:household_split":
            more["members"] = str(HouseholdMember.objects.get(relative__client=file.client).pk)
        form = (
            typed_form(browser.get(path).content.decode(errors="replace"))
            if issubclass(view, WriteView)
            else None
        )
        if form is None and issubclass(view, WriteView):
            continue
        found.append((route, path, {**form.completed(samples()), **more} if form else {"x": "1", **more}))
    return found


def test_nothing_is_written_and_everybody_reads_why(cast: Cast, file: OpenFile, monkeypatch: Any) -> None:
    Draft.objects.all().delete()
    file.client.names.update(is_main=False)
    file.client.contacts.update(channel="letter", result="sent")
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.manager)
    sent = posts(browser, file)
    before_every_lock(monkeypatch, close)
    before, wrong = everything(), []
    for route, path, post in sent:
        answer = browser.post(path, post, follow=True)
        if CLOSED not in answer.content.decode():
            said = answer.context["form"].errors.as_json() if answer.status_code == 422 else ""
            wrong.append(f"{route}: {answer.status_code} {said}")
        if everything() != before:
            wrong.append(f"{route}: wrote")
            before = everything()
    assert not wrong, "\n".join(wrong)
    assert len(sent) > 45


@pytest.mark.parametrize(
    ("role", "lose"), [("manager", hand_over), ("substitute", end_stand_in), ("manager", delete)]
)
def test_a_file_lost_meanwhile_does_not_exist_and_what_was_typed_is_kept(
    cast: Cast, file: OpenFile, monkeypatch: Any, role: str, lose: Callable[[Cast], Any]
) -> None:
    Draft.objects.all().delete()
    file.client.names.update(is_main=False)
    file.client.contacts.update(channel="letter", result="sent")
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.users[role])
    sent = [post for post in posts(browser, file) if role == "manager" or extends_to_stand_ins(post[1])]
    before_every_lock(monkeypatch, lambda: lose(cast))
    wrong, before = [], everything()
    for route, path, post in sent:
        answer = browser.post(path, post)
        is_form = "draft_key" in post
        if answer.status_code != 404 or (is_form and KEPT not in answer.content.decode()):
            wrong.append(f"{route}: {answer.status_code}")
        if everything() != before:
            wrong.append(f"{route}: wrote")
            before = everything()
    assert not wrong, "\n".join(wrong)
    assert len(sent) > 40
    assert len([post for _route, _path, post in sent if "draft_key" in post]) > 20


def extends_to_stand_ins(path: str) -> bool:
    view: Any = resolve(path).func
    return PERMISSIONS[view.view_class.permission].stand_in
