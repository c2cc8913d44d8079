"""Row by row of a list: corrected, left out, made a relative, suspected to be known already."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from audit.models import AuditEntry
from clients.models import (
    Client,
    Relative,
)
from intake.choices import ImportState
from intake.importing.checks import Decision
from tests.factories.clients import ClientFactory
from tests.intake.import_desk import checked, post_row, row, run, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_january_2018")]


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


def test_an_existing_file_is_suspected_and_named_by_its_case_number(as_manager, cast):
    own = ClientFactory(
        municipality=cast.stutensee, manager=cast.manager, surname="Tesfai", given_name="Mebrahtu",
        birth_date=datetime.date(1985, 6, 12),
    )  # fmt: skip
    batch = checked(as_manager, cast)
    assert row(batch, "20").is_suspected
    page = text_of(as_manager.get(reverse("intake:import", args=[batch.uuid]) + "?show=suspected"))
    assert f"Vielleicht dieselbe Person wie {own.case_no}" in page


def test_the_button_says_how_many_are_taken_without_a_decision(as_manager, cast):
    batch = checked(as_manager, cast)
    batch.rows.update(is_suspected=False)
    taken = batch.rows.filter(proposal=Decision.OWN_FILE).order_by("position")[:3]
    batch.rows.filter(pk__in=[row.pk for row in taken]).update(is_suspected=True)
    address = reverse("intake:import", args=[batch.uuid])
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
    page = text_of(as_manager.get(reverse("intake:import", args=[batch.uuid]) + "?show=suspected"))
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


def test_rows_are_judged_again_on_another_day(as_manager, as_user, cast):
    batch = checked(as_manager, cast)
    assert row(batch, "11").proposal == Decision.RELATIVE
    with time_machine.travel(datetime.datetime(2026, 1, 15, 9, tzinfo=datetime.UTC)):
        as_manager = as_user(cast.manager)
        refused = run(as_manager, batch)
        assert "heute nicht geprüft" in text_of(refused)
        as_manager.get(reverse("intake:import", args=[batch.uuid]))
    assert row(batch, "11").proposal == Decision.OWN_FILE


def test_a_decision_over_htmx_returns_the_rows_as_they_stand_now(as_manager, cast):
    batch = checked(as_manager, cast)
    found = row(batch, "5")
    answer = as_manager.post(
        reverse("intake:import_row", args=[batch.uuid, found.uuid]),
        {"choice": "leave_out"},
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'id="import-rows"' in page
    assert "data-focus" in page


def test_a_minor_without_a_family_on_the_list_is_noted(as_manager, cast):
    batch = checked(as_manager, cast, b"Nachname;Vorname;Geburtsdatum\nMuster;Ada;14.03.2010\n")
    found = batch.rows.get()
    assert found.proposal == Decision.OWN_FILE
    assert found.is_noted
    assert [finding["code"] for finding in found.findings] == ["minor_without_family"]
