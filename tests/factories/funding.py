"""Funding periods and what is entered for them, as the services leave it."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from documents.choices import FileType
from documents.storage import path_of
from funding.choices import BookingKind, DeadlineKind, PaperKind, ProofState
from funding.models import (
    Booking,
    BudgetLine,
    DeadlineMet,
    FundingPeriod,
    Paper,
    PerCapita,
    Position,
    Programme,
    ProofStep,
)
from tests.factories.accounts import UserFactory
from tests.factories.documents import pdf_bytes


class FundingPeriodFactory(factory.django.DjangoModelFactory):
    """The calendar year of today under the programme of integration management; without a town the district's."""

    class Meta:
        model = FundingPeriod

    programme = factory.LazyFunction(lambda: Programme.objects.get(code="integration_management"))
    since = factory.LazyFunction(lambda: timezone.localdate().replace(month=1, day=1))
    until = factory.LazyAttribute(lambda period: period.since.replace(month=12, day=31))
    recorded_by = factory.SubFactory(UserFactory, officer=True)
    recorded_at = factory.LazyFunction(timezone.now)


class EntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    period = factory.SubFactory(FundingPeriodFactory)
    recorded_by = factory.SelfAttribute("period.recorded_by")
    recorded_at = factory.LazyFunction(timezone.now)


class BookingFactory(EntryFactory):
    """51.000 € for personnel, approved at the beginning of the period."""

    class Meta:
        model = Booking

    line = factory.LazyFunction(lambda: BudgetLine.objects.get(code="personnel"))
    kind = BookingKind.APPROVED
    day = factory.SelfAttribute("period.since")
    amount = 5_100_000


class PerCapitaFactory(EntryFactory):
    class Meta:
        model = PerCapita

    reference_on = factory.SelfAttribute("period.since")
    persons = 120
    amount = 112_500


class PositionFactory(EntryFactory):
    class Meta:
        model = Position

    share = Decimal("0.50")
    since = factory.SelfAttribute("period.since")
    until = factory.SelfAttribute("period.until")


class ProofStepFactory(EntryFactory):
    class Meta:
        model = ProofStep

    state = ProofState.IN_WORK
    day = factory.LazyFunction(timezone.localdate)


class DeadlineMetFactory(EntryFactory):
    class Meta:
        model = DeadlineMet

    kind = DeadlineKind.FIGURES
    due_on = factory.LazyAttribute(lambda met: datetime.date(met.period.since.year + 1, 1, 31))


class PaperFactory(factory.django.DjangoModelFactory):
    """A notice of approval whose bytes are in the storage."""

    class Meta:
        model = Paper
        skip_postgeneration_save = True

    period = factory.SubFactory(FundingPeriodFactory)
    kind = PaperKind.APPROVAL
    name = "Bewilligung.pdf"
    file_type = FileType.PDF
    size = len(pdf_bytes())
    sha256 = "0" * 64
    stored_as = factory.LazyFunction(uuid.uuid4)
    added_at = factory.LazyFunction(timezone.now)
    added_by = factory.SelfAttribute("period.recorded_by")

    @factory.post_generation
    def content(self, create: bool, extracted: bytes | None, **kwargs: Any) -> None:
        path = path_of(self.stored_as)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(extracted or pdf_bytes())
