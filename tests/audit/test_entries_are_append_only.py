"""The audit table refuses change and removal, in Python and in the database itself."""

from uuid import uuid4

import pytest
from django.db import Error, connection, transaction

from accounts.actor import Actor
from audit import triggers
from audit.actions import LOGGED_IN, READ, REFUSED, Action, codes_of, sentence_of
from audit.models import AuditEntry
from audit.recording import record
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db


def test_it_records_who_and_what_without_values(cast):
    entry = record(Actor(cast.manager), REFUSED, kind="client", fields=["surname", "birth_date"])

    stored = AuditEntry.objects.get(pk=entry.pk)
    assert (stored.actor, stored.actor_role, stored.action) == (cast.manager, "manager", "access.refused")
    assert stored.fields == ["birth_date", "surname"]
    assert stored.subject_ref is None


def test_a_file_says_itself_whose_data_it_is_and_for_whom_a_stand_in_acts(cast):
    file = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    for twice in ({"acting_for": cast.colleague.pk}, {"subject": uuid4()}):
        with pytest.raises(ValueError, match="says itself"):
            record(Actor(cast.substitute), REFUSED, client=file, **twice)
    entry = record(Actor(cast.substitute), REFUSED, client=file)
    assert (entry.subject_ref, entry.acting_for) == (file.subject_ref, cast.manager)


def test_python_refuses_to_change_or_remove(cast):
    entry = record(Actor(cast.manager), LOGGED_IN)
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(TypeError):
        AuditEntry.objects.filter(pk=entry.pk).update(action="other")
    with pytest.raises(TypeError):
        AuditEntry.objects.all().delete()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_auditentry SET action = 'other'", "DELETE FROM audit_auditentry"]
)
def test_the_database_refuses_too(cast, statement):
    record(Actor(cast.manager), LOGGED_IN)
    triggers.install(connection)
    try:
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert AuditEntry.objects.filter(action="session.logged_in").exists()
    finally:
        triggers.remove(connection)


@pytest.mark.postgres
def test_truncating_is_refused(cast):
    record(Actor(cast.manager), LOGGED_IN)
    triggers.install(connection)
    try:
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE audit_auditentry")
    finally:
        triggers.remove(connection)


def test_the_migration_installs_what_the_tests_take_away():
    from importlib import import_module

    operation = import_module("audit.migrations.0002_append_only").Migration.operations[0]
    assert operation.reversible


def test_an_action_speaks_its_sentence():
    assert str(sentence_of("access.refused")) == "wurde abgewiesen"
    assert sentence_of("gone.code") == "gone.code"
    assert "client.viewed" in codes_of(READ)


def test_a_code_keeps_its_nature():
    with pytest.raises(ValueError, match="twice"):
        Action("access.refused", "x", READ)


def test_logging_in_and_failing_are_recorded_without_the_name(cast, client):
    cast.manager.set_password("ein-langes-Passwort-7")
    cast.manager.save()

    client.post("/login/", {"login": "manager", "password": "falsch"})
    client.post("/login/", {"login": "manager", "password": "ein-langes-Passwort-7"})

    actions = list(AuditEntry.objects.order_by("id").values_list("action", "actor__username"))
    assert actions == [("session.login_failed", None), ("session.logged_in", "manager")]
