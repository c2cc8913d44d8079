"""The page that closes a file settles what is open in it, and asks once how things stand at the end."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.choices import FactKind
from clients.models import ClosingReason, DatedFact, FactValue
from tests.access.typing import typed_form
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import AccommodationFactory, ClientFactory
from tests.factories.plans import agreed

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(cast):
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee)


@pytest.fixture
def browser(cast, as_user):
    return as_user(cast.manager)


def path_of(file):
    return reverse("clients:close", args=[file.uuid])


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def close(browser, file, **typed):
    form = typed_form(browser.get(path_of(file)).content.decode())
    reason = ClosingReason.objects.order_by("order").first()
    post = {**form.completed({}), "reason": str(reason.pk), "on": timezone.localdate().isoformat(), **typed}
    return browser.post(path_of(file), post, follow=True)


def value(kind, place=0):
    return FactValue.objects.filter(kind=kind).order_by("order")[place]


def test_open_work_is_settled_on_the_page_and_then_the_file_closes(browser, cast, file):
    now = timezone.now()
    for days in (-2, 5):
        starts = now + datetime.timedelta(days=days)
        AppointmentFactory(
            client=file,
            manager=cast.manager,
            starts_at=starts,
            ends_at=starts + datetime.timedelta(minutes=30),
        )
    FollowUpFactory(client=file, owner=cast.manager, text="Bescheid der Wohngeldstelle")
    page = browser.get(path_of(file))
    assert "Vor dem Abschluss ist noch zu klären – Termine: 2, Wiedervorlagen: 1." in text_of(page)
    assert "Bescheid der Wohngeldstelle" in text_of(page)
    assert "Termine: 2" in close(browser, file).context["form"].non_field_errors()[0]

    for posted in re.findall(
        r'<form method="post" action="([^"]+(?:outcome|done)/[^"]*)">(.*?)</form>',
        page.content.decode(),
        re.DOTALL,
    ):
        address, inside = posted[0].replace("&amp;", "&"), posted[1]
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside))
        said = re.search(r'name="outcome" value="(cancelled_client)"', inside)
        post = {**fields, **({"outcome": said.group(1)} if said else {})}
        answer = browser.post(address, post)
        assert answer.headers["Location"] == path_of(file)

    assert "noch zu klären" not in text_of(browser.get(path_of(file)))
    close(browser, file, note="Hat Arbeit und Wohnung gefunden")
    file.refresh_from_db()
    assert file.is_closed
    assert file.periods.get().closing_note == "Hat Arbeit und Wohnung gefunden"


def test_what_changed_by_the_end_is_recorded_and_what_did_not_is_not(browser, file):
    today = timezone.localdate()
    german, work = value(FactKind.GERMAN_LEVEL), value(FactKind.EMPLOYMENT)
    for kind, known in ((FactKind.GERMAN_LEVEL, german), (FactKind.EMPLOYMENT, work)):
        DatedFact.objects.create(
            client=file,
            kind=kind,
            value=known,
            since=today - datetime.timedelta(days=100),
            recorded_at=timezone.now() - datetime.timedelta(days=30),
        )
    AccommodationFactory(client=file)
    better = value(FactKind.GERMAN_LEVEL, 3)
    close(browser, file, german_level=str(better.pk), employment=str(work.pk), housing="private")
    file.refresh_from_db()
    assert file.is_closed
    facts = DatedFact.objects.filter(client=file).order_by("kind", "since")
    assert [(fact.kind, fact.value, fact.until is None) for fact in facts] == [
        ("employment", work, True),
        ("german_level", german, False),
        ("german_level", better, True),
    ]
    assert file.accommodations.get(until=None).kind == "private"
    assert file.accommodations.get(until=None).since == today


def test_an_entry_of_the_same_day_is_said_at_its_field_and_nothing_is_written(browser, file):
    today = timezone.localdate()
    DatedFact.objects.create(
        client=file,
        kind=FactKind.GERMAN_LEVEL,
        value=value(FactKind.GERMAN_LEVEL),
        since=today - datetime.timedelta(days=5),
        recorded_at=timezone.now() - datetime.timedelta(days=2),
    )
    day = (today - datetime.timedelta(days=5)).isoformat()
    answer = close(
        browser, file, on=day, german_level=str(value(FactKind.GERMAN_LEVEL, 2).pk), note="Bleibt stehen"
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["german_level"]
    assert "Bleibt stehen" in text_of(answer)
    file.refresh_from_db()
    assert not file.is_closed
    assert DatedFact.objects.filter(client=file).count() == 1


def test_open_goals_and_the_last_assessment_are_offered(browser, cast, file):
    agreed(file, "Ausbildung finden")
    page = text_of(browser.get(path_of(file)))
    assert "Offene Ziele" in page
    assert "Ergebnis eintragen" in page
    assert "Bedarf zum Schluss" in page
    assert f"next=%2Fclients%2F{file.uuid}%2Fclose%2F" in page
