"""Laufende Fälle übernehmen: the first month of a town that counsels already."""

import datetime

import pytest
from django.urls import reverse

from clients.choices import Intensity, Phase
from clients.models import Client, DueItem, PhaseChange, Responsibility
from clients.rules.clock import Period, read_clock
from intake.importing.values import name_key, read_intensity
from tests.intake.import_desk import checked, row, run, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_january_2018")]

LIST = (
    "Nachname;Vorname;Geburtsdatum;Integrationsmanager:in;Beratung seit;Intensität;Letztes Gespräch;"
    "Nächste Überprüfung\n"
    "Beispielova;Ana;01.02.1980;Rehbaum, Jana;15.03.2017;intensiv;20.01.2018;01.03.2018\n"
    "Musterov;Ivan;03.04.1985;Herr Kettelhack;01.06.2017;;;\n"
    "Testenko;Oleh;05.06.1990;Frau Niemand;01.09.2017;punktuell;;\n"
    "Neumannova;Eva;07.08.1991;;;;;\n"
)


@pytest.fixture
def imported(as_manager, cast):
    for person in (cast.colleague, cast.substitute, cast.former):
        person.services.update(since=datetime.date(2017, 12, 1))
    batch = checked(as_manager, cast, LIST.encode())
    return batch, run(as_manager, batch)


def file(name: str) -> Client:
    return Client.objects.get(surname=name)


def test_a_running_case_joins_the_caseload_the_list_names(imported, cast):
    ana = file("Beispielova")
    assert (ana.manager, ana.phase, ana.phase_since) == (
        cast.manager,
        Phase.ACTIVE,
        datetime.date(2017, 3, 15),
    )
    assert ana.taken_over_on == datetime.date(2018, 1, 30)
    assert file("Musterov").manager == cast.colleague
    assert file("Testenko").manager is None
    assert (file("Neumannova").phase, file("Neumannova").taken_over_on) == (Phase.ACCESS, None)
    page = text_of(imported[1])
    assert "Laufende Fälle haben übernommen:" in page
    assert "Jana Rehbaum (1)" in page


def test_a_manager_nobody_knows_is_said_before_and_the_case_waits_in_the_inbox(as_manager, cast):
    batch = checked(as_manager, cast, LIST.encode())
    page = text_of(as_manager.get(reverse("intake:import", args=[batch.uuid])))
    assert "heißt niemand im Integrationsmanagement „Frau Niemand“" in page
    assert row(batch, "4").is_noted


def test_the_clock_counts_from_the_real_start(imported):
    ana = file("Beispielova")
    assert ana.counselling_started_on == datetime.date(2017, 3, 15)
    clock = read_clock(
        ana.counselling_started_on, [Period(ana.periods.get().opened_on)], datetime.date(2018, 1, 30)
    )
    assert clock.month == 11


def test_level_last_talk_and_review_come_along(imported):
    ana = file("Beispielova")
    assert (ana.intensity, ana.intensity_since) == (Intensity.INTENSIVE, datetime.date(2018, 1, 30))
    # What a level follows from is not known, so whoever may not read health is told none.
    assert ana.unprotected_intensity == ""
    assert ana.last_contact_on == datetime.date(2018, 1, 20)
    assert ana.next_review_on == datetime.date(2018, 3, 1)
    assert file("Testenko").next_review_on == datetime.date(2019, 1, 30)


def test_no_ladder_opens_and_no_assessment_is_overdue_on_the_first_day(imported):
    assert not Responsibility.objects.filter(is_taking=True).exists()
    items = DueItem.objects.filter(client__taken_over_on__isnull=False)
    assert not items.filter(kind__in=("step", "first_contact")).exists()
    late = items.filter(kind="unassessed", due_on__lt=datetime.date(2018, 4, 30))
    assert list(late) == []


def test_taking_a_running_case_from_the_inbox_starts_no_first_contact(imported, as_manager):
    oleh = file("Testenko")
    as_manager.post(reverse("intake:inbox_take", args=[oleh.uuid]), follow=True)
    oleh.refresh_from_db()
    assert (oleh.manager.username, oleh.phase) == ("manager", Phase.ACTIVE)
    assert not oleh.ladders.exists()


def test_the_file_its_timeline_and_the_list_say_that_it_was_taken_over(imported, as_manager):
    ana = file("Beispielova")
    page = text_of(as_manager.get(reverse("clients:detail", args=[ana.uuid])))
    assert "Laufender Fall übernommen" in page
    assert "(übernommen)" in page
    assert "in Beratung seit 15.03.2017" in page
    assert "als laufender Fall am 30.01.2018" in text_of(
        as_manager.get(reverse("clients:person", args=[ana.uuid]))
    )
    rows = text_of(as_manager.get(reverse("clients:list")))
    assert "aktiv · übernommen" in rows.replace("Aktiv", "aktiv")
    assert "20.01.2018 (übernommen)" in rows
    person = text_of(as_manager.get(reverse("clients:person", args=[ana.uuid])))
    assert "15.03.2017 (übernommen)" in person


def test_a_talk_after_the_taking_over_is_marked_no_more(imported, as_manager):
    ana = file("Beispielova")
    assert [ana.brought(day) for day in (None, ana.taken_over_on, ana.last_contact_on)] == [
        False,
        False,
        True,
    ]


@pytest.mark.facts_by_hand
def test_the_list_of_cases_says_that_days_may_lie_before_the_taking_over(imported, as_user, cast):
    cast.officer.services.update(since=datetime.date(2017, 12, 1))
    Client.objects.filter(surname="Beispielova").update(list_number=1)
    page = reverse("reports:cases")
    said = "ihr letztes Gespräch und ihre Intensität können davor liegen"
    assert said in text_of(as_user(cast.officer).get(page))
    Client.objects.update(taken_over_on=None)
    assert said not in text_of(as_user(cast.officer).get(page))


def test_figures_of_earlier_months_say_that_they_are_taken_over(imported, as_user, cast):
    cast.officer.services.update(since=datetime.date(2017, 12, 1))
    assert PhaseChange.objects.get(client=file("Beispielova")).on == datetime.date(2017, 3, 15)
    page = text_of(as_user(cast.officer).get(reverse("reports:dashboard")))
    assert "Bis 30.01.2018 wurden 3 laufende Fälle übernommen" in page


def test_a_talk_still_to_come_or_before_the_beginning_is_an_error(as_manager, cast):
    text = (
        "Nachname;Vorname;Beratung seit;Letztes Gespräch\n"
        "Beispielova;Ana;01.02.2019;\nMusterov;Ivan;01.01.2018;01.12.2017\n"
    )
    batch = checked(as_manager, cast, text.encode())
    assert [found.has_error for found in batch.listed] == [True, True]


def test_names_of_managers_and_levels_are_read_as_they_are_written():
    assert name_key("Rehbaum, Jana") == name_key("Frau Jana Rehbaum")
    assert read_intensity("Intensive Beratung") == Intensity.INTENSIVE
    assert read_intensity("regelmäßig") == Intensity.REGULAR
    assert read_intensity("grün") is None
