"""Bring an installation up to date: run after every update, before the server starts; running it twice is harmless.

``python -m stutensee_im.prepare``: German catalogue, migrations, cache table, reference lists, static files; the
invented people of a demonstration, when DEMO is set and there is no user yet; the sums of the district, when there are
none yet; and statistics about the tables.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from stutensee_im import catalogue

PATIENCE_SECONDS = 30
MADE_ANEW = (
    "This database has an older layout and has to be made anew: "
    "put {name} away, or name an empty one in DATABASE_URL."
)
# Any number that no other program on the database takes; these are the letters of "prepare".
ADVISORY_LOCK = int.from_bytes(b"prepare")
WAITS = "Another preparation is at work; waiting for its end …"


def wait_for_database(patience: float = PATIENCE_SECONDS) -> bool:
    """Try to connect until it works or ``patience`` seconds are over; says once that it waits, and why it gave up."""
    deadline = time.monotonic() + patience
    waiting = False
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() >= deadline:
                reason = str(error).strip().splitlines()[0]
                print(f"The database does not answer: {reason}", file=sys.stderr)
                return False
            if not waiting:
                print("Waiting for the database …", file=sys.stderr)
                waiting = True
            time.sleep(1)
        else:
            return True


def has_older_layout() -> bool:
    """Whether the database holds migrations this program has not: the initial ones were written anew before 0.1.0."""
    loader = MigrationLoader(connection)
    known = {app for app, _name in loader.disk_migrations}
    return any(key not in loader.disk_migrations for key in loader.applied_migrations if key[0] in known)


def static_fingerprint() -> str:
    """Changes when any static file of ours or of a package does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = os.stat(storage.path(path))
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> bool:
    """Collect static files unless nothing changed since the last time; returns whether it did."""
    stamp = settings.STATE_DIR / "static.fingerprint"
    fingerprint = static_fingerprint()
    if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text() == fingerprint:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint)
    return True


def gather_statistics() -> None:
    """Tell SQLite how many rows its indexes lead to, by a sample; PostgreSQL sees to that by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute("ANALYZE")


@contextmanager
def alone() -> Iterator[None]:
    """Let only one preparation run in this state folder; the lock ends with its process."""
    with (settings.STATE_DIR / "prepare.lock").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(WAITS, file=sys.stderr)
            fcntl.flock(door, fcntl.LOCK_EX)
        yield


def alone_on_postgresql() -> None:
    """The same for preparations that share a PostgreSQL database and no folder; held until the process ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        if cursor.fetchone() != (True,):
            print(WAITS, file=sys.stderr)
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])


def main() -> int:
    """Do all steps and return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stutensee_im.settings")
    try:
        with alone():
            return bring_up_to_date()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 1


def bring_up_to_date() -> int:
    """Do all steps, with nobody else at it, and return the exit code."""
    # Before Django reads it.
    try:
        catalogue.compile_catalog()
    except PermissionError as error:
        print(
            f"The German catalogue is not current and cannot be written ({error.strerror}): "
            "run python -m stutensee_im.catalogue compile as the owner of this checkout.",
            file=sys.stderr,
        )
        return 1
    django.setup()
    if not wait_for_database():
        return 1
    if connection.vendor == "postgresql":
        alone_on_postgresql()
    if has_older_layout():
        print(MADE_ANEW.format(name=connection.settings_dict["NAME"]), file=sys.stderr)
        return 1
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_catalogues", verbosity=0)
    collect_static()
    if settings.DEMO and not get_user_model().objects.exists():
        print("New database: inventing people and their history …")
        call_command("seed_demo")
    # An installation that is older than these sums would have none until the daily command runs.
    call_command("keep_sums", if_none=True, verbosity=0)
    gather_statistics()
    return 0


if __name__ == "__main__":
    sys.exit(main())
