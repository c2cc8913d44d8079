"""A frozen report stays as it is; what changes afterwards is named by list number, never by case number."""

import datetime as dt
import re
import uuid
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.actor import Actor
from accounts.records import StaleRecord
from appointments.choices import Channel
from appointments.models import Contact
from audit.models import AuditEntry
from clients.models import Client, Topic
from integration_plans.models import PlanPolicy
from reports.frozen import FrozenFile, FrozenReport, Narrative
from reports.periods import narrating
from reports.periods.freezing import compare, freeze, reproduce
from reports.periods.lines import SECTIONS
from reports.periods.narrating import write
from reports.periods.report import counted_report, frozen_report
from reports.rules import counting, periods
from tests.factories.network import ReferralFactory
from tests.factories.office import ObservationFactory
from tests.reports.settlement import at
from tests.reports.small_year import D, live_through, talk

pytestmark = [pytest.mark.django_db, pytest.mark.facts_by_hand]

YEAR = periods.parse("2025-01_2025-12")


@pytest.fixture
def year(cast):
    people = live_through(cast)
    for number, client in enumerate(people.values(), start=101):
        Client.objects.filter(pk=client.pk).update(list_number=number)
    return people


@pytest.fixture
def frozen(cast, year):
    return freeze(Actor(cast.officer), FrozenReport(title="Bericht 2025"), [cast.stutensee], YEAR)


def words(html):
    main = re.search(r"<main.*</main>", html, re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group())))


def test_it_keeps_the_numbers_the_database_counts(cast, frozen):
    live = counted_report([cast.stutensee], YEAR, at(D(2026, 2, 1)), by_manager=False)
    kept = frozen_report(frozen, by_manager=True)
    assert kept.total == live.total
    assert kept.before == live.before
    assert kept.places == live.places
    assert kept.managers == []
    assert reproduce(frozen).is_same
    assert AuditEntry.objects.filter(
        action="report.frozen", actor=cast.officer, count=frozen.record_count
    ).exists()


def test_an_old_contact_and_a_counting_rule_change_and_nothing_of_it_moves(cast, year, frozen, monkeypatch):
    before, record_hash = dict(frozen.figures["total"]), frozen.record_hash
    # One contact of March turns out to have been a visit.
    Contact.objects.filter(client=year["bilal"], channel=Channel.PHONE, happened_on=D(2025, 3, 4)).update(
        channel=Channel.HOME_VISIT
    )
    # From now on work with third parties counts as a talk, and a plan stays valid for half a year.
    changed = counting.RULES[1] | {"talks": ("talk:", "case_work:")}
    monkeypatch.setitem(counting.RULES, 2, changed)
    for module in ("report", "freezing"):
        monkeypatch.setattr(f"reports.periods.{module}.RULE_VERSION", 2)
    PlanPolicy.objects.update(grace_days=180)

    again = FrozenReport.objects.get(pk=frozen.pk)
    found = reproduce(again)
    assert (found.total, found.record_hash, found.is_same) == (before, record_hash, True)
    comparison = compare(again)
    assert comparison.now["talks"] == before["talks"] + 1
    assert comparison.now["visits"] == before["visits"] + 1
    assert comparison.now["plans_valid"] == before["plans_valid"] + 1
    assert {(one.list_number, one.sort, one.step) for one in comparison.differences} == {
        (102, "contact", "changed"),
        (102, "file", "changed"),
    }
    # A new report follows the new rule, and says so.
    new = freeze(Actor(cast.officer), FrozenReport(title="Nach neuer Regel"), [cast.stutensee], YEAR)
    assert (new.rule_version, new.figures["total"]["talks"]) == (2, before["talks"] + 1)
    assert new.record_hash != record_hash


def test_the_same_records_have_the_same_hash(cast, frozen):
    again = freeze(Actor(cast.officer), FrozenReport(title="Noch einmal"), [cast.stutensee], YEAR)
    assert (again.record_hash, again.record_count) == (frozen.record_hash, frozen.record_count)


def test_the_page_names_the_changed_record_by_list_number(cast, as_user, year, frozen):
    Contact.objects.filter(client=year["bilal"], channel=Channel.PHONE, happened_on=D(2025, 3, 4)).update(
        channel=Channel.OFFICE
    )
    html = as_user(cast.officer).get(f"/reports/frozen/{frozen.uuid}/compare/").content.decode()
    text = words(html)
    assert "Nachgerechnet: Aus den festgeschriebenen Einträgen neu gezählt, stimmen alle Zahlen" in text
    assert "102 Kontakt seither geändert 1" in text
    for client in year.values():
        assert client.case_no not in html
        assert client.surname not in html
    # Neither the day nor the channel of a single record is told.
    assert "04.03.2025" not in html


def test_a_deleted_and_a_new_record_are_named_too(cast, year, frozen):
    Contact.objects.filter(client=year["dunya"], channel=Channel.HOME_VISIT).delete()
    talk(year["chadi"], D(2025, 11, 3))
    found = {(one.list_number, one.sort, one.step) for one in compare(frozen).differences}
    assert found == {(104, "contact", "gone"), (103, "contact", "added")}


