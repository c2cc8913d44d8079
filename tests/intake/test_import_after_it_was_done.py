"""Two tabs with one list: what is decided in one after the import in the other is refused, and breaks nothing."""

import datetime
import uuid

import pytest
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import User
from clients.models import Client
from intake.choices import ImportState
from intake.importing import deciding, judging, staging
from intake.importing.checks import Decision
from intake.importing.commit import import_list
from intake.importing.headers import TargetField
from intake.models import ImportBatch
from tests.factories.accounts import ServiceFactory
from tests.factories.clients import AccommodationFactory, ClientFactory
from tests.intake.import_desk import checked, run, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_january_2018")]

LIST = "Nachname;Vorname;Geburtsdatum\nBeispielova;Ana;01.02.1980\nMusterov;Ivan;03.04.1985\n"
TODAY = datetime.date(2018, 1, 30)


@pytest.fixture
def batch(as_manager, cast):
    upload(as_manager, cast, LIST.encode())
    staged = ImportBatch.objects.latest("pk")
    staging.choose_columns(Actor(cast.manager), staged, staging.Columns(staging.mapping_of(staged)))
    return judging.advance(Actor(cast.manager), staged)


def changes(batch, row, cast):
    """Every verb that changes a row, with the list and the row as they were read before the import."""
    return {
        "decide": lambda: deciding.decide(Actor(cast.manager), batch, row, Decision.LEAVE_OUT),
        "tell apart": lambda: deciding.dismiss_duplicates(Actor(cast.manager), batch, row),
        "ask again": lambda: deciding.reopen(Actor(cast.manager), batch, row),
        "correct": lambda: deciding.correct(Actor(cast.manager), batch, row, {0: "Anderova"}),
        "columns": lambda: staging.choose_columns(
            Actor(cast.manager), batch, staging.Columns([TargetField.IGNORE] * 3)
        ),
    }


@pytest.mark.parametrize("verb", ["decide", "tell apart", "ask again", "correct", "columns"])
def test_what_was_imported_is_not_decided_any_more(as_manager, batch, cast, verb):
    row = batch.rows.get(position=0)
    import_list(Actor(cast.manager), batch)
    stored = list(ImportBatch.objects.filter(pk=batch.pk).values())
    rows = list(batch.rows.values())

    with pytest.raises(staging.NotPossible, match="schon übernommen"):
        changes(batch, row, cast)[verb]()

    assert list(ImportBatch.objects.filter(pk=batch.pk).values()) == stored
    assert list(batch.rows.values()) == rows
    assert as_manager.get(reverse("intake:import", args=[batch.uuid])).status_code == 200


def test_a_list_thrown_away_is_not_decided_any_more(batch, cast):
    row, stale = batch.rows.get(position=0), ImportBatch.objects.get(pk=batch.pk)
    staging.discard(Actor(cast.manager), batch)
    with pytest.raises(staging.NotPossible, match="inzwischen geändert"):
        deciding.decide(Actor(cast.manager), stale, row, Decision.LEAVE_OUT)


def test_a_row_is_decided_as_it_stands_now(batch, cast):
    before = batch.rows.get(position=0)
    deciding.correct(Actor(cast.manager), batch, before, {2: "30.02.1980"})
    with pytest.raises(staging.NotPossible):
        deciding.decide(Actor(cast.manager), batch, before, Decision.OWN_FILE)


@pytest.mark.parametrize(
    "posted",
    [{"choice": "leave_out"}, {"same_person": "no"}, {"same_person": "maybe"}, {"cell_0": "Anderova"}],
)
def test_a_decision_overtaken_by_the_import_is_told(as_manager, batch, cast, monkeypatch, posted):
    def imported_first(verb):
        def run(*arguments, **named):
            import_list(Actor(cast.manager), batch)
            return verb(*arguments, **named)

        return run

    for name in ("decide", "dismiss_duplicates", "reopen", "correct"):
        monkeypatch.setattr(deciding, name, imported_first(getattr(deciding, name)))
    url = reverse("intake:import_row", args=[batch.uuid, batch.rows.get(position=0).uuid])
    page = as_manager.post(url, {"form_token": str(uuid.uuid4()), **posted}, follow=True)

    assert page.status_code == 200
    assert "schon übernommen" in page.content.decode()
    assert Client.objects.filter(surname="Beispielova").count() == 1


def test_the_result_is_shown_for_a_list_whose_imported_row_says_left_out(as_manager, batch, cast):
    import_list(Actor(cast.manager), batch)
    batch.rows.filter(position=0).update(decision=Decision.LEAVE_OUT)
    page = as_manager.get(reverse("intake:import", args=[batch.uuid]))
    assert page.status_code == 200
    assert ImportBatch.objects.get(pk=batch.pk).state == ImportState.IMPORTED


def test_the_result_tells_what_the_list_said_and_nothing_of_later(as_manager, cast):
    batch = checked(as_manager, cast, LIST.encode())
    run(as_manager, batch)
    file = Client.objects.get(surname="Beispielova")
    Client.objects.filter(pk=file.pk).update(manager=cast.colleague, phase="active")
    AccommodationFactory(client=file, name="Haus Zwitscher", street="Geheimweg 1")
    page = as_manager.get(reverse("intake:import", args=[batch.uuid])).text
    assert "Haus Zwitscher" not in page
    assert str(cast.colleague) not in page


def test_whose_service_in_the_town_ended_has_no_list_there(as_manager, batch, cast):
    cast.manager.services.update(until=TODAY - datetime.timedelta(days=1))
    ServiceFactory(user=cast.manager, municipality=cast.pfinztal, since=datetime.date(2017, 12, 1))
    assert as_manager.get(reverse("intake:import", args=[batch.uuid])).status_code == 404
    with pytest.raises(ImportBatch.DoesNotExist):
        import_list(Actor(User.objects.get(pk=cast.manager.pk)), batch)
    assert not Client.objects.exists()


def test_weeks_later_a_row_left_out_names_no_file(as_manager, cast):
    filed = ClientFactory(
        manager=cast.manager,
        municipality=cast.stutensee,
        surname="Beispielova",
        given_name="Ana",
        birth_date=datetime.date(1980, 2, 1),
    )
    batch = checked(as_manager, cast, LIST.encode())
    assert filed.case_no in as_manager.get(reverse("intake:import", args=[batch.uuid])).text
    run(as_manager, batch)
    page = as_manager.get(reverse("intake:import", args=[batch.uuid])).text
    assert "in einer Ihrer Akten" in page
    assert filed.case_no not in page
