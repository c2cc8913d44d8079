"""Case numbers: a counter per municipality and year, gaps allowed, kept for life."""

from django.db import IntegrityError, transaction

from accounts.models import Municipality
from clients.models import CaseNumberCounter
from clients.rules.names import format_case_number


def draw_case_numbers(municipality: Municipality, year: int, count: int = 1) -> list[str]:
    """Draw a block of numbers; call it inside a transaction, which keeps the counter row locked until it ends.

    Args:
        municipality: its code begins the number.
        year: the year of registration.
        count: how many, for imports.
    """
    counter = _locked_counter(municipality, year)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return [format_case_number(municipality.code, year, number) for number in range(first, first + count)]


def _locked_counter(municipality: Municipality, year: int) -> CaseNumberCounter:
    rows = CaseNumberCounter.objects.select_for_update(no_key=True)
    counter = rows.filter(municipality=municipality, year=year).first()
    if counter is not None:
        return counter
    try:
        # A savepoint: on PostgreSQL two first registrations of a year may meet here.
        with transaction.atomic():
            return CaseNumberCounter.objects.create(municipality=municipality, year=year)
    except IntegrityError:
        return rows.get(municipality=municipality, year=year)
