"""A file counts where it belonged on the day of what is counted, not where it is today (rules.md §10)."""

import datetime as dt
import random
from collections import Counter, defaultdict
from functools import cached_property

import pytest
from django.utils import timezone

from accounts.models import Municipality, User
from appointments import figures as appointment_figures
from appointments.choices import AppointmentState
from appointments.figures import Parts
from appointments.models import Appointment, Contact
from appointments.rules.contact import is_consultation
from appointments.services.contacts import fact_of
from clients.choices import Phase
from clients.figures import active_clients_on, district, files_over_time, stock_on
from clients.models import Client, PhaseChange, Responsibility
from clients.rules.phases import WORKING_PHASES
from demo.world import at
from integration_plans.figures import stock_with_plans
from integration_plans.policies import policy_on
from reports import figures
from reports.managers import Reader
from reports.rules import periods
from tests.invented_town import AS_OF

pytestmark = pytest.mark.django_db

MOVED_ON = dt.date(2026, 9, 10)
BEFORE, AFTER = dt.date(2026, 8, 31), dt.date(2026, 10, 31)


@pytest.fixture
def towns(town):
    return Municipality.objects.get(code="STU"), Municipality.objects.get(code="PFI")


@pytest.fixture
def moved(towns):
    """Two long active files of Stutensee that belong to Pfinztal from a day in September on."""
    old, new = towns
    files = list(
        Client.objects.filter(municipality=old, phase=Phase.ACTIVE, case_no__startswith="STU-2025")
        .exclude(contacts=None)
        .order_by("pk")[:2]
    )
    for file in files:
        row = Responsibility.objects.get(client=file, until=None)
        row.until = at(MOVED_ON, 11)
        row.save()
        Responsibility.objects.create(client=file, manager=row.manager, municipality=new, since=row.until)
        Client.objects.filter(pk=file.pk).update(municipality=new)
    return files


def of(place, day):
    return stock_on(files_over_time([place.pk]), day).phases.keys()


def test_the_stock_of_a_day_has_them_where_they_belonged_then(towns, moved):
    keys = {file.pk for file in moved}
    old, new = towns
    assert keys <= of(old, BEFORE)
    assert not keys & of(new, BEFORE)
    assert keys <= of(new, AFTER)
    assert not keys & of(old, AFTER)
    assert keys <= of(new, MOVED_ON), "the day itself belongs to the municipality it ends in"


def test_no_day_loses_or_doubles_anybody(towns, moved):
    together = files_over_time([place.pk for place in towns])
    for month in periods.trend_months(AS_OF, 6):
        both = Counter(key for place in towns for key in of(place, month.last))
        assert both == Counter(stock_on(together, month.last).phases.keys())


def test_the_trend_agrees_with_the_stock_of_each_month(towns, moved):
    days = [month.last for month in periods.trend_months(AS_OF, 6)]
    for place in towns:
        files = files_over_time([place.pk])
        stocks = [stock_on(files, day).phases.values() for day in days]
        working = [sum(phase in WORKING_PHASES for phase in phases) for phases in stocks]
        assert active_clients_on(files, days) == working


def test_talks_and_appointments_stay_where_they_were(towns, moved):
    first, last = dt.date(2026, 6, 1), dt.date(2026, 11, 22)
    old, new = (files_over_time([place.pk]) for place in towns)
    neither = files_over_time([place.pk for place in towns])
    one = dt.timedelta(days=1)
    days = [first + one * number for number in range((last - first).days + 1)]
    parts = Parts.of((first, last), *((day, day) for day in days))
    in_old, in_new, everything = (
        appointment_figures.work_of(files, parts, at(AS_OF, 7)) for files in (old, new, neither)
    )
    for day in days:
        assert in_old.number(day, day) + in_new.number(day, day) == everything.number(day, day)
    assert in_old.outcomes.total.held + in_new.outcomes.total.held == everything.outcomes.total.held
    before = appointment_figures.consultations(old, first, MOVED_ON - dt.timedelta(days=1))
    Responsibility.objects.filter(client__in=moved, until=None).delete()
    Responsibility.objects.filter(client__in=moved, until=at(MOVED_ON, 11)).update(until=None)
    Client.objects.filter(pk__in=[file.pk for file in moved]).update(municipality=towns[0])
    unmoved = files_over_time([towns[0].pk])
    assert before == appointment_figures.consultations(unmoved, first, MOVED_ON - dt.timedelta(days=1))


def test_what_was_told_before_the_file_was_opened_counts_where_it_was_opened(towns, moved):
    """A talk of the day before registering has no responsibility of its own."""
    (file, *_rest) = moved
    opened = file.responsibilities.order_by("since").first()
    day = timezone.localdate(opened.since) - dt.timedelta(days=1)
    talk = file.contacts.consultations().order_by("happened_at").first()
    type(talk).objects.filter(pk=talk.pk).update(happened_at=at(day, 10), happened_on=day)
    old, new = (appointment_figures.consultations(files_over_time([p.pk]), day, day) for p in towns)
    assert (old, new) == (1, 0)


