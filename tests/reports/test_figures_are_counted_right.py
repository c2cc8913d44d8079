"""Every figure against a naive recount in Python over the invented town, row by row."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from accounts.models import Municipality, User
from appointments import figures as appointment_figures
from appointments import figures_ladder as ladder_figures
from appointments.choices import AppointmentState, Excuse
from appointments.models import Appointment, Contact, Ladder
from appointments.rules.contact import is_consultation, is_two_way
from appointments.services.contacts import fact_of
from clients import figures as client_figures
from clients.choices import Phase
from clients.figures import AgeGroup
from clients.models import Client, CounsellingPeriod, Country, PhaseChange, Responsibility
from clients.rules.dates import completed_years
from integration_plans import figures as plan_figures
from integration_plans.choices import AgreementOutcome, GoalState
from integration_plans.models import GoalProgress, PlanVersion, Review
from reports import figures
from reports.demo.world import at
from reports.rules import periods
from reports.rules.suppression import HIDDEN
from tests.reports.conftest import AS_OF

pytestmark = pytest.mark.django_db

DAYS = [dt.date(2026, 10, 31), dt.date(2026, 3, 31), AS_OF]
PERIODS = ["2026-10", "2026-Q2", "2026-05-11_2026-06-20"]
NOW = at(AS_OF, 7)


@pytest.fixture
def stutensee(town):
    return Municipality.objects.get(code="STU")


@pytest.fixture
def files(stutensee):
    return client_figures.files_of([stutensee.pk])


def phase_on(client, day):
    changes = PhaseChange.objects.filter(client=client, on__lte=day).order_by("on", "id")
    return changes.last().phase if changes else None


def in_stutensee(stutensee):
    return list(Client.objects.filter(municipality=stutensee))


@pytest.mark.parametrize("day", DAYS)
def test_stock_by_phase_and_manager(stutensee, files, day):
    stock = client_figures.stock_on(files, day)
    phases = {client.pk: phase_on(client, day) for client in in_stutensee(stutensee)}
    phases = {key: phase for key, phase in phases.items() if phase is not None}
    assert {key: file.phase for key, file in stock.files.items()} == phases
    working = (Phase.CONTACTING, Phase.INTAKE, Phase.ACTIVE)
    assert stock.active_clients == sum(1 for phase in phases.values() if phase in working)
    end = at(day + dt.timedelta(days=1), 0)
    for key, file in stock.files.items():
        rows = [
            row
            for row in Responsibility.objects.filter(client_id=key)
            if row.since < end and (row.until is None or row.until >= end)
        ]
        assert [row.manager_id for row in rows] == [file.manager_id]


def test_the_trend_agrees_with_the_stock_of_each_month(files):
    months = periods.trend_months(AS_OF, 6)
    counted = client_figures.active_clients_on(
        client_figures.phase_spans(files), [month.last for month in months]
    )
    assert counted == [client_figures.stock_on(files, month.last).active_clients for month in months]


@pytest.mark.parametrize("code", PERIODS)
def test_openings_and_closings(stutensee, files, code):
    period = periods.parse(code)
    rows = CounsellingPeriod.objects.filter(client__municipality=stutensee)
    found = client_figures.movement(files, period.first, period.last)
    assert found.opened == sum(1 for row in rows if period.first <= row.opened_on <= period.last)
    assert found.closed == sum(
        1 for row in rows if row.closed_on and period.first <= row.closed_on <= period.last
    )


def talks_of(stutensee, period):
    """(day, author, appointment) of every consultation with a client of the town, found one by one."""
    found = []
    logged = set()
    for contact in Contact.objects.prefetch_related("participants__client"):
        people = [
            row
            for row in contact.participants.all()
            if row.version_id is None and row.relative_id is None and row.client.municipality == stutensee
        ]
        if not people:
            continue
        if is_consultation(fact_of(contact), on_a_matter=contact.main_topic_id is not None):
            if contact.appointment_id:
                logged.add(contact.appointment_id)
            if period.first <= contact.happened_on <= period.last:
                found.append((contact.happened_on, contact.left_by_id or contact.recorded_by_id))
    for appointment in Appointment.objects.filter(
        client__municipality=stutensee, state=AppointmentState.HELD
    ):
        day = timezone.localdate(appointment.starts_at)
        if appointment.pk not in logged and period.first <= day <= period.last:
            found.append((day, appointment.manager_id))
    return found


@pytest.mark.parametrize("code", PERIODS)
def test_consultations_by_month_manager_and_place(stutensee, files, code):
    period = periods.parse(code)
    talks = talks_of(stutensee, period)
    assert talks
    assert appointment_figures.consultations(files, period.first, period.last) == len(talks)
    by_month = Counter((day.year, day.month) for day, _author in talks)
    assert appointment_figures.consultations_by_month(files, period.first, period.last) == by_month
    by_manager = Counter(author for _day, author in talks)
    assert appointment_figures.consultations_by_manager(files, period.first, period.last) == by_manager
    by_place = appointment_figures.consultations_by_place(files, period.first, period.last)
    assert by_place == {stutensee.pk: len(talks)}


def test_a_held_appointment_nobody_wrote_about_is_a_talk_without_a_topic(stutensee, files):
    period = periods.parse("2026-10")
    before = appointment_figures.consultations(files, period.first, period.last)
    without = appointment_figures.without_topic(files, period.first, period.last)
    client = Client.objects.filter(municipality=stutensee, phase=Phase.ACTIVE).first()
    start = at(dt.date(2026, 10, 17), 10)
    Appointment.objects.create(
        client=client,
        manager=client.manager,
        starts_at=start,
        ends_at=start + dt.timedelta(minutes=30),
        state=AppointmentState.HELD,
        recorded_at=start,
        recorded_by=client.manager,
    )
    assert appointment_figures.consultations(files, period.first, period.last) == before + 1
    assert appointment_figures.without_topic(files, period.first, period.last) == without + 1


def test_contacts_without_a_topic(stutensee, files):
    period = periods.parse("2026-10")
    contact = (
        Contact.objects.filter(client__municipality=stutensee, happened_on__range=(period.first, period.last))
        .consultations()
        .first()
    )
    assert is_two_way(fact_of(contact))
    assert appointment_figures.without_topic(files, period.first, period.last) == 0
    Contact.objects.filter(pk=contact.pk).update(main_topic=None)
    assert appointment_figures.without_topic(files, period.first, period.last) == 1


@pytest.mark.parametrize("code", PERIODS)
def test_outcomes_of_agreed_appointments(stutensee, files, code):
    period = periods.parse(code)
    counted: Counter[str] = Counter()
    per_manager: Counter[int] = Counter()
    for row in Appointment.objects.filter(client__municipality=stutensee):
        if row.agreed_at is None or not period.first <= timezone.localdate(row.starts_at) <= period.last:
            continue
        if row.state == AppointmentState.HELD:
            counted["held"] += 1
        if row.state == AppointmentState.NO_SHOW:
            counted[row.excuse] += 1
            per_manager[row.manager_id] += row.excuse == Excuse.UNEXCUSED
    found = appointment_figures.outcomes(files, period.first, period.last)
    assert (found.held, found.unexcused, found.excused, found.undecided) == (
        counted["held"],
        counted[Excuse.UNEXCUSED],
        counted[Excuse.EXCUSED],
        counted[Excuse.UNDECIDED],
    )
    by_manager = appointment_figures.outcomes_by_manager(files, period.first, period.last)
    assert sum(row.held for row in by_manager.values()) == found.held
    assert {key: row.unexcused for key, row in by_manager.items() if row.unexcused} == +per_manager
    assert appointment_figures.outcomes_by_place(files, period.first, period.last) == {stutensee.pk: found}


def test_undecided_appointments(stutensee, files):
    period = periods.parse("2026-11")
    expected = [
        row
        for row in Appointment.objects.filter(client__municipality=stutensee)
        if period.first <= timezone.localdate(row.starts_at) <= period.last
        and (
            (row.state == AppointmentState.PLANNED and row.starts_at <= NOW)
            or (row.state == AppointmentState.NO_SHOW and row.excuse == Excuse.UNDECIDED)
        )
    ]
    assert expected
    found = appointment_figures.undecided(files, period.first, period.last, NOW)
    assert found == len(expected)


@pytest.mark.parametrize("day", DAYS)
def test_plan_coverage_and_overdue_reviews(stutensee, files, day):
    valid = adults = 0
    overdue = set()
    for client in in_stutensee(stutensee):
        agreed = [
            version
            for version in PlanVersion.objects.filter(client=client, agreed_on__lte=day)
            if version.outcome in (AgreementOutcome.SIGNED, AgreementOutcome.ORAL)
        ]
        review_on = None
        if agreed:
            last = max(agreed, key=lambda version: version.number)
            reviews = Review.objects.filter(plan=last, reviewed_on__lte=day).order_by("reviewed_on", "id")
            review_on = reviews.last().next_review_on if reviews else last.review_on
            for decision in client.intensity_decisions.filter(decided_on__lte=day, at__gt=last.closed_at):
                later = reviews.last()
                if later is None or decision.at > later.at:
                    review_on = min(review_on, decision.next_review_on)
            if phase_on(client, day) != Phase.CLOSED and review_on < day:
                overdue.add(client.pk)
        if phase_on(client, day) != Phase.ACTIVE or completed_years(client.birth_date, day) < 18:
            continue
        adults += 1
        valid += bool(agreed) and day <= review_on + dt.timedelta(days=30)
    stock = client_figures.stock_on(files, day)
    plans = plan_figures.plans_on(files, day)
    active_adults = client_figures.adults_on(files, day) & stock.files_in_active
    found = plan_figures.coverage_of(plans, active_adults, day)
    assert (found.valid, found.adults) == (valid, adults)
    assert plan_figures.overdue_in(plans, day) & stock.open_files == overdue


def test_goal_attainment(stutensee, files):
    period = periods.parse("2026-Q3")
    last: dict[int, str] = {}
    steps = GoalProgress.objects.filter(goal__client__municipality=stutensee).order_by("on", "id")
    for step in steps:
        final = step.state not in (GoalState.OPEN, GoalState.IN_PROGRESS)
        if final and period.first <= step.on <= period.last:
            last[step.goal_id] = step.state
    found = plan_figures.goal_attainment(files, period.first, period.last)
    assert found.reviewed == len(last) > 0
    assert found.reached == sum(
        1 for state in last.values() if state in (GoalState.ACHIEVED, GoalState.PARTLY)
    )


def test_nationality_by_age_counts_every_active_client_once(stutensee, files):
    day = dt.date(2026, 10, 31)
    stock = client_figures.stock_on(files, day)
    found = client_figures.nationality_by_age(files, stock.working_files, day, "andere")
    main = set(Country.objects.order_by("order", "label_de").values_list("code", flat=True)[:10])
    expected: Counter[tuple[str, AgeGroup]] = Counter()
    for client in Client.objects.filter(pk__in=stock.working_files).select_related("nationality"):
        age = completed_years(client.birth_date, day)
        group = (
            AgeGroup.UNDER_18
            if age < 18
            else AgeGroup.FROM_18
            if age < 27
            else AgeGroup.FROM_27
            if age < 50
            else AgeGroup.FROM_50
        )
        code = client.nationality.code if client.nationality.code in main else client_figures.OTHER
        expected[code, group] += 1
    counted = {
        (row, group): number
        for row, cells in found.places[stutensee.pk].items()
        for group, number in cells.items()
        if number
    }
    assert counted == expected
    assert sum(counted.values()) == stock.active_clients


def test_no_small_number_leaves_the_dashboard(town):
    everywhere = list(Municipality.objects.all())
    reader = figures.Reader(sees_all_managers=True)
    for asked in ([place] for place in everywhere), [everywhere]:
        for places in asked:
            board = figures.dashboard(reader, places, periods.parse("2026-10"), AS_OF, NOW)
            table = board.nationality_by_age.table
            shown = [*table.cells.values(), *table.row_totals.values(), *table.column_totals.values()]
            assert not [value for value in shown if value is not HIDDEN and 1 <= value <= 4]
            assert HIDDEN in shown


def test_the_same_reference_date_hides_the_same_cells(town, stutensee):
    """ "Adjacent periods": October and the free choice of its quarter end on the same day only as whole periods."""
    reader = figures.Reader(sees_all_managers=False)
    month = figures.dashboard(reader, [stutensee], periods.parse("2026-09"), AS_OF, NOW)
    quarter = figures.dashboard(reader, [stutensee], periods.parse("2026-Q3"), AS_OF, NOW)
    assert month.nationality_by_age.table == quarter.nationality_by_age.table


@pytest.mark.parametrize("code", ["2026-11", "2026-10-01_2026-10-31", "2026"])
def test_running_and_free_periods_show_totals_only(town, stutensee, code):
    reader = figures.Reader(sees_all_managers=False)
    board = figures.dashboard(reader, [stutensee], periods.parse(code), AS_OF, NOW)
    assert board.nationality_by_age is None
    assert board.active_clients > 0


def test_workload_weighs_levels_and_never_paused_files(town, stutensee):
    reader = figures.Reader(sees_all_managers=False)
    board = figures.dashboard(reader, [stutensee], periods.parse("2026-10"), AS_OF, NOW)
    weights = {"crisis": 4, "intensive": 3, "regular": 1.5, "punctual": 0.5, "": 1.5, "paused": 0}
    for load in board.loads:
        manager = User.objects.get(username=load.username)
        expected = Counter()
        for client in Client.objects.filter(municipality=stutensee):
            row = (
                client.responsibilities.filter(since__lt=at(dt.date(2026, 11, 1), 0)).order_by("since").last()
            )
            phase = phase_on(client, dt.date(2026, 10, 31))
            if row is None or row.manager_id != manager.pk or phase in (None, Phase.CLOSED):
                continue
            decision = (
                client.intensity_decisions.filter(decided_on__lte=dt.date(2026, 10, 31))
                .order_by("decided_on", "id")
                .last()
            )
            expected["paused" if phase == Phase.PAUSED else decision.chosen if decision else ""] += 1
        assert {level: number for level, number in load.levels.items() if number} == expected
        assert float(load.weighted) == sum(weights[level] * number for level, number in expected.items())


def test_overdue_outreach_steps_are_counted_per_manager(stutensee, files):
    expected = Counter(
        ladder.client.manager_id
        for ladder in Ladder.objects.select_related("client")
        if ladder.client.municipality_id == stutensee.pk
        and ladder.ended_at is None
        and ladder.act_on is not None
        and ladder.act_on < AS_OF
    )
    assert expected, "the town has no overdue step: the test looks at nothing"
    assert ladder_figures.overdue_steps_by_manager(files, AS_OF) == dict(expected)
