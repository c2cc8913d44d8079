"""How a referral goes on and when its outcome is asked for (rules.md §14)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from partners.choices import ReferralState

S = ReferralState
NEXT: Mapping[str, tuple[ReferralState, ...]] = {
    S.RECOMMENDED: (S.APPOINTMENT, S.ARRIVED, S.WAITING, S.DECLINED, S.BROKEN_OFF),
    S.APPOINTMENT: (S.ARRIVED, S.APPOINTMENT, S.WAITING, S.DECLINED, S.BROKEN_OFF),
    S.WAITING: (S.APPOINTMENT, S.ARRIVED, S.DECLINED, S.BROKEN_OFF),
    S.ARRIVED: (S.BROKEN_OFF,),
    S.DECLINED: (),
    S.BROKEN_OFF: (),
    S.WITHDRAWN: (),
}
"""What may follow; a slip is taken back instead."""
OPEN = frozenset({S.RECOMMENDED, S.APPOINTMENT, S.WAITING})
"""States in which the outcome is missing."""
WITHOUT_ANSWER = datetime.timedelta(days=14)
AFTER_APPOINTMENT = datetime.timedelta(days=3)
ON_WAITING_LIST = datetime.timedelta(days=90)


def outcome_asked_on(
    state: str, since: datetime.date, appointment_on: datetime.date | None
) -> datetime.date | None:
    """From which day on the outcome is asked for; None once it is known.

    Args:
        state: where the referral stands.
        since: the day it came to stand there.
        appointment_on: the day of the partner's appointment.
    """
    if state == S.APPOINTMENT:
        return (appointment_on or since) + AFTER_APPOINTMENT
    if state == S.WAITING:
        return since + ON_WAITING_LIST
    return since + WITHOUT_ANSWER if state == S.RECOMMENDED else None
