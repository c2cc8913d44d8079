import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actor import Actor
from accounts.records import StaleRecord
from audit.models import AuditEntry
from clients import actions, recompute
from clients.choices import Phase
from clients.models import ClosingReason, CounsellingPeriod, PhaseChange
from clients.services import files
from tests.factories.clients import ClientFactory

TOKEN = {"form_token": "11111111-1111-4111-8111-111111111111"}


@pytest.fixture
def client(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.manager)


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setitem(
        recompute._ROWS, "test", lambda facts: heard.extend(file.phase for file in facts.files) or set()
    )
    return heard


def url(client, verb):
    return f"/clients/{client.uuid}/{verb}/"


def test_it_works(cast, as_user, client, told):
    today = timezone.localdate()
    as_user(cast.manager).post(
        url(client, "phase"),
        TOKEN | {"version": 1, "phase": "paused", "on": today.isoformat(), "reason": "Reha"},
    )
    client.refresh_from_db()
    assert (client.phase, client.phase_since) == (Phase.PAUSED, today)
    change = PhaseChange.objects.latest("pk")
    assert (change.phase, change.reason, change.by) == (Phase.PAUSED, "Reha", cast.manager)
    assert AuditEntry.objects.filter(action=actions.PHASE_SET.code).exists()
    assert told == ["paused"]


def test_only_a_following_phase_is_offered_and_taken(cast, as_user, client):
    page = as_user(cast.manager).get(url(client, "phase")).text
    assert 'value="paused"' in page
    assert 'value="intake"' not in page
    now = timezone.now()
    with pytest.raises(ValidationError):
        files.set_phase(Actor(cast.manager, now), client, "intake", on=timezone.localdate(now))
    with pytest.raises(ValidationError):
        files.set_phase(Actor(cast.manager, now), client, "closed", on=timezone.localdate(now))


@pytest.mark.parametrize("days", [1, -60])
def test_a_phase_begins_neither_in_the_future_nor_before_the_present_one(cast, as_user, client, days):
    day = timezone.localdate() + datetime.timedelta(days=days)
    answer = as_user(cast.manager).post(
        url(client, "phase"), TOKEN | {"version": 1, "phase": "paused", "on": day.isoformat()}
    )
    assert answer.status_code == 422
    client.refresh_from_db()
    assert client.phase == Phase.ACTIVE


def test_two_windows_changing_a_file_at_once_make_one_change(cast, client):
    now = timezone.now()
    today = timezone.localdate(now)
    stale = type(client).objects.get(pk=client.pk)
    files.update_client(Actor(cast.manager, now), client, fields=["benefit_unit"], expected_version=1)
    with pytest.raises(StaleRecord):
        files.set_phase(Actor(cast.manager, now), stale, "paused", on=today, expected_version=1)
    assert PhaseChange.objects.count() == 1


def test_closing_needs_a_reason_and_leaves_the_file_readable(cast, as_user, client, told):
    browser = as_user(cast.manager)
    day = timezone.localdate().isoformat()
    missing = browser.post(url(client, "close"), TOKEN | {"version": 1, "on": day})
    assert missing.status_code == 422
    reason = ClosingReason.objects.get(code="moved_away")
    browser.post(
        url(client, "close"), TOKEN | {"version": 1, "on": day, "reason": reason.pk, "note": "Nach Bremen."}
    )
    client.refresh_from_db()
    period = CounsellingPeriod.objects.get()
    assert client.phase == Phase.CLOSED
    assert client.manager == cast.manager
    assert (period.closing_reason, period.closing_note, period.closed_by) == (
        reason,
        "Nach Bremen.",
        cast.manager,
    )
    assert told == ["closed"]
    page = browser.get(f"/clients/{client.uuid}/")
    assert "Die Beratung ist abgeschlossen" in page.text
    assert url(client, "reopen") in page.text


def test_reopening_is_a_new_period_and_the_clock_goes_on(cast, as_user, client):
    now = timezone.now()
    today = timezone.localdate(now)
    files.close_counselling(
        Actor(cast.manager, now),
        client,
        reason=ClosingReason.objects.get(code="no_contact"),
        on=today - datetime.timedelta(days=20),
    )
    as_user(cast.manager).post(
        url(client, "reopen"),
        TOKEN
        | {"version": client.version, "phase": "intake", "on": today.isoformat(), "reason": "kam wieder"},
    )
    client.refresh_from_db()
    assert client.phase == Phase.INTAKE
    assert [period.closed_on is None for period in CounsellingPeriod.objects.order_by("pk")] == [False, True]


def test_an_open_file_cannot_be_reopened(cast, as_user, client):
    assert as_user(cast.manager).get(url(client, "reopen")).status_code == 404


@pytest.mark.parametrize("verb", ["phase", "close"])
def test_a_stand_in_neither_sets_phases_nor_closes(cast, as_user, client, verb):
    browser = as_user(cast.substitute)
    assert browser.get(url(client, verb)).status_code == 403
    assert browser.post(url(client, verb), TOKEN | {"version": 1}).status_code == 403
    assert url(client, verb) not in browser.get(f"/clients/{client.uuid}/person/").text


def test_a_stand_in_does_not_reopen(cast, as_user):
    closed = ClientFactory(municipality=cast.stutensee, manager=cast.manager, closed=True)
    assert as_user(cast.substitute).post(url(closed, "reopen"), TOKEN).status_code == 403


def test_a_justification_names_day_and_author_and_can_be_withdrawn(cast, as_user, client):
    browser = as_user(cast.manager)
    browser.post(url(client, "clock"), TOKEN | {"version": 1, "clock_justification": "Pflege der Mutter."})
    client.refresh_from_db()
    assert client.clock_justified_on == timezone.localdate()
    assert client.clock_justified_by == cast.manager
    browser.post(url(client, "clock"), TOKEN | {"version": 2, "clock_justification": ""})
    client.refresh_from_db()
    assert client.clock_justified_on is None


def test_a_limit_passed_is_shown_and_logging_is_not_blocked(cast, as_user, client):
    client.counselling_started_on = timezone.localdate() - datetime.timedelta(days=37 * 31)
    CounsellingPeriod.objects.update(opened_on=client.counselling_started_on)
    client.save()
    page = as_user(cast.manager).get(f"/clients/{client.uuid}/").text
    assert "Begründung fehlt" in page
    assert "von 36" in page
