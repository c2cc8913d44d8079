"""A manager imports an allocation list: upload, columns, rows, result."""

import datetime
import io
import re
import uuid
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from accounts.access import scope_of
from audit.models import AuditEntry
from clients.choices import ImportState, Phase, PointKind, ReachKind, Relation, ResidenceStatus
from clients.due_intake import lines
from clients.importing import staging
from clients.importing.checks import Decision
from clients.models import (
    AccessSource,
    Client,
    CounsellingPeriod,
    HouseholdMember,
    ImportBatch,
    ImportRow,
    PhaseChange,
    Relative,
    Responsibility,
)
from clients.services.reach import unrecorded
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
IMPORTED_ON = datetime.datetime(2018, 1, 30, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _in_january_2018():
    with time_machine.travel(IMPORTED_ON, tick=True):
        yield


@pytest.fixture
def as_manager(cast, as_user):
    cast.manager.services.update(since=datetime.date(2017, 12, 1))
    cast.stutensee.memberships.update(since=datetime.date(2017, 1, 1))
    return as_user(cast.manager)


def upload(browser, cast, content=None, name="liste.csv", token=None):
    content = (DATA / "allocation_list.csv").read_bytes() if content is None else content
    return browser.post(
        reverse("clients:import_list"),
        {
            "file": SimpleUploadedFile(name, content),
            "municipality": cast.stutensee.pk,
            "source": AccessSource.objects.get(code="allocation").pk,
            "form_token": str(token or uuid.uuid4()),
        },
    )


def columns_of(batch, **changes):
    fields = {f"column_{number}": field for number, field in enumerate(batch.mapping)}
    return {**fields, **changes, "form_token": str(uuid.uuid4())}


def checked(browser, cast, content=None, name="liste.csv", **changes) -> ImportBatch:
    assert upload(browser, cast, content, name).status_code == 302
    batch = ImportBatch.objects.latest("pk")
    browser.post(reverse("clients:import_columns", args=[batch.uuid]), columns_of(batch, **changes))
    while (page := browser.get(reverse("clients:import", args=[batch.uuid]))).status_code == 200:
        batch.refresh_from_db()
        if batch.state != ImportState.CHECKING:
            break
    assert page.status_code == 200
    return batch


def row(batch: ImportBatch, label: str) -> ImportRow:
    return batch.rows.get(label=label)


def post_row(browser, batch, label, **data):
    found = row(batch, label)
    return browser.post(
        reverse("clients:import_row", args=[batch.uuid, found.uuid]),
        {"form_token": str(uuid.uuid4()), **data},
    )


def run(browser, batch):
    return browser.post(reverse("clients:import_run", args=[batch.uuid]), follow=True)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_allocation_list_becomes_files_in_the_inbox(as_manager, cast):
    batch = checked(as_manager, cast)
    page = text_of(run(as_manager, batch))
    batch.refresh_from_db()
    # 26 rows: three errors and one literal repetition stay out, three children become relatives.
    assert (batch.own_files, batch.relatives, batch.left_out) == (19, 3, 4)
    assert "19 Akten" in page
    assert "Den Tag 30.02.2016 gibt es nicht." in page
    files = Client.objects.filter(municipality=cast.stutensee, phase=Phase.ACCESS)
    assert files.count() == 19
    assert set(files.values_list("manager", flat=True)) == {None}
    assert len(set(files.values_list("case_no", flat=True))) == 19
    assert all(number.startswith("STU-2018-") for number in files.values_list("case_no", flat=True))


def test_an_imported_person_has_everything_the_list_says(as_manager, cast):
    run(as_manager, checked(as_manager, cast))
    khaled = Client.objects.get(surname="Al-Hariri", given_name="Khaled")
    assert khaled.birth_date == datetime.date(1986, 3, 14)
    assert (khaled.nationality.code, khaled.gender) == ("SY", "m")
    assert khaled.assigned_on == datetime.date(2018, 1, 15)
    home = khaled.accommodations.get()
    assert (home.name, home.street, home.postcode, home.town) == (
        "AU Blankenloch 1", "Musterweg 4", "76297", "Stutensee",
    )  # fmt: skip
    residence = khaled.residences.get()
    assert residence.status == ResidenceStatus.GFK
    assert residence.printed_until == datetime.date(2019, 6, 30)
    point = khaled.contact_points.get()
    assert (point.kind, point.normalised) == (PointKind.MOBILE, "+4915100000001")
    lamin = Client.objects.get(surname="Touray")
    assert [str(language.language.code) for language in lamin.client_languages.all()] == ["mnk", "en"]
    assert khaled.source.code == "allocation"
    assert PhaseChange.objects.get(client=khaled).phase == Phase.ACCESS
    assert Responsibility.objects.get(client=khaled).manager is None
    assert CounsellingPeriod.objects.filter(client=khaled, closed_on=None).exists()
    hussein = Client.objects.get(surname="Hussein")
    assert (hussein.birth_precision, hussein.arrived_precision) == ("year", "year")


def test_a_family_key_becomes_a_household_and_the_child_a_relative(as_manager, cast):
    run(as_manager, checked(as_manager, cast))
    khaled = Client.objects.get(given_name="Khaled")
    yusuf = Relative.objects.get(given_name="Yusuf")
    assert yusuf.client == khaled
    household = HouseholdMember.objects.get(client=khaled).household
    members = {(m.client or m.relative).given_name: m.relation for m in household.members.all()}
    assert members == {"Khaled": Relation.REFERENCE, "Rana": Relation.OTHER, "Yusuf": Relation.CHILD}
    assert not Client.objects.filter(given_name="Yusuf").exists()


def test_remarks_are_nowhere(as_manager, cast):
    run(as_manager, checked(as_manager, cast))
    for model in (Client, Relative):
        assert "schwanger" not in str(list(model.objects.values()))


def test_an_impossible_date_is_corrected_on_the_spot_and_the_child_joins_the_mother(as_manager, cast):
    batch = checked(as_manager, cast)
    answer = post_row(as_manager, batch, "8", cell_3="28.02.2016")
    assert answer.status_code == 302
    corrected = row(batch, "8")
    assert not corrected.has_error
    assert corrected.current_decision == Decision.RELATIVE
    assert batch.rows.get(position=corrected.current_head).label == "7"
    run(as_manager, batch)
    assert Relative.objects.get(given_name="Abel").client.given_name == "Selamawit"


def test_a_row_with_an_error_cannot_be_decided_in(as_manager, cast):
    batch = checked(as_manager, cast)
    answer = post_row(as_manager, batch, "18", choice="own_file")
    page = as_manager.get(answer.headers["Location"])
    assert "Diese Zeile hat einen Fehler" in text_of(page)
    assert row(batch, "18").current_decision == Decision.LEAVE_OUT


def test_a_wrong_correction_is_told_and_nothing_typed_is_lost(as_manager, cast):
    batch = checked(as_manager, cast)
    answer = post_row(as_manager, batch, "8", cell_3="31.02.2016", cell_form="1")
    assert answer.status_code == 422
    assert "31.02.2016" in answer.content.decode()
    assert "Den Tag 31.02.2016 gibt es nicht." in text_of(answer)


def test_decisions_are_kept_and_change_what_is_imported(as_manager, cast):
    batch = checked(as_manager, cast)
    post_row(as_manager, batch, "5", choice="leave_out")
    post_row(as_manager, batch, "13", choice="leave_out")
    post_row(as_manager, batch, "24", choice="leave_out")
    page = text_of(run(as_manager, batch))
    assert Client.objects.filter(surname__in=["Nazari", "Nazary", "Reza Nazari"]).count() == 1
    assert not Client.objects.filter(surname="Groß").exists()
    assert "Von Ihnen ausgelassen." in page


def test_a_relative_needs_somebody_who_gets_a_file(as_manager, cast):
    batch = checked(as_manager, cast)
    post_row(as_manager, batch, "1", choice="leave_out")
    page = text_of(run(as_manager, batch))
    batch.refresh_from_db()
    assert batch.state == ImportState.READY
    assert "Zeile 3 gehört zu einer Person, die ausgelassen wird." in page
    assert not Client.objects.filter(surname="Al-Hariri").exists()
    rana = row(batch, "2").position
    post_row(as_manager, batch, "3", choice=f"relative:{rana}")
    run(as_manager, batch)
    assert Relative.objects.get(given_name="Yusuf").client.given_name == "Rana"


@pytest.mark.parametrize(
    "choice", ["", "own", "relative:", "relative:x", "relative:9999", "relative:²", "relative:2"]
)
def test_a_strange_choice_changes_nothing(as_manager, cast, choice):
    batch = checked(as_manager, cast)
    assert post_row(as_manager, batch, "3", choice=choice).status_code == 302
    assert row(batch, "3").decision == ""


def test_nothing_is_half_imported(as_manager, cast, monkeypatch):
    batch = checked(as_manager, cast)

    def broken(self):
        raise RuntimeError("the last step fails")

    monkeypatch.setattr("clients.importing.commit._Writer.write_rows", broken)
    with pytest.raises(RuntimeError):
        run(as_manager, batch)
    batch.refresh_from_db()
    assert batch.state == ImportState.READY
    assert not Client.objects.filter(phase=Phase.ACCESS).exists()


def test_how_the_imported_people_are_reached_is_on_record(as_manager, cast):
    run(as_manager, checked(as_manager, cast))
    files = list(Client.objects.filter(phase=Phase.ACCESS))
    assert all(file.reach.filter(kind=ReachKind.FILE).exists() for file in files)
    assert [file.case_no for file in files if unrecorded(file, timezone.now())] == []


def test_the_same_import_posted_twice_imports_once(as_manager, cast):
    batch = checked(as_manager, cast)
    run(as_manager, batch)
    again = run(as_manager, batch)
    assert again.status_code == 200
    assert Client.objects.filter(phase=Phase.ACCESS).count() == 19


def test_the_same_upload_posted_twice_is_one_list(as_manager, cast):
    token = uuid.uuid4()
    first, second = upload(as_manager, cast, token=token), upload(as_manager, cast, token=token)
    assert first.headers["Location"] == second.headers["Location"]
    assert ImportBatch.objects.count() == 1


def test_what_was_imported_is_not_kept_a_second_time(as_manager, cast):
    batch = checked(as_manager, cast)
    run(as_manager, batch)
    assert row(batch, "1").cells == []
    assert "Al-Hariri" not in str(list(batch.rows.values("cells", "family_key", "folded_surname")))
    assert "Haile" in str(row(batch, "8").cells)


def test_a_list_can_be_thrown_away(as_manager, cast):
    batch = checked(as_manager, cast)
    answer = as_manager.post(reverse("clients:import_discard", args=[batch.uuid]))
    assert answer.status_code == 302
    assert not ImportRow.objects.exists()


def test_a_garbled_place_in_the_list_shows_it_from_the_top(as_manager, cast):
    batch = checked(as_manager, cast)
    page = as_manager.get(reverse("clients:import", args=[batch.uuid]) + "?after=nonsense")
    assert page.status_code == 200
    assert "Al-Hariri" in text_of(page)


def test_lists_are_deleted_after_thirty_days(as_manager, as_user, cast):
    batch = checked(as_manager, cast)
    with time_machine.travel(IMPORTED_ON + datetime.timedelta(days=31)):
        upload(as_user(cast.manager), cast)
    assert not ImportBatch.objects.filter(pk=batch.pk).exists()


def test_an_existing_file_is_suspected_and_named_by_its_case_number(as_manager, cast):
    own = ClientFactory(
        municipality=cast.stutensee, manager=cast.manager, surname="Tesfai", given_name="Mebrahtu",
        birth_date=datetime.date(1985, 6, 12),
    )  # fmt: skip
    batch = checked(as_manager, cast)
    assert row(batch, "20").is_suspected
    page = text_of(as_manager.get(reverse("clients:import", args=[batch.uuid]) + "?show=suspected"))
    assert f"Vielleicht dieselbe Person wie {own.case_no}" in page


def test_the_button_says_how_many_are_taken_without_a_decision(as_manager, cast):
    batch = checked(as_manager, cast)
    batch.rows.update(is_suspected=False)
    taken = batch.rows.filter(proposal=Decision.OWN_FILE).order_by("position")[:3]
    batch.rows.filter(pk__in=[row.pk for row in taken]).update(is_suspected=True)
    address = reverse("clients:import", args=[batch.uuid])
    assert "Darunter 3 vielleicht doppelt und noch nicht entschieden." in text_of(as_manager.get(address))
    for row_ in taken:
        batch.rows.filter(pk=row_.pk).update(decision=Decision.OWN_FILE)
    assert "noch nicht entschieden" not in text_of(as_manager.get(address))


def test_a_colleagues_file_is_told_on_the_full_name_and_birth_date_and_recorded(as_manager, cast):
    theirs = ClientFactory(
        municipality=cast.stutensee, manager=cast.colleague, surname="Tesfay", given_name="Mebrahtu",
        birth_date=datetime.date(1985, 6, 12),
    )  # fmt: skip
    batch = checked(as_manager, cast)
    page = text_of(as_manager.get(reverse("clients:import", args=[batch.uuid]) + "?show=suspected"))
    assert str(cast.colleague) in page
    assert theirs.case_no not in page
    assert AuditEntry.objects.filter(action="client.announced", subject_ref=theirs.subject_ref).exists()


def test_the_same_list_a_week_later_proposes_nobody_a_second_time(as_manager, cast):
    run(as_manager, checked(as_manager, cast))
    again = checked(as_manager, cast)
    proposed = again.rows.exclude(proposal=Decision.LEAVE_OUT).values_list("label", flat=True)
    assert set(proposed) == set()


def test_a_strangers_file_is_never_mentioned(as_manager, cast):
    ClientFactory(
        municipality=cast.pfinztal, manager=cast.outsider, surname="Tesfay", given_name="Mebrahtu",
        birth_date=datetime.date(1985, 6, 12),
    )  # fmt: skip
    assert not row(checked(as_manager, cast), "20").is_suspected


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


def test_a_workbook_is_imported_with_its_formula_as_text(as_manager, cast):
    book = Workbook()
    book.active.append(("Name", "Vorname", "Geburtsdatum"))
    book.active.append(("=1+1", "Ada", datetime.date(1990, 4, 30)))
    target = io.BytesIO()
    book.save(target)
    run(as_manager, checked(as_manager, cast, target.getvalue(), "liste.xlsx"))
    assert Client.objects.get(given_name="Ada").surname == "=1+1"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"Sehr geehrte Damen und Herren,\n", "liste.csv", "keine Tabelle"),
        (b"x" * (11 * 1024 * 1024), "liste.csv", "größer als 10 MB"),
        ("Nachname;Vorname\nMüller;Zoë\n".encode("cp850"), "liste.csv", "Zeichenkodierung"),
        (b"Nachname;Vorname\nA\x00;B\n", "liste.csv", "Nullbytes"),
        (b"", "liste.csv", "leer"),
        (b"PK\x03\x04", "liste.xlsx", "beschädigt"),
        (b"MZ", "../../liste.exe", "CSV oder Excel"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_at_its_field(as_manager, cast, content, name, words):
    answer = upload(as_manager, cast, content, name)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ImportBatch.objects.exists()


def test_no_file_at_all_is_asked_for(as_manager, cast):
    answer = as_manager.post(
        reverse("clients:import_list"), {"municipality": cast.stutensee.pk, "form_token": str(uuid.uuid4())}
    )
    assert answer.status_code == 422
    assert "Bitte wählen Sie eine Datei." in text_of(answer)


def test_another_municipality_cannot_be_chosen(as_manager, cast):
    answer = as_manager.post(
        reverse("clients:import_list"),
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
        reverse("clients:import_columns", args=[batch.uuid]), columns_of(batch, column_1="ignore")
    )
    assert answer.status_code == 422
    assert "in welcher Spalte der Nachname steht" in text_of(answer)
    answer = as_manager.post(
        reverse("clients:import_columns", args=[batch.uuid]), columns_of(batch, column_17="surname")
    )
    assert "für mehr als eine Spalte gewählt" in text_of(answer)


def test_a_long_list_is_checked_in_portions_and_survives_a_reload(as_manager, cast, monkeypatch):
    monkeypatch.setattr(staging, "PORTION", 10)
    upload(as_manager, cast)
    batch = ImportBatch.objects.get()
    url = reverse("clients:import", args=[batch.uuid])
    as_manager.post(reverse("clients:import_columns", args=[batch.uuid]), columns_of(batch))
    first = as_manager.get(url)
    assert 'value="10" max="26"' in first.content.decode()
    assert 'value="20" max="26"' in as_manager.get(url, headers={"HX-Request": "true"}).content.decode()
    done = as_manager.get(url, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == url
    batch.refresh_from_db()
    assert batch.state == ImportState.READY
    suspected = set(batch.rows.filter(is_suspected=True).values_list("label", flat=True))
    assert suspected == {"4", "5", "13", "22", "23"}


def test_an_unfinished_import_stands_in_my_day(as_manager, cast):
    def kinds():
        today = datetime.date(2018, 1, 30)
        return [line.kind for line in lines(cast.manager, scope_of(cast.manager, today), today, IMPORTED_ON)]

    batch = checked(as_manager, cast)
    assert "import" in kinds()
    run(as_manager, batch)
    assert "import" not in kinds()
    assert "inbox" in kinds()


def test_rows_are_judged_again_on_another_day(as_manager, as_user, cast):
    batch = checked(as_manager, cast)
    assert row(batch, "11").proposal == Decision.RELATIVE
    with time_machine.travel(datetime.datetime(2026, 1, 15, 9, tzinfo=datetime.UTC)):
        as_manager = as_user(cast.manager)
        refused = run(as_manager, batch)
        assert "heute nicht geprüft" in text_of(refused)
        as_manager.get(reverse("clients:import", args=[batch.uuid]))
    assert row(batch, "11").proposal == Decision.OWN_FILE


def test_changing_the_columns_checks_again_and_drops_decisions(as_manager, cast):
    batch = checked(as_manager, cast)
    post_row(as_manager, batch, "5", choice="leave_out")
    as_manager.post(reverse("clients:import_columns", args=[batch.uuid]), columns_of(batch))
    as_manager.get(reverse("clients:import", args=[batch.uuid]))
    assert row(batch, "5").decision == ""


def test_a_decision_over_htmx_returns_the_rows_as_they_stand_now(as_manager, cast):
    batch = checked(as_manager, cast)
    found = row(batch, "5")
    answer = as_manager.post(
        reverse("clients:import_row", args=[batch.uuid, found.uuid]),
        {"choice": "leave_out"},
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'id="import-rows"' in page
    assert "data-focus" in page


@pytest.mark.parametrize("who", ["colleague", "outsider", "substitute"])
def test_somebody_elses_list_does_not_exist(as_manager, cast, as_user, who):
    batch = checked(as_manager, cast)
    other = as_user(getattr(cast, who))
    found = row(batch, "1")
    for name, arguments in (
        ("clients:import", [batch.uuid]),
        ("clients:import_columns", [batch.uuid]),
        ("clients:import_row", [batch.uuid, found.uuid]),
    ):
        assert other.get(reverse(name, args=arguments)).status_code == 404
    assert other.post(reverse("clients:import_run", args=[batch.uuid])).status_code == 404
    assert other.post(reverse("clients:import_discard", args=[batch.uuid])).status_code == 404
    assert Client.objects.filter(phase=Phase.ACCESS).count() == 0


@pytest.mark.parametrize("who", ["officer", "coordinator", "admin"])
def test_only_managers_import(cast, as_user, who):
    assert as_user(getattr(cast, who)).get(reverse("clients:import_list")).status_code == 403


def test_queries_do_not_grow_with_the_rows(as_manager, cast):
    def queries(number: int) -> tuple[int, int]:
        # Surnames without a common sound, so that the number of suspicions does not grow either.
        lines = [
            f"Ba{chr(98 + i % 20)}o{chr(98 + i // 20)}u;P{i};{1 + i % 28:02}.03.19{50 + i % 45}"
            for i in range(number)
        ]
        batch = checked(as_manager, cast, "\n".join(["Nachname;Vorname;geb. am", *lines]).encode())
        with CaptureQueriesContext(connection) as page:
            as_manager.get(reverse("clients:import", args=[batch.uuid]))
        with CaptureQueriesContext(connection) as again:
            batch.state = ImportState.CHECKING
            batch.checked_rows = 0
            batch.save()
            staging.advance(batch, by=cast.manager, today=datetime.date(2018, 1, 30))
        return len(page), len(again)

    # The scope is computed once per user object; it is no matter of rows.
    assert scope_of(cast.manager, datetime.date(2018, 1, 30)).municipalities
    assert queries(2) == queries(45)