def test_whoever_tampers_with_the_kept_records_is_found_out(frozen):
    row = FrozenFile.objects.filter(report=frozen).exclude(ref="").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        FrozenFile.objects.filter(pk=row.pk).update(records=[])
    FrozenFile.objects.filter(pk=row.pk).delete()
    assert not reproduce(frozen).is_same


def test_nothing_changes_a_frozen_report(frozen):
    with pytest.raises(TypeError):
        frozen.save()
    with pytest.raises(TypeError):
        frozen.delete()
    with pytest.raises(TypeError):
        FrozenReport.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_frozenreport SET title = 'x'")


def test_an_erased_person_leaves_the_numbers_behind(cast, year, frozen):
    row = FrozenFile.objects.get(report=frozen, client=year["chadi"])
    FrozenFile.objects.filter(pk=row.pk).update(client=None)
    assert reproduce(frozen).is_same


def test_only_what_is_over_and_served_can_be_frozen(cast, year):
    with pytest.raises(PermissionDenied):
        freeze(Actor(cast.officer), FrozenReport(title="Fremd"), [cast.pfinztal], YEAR)
    with pytest.raises(PermissionDenied):
        freeze(Actor(cast.manager), FrozenReport(title="Nein"), [cast.stutensee], YEAR)
    running = periods.containing(periods.Kind.MONTH, Actor(cast.officer).today)
    with pytest.raises(ValueError):
        freeze(Actor(cast.officer), FrozenReport(title="Läuft"), [cast.stutensee], running)


def test_an_officer_elsewhere_does_not_find_it(cast, as_user, frozen):
    for page in ("", "compare/", "words/", "file/pdf/", "file/xlsx/"):
        assert as_user(cast.officer_elsewhere).get(f"/reports/frozen/{frozen.uuid}/{page}").status_code == 404


def test_the_sheets_per_manager_are_the_coordinators(cast, as_user, year):
    places = [cast.pfinztal, cast.stutensee]
    whole = freeze(Actor(cast.coordinator), FrozenReport(title="Landkreis"), places, YEAR)
    town = freeze(Actor(cast.coordinator), FrozenReport(title="Stadt"), [cast.stutensee], YEAR)
    names = {one.username for one in frozen_report(whole, by_manager=True).managers if one.numbers["talks"]}
    assert names == {"manager", "colleague", "outsider"}
    for_her = as_user(cast.officer).get(f"/reports/frozen/{town.uuid}/").content.decode()
    for_all = as_user(cast.coordinator).get(f"/reports/frozen/{town.uuid}/").content.decode()
    assert "Rehbaum" in for_all
    assert "Rehbaum" not in for_her
    assert as_user(cast.officer).get(f"/reports/frozen/{whole.uuid}/").status_code == 404


def test_it_is_frozen_by_the_form_and_twice_posted_once_made(cast, as_user, year):
    browser = as_user(cast.officer)
    page = browser.get("/reports/period/freeze/?since=2025-01&until=2025-12")
    assert 'value="2025-12" selected' in page.content.decode()
    sent = {
        "title": "Kennzahlen 2025",
        "since": "2025-01",
        "until": "2025-12",
        "place": "STU",
        "form_token": str(uuid.uuid4()),
        "version": "1",
    }
    assert "Bei einem großen Landkreis dauert das Festschreiben bis zu einer halben Minute." in words(
        page.content.decode()
    )
    answers = [browser.post("/reports/period/freeze/", sent) for _time in range(2)]
    frozen = FrozenReport.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [f"/reports/frozen/{frozen.uuid}/"] * 2
    assert (frozen.first, frozen.last) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    text = words(browser.get(f"/reports/frozen/{frozen.uuid}/").content.decode())
    assert "Festgeschrieben am" in text
    assert "Beratungsgespräche 5 1 4" in text
    refused = browser.post(
        "/reports/period/freeze/", sent | {"form_token": str(uuid.uuid4()), "until": "2024-12"}
    )
    assert refused.status_code == 422
    assert "Der letzte Monat liegt vor dem ersten." in refused.content.decode()


def test_the_report_in_words_is_proposed_and_kept(cast, as_user, frozen):
    browser = as_user(cast.officer)
    page = browser.get(f"/reports/frozen/{frozen.uuid}/words/").content.decode()
    assert "Beratene Personen: 3." in page
    sent = {
        "overview": "Ein gutes Jahr.",
        "work": "Viele Gespräche.",
        "plans": "Mehr Pläne.",
        "network": "",
        "outlook": "",
        "form_token": str(uuid.uuid4()),
        "version": "1",
    }
    assert browser.post(f"/reports/frozen/{frozen.uuid}/words/", sent).status_code == 302
    assert Narrative.objects.get().overview == "Ein gutes Jahr."
    again = browser.get(f"/reports/frozen/{frozen.uuid}/words/").content.decode()
    assert "Ein gutes Jahr." in again


