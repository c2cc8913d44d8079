"""The timeline chosen by kind and period, and on paper without anybody else."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from clients import timeline
from clients.models import Household, HouseholdMember
from tests.appointments.log_desk import reachable, talk
from tests.factories.clients import AccommodationFactory, ContactPointFactory, RelativeFactory
from tests.factories.documents import ConsentFactory, DocumentFactory
from tests.factories.network import ReferralFactory
from tests.factories.plans import assess, decide

pytestmark = pytest.mark.django_db
MARKED = {
    "referral": (
        ReferralFactory,
        {"organisation__name": "Zwitscherhaus", "about_health": True},
        "Zwitscherhaus",
        "Verweisung",
    ),
    "consent": (
        ConsentFactory,
        {"recipient": "Zwitscherhaus", "about_health": True},
        "Zwitscherhaus",
        "Einwilligung",
    ),
    "document": (
        DocumentFactory,
        {"description": "Zwitscherhaus", "about_health": True},
        "Zwitscherhaus",
        "Dokument",
    ),
}
DAY = datetime.timedelta(days=1)


@pytest.fixture
def shown(browser, client):
    """The part of the page, or of the print, that a choice leaves."""

    def ask(route="clients:timeline", **chosen):
        page = browser.get(reverse(route, args=[client.uuid]), chosen).text
        return page[page.index("<section" if route == "clients:timeline" else "<article") :]

    return ask


def numbers_added(client, *days_ago):
    for number in days_ago:
        point = ContactPointFactory(
            client=client, value=f"0151 0000{number:04}", normalised=f"+491510000{number:04}"
        )
        type(point).objects.unscoped(reason="test").filter(pk=point.pk).update(
            since=timezone.now() - number * DAY
        )


def seen(page):
    return sorted(set(re.findall(r"0151 0000(\d{4})", page)))


def test_the_apps_name_every_kind_that_their_sources_can_fill():
    filled = frozenset().union(*(source.kinds for source in timeline.registered()))
    assert {kind.code for kind in timeline.named_kinds()} == filled


def test_facts_stand_apart_from_phase_and_responsibility(client, shown):
    numbers_added(client, 3)
    assert seen(shown(kind="fact")) == ["0003"]
    assert "Zuständig: Jana Rehbaum" not in shown(kind="fact")
    assert "Zuständig: Jana Rehbaum" in shown(kind="file")
    assert seen(shown(kind="file")) == []


def test_both_days_of_a_period_belong_to_it(client, shown):
    numbers_added(client, 10, 20, 30, 40)
    today = timezone.localdate()
    assert seen(shown(since=today - 30 * DAY, until=today - 20 * DAY)) == ["0020", "0030"]
    assert seen(shown(until=today - 30 * DAY)) == ["0030", "0040"]
    assert seen(shown(since=today - 10 * DAY)) == ["0010"]


def test_a_period_is_paged_without_gap_or_repetition(browser, client, monkeypatch):
    from clients.views import timeline as view

    monkeypatch.setattr(view, "PAGE", 3)
    numbers_added(client, *range(1, 21))
    today = timezone.localdate()
    found, address = [], f"?kind=fact&since={today - 17 * DAY}&until={today - 4 * DAY}"
    while address:
        page = browser.get(reverse("clients:timeline", args=[client.uuid]) + address).text
        page = page[page.index('id="s-timeline"') :]
        found += re.findall(r'tl-rest">0151 0000(\d{4})', page)
        older = re.search(r'href="(\?[^"]*before=[^"]+)"[^>]*>Ältere', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert found == [f"{number:04}" for number in range(4, 18)]


def test_an_end_before_the_beginning_is_said_at_its_field(client, shown):
    numbers_added(client, 3)
    page = shown(since="2018-05-02", until="2018-05-01")
    assert "Das Ende liegt vor dem Beginn." in page
    assert 'value="2018-05-02"' in page
    assert seen(page) == []


def test_a_day_that_is_none_is_said_at_its_field_and_stays_visible(client, shown):
    page = shown(since="31.02.2018")
    assert 'value="31.02.2018"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("route", ["clients:timeline", "clients:timeline_print"])
def test_a_period_needs_the_same_statements_for_one_entry_and_for_fifty(browser, client, route):
    address = reverse(route, args=[client.uuid])
    asked = {"since": (timezone.localdate() - 60 * DAY).isoformat()}

    def statements():
        with CaptureQueriesContext(connection) as captured:
            browser.get(address, asked)
        return len(captured)

    numbers_added(client, 1)
    talk(client, client.manager, note="Erstes Gespräch.")
    statements()
    one = statements()
    numbers_added(client, *range(2, 51))
    for number in range(2, 12):
        talk(client, client.manager, hours_ago=number)
    assert statements() == one


def test_the_print_names_nobody_else(cast, browser, shown, client):
    partner = reachable(cast.manager, surname="Zwirnelfe", given_name="Omid")
    household = Household.objects.create(municipality=cast.stutensee)
    for person in (client, partner):
        HouseholdMember.objects.create(household=household, client=person, since=datetime.date(2018, 1, 1))
    child = RelativeFactory(client=client, surname="Zwirnelfe", given_name="Mina")
    HouseholdMember.objects.create(household=household, relative=child, since=datetime.date(2018, 1, 1))
    from appointments.services.contacts import Participant

    talk(client, cast.manager, participants=[Participant(partner), Participant(client, child)])
    assert "Zwirnelfe" in shown()
    printed = browser.get(reverse("clients:timeline_print", args=[client.uuid])).text
    assert "Zwirnelfe" not in printed
    assert "gemeinsam mit 2 weitere Personen" in printed
    assert "Samira Rahmatyar" in printed


def test_the_print_holds_no_address(client, shown):
    AccommodationFactory(client=client, street="Zwitscherweg 3")
    assert "Zwitscherweg 3" in shown()
    assert "Unterkunft erfasst" in shown("clients:timeline_print")
    assert "Zwitscherweg 3" not in shown("clients:timeline_print")


def test_notes_are_printed_only_when_they_are_asked_for(cast, client, shown):
    talk(client, cast.manager, note="Zwitschernotiz")
    assert "Zwitschernotiz" not in shown("clients:timeline_print")
    assert "Zwitschernotiz" in shown("clients:timeline_print", notes="1")


def test_the_print_has_the_chosen_kind_and_period_only(client, shown):
    numbers_added(client, 3, 30)
    chosen = {"kind": "fact", "since": timezone.localdate() - 10 * DAY}
    assert seen(shown("clients:timeline_print", **chosen)) == ["0003"]
    assert "Zuständig: Jana" not in shown("clients:timeline_print", **chosen)


def test_printing_is_a_reading_of_its_own(browser, client, shown):
    shown("clients:timeline_print", notes="1", health="1")
    entry = AuditEntry.objects.about(client.subject_ref).first()
    assert (entry.action, entry.fields) == ("client.timeline_printed", ["health", "note"])


def test_a_stand_in_without_the_reason_prints_no_health(cast, as_user, client):
    address = reverse("clients:timeline_print", args=[client.uuid])
    page = as_user(cast.substitute).get(address, {"health": "1"}).text
    assert "Geschützte Bausteine sind weggelassen." in page
    assert "Mit Gesundheit drucken" not in page
    entry = AuditEntry.objects.about(client.subject_ref).first()
    assert entry.fields == []


def test_a_protected_module_is_left_out_until_it_is_chosen(client, shown):
    decide(assess(client, health=4))
    chosen, plain = shown("clients:timeline_print", health="1"), shown("clients:timeline_print")
    assert "Intensität: " in chosen
    assert "Intensität: " not in plain


@pytest.mark.parametrize(("code", "said"), MARKED.items())
def test_what_is_marked_as_health_is_printed_when_it_is_chosen_and_named_by_its_kind(
    client, shown, code, said
):
    factory, marked, named, kind = said
    factory(client=client, **marked)
    assert named in shown()
    plain = shown("clients:timeline_print", notes="1")
    chosen = shown("clients:timeline_print", notes="1", health="1")
    assert kind not in plain
    assert kind in chosen
    assert named not in plain + chosen


def test_filters_of_the_file_page_lead_to_the_timeline(browser, client):
    numbers_added(client, *range(1, 40))
    page = browser.get(client.get_absolute_url()).text
    assert reverse("clients:timeline", args=[client.uuid]) in page


@pytest.mark.parametrize("key", ["contact-x", "contact-", "moved-99999999999999999999999", "appointment"])
def test_a_forged_key_in_the_cursor_shows_the_newest(browser, client, key):
    numbers_added(client, 3)
    answer = browser.get(
        reverse("clients:timeline", args=[client.uuid]), {"before": f"2018-01-01T00:00:00+00:00~{key}"}
    )
    assert answer.status_code == 200
    assert seen(answer.text) == ["0003"]
