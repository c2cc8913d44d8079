"""Every figure against a naive recount in Python over the invented town, row by row."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from accounts.models import Municipality, User
from accounts.rules.calendar import full_years, next_working_day
from appointments import figures as appointment_figures
from appointments.choices import AppointmentState, Excuse
from appointments.figures import Parts
from appointments.models import Appointment, Contact
from appointments.rules.contact import is_consultation, is_two_way
from appointments.services.contacts import fact_of
from clients import figures as client_figures
from clients import figures_people
from clients.choices import Phase, Precision
from clients.figures_people import AgeGroup
from clients.models import Client, PhaseChange
from clients.rules.dates import UncertainDate, age_on
from clients.rules.phases import WORKING_PHASES
from demo.world import at
from integration_plans import figures as plan_figures
from integration_plans.choices import AgreementOutcome, GoalState
from integration_plans.models import GoalProgress, PlanVersion, Review
from integration_plans.plan_status import plan_statuses
from integration_plans.policies import policy_on
from integration_plans.rules.plan import is_review_overdue, is_valid
from outreach import figures as ladder_figures
from outreach.services.ladders import ladders_of
from reports import charts, figures, key_figures, tables
from reports.managers import Reader
from reports.rules import periods
from tests.invented_town import AS_OF

pytestmark = pytest.mark.django_db

DAYS = [dt.date(2026, 10, 31), dt.date(2026, 3, 31), AS_OF]
PERIODS = ["2026-10", "2026-Q2", "2026-05_2026-06"]
NOW = at(AS_OF, 7)


@pytest.fixture
def stutensee(town):
    return Municipality.objects.get(code="STU")


@pytest.fixture
def files(stutensee):
    return client_figures.files_over_time([stutensee.pk])


def phase_on(client, day):
    changes = PhaseChange.objects.filter(client=client, on__lte=day).order_by("on", "id")
    return changes.last().phase if changes else None


def manager_on(client, end):
    """Who was responsible just before an instant; for days before a running case was taken over, who took it over."""
    rows = list(client.responsibilities.order_by("since", "id"))
    held = [row for row in rows if row.since < end and (row.until is None or row.until >= end)]
    if not held and client.taken_over_on is not None and end <= rows[0].since:
        held = rows[:1]
    assert len(held) <= 1
    return held[0].manager_id if held else None


def in_stutensee(stutensee):
    return list(Client.objects.filter(municipality=stutensee))


@pytest.mark.parametrize("day", DAYS)
def test_stock_by_phase_and_manager(stutensee, files, day):
    stock = client_figures.stock_on(files, day)
    phases = {client.pk: phase_on(client, day) for client in in_stutensee(stutensee)}
    phases = {key: phase for key, phase in phases.items() if phase is not None}
    assert stock.phases == phases
    end = at(day + dt.timedelta(days=1), 0)
    clients = Client.objects.in_bulk(list(stock.phases))
    assert {key: manager_on(client, end) for key, client in clients.items()} == {
        key: stock.managers[key] for key in stock.phases
    }


def test_the_trend_agrees_with_the_stock_of_each_month(files):
    days = [month.last for month in periods.trend_months(AS_OF, 6)]
    stocks = [client_figures.stock_on(files, day).phases.values() for day in days]
    working = [sum(phase in WORKING_PHASES for phase in phases) for phases in stocks]
    assert client_figures.active_clients_on(files, days) == working


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
    months = [month for month in periods.trend_months(period.last) if month.first >= period.first]
    work = work_of(files, period, *months)
    by_month = Counter((day.year, day.month) for day, _author in talks)
    for month in months:
        assert work.number(month.first, month.last) == by_month[month.first.year, month.first.month]
    assert work.by_manager == Counter(author for _day, author in talks)
    assert appointment_figures.consultations_by_place(files, work) == {stutensee.pk: len(talks)}


def work_of(files, *spans):
    parts = Parts.of(*((span.first, span.last) for span in spans))
    return appointment_figures.work_of(files, parts, NOW)


def number_without_topic(files, period):
    return work_of(files, period).without_topic


def test_a_held_appointment_nobody_wrote_about_is_a_talk_without_a_topic(stutensee, files):
    period = periods.parse("2026-10")
    before = appointment_figures.consultations(files, period.first, period.last)
    without = number_without_topic(files, period)
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
    assert number_without_topic(files, period) == without + 1


def test_contacts_without_a_topic(stutensee, files):
    period = periods.parse("2026-10")
    contact = (
        Contact.objects.filter(client__municipality=stutensee, happened_on__range=(period.first, period.last))
        .consultations()
        .first()
    )
    assert is_two_way(fact_of(contact))
    assert number_without_topic(files, period) == 0
    Contact.objects.filter(pk=contact.pk).update(main_topic=None)
    assert number_without_topic(files, period) == 1


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
    table = work_of(files, period).outcomes
    found = table.total
    assert (found.held, found.unexcused, found.excused, found.undecided) == (
        counted["held"],
        counted[Excuse.UNEXCUSED],
        counted[Excuse.EXCUSED],
        counted[Excuse.UNDECIDED],
    )
    by_manager = table.by_manager
    assert sum(row.held for row in by_manager.values()) == found.held
    assert {key: row.unexcused for key, row in by_manager.items() if row.unexcused} == +per_manager
    assert table.by_place == {stutensee.pk: found}


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
    assert work_of(files, period).undecided == len(expected)


@pytest.mark.parametrize("day", DAYS)
def test_plan_coverage_and_overdue_reviews(stutensee, files, day):
    valid = active = 0
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
            if phase_on(client, day) != Phase.CLOSED and next_working_day(review_on) < day:
                overdue.add(client.pk)
        if phase_on(client, day) != Phase.ACTIVE:
            continue
        active += 1
        valid += bool(agreed) and day <= review_on + dt.timedelta(days=30)
    stock = plan_figures.stock_with_plans(files, day, policy_on(day))
    assert (stock.coverage.valid, stock.coverage.files) == (valid, active)
    assert stock.overdue_reviews == len(overdue)


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


def line_by_line(files, day):
    """The files of a day in the groups in which they are counted, each judged by itself."""
    end = at(day + dt.timedelta(days=1), 0)
    groups = {}
    each = plan_statuses([client.pk for client in files], day)
    for client in files:
        phase = phase_on(client, day)
        spans = client.responsibilities.order_by("since", "id")
        row = next(row for row in spans if row.until is None or row.until >= end)
        if phase is None:
            continue
        plan = each[client.pk]
        numbers = groups.setdefault((row.municipality_id, row.manager_id, phase, plan.intensity), Counter())
        numbers["files"] += 1
        numbers["unassessed"] += not plan.assessed
        numbers["valid"] += is_valid(plan.current, day)
        numbers["overdue"] += bool(plan.current and is_review_overdue(plan.current.review_on, day))
    return groups


@pytest.mark.parametrize("day", DAYS)
def test_the_groups_of_files_are_those_of_each_one(town, day):
    """Counting in the database gives what the rules say file by file."""
    places = list(Municipality.objects.values_list("pk", flat=True))
    ways = (client_figures.district(), client_figures.district_by_place(places))
    for files in (*ways, client_figures.files_over_time(places)):
        found = plan_figures.stock_with_plans(files, day, policy_on(day))
        assert {
            (line.place, line.manager, line.phase, line.level): +Counter(
                files=line.files, unassessed=line.unassessed, valid=line.valid, overdue=line.overdue
            )
            for line in found.lines
        } == {key: +numbers for key, numbers in line_by_line(list(Client.objects.all()), day).items()}


@pytest.mark.parametrize("day", [dt.date(2025, 12, 31), dt.date(2024, 2, 29), dt.date(2026, 2, 28)])
def test_age_groups_agree_with_completed_years(files, day):
    groups = figures_people.AgeGroups(day)
    client = files.rows.filter(birth_date__isnull=False).first()
    births = [
        (born, precision) for born, precision in files.rows.values_list("birth_date", "birth_precision")
    ]
    births += [(day.replace(year=day.year - 18, day=28), precision) for precision in Precision]
    births += [(dt.date(2008, 2, 29), Precision.DAY), (dt.date(2007, 12, 31), Precision.YEAR)]
    for born, precision in births:
        Client.objects.filter(pk=client.pk).update(birth_date=born, birth_precision=precision)
        age = age_on(UncertainDate(born, Precision(precision)), day)
        assert groups.of(born, precision) == age_group(age)


def age_group(age):
    if age < 18:
        return AgeGroup.UNDER_18
    if age < 27:
        return AgeGroup.FROM_18
    return AgeGroup.FROM_27 if age < 50 else AgeGroup.FROM_50


@pytest.mark.parametrize("day", [dt.date(2025, 12, 31), dt.date(2026, 6, 30)])
def test_tables_of_people_count_everybody_in_stock_once(stutensee, files, day):
    """Nationality, age and first language of every file, found one by one."""
    stock = client_figures.stock_on(files, day)
    people = [Client.objects.get(pk=key) for key, phase in stock.phases.items() if phase in tables.IN_STOCK]
    assert len(people) == sum(
        1 for phase in stock.phases.values() if phase in (*WORKING_PHASES, Phase.PAUSED)
    )
    read = {
        one.title.code: {
            key: value
            for key, value in one.read(files.rows, day).items()
            if key in {client.pk for client in people}
        }
        for one in tables.attributes(day)
    }
    for client in people:
        home = (
            client.accommodations.filter(since__lte=day).exclude(until__lt=day).order_by("since", "id").last()
        )
        expected = {
            "nationality": client.nationality and client.nationality.code,
            "age": client.birth_date and age_group(full_years(client.birth_date, day)),
            "gender": client.gender or None,
            # Of a protected address no figure says anything.
            "accommodation": (home.kind or None) if home and not home.is_protected else None,
            "relatives": str(min(client.relatives.filter(became=None).count(), 5)),
        }
        first = client.client_languages.order_by("order", "id").first()
        expected["language"] = first and first.language.code
        lives_in = client.memberships.filter(since__lte=day).exclude(until__lt=day).first()
        members = (
            lives_in and lives_in.household.members.filter(since__lte=day).exclude(until__lt=day).count()
        )
        expected["household"] = members and str(min(members, 5))
        assert {code: read[code].get(client.pk) for code in expected} == expected


def test_a_running_month_is_compared_with_as_many_days_of_the_one_before(town, stutensee):
    period = periods.containing(periods.Kind.MONTH, AS_OF)
    before = periods.previous(period)
    until = before.first + (AS_OF - period.first)

    board = figures.dashboard(Reader(sees_all_managers=False), [stutensee], period, AS_OF, NOW)

    assert board.compared_until == until < before.last
    stretch = periods.Period(before.first, until, before.kind)
    assert board.consultations_before == len(talks_of(stutensee, stretch))
    deltas = [kpi.delta for kpi in key_figures.kpis(board, charts.Links(may_list_cases=False))]
    assert any(f"davor bis {until:%d.%m.}" in str(delta) for delta in deltas)


def test_a_month_that_has_not_begun_is_compared_with_nothing(town, stutensee):
    reader = Reader(sees_all_managers=False)
    board = figures.dashboard(reader, [stutensee], periods.parse("2027-03"), AS_OF, NOW)
    assert (board.consultations_before, board.active_clients_before, board.compared_until) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize("code", PERIODS)
def test_the_dashboard_says_what_a_naive_recount_says(town, stutensee, code):
    """The page reads each fact once for many figures; here every figure is counted by itself, file by file."""
    period, before = periods.parse(code), periods.previous(periods.parse(code))
    board = figures.dashboard(Reader(sees_all_managers=True), [stutensee], period, AS_OF, NOW)
    people = in_stutensee(stutensee)

    def phases(day):
        return {client.pk: phase_on(client, day) for client in people}

    def working(day):
        return sum(1 for phase in phases(day).values() if phase in WORKING_PHASES)

    talks = talks_of(stutensee, period)
    assert board.consultations == len(talks) > 0
    assert board.consultations_before == len(talks_of(stutensee, before))
    assert board.active_clients == working(period.last)
    assert board.active_clients_before == working(before.last)
    shown = [value for value in board.trend.active_clients if value is not None]
    assert shown[-4:] == [working(min(month.last, period.last)) for month in board.trend.months[-4:]]
    months = [talks_of(stutensee, month) for month in board.trend.months[-3:]]
    assert list(board.trend.consultations[-3:]) == [len(month) for month in months]
    authors = Counter(author for _day, author in talks)
    for work in board.managers:
        manager = User.objects.get(username=work.username)
        assert work.consultations == authors[manager.pk]
    assert sum(work.overdue_reviews for work in board.managers) == board.overdue_reviews
    assert sum(work.outcomes.unexcused for work in board.managers) == board.outcomes.unexcused
    (line,) = board.places
    assert (line.active_clients, line.consultations) == (board.active_clients, board.consultations)
    assert (line.outcomes, line.coverage) == (board.outcomes, board.coverage)
    assert line.overdue_reviews == board.overdue_reviews
    active = [client for client in people if phases(period.last)[client.pk] == Phase.ACTIVE]
    without = [
        client
        for client in active
        if not client.assessments.filter(assessed_on__lte=period.last, entries__level__isnull=False).exists()
    ]
    assert board.missing.files_without_assessment == len(without)


def test_a_stretch_of_talks_answers_only_for_its_own_days(files):
    october = periods.parse("2026-10")
    read = work_of(files, october)
    with pytest.raises(ValueError, match="not read"):
        read.number(dt.date(2026, 9, 30), october.last)


def test_workload_weighs_levels_and_never_paused_files(town, stutensee):
    reader = Reader(sees_all_managers=False)
    board = figures.dashboard(reader, [stutensee], periods.parse("2026-10"), AS_OF, NOW)
    weights = {"crisis": 4, "intensive": 3, "regular": 1.5, "punctual": 0.5, "": 1.5, "paused": 0}
    assert len(board.loads) > 1
    for load in board.loads:
        manager = User.objects.get(username=load.username)
        expected = Counter()
        for client in Client.objects.filter(municipality=stutensee):
            responsible = manager_on(client, at(dt.date(2026, 11, 1), 0))
            phase = phase_on(client, dt.date(2026, 10, 31))
            if responsible != manager.pk or phase in (None, Phase.CLOSED):
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
    here = {client.pk: client for client in Client.objects.filter(municipality=stutensee)}
    expected = Counter(
        here[key].manager_id
        for key, views in ladders_of(list(here.values()), NOW).items()
        for view in views
        if view.is_open and view.act_on is not None and view.act_on < AS_OF and view.action != "wait"
    )
    assert expected, "the town has no overdue step: the test looks at nothing"
    steps = ladder_figures.overdue_steps([stutensee.pk], AS_OF)
    counted = User.objects.annotate(steps=steps).exclude(steps=None)
    assert dict(counted.values_list("pk", "steps")) == dict(expected)
