"""What a file is, its content says; whatever seems to be more, or would harm, is refused with a sentence."""

import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from documents import packed
from documents.choices import FileType
from documents.content import MAX_BYTES, file_type_of
from tests.factories.documents import docx_bytes, jpg_bytes, odt_bytes, pdf_bytes, png_bytes, zipped

WHOLE = {
    FileType.PDF: pdf_bytes(),
    FileType.JPG: jpg_bytes(),
    FileType.PNG: png_bytes(),
    FileType.DOCX: docx_bytes(),
    FileType.ODT: odt_bytes(),
}
ARCHIVE = zipped({"a.txt": b"a"})


def judged(data: bytes) -> str:
    """The type, or the sentence of the refusal."""
    try:
        return file_type_of(io.BytesIO(data), len(data))
    except ValidationError as refused:
        [said] = refused.messages
        return said


@pytest.mark.parametrize("kind", WHOLE)
def test_each_kind_is_recognised_by_its_content(kind):
    assert judged(WHOLE[kind]) == kind


@pytest.mark.parametrize("kind", WHOLE)
def test_half_a_file_is_refused(kind):
    data = WHOLE[kind]
    assert judged(data[: len(data) * 2 // 3]) == (
        "Diese Datei ist beschädigt oder unvollständig. Bitte speichern oder scannen Sie sie neu."
    )


@pytest.mark.parametrize("kind", [FileType.PDF, FileType.JPG, FileType.PNG])
def test_an_archive_behind_a_picture_or_pdf_makes_it_two_kinds(kind):
    assert judged(WHOLE[kind] + ARCHIVE).startswith("Diese Datei ist zwei Arten von Datei zugleich.")


@pytest.mark.parametrize("hung", [b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c", pdf_bytes()])
def test_a_photo_carries_its_own_notes_but_no_other_file(hung):
    photo = jpg_bytes()
    assert judged(photo + b"SEFT notes of the phone") == FileType.JPG
    assert judged(photo + hung).startswith("Diese Datei ist zwei Arten von Datei zugleich.")


def test_a_picture_that_is_a_page_for_a_browser_too_is_refused():
    comment = b"<script>alert(1)</script>"
    photo = jpg_bytes()
    with_comment = photo[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + photo[2:]
    assert judged(with_comment).startswith("Diese Datei ist zwei Arten von Datei zugleich.")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Diese Datei ist leer."),
        (b"MZ\x90\x00 a program called .pdf", "Abgelegt werden können nur PDF, JPG, PNG, DOCX und ODT."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "Abgelegt werden können nur PDF, JPG, PNG, DOCX und ODT.",
        ),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "Dies ist eine alte oder mit Passwort geschützte"),
        (pdf_bytes("<< /Encrypt 5 0 R >>"), "Dieses PDF ist mit einem Passwort geschützt."),
        (pdf_bytes("<< /S /Launch >>"), "Dieses PDF enthält weitere Dateien oder startet Programme."),
        (
            pdf_bytes("<< /EmbeddedFiles 6 0 R >>"),
            "Dieses PDF enthält weitere Dateien oder startet Programme.",
        ),
        (png_bytes(30_000, 30_000), "Dieses Bild hat mehr Bildpunkte"),
        (jpg_bytes(60_000, 60_000), "Dieses Bild hat mehr Bildpunkte"),
        (ARCHIVE, "Dieses Archiv ist kein Textdokument."),
        (docx_bytes(**{"word/vbaProject.bin": b"x"}), "Diese Datei enthält Makros"),
        (odt_bytes(**{"Basic/Standard/Module1.xml": b"x"}), "Diese Datei enthält Makros"),
        (docx_bytes(**{"word/embeddings/oleObject1.bin": b"x"}), "In dieser Datei stecken weitere Dateien."),
        (odt_bytes(**{"attached.zip": b"x"}), "In dieser Datei stecken weitere Dateien."),
        (docx_bytes(**{"../../x": b"x"}), "Diese Datei ist beschädigt"),
        (b"GIF89a" + docx_bytes(), "Abgelegt werden können nur PDF, JPG, PNG, DOCX und ODT."),
        (docx_bytes() + b"more behind it", "Diese Datei ist beschädigt"),
    ],
)
def test_each_refusal_has_its_sentence(data, said):
    assert judged(data).startswith(said)


def test_a_template_from_elsewhere_is_refused():
    link = (
        b'<Relationship Type="x/attachedTemplate" Target="http://example.org/a.dotm" TargetMode="External"/>'
    )
    assert judged(docx_bytes(**{"word/_rels/settings.xml.rels": link})).startswith("Diese Datei lädt Teile")


def test_macros_hidden_behind_another_name_are_told_by_the_content_types():
    types = f'<Types><Override ContentType="{packed.WORD.replace("main", "macroEnabled.main")}"/></Types>'
    assert judged(docx_bytes(**{"[Content_Types].xml": types.encode()})).startswith(
        "Diese Datei enthält Makros"
    )


def test_a_document_with_a_password_is_refused():
    manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert judged(odt_bytes(**{"META-INF/manifest.xml": manifest})).startswith(
        "Diese Datei ist mit einem Passwort"
    )
    locked = bytearray(docx_bytes())
    for place in range(len(locked) - 4):
        # The bit that says "encrypted", in local headers and in the directory.
        if locked[place : place + 4] == b"PK\x03\x04":
            locked[place + 6] |= 1
        if locked[place : place + 4] == b"PK\x01\x02":
            locked[place + 8] |= 1
    assert judged(bytes(locked)).startswith("Diese Datei ist mit einem Passwort")


def test_a_bomb_is_not_opened():
    bomb = "Entpackt wäre diese Datei viel zu groß. Sie wurde nicht geöffnet."
    assert judged(docx_bytes(**{"word/media/a.xml": b"\x00" * (8 * 1024 * 1024)})) == bomb
    assert judged(docx_bytes(**{f"word/{number}.xml": b"x" for number in range(1001)})) == bomb


def test_entries_that_share_their_bytes_are_a_bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", b"x" * 500)
        archive.writestr("word/document.xml", b"x" * 500)
        archive.filelist[1].header_offset = 0
    assert judged(out.getvalue()) == "Entpackt wäre diese Datei viel zu groß. Sie wurde nicht geöffnet."


def test_eleven_megabytes_are_refused_before_they_are_read():
    class Unread(io.BytesIO):
        def read(self, *args):
            raise AssertionError("read")

    with pytest.raises(ValidationError, match="größer als 10 MB"):
        file_type_of(Unread(), MAX_BYTES + 1)


@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 2000), st.binary(min_size=1, max_size=12))
def test_a_broken_file_is_a_sentence_and_never_an_error(kind, place, junk):
    data = bytearray(WHOLE[kind])
    data[place % len(data) : place % len(data) + len(junk)] = junk
    assert judged(bytes(data))


@given(
    st.binary(max_size=600),
    st.sampled_from([b"%PDF-1.4\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"]),
)
def test_noise_behind_a_true_beginning_is_a_sentence_too(noise, beginning):
    assert judged(beginning + noise)


def test_what_is_fetched_from_elsewhere_is_refused_and_a_link_is_not():
    picture = b'<Relationship TargetMode="External" Type="x/image" Target="http://example.org/a.png"/>'
    link = b'<Relationship Type="x/hyperlink" Target="http://example.org/" TargetMode="External"/>'
    rels = "word/_rels/document.xml.rels"
    assert judged(docx_bytes(**{rels: link + picture})).startswith("Diese Datei lädt Teile von anderswo")
    assert judged(docx_bytes(**{rels: link})) == FileType.DOCX


def test_a_name_written_in_escaped_letters_is_read():
    assert judged(pdf_bytes("/L#61unch")).startswith("Dieses PDF")
