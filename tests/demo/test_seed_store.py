"""Rows written past the ORM are the rows the ORM would have written."""

import contextlib
import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from appointments.choices import Channel
from appointments.models import Contact
from clients.models import Client, ClientName, Country, Enquiry, Household
from demo.indexes import postponed_foreign_keys, postponed_indexes
from demo.rows import ORDER, Rows
from demo.store import Store
from demo.world import at
from tests.invented_town import structure

KEY = "0cf6bdfe8aed41ad82c4374895f2bbd8"


@pytest.fixture
def file(cast):
    store = Store()
    client = store.make(
        Client,
        uuid=KEY,
        case_no="STU-2018-0001",
        municipality=cast.stutensee,
        manager=cast.manager,
        phase_since=dt.date(2018, 3, 1),
        surname="Alharawi",
        search_name="alharawi",
        scripts=["arabic", "latin"],
        registered_at=at(dt.date(2018, 3, 1), 9, 30),
    )
    store.write(Client, [client])
    store.give_back_numbers()
    return client


def test_a_row_comes_back_as_it_was_made(file, cast):
    stored = Client.objects.get()
    assert (stored.pk, stored.uuid, stored.scripts) == (file.pk, uuid.UUID(KEY), ["arabic", "latin"])
    assert (stored.municipality, stored.manager) == (cast.stutensee, cast.manager)
    assert stored.registered_at == at(dt.date(2018, 3, 1), 9, 30)
    assert (stored.given_name, stored.birth_date, stored.source) == ("", None, None)
    assert stored.may_be_called is True
    assert stored.form_token is None


def test_what_was_not_said_is_what_the_model_says(file, cast):
    store = Store()
    values = {"client": file, "recorded_by": cast.manager, "uuid": KEY, "channel": Channel.PHONE}
    made, constructed = store.make(Contact, **values), Contact(**values)
    for field in Contact._meta.local_concrete_fields:
        if not field.primary_key:
            assert getattr(made, field.attname) == getattr(constructed, field.attname), field.name
    assert made.client is file
    assert made.uuid != store.make(Contact, client=file).uuid


@pytest.mark.parametrize(
    "text", ["", 'Zeile\n"zwei"', "\\N", "\\.", "a,b;c\td", "محمد Олександра", "'; --", "NULL"]
)
def test_any_text_survives(file, text):
    store = Store()
    store.write(ClientName, [store.make(ClientName, client=file, surname=text, given_name=" x ")])
    assert ClientName.objects.get().surname == text
    assert ClientName.objects.get().given_name == " x "


def test_a_misspelt_column_is_refused(db):
    with pytest.raises(TypeError, match=r"Country has no \['lable_de'\]"):
        Store().make(Country, code="XX", lable_de="Nirgendwo")


def test_the_database_goes_on_counting(file, cast):
    store = Store()
    household = store.make(Household, municipality=cast.stutensee)
    store.write(Household, [household])
    store.give_back_numbers()
    assert Household.objects.create(municipality=cast.stutensee).pk > household.pk
    assert store.make(Household, municipality=cast.stutensee).pk > household.pk + 1


def test_a_model_without_a_place_in_the_order_is_refused(cast):
    rows = Rows(Store())
    rows.add(Enquiry, municipality=cast.stutensee)
    with pytest.raises(LookupError, match="Enquiry"):
        rows.write()


def test_a_failure_leaves_the_indexes_as_they_were(db):
    before = structure()
    with contextlib.suppress(RuntimeError), transaction.atomic(), postponed_indexes(ORDER):
        assert structure() != before
        raise RuntimeError
    assert structure() == before


@pytest.mark.postgres  # SQLite looks at a reference left open when the transaction ends
def test_a_reference_to_nobody_is_found_in_the_end(file):
    store = Store()
    astray = store.make(ClientName, client=file, surname="Alharawi")
    astray.client_id = -1
    with pytest.raises(IntegrityError), transaction.atomic(), postponed_foreign_keys(ORDER):
        store.write(ClientName, [astray])
