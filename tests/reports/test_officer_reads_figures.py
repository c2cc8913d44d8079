"""The officer's dashboard and list of cases: figures and list numbers, nobody's name and no case number."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments.models import Contact
from audit.models import AuditEntry
from clients.choices import Phase
from clients.models import Client
from outreach import figures as ladder_figures
from reports import cases, figures
from tests.invented_town import AS_OF

pytestmark = pytest.mark.django_db

DASHBOARDS = [
    "/reports/people/",
    "/reports/people/?table=age",
    "/reports/",
    "/reports/?period=2026-10",
    "/reports/?period=2026-Q3",
    "/reports/?period=2025",
    "/reports/?since=2026-01&until=2026-02",
    "/reports/work/",
    "/reports/work/?period=2026-Q3",
]
LISTS = [
    "/reports/cases/",
    "/reports/cases/?phase=closed",
    "/reports/cases/?level=intensive",
    "/reports/cases/?state=review",
    "/reports/cases/?state=outreach&stage=visit",
    "/reports/cases/?after=L-100000",
    "/reports/cases/?state=limit",
]


@pytest.fixture(autouse=True)
def on_that_monday(time_machine):
    time_machine.move_to(f"{AS_OF}T08:00:00Z", tick=False)


@pytest.fixture
def browse(town):
    """``browse("officer", url)`` is the page's text as that user sees it."""

    def page(username, url, status=200):
        browser = Browser()
        browser.force_login(User.objects.get(username=username))
        answer = browser.get(url)
        assert answer.status_code == status, url
        return answer.content.decode()

    return page


def words(html):
    """The main part of a page without tags and double spaces."""
    main = re.search(r"<main.*</main>", html, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group()))


@pytest.mark.parametrize("url", DASHBOARDS + LISTS)
@pytest.mark.parametrize("username", ["officer", "coordinator"])
def test_no_client_is_named_anywhere(browse, username, url):
    html = browse(username, url)
    names = Client.objects.values_list("surname", "given_name", "case_no")
    assert len(names) > 10
    for surname, given, case_no in names:
        assert surname not in html
        assert f">{given}<" not in html
        assert case_no not in html


def test_the_dashboard_opens_with_the_running_month(browse):
    text = words(browse("officer", "/reports/"))
    assert "Übersicht Stutensee" in text
    assert "November 2026" in text
    assert "60 Akten sind in aktiver Beratung" in text
    assert "Was noch fehlt:" in text
    assert "Termine ohne Ergebnis" in text


def test_from_to_is_asked_for_in_months(browse):
    html = browse("officer", "/reports/?since=2026-01&until=2026-02")
    assert "Januar 2026 bis Februar 2026" in words(html)
    offered = re.findall(r'<option value="([^"]+)"', html)
    assert offered[0] == "2026-11"
    assert all(re.fullmatch(r"\d{4}-\d{2}", code) for code in offered)
    earlier = re.search(r'rel="prev"\s+href="([^"]+)"', html).group(1).replace("&amp;", "&")
    assert "November 2025 bis Dezember 2025" in words(browse("officer", f"/reports/{earlier}"))


@pytest.mark.parametrize(
    "query",
    ["since=2026-01-05&until=2026-02-20", "period=2026-01-05_2026-02-20", "since=05.01.2026&until=2026-02"],
)
def test_single_days_cannot_be_asked_for(browse, query):
    """Scanning free days told the day somebody came of age."""
    text = words(browse("officer", f"/reports/?{query}"))
    assert "November 2026 bis 23.11.2026" in text
    assert "20.02.2026" not in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("period=2026-13", "Diesen Zeitraum gibt es nicht."),
        ("since=2026-02&until=2026-01", "Der letzte Monat liegt vor dem ersten."),
        ("since=2026-13&until=2026-01", "Bitte prüfen Sie die beiden Monate."),
        ("since=&until=", "Bitte prüfen Sie die beiden Monate."),
    ],
)
def test_nonsense_gets_a_sentence_and_the_running_month(browse, query, sentence):
    html = browse("officer", f"/reports/?{query}")
    assert sentence in html
    assert "November 2026" in words(html)


def test_a_towns_officer_sees_load_per_manager_and_nothing_else_of_them(browse):
    text = words(browse("officer", "/reports/"))
    assert "Jana Rehbaum" in text
    assert "gewichtete Akten je volle Stelle" in text
    assert "Gespräche und Termine" not in text
    assert "Kommunen nebeneinander" not in text


