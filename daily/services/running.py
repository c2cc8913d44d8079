"""Run the steps of the day, one after the other, and put on record what came of each."""

import datetime
import fcntl
import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.utils import timezone

from accounts.actor import Actor
from daily import steps
from daily.models import JobRun
from daily.steps import Step

KEPT = datetime.timedelta(days=90)
# Any number that no other program on the database takes; these are the letters of "daily".
ADVISORY_LOCK = int.from_bytes(b"daily")
logger = logging.getLogger(__name__)


class AlreadyRunning(Exception):
    """Another process is at the daily run of this database."""


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time run the steps. The lock ends with its process, so a killed run blocks nobody.

    Raises:
        AlreadyRunning: somebody else holds it; nothing was waited for.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            if cursor.fetchone() != (True,):
                raise AlreadyRunning
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
        return
    # Beside the file of the database, which is on this machine.
    with Path(f"{connection.settings_dict['NAME']}.daily").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield


def run_steps(only: Collection[str] = ()) -> list[JobRun]:
    """Run all steps, or some; the failure of one does not stop the others.

    Args:
        only: codes of registered steps; none for all, which alone counts as the run of the day.

    Raises:
        AlreadyRunning: another process is at it.

    Returns:
        What came of each step, in order.
    """
    with alone():
        began = timezone.now()
        day = timezone.localdate(began)
        done = [_run(step, day) for step in steps.registered() if not only or step.code in only]
        if not only:
            failed = any(run.error for run in done)
            _note(JobRun.WHOLE, day, began, count=len(done), error="StepsFailed" if failed else "")
            JobRun.objects.filter(day__lt=day - KEPT).delete()
    return done


def _run(step: Step, day: datetime.date) -> JobRun:
    actor = Actor.system(step.code)
    count, error = 0, ""
    try:
        count = step.run(actor)
    except Exception as problem:
        # Whatever it is, the other steps still have their turn. The log leaves out what an exception carries.
        logger.exception("Step %s of the daily run failed", step.code)
        error = type(problem).__name__
    return _note(step.code, day, actor.now, count=count, error=error)


def _note(step: str, day: datetime.date, began: datetime.datetime, *, count: int, error: str) -> JobRun:
    run, _is_new = JobRun.objects.update_or_create(
        step=step,
        day=day,
        defaults={"started_at": began, "ended_at": timezone.now(), "count": count, "error": error[:100]},
    )
    return run
