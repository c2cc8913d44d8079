"""A document is kept, opened, described, deleted with a reason, and brought back the same day."""

import datetime
import re
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from audit.models import AuditEntry
from clients.health import grant_health
from clients.models import Draft
from documents import storage
from documents.content import MAX_BYTES_OF_CLIENT
from documents.models import Document
from documents.services import files
from tests.factories.clients import ClientFactory
from tests.factories.documents import DocumentFactory, docx_bytes, pdf, pdf_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    return settings.DOCUMENTS_DIR


@pytest.fixture
def client(cast):
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee)


def url(name, client, *rows):
    return reverse(f"file_documents:{name}", args=[client.uuid, *(row.uuid for row in rows)])


def typed(**changes):
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "kind": "letter",
        "description": "Bescheid",
        "file": pdf(),
        **changes,
    }


def later(time_machine, days):
    time_machine.move_to(timezone.now() + datetime.timedelta(days=days))


def bytes_kept(folder):
    return sorted(path.read_bytes() for path in Path(folder).glob("??/*"))


def body(answer):
    return b"".join(answer.streaming_content)


def test_it_is_kept_and_opened_as_an_attachment(as_user, cast, client, folder):
    browser = as_user(cast.manager)
    answer = browser.post(url("document_new", client), typed(file=pdf("Bescheid Müller.pdf")), follow=True)
    assert "Abgelegt als „Bescheid Müller.pdf“." in answer.content.decode()
    document = Document.objects.get()
    assert (document.file_type, document.size, document.added_by) == ("pdf", len(pdf_bytes()), cast.manager)
    assert bytes_kept(folder) == [pdf_bytes()]

    opened = browser.get(url("document", client, document))
    assert body(opened) == pdf_bytes()
    assert opened["Content-Disposition"] == "attachment; filename*=utf-8''Bescheid%20M%C3%BCller.pdf"
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert opened["Content-Type"] == "application/pdf"
    assert "no-store" in opened["Cache-Control"]
    reads = AuditEntry.objects.about(client.subject_ref).filter(action="document.read")
    assert reads.count() == 1


def test_bytes_have_no_address_and_a_name_that_tells_nothing(cast, client, folder):
    files.keep_document(Actor(cast.manager), Document(client=client), pdf("Attest.pdf"))
    [path] = Path(folder).glob("??/*")
    assert re.fullmatch(r"[0-9a-f]{32}", path.name)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (lambda: SimpleUploadedFile("leer.pdf", b""), "Diese Datei ist leer."),
        (lambda: SimpleUploadedFile("schön.pdf", b"MZ\x90\x00"), "Abgelegt werden können nur PDF"),
        (
            lambda: SimpleUploadedFile("gross.pdf", b"%PDF-1.7" + b"x" * (11 * 1024 * 1024)),
            "größer als 10 MB",
        ),
        (lambda: SimpleUploadedFile("m.docx", docx_bytes(**{"word/vbaProject.bin": b"x"})), "Makros"),
    ],
)
def test_what_is_refused_says_why_at_its_field_and_loses_nothing_typed(
    as_user, cast, client, folder, upload, said
):
    answer = as_user(cast.manager).post(
        url("document_new", client), typed(file=upload(), description="Brief der Schule")
    )
    assert answer.status_code == 422
    [error] = answer.context["form"].errors["file"]
    assert said in error
    assert "Brief der Schule" in answer.content.decode()
    assert not Document.objects.exists()
    assert bytes_kept(folder) == []


def test_above_the_limit_nothing_more_is_stored_while_it_comes_in(as_user, cast, client, monkeypatch):
    written = []
    from documents.uploads import TemporaryFileUploadHandler

    real = TemporaryFileUploadHandler.receive_data_chunk
    monkeypatch.setattr(
        TemporaryFileUploadHandler,
        "receive_data_chunk",
        lambda self, data, start: written.append(len(data)) or real(self, data, start),
    )
    big = SimpleUploadedFile("gross.pdf", b"%PDF-1.7" + b"x" * (14 * 1024 * 1024))
    assert as_user(cast.manager).post(url("document_new", client), typed(file=big)).status_code == 422
    assert 0 < sum(written) <= 10 * 1024 * 1024


