"""A year small enough to be counted by hand: what happened in 2025 in Stutensee, and a little in Pfinztal.

Stutensee: Amal, Bilal and Chadi have files of Jana Rehbaum (``manager``), Dunya one of Tobias Kettelhack
(``colleague``). Pfinztal: Edon has a file of Silke Wiedenroth (``outsider``).
"""

import datetime as dt

from appointments.choices import AppointmentState, Channel, Excuse, Result, SessionState, SpokenWith
from clients.choices import Phase
from clients.models import Client
from integration_plans.choices import AgreementOutcome, GoalState
from integration_plans.models import GoalProgress, PlanVersion
from partners.choices import ReferralState
from tests.cast import Cast
from tests.factories.appointments import (
    AppointmentFactory,
    ContactFactory,
    GroupEventFactory,
    SessionFactory,
)
from tests.factories.clients import EnquiryFactory
from tests.factories.network import ReferralFactory
from tests.reports.settlement import at, close, settle

D = dt.date


def talk(client: Client, day: dt.date, channel: Channel = Channel.OFFICE, others: tuple = (), **more):
    """A held talk on a day."""
    return ContactFactory(client=client, happened_at=at(day), channel=channel, participants=others, **more)


def appointment(client: Client, day: dt.date, outcome: AppointmentState, **more):
    """An agreed appointment of a day with its outcome."""
    return AppointmentFactory(client=client, starts_at=at(day, 11), outcome=outcome, **more)


def plan(client: Client, number: int, day: dt.date, outcome: AgreementOutcome, review: dt.date | None = None):
    """A version agreed or declined on a day."""
    return PlanVersion.objects.create(
        client=client,
        number=number,
        outcome=outcome,
        agreed_on=day,
        review_on=review,
        started_by=client.manager,
        started_at=at(day, 8),
        closed_by=client.manager,
        closed_at=at(day, 9),
    )


