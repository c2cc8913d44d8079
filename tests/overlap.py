"""Requests that overlap, each on a connection of its own, and what must be so afterwards."""

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.generic import AccessView
from clients.models import Client
from clients.recompute import recompute
from clients.services.change import lockable

LONG = 60
"""Seconds after which something hangs; nothing here waits for the clock."""


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all works in threads that begin together; results and exceptions in their order."""
    gate = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            gate.wait(LONG)
            results[index] = work()
        except Exception as problem:  # what came of a thread is looked at by the test
            results[index] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)
    return results


def somebody_waits() -> bool:
    """Whether another connection waits for a row one holds oneself (PostgreSQL)."""
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    with connection.cursor() as cursor:
        cursor.execute(waiting)
        return bool(cursor.fetchone()[0])


def until(reached: Callable[[], bool]) -> None:
    """Look again and again whether something is so, and fail when it takes too long."""
    pause = threading.Event()
    for _look in range(LONG * 100):
        if reached():
            return
        pause.wait(0.01)
    raise AssertionError("it never came to that")


def answers(address: str) -> bool:
    """Whether a server has come up."""
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except (urllib.error.URLError, TimeoutError):
        return False
    return True


def overtaken(file: Client, older: Callable[[Callable[[], Any]], Any], meanwhile: Callable[[], Any]) -> Any:
    """What comes of a request that began first, and waited for the file until another had been served.

    Args:
        older: the waiting request; gets a function that tells the time and that it has begun.
        meanwhile: what is done before it goes on.
    """
    begun = threading.Event()
    results: list[Any] = []

    def begin() -> Any:
        now = timezone.now()
        begun.set()
        return now

    def run() -> None:
        try:
            results.append(older(begin))
        except Exception as problem:  # looked at by the test
            results.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        lockable().get(pk=file.pk)
        thread.start()
        assert begun.wait(LONG)
        if connection.vendor == "postgresql":  # SQLite does not tell who waits
            until(somebody_waits)
        meanwhile()
    thread.join(LONG)
    assert not thread.is_alive()
    return results[0]


def begun_with(begin: Callable[[], Any], request: Callable[[], Any], monkeypatch: Any) -> Any:
    """Send a request and tell when its view has read the clock."""
    real, own = AccessView.setup, threading.current_thread()

    def setup(view: AccessView, *args: Any, **kwargs: Any) -> None:
        real(view, *args, **kwargs)
        if threading.current_thread() is own:
            begin()

    with monkeypatch.context() as patch:
        patch.setattr(AccessView, "setup", setup)
        return request()


def not_as_derived(files: Sequence[Client], now: Any) -> list[str]:
    """The case numbers of files whose stored values are not what their facts say."""
    stored = list(Client.objects.filter(pk__in=[file.pk for file in files]).order_by("pk"))
    with transaction.atomic():
        wrong = recompute(stored, now)
        transaction.set_rollback(True)
    return [file.case_no for file in stored if file.pk in wrong]
