"""What a manager does about a step of outreach: postpone, clarify, look again, end."""

import datetime

import pytest
from django.urls import reverse

from appointments.choices import Channel
from clients.services.reach import note_reach
from outreach.choices import EndReason, Stage
from outreach.models import LadderAct
from tests.outreach.ladder_cast import at, contact, due_on, ladder, letter, no_show, talk
from tests.outreach.outreach_desk import fill, ladder_url, logged, page, to_the_visit
from tests.worklists import lines_of

pytestmark = pytest.mark.django_db


def test_a_call_logged_too_early_says_from_when_it_counts(client, by, as_user, clock):
    no_show(client, by)
    letter(client, by)
    browser = as_user(by)
    clock("2019-02-26 10:00")
    sent = logged(browser, client, result="not_reached", main_topic="", minutes="")
    assert sent.status_code == 302, sent.context["form"].errors
    assert "Zählt als Versuch, aber nicht als Schritt: zu früh, erst ab 01.03." in page(browser, client)
    assert f"{by}, erfasst am 26.02.2019, 10:00" in page(browser, client)
    assert ladder(client).stage == Stage.STEP2


def test_postponing_needs_a_later_day_and_a_reason(client, by, as_user, clock):
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-22 09:00")
    refused = fill(browser, ladder_url("postpone", client), day="2019-02-25", detail="im Urlaub")
    assert refused.context["form"].errors["day"] == ["Bitte wählen Sie einen Tag nach dem 25.02.2019."]
    assert fill(browser, ladder_url("postpone", client), day="2019-03-04").status_code == 422
    assert (
        fill(browser, ladder_url("postpone", client), day="2019-03-02", detail="im Urlaub").status_code == 302
    )
    assert due_on(client) == datetime.date(2019, 3, 4)


def test_the_timeline_names_the_working_day_a_step_was_postponed_to(client, by, as_user, clock):
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-22 09:00")
    fill(browser, ladder_url("postpone", client), day="2019-03-03", detail="im Urlaub")
    text = page(browser, client)
    assert "bis Montag, 04.03." in text
    assert "auf den 04.03.2019" in text
    assert "03.03." not in text


def test_ending_with_a_reason(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    browser = as_user(by)
    response = fill(browser, ladder_url("end", client), reason="declined", detail="kommt allein zurecht")
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
    fill(browser, ladder_url("end", client), reason="declined", detail="kommt allein zurecht")
    assert ladder(client).end_reason == EndReason.DECLINED
    assert page(browser, client).count("Klient:in möchte keine Beratung") == 1


def out_of_reach(client):
    """Long before the appointment the number went dead and mail began to come back."""
    client.contact_points.update(may_use=False)
    client.accommodations.update(letters_reach=False)
    note_reach([client], at("2018-06-01 09:00"))


def test_clarifying_leads_to_where_the_number_is_entered(client, by, as_user, clock):
    out_of_reach(client)
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-25 09:00")
    assert "Klären …" in page(browser, client)
    response = fill(browser, ladder_url("clarify", client), outcome="found", detail="über die Schule")
    assert response.url == reverse("clients:person", args=[client.uuid])
    assert due_on(client) == datetime.date(2019, 2, 27)


def test_nothing_found_leads_to_the_visit(client, by, as_user, clock):
    out_of_reach(client)
    no_show(client, by)
    clock("2019-02-25 09:00")
    fill(as_user(by), ladder_url("clarify", client), outcome="nothing_found", detail="Amt, Schule")
    assert ladder(client).stage == Stage.VISIT


def test_looking_again_waits_for_the_next_attempt(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-12 09:00")
    fill(browser, ladder_url("announce", client), day="2019-03-18", channel="letter")
    nobody = {"spoken_with": "nobody"}
    contact(client, by, "2019-03-18 10:00", Channel.HOME_VISIT, "not_met", **nobody)
    contact(client, by, "2019-03-28 17:30", Channel.HOME_VISIT, "not_met_card", **nobody)
    clock("2019-04-11 09:00")
    before = page(browser, client)
    assert ladder_url("look_again", client) in before
    assert "#i-undo" not in before.split('id="ladder"')[1].split("</section>")[0]
    assert browser.post(ladder_url("look_again", client), {"form_token": "no token"}).status_code == 302
    assert due_on(client) == datetime.date(2019, 7, 10)
    text = page(browser, client)
    assert "<b>Erneuter Versuch</b>ab 26.06.2019" in text
    assert "der nächste Versuch folgt ab 26.06." in text
    assert "zu entscheiden" not in text
    assert ladder_url("look_again", client) not in text
    for day, is_listed in (("2019-04-25", False), ("2019-06-25", False), ("2019-07-03", True)):
        clock(f"{day} 09:00")
        assert bool(lines_of(by, kinds=["step"], fresh=False)) is is_listed


def test_without_an_open_ladder_an_act_is_refused_in_words(client, by, as_user):
    response = fill(as_user(by), ladder_url("end", client), reason="manager", detail="erledigt")
    assert response.status_code == 422
    assert "kein Nachgehen mehr offen" in str(response.context["form"].errors)
    assert not LadderAct.objects.unscoped(reason="test").exists()


def test_a_stand_in_may_act_and_an_outsider_gets_404(client, by, cast, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    for name in ("announce", "postpone", "clarify", "end", "visit"):
        assert as_user(cast.substitute).get(ladder_url(name, client)).status_code == 200
        assert as_user(cast.outsider).get(ladder_url(name, client)).status_code == 404
        assert as_user(cast.officer).get(ladder_url(name, client)).status_code == 404