def test_a_referral_recorded_since_is_named_in_the_comparison(cast, as_user, frozen, year):
    ReferralFactory(client=year["bilal"], recommended_on=dt.date(2025, 5, 5))
    page = words(as_user(cast.officer).get(f"/reports/frozen/{frozen.uuid}/compare/").content.decode())
    assert "Verweisung" in page


def test_a_report_about_no_municipality_is_nobodys(cast, frozen):
    frozen.municipalities.clear()
    assert not FrozenReport.objects.for_places([cast.stutensee.pk, cast.pfinztal.pk]).exists()


def test_of_two_first_texts_the_second_meets_the_first(cast, frozen):
    texts = [Narrative(report=frozen, overview=said) for said in ("Erstens", "Zweitens")]
    write(Actor(cast.officer), texts[0], expected_version=None)
    with pytest.raises(StaleRecord):
        write(Actor(cast.officer), texts[1], expected_version=None)
    assert Narrative.objects.get().overview == "Erstens"


def observed(cast, day, topic, **more):
    """One the manager reported."""
    return ObservationFactory(
        municipality=cast.stutensee,
        author=cast.manager,
        recorded_at=at(day),
        topic=Topic.objects.get(code=topic),
        **more,
    )


def test_observations_are_counted_by_topic_and_stay_as_they_were_frozen(cast, year):
    answer = {"state": "answered", "answer": "Ab Mai gibt es Termine.", "answered_at": at(D(2025, 5, 1))}
    text = "Frau Nachname wartet seit Wochen."
    observed(cast, D(2025, 3, 4), "housing", text=text, **answer)
    observed(cast, D(2025, 12, 31), "housing", text=text)
    observed(cast, D(2025, 7, 1), "work", text=text)
    observed(cast, D(2026, 1, 1), "work", text=text)
    frozen = freeze(Actor(cast.officer), FrozenReport(title="Bericht 2025"), [cast.stutensee], YEAR)
    housing, work = (Topic.objects.get(code=code).label_de for code in ("housing", "work"))
    said = f"3 Strukturhinweise wurden gemeldet ({work} 1, {housing} 2); beantwortet: 1."

    def proposed():
        return narrating.proposed(frozen_report(FrozenReport.objects.get(pk=frozen.pk), by_manager=False))[
            "outlook"
        ]

    assert proposed().split("\n\n")[0] == said
    assert text not in proposed()
    observed(cast, D(2025, 8, 1), "housing", text=text)
    Topic.objects.filter(code="work").update(label_de="Arbeit und mehr")
    assert proposed().split("\n\n")[0] == said
    assert reproduce(frozen).is_same


def test_a_report_frozen_before_observations_were_counted_says_nothing_of_them(cast, frozen):
    observed(cast, D(2025, 3, 4), "housing")
    frozen.figures.pop("observations")
    kept = frozen_report(frozen, by_manager=False)
    assert kept.observations == []
    assert "Strukturhinweis" not in narrating.proposed(kept)["outlook"]


def test_older_frozen_reports_are_one_page_further(cast, as_user, frozen):
    rows = [
        FrozenReport(
            title=f"Stand {number:02}",
            frozen_at=at(D(2026, 1, 1 + number // 2)),
            **{
                name: getattr(frozen, name)
                for name in ("first", "last", "rule_version", "parameters", "figures", "tables")
            },
            record_count=0,
            record_hash="0" * 64,
            frozen_by=cast.officer,
        )
        for number in range(41)
    ]
    for row in rows:
        row.save()
        row.municipalities.add(cast.stutensee)
    browser, url, seen = as_user(cast.officer), "/reports/period/?since=2025-01&until=2025-02", []
    for number in (20, 20, 2):
        html = unescape(browser.get(url).content.decode())
        titles = re.findall(r'<a href="/reports/frozen/[^"]+">([^<]+)</a>', html)
        assert len(titles) == number
        seen += titles
        following = re.search(r'rel="next" href="([^"]+)#frozen"', html)
        url = f"/reports/period/{following.group(1)}" if following else ""
    assert not url
    assert seen == ["Bericht 2025", *(f"Stand {number:02}" for number in reversed(range(41)))]
    # An address of nonsense is that of the first page.
    assert "Bericht 2025" in browser.get("/reports/period/?after=nein").content.decode()


def test_what_is_no_summary_is_folded(cast, as_user, year):
    html = as_user(cast.coordinator).get("/reports/period/?since=2025-01&until=2025-12").content.decode()
    folded = re.findall(r'<details class="form-fold is-printed">.*?<span id="([^"]+)">', html, re.S)
    assert folded == ["places", "managers"]
    open_sections = re.findall(r'<h2 id="([^"]+)">', html)
    assert open_sections == [*(section.code for section in SECTIONS), "people", "frozen"]