@pytest.mark.parametrize(
    ("missing", "said"), [(2, None), (3, "5 Kontakte ohne Thema"), (8, "10 Kontakte ohne Thema")]
)
def test_contacts_without_a_topic_are_rounded_for_officers_and_exact_for_managers(browse, missing, said):
    talks = Contact.objects.filter(client__municipality__code="STU", happened_on__month=10).consultations()
    keys = list(talks.filter(happened_on__year=2026).values_list("pk", flat=True)[:missing])
    assert len(keys) == missing
    Contact.objects.filter(pk__in=keys).update(main_topic=None)
    text = words(browse("officer", "/reports/?period=2026-10"))
    assert ("ohne Thema" in text) is (said is not None)
    assert (said or "Was noch fehlt") in text
    assert f"{missing} Kontakte ohne Thema" in words(browse("manager", "/reports/?period=2026-10"))


def test_talks_with_third_parties_without_a_basis_are_missing_and_a_manager_reads_her_own(browse):
    url = "/reports/?period=2026-10"
    for name in ("officer", "manager"):
        assert "ohne Grundlage" not in words(browse(name, url))
    talks = Contact.objects.filter(
        client__municipality__code="STU", happened_on__year=2026, happened_on__month=10, result="talk"
    )
    manager, colleague = (User.objects.get(username=name) for name in ("manager", "colleague"))
    keys = list(talks.order_by("pk").values_list("pk", flat=True)[:9])
    Contact.objects.filter(pk__in=keys).update(spoken_with="third_party", basis="", recorded_by=colleague)
    Contact.objects.filter(pk__in=keys[:2]).update(recorded_by=manager)
    Contact.objects.filter(pk=keys[8]).update(basis="present")
    assert "10 Gespräche mit Dritten ohne Grundlage" in words(browse("officer", url))
    assert "2 Gespräche mit Dritten ohne Grundlage" in words(browse("manager", url))
    assert "10 Gespräche mit Dritten ohne Grundlage" in words(browse("coordinator", f"{url}&place=STU"))


def test_the_coordinator_sees_all_municipalities_and_work_per_manager(browse):
    text = words(browse("coordinator", "/reports/"))
    assert "alle Kommunen" in text
    assert "Die Kommunen nebeneinander." in text
    assert "Gespräche und Termine" in text
    assert "Silke Wiedenroth" in text
    assert "Überfällige Schritte" in text
    assert "Überfällige Schritte" not in words(browse("officer", "/reports/"))
    assert "Pfinztal" not in words(browse("officer", "/reports/"))


def pages_of(browse, url, figure):
    """The row heads of a figure on all its pages, one after the other."""
    seen = []
    while url:
        html = browse("coordinator", url)
        shown = re.search(rf'<figure class="fig" id="{figure}-fig">.*?</figure>', html, re.S).group()
        seen += re.findall(r'<th scope="row">([^<]+)</th>', shown)
        following = re.search(rf'rel="next" href="([^"]*)#{figure}"', html)
        url = following and f"/reports/{unescape(following.group(1))}"
    return seen


def test_the_coordinator_reads_managers_and_municipalities_page_by_page(browse, monkeypatch):
    url = "/reports/?period=2026-10"
    managers, places = (pages_of(browse, url, figure) for figure in ("work", "places"))
    assert len(managers) > len(places) == 2
    levels = re.compile(
        r"In der Krise: \d+ von \d+ Akten, intensiv begleitet: \d+, noch nicht ermittelt: \d+"
    )
    everybody = levels.search(words(browse("coordinator", url))).group()
    monkeypatch.setattr("reports.managers.MANAGERS_ON_A_PAGE", 1)
    monkeypatch.setattr(figures, "PLACES_ON_A_PAGE", 1)
    assert pages_of(browse, url, "work") == managers
    assert pages_of(browse, url, "places") == places
    assert pages_of(browse, f"{url}&managers=nobody&places=NIX", "work") == managers
    assert levels.search(words(browse("coordinator", f"{url}&managers=manager"))).group() == everybody
    assert "managers=" not in browse("officer", url), "a town's few managers stand on one page"


def test_a_manager_sees_the_teams_talks_and_what_comes_out_of_her_own_plans(browse):
    text = words(browse("manager", "/reports/"))
    assert "Ihre eigenen Zahlen" in text
    own = text.split("Ihre eigenen Zahlen")[1].split("Phasen")[0]
    assert "Jana Rehbaum" in own
    assert "Tobias Kettelhack" not in own
    assert "Pläne, Ziele, Überprüfungen, Intensität und Auslastung gelten für Ihre eigenen Akten." in text
    assert "Tobias Kettelhack" not in text, (
        "levels of a colleague tell what health decides in a file stood in for"
    )


