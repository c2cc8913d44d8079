"""One tap on the round and one on "Speichern": the visit, its talk and what follows, in one save."""

import pytest

from appointments.choices import AppointmentState
from appointments.models import Appointment, Contact, FollowUp
from clients.models import Topic
from outreach.choices import EndReason, Stage
from tests.outreach.ladder_cast import contact, ladder, reachable_client, talk
from tests.outreach.outreach_desk import fill, topic
from tests.outreach.visit_desk import DAY, ROUND, announced, at_home, family, file_url, plain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_morning(clock):
    clock(f"{DAY} 10:00")


def tapped(result, client) -> str:
    """Where the button of the round leads."""
    return f"{file_url('visit', client, day=DAY)}&result={result}"


def contacts() -> list[Contact]:
    return list(Contact.objects.unscoped(reason="test").filter(channel="home_visit").order_by("pk"))


def test_the_buttons_of_the_round_carry_the_result(client, by, as_user):
    announced(client, by)
    text = plain(as_user(by).get(ROUND)).replace("&amp;", "&")
    for result in ("met", "not_met", "card"):
        assert f'href="{tapped(result, client)}"' in text


def test_a_card_needs_nothing_but_saving_and_leads_back_to_the_round(client, by, as_user):
    announced(client, by)
    sent = fill(as_user(by), tapped("card", client))
    assert sent.status_code == 302
    assert sent.url == ROUND
    assert ladder(client).stage == Stage.VISIT2
    (card,) = contacts()
    assert (card.minutes, card.main_topic) == (None, None)


def test_nobody_met_counts_for_the_whole_family_on_the_round(client, by, cast, as_user):
    husband = family(client, by, cast.stutensee)
    announced(client, by)
    announced(husband, by, missed="2019-02-21 14:00")
    child = family(client, by, cast.stutensee)
    form = as_user(by).get(tapped("card", client)).context["form"]
    preset = {person.pk: form[form.name_of(person)].value() for person in (client, husband, child)}
    assert preset == {client.pk: "card", husband.pk: "card", child.pk: "skipped"}


def test_who_was_met_is_asked_of_each_of_a_family(client, by, cast, as_user):
    husband = family(client, by, cast.stutensee)
    announced(client, by)
    announced(husband, by, missed="2019-02-21 14:00")
    form = as_user(by).get(tapped("met", client)).context["form"]
    assert [form[form.name_of(person)].value() or "" for person in (client, husband)] == ["", ""]


def test_who_was_visited_already_is_not_logged_again(client, by, cast, as_user):
    husband = family(client, by, cast.stutensee)
    announced(client, by)
    announced(husband, by, missed="2019-02-21 14:00")
    contact(husband, by, f"{DAY} 09:00", "home_visit", "not_met_card", spoken_with="nobody")
    form = as_user(by).get(tapped("card", client)).context["form"]
    assert form[form.name_of(husband)].value() == "skipped"


def test_met_is_the_talk_and_all_that_follows(client, by, as_user):
    announced(client, by)
    visit = at_home(client, by, f"{DAY} 09:30")
    sent = fill(
        as_user(by),
        tapped("met", client),
        main_topic=topic(),
        interpreter="professional",
        follow_up_in="1",
        next_on="2019-03-25",
        next_at="14:00",
        next_agreed="on",
    )
    assert sent.status_code == 302, sent.context["form"].errors
    (logged,) = contacts()
    assert (logged.result, logged.minutes, logged.interpreter) == ("talk", 45, "professional")
    assert logged.appointment == visit
    visit.refresh_from_db()
    assert visit.state == AppointmentState.HELD
    assert ladder(client).end_reason == EndReason.TWO_WAY
    assert FollowUp.objects.unscoped(reason="test").get().client == client
    rows = Appointment.objects.unscoped(reason="test").planned()
    assert rows.get().agreed_with_client


def test_the_topic_of_the_last_talk_is_preset(client, by, as_user):
    before = Topic.objects.order_by("-order").first()
    row = talk(client, by, "2018-11-05 10:00")
    Contact.objects.unscoped(reason="test").filter(pk=row.pk).update(main_topic=before)
    announced(client, by)
    browser = as_user(by)
    assert browser.get(tapped("met", client)).context["form"]["main_topic"].value() == before.pk
    assert browser.get(tapped("card", client)).context["form"]["main_topic"].value() is None


def test_an_appointment_at_home_where_nobody_opened_is_not_met(client, by, as_user):
    visit = at_home(client, by, f"{DAY} 09:30")
    fill(as_user(by), tapped("not_met", client))
    visit.refresh_from_db()
    assert visit.state == AppointmentState.NOT_MET


def test_before_the_planned_time_nobody_was_missed(client, by, as_user):
    visit = at_home(client, by, f"{DAY} 15:00")
    fill(as_user(by), tapped("card", client))
    visit.refresh_from_db()
    assert visit.state == AppointmentState.PLANNED
    assert len(contacts()) == 1


def test_a_taken_time_is_said_and_nothing_is_written(client, by, cast, as_user):
    announced(client, by)
    at_home(reachable_client(by, cast.stutensee), by, "2019-03-25 14:00")
    sent = fill(as_user(by), tapped("card", client), next_on="2019-03-25", next_at="14:15")
    assert sent.status_code == 422
    assert "next_at" in sent.context["form"].errors
    assert contacts() == []


def test_a_visit_of_yesterday_asks_when_it_was(client, by, as_user, clock):
    announced(client, by)
    clock("2019-03-19 08:00")
    form = as_user(by).get(tapped("card", client)).context["form"]
    assert str(form["date"].value()) == DAY
    assert form["time"].value() is None
