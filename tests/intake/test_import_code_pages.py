"""Names in a wrong encoding are noticed per column, and the right one is offered. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.importing.code_pages import CodePage, judge_column, looks_wrong, repaired, western
from intake.importing.uploads import read_table

NAMES = {
    "cp1251": ["Шевченко", "Олена", "Петренко Іван"],
    "koi8_u": ["Шевченко", "Олена"],
    "cp866": ["Шевченко", "Мария"],
    "iso8859_5": ["Шевченко", "Олена"],
    "cp1256": ["الخطيب", "سامر", "محمد"],
    "iso8859_6": ["الخطيب", "سامر"],
    "cp1254": ["Öztürk-Ağaoğlu", "Gülşah", "Yıldız"],
    "cp1250": ["Đorđević", "Kovačević"],
    "cp850": ["Müller", "Jürgen"],
    "utf-8": ["Müller", "Шевченко", "الخطيب", "Öztürk"],
}


@pytest.mark.parametrize("page", NAMES)
def test_the_right_code_page_is_proposed_for_a_column(page):
    seen = [western(name.encode(page)) for name in NAMES[page]]
    judged = judge_column(["Muster", *seen])
    assert judged is not None
    assert judged.proposed == page
    assert [repaired(cell, judged.proposed) for cell in seen] == NAMES[page]
    assert judged.offers[0].examples[0] == (seen[0], NAMES[page][0])
    assert judged.offers[-1].page is CodePage.AS_IT_IS


@pytest.mark.parametrize(
    "name",
    [
        "Müller",
        "Çelik",
        "Zoë",
        "Éléa",
        "François",
        "Nuñez",
        "São",
        "Ağaoğlu",
        "Шевченко",
        "الخطيب",
        "Nguyễn",
        "Łukasz",
    ],
)
def test_a_name_as_it_should_be_is_left_alone(name):
    assert not looks_wrong(name)
    assert repaired(name, CodePage.CYRILLIC) == name


def test_each_column_is_judged_by_itself_and_each_cell_by_what_it_can_be():
    names = judge_column(["Müller", western("Олена".encode("cp1251"))])
    assert names is not None
    assert repaired("Müller", names.proposed) == "Müller"
    assert judge_column(["Hauptstraße 3", "Café"]) is None


def test_a_file_in_two_encodings_is_read_line_by_line():
    data = "Nachname;Vorname\nÇelik;Gül\n".encode() + b"M\xfcller;Ida\n"
    column = [row.cells[0] for row in read_table(data, "liste.csv").rows]
    judged = judge_column(column)
    assert judged is not None
    assert [repaired(cell, judged.proposed) for cell in column] == ["Çelik", "Müller"]


@given(st.sampled_from([page for page in NAMES if page != "utf-8"]), st.data())
def test_every_byte_survives_until_somebody_has_decided(page, data):
    raw = data.draw(st.binary(min_size=1, max_size=30))
    text = western(raw)
    assert len(text) == len(raw)
    read = repaired(text, page)
    if read != text:
        assert read == raw.decode(page)


@given(st.text(max_size=40))
def test_repairing_never_fails(text):
    judge_column([text])
    for page in CodePage:
        assert isinstance(repaired(text, page), str)