@pytest.mark.parametrize("url", ["/reports/?place=PFI", "/reports/cases/?place=PFI", "/reports/?place=NIX"])
def test_a_municipality_one_does_not_serve_does_not_exist(browse, url):
    browse("officer", url, status=404)


def test_the_coordinator_may_look_at_one_municipality(browse):
    assert "Übersicht Pfinztal" in words(browse("coordinator", "/reports/?place=PFI&period=2026-10"))


def test_figures_lead_to_the_list_behind_them(browse):
    html = browse("officer", "/reports/")
    for link in ("phase=working", "phase=active", "state=review"):
        assert f"/reports/cases/?{link}" in html
    assert "/reports/cases/" not in browse("manager", "/reports/").split("<main")[1]


@pytest.mark.parametrize("username", ["officer", "coordinator"])
def test_figures_of_a_finished_period_say_that_the_list_is_of_today(browse, username):
    said = "Die Zahlen gelten für den Zeitraum bis 31.10.2026; dahinter steht die Fallliste von heute."
    html = browse(username, "/reports/?period=2026-10")
    assert said in words(html)
    assert "/reports/cases/?phase=active" in html
    assert said not in words(browse(username, "/reports/"))
    assert "Fallliste" not in words(browse("manager", "/reports/?period=2026-10"))


def test_bars_lead_where_their_numbers_in_the_table_lead(browse):
    html = browse("coordinator", "/reports/?place=STU")
    for name in ("phases", "intensity"):
        figure = re.search(rf'id="{name}-fig">(.*?)</figure>', html, re.S).group(1)
        picture, table = figure.split('<div data-part="table"')
        links = {unescape(link) for link in re.findall(r'href="([^"]*)"', picture.split("</figcaption>")[1])}
        told = re.findall(r'<a href="([^"]*)">([^<]*)</a>', table)
        assert links == {unescape(link) for link, number in told if name == "phases" or number != "0"}


def test_the_list_has_as_many_cases_as_the_figure_says(browse):
    everybody_is_listed()
    figure = re.search(r'state=review">(\d+)</a>', browse("officer", "/reports/"))
    listed = words(browse("officer", "/reports/cases/?state=review"))
    assert f"{figure.group(1)} Fälle, nach Listennummer." in listed


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", lambda rows: rows.exclude(phase=Phase.CLOSED)),
        ("phase=closed", lambda rows: rows.filter(phase=Phase.CLOSED)),
        ("phase=working", lambda rows: rows.filter(phase__in=("contacting", "intake", "active"))),
        (
            "level=regular",
            lambda rows: rows.filter(intensity="regular").exclude(phase__in=("closed", "paused")),
        ),
        ("phase=nothing&level=no&state=0", lambda rows: rows.exclude(phase=Phase.CLOSED)),
    ],
)
def test_filters_of_the_list(browse, query, expected):
    rows = expected(Client.objects.filter(municipality__code="STU").exclude(list_number=None))
    text = words(browse("officer", f"/reports/cases/?{query}"))
    assert f"{rows.count()} Fälle, nach Listennummer." in text


PER_MANAGER = [
    "manager=colleague",
    "manager=colleague&state=review",
    "manager=colleague&state=outreach",
    "manager=colleague&stage=visit",
    "manager=colleague&level=regular",
    "manager=colleague&phase=active&state=assessment",
    "manager=nobody&state=limit",
]


@pytest.mark.parametrize("query", PER_MANAGER)
def test_a_towns_officer_cannot_ask_for_the_cases_of_one_manager(browse, query):
    """The rows say what is overdue, and that per manager is for herself and the coordinator."""
    without = query.split("&", 1)[1] if "&" in query else ""
    asked = words(browse("officer", f"/reports/cases/?{query}"))
    assert asked == words(browse("officer", f"/reports/cases/?{without}"))


@pytest.mark.parametrize("url", LISTS)
def test_a_towns_officer_reads_no_manager_in_the_list(browse, url):
    html = browse("officer", url)
    for manager in User.objects.filter(role="manager"):
        assert manager.last_name not in html
    assert "manager=" not in html
    assert "Integrationsmanager:in" not in words(html)


def test_a_towns_officer_cannot_send_the_filter_either(town):
    browser = Browser()
    browser.force_login(User.objects.get(username="officer"))
    assert browser.post("/reports/cases/", {"manager": "colleague"}).status_code == 405


def test_figures_per_manager_lead_a_towns_officer_nowhere(browse):
    html = browse("officer", "/reports/")
    assert "manager=" not in html
    assert "manager=" in browse("coordinator", "/reports/")
    text = words(html)
    assert "Jana Rehbaum" in text, "her caseload and weighted load"
    levels = re.search(r'<figure class="fig[^"]*" id="intensity-fig">.*?</figure>', html, re.S).group()
    assert "Rehbaum" not in levels, "levels per manager would tell whose the overdue cases of a level are"
    for link in ("level=crisis", "level=unassessed", "phase=paused"):
        assert f"/reports/cases/?{link}" in levels


