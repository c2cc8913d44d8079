"""Whatever an officer asks, no exact number depends on an attribute of a person (rules.md §8).

One person's attribute is changed, everything derived is worked out anew, and every page must say what it said before:
figures that are exact know nothing of it, and those that know of it were stored.
"""

import contextlib
import datetime as dt
import io
import re

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from appointments.models import Contact
from clients.choices import FactKind, Phase
from clients.models import Client, ClosingReason, CounsellingPeriod, Country, FactValue, SpokenLanguage, Topic
from integration_plans.models import AssessmentEntry
from reports.rules import periods
from tests.access.matrix import MATRIX
from tests.invented_town import AS_OF

pytestmark = pytest.mark.django_db

BEGAN = dt.date(2025, 9, 1)
A_FEW = ("2026-10", "2025", "2026-01_2026-02")


@pytest.fixture(autouse=True)
def on_that_monday(time_machine):
    time_machine.move_to(f"{AS_OF}T08:00:00Z", tick=False)


@pytest.fixture
def person(town):
    """Somebody active with talks, a plan's assessment, a home and languages."""
    people = Client.objects.filter(
        phase=Phase.ACTIVE, municipality__code="STU", birth_date__lt=dt.date(1990, 1, 1)
    )
    return people.exclude(assessments=None).exclude(contacts=None).order_by("pk").first()


def every_period():
    """All months since the service began, the running one too, quarters, years, and from–to between any two."""
    months = periods.month_choices(BEGAN, AS_OF)
    whole = {periods.containing(kind, m.first).code for kind in ("quarter", "year") for m in months}
    spans = [periods.months(first, last).code for first, last in zip(months[2:], months, strict=False)]
    return [*(month.code for month in months), *sorted(whole), *spans]


def addresses(role, codes):
    """Every collection a role may open, with the periods, tables and filters it offers."""
    for route, row in MATRIX.items():
        if role in row.kind.allowed and row.get == 200:
            with contextlib.suppress(NoReverseMatch):
                yield reverse(route)
    for chapter in ("reports:dashboard", "reports:work", "reports:people"):
        yield from (f"{reverse(chapter)}?period={code}" for code in codes)
    for chapter, figures in FIGURES.items():
        yield from (f"{reverse(chapter)}?period={codes[0]}&figure={name}&as=csv" for name in figures)
    for query in (
        "phase=active",
        "phase=closed",
        "level=regular",
        "state=review",
        "state=limit",
        "stage=visit",
    ):
        yield f"{reverse('reports:cases')}?{query}"
    for table in ("nationality", "age", "language", "gender", "need_finance", "topics"):
        yield f"{reverse('reports:people')}?table={table}&place=STU"


FIGURES = {
    "reports:dashboard": ("phases", "intensity", "load", "clocks", "trend"),
    "reports:work": ("summary", "channels", "funnel", "moves"),
}
"""Those of every reader, as files."""

TOKENS = re.compile(r'name="(csrfmiddlewaretoken|form_token|draft_key)" value="[^"]*"')


def written(file):
    """What stands in a downloaded list; a workbook holds the hour it was made besides."""
    if not file.startswith(b"PK"):
        return file.decode()
    return [[list(row) for row in sheet.values] for sheet in load_workbook(io.BytesIO(file))]


def everything_said(role, codes):
    """What each address answers, without what differs from request to request."""
    browser = Browser()
    browser.force_login(User.objects.get(username=role))
    found = {}
    for url in dict.fromkeys(addresses(role, codes)):
        answer = browser.get(url)
        if answer.streaming:
            found[url] = (answer.status_code, written(b"".join(answer.streaming_content)))
            continue
        main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
        found[url] = (answer.status_code, TOKENS.sub("", main.group()) if main else "")
    return found


def change_nationality(person):
    Client.objects.filter(pk=person.pk).update(nationality=Country.objects.get(code="GM"))


def change_age(person):
    """From a grown-up to somebody who comes of age in the middle of the year."""
    Client.objects.filter(pk=person.pk).update(birth_date=dt.date(2008, 5, 17), birth_precision="day")


def change_gender(person):
    Client.objects.filter(pk=person.pk).update(gender="d")


def change_language(person):
    language = SpokenLanguage.objects.get(code="mnk")
    person.client_languages.exclude(pk=person.client_languages.first().pk).delete()
    person.client_languages.update(language=language)
    Client.objects.filter(pk=person.pk).update(preferred_language=language)


def change_household(person):
    person.memberships.all().delete()
    person.relatives.all().delete()


def change_need(person):
    AssessmentEntry.objects.filter(assessment__client=person, level__gte=2).update(level=1)
    AssessmentEntry.objects.filter(assessment__client=person, level=0).update(level=4)


def change_topic(person):
    talks = Contact.objects.filter(client=person, main_topic__isnull=False)
    assert talks.exists()
    talks.update(main_topic=Topic.objects.get(code="health"), interpreter="video")


def change_facts(person):
    for kind in FactKind:
        person.facts.filter(kind=kind).update(value=FactValue.objects.filter(kind=kind).last())
    person.accommodations.update(kind="homeless", quarter="Nirgends")
    person.residences.update(status="duldung")


def change_closing_reason(person):
    closed = CounsellingPeriod.objects.filter(closed_on__year=2026, client__municipality=person.municipality)
    assert closed.exists()
    CounsellingPeriod.objects.filter(pk=closed.first().pk).update(
        closing_reason=ClosingReason.objects.get(code="deceased")
    )


CHANGES = [
    change_nationality,
    change_age,
    change_gender,
    change_language,
    change_household,
    change_need,
    change_topic,
    change_facts,
    change_closing_reason,
]


def derived_anew():
    call_command("recompute", verbosity=0)
    call_command("run_daily", "store_tables", "join_case_list", "keep_sums", verbosity=0)


def differences(before, after):
    return [url for url in before if before[url] != after[url]]


def test_no_page_says_anything_else_when_one_attribute_changes(person):
    derived_anew()
    before = everything_said("officer", A_FEW)
    assert {status for status, _text in before.values()} == {200}
    for change in CHANGES:
        change(person)
        derived_anew()
        assert differences(before, everything_said("officer", A_FEW)) == [], change.__name__


@pytest.mark.parametrize("role", ["officer", "coordinator"])
def test_no_period_says_anything_else_when_all_of_them_change(person, role):
    codes = every_period() if role == "officer" else A_FEW
    derived_anew()
    before = everything_said(role, codes)
    for change in CHANGES:
        change(person)
    derived_anew()
    assert differences(before, everything_said(role, codes)) == []


def test_the_pages_look_at_the_facts_that_may_be_seen(person):
    """Otherwise the tests above prove nothing: a phase more does change what is said."""
    before = everything_said("officer", A_FEW)
    day = dt.date(2026, 10, 1)
    person.phase_changes.create(phase=Phase.PAUSED, on=day, at=timezone.make_aware(dt.datetime(2026, 10, 1)))
    assert "/reports/?period=2026-10" in differences(before, everything_said("officer", A_FEW))
