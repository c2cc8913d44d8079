"""One command does what is due once a day, and what came of it is on record."""

import datetime
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from clients.models import Draft
from daily import steps
from daily.models import JobRun
from daily.services.running import AlreadyRunning, alone, run_steps
from daily.steps import Step
from tests.overlap import LONG, at_once

pytestmark = pytest.mark.django_db
CODES = [step.code for step in steps.registered()]


@pytest.fixture
def own_steps(monkeypatch):
    """Only the steps a test registers."""
    monkeypatch.setattr(steps, "_REGISTRY", {})

    def register(**runs):
        for order, (code, run) in enumerate(runs.items()):
            steps.register(Step(code, code, order, run))

    return register


def run(*only):
    said = StringIO()
    call_command("run_daily", *only, stdout=said)
    return said.getvalue()


def counted(said):
    """The number of each step out of the sentence."""
    found = [part.split(": ") for part in said.removesuffix(".\n").split("; ")]
    return {code: int(number) for code, number in found}


def fail(actor):
    raise ValueError("Zwitscherlibelle")


def on_record():
    return list(JobRun.objects.order_by("pk").values_list("step", "count", "error"))


def test_the_steps_of_the_house_in_their_order():
    assert CODES == [
        "clear_sessions",
        "forget_drafts",
        "forget_imports",
        "sweep_documents",
        "plan_office_hours",
        "close_office_hours",
        "recompute",
        "keep_sums",
        "store_tables",
        "join_case_list",
        "digest",
        "funding_reminders",
        "send_outbox",
        "forget_messages",
    ]


def test_a_run_clears_away_what_nobody_needs_and_says_so(cast):
    long_ago = timezone.now() - datetime.timedelta(days=31)
    Session.objects.create(session_key="old", session_data="", expire_date=long_ago)
    Session.objects.create(
        session_key="new", session_data="", expire_date=timezone.now() + datetime.timedelta(1)
    )
    for saved_at in (long_ago, timezone.now()):
        Draft.objects.create(
            author=cast.manager, form="x", object_key=str(saved_at), path="/", saved_at=saved_at
        )
    did = counted(run())
    assert list(did) == CODES
    assert [did[code] for code in ("clear_sessions", "forget_drafts", "recompute")] == [1, 1, 0]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert Draft.objects.count() == 1
    again = counted(run())
    assert [again[code] for code in ("clear_sessions", "forget_drafts", "store_tables")] == [0, 0, 0]


def test_each_step_leaves_one_line_a_day_and_the_run_another():
    run()
    run()
    assert [step for step, *_more in on_record()] == [*CODES, JobRun.WHOLE]
    whole = JobRun.objects.whole().get()
    assert (whole.count, whole.error, whole.day) == (len(CODES), "", timezone.localdate())
    assert whole.took >= max(run.took for run in JobRun.objects.exclude(step=JobRun.WHOLE))


def test_a_failing_step_stops_no_other_and_the_exit_code_says_so(own_steps, caplog):
    own_steps(first=lambda actor: 3, second=fail, third=lambda actor: 4)
    said = StringIO()
    with pytest.raises(CommandError, match=r"^Steps that failed: second\.$"):
        call_command("run_daily", stdout=said)
    assert said.getvalue() == "first: 3; second: ValueError; third: 4.\n"
    assert on_record() == [
        ("first", 3, ""),
        ("second", 0, "ValueError"),
        ("third", 4, ""),
        (JobRun.WHOLE, 3, "StepsFailed"),
    ]
    [entry] = caplog.records
    assert (entry.levelname, entry.getMessage()) == ("ERROR", "Step second of the daily run failed")


def test_a_step_that_succeeds_later_that_day_is_no_failure_any_more(own_steps):
    own_steps(only=fail)
    with pytest.raises(CommandError):
        run()
    own_steps(only=lambda actor: 1)
    run()
    assert on_record() == [("only", 1, ""), (JobRun.WHOLE, 1, "")]


def test_single_steps_run_by_name_and_count_as_no_run(own_steps):
    own_steps(first=lambda actor: 1, second=lambda actor: 2)
    assert run("second") == "second: 2.\n"
    assert on_record() == [("second", 2, "")]
    with pytest.raises(CommandError, match=r"^There is no step third\.$"):
        run("third")


def test_every_step_acts_by_its_own_name_and_instant(own_steps, time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 29, 3, 15, tzinfo=datetime.UTC), tick=False)
    actors = []
    own_steps(first=lambda actor: actors.append(actor) or 0)
    run()
    [actor] = actors
    assert (actor.name, actor.user, actor.today) == ("first", None, datetime.date(2026, 3, 29))


def test_lines_are_kept_for_ninety_days(own_steps):
    now, today = timezone.now(), timezone.localdate()
    for days in (90, 91):
        day = today - datetime.timedelta(days=days)
        JobRun.objects.create(step="first", day=day, started_at=now, ended_at=now)
    own_steps(first=lambda actor: 0)
    run()
    assert min(JobRun.objects.values_list("day", flat=True)) == today - datetime.timedelta(days=90)


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_one_does_nothing(own_steps):
    begun, go_on = threading.Event(), threading.Event()
    calls = []

    def step(actor):
        calls.append(actor)
        begun.set()
        return int(go_on.wait(LONG))

    def second():
        assert begun.wait(LONG)
        try:
            with pytest.raises(CommandError, match=r"^Another daily run is at work; this one did nothing\.$"):
                call_command("run_daily")
        finally:
            go_on.set()

    own_steps(step=step)
    first, _none = at_once(run_steps, second)
    assert [(run.step, run.count) for run in first] == [("step", 1)]
    assert len(calls) == 1
    assert JobRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_lock_is_free_again_after_a_run_that_broke_off():
    with pytest.raises(ValueError), alone():  # noqa: PT012
        assert isinstance(at_once(lambda: alone().__enter__())[0], AlreadyRunning)
        raise ValueError
    with alone():
        pass


def test_what_the_lock_leaves_lies_beside_the_database():
    with alone():
        pass
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"]).name
        assert (settings.STATE_DIR / f"{database}.daily").exists()
