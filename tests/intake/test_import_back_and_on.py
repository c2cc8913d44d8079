"""An import is taken back while nobody has worked on it; what was left out is named, downloaded and mended later."""

import csv
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.actor import Actor
from clients.models import Client, ContactPoint, Draft, Household, Relative
from intake.choices import ImportState
from intake.importing import undoing
from intake.importing.commit import import_list
from intake.models import ColumnMemory, ImportBatch
from tests.intake.import_desk import checked, columns_of, post_row, row, run, text_of, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_january_2018")]

LIST = (
    "Nachname;Vorname;Geburtsdatum;Familie\n"
    "Beispielova;Ana;01.02.1980;F1\nBeispielova;Lea;01.02.2015;F1\n=1+1;Ivan;30.02.1985;\n"
)


@pytest.fixture
def batch(as_manager, cast):
    found = checked(as_manager, cast, LIST.encode())
    run(as_manager, found)
    found.refresh_from_db()
    return found


def undo(browser, batch):
    return browser.post(reverse("intake:import_undo", args=[batch.uuid]), follow=True)


def test_a_whole_import_is_taken_back(as_manager, batch):
    before = Client.objects.exclude(surname="Beispielova").count()
    page = text_of(undo(as_manager, batch))
    assert "Die Übernahme wurde am 30.01.2018" in page
    assert (Client.objects.count(), Relative.objects.count(), Household.objects.count()) == (before, 0, 0)
    batch.refresh_from_db()
    assert batch.state == ImportState.READY
    # What was left out is still named.
    assert "Den Tag 30.02.1985 gibt es nicht." in page


def test_what_was_taken_back_is_imported_anew_as_it_was_decided(as_manager, cast):
    text = LIST.replace("30.02.1985", "28.02.1985") + "Beispielova;Ana;01.02.1980;F1\n"
    batch = checked(as_manager, cast, text.encode())
    post_row(as_manager, batch, "4", cell_0="Musterov")
    post_row(as_manager, batch, "5", choice="own_file")
    before = list(batch.listed.values("cells", "decision", "head", "corrected", "dismissed"))
    run(as_manager, batch)
    assert "können neu übernommen werden" in text_of(undo(as_manager, batch))
    assert list(batch.listed.values("cells", "decision", "head", "corrected", "dismissed")) == before
    run(as_manager, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.own_files, batch.relatives) == (ImportState.IMPORTED, 3, 1)
    assert Client.objects.filter(surname__in=("Beispielova", "Musterov")).count() == 3


def test_a_list_of_an_earlier_version_that_kept_no_cells_says_that_it_must_be_uploaded_again(
    as_manager, batch
):
    batch.rows.exclude(client=None).update(cells=[])
    assert "Die Übernahme ist zurückgenommen" in text_of(undo(as_manager, batch))
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE


def test_taking_back_twice_says_so(as_manager, batch):
    undo(as_manager, batch)
    assert "schon zurückgenommen" in text_of(undo(as_manager, batch))


def test_an_import_somebody_worked_on_stays(as_manager, batch):
    ana = Client.objects.get(given_name="Ana")
    as_manager.post(reverse("intake:inbox_take", args=[ana.uuid]))
    page = text_of(undo(as_manager, batch))
    assert "In 1 dieser Akten wurde seitdem gearbeitet" in page
    assert Client.objects.filter(given_name="Ana").exists()
    assert reverse("intake:import_undo", args=[batch.uuid]) not in page


@pytest.mark.parametrize("kind", ["number", "draft"])
def test_a_row_without_a_record_of_who_wrote_it_keeps_the_import_too(as_manager, batch, cast, kind):
    ana = Client.objects.get(given_name="Ana")
    if kind == "number":
        ContactPoint.objects.create(
            client=ana, kind="phone", value="1", normalised="+491", since=batch.finished_at
        )
    else:
        Draft.objects.create(
            author=cast.manager, form="contact", path="/", case_no=ana.case_no, saved_at=batch.finished_at
        )
    assert "etwas hinzugekommen" in text_of(undo(as_manager, batch))
    assert Client.objects.filter(pk=ana.pk).exists()


