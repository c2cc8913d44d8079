"""An installation is brought up to date by one command that may run any number of times."""

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import District, Municipality
from stutensee_im import prepare


def test_it_waits_for_a_database_that_is_still_starting(monkeypatch, capsys):
    answers = [OperationalError("starting up"), OperationalError("starting up"), None]

    def connect():
        answer = answers.pop(0)
        if answer:
            raise answer

    monkeypatch.setattr(connection, "ensure_connection", connect)
    monkeypatch.setattr(prepare.time, "sleep", lambda seconds: None)
    assert prepare.wait_for_database(patience=60) is True
    assert capsys.readouterr().err == "Waiting for the database …\n"


def test_it_gives_up_with_one_sentence(monkeypatch, capsys):
    def connect():
        raise OperationalError("connection refused\n\tIs the server running?")

    monkeypatch.setattr(connection, "ensure_connection", connect)
    assert prepare.wait_for_database(patience=0) is False
    assert capsys.readouterr().err == "The database does not answer: connection refused\n"


def test_a_database_of_this_layout_is_taken(db):
    assert prepare.has_older_layout() is False


def test_a_database_of_an_older_layout_is_refused_in_one_sentence(db, monkeypatch, capsys):
    MigrationRecorder(connection).record_applied("clients", "0002_keep_reach_in_two_times")
    monkeypatch.setattr(prepare, "alone_on_postgresql", lambda: None)
    before = MigrationRecorder(connection).applied_migrations()

    assert prepare.bring_up_to_date() == 1

    name = connection.settings_dict["NAME"]
    assert capsys.readouterr().err == (
        f"This database has an older layout and has to be made anew: put {name} away, "
        "or name an empty one in DATABASE_URL.\n"
    )
    assert MigrationRecorder(connection).applied_migrations() == before


def test_static_files_are_collected_again_only_when_one_changed(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATE_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    get_finder.cache_clear()
    try:
        assert prepare.collect_static() is True
        assert (tmp_path / "static" / "a.css").exists()
        assert prepare.collect_static() is False
        (source / "b.css").write_text("b {}")
        assert prepare.collect_static() is True
        assert (tmp_path / "static" / "b.css").exists()
    finally:
        get_finder.cache_clear()


@pytest.mark.sqlite
def test_sqlite_waits_in_a_queue_and_keeps_a_write_ahead_log(db):
    with connection.cursor() as cursor:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1)):
            assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)
    assert connection.transaction_mode == "IMMEDIATE"
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False


@pytest.mark.postgres
def test_postgresql_connections_are_kept_and_checked(db):
    assert connection.settings_dict["CONN_MAX_AGE"] == 300
    assert connection.settings_dict["CONN_HEALTH_CHECKS"] is True
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)


@pytest.mark.sqlite
def test_sqlite_knows_how_selective_its_indexes_are(db):
    Municipality.objects.create(district=District.objects.create(name="Kreis"), code="KEN", name="Kennort")
    prepare.gather_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'accounts_municipality'")
        assert cursor.fetchall()
