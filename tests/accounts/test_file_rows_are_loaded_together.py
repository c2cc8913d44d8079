"""Reading many tables in one statement gives the rows that asking for each of them would give."""

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import scoped_models
from accounts.file_loader import WHOLE, Part, load_together, path_to_file
from accounts.models import User
from clients.file_rows import OWN_TABLES, rows_of
from clients.models import Client, ContactPoint, Draft, FilePolicy, Topic
from tests.access.stage import open_file

pytestmark = pytest.mark.django_db

OF_A_FILE = [model for model in scoped_models() if path_to_file(model)]


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def behind_many_to_many_fields() -> list[Any]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.auto_created in OF_A_FILE and path_to_file(model)
    ]


def test_every_table_of_a_file_holds_the_same_rows_in_the_same_order(cast):
    files = [open_file(cast.manager, cast).client, open_file(cast.manager, cast).client]
    open_file(cast.colleague, cast)
    keys = [file.pk for file in files]
    tables = [*OF_A_FILE, *behind_many_to_many_fields()]

    found = load_together(keys, *tables)

    for table in tables:
        expected = list(table._base_manager.filter(**{f"{path_to_file(table)}__in": keys}))
        assert sorted(map(columns, found[table]), key=lambda row: row["id"]) == sorted(
            map(columns, expected), key=lambda row: row["id"]
        ), table.__name__
        if table._meta.ordering:
            ordered = table._base_manager.filter(pk__in=[row.pk for row in expected])
            assert [row.pk for row in found[table]] == [row.pk for row in ordered], table.__name__
    assert any(found[table] for table in tables)


def test_what_rows_point_to_is_at_hand_without_a_further_query(cast):
    file = open_file(cast.manager, cast).client
    rows = rows_of(file, OWN_TABLES)

    with CaptureQueriesContext(connection) as captured:
        for table in OWN_TABLES:
            for row in rows[getattr(table, "table", table)]:
                for field in row._meta.concrete_fields:
                    if field.related_model in (User, Client):
                        getattr(row, field.name)

    assert [query["sql"] for query in captured] == []
    assert any(rows[getattr(table, "table", table)] for table in OWN_TABLES)


def test_a_page_asks_once_and_a_file_loaded_again_shows_what_is_new(cast):
    file = open_file(cast.manager, cast).client
    before = rows_of(file, OWN_TABLES)[ContactPoint]
    with CaptureQueriesContext(connection) as captured:
        assert rows_of(file, OWN_TABLES)[ContactPoint] is before
    assert len(captured) == 0

    ContactPoint.objects.create(
        client=file, kind="phone", value="07249 1", normalised="1", since=before[0].since
    )

    again = Client.objects.get(pk=file.pk)
    assert len(rows_of(again, OWN_TABLES)[ContactPoint]) == len(before) + 1


def test_without_files_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert load_together([], ContactPoint) == {ContactPoint: []}


def test_a_value_list_nothing_points_to_is_a_mistake():
    with pytest.raises(ValueError, match="no table points to Topic"):
        load_together([1], ContactPoint, Topic)


def test_a_part_brings_all_rows_of_a_list_or_some_columns_of_a_table(cast):
    file = open_file(cast.manager, cast).client
    part = Part(ContactPoint, "client", ("value", "id"))

    found = load_together([file.pk], part, Part(Topic, WHOLE), FilePolicy)
    points = {(row.pk, row.value) for row in found[ContactPoint]}

    assert points == set(ContactPoint.objects.filter(client=file).values_list("pk", "value")) != set()
    assert found[Topic] == list(Topic.objects.all()) != []
    assert found[FilePolicy] == list(FilePolicy.objects.all()) != []
    assert {tuple(sorted(row.get_deferred_fields())) for row in found[ContactPoint]} == {
        tuple(sorted({field.attname for field in ContactPoint._meta.concrete_fields} - {"id", "value"}))
    }


def test_parts_lead_to_keys_of_several_sorts_and_to_rows_in_which_something_is_still_empty(cast):
    first, second = open_file(cast.manager, cast).client, open_file(cast.colleague, cast).client
    own = ContactPoint.objects.filter(client=first, until=None)
    other = ContactPoint.objects.filter(client=second)[:1].get()
    keys = {"files": [first.pk], "points": {other.uuid}}
    keyed = Part(ContactPoint, "uuid", among="points")

    found = load_together(keys, Part(ContactPoint, "client", empty=("until",)), keyed)[ContactPoint]
    none_empty = load_together(keys, Part(ContactPoint, "client", empty=("since",)), keyed)[ContactPoint]

    assert {row.pk for row in found} == {*own.values_list("pk", flat=True), other.pk} != {other.pk}
    assert [row.pk for row in none_empty] == [other.pk]
    assert load_together({"files": [], "points": []}, keyed)[ContactPoint] == []


def test_a_part_leaves_out_what_lies_before_the_present_instant(cast):
    now = datetime.datetime(2019, 3, 14, 9, tzinfo=datetime.UTC)
    minute = datetime.timedelta(minutes=1)
    kept = [
        Draft.objects.create(author=cast.manager, form=name, path="/", saved_at=at)
        for name, at in (("earlier", now - minute), ("now", now), ("later", now + minute))
    ]
    part = Part(Draft, "author", among="readers", after="saved_at")

    found = load_together({"readers": [cast.manager.pk], "now": now}, part)[Draft]

    assert found == kept[2:]
