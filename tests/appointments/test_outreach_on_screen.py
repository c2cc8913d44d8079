"""Outreach as a manager meets it: the file page, its actions, *Mein Tag*, with a moved clock."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import scope_of
from accounts.models import StandIn
from appointments import due_ladder
from appointments.choices import Channel, EndReason, Stage
from appointments.models import Appointment, Contact, LadderAct
from appointments.services.appointments import plan_appointment
from clients.models import Household, HouseholdMember, Topic
from clients.services.reach import note_reach
from tests.appointments.ladder_cast import (
    at,
    call,
    contact,
    ladder,
    letter,
    no_show,
    reachable_client,
    talk,
)
from tests.factories.clients import SafetyNoteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast):
    return cast.manager


@pytest.fixture
def client(cast):
    return reachable_client(cast.manager, cast.stutensee, surname="Rahmatyar", given_name="Samira")


@pytest.fixture
def clock(time_machine):
    def move(text):
        time_machine.move_to(at(text), tick=False)

    return move


def page(browser, client) -> str:
    response = browser.get(client.get_absolute_url())
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def url(name, client, *args) -> str:
    return reverse(f"file_appointments:{name}", args=[client.uuid, *args])


def fill(browser, address, **typed):
    """Open a form, keep what is preset, type the rest and send it."""
    shown = browser.get(address)
    assert shown.status_code == 200, address
    form = shown.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, "", False)}
    return browser.post(address, {**data, **typed})


def topic() -> int:
    return Topic.objects.order_by("order").first().pk


def to_the_visit(client, by) -> None:
    no_show(client, by)
    letter(client, by)
    call(client, by)


# The section


def test_the_file_page_shows_the_steps_and_says_why(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-14 09:00")
    text = page(as_user(by), client)
    assert "Wieder in Kontakt kommen" in text
    assert "Anlass: Termin am 21.02. versäumt" in text
    assert "22.02. auf Arabisch" in text
    assert "04.03. um 10:20" in text
    assert "bis Montag, 18.03." in text
    assert "heute ankündigen" in text
    assert (
        "kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den Anruf vom 04.03."
        in text
    )
    assert "Besuch ankündigen" in text


def test_the_name_in_the_sentence_is_covered_by_the_privacy_screen(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    assert '<span class="who-name">Samira Rahmatyar</span><span class="who-case">' in page(
        as_user(by), client
    )


def test_without_an_open_ladder_there_is_no_section(client, by, as_user):
    assert "Wieder in Kontakt kommen" not in page(as_user(by), client)


def test_a_safety_note_says_only_in_pairs_at_the_visit(client, by, as_user, clock):
    to_the_visit(client, by)
    SafetyNoteFactory(client=client, set_at=at("2018-11-12 09:00"), expires_on=datetime.date(2019, 5, 12))
    clock("2019-03-14 09:00")
    assert "nur zu zweit" in page(as_user(by), client)


def test_every_stage_has_a_page(client, by, as_user, clock):
    browser = as_user(by)
    nobody = {"spoken_with": "nobody"}
    no_show(client, by)
    clock("2019-02-22 08:00")
    assert "Brief erfassen" in page(browser, client)
    letter(client, by)
    clock("2019-02-25 08:00")
    assert "ab 01.03." in page(browser, client)
    call(client, by)
    clock("2019-03-12 08:00")
    fill(browser, url("ladder_announce", client), day="2019-03-18", channel="letter")
    contact(client, by, "2019-03-18 10:00", Channel.HOME_VISIT, "not_met", **nobody)
    clock("2019-03-25 08:00")
    assert "zweiter Besuch zu einer anderen Tageszeit" in page(browser, client)
    contact(client, by, "2019-03-28 17:30", Channel.HOME_VISIT, "not_met_card", **nobody)
    clock("2019-04-01 08:00")
    assert "bis 11.04. bleibt Zeit für eine Antwort" in page(browser, client)
    clock("2019-04-11 08:00")
    text = page(browser, client)
    assert "Noch ein Versuch" in text
    assert "Beratung abschließen …" in text
    clock("2019-06-26 08:00")
    assert "noch ein Versuch." in page(browser, client)
    call(client, by, "2019-06-27 10:00")
    clock("2019-07-04 08:00")
    assert "wird seit 04.07. vorgeschlagen, die Beratung abzuschließen" in page(browser, client)


# What ends it, over HTTP


def logged(browser, client, **typed):
    return fill(
        browser,
        url("contact_new", client),
        **{"channel": "phone", "result": "talk", "spoken_with": "client", "main_topic": topic(), **typed},
    )


@pytest.mark.parametrize("channel", ["office", "phone", "open_hour", "home_visit"])
def test_a_talk_logged_from_the_client_page_ends_the_ladder(channel, client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-26 10:00")
    response = logged(as_user(by), client, channel=channel)
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).end_reason == EndReason.TWO_WAY


def test_a_talk_with_a_neighbour_logged_there_does_not(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-26 10:00")
    response = logged(as_user(by), client, spoken_with="relative")
    assert response.status_code == 302
    assert ladder(client).ended_at is None


def test_the_outcome_held_of_an_appointment_ends_it(client, by, as_user, clock):
    no_show(client, by)
    begin = at("2019-02-28 10:00")
    appointment = Appointment(client=client, starts_at=begin, ends_at=begin + datetime.timedelta(hours=1))
    plan_appointment(appointment, agreed=True, by=by, now=at("2019-02-22 12:00"))
    clock("2019-02-28 11:00")
    response = as_user(by).post(
        url("outcome", client, appointment.uuid), {"outcome": "held", "version": appointment.version}
    )
    assert response.status_code == 302
    assert ladder(client).end_reason == EndReason.TWO_WAY


def test_a_drop_in_left_by_a_colleague_ends_it(client, by, cast, as_user, clock):
    no_show(client, by)
    clock("2019-02-26 10:00")
    browser = as_user(cast.colleague)
    found = browser.post(
        reverse("appointments:drop_in_find"),
        {**_hidden(browser, "appointments:drop_in_find"), "case_no": client.case_no},
    )
    assert found.status_code in (200, 302), found.context["form"].errors
    address = found.url if found.status_code == 302 else _key_link(found.content.decode())
    response = fill(
        browser, address, channel="open_hour", result="talk", spoken_with="client", main_topic=topic()
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).end_reason == EndReason.TWO_WAY


def _hidden(browser, name) -> dict[str, str]:
    form = browser.get(reverse(name)).context["form"]
    return {key: form[key].value() for key in ("form_token",) if key in form.fields}


def _key_link(html: str) -> str:
    match = re.search(r'href="(/appointments/contacts/drop-in/[^"]+)"', html)
    assert match, html
    return match.group(1)


def test_a_step_of_the_ladder_in_which_somebody_answers_ends_it(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-18 11:00")
    response = fill(
        as_user(by),
        url("ladder_visit", client),
        **{
            "date": "2019-03-18",
            "time": "10:00",
            f"person_{client.pk}": "met",
            "main_topic": topic(),
            "minutes": 40,
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).end_reason == EndReason.TWO_WAY
    stored = Contact.objects.unscoped(reason="test").get(channel=Channel.HOME_VISIT)
    assert (stored.result, stored.minutes) == ("talk", 40)


# Acts


def test_announcing_the_visit_and_going_there(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-12 09:00")
    response = fill(browser, url("ladder_announce", client), day="2019-03-18", channel="letter")
    assert response.status_code == 302, response.context["form"].errors
    assert "angekündigt für 18.03." in page(browser, client)
    clock("2019-03-18 11:00")
    response = fill(
        browser,
        url("ladder_visit", client),
        **{"date": "2019-03-18", "time": "10:00", f"person_{client.pk}": "card"},
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).stage == Stage.VISIT2


def test_a_visit_that_is_no_step_says_why(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)

    def visit(day, time, result):
        clock(f"{day} 18:00")
        typed = {"date": day, "time": time, f"person_{client.pk}": result}
        assert fill(browser, url("ladder_visit", client), **typed).status_code == 302
        return page(browser, client)

    text = visit("2019-03-12", "10:00", "card")
    assert (
        "Der Besuch ist erfasst. Zählt nicht als Hausbesuch dieser Stufe:"
        " nicht mindestens 2 Werktage vorher angekündigt." in text
    )
    assert ladder(client).stage == Stage.VISIT
    fill(browser, url("ladder_announce", client), day="2019-03-18", channel="letter")
    assert "Zählt nicht" not in visit("2019-03-18", "10:00", "card")
    assert ladder(client).stage == Stage.VISIT2
    assert "Zählt nicht als zweiter Besuch: zu früh, erst ab 21.03." in visit("2019-03-20", "17:30", "card")
    assert "Zählt nicht als zweiter Besuch: gleiche Tageszeit wie am 18.03. (vormittags)." in visit(
        "2019-03-22", "11:00", "card"
    )
    assert ladder(client).stage == Stage.VISIT2


def test_a_call_logged_too_early_says_from_when_it_counts(client, by, as_user, clock):
    no_show(client, by)
    letter(client, by)
    browser = as_user(by)
    clock("2019-02-26 10:00")
    sent = logged(browser, client, result="not_reached", main_topic="", minutes="")
    assert sent.status_code == 302, sent.context["form"].errors
    assert "Zählt als Versuch, aber nicht als Schritt: zu früh, erst ab 01.03." in page(browser, client)
    assert ladder(client).stage == Stage.STEP2


def test_a_day_too_early_is_said_at_its_field(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-14 09:00")
    response = fill(as_user(by), url("ladder_announce", client), day="2019-03-15", channel="letter")
    assert response.status_code == 422
    assert response.context["form"].errors["day"] == ["Frühestens möglich ist der 18.03.2019."]


def test_postponing_needs_a_later_day_and_a_reason(client, by, as_user, clock):
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-22 09:00")
    refused = fill(browser, url("ladder_postpone", client), day="2019-02-25", detail="im Urlaub")
    assert refused.context["form"].errors["day"] == ["Bitte wählen Sie einen Tag nach dem 25.02.2019."]
    assert fill(browser, url("ladder_postpone", client), day="2019-03-04").status_code == 422
    assert (
        fill(browser, url("ladder_postpone", client), day="2019-03-02", detail="im Urlaub").status_code == 302
    )
    assert ladder(client).next_due_on == datetime.date(2019, 3, 4)


def test_the_timeline_names_the_working_day_a_step_was_postponed_to(client, by, as_user, clock):
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-22 09:00")
    fill(browser, url("ladder_postpone", client), day="2019-03-03", detail="im Urlaub")
    text = page(browser, client)
    assert "bis Montag, 04.03." in text
    assert "auf den 04.03.2019" in text
    assert "03.03." not in text


def test_a_missed_day_of_announcing_is_said_with_the_earliest_visit(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-15 09:00")
    text = page(browser, client)
    assert "Die Ankündigung ist überfällig" in text
    assert "also bis spätestens" not in text
    assert "Besuch frühestens am 19.03." in text
    shown = browser.get(url("ladder_announce", client)).content.decode()
    assert "ist er frühestens am 19.03. möglich" in shown


def test_announcing_for_a_late_or_free_day_is_taken_and_says_so(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-14 09:00")
    sent = fill(browser, url("ladder_announce", client), day="2019-03-23", channel="letter")
    assert sent.status_code == 302
    text = page(browser, client)
    assert "Der 23.03. ist kein Werktag. Fällig ist der Schritt bis 18.03.; dieser Tag liegt danach." in text
    fill(browser, url("ladder_announce", client), day="2019-03-18", channel="letter")
    assert "dieser Tag liegt danach" not in page(browser, client)


def test_ending_with_a_reason(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    browser = as_user(by)
    response = fill(browser, url("ladder_end", client), reason="declined", detail="kommt allein zurecht")
    assert response.status_code == 302
    assert ladder(client).end_reason == EndReason.DECLINED
    text = page(browser, client)
    assert text.count("Klient:in möchte keine Beratung") == 1
    assert "kommt allein zurecht" in text


def test_a_decline_on_the_day_of_the_talk_is_told_once(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 11:00")
    talk(client, by, "2019-02-22 10:00")
    browser = as_user(by)
    fill(browser, url("ladder_end", client), reason="declined", detail="kommt allein zurecht")
    assert ladder(client).end_reason == EndReason.DECLINED
    assert page(browser, client).count("Klient:in möchte keine Beratung") == 1


def out_of_reach(client):
    """Long before the appointment the number went dead and mail began to come back."""
    client.contact_points.update(may_use=False)
    client.accommodations.update(letters_reach=False)
    note_reach(client, at("2018-06-01 09:00"))


def test_clarifying_leads_to_where_the_number_is_entered(client, by, as_user, clock):
    out_of_reach(client)
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-25 09:00")
    assert "Klären …" in page(browser, client)
    response = fill(browser, url("ladder_clarify", client), outcome="found", detail="über die Schule")
    assert response.url == reverse("clients:person", args=[client.uuid])
    assert ladder(client).next_due_on == datetime.date(2019, 2, 27)


def test_nothing_found_leads_to_the_visit(client, by, as_user, clock):
    out_of_reach(client)
    no_show(client, by)
    clock("2019-02-25 09:00")
    fill(as_user(by), url("ladder_clarify", client), outcome="nothing_found", detail="Amt, Schule")
    assert ladder(client).stage == Stage.VISIT


def test_looking_again_waits_for_the_next_attempt(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-12 09:00")
    fill(browser, url("ladder_announce", client), day="2019-03-18", channel="letter")
    nobody = {"spoken_with": "nobody"}
    contact(client, by, "2019-03-18 10:00", Channel.HOME_VISIT, "not_met", **nobody)
    contact(client, by, "2019-03-28 17:30", Channel.HOME_VISIT, "not_met_card", **nobody)
    clock("2019-04-11 09:00")
    before = page(browser, client)
    assert url("ladder_look_again", client) in before
    assert "#i-undo" not in before.split('id="ladder"')[1].split("</section>")[0]
    assert browser.post(url("ladder_look_again", client), {"form_token": "no token"}).status_code == 302
    assert ladder(client).next_due_on == datetime.date(2019, 6, 26)
    text = page(browser, client)
    assert "<b>Erneuter Versuch</b>ab 26.06.2019" in text
    assert "der nächste Versuch folgt ab 26.06." in text
    assert "zu entscheiden" not in text
    assert url("ladder_look_again", client) not in text
    for day, is_listed in (("2019-04-25", False), ("2019-06-25", False), ("2019-07-03", True)):
        clock(f"{day} 09:00")
        lines = due_ladder.lines(by, timezone.localdate(), timezone.now())
        assert bool(lines) is is_listed


def test_without_an_open_ladder_an_act_is_refused_in_words(client, by, as_user):
    response = fill(as_user(by), url("ladder_end", client), reason="manager", detail="erledigt")
    assert response.status_code == 422
    assert "kein Nachgehen mehr offen" in str(response.context["form"].errors)
    assert not LadderAct.objects.unscoped(reason="test").exists()


def test_a_stand_in_may_act_and_an_outsider_gets_404(client, by, cast, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    for name in ("ladder_announce", "ladder_postpone", "ladder_clarify", "ladder_end", "ladder_visit"):
        assert as_user(cast.substitute).get(url(name, client)).status_code == 200
        assert as_user(cast.outsider).get(url(name, client)).status_code == 404
        assert as_user(cast.officer).get(url(name, client)).status_code == 404


# A family at one address


def test_a_family_is_one_stop_with_one_result_per_person(client, by, cast, as_user, clock):
    husband = reachable_client(by, cast.stutensee, surname="Rahmatyar", given_name="Omid")
    stranger = reachable_client(cast.outsider, cast.pfinztal, surname="Fremd")
    household = Household.objects.create(municipality=cast.stutensee)
    for person in (client, husband, stranger):
        HouseholdMember.objects.create(household=household, client=person, since=datetime.date(2018, 3, 1))
    no_show(client, by)
    no_show(husband, by, "2019-02-21 14:00")
    clock("2019-03-18 11:00")
    browser = as_user(by)
    assert "Fremd" not in browser.get(url("ladder_visit", client)).content.decode()
    response = fill(
        browser,
        url("ladder_visit", client),
        **{
            "date": "2019-03-18",
            "time": "10:00",
            f"person_{client.pk}": "not_met",
            f"person_{husband.pk}": "met",
            "main_topic": topic(),
            "minutes": 20,
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).ended_at is None
    assert ladder(husband).end_reason == EndReason.TWO_WAY


def test_a_talk_at_the_visit_needs_its_topic_and_the_same_post_twice_is_one_visit(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-03-18 11:00")
    browser = as_user(by)
    address = url("ladder_visit", client)
    typed = {"date": "2019-03-18", "time": "10:00", f"person_{client.pk}": "met", "minutes": 20}
    assert "main_topic" in fill(browser, address, **typed).context["form"].errors
    token = browser.get(address).context["form"]["form_token"].value()
    for _attempt in range(2):
        sent = browser.post(address, {**typed, "main_topic": topic(), "form_token": token})
        assert sent.status_code == 302
    assert Contact.objects.unscoped(reason="test").count() == 1


# The question


def test_after_a_talk_the_question_stands_and_can_be_answered(client, by, as_user, clock):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    browser = as_user(by)
    clock("2019-03-01 09:00")
    assert "Seit 26.02. gibt es wieder Kontakt. Ist ein neuer Termin nötig?" in page(browser, client)
    response = browser.post(
        url("ladder_answer", client, ladder(client).uuid),
        {"answer": "none_needed", "next": "https://elsewhere.example/"},
    )
    assert response.url == client.get_absolute_url()
    assert "Ist ein neuer Termin nötig?" not in page(browser, client)


# Mein Tag


def test_mein_tag_names_the_step_and_what_was_tried(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-14 09:00")
    text = as_user(by).get(reverse("home")).content.decode()
    assert "Hausbesuch ankündigen; Brief und Anruf ohne Antwort" in text
    clock("2019-03-05 09:00")
    assert "Hausbesuch ankündigen" not in as_user(by).get(reverse("home")).content.decode()


def test_mein_tag_asks_from_the_third_day_on(client, by, as_user, clock):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    browser = as_user(by)
    clock("2019-02-28 09:00")
    assert "oder keiner nötig?" not in browser.get(reverse("home")).content.decode()
    clock("2019-03-01 09:00")
    assert (
        "Neuer Termin nach dem Gespräch, oder keiner nötig?" in browser.get(reverse("home")).content.decode()
    )


def test_mein_tag_shows_the_stand_in_the_steps_and_the_colleague_nothing(client, by, cast, as_user, clock):
    no_show(client, by)
    clock("2019-02-25 09:00")
    stand_in = StandIn.objects.get(absent=by, substitute=cast.substitute)
    text = as_user(cast.substitute).get(f"{reverse('home')}?stand_in={stand_in.uuid}").content.decode()
    assert "Brief oder Anruf" in text
    assert "Brief oder Anruf" not in as_user(cast.colleague).get(reverse("home")).content.decode()


def test_mein_tag_takes_no_more_queries_for_many_steps(by, cast, clock, django_assert_num_queries):
    first = reachable_client(by, cast.stutensee)
    no_show(first, by, "2019-02-21 08:00")
    clock("2019-02-25 09:00")
    today, now = timezone.localdate(), timezone.now()
    scope_of(cast.manager)
    with CaptureQueriesContext(connection) as one:
        assert len(due_ladder.lines(cast.manager, today, now)) == 1
    for hour in range(9, 16):
        no_show(reachable_client(by, cast.stutensee), by, f"2019-02-21 {hour:02}:00")
    with django_assert_num_queries(len(one.captured_queries)):
        assert len(due_ladder.lines(cast.manager, today, now)) == 8
