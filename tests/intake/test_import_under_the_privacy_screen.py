"""Sichtschutz while a list is imported: what it says of people is read by nobody who passes by."""

import pytest
from django.urls import reverse

from intake.importing.checks import Decision
from intake.models import ImportBatch
from tests.access.test_no_name_under_the_privacy_screen import visible
from tests.intake.import_desk import checked, columns_of, post_row, row, run, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_january_2018")]

HEADER = "Nachname;Vorname;Geburtsdatum;Familienverband;Unterkunft;Straße;PLZ;Ort;Bemerkung\n"
LIST = (
    HEADER + "Quittenbaum;Zwirnelfe;01.02.1980;F-1;Lindwurmhof;Lindwurmweg 1;76297;Drachenau;Hatschibratz\n"
    "Quittenbaum;Mohnkipferl;11.07.2012;F-1;Lindwurmhof;Lindwurmweg 1;76297;Drachenau;\n"
    "Salbeistern;Mohnkipferl;bei Wurzelgnom;;Lindwurmhof;;;;\n"
    "Wurzelgnom;Zwirnelfe;03.04.1985;;Salbeihaus;;;;\n"
    "Wurzelgnom;Zwirnelfe;03.04.1985;;Salbeihaus;;;;\n"
    "Summe: Hatschibratz;;;;;;;;\n"
)
WORDS = {
    *("Quittenbaum", "Zwirnelfe", "Lindwurm", "Drachenau", "Hatschibratz"),
    *("Mohnkipferl", "Salbei", "Wurzelgnom"),
}


def told(page: str) -> list[str]:
    return sorted(word for word in WORDS if word in visible(page))


@pytest.fixture
def hidden(as_manager, cast):
    cast.manager.privacy_screen = True
    cast.manager.save()
    return as_manager


def test_no_import_page_says_what_a_list_says_of_people(hidden, cast):
    upload(hidden, cast, LIST.encode())
    batch = ImportBatch.objects.get()
    columns = hidden.get(reverse("intake:import_columns", args=[batch.uuid]))
    assert "Zwirnelfe" in columns.text
    assert told(columns.text) == []
    hidden.post(reverse("intake:import_columns", args=[batch.uuid]), columns_of(batch))
    address = reverse("intake:import", args=[batch.uuid])
    rows = hidden.get(address, follow=True)
    assert "Lindwurmhof" in rows.text
    assert "verdeckt “ ist kein Datum" in " ".join(visible(rows.text).split())
    assert told(rows.text) == []
    assert row(batch, "3").current_decision == Decision.RELATIVE
    for found in batch.listed:
        one = hidden.get(reverse("intake:import_row", args=[batch.uuid, found.uuid]))
        assert one.status_code == 200
        assert told(one.text) == []
    refused = post_row(hidden, batch, "4", cell_2="am Salbeitag", cell_form="1")
    assert refused.status_code == 422
    assert told(refused.text) == []
    result = run(hidden, batch)
    assert "so übernommen, wie es in der Liste steht: verdeckt (" in " ".join(visible(result.text).split())
    assert "Lindwurmhof" in result.text
    assert told(result.text) == []
    assert told(hidden.get(reverse("intake:import_list")).text) == []


def test_what_a_relative_belongs_to_is_said_by_its_row(hidden, cast):
    batch = checked(hidden, cast, LIST.encode())
    page = visible(hidden.get(reverse("intake:import", args=[batch.uuid])).text)
    assert "Angehörige:r von Zeile 2" in page
    cast.manager.privacy_screen = False
    cast.manager.save()
    page = hidden.get(reverse("intake:import", args=[batch.uuid])).text
    assert "Angehörige:r von Quittenbaum, Zwirnelfe" in page


def test_a_code_page_is_offered_without_the_names_it_would_read(hidden, cast):
    content = (
        (
            HEADER + "Кравченко;Олена;01.02.1980;;;;;;\nШевченко;Тарас;01.02.1981;;;;;;\n"
            "Бондаренко;Ірина;01.02.1982;;;;;;\n"
        )
        .replace("ß", "ss")
        .encode("cp1251")
    )
    upload(hidden, cast, content)
    address = reverse("intake:import_columns", args=[ImportBatch.objects.get().uuid])
    assert "sehen falsch aus" in hidden.get(address).text
    said = visible(hidden.get(address).text)
    assert [name for name in ("Кравченко", "Олена", "Шевченко") if name in said] == []
    cast.manager.privacy_screen = False
    cast.manager.save()
    assert "Кравченко" in visible(hidden.get(address).text)
