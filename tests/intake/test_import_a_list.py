"""A manager imports an allocation list: from the upload to the files in the inbox."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import scope_of
from accounts.actor import Actor
from clients.choices import Phase, PointKind, ReachKind, Relation, ResidenceStatus
from clients.models import Client, CounsellingPeriod, HouseholdMember, PhaseChange, Relative, Responsibility
from clients.services.reach import unrecorded
from clients.worklist import Reader
from intake.choices import ImportState
from intake.due import lines
from intake.importing import judging
from intake.importing.undoing import forget_imported
from intake.models import ImportBatch, ImportRow
from tests.intake.import_desk import IMPORTED_ON, checked, columns_of, row, run, text_of, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_january_2018")]


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


def test_nothing_is_half_imported(as_manager, cast, monkeypatch):
    batch = checked(as_manager, cast)

    def broken(self):
        raise RuntimeError("the last step fails")

    monkeypatch.setattr("intake.importing.writing.Writer.write_rows", broken)
    with pytest.raises(RuntimeError):
        run(as_manager, batch)
    batch.refresh_from_db()
    assert batch.state == ImportState.READY
    assert not Client.objects.filter(phase=Phase.ACCESS).exists()


def test_how_the_imported_people_are_reached_is_on_record(as_manager, cast):
    run(as_manager, checked(as_manager, cast))
    files = list(Client.objects.filter(phase=Phase.ACCESS))
    assert all(file.reach.filter(kind=ReachKind.FILE).exists() for file in files)
    assert [file.case_no for file in files if unrecorded([file], timezone.now())] == []


def test_the_same_import_posted_twice_imports_once(as_manager, cast):
    batch = checked(as_manager, cast)
    run(as_manager, batch)
    again = run(as_manager, batch)
    assert again.status_code == 200
    assert Client.objects.filter(phase=Phase.ACCESS).count() == 19


def test_what_was_imported_is_kept_a_second_time_only_while_it_can_be_taken_back(as_manager, cast):
    batch = checked(as_manager, cast)
    run(as_manager, batch)
    assert (forget_imported(Actor(cast.manager)), row(batch, "1").cells[0]) == (0, "1")
    as_manager.post(reverse("intake:inbox_take", args=[row(batch, "1").client.uuid]))
    assert forget_imported(Actor(cast.manager)) == 22
    assert row(batch, "1").cells == []
    assert "Al-Hariri" not in str(list(batch.rows.values("cells", "family_key", "folded_surname")))
    assert "Haile" in str(row(batch, "8").cells)


def test_a_list_can_be_thrown_away(as_manager, cast):
    batch = checked(as_manager, cast)
    answer = as_manager.post(reverse("intake:import_discard", args=[batch.uuid]))
    assert answer.status_code == 302
    assert not ImportRow.objects.exists()


def test_a_garbled_place_in_the_list_shows_it_from_the_top(as_manager, cast):
    batch = checked(as_manager, cast)
    page = as_manager.get(reverse("intake:import", args=[batch.uuid]) + "?after=nonsense")
    assert page.status_code == 200
    assert "Al-Hariri" in text_of(page)


def test_the_daily_run_deletes_lists_of_thirty_days_ago_whoever_uploaded_them(as_manager, cast):
    batch = checked(as_manager, cast)
    with time_machine.travel(IMPORTED_ON + datetime.timedelta(days=31)):
        forget_imported(Actor(cast.manager))
    assert not ImportBatch.objects.filter(pk=batch.pk).exists()


def test_lists_are_deleted_after_thirty_days(as_manager, as_user, cast):
    batch = checked(as_manager, cast)
    with time_machine.travel(IMPORTED_ON + datetime.timedelta(days=31)):
        upload(as_user(cast.manager), cast)
    assert not ImportBatch.objects.filter(pk=batch.pk).exists()


def test_a_long_list_is_checked_in_portions_and_survives_a_reload(as_manager, cast, monkeypatch):
    monkeypatch.setattr(judging, "PORTION", 10)
    upload(as_manager, cast)
    batch = ImportBatch.objects.get()
    url = reverse("intake:import", args=[batch.uuid])
    as_manager.post(reverse("intake:import_columns", args=[batch.uuid]), columns_of(batch))
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
        return [
            line.kind
            for line in lines(Reader(cast.manager, scope_of(cast.manager, today), today, IMPORTED_ON))
        ]

    batch = checked(as_manager, cast)
    assert "import" in kinds()
    run(as_manager, batch)
    assert "import" not in kinds()
    assert "inbox" in kinds()


@pytest.mark.parametrize("who", ["colleague", "outsider", "substitute"])
def test_somebody_elses_list_does_not_exist(as_manager, cast, as_user, who):
    batch = checked(as_manager, cast)
    other = as_user(getattr(cast, who))
    found = row(batch, "1")
    for name, arguments in (
        ("intake:import", [batch.uuid]),
        ("intake:import_columns", [batch.uuid]),
        ("intake:import_row", [batch.uuid, found.uuid]),
    ):
        assert other.get(reverse(name, args=arguments)).status_code == 404
    assert other.post(reverse("intake:import_run", args=[batch.uuid])).status_code == 404
    assert other.post(reverse("intake:import_discard", args=[batch.uuid])).status_code == 404
    assert Client.objects.filter(phase=Phase.ACCESS).count() == 0


def test_queries_do_not_grow_with_the_rows(as_manager, cast):
    def queries(number: int) -> tuple[int, int]:
        # Surnames without a common sound, so that the number of suspicions does not grow either.
        lines = [
            f"Ba{chr(98 + i % 20)}o{chr(98 + i // 20)}u;P{i};{1 + i % 28:02}.03.19{50 + i % 45}"
            for i in range(number)
        ]
        batch = checked(as_manager, cast, "\n".join(["Nachname;Vorname;geb. am", *lines]).encode())
        with CaptureQueriesContext(connection) as page:
            as_manager.get(reverse("intake:import", args=[batch.uuid]))
        with CaptureQueriesContext(connection) as again:
            batch.state = ImportState.CHECKING
            batch.checked_rows = 0
            batch.save()
            judging.advance(Actor(cast.manager), batch)
        return len(page), len(again)

    # The scope is computed once per user object; it is no matter of rows.
    assert scope_of(cast.manager, datetime.date(2018, 1, 30)).municipalities
    assert queries(2) == queries(45)