def test_every_kind_of_row_of_a_file_is_asked():
    asked = {model._meta.label for model, _path in undoing._paths()}
    known = {"appointments.Contact", "outreach.Ladder", "integration_plans.Goal", "clients.Responsibility"}
    assert known - asked == set()


def test_rows_left_out_are_downloaded_with_their_reason_and_without_formulas(as_manager, batch):
    answer = as_manager.get(reverse("intake:import_left_out_csv", args=[batch.uuid]))
    assert answer["Content-Disposition"] == 'attachment; filename="nicht-uebernommen.csv"'
    header, line = csv.reader(
        io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"
    )
    assert header == [
        "Zeile",
        "Blatt",
        "Nicht übernommen, weil",
        "Nachname",
        "Vorname",
        "Geburtsdatum",
        "Familie",
    ]
    assert line[:1] + line[3:] == ["4", "'=1+1", "Ivan", "30.02.1985", ""]
    assert "gibt es nicht" in line[2]
    answer = as_manager.get(reverse("intake:import_left_out_xlsx", args=[batch.uuid]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet[2]][3:6] == ["=1+1", "Ivan", "30.02.1985"]
    assert {cell.data_type for cell in sheet[2] if cell.value} == {"s"}


def test_rows_left_out_are_mended_and_imported_later(as_manager, batch):
    page = as_manager.post(reverse("intake:import_rest", args=[batch.uuid]), follow=True)
    rest = ImportBatch.objects.latest("pk")
    assert page.status_code == 200
    assert (rest.pk != batch.pk, rest.total_rows, rest.uploaded_at) == (True, 1, batch.uploaded_at)
    post_row(as_manager, rest, "4", cell_0="Musterov", cell_2="28.02.1985")
    run(as_manager, rest)
    assert Client.objects.filter(surname="Musterov").exists()
    # The first list is done: nothing of it is left, and it can still be taken back by itself.
    batch.refresh_from_db()
    assert [found.cells[1] for found in batch.rows.all()] == ["Ana", "Lea"]
    undo(as_manager, batch)
    assert [found.position for found in batch.listed] == [0, 1]
    assert Client.objects.filter(surname="Musterov").exists()
    assert not Client.objects.filter(given_name="Ana").exists()


def test_what_columns_mean_is_proposed_again_for_the_next_list(as_manager, cast):
    text = "Stammname;Ruf;Start;Wo\nBeispielova;Ana;01.02.1980;Weiler\n"
    named = {"column_0": "surname", "column_1": "given_name", "column_2": "birth_date", "column_3": "town"}
    checked(as_manager, cast, text.encode(), **named)
    upload(as_manager, cast, text.replace("Ana", "Eva").encode())
    again = ImportBatch.objects.latest("pk")
    assert again.mapping == list(named.values())
    page = text_of(as_manager.get(reverse("intake:import_columns", args=[again.uuid])))
    assert "Vorgeschlagen ist, was Sie damals gewählt haben." in page
    assert ColumnMemory.objects.count() == 1


def test_sheets_and_hidden_rows_are_chosen_and_the_rest_is_named(as_manager, cast):
    book = Workbook()
    book.active.title = "Mai"
    for line in (("Nachname", "Vorname"), ("Beispielova", "Ana"), ("Versteckova", "Ida")):
        book.active.append(line)
    book.active.row_dimensions[3].hidden = True
    june = book.create_sheet("Juni")
    for line in (("Nachname", "Vorname"), ("Musterov", "Ivan")):
        june.append(line)
    target = io.BytesIO()
    book.save(target)
    upload(as_manager, cast, target.getvalue(), "liste.xlsx")
    batch = ImportBatch.objects.latest("pk")
    url = reverse("intake:import_columns", args=[batch.uuid])
    page = text_of(as_manager.get(url))
    assert "Mai (2 Zeilen)" in page
    assert "1 ausgeblendete Zeile auch lesen" in page
    none = as_manager.post(url, columns_of(batch))
    assert none.status_code == 422
    assert "mindestens ein Blatt" in text_of(none)
    as_manager.post(url, columns_of(batch, sheets=["Mai"], with_hidden="on"))
    batch.refresh_from_db()
    assert [found.cells[0] for found in batch.listed] == ["Beispielova", "Versteckova"]
    as_manager.post(url, columns_of(batch, sheets=["Mai"]))
    rows = text_of(as_manager.get(reverse("intake:import", args=[batch.uuid])))
    assert "2 weitere Zeilen werden nicht gelesen" in rows
    result = text_of(run(as_manager, batch))
    assert "im Blatt ausgeblendet" in result
    assert "Blatt „Juni“ nicht gewählt" in result
    assert ["Versteckova, Ida" in result, "Musterov, Ivan" in result] == [True, True]


def test_the_script_and_the_dates_of_a_column_are_decided_with_examples(as_manager, cast):
    text = b"Nachname;Vorname;Geburtsdatum\n" + "Шевченко;Олена;".encode("cp1251") + b"14.03.86\n"
    upload(as_manager, cast, text)
    batch = ImportBatch.objects.latest("pk")
    url = reverse("intake:import_columns", args=[batch.uuid])
    page = text_of(as_manager.get(url))
    assert "Шевченко · Kyrillisch (Windows-1251)" in page
    assert "Tag vor Monat: 14.03.86 → 14.03.1986" in page
    as_manager.post(url, columns_of(batch, reading_2="strict", encoding_0="cp1251", encoding_1="cp1251"))
    as_manager.get(reverse("intake:import", args=[batch.uuid]))
    assert row(batch, "2").has_error
    as_manager.post(url, columns_of(batch, reading_2="day_first", encoding_0="cp1251", encoding_1="cp1251"))
    as_manager.get(reverse("intake:import", args=[batch.uuid]))
    run(as_manager, batch)
    olena = Client.objects.get(surname="Шевченко")
    assert (olena.given_name, str(olena.birth)) == ("Олена", "14.03.1986")


def test_children_numbered_by_an_office_are_different_persons_and_twins_stay(as_manager, cast):
    text = (
        "Nachname;Vorname;Geburtsdatum;Geschlecht\n"
        "Beispielova;Kind 1;01.02.2015;w\nBeispielova;Kind 2;01.02.2015;w\n"
        "Musterov;Nour;03.04.2010;m\nMusterov;Nour;03.04.2010;w\n"
        "Testenko;Oleh;05.06.1990;m\nTestenko;Oleh;05.06.1990;m\n"
    )
    batch = checked(as_manager, cast, text.encode())
    proposals = list(batch.listed.values_list("proposal", flat=True))
    assert proposals == ["own_file"] * 5 + ["leave_out"]
    assert not row(batch, "2").is_suspected
    run(as_manager, batch)
    again = checked(as_manager, cast, text.replace("Kind 1", "Kind 3").encode())
    assert row(again, "2").proposal == "own_file"


def test_importing_and_taking_back_cost_as_many_statements_for_twenty_rows_as_for_one(as_manager, cast):
    actor = Actor(cast.manager)

    def statements(number: int) -> tuple[int, int]:
        lines = [
            f"Ba{chr(98 + i % 20)}o{chr(98 + i // 20)}u;P{i};{1 + i % 28:02}.03.19{50 + i % 45};01.02.2017;Jana Rehbaum"
            for i in range(number)
        ]
        header = "Nachname;Vorname;Geburtsdatum;Beratung seit;Zuständig"
        found = checked(as_manager, cast, "\n".join([header, *lines]).encode())
        with CaptureQueriesContext(connection) as there:
            found = import_list(actor, found)
        with CaptureQueriesContext(connection) as back:
            undoing.undo_import(actor, found)
        return len(there), len(back)

    assert actor.scope.municipalities
    # The first file of a year begins its counter.
    statements(1)
    assert statements(1) == statements(20)


def test_a_row_of_a_sheet_not_chosen_cannot_be_decided(as_manager, batch):
    row_left = row(batch, "4")
    batch.rows.filter(pk=row_left.pk).update(position=None)
    url = reverse("intake:import_row", args=[batch.uuid, row_left.uuid])
    assert as_manager.post(url, {"choice": "own_file", "form_token": str(uuid.uuid4())}).status_code == 404