@pytest.mark.parametrize("name", ["../../x.pdf", "x" * 300 + ".pdf", "Foto\u202efdp.exe", "a\r\nb.pdf"])
def test_a_hostile_name_is_made_harmless(as_user, cast, client, name):
    browser = as_user(cast.manager)
    assert browser.post(url("document_new", client), typed(file=pdf(name))).status_code == 302
    document = Document.objects.get()
    header = browser.get(url("document", client, document))["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert not re.search(r"[\r\n/\\\u202e]", document.name + header)
    assert document.name.endswith(".pdf")


def test_all_documents_of_a_file_together_have_a_limit(as_user, cast, client, folder):
    DocumentFactory(client=client, size=MAX_BYTES_OF_CLIENT - 10)
    before = bytes_kept(folder)
    answer = as_user(cast.manager).post(url("document_new", client), typed())
    assert answer.context["form"].errors["file"] == [
        "Alle Dokumente einer Akte zusammen dürfen 200 MB haben. Bitte löschen Sie zuerst einige."
    ]
    assert bytes_kept(folder) == before
    other = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    assert as_user(cast.manager).post(url("document_new", other), typed()).status_code == 302


def test_two_files_under_one_token_are_two_posts(as_user, cast, client):
    browser, token = as_user(cast.manager), str(uuid.uuid4())
    address = url("document_new", client)
    assert browser.post(address, typed(form_token=token)).status_code == 302
    assert browser.post(address, typed(form_token=token)).status_code == 302
    assert Document.objects.count() == 1
    assert browser.post(address, typed(form_token=token, file=pdf(said="andere"))).status_code == 409
    assert Draft.objects.count() == 0 or Document.objects.count() == 1


def test_what_is_rolled_back_leaves_no_bytes(cast, client, folder, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        files.keep_document(Actor(cast.manager), Document(client=client), pdf(), then=fail)
    assert bytes_kept(folder) == []
    monkeypatch.setattr(files, "create_once", fail)
    with pytest.raises(RuntimeError):
        files.keep_document(Actor(cast.manager), Document(client=client), pdf())
    assert not Document.objects.exists()
    assert bytes_kept(folder) == []


def test_it_is_deleted_with_a_reason_and_comes_back_the_same_day(as_user, cast, client, folder):
    document = DocumentFactory(client=client)
    browser = as_user(cast.manager)
    assert (
        browser.post(
            url("document_delete", client, document), {"form_token": str(uuid.uuid4()), "reason": ""}
        ).status_code
        == 422
    )
    answer = browser.post(
        url("document_delete", client, document),
        {"form_token": str(uuid.uuid4()), "reason": "Doppelt abgelegt"},
        follow=True,
    )
    page = answer.content.decode()
    assert "Gelöscht: Bescheid.pdf." in page
    assert url("document_restore", client, document) in page
    assert browser.get(url("document", client, document)).status_code == 404

    browser.post(url("document_restore", client, document))
    assert body(browser.get(url("document", client, document))) == pdf_bytes()
    assert not Document.objects.get().is_deleted


def test_the_next_day_it_is_gone_for_good_and_the_file_says_why(as_user, cast, client, folder, time_machine):
    document = DocumentFactory(client=client, description="Attest")
    files.delete_document(Actor(cast.manager), document, reason="Gehört einer anderen Person")
    assert files.sweep(Actor.system("test")) == 0
    later(time_machine, days=1)
    assert files.sweep(Actor.system("test")) == 1
    assert bytes_kept(folder) == []
    gone = Document.objects.get()
    assert (gone.name, gone.description, gone.sha256, gone.size) == ("gelöscht", "", "", 0)
    browser = as_user(cast.manager)
    browser.post(url("document_restore", client, gone))
    assert Document.objects.get().is_deleted
    page = browser.get(url("documents", client)).content.decode()
    assert "Gehört einer anderen Person" in page
    assert "Attest" not in page


def test_the_daily_run_cleans_up_in_both_directions(cast, client, folder, time_machine):
    kept, lost = DocumentFactory(client=client), DocumentFactory(client=client)
    storage.path_of(lost.stored_as).unlink()
    stray = storage.path_of(uuid.uuid4())
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"nobody points here")
    call_command("run_daily", "sweep_documents", verbosity=0)
    assert stray.exists(), "its row may be about to be written"

    later(time_machine, days=2)
    call_command("run_daily", "sweep_documents", verbosity=0)
    assert not stray.exists()
    assert storage.path_of(kept.stored_as).exists()
    assert list(Document.objects.filter(is_missing=True)) == [lost]
    storage.path_of(lost.stored_as).write_bytes(b"from the backup")
    call_command("run_daily", "sweep_documents", verbosity=0)
    assert not Document.objects.filter(is_missing=True).exists()


def test_whose_bytes_are_missing_says_so(as_user, cast, client):
    document = DocumentFactory(client=client)
    storage.path_of(document.stored_as).unlink()
    answer = as_user(cast.manager).get(url("document", client, document), follow=True)
    assert "Dieses Dokument fehlt im Speicher." in answer.content.decode()


def test_a_stranger_reaches_neither_name_nor_bytes(as_user, cast, client):
    document = DocumentFactory(client=client, name="Geheimnis.pdf")
    own = ClientFactory(manager=cast.colleague, municipality=cast.stutensee)
    for user in (cast.colleague, cast.outsider, cast.officer, cast.coordinator, cast.admin):
        assert as_user(user).get(url("document", client, document)).status_code == 404
    # Below one's own file, too, a foreign document is none.
    assert as_user(cast.colleague).get(url("document", own, document)).status_code == 404


def test_a_stand_in_reads_and_keeps_but_deletes_nothing(as_user, cast, client):
    document = DocumentFactory(client=client)
    browser = as_user(cast.substitute)
    assert body(browser.get(url("document", client, document))) == pdf_bytes()
    assert browser.post(url("document_new", client), typed()).status_code == 302
    answer = browser.post(
        url("document_delete", client, document), {"form_token": str(uuid.uuid4()), "reason": "x"}
    )
    assert answer.status_code == 403


def test_a_document_about_health_does_not_exist_for_a_stand_in_without_a_reason(as_user, cast, client):
    document = DocumentFactory(client=client, about_health=True, description="Attest der Klinik")
    browser = as_user(cast.substitute)
    pages = [
        url("documents", client),
        client.get_absolute_url(),
        reverse("clients:timeline", args=[client.uuid]),
    ]
    for page in pages:
        assert "Attest der Klinik" not in browser.get(page).content.decode()
    assert browser.get(url("document", client, document)).status_code == 404
    assert browser.get(url("document_describe", client, document)).status_code == 404
    grant_health(Actor(cast.substitute), client, reason="Anruf der Klinik")
    assert body(browser.get(url("document", client, document))) == pdf_bytes()
    for page in pages:
        assert "Attest der Klinik" in browser.get(page).content.decode()


def test_a_stand_in_with_a_grant_describes_but_never_unmarks_what_is_about_health(as_user, cast, client):
    document = DocumentFactory(client=client, about_health=True, description="Attest")
    grant_health(Actor(cast.substitute), client, reason="Anruf der Klinik")
    stand_in, describe = as_user(cast.substitute), url("document_describe", client, document)
    refused = stand_in.post(describe, typed(description="Attest der Klinik"))
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["about_health"]
    assert Document.objects.get().about_health
    assert stand_in.post(describe, typed(about_health="on")).status_code == 302
    assert as_user(cast.manager).post(describe, typed(version="2")).status_code == 302
    assert not Document.objects.get().about_health


def test_a_service_refuses_what_was_deleted_on_an_earlier_day(cast, client, time_machine):
    document = DocumentFactory(client=client)
    files.delete_document(Actor(cast.manager), document, reason="Doppelt")
    later(time_machine, days=1)
    with pytest.raises(ValidationError):
        files.restore_document(Actor(cast.manager), Document.objects.get())
    assert timezone.localdate(Document.objects.get().deleted_at) < timezone.localdate()
