"""A funding period is a town's or the district's, and its former terms stay."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from funding.models import FundingPeriod, Programme
from funding.services.periods import change_terms, open_period
from tests.factories.clients import ClientFactory
from tests.factories.funding import BookingFactory, FundingPeriodFactory, PositionFactory

pytestmark = pytest.mark.django_db
day = datetime.date


def typed(**changes):
    programme = Programme.objects.get(code="integration_officers")
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "programme": str(programme.pk),
        "since": "2026-01-01",
        "until": "2026-12-31",
        "reference": "15.2-4711",
        **changes,
    }


def test_an_officer_enters_one_for_her_town(as_user, cast):
    answer = as_user(cast.officer).post(reverse("funding:new"), typed(), follow=True)
    period = FundingPeriod.objects.get()
    assert (period.municipality, period.recorded_by) == (cast.stutensee, cast.officer)
    assert "Der Förderzeitraum ist eingetragen." in answer.content.decode()
    assert "15.2-4711" in answer.content.decode()


def test_the_coordination_enters_one_for_the_district(as_user, cast):
    as_user(cast.coordinator).post(reverse("funding:new"), typed())
    assert FundingPeriod.objects.get().municipality is None


def test_to_before_from_is_refused_at_its_field(as_user, cast):
    answer = as_user(cast.officer).post(reverse("funding:new"), typed(until="2025-12-31"))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"until": ["Das Ende liegt vor dem Beginn."]}
    assert not FundingPeriod.objects.exists()


def test_nobody_enters_money_of_another_town(cast):
    programme = Programme.objects.first()
    for place, user in (
        (cast.pfinztal, cast.officer),
        (None, cast.officer),
        (cast.stutensee, cast.coordinator),
    ):
        period = FundingPeriod(
            programme=programme, municipality=place, since=day(2026, 1, 1), until=day(2026, 12, 31)
        )
        with pytest.raises(PermissionDenied):
            open_period(Actor(user), period)
    assert not FundingPeriod.objects.exists()


def test_who_reads_what(cast, period):
    district = FundingPeriodFactory()
    elsewhere = FundingPeriodFactory(municipality=cast.pfinztal)
    readable = {code: set(FundingPeriod.objects.visible_to(user)) for code, user in cast.users.items()}
    nobody = {code: set() for code in ("manager", "colleague", "substitute", "former", "outsider", "admin")}
    assert readable == {
        **nobody,
        "officer": {period},
        "officer_elsewhere": {elsewhere},
        "coordinator": {period, district, elsewhere},
    }
    assert set(FundingPeriod.objects.editable_by(cast.coordinator)) == {district}
    assert set(FundingPeriod.objects.editable_by(cast.officer)) == {period}


def test_the_coordination_reads_a_towns_money_without_a_button(as_user, cast, period):
    page = as_user(cast.coordinator).get(period.get_absolute_url()).content.decode()
    assert "Stutensee" in page
    assert reverse("funding:booking_new", args=[period.uuid]) not in page


def test_a_prolonged_period_keeps_its_former_terms(as_user, cast, period):
    as_user(cast.officer).post(
        reverse("funding:terms", args=[period.uuid]),
        typed(until="2027-06-30", reference="neu"),
    )
    period.refresh_from_db()
    assert (period.until, period.version) == (day(2027, 6, 30), 2)
    [former] = period.former_terms.all()
    assert (former.until, former.reference, former.recorded_by) == (day(2026, 12, 31), "", cast.officer)
    page = as_user(cast.officer).get(period.get_absolute_url()).content.decode()
    assert "01.01.2026–31.12.2026" in page


def test_a_period_is_not_cut_shorter_than_its_positions(cast, period):
    PositionFactory(period=period, person=cast.manager)
    period.until = day(2026, 6, 30)
    with pytest.raises(ValidationError) as refused:
        change_terms(Actor(cast.officer), period, expected_version=1)
    assert refused.value.message_dict == {"until": ["Eine Stelle reicht bis 31.12.2026."]}


def test_the_overview_says_what_is_open_ends_and_is_not_spent(as_user, cast, period, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC))
    period.programme = Programme.objects.get(code="integration_officers")
    period.save()
    FundingPeriod.objects.update(recorded_at=datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC))
    BookingFactory(period=period, amount=5_100_000)
    BookingFactory(period=period, kind="spent", amount=1_234_567)
    page = as_user(cast.officer).get(reverse("funding:list")).content.decode().replace("\u00a0", " ")
    assert "Antrag für die Zeit danach" in page
    assert "So 15.11." in page
    assert "in 13 Tagen" in page
    assert "Endet binnen sechs Monaten" in page
    assert "1 Zeitraum läuft; bewilligt und noch nicht ausgegeben sind 38.654,33 €." in page


def test_no_page_of_funding_knows_a_client(as_user, cast, period):
    ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Zwitscherlibelle")
    BookingFactory(period=period)
    for user in (cast.officer, cast.coordinator):
        for path in (
            reverse("funding:list"),
            period.get_absolute_url(),
            reverse("funding:bookings", args=[period.uuid]),
        ):
            assert "Zwitscherlibelle" not in as_user(user).get(path).content.decode()


def statements(browser, path):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def test_pages_take_the_same_number_of_statements_for_one_row_and_for_many(as_user, cast, period):
    browser = as_user(cast.officer)
    BookingFactory(period=period)
    PositionFactory(period=period, person=cast.manager)
    paths = (
        reverse("funding:list"),
        period.get_absolute_url(),
        reverse("funding:bookings", args=[period.uuid]),
    )
    few = [statements(browser, path) for path in paths]
    for _number in range(12):
        BookingFactory(period=period)
        PositionFactory(period=period, person=cast.colleague)
        BookingFactory(period=FundingPeriodFactory(municipality=cast.stutensee))
    assert [statements(browser, path) for path in paths] == few


def test_the_coordination_reads_the_overview_of_one_town(as_user, cast, period, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC))
    FundingPeriod.objects.update(recorded_at=datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC))
    dates = {"since": day(2026, 1, 1), "until": day(2026, 12, 31)}
    district = FundingPeriodFactory(**dates)
    elsewhere = FundingPeriodFactory(municipality=cast.pfinztal, **dates)
    for one, amount in ((period, 100), (district, 200), (elsewhere, 400)):
        BookingFactory(period=one, amount=amount, about=f"ref-{amount}")
    browser = as_user(cast.coordinator)

    def shown(query=""):
        html = browser.get(f"{reverse('funding:list')}{query}").content.decode().replace("\u00a0", " ")
        periods = [one for one in (period, district, elsewhere) if one.get_absolute_url() in html]
        return periods, html

    found, html = shown()
    assert found == [period, district, elsewhere]
    assert 'href="?place=PFI"' in html
    found, html = shown("?place=PFI")
    assert found == [elsewhere]
    assert "1 Zeitraum läuft; bewilligt und noch nicht ausgegeben sind 4,00 €." in html
    assert f"{reverse('funding:export')}?place=PFI" in html
    assert browser.get(f"{reverse('funding:list')}?place=NIX").status_code == 404
    file = b"".join(browser.get(f"{reverse('funding:export')}?place=PFI").streaming_content).decode()
    assert [word for word in ("ref-100", "ref-200", "ref-400") if word in file] == ["ref-400"]


def test_an_officer_of_one_town_has_nothing_to_choose(as_user, cast, period):
    browser = as_user(cast.officer)
    assert "alle Kommunen" not in browser.get(reverse("funding:list")).content.decode()
    assert browser.get(f"{reverse('funding:list')}?place=PFI").status_code == 404
    assert browser.get(f"{reverse('funding:export')}?place=PFI").status_code == 404