def test_the_municipalities_side_by_side_add_up(towns, moved):
    reader = Reader(sees_all_managers=True)
    board = figures.dashboard(reader, towns, periods.parse("2026-08"), AS_OF, at(AS_OF, 7))
    assert sum(line.active_clients for line in board.places) == board.active_clients
    assert sum(line.coverage.files for line in board.places) == board.coverage.files
    assert sum(line.outcomes.held for line in board.places) == board.outcomes.held
    alone = figures.dashboard(reader, towns[:1], periods.parse("2026-08"), AS_OF, at(AS_OF, 7))
    assert alone.active_clients == board.places[0].active_clients


class Histories:
    """What the rows say of each file, asked one by one."""

    def __init__(self):
        self.spans, self.phases = defaultdict(list), defaultdict(list)
        for row in Responsibility.objects.order_by("since", "id"):
            self.spans[row.client_id].append(row)
        for row in PhaseChange.objects.order_by("on", "id"):
            self.phases[row.client_id].append(row)

    def place(self, key, day):
        over = at(day + dt.timedelta(days=1), 0)
        return next(row.municipality_id for row in self.spans[key] if row.until is None or row.until >= over)

    def phase(self, key, day):
        return ([None] + [row.phase for row in self.phases[key] if row.on <= day])[-1]

    def there(self, places, day):
        """Phases of the files of some municipalities on a day."""
        phases = {key: self.phase(key, day) for key in self.spans if self.place(key, day) in places}
        return {key: phase for key, phase in phases.items() if phase is not None}

    @cached_property
    def talks(self):
        """The day of each talk, and where the clients who took part belonged on it."""
        found, logged = [], set()
        for contact in Contact.objects.prefetch_related("participants"):
            people = [row for row in contact.participants.all() if not (row.version_id or row.relative_id)]
            if is_consultation(fact_of(contact), on_a_matter=contact.main_topic_id is not None):
                logged.add(contact.appointment_id)
                day = contact.happened_on
                found.append((day, {self.place(row.client_id, day) for row in people}))
        for row in Appointment.objects.filter(state=AppointmentState.HELD):
            if row.pk not in logged:
                day = timezone.localdate(row.starts_at)
                found.append((day, {self.place(row.client_id, day)}))
        return found

    def number_of_talks(self, places, first, last):
        return sum(1 for day, there in self.talks if first <= day <= last and there & places)


def move_at_random(towns, chance):
    """Files change municipality, manager and phase on any days; what the file says of today is the last of it."""
    managers = [*User.objects.filter(role="manager"), None]

    def some_day():
        return dt.date(2025, 10, 1) + dt.timedelta(days=chance.randrange((AS_OF - dt.date(2025, 10, 1)).days))

    for file in Client.objects.order_by("pk"):
        moments = [at(some_day(), chance.choice([0, 12, 23])) for _move in range(chance.choice([0, 0, 1, 3]))]
        row = file.responsibilities.get(until=None)
        for moment in sorted(moment for moment in moments if moment > row.since):
            row.until = moment
            row.save()
            place, manager = chance.choice(towns), chance.choice(managers)
            row = Responsibility.objects.create(
                client=file, manager=manager, municipality=place, since=moment
            )
        for _change in range(chance.choice([0, 0, 2])):
            file.phase_changes.create(phase=chance.choice(Phase.values), on=some_day(), at=at(AS_OF, 7))
        last = file.phase_changes.order_by("on", "id").last()
        Client.objects.filter(pk=file.pk).update(
            municipality=row.municipality, manager=row.manager, phase=last.phase, phase_since=last.on
        )


def test_histories_of_any_kind_are_counted_as_one_by_one(towns):
    move_at_random(towns, random.Random(1))
    told = Histories()
    days = [dt.date(2026, 3, 31), dt.date(2026, 10, 31), AS_OF]
    for asked in ([towns[0]], [towns[1]], list(towns)):
        places = {place.pk for place in asked}
        files = district() if len(asked) == len(towns) else files_over_time(places)
        there = [told.there(places, day) for day in days]
        assert [stock_on(files, day).phases for day in days] == there
        counted = [stock_with_plans(files, day, policy_on(day)).by_phase for day in days]
        open_phases = [[phase for phase in phases.values() if phase != Phase.CLOSED] for phases in there]
        assert counted == [Counter(phases) for phases in open_phases]
        working = [sum(phase in WORKING_PHASES for phase in phases) for phases in open_phases]
        assert active_clients_on(files, days) == working
        spans = [(dt.date(2026, 3, 1), days[0]), (dt.date(2026, 10, 1), days[1])]
        work = appointment_figures.work_of(files, Parts.of(*spans), at(AS_OF, 7))
        assert [work.number(*span) for span in spans] == [
            told.number_of_talks(places, *span) for span in spans
        ]
