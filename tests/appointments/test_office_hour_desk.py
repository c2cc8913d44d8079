"""The desk of an open office hour over HTTP: arrivals, calling, logging in one tap, closing."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.drop_ins import sign_key
from appointments.models import Contact, OfficeHourArrival, OfficeHourSession
from appointments.services.office_hours import close_session
from clients.models import Topic
from tests.appointments.log_desk import language, reachable, routine, text_of
from tests.factories.appointments import ArrivalFactory, PlaceFactory, SessionFactory
from tests.worklists import lines_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cast):
    place = PlaceFactory(municipality=cast.stutensee, name="Beratungsraum Webstube")
    return SessionFactory(series__place=place)


def path(session, act="", *args):
    return reverse(f"appointments:office_hour{act}", args=[session.uuid, *args])


def arrive(browser, session, **fields):
    return browser.post(path(session, "_arrive"), {"form_token": str(uuid.uuid4()), **fields}, follow=True)


def call(browser, session):
    return browser.post(path(session, "_call"), follow=True)


def act(browser, session, arrival, **fields):
    return browser.post(path(session, "_arrival", arrival.uuid), fields, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def called_by(user, session, **values):
    """Somebody who waited five minutes and has been at the desk of a user for five more."""
    moment = timezone.now() - datetime.timedelta(minutes=5)
    came = moment - datetime.timedelta(minutes=5)
    return ArrivalFactory(session=session, arrived_at=came, called_at=moment, called_by=user, **values)


def test_one_tap_on_a_language_gives_a_number_and_undo_takes_it_back(cast, as_user, session):
    browser = as_user(cast.manager)
    answer = arrive(browser, session, language=str(language("ti").pk))
    assert said(answer) == ["Nummer 1 ist vergeben."]
    assert answer.redirect_chain == [(path(session), 302)]
    arrival = session.arrivals.get()
    assert (arrival.number, arrival.language) == (1, language("ti"))
    assert "Tigrinya" in text_of(answer)
    assert "Nummer 1" in text_of(answer)
    undone = browser.post(f"{path(session, '_arrival', arrival.uuid)}?act=withdraw", follow=True)
    assert said(undone) == ["Nummer 1 ist zurückgenommen."]
    assert not session.arrivals.exists()


@pytest.mark.parametrize(
    "fields",
    [{"form_token": "nonsense"}, {"language": "99999999"}, {"language": "arabisch"}],
    ids=["token", "no such language", "no key"],
)
def test_bad_input_gives_no_number(cast, as_user, session, fields):
    answer = arrive(as_user(cast.manager), session, **fields)
    assert said(answer) == ["Es wurde keine Nummer vergeben. Bitte wählen Sie die Sprache noch einmal."]
    assert not session.arrivals.exists()


def test_the_same_tap_twice_gives_one_number(cast, as_user, session):
    browser, token = as_user(cast.manager), str(uuid.uuid4())
    answers = [arrive(browser, session, form_token=token) for _tap in range(2)]
    assert [said(answer) for answer in answers] == [
        ["Nummer 1 ist vergeben."],
        ["Diese Nummer wurde schon vergeben."],
    ]
    assert session.arrivals.count() == 1


def test_two_at_one_desk_see_who_is_with_whom(cast, as_user, session):
    for _number in range(3):
        ArrivalFactory(session=session)
    assert said(call(as_user(cast.manager), session)) == ["Nummer 1 ist bei Ihnen."]
    answer = call(as_user(cast.colleague), session)
    assert said(answer) == ["Nummer 2 ist bei Ihnen."]
    desk = answer.context["desk"]
    assert desk.mine.arrival.number == 2
    assert [row.arrival.number for row in desk.with_others] == [1]
    assert [(row.arrival.number, row.minutes) for row in desk.in_line] == [(3, 10)]
    assert "bei Jana Rehbaum" in text_of(answer)
    assert said(call(as_user(cast.colleague), session)) == ["Nummer 2 ist bei Ihnen."]


def test_nobody_waits(cast, as_user, session):
    assert said(call(as_user(cast.manager), session)) == ["Es wartet niemand."]


def test_the_log_is_preset_and_saving_it_finishes_the_arrival(cast, as_user, session):
    arrival = called_by(cast.manager, session, language=language("ar"))
    client, browser = reachable(cast.manager), as_user(cast.manager)
    desk = text_of(browser.get(path(session)))
    query = f"?arrival={arrival.uuid}"
    assert reverse("appointments:contact_new") + query in desk
    choose = reverse("appointments:contact_new") + query
    chosen = browser.post(choose, {"q": client.case_no})
    log = reverse("file_appointments:contact_new", args=[client.uuid]) + query
    assert chosen["Location"] == log
    hits = browser.post(choose, {"q": client.case_no}, headers={"HX-Request": "true"})
    assert f'href="{log}"' in text_of(hits)
    initial = browser.get(log).context["form"].initial
    called = timezone.localtime(arrival.called_at)
    assert (initial["channel"], initial["language"]) == ("open_hour", language("ar").pk)
    assert (initial["date"], f"{initial['time']:%H:%M}") == (called.date(), f"{called:%H:%M}")
    saved = browser.post(log, routine(channel="open_hour"))
    assert saved["Location"] == path(session)
    assert session.arrivals.get().outcome == "own"
    assert Contact.objects.get().client == client


def test_a_colleagues_client_is_left_as_a_drop_in(cast, as_user, session):
    arrival = called_by(cast.colleague, session)
    client = reachable(cast.manager, case_no="STU-2018-0815")
    browser, query = as_user(cast.colleague), f"?arrival={arrival.uuid}"
    found = browser.post(reverse("appointments:drop_in_find") + query, {"case_no": client.case_no})
    assert f'{query}"' in text_of(found)
    leave = reverse("appointments:drop_in_new", args=[sign_key(cast.colleague, client)]) + query
    assert browser.get(leave).context["form"].initial["channel"] == "open_hour"
    saved = browser.post(leave, routine(channel="open_hour"))
    assert saved["Location"] == path(session)
    assert session.arrivals.get().outcome == "drop_in"
    assert Contact.objects.get().left_by == cast.colleague


def test_a_person_without_a_file_is_counted_in_one_tap(cast, as_user, session):
    arrival = called_by(cast.manager, session)
    topic, browser = Topic.objects.order_by("order").first(), as_user(cast.manager)
    refused = act(browser, session, arrival, act="anonymous", topic="")
    assert said(refused) == ["Noch nicht gezählt. Bitte wählen Sie ein Thema."]
    fields = {"act": "anonymous", "topic": str(topic.pk), "language": str(language("so").pk)}
    answer = act(browser, session, arrival, **fields)
    assert said(answer) == ["Nummer 1 ist ohne Akte gezählt."]
    stored = session.arrivals.get()
    assert (stored.outcome, stored.topic, stored.language) == ("anonymous", topic, language("so"))
    assert not Contact.objects.exists()
    undo = f"{path(session, '_arrival', arrival.uuid)}?act=uncount"
    assert undo in answer.text
    call(browser, session)
    assert said(browser.post(undo, follow=True)) == ["Nummer 1 wartet wieder."]
    again = session.arrivals.get()
    assert (again.outcome, again.topic, again.called_by) == ("", None, None)


def test_who_is_not_there_goes_back_and_who_left_may_return(cast, as_user, session):
    arrival, browser = called_by(cast.manager, session), as_user(cast.manager)
    assert said(act(browser, session, arrival, act="back")) == ["Nummer 1 steht am Ende der Reihe."]
    assert said(act(browser, session, arrival, act="left")) == ["Nummer 1 ist gegangen."]
    assert said(act(browser, session, arrival, act="back")) == ["Nummer 1 steht am Ende der Reihe."]
    assert browser.post(path(session, "_arrival", arrival.uuid), {"act": "vanish"}).status_code == 404
    assert [row.number for row in session.arrivals.in_line()] == [1]


def test_a_contact_of_somebody_elses_number_or_of_none_is_an_ordinary_one(cast, as_user, session):
    theirs = called_by(cast.colleague, session)
    client, browser = reachable(cast.manager), as_user(cast.manager)
    log = reverse("file_appointments:contact_new", args=[client.uuid])
    for key in (theirs.uuid, uuid.uuid4(), "nonsense"):
        saved = browser.post(f"{log}?arrival={key}", routine(note=f"Gespräch {key}"))
        assert saved["Location"] == client.get_absolute_url()
    assert session.arrivals.get().outcome == ""
    assert Contact.objects.count() == 3


def test_a_talk_saved_after_the_session_was_closed_is_kept(cast, as_user, session):
    arrival, client, browser = (
        called_by(cast.manager, session),
        reachable(cast.manager),
        as_user(cast.manager),
    )
    log = f"{reverse('file_appointments:contact_new', args=[client.uuid])}?arrival={arrival.uuid}"
    browser.get(log)
    close_session(Actor(cast.colleague), session)
    assert browser.post(log, routine())["Location"] == client.get_absolute_url()
    assert Contact.objects.get().client == client


def test_the_poll_brings_the_line_alone_and_ends_when_the_session_does(cast, as_user, session):
    ArrivalFactory(session=session)
    browser = as_user(cast.manager)
    fragment = text_of(browser.get(path(session), headers={"HX-Request": "true"}))
    assert fragment.lstrip().startswith('<div id="office-line"')
    assert 'hx-trigger="every 15s"' in fragment
    assert "Nummer 1" in fragment
    close_session(Actor(cast.colleague), session)
    last = text_of(browser.get(path(session), headers={"HX-Request": "true"}))
    assert "Diese Sprechstunde ist abgeschlossen." in last
    assert "hx-trigger" not in last


def test_closing_says_what_it_does_and_shows_the_counts(cast, as_user, session):
    called_by(cast.manager, session, outcome="own", language=language("ar"))
    called_by(cast.colleague, session)
    ArrivalFactory(session=session)
    browser = as_user(cast.manager)
    before = text_of(browser.get(path(session, "_close")))
    assert "1 Person wartet noch und zählt als ohne Gespräch gegangen." in before
    assert "Bitte schließen Sie diese Gespräche zuerst ab." in before
    answer = browser.post(path(session, "_close"), follow=True)
    assert said(answer) == ["Die Sprechstunde ist abgeschlossen. Die Reihe ist gelöscht, die Zahlen bleiben."]
    assert answer.context["figures"] == [
        ("Besucher:innen", 2),
        ("Eigene Klient:innen", 1),
        ("Klient:innen von Kolleg:innen", 0),
        ("Ohne Akte", 1),
        ("Ohne Gespräch gegangen", 1),
        ("Wartezeit im Durchschnitt", "5 Min."),
    ]
    assert [(str(label), number) for label, number in answer.context["languages"]] == [
        ("Arabisch", 1),
        ("nicht gefragt", 1),
    ]
    assert not OfficeHourArrival.objects.exists()
    assert f"Abgeschlossen von {cast.manager}" in text_of(answer)
    again = browser.post(path(session, "_close"), follow=True)
    assert said(again) == [
        "Es wurde nichts geändert: Diese Sprechstunde ist abgeschlossen oder kommt erst noch."
    ]


def test_nothing_can_be_done_at_a_closed_desk(cast, as_user, session):
    waiting = ArrivalFactory(session=session)
    close_session(Actor(cast.colleague), session)
    browser = as_user(cast.manager)
    refused = "Es wurde nichts geändert: Diese Sprechstunde ist abgeschlossen, oder die Nummer wurde zurückgenommen."
    assert said(arrive(browser, session)) == [refused]
    assert said(call(browser, session)) == [refused]
    assert said(act(browser, session, waiting, act="left")) == [refused]
    assert browser.get(path(session, "_close"))["Location"] == path(session)


@pytest.mark.parametrize("days", [-1, 1])
def test_on_another_day_the_desk_gives_no_numbers(cast, as_user, days):
    other = SessionFactory(
        series__place=PlaceFactory(municipality=cast.stutensee),
        starts_at=timezone.now() + datetime.timedelta(days=days),
    )
    answer = as_user(cast.manager).get(path(other))
    assert "desk" not in answer.context
    assert ("Sprechstunde abschließen" in text_of(answer)) is (days < 0)
    assert ("Sprechstunde absagen" in text_of(answer)) is (days > 0)


def test_no_name_of_a_client_reaches_the_desk(cast, as_user, session):
    client = reachable(cast.manager, surname="Zitterpappelova", given_name="Sumpfdotter")
    arrival, browser = called_by(cast.manager, session), as_user(cast.manager)
    log = f"{reverse('file_appointments:contact_new', args=[client.uuid])}?arrival={arrival.uuid}"
    browser.post(log, routine(note="Zwergfledermausig"))
    for user in (cast.manager, cast.colleague):
        own = as_user(user)
        pages = [
            own.get(path(session)),
            own.get(path(session, "_close")),
            own.get("/appointments/office-hours/"),
        ]
        close = own.get(path(session), headers={"HX-Request": "true"})
        for page in [*pages, close]:
            for word in ("Zitterpappelova", "Sumpfdotter", "Zwergfledermausig", client.case_no):
                assert word not in text_of(page)


def test_the_session_stands_in_the_day_of_whoever_works_there(cast, session):
    ArrivalFactory(session=session)
    now = session.starts_at
    for user in (cast.manager, cast.colleague, cast.substitute):
        (line,) = lines_of(user, now, kinds=["office_hour"])
        assert (line.title, line.text) == ("Offene Sprechstunde", "Beratungsraum Webstube · 1 wartet")
        assert (line.url, line.action_label) == (path(session), "Zur Sprechstunde")
    for user in (cast.outsider, cast.officer, cast.coordinator, cast.admin):
        assert lines_of(user, now, kinds=["office_hour"]) == []
    close_session(Actor(cast.manager), session)
    (line,) = lines_of(cast.manager, now, kinds=["office_hour"])
    assert (line.text, line.state) == ("Beratungsraum Webstube · 0 Besucher:innen", "done")


def test_a_cancelled_session_and_those_of_other_days_stand_in_no_day(cast, session):
    OfficeHourSession.objects.update(state="cancelled")
    SessionFactory(series=session.series, starts_at=session.starts_at + datetime.timedelta(days=1))
    assert lines_of(cast.manager, session.starts_at, kinds=["office_hour"]) == []


def queries(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def test_fifty_arrivals_cost_as_many_statements_as_one(cast, as_user, session):
    ArrivalFactory(session=session, language=language("ar"))
    called_by(cast.colleague, session, language=language("ti"))
    called_by(cast.manager, session)
    browser = as_user(cast.manager)
    few = queries(browser, path(session))
    for number in range(4, 54):
        ArrivalFactory(session=session, number=number, language=language("ar"))
    assert queries(browser, path(session)) == few


def test_fifty_sessions_cost_as_many_statements_as_one(cast, as_user, session):
    def add(count):
        for number in range(count):
            day = session.starts_at + datetime.timedelta(days=OfficeHourSession.objects.count())
            SessionFactory(series=session.series, starts_at=day)
            past = SessionFactory(series=session.series, starts_at=day - datetime.timedelta(days=400))
            if number % 2:
                close_session(Actor(cast.manager), past)

    add(2)
    browser = as_user(cast.manager)
    few = queries(browser, "/appointments/office-hours/")
    add(50)
    assert queries(browser, "/appointments/office-hours/") == few
