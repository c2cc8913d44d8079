"""A list names a house of the municipality: the file points to it, however the list spells it."""

import pytest

from clients.models import Accommodation, House
from intake.importing.houses import HouseBook, KnownHouse
from tests.intake.import_desk import checked, row, run, text_of

BOOK = HouseBook(
    [
        KnownHouse(1, "AU Bahnhofstr. 5", "Bahnhofstraße 5", "76297", "Stutensee", "Blankenloch"),
        KnownHouse(2, "Haus Regenbogen", "Hauptstr. 12 a", "76297", "Stutensee", "Blankenloch"),
        KnownHouse(3, "Alte Schule", "Hauptstraße 12a", "76297", "Stutensee", "Friedrichstal"),
    ]
)


@pytest.mark.parametrize(
    ("name", "street", "town", "found"),
    [
        ("AU Bahnhofstr. 5", "", "", 1),
        ("au  bahnhofstraße 5", "", "", 1),
        ("Anschlussunterbringung Bahnhof-Str. 5", "", "", 1),
        ("Bahnhofstrasse 5", "", "", 1),
        ("AU Bahnhofstr. 5, Zimmer 12", "", "", 1),
        ("AU Bahnhofstr. 5 Zi. 12", "", "", 1),
        ("AU", "Bahnhofstr. 5", "Stutensee", 1),
        ("", "Bahnhofstr.5", "Stutensee-Blankenloch", 1),
        ("Regenbogen", "", "", 2),
        ("", "Hauptstr. 12A", "Blankenloch", 2),
        ("", "Hauptstr. 12A", "Stutensee-Friedrichstal", 3),
        # Two houses could be meant, or another town is.
        ("", "Hauptstr. 12A", "Stutensee", None),
        ("", "Bahnhofstr. 5", "Karlsruhe", None),
        ("AU Bahnhofstr. 5", "Hauptstr. 12a", "Blankenloch", None),
        ("AU Bahnhofstr. 55", "", "", None),
        ("AU", "", "", None),
        ("privat", "Bahnhofstr. 5", "Stutensee", None),
    ],
)
def test_a_house_is_found_by_name_or_address_and_never_guessed(name, street, town, found):
    house = BOOK.find(name, street, "", town)
    assert (house.house.pk if house else None) == found


@pytest.mark.django_db
@pytest.mark.usefixtures("in_january_2018")
def test_a_file_points_to_the_house_its_list_names_and_the_summary_tells_the_others(as_manager, cast):
    house = House.objects.create(
        municipality=cast.stutensee,
        name="AU Bahnhofstr. 5",
        kind="au_shared",
        street="Bahnhofstraße 5",
        postcode="76297",
        town="Stutensee",
        valid_from="2017-01-01",
    )
    text = (
        "Nachname;Vorname;Geburtsdatum;Unterkunft\nBeispielova;Ana;01.02.1980;AU Bahnhofstrasse 5\n"
        "Musterov;Ivan;03.04.1985;AU Feldweg 1\nTestenko;Oleh;05.06.1990;Bahnhofstr. 5, Zi. 3\n"
    )
    batch = checked(as_manager, cast, text.encode())
    assert [finding["code"] for finding in row(batch, "3").findings if "house" in finding["code"]] == [
        "house_unknown"
    ]
    assert [finding["code"] for finding in row(batch, "4").findings if "house" in finding["code"]] == [
        "house_partly"
    ]
    page = text_of(run(as_manager, batch))
    assert "In Unterkünften der Gemeinde untergebracht: AU Bahnhofstr. 5 (2)." in page
    assert "so übernommen, wie es in der Liste steht: AU Feldweg 1 (1)." in page
    homes = dict(Accommodation.objects.values_list("client__surname", "house"))
    assert homes == {"Beispielova": house.pk, "Musterov": None, "Testenko": house.pk}
    assert Accommodation.objects.get(client__surname="Beispielova").street == "Bahnhofstraße 5"