def test_the_coordinator_asks_for_the_cases_of_one_manager(browse):
    query = "state=review&manager=colleague"
    assert "Kettelhack" in words(browse("coordinator", f"/reports/cases/?{query}"))
    assert "Rehbaum" not in words(browse("coordinator", f"/reports/cases/?{query}"))


def everybody_is_listed():
    """New files are in the figures at once and in the list from the end of their quarter on."""
    for number, client in enumerate(Client.objects.filter(list_number=None), start=100_000):
        if not Client.objects.filter(list_number=number).exists():
            Client.objects.filter(pk=client.pk).update(list_number=number)


@pytest.mark.parametrize("username", ["officer", "coordinator"])
def test_every_figure_leads_to_a_list_of_as_many_cases(browse, username):
    html = browse(username, "/reports/?place=STU" if username == "coordinator" else "/reports/")
    links = set(re.findall(r'<a href="(/reports/cases/[^"]*)">(\d+)</a>', html))
    assert len(links) > 8
    everybody_is_listed()
    for url, number in links:
        if "stage=" in url:
            continue  # the funnel counts the ladders begun in the month, the list all open ones
        listed = words(browse(username, url.replace("&amp;", "&")))
        if number == "0":
            assert "Zu dieser Auswahl gibt es keinen Fall" in listed
        else:
            assert re.search(rf" {number} (Fall|Fälle), nach Listennummer\.", listed), url


def test_the_list_is_paged_by_a_key_and_shows_every_case_once(town):
    browser = Browser()
    browser.force_login(User.objects.get(username="officer"))
    url, seen = "/reports/cases/", []
    while url:
        html = browser.get(url).content.decode()
        seen += [int(number) for number in re.findall(r'<th scope="row" class="nowrap">L-(\d{6})</th>', html)]
        following = re.search(r'rel="next" href="([^"]+)"', html)
        url = f"/reports/cases/{following.group(1)}" if following else ""
    listed = Client.objects.filter(municipality__code="STU").exclude(list_number=None)
    numbers = listed.exclude(phase=Phase.CLOSED).values_list("list_number", flat=True)
    assert seen == sorted(numbers)
    assert len(seen) > 50, "more than one page"


@pytest.mark.parametrize("key", ["nonsense", "L-000001", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_paging_key_starts_at_the_beginning(browse, key):
    assert words(browse("officer", f"/reports/cases/?after={key}")).count(": L-") == cases.PAGE


def test_the_list_is_for_officers(browse):
    browse("manager", "/reports/cases/", status=403)
    browse("admin", "/reports/cases/", status=403)
    browse("admin", "/reports/", status=403)


def test_reading_figures_is_recorded_without_a_subject(browse):
    browse("officer", "/reports/cases/")
    entry = AuditEntry.objects.filter(action="report.cases_listed").last()
    assert (entry.count, entry.subject_ref) == (50, None)
    browse("officer", "/reports/")
    assert AuditEntry.objects.filter(action="report.dashboard_viewed").exists()


def queries_of(browser, url):
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        browser.get(url)
    return len(captured)


@pytest.mark.parametrize(
    ("url", "places"),
    [
        ("/reports/?period=2026-10", ("STU", "PFI")),
        ("/reports/work/?period=2026-10", ("STU", "PFI")),
        ("/reports/cases/?", ("STU", "PFI", "")),
    ],
)
def test_queries_do_not_grow_with_the_files(town, url, places):
    """The same pages for the town of 60 files and the few of its neighbour; cases also for all municipalities."""
    everybody_is_listed()
    browser = Browser()
    browser.force_login(User.objects.get(username="coordinator"))
    assert len({queries_of(browser, f"{url}&place={place}") for place in places}) == 1


@pytest.mark.parametrize("query", ["", "?phase=active", "?level=regular", "?state=outreach"])
def test_a_page_of_cases_looks_at_its_own_files_only(browse, monkeypatch, query):
    """Plans and ladders are not worked out for the files of other pages."""
    asked = []
    for module, name in ((cases, "plan_statuses"), (ladder_figures, "stages_on")):
        original = getattr(module, name)

        def spy(files, day, original=original):
            asked.append(len(files))
            return original(files, day)

        monkeypatch.setattr(module, name, spy)
    browse("officer", f"/reports/cases/{query}")
    assert len(asked) == 2
    assert max(asked) <= cases.PAGE < Client.objects.filter(municipality__code="STU").count()
