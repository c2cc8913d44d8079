"""A draft is read when its form is out of reach: one's own words, not those the file had put into the form."""

import datetime
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import StandIn
from clients.health import grant_health
from clients.models import AccessGrant, Draft
from tests.access.typing import typed_form
from tests.cast import Cast
from tests.factories.clients import ClientFactory
from tests.factories.plans import goal, start

pytestmark = pytest.mark.django_db

PROTECTED = "Drei feste Tage im Dialysezentrum"
OWN = "Die Begleitung klärt Frau Ostendahl"


@pytest.fixture
def typed_under_a_reason(cast: Cast) -> tuple[Browser, str, dict[str, Any]]:
    """A stand-in with a reason changes one field of a goal that touches health."""
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    content = goal(start(file), PROTECTED, module="health")
    grant_health(Actor(cast.substitute), file, reason="Termin in der Klinik heute")
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.substitute)
    path = reverse("file_plans:goal_edit", args=[file.uuid, content.uuid])
    form = typed_form(browser.get(path).content.decode())
    assert form is not None
    assert form.values["title"] == [PROTECTED]
    return browser, path, form.filled(indicator=OWN)


def end_grant() -> None:
    AccessGrant.objects.update(expires_at=timezone.now() - datetime.timedelta(minutes=1))


def end_stand_in() -> None:
    StandIn.objects.filter(substitute__username="substitute").update(ended_on=timezone.localdate())


@pytest.mark.parametrize("end", [end_grant, end_stand_in])
@pytest.mark.parametrize("saved", ["by itself", "by sending"])
def test_the_words_of_the_file_are_closed_with_the_right_to_read_them(
    saved: str, end: Any, typed_under_a_reason: tuple[Browser, str, dict[str, Any]]
) -> None:
    browser, path, post = typed_under_a_reason
    if saved == "by itself":
        browser.post(reverse("clients:draft_save"), post)
        end()
    else:
        end()
        assert browser.post(path, post).status_code == 404
    page = browser.get(reverse("clients:draft", args=[Draft.objects.get().pk])).content.decode()
    assert OWN in page
    assert PROTECTED not in page


def test_the_form_itself_comes_back_whole(typed_under_a_reason: tuple[Browser, str, dict[str, Any]]) -> None:
    browser, path, post = typed_under_a_reason
    browser.post(reverse("clients:draft_save"), post)
    form = typed_form(browser.get(path).content.decode())
    assert form is not None
    assert (form.values["title"], form.values["indicator"]) == ([PROTECTED], [OWN])
