"""A folder of its own for kept files, and a funding period of the officer's town."""

import datetime

import pytest

from tests.factories.funding import FundingPeriodFactory


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    return settings.DOCUMENTS_DIR


@pytest.fixture
def period(cast):
    return FundingPeriodFactory(
        municipality=cast.stutensee,
        since=datetime.date(2026, 1, 1),
        until=datetime.date(2026, 12, 31),
        recorded_by=cast.officer,
    )
