"""A list is uploaded and its columns are named: what is taken, what is refused and in which words."""

import datetime
import io
import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from clients.choices import ResidenceStatus
from clients.models import Client, Relative
from intake.models import ImportBatch
from tests.intake.import_desk import DATA, checked, columns_of, post_row, row, run, text_of, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_january_2018")]


def test_the_same_upload_posted_twice_is_one_list(as_manager, cast):
    token = uuid.uuid4()
    first, second = upload(as_manager, cast, token=token), upload(as_manager, cast, token=token)
    assert first.headers["Location"] == second.headers["Location"]
    assert ImportBatch.objects.count() == 1


def test_another_list_under_the_same_token_is_asked_for_again(as_manager, cast):
    token = uuid.uuid4()
    upload(as_manager, cast, token=token)
    other = (DATA / "allocation_list.csv").read_bytes() + b"\n"
    answer = upload(as_manager, cast, content=other, token=token)
    assert answer.status_code == 409
    (said,) = answer.context["form"].errors["file"]
    assert said == (
        "Mit diesem Formular wurde schon eine andere Liste hochgeladen. Bitte wählen Sie die Datei noch einmal aus."
    )
    fresh = answer.context["form"]["form_token"].value()
    assert fresh != str(token)
    assert upload(as_manager, cast, content=other, token=fresh).status_code == 302
    assert ImportBatch.objects.count() == 2


def test_the_file_with_english_headers_works_by_the_proposed_mapping(as_manager, as_user, cast):
    with time_machine.travel(datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)):
        as_manager = as_user(cast.manager)
        batch = checked(as_manager, cast, (DATA / "camp_persons.csv").read_bytes())
        run(as_manager, batch)
    batch.refresh_from_db()
    assert (batch.own_files, batch.relatives, batch.left_out) == (4, 1, 0)
    assert Relative.objects.get(given_name="Jamil").client.given_name == "Nesrin"


def test_renamed_and_permuted_columns_work_by_mapping_alone(as_manager, as_user, cast):
    with time_machine.travel(datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)):
        as_manager = as_user(cast.manager)
        batch = checked(
            as_manager, cast, (DATA / "list_permuted.csv").read_bytes(),
            column_0="phone", column_1="given_name", column_2="surname", column_3="nationality",
            column_4="birth_date", column_5="languages", column_6="accommodation", column_7="residence_status",
            column_8="family_key",
        )  # fmt: skip
        run(as_manager, batch)
    oksana = Client.objects.get(given_name="Oksana")
    assert oksana.residences.get().status == ResidenceStatus.UKRAINE
    assert Relative.objects.get(given_name="Danylo").client == oksana


def test_a_text_that_looks_like_a_formula_is_imported_as_text(as_manager, cast):
    book = Workbook()
    book.active.append(("Name", "Vorname", "Geburtsdatum"))
    book.active.append(("1+1", "Ada", datetime.date(1990, 4, 30)))
    book.active["A2"].value, book.active["A2"].data_type = "=1+1", "s"
    target = io.BytesIO()
    book.save(target)
    run(as_manager, checked(as_manager, cast, target.getvalue(), "liste.xlsx"))
    assert Client.objects.get(given_name="Ada").surname == "=1+1"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"Sehr geehrte Damen und Herren,\n", "liste.csv", "keine Tabelle"),
        (b"x" * (11 * 1024 * 1024), "liste.csv", "größer als 10 MB"),
        ("Nachname;Vorname\nM\ufffdller;Zoe\n".encode(), "liste.csv", "Buchstaben verloren"),
        (b"Nachname;Vorname\nA\x00;B\n", "liste.csv", "Nullbytes"),
        (b"", "liste.csv", "leer"),
        (b"PK\x03\x04", "liste.xlsx", "beschädigt"),
        (b"MZ", "../../liste.exe", "CSV oder Excel"),
        (b"Nachname;Vorname\n" + b"A\xcc\x81" * 400_000, "liste.csv", "Zeile 2 ist zu lang"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_at_its_field(as_manager, cast, content, name, words):
    answer = upload(as_manager, cast, content, name)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ImportBatch.objects.exists()


def test_no_file_at_all_is_asked_for(as_manager, cast):
    answer = as_manager.post(
        reverse("intake:import_list"), {"municipality": cast.stutensee.pk, "form_token": str(uuid.uuid4())}
    )
    assert answer.status_code == 422
    assert "Bitte wählen Sie eine Datei." in text_of(answer)


def test_another_municipality_cannot_be_chosen(as_manager, cast):
    answer = as_manager.post(
        reverse("intake:import_list"),
        {
            "file": SimpleUploadedFile("a.csv", (DATA / "camp_persons.csv").read_bytes()),
            "municipality": cast.pfinztal.pk,
            "form_token": str(uuid.uuid4()),
        },
    )
    assert answer.status_code == 422
    assert not ImportBatch.objects.exists()


def test_a_mapping_without_a_surname_is_refused(as_manager, cast):
    upload(as_manager, cast)
    batch = ImportBatch.objects.get()
    answer = as_manager.post(
        reverse("intake:import_columns", args=[batch.uuid]), columns_of(batch, column_1="ignore")
    )
    assert answer.status_code == 422
    assert "in welcher Spalte der Nachname steht" in text_of(answer)
    answer = as_manager.post(
        reverse("intake:import_columns", args=[batch.uuid]), columns_of(batch, column_17="surname")
    )
    assert "für mehr als eine Spalte gewählt" in text_of(answer)


def test_changing_the_columns_checks_again_and_drops_decisions(as_manager, cast):
    batch = checked(as_manager, cast)
    post_row(as_manager, batch, "5", choice="leave_out")
    as_manager.post(reverse("intake:import_columns", args=[batch.uuid]), columns_of(batch))
    as_manager.get(reverse("intake:import", args=[batch.uuid]))
    assert row(batch, "5").decision == ""


@pytest.mark.parametrize("who", ["officer", "coordinator", "admin"])
def test_only_managers_import(cast, as_user, who):
    assert as_user(getattr(cast, who)).get(reverse("intake:import_list")).status_code == 403
