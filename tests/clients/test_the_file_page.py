import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from audit.models import AuditEntry
from audit.recording import record
from clients import actions, sections
from clients.models import FactValue, SpokenLanguage
from tests.factories.clients import (
    AccommodationFactory,
    ClientLanguageFactory,
    ContactPointFactory,
    ResidenceFactory,
    SafetyNoteFactory,
    note_intensity,
    recount_contacts,
)

PAGES = ("", "timeline/", "person/", "access-log/")


def url(client, page=""):
    return f"/clients/{client.uuid}/{page}"


def test_the_header_says_who_this_is_at_a_glance(cast, as_user, client):
    for code, order in (("prs", 0), ("de", 1)):
        ClientLanguageFactory(client=client, language=SpokenLanguage.objects.get(code=code), order=order)
    client.facts.create(
        kind="german_level",
        value=FactValue.objects.get(code="german_level-a1"),
        since=datetime.date(2018, 1, 1),
        recorded_at=timezone.now(),
    )
    client.interpreter_needed = True
    client.save()
    ContactPointFactory(client=client, value="0176 04069042", normalised="+4917604069042")
    SafetyNoteFactory(client=client)
    recount_contacts(client, [timezone.localdate() - datetime.timedelta(days=400)])
    client.periods.update(opened_on=timezone.localdate() - datetime.timedelta(days=410))
    note_intensity(client, "intensive", timezone.localdate())
    page = as_user(cast.manager).get(url(client)).text
    head = page[page.index('<div class="file-head"') : page.index('<nav class="file-tabs"')]
    for word in (
        "Samira Rahmatyar",
        client.case_no,
        "Dari, Deutsch A1",
        "Sprachmittlung nötig:",
        'href="tel:+4917604069042"',
        "intensiv",
        "keiner vereinbart",
        "Monat 14 von 36",
        "nur zu zweit besuchen",
    ):
        assert word in head


def test_the_title_names_nobody(cast, as_user, client):
    for page in PAGES:
        text = as_user(cast.manager).get(url(client, page)).text
        assert "Rahmatyar" not in re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]


def test_a_number_that_must_not_be_used_is_no_button(cast, as_user, client):
    ContactPointFactory(client=client, may_use=False)
    assert 'href="tel:' not in as_user(cast.manager).get(url(client)).text


def test_nobody_who_must_not_be_called_is_called(cast, as_user, client):
    ContactPointFactory(client=client)
    client.may_be_called = False
    client.save()
    assert 'href="tel:' not in as_user(cast.manager).get(url(client)).text


@pytest.mark.parametrize("page", PAGES)
def test_one_request_is_one_read_entry(cast, as_user, client, page):
    as_user(cast.manager).get(url(client, page))
    entry = AuditEntry.objects.get(subject_ref=client.subject_ref)
    assert (entry.actor, entry.acting_for) == (cast.manager, None)


def test_a_stand_in_reads_and_the_entry_says_for_whom(cast, as_user, client):
    assert as_user(cast.substitute).get(url(client)).status_code == 200
    entry = AuditEntry.objects.get(subject_ref=client.subject_ref)
    assert (entry.actor, entry.acting_for) == (cast.substitute, cast.manager)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["colleague", "former", "outsider", "officer", "coordinator", "admin"])
def test_for_everybody_else_the_file_does_not_exist_and_the_try_is_recorded(cast, as_user, client, page, who):
    user = getattr(cast, who)
    answer = as_user(user).get(url(client, page))
    assert answer.status_code == 404
    assert "Rahmatyar" not in answer.text
    entry = AuditEntry.objects.get(subject_ref=client.subject_ref)
    assert (entry.action, entry.actor) == ("access.refused", user)


@pytest.mark.parametrize("page", PAGES)
def test_anonymous_visitors_log_in_first(as_user, client, page):
    assert as_user(None).get(url(client, page)).url.startswith("/login/")


def test_every_registered_section_has_its_place(cast, as_user, client):
    page = as_user(cast.manager).get(url(client)).text
    titles = [section.title for section in sections.registered() if section.route]
    assert titles != []
    assert [title for title in titles if f">{title}</a>" not in page] == []


def test_the_number_of_queries_does_not_grow_with_the_rows(cast, as_user, client):
    browser = as_user(cast.manager)
    languages = list(SpokenLanguage.objects.all()[:12])

    def fill(number, start):
        for position in range(start, start + number):
            ContactPointFactory(client=client, normalised=f"+4915100000{position:03}")
            ResidenceFactory(client=client, ended_on=timezone.localdate() if position else None)
            ClientLanguageFactory(client=client, language=languages[position], order=position)
            home = AccommodationFactory.build(client=client)
            home.since = datetime.date(2017, 1, 1) + datetime.timedelta(days=position)
            home.until = home.since if position else None
            home.save()
            client.facts.create(
                kind="benefits",
                value=FactValue.objects.filter(kind="benefits")[position % 9],
                since=datetime.date(2018, 1, 1),
                recorded_at=timezone.now(),
            )

    def queries(page):
        browser.get(url(client, page))
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url(client, page)).status_code == 200
        return len(captured)

    fill(1, 0)
    few = {page: queries(page) for page in PAGES}
    fill(11, 1)
    assert {page: queries(page) for page in PAGES} == few


