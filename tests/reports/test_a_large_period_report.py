"""A large period counted by the database, beside raw SQL over the tables; and how many statements it takes."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from appointments.choices import Channel, Direction, Result, SpokenWith
from appointments.models import Contact, ContactParticipant
from reports.frozen import FrozenReport
from reports.periods.freezing import freeze, reproduce
from reports.periods.report import counted_report
from reports.rules import periods
from tests.reports.settlement import at, settle

pytestmark = [pytest.mark.django_db, pytest.mark.facts_by_hand]

YEAR = periods.parse("2025-01_2025-12")
NOW = at(dt.date(2026, 2, 1))
FIRST = dt.date(2024, 12, 1)
CHANNELS = (Channel.OFFICE, Channel.PHONE, Channel.HOME_VISIT, Channel.LETTER, Channel.OPEN_HOUR)
ENDS = (
    (SpokenWith.CLIENT, Result.TALK),
    (SpokenWith.NOBODY, Result.NOT_REACHED),
    (SpokenWith.THIRD_PARTY, Result.TALK),
)


def log(people, number):
    """So many contacts over fourteen months, every tenth a joint one."""
    rows = []
    for n in range(number):
        spoken_with, result = ENDS[n % 7 % 3]
        day = FIRST + dt.timedelta(days=n % 420)
        client = people[n % len(people)]
        rows.append(
            Contact(
                client=client,
                happened_at=at(day),
                happened_on=day,
                recorded_at=at(day),
                recorded_by=client.manager,
                channel=CHANNELS[n % 11 % 5],
                direction=Direction.OUT,
                spoken_with=spoken_with,
                result=result,
            )
        )
    made = Contact.objects.bulk_create(rows, batch_size=500)
    took_part = [ContactParticipant(contact=row, client=row.client) for row in made]
    took_part += [
        ContactParticipant(contact=row, client=people[(n + 1) % len(people)])
        for n, row in enumerate(made)
        if n % 10 == 0
    ]
    ContactParticipant.objects.bulk_create(took_part, batch_size=500)


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


BETWEEN = "c.happened_on BETWEEN '2025-01-01' AND '2025-12-31'"
IN_TOWN = (
    "EXISTS (SELECT 1 FROM appointments_contactparticipant p JOIN clients_client f ON f.id = p.client_id "
    "WHERE p.contact_id = c.id AND p.version_id IS NULL AND p.relative_id IS NULL AND f.municipality_id = %s)"
)
TALK = (
    "c.spoken_with = 'client' AND c.result = 'talk' "
    "AND c.channel NOT IN ('letter', 'note', 'email', 'message', 'group')"
)


@pytest.fixture
def town(cast):
    here = settle(cast.stutensee, 300, dt.date(2025, 6, 30), manager=cast.manager)
    there = settle(cast.pfinztal, 40, dt.date(2025, 3, 31), manager=cast.outsider)
    log(here, 6000)
    log(there, 800)
    return cast.stutensee


def test_the_numbers_are_those_of_raw_sql(cast, town):
    numbers = counted_report([town], YEAR, NOW, by_manager=False).total
    talks = ask(
        f"SELECT c.channel, COUNT(*) FROM appointments_contact c WHERE {BETWEEN} AND {TALK} AND {IN_TOWN} "
        "GROUP BY c.channel",
        town.pk,
    )
    found = {name.removeprefix("talks:"): n for name, n in numbers.items() if name.startswith("talks:")}
    assert found == dict(talks)
    assert numbers["talks"] == sum(number for _channel, number in talks) > 1000
    ((persons,),) = ask(
        "SELECT COUNT(DISTINCT p.client_id) FROM appointments_contact c "
        "JOIN appointments_contactparticipant p ON p.contact_id = c.id JOIN clients_client f ON f.id = p.client_id "
        f"WHERE {BETWEEN} AND {TALK} AND f.municipality_id = %s",
        town.pk,
    )
    assert numbers["counselled"] == persons
    ((work,),) = ask(
        "SELECT COUNT(*) FROM appointments_contact c "
        f"WHERE {BETWEEN} AND c.spoken_with = 'third_party' AND {IN_TOWN}",
        town.pk,
    )
    assert numbers["case_work"] == work
    ((visits,),) = ask(
        f"SELECT COUNT(*) FROM appointments_contact c WHERE {BETWEEN} AND c.channel = 'home_visit' AND {IN_TOWN}",
        town.pk,
    )
    assert numbers["visits"] == visits
    ((opened,),) = ask(
        "SELECT COUNT(*) FROM clients_counsellingperiod k JOIN clients_client f ON f.id = k.client_id "
        "WHERE k.opened_on BETWEEN '2025-01-01' AND '2025-12-31' AND f.municipality_id = %s",
        town.pk,
    )
    assert numbers["opened"] == opened


def test_what_is_frozen_is_what_was_counted(cast, town):
    live = counted_report([town], YEAR, NOW, by_manager=False)
    frozen = freeze(Actor(cast.officer), FrozenReport(title="Groß"), [town], YEAR)
    assert frozen.figures["total"] == live.total
    assert reproduce(frozen).is_same


def test_more_records_take_no_more_statements(cast, town):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            counted_report([cast.pfinztal, cast.stutensee], YEAR, NOW, by_manager=True)
        return len(asked)

    few = statements()
    log(settle(cast.stutensee, 50, dt.date(2025, 8, 31), manager=cast.colleague), 1000)
    assert statements() == few


def test_a_long_count_is_announced_and_fetched(cast, as_user, town, monkeypatch):
    monkeypatch.setattr("reports.periods.sources.LONG", 1000)
    browser = as_user(cast.officer)
    page = browser.get("/reports/period/?since=2025-01&until=2025-12").content.decode()
    assert "Es gibt viel zu zählen; das dauert einige Sekunden." in page
    assert 'hx-get="?since=2025-01&amp;until=2025-12&amp;counted=1"' in page
    assert "Beratungsgespräche" not in page
    url = "/reports/period/?since=2025-01&until=2025-12&counted=1"
    fragment = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "Beratungsgespräche" in fragment
    assert "<html" not in fragment
    assert "Beratungsgespräche" in browser.get(url).content.decode()
