"""An officer reminds all managers; each reads in *Mein Tag* what is missing in her own files, and nobody else's."""

import datetime as dt

import pytest

from audit.models import AuditEntry
from reports.frozen import Reminder
from tests.factories.accounts import UserFactory
from tests.factories.appointments import ContactFactory
from tests.reports.settlement import at
from tests.reports.small_year import D, live_through

pytestmark = [pytest.mark.django_db, pytest.mark.facts_by_hand]

REMIND = "/reports/period/remind/?since=2025-01&until=2025-12"
TITLE = "Angaben für Januar 2025 – Dezember 2025"


@pytest.fixture
def year(cast):
    return live_through(cast)


def test_all_managers_of_the_town_are_asked_and_nobody_else(cast, as_user, year):
    answer = as_user(cast.officer).post(REMIND)
    assert answer.headers["Location"] == "/reports/period/?since=2025-01&until=2025-12"
    asked = {row.user for row in Reminder.objects.all()}
    assert cast.manager in asked
    assert cast.colleague in asked
    assert not asked & {cast.outsider, cast.officer, cast.coordinator}
    assert AuditEntry.objects.filter(action="report.reminded", count=len(asked)).count() == 1


def test_the_same_day_asks_nobody_twice(cast, as_user, year):
    for _time in range(2):
        as_user(cast.officer).post(REMIND)
    users = list(Reminder.objects.values_list("user", flat=True))
    assert len(users) == len(set(users))


def test_each_manager_reads_her_own_count(cast, as_user, year):
    assert TITLE not in as_user(cast.manager).get("/").content.decode()
    as_user(cast.officer).post(REMIND)
    hers = as_user(cast.manager).get("/").content.decode()
    assert TITLE in hers
    # Bilal's undecided appointment and Amal's and Bilal's three talks; Dunya's are the colleague's.
    assert "1 Termin ohne Ergebnis, 3 Kontakte ohne Thema" in hers
    theirs = as_user(cast.colleague).get("/").content.decode()
    assert "Bitte ergänzen: 2 Kontakte ohne Thema." in theirs


def test_who_misses_nothing_reads_nothing(cast, as_user, year):
    tidy = UserFactory(username="tidy", serves=cast.stutensee)
    as_user(cast.officer).post(REMIND)
    assert Reminder.objects.filter(user=tidy).count() == 1
    assert TITLE not in as_user(tidy).get("/").content.decode()


def test_it_goes_after_four_weeks(cast, as_user, year, time_machine):
    as_user(cast.officer).post(REMIND)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=29)
    time_machine.move_to(later, tick=False)
    assert TITLE not in as_user(cast.manager).get("/").content.decode()


def test_months_that_do_not_exist_remind_nobody(cast, as_user, year):
    answer = as_user(cast.officer).post("/reports/period/remind/?since=1999-01&until=1999-02")
    assert answer.status_code == 302
    assert Reminder.objects.count() == 0


def test_another_town_is_not_hers_to_remind(cast, as_user, year):
    answer = as_user(cast.officer).post(f"{REMIND}&place=PFI")
    assert answer.status_code == 404
    assert Reminder.objects.count() == 0


def test_talks_of_another_period_are_not_told(cast, as_user, year):
    ContactFactory(client=year["amal"], happened_at=at(D(2026, 3, 3)))
    as_user(cast.officer).post(REMIND)
    assert "3 Kontakte ohne Thema" in as_user(cast.manager).get("/").content.decode()
