"""What may follow a referral, and when its outcome is asked for (rules.md §14)."""

import datetime

import pytest

from partners.choices import ReferralState as S
from partners.rules.network import is_stale
from partners.rules.referral import NEXT, OPEN, outcome_asked_on

DAY = datetime.date(2026, 3, 2)


def later(days):
    return DAY + datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("state", "appointment_on", "asked_on"),
    [
        (S.RECOMMENDED, None, later(14)),
        (S.APPOINTMENT, later(20), later(23)),
        (S.WAITING, None, later(90)),
        (S.ARRIVED, None, None),
        (S.DECLINED, None, None),
        (S.BROKEN_OFF, None, None),
        (S.WITHDRAWN, None, None),
    ],
)
def test_an_outcome_is_asked_for_until_it_is_known(state, appointment_on, asked_on):
    assert outcome_asked_on(state, DAY, appointment_on) == asked_on


def test_every_state_says_what_may_follow_and_open_ones_lead_on():
    assert set(NEXT) == set(S)
    assert {state for state in S if S.ARRIVED in NEXT[state]} == OPEN
    assert all(S.RECOMMENDED not in following for following in NEXT.values())


@pytest.mark.parametrize(("confirmed_on", "stale"), [("2025-03-02", False), ("2025-03-01", True)])
def test_an_entry_is_current_for_twelve_months(confirmed_on, stale):
    assert is_stale(datetime.date.fromisoformat(confirmed_on), DAY) is stale
