"""The documents of one file: kept, handed out, described, deleted."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import drafts
from clients.views.base import FilePage, FileWriteView, WriteView
from clients.views.edit import FileActionView
from documents import actions, storage
from documents.choices import MIME, FileType
from documents.content import MAX_BYTES_OF_CLIENT
from documents.file_rows import kept_of
from documents.forms.files import DeleteForm, DescribeForm, DocumentForm
from documents.models import Document, KeptFile
from documents.services import files
from documents.views.base import KeptMixin
from ui.notes import notify


class DocumentsView(KeptMixin, FilePage):
    """What is kept, and what was deleted today and can be brought back."""

    permission = "document.view"
    template_name = "documents/documents.html"
    read_action = actions.DOCUMENTS_VIEWED
    tab = "documents"

    def page(self) -> dict[str, Any]:
        found = kept_of(self.file).documents
        is_open = not self.client.is_closed
        return {
            "documents": [row for row in found if not row.is_deleted],
            "deleted": [(row, self._can_come_back(row)) for row in found if row.is_deleted],
            "used": sum(row.size for row in found),
            "limit": MAX_BYTES_OF_CLIENT,
            "may_add": is_open and self.file.may("document.add"),
            "may_delete": is_open and self.file.may("document.delete"),
        }

    def _can_come_back(self, row: Document) -> bool:
        deleted = row.deleted_at
        return deleted is not None and bool(row.sha256) and timezone.localdate(deleted) == self.today


class DocumentView(KeptMixin):
    """Hands out one document: always as an attachment, never to be shown inside a page."""

    permission = "document.view"
    model = Document

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        document: Document = self.kept_row(Document.objects.visible_to(self.request.user).kept())
        self.record_read(actions.DOCUMENT_READ)
        return handed_out(request, document, self.documents_url())


def handed_out(request: HttpRequest, document: KeptFile, back: str) -> HttpResponseBase:
    """A kept file as an attachment; when its bytes are gone, that is said where one came from.

    Args:
        document: of which the caller knows that the user may read it.
        back: where one came from.
    """
    file = storage.opened(document.stored_as)
    if file is None:
        messages.warning(request, _("This document is not in the storage. Please tell the administration."))
        return HttpResponseRedirect(back)
    answer = FileResponse(
        file,
        as_attachment=True,
        filename=document.name,
        content_type=MIME[FileType(document.file_type)],
    )
    answer["X-Content-Type-Options"] = "nosniff"
    # Packed already; and the middleware that packs pages leaves it alone.
    answer["Content-Encoding"] = "identity"
    return answer


class UploadForm(WriteView, abstract=True):
    """A form with a file, for whatever keeps one."""

    submit_label = gettext_lazy("Keep the document")

    def digest(self) -> str:
        """Two files are two posts, also under one token."""
        lists = dict(self.request.POST.lists())
        for name, upload in self.request.FILES.items():
            lists[name] = [storage.digest_of(cast(UploadedFile, upload))]
        return drafts.digest(self.form_code, self.object_key(), lists)

    def make_form(self, data: QueryDict | None = None, restored: QueryDict | None = None) -> Any:
        files_sent = {"files": self.request.FILES} if data is not None else {}
        form = self.form_class(
            data, user=self.request.user, restored=restored, **files_sent, **self.form_kwargs()
        )
        if data is not None:
            form.form_digest = self.digest()
        return form


class UploadView(KeptMixin, UploadForm, FileWriteView, abstract=True):
    """A form with a file for a client's file, for this app and those to the right that attach one."""

    permission = "document.add"

    def success_url(self, result: object) -> str:
        return self.documents_url()

    def cancel_url(self) -> str:
        return self.documents_url()


class DocumentNewView(UploadView):
    """Keep a file in this file."""

    form_class = DocumentForm
    form_code = "document.new"
    title = gettext_lazy("Add a document")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": Document(client=self.client)}

    def form_valid(self, form: DocumentForm) -> object:
        document = files.keep_document(self.actor, form.record(), form.cleaned_data["file"])
        notify(self.request, _("Kept as “%(name)s”.") % {"name": document.name})
        return document


class _DocumentWriteView(KeptMixin, FileWriteView, abstract=True):
    model = Document

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kwargs['row']}"

    @cached_property
    def document(self) -> Document:
        found: Document = self.kept_row(Document.objects.editable_by(self.request.user).kept())
        return found

    def success_url(self, result: object) -> str:
        return self.documents_url()

    def cancel_url(self) -> str:
        return self.documents_url()


class DocumentDescribeView(_DocumentWriteView):
    """What it is, described anew."""

    permission = "document.add"
    form_class = DescribeForm
    form_code = "document.describe"
    title = gettext_lazy("Describe the document")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.document}

    def form_valid(self, form: DescribeForm) -> object:
        return files.describe_document(self.actor, form.record(), expected_version=form.expected_version)


class DocumentDeleteView(_DocumentWriteView):
    """Delete a document, with a reason."""

    permission = "document.delete"
    form_class = DeleteForm
    form_code = "document.delete"
    submit_label = gettext_lazy("Delete the document")
    lead = gettext_lazy("It can be brought back until midnight; then it is gone for good.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.title = _("Delete the document")

    def form_kwargs(self) -> dict[str, Any]:
        # A row the reader may not know of answers 404 before anything is shown.
        self.title = _("Delete “%(name)s”") % {"name": self.document.name}
        return {}

    def form_valid(self, form: DeleteForm) -> object:
        document = files.delete_document(self.actor, self.document, reason=form.cleaned_data["reason"])
        undo = reverse("file_documents:document_restore", args=[self.client.uuid, document.uuid])
        notify(self.request, _("Deleted: %(name)s.") % {"name": document.name}, undo_url=undo)
        return document


class DocumentRestoreView(KeptMixin, FileActionView):
    """The deletion was a slip, and it is still the same day."""

    permission = "document.delete"
    model = Document

    def act(self) -> None:
        document = self.kept_row(Document.objects.editable_by(self.request.user))
        try:
            files.restore_document(self.actor, document)
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
            return
        notify(self.request, _("The document is back."))

    def back(self) -> str:
        return self.documents_url()
