"""What a name sounds like is kept in an index: every way of writing a name keeps it, and look-ups use it."""

import importlib
import re

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from clients.models import ClientName, NameKey
from clients.rules.dates import UncertainDate
from clients.rules.duplicates import PersonTraits
from clients.rules.likeness import keys_of
from clients.services.duplicates import find_duplicates
from clients.services.files import update_client
from clients.services.names import add_spelling, remove_spelling
from clients.services.recompute_all import recompute_all
from clients.services.search import search_clients
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db


def filed(client):
    return set(NameKey.objects.filter(name__client=client).values_list("key", flat=True))


def test_a_registered_a_changed_and_an_added_name_are_filed(cast, client):
    assert filed(client) == keys_of("Rahmatyar", "Samira")
    client.surname = "Nazari"
    update_client(Actor(cast.manager), client, fields=["surname"], expected_version=client.version)
    assert filed(client) == keys_of("Nazari", "Samira")
    row = add_spelling(Actor(cast.manager), client, surname="نظری", given_name="سمیرا")
    assert filed(client) == keys_of("Nazari", "Samira") | keys_of("نظری", "سمیرا")
    remove_spelling(Actor(cast.manager), row)
    assert filed(client) == keys_of("Nazari", "Samira")


def test_names_filed_by_an_older_rule_are_filed_anew_by_recompute(cast, client):
    recompute_all()
    ClientName.objects.filter(client=client).update(keys=" old ", parts="")
    NameKey.objects.filter(name__client=client).delete()
    assert recompute_all(dry_run=True).differed == 1
    assert filed(client) == set()
    assert recompute_all().differed == 1
    assert filed(client) == keys_of("Rahmatyar", "Samira")
    assert recompute_all().differed == 0


def test_the_migration_files_what_was_stored_before_it(cast, client):
    ClientName.objects.filter(client=client).update(keys=" rmtr smr ")
    NameKey.objects.all().delete()
    migration = importlib.import_module("clients.migrations.0004_link_duplicates")
    migration.file_names_by_sound(apps, None)
    assert filed(client) == keys_of("Rahmatyar", "Samira")


def test_the_keys_of_an_erased_file_are_gone(client):
    client.delete()
    assert not NameKey.objects.exists()


def statements(does):
    """The reading statements about names, whose writes are taken back."""
    with transaction.atomic():
        with CaptureQueriesContext(connection) as captured:
            does()
        transaction.set_rollback(True)
    return [query["sql"] for query in captured if query["sql"].startswith("SELECT")]


@pytest.mark.parametrize("what", ["search", "duplicates"])
def test_as_many_statements_for_one_file_as_for_fifty(cast, client, what):
    def ask():
        if what == "search":
            return search_clients(Actor(cast.manager), "Rahmatjar")
        person = PersonTraits("Rahmatjar", "Samira", UncertainDate(client.birth_date))
        return find_duplicates(Actor(cast.manager), person)

    ask()
    few = len(statements(ask))
    for number in range(50):
        ClientFactory(
            municipality=cast.stutensee,
            manager=cast.manager,
            surname="Rahmatyar",
            given_name=f"Samira {number}",
            birth_date=client.birth_date,
        )
    assert len(statements(ask)) == few


def plans(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            return "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[3] for row in cursor.fetchall())


@pytest.mark.parametrize("who", ["manager", "substitute"])
@pytest.mark.parametrize("what", ["search", "duplicates"])
def test_names_are_looked_up_by_index(cast, client, what, who):
    actor = Actor(getattr(cast, who))
    person = PersonTraits("Rahmatjar", "Samira", UncertainDate(client.birth_date))
    asked = {
        "search": lambda: search_clients(actor, "Rahmatjar"),
        "duplicates": lambda: find_duplicates(actor, person),
    }[what]
    about_names = [sql for sql in statements(asked) if "clients_namekey" in sql]
    assert about_names
    for sql in about_names:
        plan = plans(sql)
        assert not re.search(r"Seq Scan|SCAN clients_(clientname|namekey|client)\b", plan), plan
        assert re.search(r"name_by_key|clients_namekey_name_id", plan), plan
