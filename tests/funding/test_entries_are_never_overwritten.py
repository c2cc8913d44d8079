"""Bookings, per-capita amounts and positions are corrected by a new version or reversed; what was there stays."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Service
from funding.models import Booking, BudgetLine, PerCapita, Position
from funding.services.entries import enter, follow
from funding.services.entries import reverse as reverse_entry
from funding.sums import sums_of
from tests.factories.funding import BookingFactory, FundingPeriodFactory, PerCapitaFactory, PositionFactory

pytestmark = pytest.mark.django_db
day = datetime.date


def typed(**changes):
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "kind": "approved",
        "line": str(BudgetLine.objects.get(code="personnel").pk),
        "day": "2026-01-15",
        "amount": "51.000",
        "about": "Bescheid 4711",
        **changes,
    }


def url(name, period, *rows):
    return reverse(f"funding:{name}", args=[period.uuid, *(row.uuid for row in rows)])


def total(period):
    return sums_of([period])[period.pk].total


def test_it_is_booked_exactly(as_user, cast, period):
    as_user(cast.officer).post(url("booking_new", period), typed(amount="1.234,5 €"))
    booking = Booking.objects.get()
    assert (booking.amount, booking.kind, booking.recorded_by) == (123_450, "approved", cast.officer)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"amount": "1,234.50"}, "amount", "Bitte die Cent hinter ein Komma schreiben"),
        ({"amount": "12.34"}, "amount", "Bitte die Cent hinter ein Komma schreiben"),
        ({"amount": "1,234"}, "amount", "Hinter dem Komma stehen die Cent"),
        ({"amount": "viel"}, "amount", "Bitte geben Sie einen Betrag wie 1.234,50 an."),
        ({"amount": "0"}, "amount", "Bitte geben Sie einen anderen Betrag als null an."),
        ({"amount": "-5", "kind": "spent"}, "amount", "Eine Ausgabe liegt über null."),
        ({"amount": "-5"}, "amount", "Dann wäre in dieser Zeile weniger als nichts bewilligt"),
        ({"day": "2090-01-01"}, "day", "Bitte das Jahr prüfen"),
        ({"day": ""}, "day", "Bitte „Tag“ ausfüllen."),
    ],
)
def test_what_is_refused_says_why_at_its_field_and_stays(as_user, cast, period, changes, field, said):
    answer = as_user(cast.officer).post(url("booking_new", period), typed(**changes))
    assert answer.status_code == 422
    assert said in answer.context["form"].errors[field][0]
    assert "Bescheid 4711" in answer.content.decode()
    assert not Booking.objects.exists()


def test_a_day_to_come_is_refused(as_user, cast, period):
    tomorrow = timezone.localdate() + datetime.timedelta(days=2)
    answer = as_user(cast.officer).post(url("booking_new", period), typed(day=tomorrow.isoformat()))
    assert answer.context["form"].errors == {"day": ["Dieser Tag kommt erst noch."]}


def test_more_spent_than_approved_is_said_and_kept(as_user, cast, period):
    BookingFactory(period=period, amount=10_000)
    answer = as_user(cast.officer).post(
        url("booking_new", period), typed(kind="spent", amount="150"), follow=True
    )
    page = answer.content.decode().replace("\u00a0", " ")
    assert "In der Zeile „Personalkosten“ sind 50,00 € mehr ausgegeben als bewilligt." in page
    assert "50,00 € zu viel" in page
    assert (total(period).spent, total(period).overspent) == (15_000, 5_000)


def test_a_correction_is_a_new_version(as_user, cast, period):
    wrong = BookingFactory(period=period, amount=5_100_000)
    as_user(cast.officer).post(
        url("booking_correct", period, wrong), typed(amount="15.000", reason="Zahlendreher")
    )
    right = Booking.objects.current().get()
    assert (right.amount, right.replaces, right.reason, right.recorded_by) == (
        1_500_000,
        wrong,
        "Zahlendreher",
        cast.officer,
    )
    wrong.refresh_from_db()
    assert (wrong.amount, wrong.is_current) == (5_100_000, False)
    assert total(period).approved == 1_500_000
    page = as_user(cast.officer).get(url("bookings", period)).content.decode()
    assert "berichtigt" in page
    assert "Zahlendreher" in page


def test_a_reversal_stays_beside_what_it_reverses(as_user, cast, period):
    booking = BookingFactory(period=period)
    as_user(cast.officer).post(
        url("booking_reverse", period, booking),
        {"form_token": str(uuid.uuid4()), "reason": "Doppelt gebucht"},
    )
    assert Booking.objects.count() == 2
    assert not Booking.objects.current().exists()
    assert total(period).approved == 0


def test_of_two_corrections_the_second_is_told(cast, period):
    booking = BookingFactory(period=period)
    for number in (1, 2):
        new = follow(booking)
        new.amount, new.reason = number * 100, "Versehen"
        if number == 1:
            enter(Actor(cast.officer), new)
        else:
            with pytest.raises(ValidationError, match="inzwischen berichtigt oder storniert"):
                enter(Actor(cast.officer), new)
    assert [row.amount for row in Booking.objects.current()] == [100]


def test_a_reduction_takes_back_no_more_than_was_approved(cast, period):
    approved = BookingFactory(period=period, amount=10_000)
    line = approved.line
    reduction = Booking(period=period, line=line, kind="approved", day=day(2026, 2, 1), amount=-10_000)
    enter(Actor(cast.officer), reduction)
    assert total(period).approved == 0
    with pytest.raises(ValidationError) as refused:
        reverse_entry(Actor(cast.officer), approved, reason="Versehen")
    assert "weniger als nichts bewilligt" in refused.value.message_dict["amount"][0]


def test_a_correction_leaves_no_line_below_zero(cast, period):
    approved = BookingFactory(period=period, amount=10_000)
    reduction = Booking(
        period=period, line=approved.line, kind="approved", day=day(2026, 2, 1), amount=-8_000
    )
    enter(Actor(cast.officer), reduction)
    moved = follow(approved)
    moved.line, moved.reason = BudgetLine.objects.get(code="training"), "Falsche Zeile"
    with pytest.raises(ValidationError, match="weniger als nichts bewilligt"):
        enter(Actor(cast.officer), moved)
    assert total(period).approved == 2_000


def test_nobody_books_in_what_she_may_only_read(cast, period):
    booking = BookingFactory(period=period)
    new = follow(booking)
    new.reason = "Versehen"
    for user in (cast.coordinator, cast.officer_elsewhere, cast.manager):
        with pytest.raises(PermissionDenied):
            enter(Actor(user), new)
        with pytest.raises(PermissionDenied):
            reverse_entry(Actor(user), booking, reason="Versehen")
    assert Booking.objects.count() == 1


def test_persons_assigned_are_entered_and_not_counted(as_user, cast, period):
    as_user(cast.officer).post(
        url("per_capita_new", period),
        typed(reference_on="2026-01-01", persons="182", amount="1.125,00"),
    )
    found = PerCapita.objects.get()
    assert (found.persons, found.total) == (182, 20_475_000)
    page = as_user(cast.officer).get(period.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "182 Personen am 01.01.2026" in page
    assert "1.125,00 € je Person, zusammen 204.750,00 €" in page


def test_a_number_of_persons_below_zero_is_refused(as_user, cast, period):
    answer = as_user(cast.officer).post(
        url("per_capita_new", period),
        typed(reference_on="2026-01-01", persons="-1", amount="-5"),
    )
    assert set(answer.context["form"].errors) == {"persons", "amount"}
    assert answer.context["form"].errors["amount"] == ["Ein Betrag unter null ergibt hier keinen Sinn."]


def test_a_corrected_reference_date_is_told(as_user, cast, period):
    row = PerCapitaFactory(period=period)
    as_user(cast.officer).post(
        url("per_capita_correct", period, row),
        typed(reference_on="2026-01-01", persons="121", amount="1.125", reason="Nachmeldung"),
    )
    page = as_user(cast.officer).get(period.get_absolute_url()).content.decode()
    assert "121 Personen" in page
    assert "Nachmeldung" in page


def place(person, share="0,5", **changes):
    return typed(
        **{"person": str(person.pk), "share": share, "since": "2026-01-01", "until": "2026-12-31", **changes}
    )


def test_a_position_is_paid_to_a_share(as_user, cast, period):
    as_user(cast.officer).post(url("position_new", period), place(cast.manager, "0,75"))
    found = Position.objects.get()
    assert (found.person, found.share) == (cast.manager, Decimal("0.75"))


def test_shares_are_never_more_than_her_position_whoever_pays(as_user, cast, period):
    elsewhere = FundingPeriodFactory(since=day(2026, 7, 1), until=day(2027, 6, 30))
    PositionFactory(period=elsewhere, person=cast.manager, share=Decimal("0.75"))
    answer = as_user(cast.officer).post(url("position_new", period), place(cast.manager))
    assert answer.context["form"].errors == {
        "share": ["Am 01.07.2026 sind von der Stelle (1,00) nur 0,25 frei."]
    }
    assert (
        as_user(cast.officer)
        .post(url("position_new", period), place(cast.manager, until="2026-06-30"))
        .status_code
        == 302
    )


def test_a_smaller_position_leaves_less(as_user, cast, period):
    Service.objects.filter(user=cast.manager).update(fte_share=Decimal("0.50"))
    answer = as_user(cast.officer).post(url("position_new", period), place(cast.manager, "0,6"))
    assert answer.context["form"].errors == {
        "share": ["Am 01.01.2026 sind von der Stelle (0,50) nur 0,50 frei."]
    }
    Service.objects.filter(user=cast.manager).update(until=day(2026, 3, 31))
    answer = as_user(cast.officer).post(url("position_new", period), place(cast.manager))
    assert (
        answer.context["form"]
        .errors["share"][0]
        .startswith("Am 01.04.2026 ist für diese Person keine Stelle")
    )


def test_a_corrected_share_does_not_stand_in_its_own_way(as_user, cast, period):
    row = PositionFactory(period=period, person=cast.manager, share=Decimal("0.75"))
    answer = as_user(cast.officer).post(
        url("position_correct", period, row), place(cast.manager, "1", reason="Aufgestockt")
    )
    assert answer.status_code == 302
    assert Position.objects.unscoped(reason="test").current().get().share == 1


def test_a_position_outside_its_period_is_refused_at_its_fields(as_user, cast, period):
    answer = as_user(cast.officer).post(
        url("position_new", period), place(cast.manager, since="2025-12-31", until="2027-01-01")
    )
    assert answer.context["form"].errors == {
        "since": ["Der Förderzeitraum beginnt später."],
        "until": ["Der Förderzeitraum endet vorher."],
    }


def test_whoever_serves_elsewhere_is_not_offered(as_user, cast, period):
    answer = as_user(cast.officer).post(url("position_new", period), place(cast.outsider))
    assert set(answer.context["form"].errors) == {"person"}


def body(answer):
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_treasury_gets_every_version_and_what_counts(as_user, cast, period):
    wrong = BookingFactory(period=period, amount=5_100_000, about="=cmd|calc")
    new = follow(wrong)
    new.amount, new.reason, new.about = 1_500_000, "Zahlendreher", "Bescheid"
    enter(Actor(cast.officer), new)
    enter(
        Actor(cast.officer),
        Booking(period=period, line=wrong.line, kind="approved", day=day(2026, 3, 1), amount=-250_050),
    )
    answer = as_user(cast.officer).get(reverse("funding:export"))
    raw = b"".join(answer.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    head, *rows = raw.decode("utf-8-sig").splitlines()
    assert head.startswith('"Programm";"Wessen";')
    columns = [row.strip('"').split('";"') for row in rows]
    assert [(row[8], row[9], row[11]) for row in columns] == [
        ("51000,00", "", "berichtigt"),
        ("15000,00", "15000,00", "gilt"),
        ("-2500,50", "-2500,50", "gilt"),
    ]
    assert columns[0][10] == "'=cmd|calc"
    assert "foerderung-" in answer["Content-Disposition"]


def test_a_file_holds_what_its_reader_may_read(as_user, cast, period):
    BookingFactory(period=period)
    BookingFactory(period=FundingPeriodFactory(municipality=cast.pfinztal))
    lines = {
        code: len(body(as_user(user).get(reverse("funding:export"))).splitlines()) - 1
        for code, user in (("officer", cast.officer), ("coordinator", cast.coordinator))
    }
    assert lines == {"officer": 1, "coordinator": 2}
    assert len(body(as_user(cast.officer).get(url("period_export", period))).splitlines()) == 2


def test_what_was_reversed_is_not_corrected_back(as_user, cast, period):
    reversal = reverse_entry(Actor(cast.officer), BookingFactory(period=period), reason="doppelt")
    answer = as_user(cast.officer).post(
        url("booking_correct", period, reversal), typed(reason="Zahlendreher")
    )
    assert answer.status_code == 422
    assert "Dieser Eintrag ist storniert" in answer.text
    assert not Booking.objects.current().exists()
