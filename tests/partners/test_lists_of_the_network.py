"""The network goes out as CSV and comes back; one wrong line, and nothing is taken over."""

import csv
import io
import uuid

import pytest
from django.urls import reverse

from clients.models import SpokenLanguage, Topic
from partners.models import Offer, Organisation
from tests.factories.documents import Upload
from tests.factories.network import ContactPersonFactory, OfferFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
HEAD = "Art der Stelle;Name;Ort;Telefon;Angebot;Bedarf;Sprachen;Plätze;Angebot bis"


def exported(browser):
    answer = browser.get(reverse("network:export"))
    return b"".join(answer.streaming_content)


def sent(browser, data):
    post = {"form_token": str(uuid.uuid4()), "file": Upload("liste.csv", data, "text/csv")}
    return browser.post(reverse("network:import"), post, follow=True)


def test_what_went_out_comes_back_the_same(as_user, cast):
    arabic = SpokenLanguage.objects.get(code="ar")
    OfferFactory(
        organisation__name="=Beispielhaus",
        title="-Kurs; mit Zeichen",
        topic=Topic.objects.get(code="finance"),
        capacity=6,
        speaks=[arabic],
    )
    OrganisationFactory(name="Ohne Angebot")
    ContactPersonFactory(name="Gerda Beispielmann")
    browser = as_user(cast.officer)
    data = exported(browser)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in rows][:2] == ["Name", "'=Beispielhaus"]
    assert "Gerda" not in data.decode()
    before = list(Organisation.objects.values_list("name", "town", "kind"))
    Organisation.objects.all().delete()
    page = sent(browser, data).content.decode()
    assert "Liste übernommen: 3 neue Organisationen, 0 bekannte." in page
    assert list(Organisation.objects.values_list("name", "town", "kind")) == before
    offer = Offer.objects.get()
    assert (offer.title, offer.capacity, list(offer.languages.all())) == ("-Kurs; mit Zeichen", 6, [arabic])
    again = sent(browser, data).content.decode()
    assert "0 neue Organisationen, 3 bekannte" in again


def test_known_ones_are_corrected_and_empty_cells_change_nothing(as_user, cast):
    OrganisationFactory(name="Beispielhaus", town="Bruchsal", phone="0721 1", hours="9 bis 12 Uhr")
    line = (
        "Verein;beispielhaus;bruchsal;0721 608 1234;Café;Teilhabe und Alltag;Arabisch, Türkisch;12;31.12.2030"
    )
    sent(as_user(cast.manager), f"{HEAD}\n{line}\n".encode("cp1252"))
    organisation = Organisation.objects.get()
    assert (organisation.phone, organisation.hours, organisation.kind.code) == (
        "0721 608 1234",
        "9 bis 12 Uhr",
        "association",
    )
    assert {str(row) for row in Offer.objects.get().languages.all()} == {"Arabisch", "Türkisch"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Quatsch;Haus;Bruchsal", "Zeile 3: „Quatsch“ ist in der Spalte „Art der Stelle“ nicht bekannt."),
        ("Verein;;Bruchsal", "Zeile 3: Die Spalte „Name“ ist leer."),
        ("Verein;Haus;Bruchsal;;;Finanzen", "Zeile 3: Das Angebot hat keinen Namen."),
        ("Verein;Haus;Bruchsal;;Kurs;;;viele", "Zeile 3: „viele“ ist keine ganze Zahl."),
        ("Verein;Haus;Bruchsal;;Kurs;;Klingonisch", "Zeile 3: „Klingonisch“ ist in der Spalte"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_taken_over(as_user, cast, lines, said):
    data = f"{HEAD}\nVerein;Gutes Haus;Bruchsal\n{lines}\n".encode()
    answer = sent(as_user(cast.manager), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "In dieser Datei steht keine Zeile."),
        (b"Spalte;Noch eine\nx;y\n", "Diese Spalten fehlen: Art der Stelle, Name."),
        (b"Art der Stelle;Name;Anliegen\nx;y;z\n", "Diese Spalten sind nicht bekannt: Anliegen."),
        (b"PK\x03\x04\x00\x00\x00\x00", "keine Textliste"),
        (b"x" * (2 * 2**20 + 1), "Die Datei ist größer als 2 MB."),
    ],
)
def test_what_is_no_such_list_is_refused(as_user, cast, data, said):
    answer = sent(as_user(cast.manager), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
