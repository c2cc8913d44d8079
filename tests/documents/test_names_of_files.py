"""A name that came with a file does no harm, wherever somebody saves it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.rules.filenames import MOST, safe_name

NASTY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from('/\\.:\x00\r\n\t\u202e\u2066\u200b\u200f"*?<>| '),
    ),
    max_size=400,
)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Bescheid 2026.pdf", "Bescheid 2026.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system.ini", "system.pdf"),
        ("rechnung.exe", "rechnung.pdf"),
        ("Foto\u202egpj.exe", "Fotogpj.pdf"),
        ("Zeile\r\nSet-Cookie: a=b.pdf", "ZeileSet-Cookie_ a=b.pdf"),
        ("CON.pdf", "Dokument.pdf"),
        ("", "Dokument.pdf"),
        ("....", "Dokument.pdf"),
        ("شهادة.pdf", "شهادة.pdf"),
        ("Straße „Müller“.PDF", "Straße „Müller“.pdf"),
        ("v1.2 final version", "v1.2 final version.pdf"),
    ],
)
def test_it_keeps_what_it_can_and_drops_what_harms(given_name, kept):
    assert safe_name(given_name, "pdf", "Dokument") == kept


def test_three_hundred_characters_are_cut_and_the_ending_stays():
    name = safe_name("x" * 300 + ".pdf", "pdf", "Dokument")
    assert (len(name), name[-4:]) == (MOST, ".pdf")


@given(NASTY)
def test_whatever_comes_in_the_name_is_harmless(given_name):
    name = safe_name(given_name, "docx", "Dokument")
    assert 0 < len(name) <= MOST
    assert name.endswith(".docx")
    assert not set(name) & set('/\\<>:"|?*')
    assert not [char for char in name if unicodedata.category(char).startswith("C")]
    assert not name.startswith(".")
    assert safe_name(name, "docx", "Dokument") == name