def live_through(cast: Cast) -> dict[str, Client]:
    """Write the year; returns the files by name."""
    manager, colleague, outsider = cast.manager, cast.colleague, cast.outsider
    here, there = cast.stutensee, cast.pfinztal
    (amal,) = settle(here, 1, D(2024, 3, 1), manager=manager, one_day=True)
    (bilal,) = settle(here, 1, D(2025, 2, 3), manager=manager, one_day=True)
    (chadi,) = settle(here, 1, D(2025, 5, 5), manager=manager, one_day=True, phase=Phase.PAUSED)
    (dunya,) = settle(here, 1, D(2025, 6, 2), manager=colleague, one_day=True)
    (edon,) = settle(there, 1, D(2025, 7, 1), manager=outsider, one_day=True)

    # Talks of the year in Stutensee: office 2, phone 1, home visit 1, letter with a topic 0, bare appointment 1.
    talk(amal, D(2025, 1, 7))
    talk(amal, D(2025, 12, 31), others=(bilal,))  # a joint talk: one talk, two persons
    talk(bilal, D(2025, 3, 4), Channel.PHONE)
    talk(dunya, D(2025, 8, 5), Channel.HOME_VISIT)
    appointment(dunya, D(2025, 9, 9), AppointmentState.HELD)  # nobody wrote about it: a talk in the office
    # Not in the year, and not in the town.
    talk(amal, D(2024, 12, 31))
    talk(amal, D(2026, 1, 1))
    talk(edon, D(2025, 10, 1))
    # No talks: an attempt, work with the Jobcenter, a visit nobody opened at.
    ContactFactory(client=bilal, happened_at=at(D(2025, 4, 1)), unreached=True)
    ContactFactory(
        client=bilal,
        happened_at=at(D(2025, 4, 2)),
        channel=Channel.PHONE,
        spoken_with=SpokenWith.THIRD_PARTY,
    )
    ContactFactory(
        client=amal,
        happened_at=at(D(2025, 4, 3)),
        channel=Channel.HOME_VISIT,
        spoken_with=SpokenWith.NOBODY,
        result=Result.NOT_MET,
    )

    # Referrals: two here, one entered by mistake, one of the year before; one there.
    for client, day, state in (
        (amal, D(2025, 3, 3), ReferralState.ARRIVED),
        (bilal, D(2025, 12, 31), ReferralState.RECOMMENDED),
        (bilal, D(2025, 4, 4), ReferralState.WITHDRAWN),
        (amal, D(2024, 12, 30), ReferralState.ARRIVED),
        (edon, D(2025, 8, 1), ReferralState.DECLINED),
    ):
        ReferralFactory(client=client, recommended_on=day, state=state)

    # Appointments: held 1 (above), unexcused 1, excused 1, undecided 1, cancelled 1; one by letter is in no rate.
    appointment(amal, D(2025, 2, 4), AppointmentState.NO_SHOW, outcome__excuse=Excuse.UNEXCUSED)
    appointment(amal, D(2025, 2, 5), AppointmentState.NO_SHOW, outcome__excuse=Excuse.EXCUSED)
    appointment(bilal, D(2025, 2, 6), AppointmentState.NO_SHOW)
    appointment(bilal, D(2025, 2, 7), AppointmentState.CANCELLED_CLIENT)
    appointment(
        bilal,
        D(2025, 2, 10),
        AppointmentState.NO_SHOW,
        outcome__excuse=Excuse.UNEXCUSED,
        agreed_at=None,
    )

    # Plans: Amal's second one, Bilal's first one, Dunya declines.
    plan(amal, 1, D(2024, 4, 1), AgreementOutcome.SIGNED, D(2024, 10, 1))
    plan(amal, 2, D(2025, 4, 1), AgreementOutcome.ORAL, D(2026, 4, 1))
    plan(bilal, 1, D(2025, 5, 6), AgreementOutcome.SIGNED, D(2025, 11, 5))  # lapsed by the end, and overdue
    plan(dunya, 1, D(2025, 7, 7), AgreementOutcome.DECLINED)
    # Goals of Amal: reached, then partly (the last one counts), dropped, one in the year before.
    for states in (
        [(D(2025, 6, 1), GoalState.PARTLY), (D(2025, 9, 1), GoalState.ACHIEVED)],
        [(D(2025, 9, 2), GoalState.DROPPED)],
        [(D(2024, 9, 2), GoalState.ACHIEVED)],
    ):
        aim = amal.goals.create()
        for day, state in states:
            GoalProgress.objects.create(goal=aim, state=state, on=day, by=manager, at=at(day))

    # Open to everybody: two closed office hours with 5 and 0 visitors, one cancelled; one evening here, one there.
    for day, own, drop_ins, anonymous in ((D(2025, 3, 4), 2, 1, 2), (D(2025, 3, 11), 0, 0, 0)):
        SessionFactory(
            series__place__municipality=here,
            starts_at=at(day, 14),
            state=SessionState.CLOSED,
            own=own,
            drop_ins=drop_ins,
            anonymous=anonymous,
            left=0,
            closed_at=at(day, 16),
            closed_by=manager,
        )
    SessionFactory(
        series__place__municipality=here,
        starts_at=at(D(2025, 3, 18), 14),
        state=SessionState.CANCELLED,
        reason="Feiertag",
    )
    GroupEventFactory(municipality=here, held_on=D(2025, 10, 7), attendees=12)
    GroupEventFactory(municipality=there, held_on=D(2025, 10, 8), attendees=7)
    # An enquiry of the year and one after it.
    EnquiryFactory(municipality=here, registered_by=cast.officer, registered_at=at(D(2025, 5, 20)))
    EnquiryFactory(municipality=here, registered_by=cast.officer, registered_at=at(D(2026, 1, 2)))
    close([dunya], D(2025, 12, 1))
    return {"amal": amal, "bilal": bilal, "chadi": chadi, "dunya": dunya, "edon": edon}
