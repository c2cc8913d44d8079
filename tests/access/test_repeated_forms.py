"""Every form that makes something, posted twice: nothing is doubled, and nothing typed is thrown away."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.records import made_with, uuid_of
from appointments.drop_ins import sign_key
from clients.models import Draft
from clients.views.base import WriteView
from tests.access.matrix import MATRIX
from tests.access.repeated import faults
from tests.access.stage import OpenFile, kwargs_for, views_of
from tests.access.test_bad_input import samples
from tests.access.typing import TypedForm, typed_form
from tests.cast import Cast
from tests.factories.clients import ClientFactory
from tests.factories.documents import pdf

pytestmark = pytest.mark.django_db

PHONE = "0721 608 1234"
BORN = {"birth": "14.03.1986"}


def day(ahead: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days=ahead)).isoformat()


# A route named "new" makes rows, and so do these. Who posts it, and what is typed besides what fits every form.
MAKES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "appointments:drop_in_new": ("manager", lambda: {"time": "00:00"}),
    "appointments:office_hour_series_new": (
        "manager",
        lambda: {"begins": "09:00", "ends": "10:00", "valid_from": day(1), "valid_until": day(300)},
    ),
    "appointments:office_hour_at_house": (
        "manager",
        lambda: {"begins": "09:00", "ends": "10:00", "valid_from": day(1), "valid_until": day(300)},
    ),
    "clients:accommodation_new": ("manager", lambda: {"house": ""}),
    "clients:address_protect": ("manager", dict),
    "houses:new": ("manager", lambda: {"caretaker_phone": PHONE}),
    "clients:contact_point_new": ("manager", lambda: {"value": PHONE}),
    "clients:contact_point_replace": ("manager", lambda: {"value": PHONE}),
    "intake:new": ("manager", lambda: {**BORN, "arrival": "2019", "phone": PHONE, "house": ""}),
    "clients:fact_new": ("manager", lambda: {"since": day(-20), "until": "", "detail": "Kurs am Abend"}),
    "clients:relative_new": ("manager", lambda: BORN),
    "complaints:new": ("officer", dict),
    "enquiries:answered": ("officer", dict),
    "enquiries:file": ("manager", lambda: {"born": "14.03.1986", "phone": PHONE}),
    "file_appointments:appointment_move": (
        "manager",
        lambda: {"date": day(3), "begins": "09:00", "ends": "10:00"},
    ),
    "file_appointments:appointment_new": (
        "manager",
        lambda: {"date": day(4), "begins": "09:00", "ends": "10:00"},
    ),
    "file_appointments:contact_new": ("manager", lambda: {"time": "00:00", "next_on": "", "next_at": ""}),
    "file_documents:document_new": ("manager", lambda: {"file": pdf()}),
    "file_plans:version_scan": ("manager", lambda: {"file": pdf()}),
    "funding:new": ("officer", lambda: {"since": day(0), "until": day(300)}),
    "funding:booking_new": ("officer", lambda: {"amount": "1.234,50"}),
    "funding:booking_correct": ("officer", lambda: {"amount": "1.234,50"}),
    "funding:booking_reverse": ("officer", dict),
    "funding:per_capita_new": ("officer", lambda: {"amount": "1.125"}),
    "funding:per_capita_correct": ("officer", lambda: {"amount": "1.125"}),
    "funding:per_capita_reverse": ("officer", dict),
    "funding:position_new": ("officer", lambda: {"share": "0,5"}),
    "funding:position_correct": ("officer", lambda: {"share": "0,5"}),
    "funding:position_reverse": ("officer", dict),
    "funding:proof_new": ("officer", lambda: {"state": "in_work", "amount": ""}),
    "funding:paper_new": ("officer", lambda: {"file": pdf()}),
    "file_outreach:visit": ("manager", lambda: {"time": "00:00", "next_on": "", "next_at": ""}),
    "file_partners:referral_step": ("manager", dict),
    "file_plans:assess": ("manager", lambda: {"talk-next_on": "", "talk-next_at": ""}),
    "file_plans:review": (
        "manager",
        lambda: {"next_review_on": day(90), "talk-next_on": "", "talk-next_at": ""},
    ),
    "network:meeting_new": ("officer", lambda: {"starts_at": f"{day(3)}T16:00"}),
    "network:organisation_new": (
        "officer",
        lambda: {"phone": PHONE, "email": "post@verein.example", "website": "verein.example"},
    ),
    "network:person_new": ("manager", lambda: {"phone": PHONE, "email": "post@verein.example"}),
    "network:volunteer_new": (
        "manager",
        lambda: {"phone": PHONE, "email": "post@verein.example", "confidentiality_on": ""},
    ),
    "reports:freeze": ("officer", dict),
    "reports:frozen_words": ("officer", dict),
    "stand_ins:absence_new": ("coordinator", lambda: {"since": day(100), "until": day(110)}),
    "stand_ins:emergency": ("manager", dict),
}
# Their tests need more than the stage has.
ELSEWHERE = {
    # A spelling is known by what it says.
    "clients:spelling_new",
    # Shown before it is set.
    "decrees:new",
    "file_outreach:announce",
    "file_outreach:back_by",
    "file_outreach:companion",
    "file_outreach:clarify",
    "file_outreach:end",
    "file_outreach:postpone",
    "file_plans:agree",
    "file_plans:intensity",
}


@pytest.fixture
def file(file: OpenFile) -> OpenFile:
    Draft.objects.all().delete()
    file.client.accommodations.update(since=timezone.localdate() - datetime.timedelta(days=30))
    return file


def address(route: str, file: OpenFile, cast: Cast) -> str:
    if route == "appointments:drop_in_new":
        place = cast.colleague.services.get().municipality
        left = ClientFactory(manager=cast.colleague, municipality=place)
        return reverse(route, args=[sign_key(cast.manager, left)])
    if route == "enquiries:file":
        enquiry: Any = file.rows["intake.Enquiry"]
        type(enquiry)._base_manager.filter(pk=enquiry.pk).update(client=None)
    return reverse(route, kwargs=kwargs_for(route, file))


WRITING = [route for route in MATRIX if any(issubclass(view, WriteView) for view in views_of(route))]
MAKING = sorted({*MAKES, *(route for route in WRITING if route.endswith(("_new", ":new")))} - ELSEWHERE)
# The others change what is there, guarded by its version or by what it is; a token of theirs is never used up.
CHANGING = sorted({*WRITING} - {*MAKING, *ELSEWHERE})


def test_every_kind_of_form_is_looked_at() -> None:
    assert set(MAKES) - set(WRITING) == set()
    assert min(len(MAKING), len(CHANGING)) > 20


@pytest.mark.parametrize("route", MAKING)
def test_a_repetition_makes_nothing_and_loses_nothing(route: str, cast: Cast, file: OpenFile) -> None:
    role, more = MAKES.get(route, ("manager", dict))
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.users[role])
    path = address(route, file, cast)
    form = typed_form(browser.get(path).content.decode(errors="replace"))
    assert form is not None, path
    post = {**form.completed(samples()), **more()}
    assert faults(browser, path, post, otherwise(form, post)) == []


def otherwise(form: TypedForm, post: dict[str, Any]) -> dict[str, str]:
    """One field typed anew: a text if there is one."""
    for kinds, value in (
        (("text", "textarea"), "Etwas ganz anderes"),
        (("date",), day(120)),
        (("number",), "55"),
    ):
        names = [name for name in form.of_kind(*kinds) if post.get(name)]
        if names:
            return {names[-1]: value}
    raise AssertionError("nothing to type otherwise")


def test_a_change_uses_up_no_token(cast: Cast, file: OpenFile) -> None:
    browser = Browser(raise_request_exception=False)
    used = []
    for user in (cast.manager, cast.coordinator):
        browser.force_login(user)
        for route in CHANGING:
            path = reverse(route, kwargs=kwargs_for(route, file))
            form = typed_form(browser.get(path).content.decode(errors="replace"))
            if form is None:
                continue
            post = form.completed(samples())
            with transaction.atomic():
                browser.post(path, post)
                if made_with(uuid_of(post["form_token"][0])) is not None:
                    used.append(route)
                transaction.set_rollback(True)
    assert used == []