def test_the_address_and_its_age_in_words(cast, as_user, client):
    AccommodationFactory(client=client, quarter="Blankenloch", letters_reach=False)
    page = as_user(cast.manager).get(url(client)).text
    assert "76297 Stutensee-Blankenloch" in page
    assert "Briefe kommen zurück" in page


def test_a_year_of_birth_gives_an_age_about(cast, as_user, client):
    client.birth_date, client.birth_precision = datetime.date(1984, 1, 1), "year"
    client.save()
    assert "etwa" in as_user(cast.manager).get(url(client)).text


def test_a_permit_that_ends_soon_says_so(cast, as_user, client):
    ResidenceFactory(client=client, printed_until=timezone.localdate() + datetime.timedelta(days=20))
    assert "läuft bald ab" in as_user(cast.manager).get(url(client)).text


# Timeline


def test_the_timeline_merges_what_happened_newest_first(cast, as_user, client):
    AccommodationFactory(client=client, recorded_at=timezone.now())
    page = as_user(cast.manager).get(url(client, "timeline/")).text
    assert page.index("Unterkunft erfasst") < page.index("Zuständig: Jana Rehbaum")
    assert "Phase: aktiv" in page


def test_the_timeline_pages_without_gap_or_repetition(cast, as_user, client, monkeypatch):
    from clients.views import timeline

    monkeypatch.setattr(timeline, "PAGE", 4)
    same = timezone.now() - datetime.timedelta(days=3)
    for number in range(10):
        ContactPointFactory(
            client=client, value=f"0151 0000{number:04}", normalised=f"+491510000{number:04}", since=same
        )
    browser, seen, address = as_user(cast.manager), [], url(client, "timeline/")
    while address:
        page = browser.get(address).text
        seen += re.findall(r"0151 0000\d{4}", page[page.index('id="s-timeline"') :])
        older = re.search(r'href="(\?[^"]*before=[^"]+)"[^>]*>Ältere', page)
        address = url(client, "timeline/") + older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 10


@pytest.mark.parametrize(
    "before",
    [
        "x",
        "~",
        "2018-13-45T00:00:00+00:00~a",
        "2018-01-01T00:00:00~a",
        "9999-12-31T23:59:59-23:00~a",
    ],
)
def test_a_cursor_not_made_here_shows_the_newest(cast, as_user, client, before):
    answer = as_user(cast.manager).get(url(client, "timeline/"), {"before": before})
    assert answer.status_code == 200
    assert "Phase: aktiv" in answer.text


def test_a_nul_in_the_cursor_is_refused(cast, as_user, client):
    assert as_user(cast.manager).get(url(client, "timeline/"), {"before": "\x00~"}).status_code == 400


def test_the_timeline_is_filtered_by_kind(cast, as_user, client):
    browser = as_user(cast.manager)
    assert "Phase: aktiv" in browser.get(url(client, "timeline/"), {"kind": "file"}).text
    assert "Phase: aktiv" not in browser.get(url(client, "timeline/"), {"kind": "talk"}).text
    assert "Phase: aktiv" in browser.get(url(client, "timeline/"), {"kind": "nonsense"}).text


# Who read it


def test_the_log_names_readers_and_refusals_without_content(cast, as_user, client):
    as_user(cast.substitute).get(url(client))
    as_user(cast.officer).get(url(client))
    record(Actor(cast.manager), actions.CHANGED, client=client, fields=["surname"])
    browser = as_user(cast.manager)
    page = browser.get(url(client, "access-log/")).text
    assert "Mareike Ostendahl" in page
    assert "für Jana Rehbaum" in page
    everything = browser.get(url(client, "access-log/"), {"all": "1"}).text
    assert "Annegret Lauterjung" in everything


def test_the_file_page_says_who_read_it_last(cast, as_user, client):
    browser = as_user(cast.manager)
    assert "niemand außer Ihnen" in browser.get(url(client)).text
    as_user(cast.substitute).get(url(client))
    assert "zuletzt Mareike Ostendahl" in browser.get(url(client)).text


def test_whoever_stands_in_is_named_in_the_file(cast, as_user, client):
    assert "Mareike Ostendahl bis" in as_user(cast.manager).get(url(client)).text


def test_a_search_on_a_clients_page_hides_names(cast, as_user, client):
    answer = as_user(cast.manager).get(url(client))
    assert 'id="search-hits" data-privacy="on"' in answer.text
    assert 'id="search-hits" data-privacy="on"' not in as_user(cast.manager).get("/clients/").text
