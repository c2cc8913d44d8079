"""One order of locks: an enquiry, files that are known, accounts, the counter of case numbers."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from clients.models import Client, DuplicateDismissal
from clients.services.duplicate_dismissals import register_another_person
from clients.services.files import FirstFacts
from intake.importing import deciding, judging, staging
from intake.importing.commit import import_list
from intake.importing.uploads import read_table
from intake.models import ImportBatch
from intake.services.enquiries import open_file_from
from tests.factories.clients import ClientFactory, EnquiryFactory

pytestmark = pytest.mark.django_db


def named(cast):
    return ClientFactory(
        municipality=cast.stutensee,
        manager=cast.manager,
        surname="Rahmatjar",
        given_name="Samira",
        birth_date=datetime.date(1984, 9, 3),
    )


def assert_known_files_are_locked_before_the_counter(statements):
    """Whoever opens a file for a relative holds the known file and waits for the counter, so nobody may do both
    the other way round."""
    sql = [query["sql"] for query in statements]
    known = [
        at
        for at, text in enumerate(sql)
        if re.search(r'FROM "clients_client" WHERE "clients_client"."id" I', text)
    ]
    counter = [at for at, text in enumerate(sql) if "clients_casenumbercounter" in text]
    assert known[0] < counter[0]
    if connection.vendor == "postgresql":
        assert "FOR NO KEY UPDATE" in sql[known[0]]


def test_registering_another_person_locks_the_known_file_first(cast):
    old = named(cast)
    new = Client(municipality=cast.stutensee, surname="Rahmatyar", given_name="Samira")
    with CaptureQueriesContext(connection) as statements:
        register_another_person(Actor(cast.manager), new, [old], facts=FirstFacts(), to_inbox=False)
    assert_known_files_are_locked_before_the_counter(statements)


def test_a_file_from_an_enquiry_locks_the_enquiry_before_the_known_file(cast):
    old = named(cast)
    enquiry = EnquiryFactory(municipality=cast.stutensee, registered_by=cast.officer, taken_by=cast.manager)
    new = Client(surname="Rahmatyar", given_name="Samira")
    with CaptureQueriesContext(connection) as statements:
        open_file_from(Actor(cast.manager), enquiry, new, facts=FirstFacts(), dismissed=[old])
    assert_known_files_are_locked_before_the_counter(statements)
    tables = [query["sql"] for query in statements if query["sql"].startswith("SELECT")]
    assert 'FROM "intake_enquiry"' in tables[0]
    assert 'FROM "clients_client"' in tables[1]


def test_an_import_locks_the_files_its_people_were_told_apart_from_first(cast):
    named(cast)
    table = read_table(b"Name;Vorname;geb. am\nRahmatyar;Samira;03.09.1984\n", "liste.csv")
    batch = ImportBatch(municipality=cast.stutensee, filename="liste.csv", form_token=uuid.uuid4())
    batch = staging.stage(Actor(cast.manager), batch, table)
    batch = staging.choose_columns(Actor(cast.manager), batch, staging.Columns(staging.mapping_of(batch)))
    batch = judging.advance(Actor(cast.manager), batch)
    deciding.dismiss_duplicates(Actor(cast.manager), batch, batch.rows.get())
    with CaptureQueriesContext(connection) as statements:
        import_list(Actor(cast.manager), batch)
    assert_known_files_are_locked_before_the_counter(statements)
    assert DuplicateDismissal.objects.count() == 1
