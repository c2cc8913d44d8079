"""The htmx protocol and its answers."""

import json

from django.http import HttpResponse
from django.test import RequestFactory

from ui.htmx import fragment_response, hx_redirect, is_htmx, trigger

PAGE, PART = "components/_empty.html", "components/_brand.html"


def asking(**headers: str) -> object:
    return RequestFactory().get("/", headers=headers)


def test_only_a_real_htmx_request_asks_for_a_fragment() -> None:
    assert not is_htmx(asking())
    assert is_htmx(asking(HX_Request="true"))
    assert not is_htmx(asking(HX_Request="true", HX_Boosted="true"))
    assert not is_htmx(asking(HX_Request="true", HX_History_Restore_Request="true"))


def test_an_address_that_answers_in_two_sizes_says_so_to_caches() -> None:
    page = fragment_response(asking(), PAGE, {"text": "Seite"})
    part = fragment_response(asking(HX_Request="true"), PART, status=422)
    assert b"Seite" in page.content
    assert b"brand" in part.content
    assert part.status_code == 422
    assert page["Vary"] == part["Vary"] == "HX-Request"


def test_a_redirect_moves_the_whole_browser() -> None:
    plain, asked = hx_redirect(asking(), "/a/"), hx_redirect(asking(HX_Request="true"), "/a/")
    assert (plain.status_code, plain["Location"]) == (302, "/a/")
    assert (asked.status_code, asked["HX-Redirect"]) == (204, "/a/")


def test_events_add_up() -> None:
    answer = trigger(trigger(HttpResponse(), "saved"), "counted", {"n": 1})
    assert json.loads(answer["HX-Trigger"]) == {"saved": None, "counted": {"n": 1}}


def test_a_fragment_is_rendered_alone() -> None:
    assert b"<html" not in fragment_response(asking(), PAGE, {"text": "x"}).content
