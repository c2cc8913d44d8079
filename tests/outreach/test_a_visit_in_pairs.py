"""A colleague is asked to come along: she is told time and address, and her word takes the time in her calendar."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import StandIn
from appointments.models import Appointment
from appointments.services.appointments import Busy, plan_appointment, record_outcome
from clients.services.responsibility import assign
from outreach.choices import CompanionState
from outreach.models import VisitCompanion
from tests.outreach.ladder_cast import at, contact, reachable_client
from tests.outreach.outreach_desk import fill
from tests.outreach.visit_desk import DAY, ROUND, announced, at_home, file_url, plain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_week_before(clock):
    clock("2019-03-13 09:00")


def ask(browser, client, colleague, begins="15:00", ends="15:45"):
    typed = {"colleague": colleague.pk, "date": DAY, "begins": begins, "ends": ends}
    return fill(browser, file_url("companion", client, day=DAY), **typed)


def companion() -> VisitCompanion:
    return VisitCompanion.objects.unscoped(reason="test").get()


def answer(browser, word):
    return browser.post(f"/visits/companions/{companion().uuid}/answer/", {"answer": word})


def office(client, by, start: str) -> Appointment:
    begin = at(start)
    row = Appointment(client=client, starts_at=begin, ends_at=begin + datetime.timedelta(minutes=30))
    return plan_appointment(Actor(by, at("2019-03-13 09:00")), row, agreed=True)


def test_she_is_told_time_and_address_and_nothing_of_the_file(client, by, cast, as_user):
    announced(client, by)
    assert ask(as_user(by), client, cast.colleague).status_code == 302
    text = plain(as_user(cast.colleague).get("/"))
    assert "Jana Rehbaum bittet Sie, bei einem Hausbesuch mitzukommen" in text
    assert "Musterweg 4, 76297 Stutensee" in text
    assert "15:00 – 15:45" in text
    for told in ("Rahmatyar", client.case_no, str(client.uuid)):
        assert told not in text


def test_her_word_takes_the_time_in_her_calendar(client, by, cast, as_user, clock):
    announced(client, by)
    ask(as_user(by), client, cast.colleague)
    colleague = as_user(cast.colleague)
    assert answer(colleague, "accept").status_code == 302
    assert companion().state == CompanionState.ACCEPTED
    own = reachable_client(cast.colleague, cast.stutensee)
    with pytest.raises(Busy) as busy:
        office(own, cast.colleague, f"{DAY} 15:30")
    assert busy.value.free_at == at(f"{DAY} 15:45")
    office(own, cast.colleague, f"{DAY} 15:45")
    clock(f"{DAY} 08:00")
    assert "Tobias Kettelhack, kommt mit" in plain(as_user(by).get(ROUND))
    assert "Hausbesuch zu zweit mit Jana Rehbaum" in plain(as_user(cast.colleague).get("/"))


def test_who_is_busy_then_cannot_promise_and_is_told_why(client, by, cast, as_user):
    announced(client, by)
    ask(as_user(by), client, cast.colleague)
    office(reachable_client(cast.colleague, cast.stutensee), cast.colleague, f"{DAY} 15:30")
    colleague = as_user(cast.colleague)
    answer(colleague, "accept")
    assert companion().state == CompanionState.ASKED
    assert "Ihr Kalender ist von 15:30 bis 16:00 belegt." in plain(colleague.get("/"))


def test_a_refusal_stands_in_the_day_of_whoever_asked(client, by, cast, as_user):
    announced(client, by)
    manager = as_user(by)
    ask(manager, client, cast.colleague)
    answer(as_user(cast.colleague), "decline")
    assert "Tobias Kettelhack kann beim Hausbesuch nicht mitkommen" in plain(manager.get("/"))
    ask(manager, client, cast.former)
    assert "kann beim Hausbesuch nicht mitkommen" not in plain(manager.get("/"))


def test_a_promise_can_be_taken_back_and_frees_the_time(client, by, cast, as_user):
    announced(client, by)
    ask(as_user(by), client, cast.colleague)
    colleague = as_user(cast.colleague)
    answer(colleague, "accept")
    answer(colleague, "decline")
    assert companion().state == CompanionState.DECLINED
    assert office(reachable_client(cast.colleague, cast.stutensee), cast.colleague, f"{DAY} 15:00").pk
    answer(colleague, "accept")
    assert companion().state == CompanionState.DECLINED


@pytest.mark.parametrize("what", ["cancelled_client", "cancelled_us"])
def test_a_cancelled_visit_calls_off_what_was_asked(client, by, cast, as_user, what):
    visit = at_home(client, by)
    ask(as_user(by), client, cast.colleague)
    assert companion().appointment == visit
    answer(as_user(cast.colleague), "accept")
    record_outcome(Actor(by, at("2019-03-14 09:00")), visit, what)
    assert companion().state == CompanionState.WITHDRAWN
    assert "abgesagt: Hausbesuch zu zweit mit Jana Rehbaum" in plain(as_user(cast.colleague).get("/"))


def test_a_cancelled_visit_that_stands_again_shows_that_nobody_comes_along(client, by, cast, as_user, clock):
    visit = at_home(client, by)
    manager = as_user(by)
    ask(manager, client, cast.colleague)
    answer(as_user(cast.colleague), "accept")
    record_outcome(Actor(by, at("2019-03-14 09:00")), visit, "cancelled_us")
    record_outcome(Actor(by, at("2019-03-14 09:05")), visit, "planned")
    clock("2019-03-14 09:10")
    page = plain(as_user(by).get(ROUND))
    assert "15:00: Tobias Kettelhack, abgesagt" in page
    assert "Zu zweit: fragen" in page


def test_who_is_ill_takes_her_promises_back_and_whoever_asked_is_told(client, by, cast, as_user, clock):
    announced(client, by)
    ask(as_user(by), client, cast.colleague)
    answer(as_user(cast.colleague), "accept")
    clock(f"{DAY} 07:30")
    ill = as_user(cast.colleague)
    address = reverse("appointments:sick_day")
    page = ill.get(address)
    assert "15:00–15:45" in plain(page)
    form = page.context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "absent"}
    assert ill.post(address, typed).status_code == 302
    assert companion().state == CompanionState.DECLINED
    assert "Tobias Kettelhack kann beim Hausbesuch nicht mitkommen" in plain(as_user(by).get("/"))


def test_a_refusal_is_told_to_whoever_has_the_file_when_the_asking_stand_in_is_gone(
    client, by, cast, as_user
):
    announced(client, by)
    ask(as_user(cast.substitute), client, cast.colleague)
    StandIn.objects.filter(substitute=cast.substitute).update(ended_on=timezone.localdate())
    answer(as_user(cast.colleague), "decline")
    assert "kann beim Hausbesuch nicht mitkommen" in plain(as_user(by).get("/"))
    assert "kann beim Hausbesuch nicht mitkommen" not in plain(as_user(cast.substitute).get("/"))


def test_a_visit_announced_for_another_day_calls_off_what_was_asked(client, by, cast, as_user):
    announced(client, by)
    manager = as_user(by)
    ask(manager, client, cast.colleague)
    fill(manager, file_url("announce", client), day="2019-03-20", channel="letter")
    assert companion().state == CompanionState.WITHDRAWN
    answer(as_user(cast.colleague), "accept")
    assert companion().state == CompanionState.WITHDRAWN


def test_contact_again_calls_off_the_visit_and_what_was_asked(client, by, cast, as_user):
    announced(client, by)
    ask(as_user(by), client, cast.colleague)
    contact(client, by, "2019-03-14 09:00", "phone", "talk")
    assert companion().state == CompanionState.WITHDRAWN


def test_she_calls_it_off_herself(client, by, cast, as_user):
    announced(client, by)
    manager = as_user(by)
    ask(manager, client, cast.colleague)
    manager.post(file_url("companion_withdraw", client, companion().uuid), {"on": DAY})
    assert companion().state == CompanionState.WITHDRAWN
    assert "bittet Sie" not in plain(as_user(cast.colleague).get("/"))


def test_who_is_given_the_file_goes_there_herself(client, by, cast, as_user):
    announced(client, by)
    ask(as_user(by), client, cast.colleague)
    assign(Actor(cast.coordinator, at("2019-03-14 09:00")), client, cast.colleague)
    assert companion().state == CompanionState.WITHDRAWN


def test_nobody_is_asked_without_a_visit_that_day(client, by, cast, as_user):
    response = ask(as_user(by), client, cast.colleague)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert errors["date"] == ["Für diesen Tag ist in dieser Akte kein Hausbesuch geplant."]


def test_nobody_elsewhere_is_asked_and_nobody_twice(client, by, cast, as_user):
    announced(client, by)
    manager = as_user(by)
    assert "colleague" in ask(manager, client, cast.outsider).context["form"].errors
    assert ask(manager, client, cast.colleague).status_code == 302
    again = ask(manager, client, cast.colleague)
    assert again.context["form"].errors["colleague"] == [
        "Diese Person haben Sie für diese Zeit schon gefragt."
    ]


def test_the_same_form_twice_asks_once(client, by, cast, as_user):
    announced(client, by)
    browser = as_user(by)
    address = file_url("companion", client, day=DAY)
    token = browser.get(address).context["form"]["form_token"].value()
    typed = {"colleague": cast.colleague.pk, "date": DAY, "begins": "15:00", "ends": "15:45"}
    for _attempt in range(2):
        assert browser.post(address, {**typed, "form_token": token}).status_code == 302
    assert companion().state == CompanionState.ASKED


def test_only_who_was_asked_can_answer(client, by, cast, as_user):
    announced(client, by)
    ask(as_user(by), client, cast.colleague)
    for other in (by, cast.outsider, cast.former):
        assert answer(as_user(other), "accept").status_code == 404
    assert companion().state == CompanionState.ASKED


def test_the_end_must_come_after_the_beginning_and_lie_ahead(client, by, cast, as_user):
    announced(client, by)
    browser = as_user(by)
    assert "ends" in ask(browser, client, cast.colleague, "15:00", "14:00").context["form"].errors
    typed = {"colleague": cast.colleague.pk, "date": "2019-03-12", "begins": "09:00", "ends": "10:00"}
    sent = fill(browser, file_url("companion", client, day=DAY), **typed)
    assert "date" in sent.context["form"].errors
