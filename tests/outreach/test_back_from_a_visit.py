"""Zurück bis: a line in the colleague's day when the time passes, and none once somebody is back."""

import pytest

from outreach.models import BackBy
from tests.outreach.outreach_desk import fill
from tests.outreach.visit_desk import DAY, ROUND, announced, file_url, plain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_off(client, by, clock):
    announced(client, by)
    by.phone = "07244 969-123"
    by.save()
    clock(f"{DAY} 13:00")


def go_out(browser, client, colleague, time="15:00"):
    return fill(browser, file_url("back_by", client, day=DAY), time=time, colleague=colleague.pk)


def out() -> BackBy:
    return BackBy.objects.unscoped(reason="test").latest("left_at")


def test_the_page_says_that_it_replaces_no_emergency_call(client, by, as_user):
    assert "Das ersetzt keinen Notruf: In Gefahr wählen Sie 110 oder 112." in plain(
        as_user(by).get(file_url("back_by", client, day=DAY))
    )


def test_when_the_time_passes_a_line_stands_in_the_colleagues_day(client, by, cast, as_user, clock):
    assert go_out(as_user(by), client, cast.colleague).status_code == 302
    colleague = as_user(cast.colleague)
    assert "wollte bis 15:00" not in plain(colleague.get("/"))
    clock(f"{DAY} 15:01")
    text = plain(colleague.get("/"))
    assert "Jana Rehbaum" in text
    assert "wollte bis 15:00 zurück sein · Musterweg 4, 76297 Stutensee · 07244 969-123" in text
    assert "ersetzt keinen Notruf: 112, 110" in text
    for told in ("Rahmatyar", client.case_no, str(client.uuid)):
        assert told not in text
    assert "wollte bis 15:00" not in plain(as_user(cast.former).get("/"))


@pytest.mark.parametrize("who", ["manager", "colleague"])
def test_who_is_back_leaves_no_line_and_no_address(client, by, cast, as_user, clock, who):
    go_out(as_user(by), client, cast.colleague)
    clock(f"{DAY} 15:01")
    assert as_user(getattr(cast, who)).post(f"/visits/back/{out().uuid}/").status_code == 302
    assert "wollte bis 15:00" not in plain(as_user(cast.colleague).get("/"))
    assert out().address == ""


def test_the_round_and_her_own_day_offer_to_be_back(client, by, cast, as_user):
    browser = as_user(by)
    go_out(browser, client, cast.colleague)
    assert "Sie wollen bis 15:00 zurück sein; sonst erfährt es Tobias Kettelhack." in plain(
        browser.get(ROUND)
    )
    assert "Zurück bis 15:00" in plain(browser.get("/"))


def test_the_next_stop_replaces_the_former_time(client, by, cast, as_user, clock):
    browser = as_user(by)
    go_out(browser, client, cast.colleague)
    go_out(browser, client, cast.former, "16:00")
    assert BackBy.objects.unscoped(reason="test").out().count() == 1
    clock(f"{DAY} 15:30")
    assert "wollte bis" not in plain(as_user(cast.colleague).get("/"))


def test_a_time_that_is_over_is_refused_at_its_field(client, by, cast, as_user):
    sent = go_out(as_user(by), client, cast.colleague, "12:00")
    assert sent.status_code == 422
    assert sent.context["form"].errors["time"] == ["Diese Zeit ist schon vorbei."]


def test_the_same_form_twice_is_one_way_out(client, by, cast, as_user):
    browser = as_user(by)
    address = file_url("back_by", client, day=DAY)
    token = browser.get(address).context["form"]["form_token"].value()
    for _attempt in range(2):
        sent = browser.post(address, {"time": "15:00", "colleague": cast.colleague.pk, "form_token": token})
        assert sent.status_code == 302
    assert BackBy.objects.unscoped(reason="test").count() == 1


def test_nobody_else_can_say_that_she_is_back(client, by, cast, as_user):
    go_out(as_user(by), client, cast.colleague)
    assert as_user(cast.former).post(f"/visits/back/{out().uuid}/").status_code == 404
    assert out().back_at is None
