"""An allocation list on its way into the inbox: upload, columns, rows, result."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.generic import AccessView, PageView
from accounts.records import DuplicateSubmission, Record, digest_of
from audit.recording import record
from intake import actions
from intake.choices import ImportState
from intake.forms.imports import MappingForm, UploadForm
from intake.importing import judging, left_out, staging, undoing
from intake.importing.commit import import_list
from intake.importing.tables import LineKind
from intake.models import ImportBatch
from intake.services.inbox import why_nothing_new
from intake.views.import_access import BatchMixin
from intake.views.import_lines import PAGE, columns_left, found_sentence, left_lines, rows_context
from ui.htmx import hx_redirect, is_htmx
from ui.notes import notify
from ui.spreadsheets import write_csv, write_xlsx

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ImportListView(PageView):
    """Upload a list, and see one's own lists of the last weeks."""

    permission = "import.run"
    template_name = "intake/import_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            UploadForm(user=self.request.user, today=self.today),
            no_form=why_nothing_new(self.request.user, self.today),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, user=request.user, today=self.today)
        if not form.is_valid():
            return self.show(form, status=422)
        form.form_digest = digest_of("import", form.said())
        try:
            batch: Record = staging.stage(self.actor, form.batch(), form.table)
        except DuplicateSubmission as done:
            batch = done.record
            if batch.form_digest != form.form_digest:
                form.add_error(
                    "file", _("This form was used for another list before. Please choose the file again.")
                )
                form.renew_token()
                return self.show(form, status=409)
        return hx_redirect(request, reverse("intake:import", args=[batch.uuid]))

    def show(self, form: UploadForm, status: int = 200, no_form: str = "") -> HttpResponse:
        batches = ImportBatch.objects.visible_to(self.request.user).select_related("municipality")
        return self.render({"form": form, "batches": batches[:PAGE], "no_form": no_form}, status=status)


class ImportView(BatchMixin, PageView):
    """A list at one address in every state: its columns, its progress, its rows or its result."""

    permission = "import.run"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        staging.restart_if_stale(self.actor, self.batch)
        if self.batch.state == ImportState.MAPPING:
            return self.go("intake:import_columns")
        if self.batch.state == ImportState.CHECKING:
            self.batch = judging.advance(self.actor, self.batch)
            if self.batch.state == ImportState.CHECKING or is_htmx(request):
                return self.progress()
        record(self.actor, actions.IMPORT_VIEWED, kind="import", count=self.batch.total_rows)
        if not self.batch.is_open:
            return self.result()
        return self.rows()

    def progress(self) -> HttpResponse:
        if self.batch.state != ImportState.CHECKING:
            return self.go()
        self.template_name = "intake/import_progress.html"
        self.fragment_name = "intake/_import_progress.html"
        return self.render({"batch": self.batch})

    def rows(self) -> HttpResponse:
        self.template_name = "intake/import_rows.html"
        return self.render(rows_context(self.batch, self.request, self.today))

    def result(self) -> HttpResponse:
        self.template_name = "intake/import_result.html"
        entries = left_out.left_out(self.batch)
        return self.render(
            {
                "batch": self.batch,
                "lines": left_lines(self.batch, entries[: PAGE * 4], self.today),
                "more": max(len(entries) - PAGE * 4, 0),
                "skipped": self.batch.skipped,
                "columns": columns_left(self.batch),
                "why_not": undoing.why_not(self.batch) if self.batch.state == ImportState.IMPORTED else "",
                "may_go_on": self.batch.state == ImportState.IMPORTED
                and any(entry.row.position is not None for entry in entries),
            }
        )


class ImportColumnsView(BatchMixin, PageView):
    """Say what each column is."""

    permission = "import.run"
    template_name = "intake/import_columns.html"

    def form(self, data: QueryDict | None = None) -> MappingForm:
        # Every row is looked at: the one date that is written otherwise may be the last.
        rows = list(self.batch.rows.order_by("pk"))
        return MappingForm(data, user=self.request.user, batch=self.batch, rows=rows, today=self.today)

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        if not self.batch.is_open:
            return self.go()
        return self.show(self.form())

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        if not self.batch.is_open:
            return self.go()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            staging.choose_columns(self.actor, self.batch, form.columns)
        except staging.NotOpen as error:
            messages.error(request, str(error))
        except staging.NotPossible as error:
            form.add_error(None, str(error))
            return self.show(form, status=422)
        return self.go()

    def show(self, form: MappingForm, status: int = 200) -> HttpResponse:
        other = [line["line"] for line in self.batch.skipped if line["kind"] == LineKind.OTHER_TABLE]
        record(self.actor, actions.IMPORT_VIEWED, kind="import", count=self.batch.total_rows)
        return self.render(
            {
                "form": form,
                "batch": self.batch,
                "found": found_sentence(self.batch),
                "other_table": other[0] if other else None,
            },
            status=status,
        )


class ImportRunView(BatchMixin, AccessView):
    """Import what was decided; a second press finds it done."""

    permission = "import.run"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        try:
            import_list(self.actor, self.batch)
        except staging.NotPossible as error:
            messages.error(request, str(error))
        return self.go()


class ImportUndoView(BatchMixin, AccessView):
    """Take the whole import back."""

    permission = "import.run"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        try:
            undoing.undo_import(self.actor, self.batch)
            notify(
                request, _("The import was taken back: its files are deleted, its rows can be imported anew.")
            )
        except staging.NotPossible as error:
            messages.error(request, str(error))
        return self.go()


class ImportRestView(BatchMixin, AccessView):
    """Go on with the rows that were left out, as a list of their own."""

    permission = "import.run"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        try:
            self.batch = left_out.take_up_rest(self.actor, self.batch)
        except staging.NotPossible as error:
            messages.error(request, str(error))
        return self.go()


class ImportLeftOutView(BatchMixin, AccessView):
    """The rows left out as a file, to mend them where they come from."""

    permission = "import.run"

    def get(self, request: HttpRequest, uuid: UUID, kind: str) -> FileResponse:
        header, lines = left_out.lines_of(self.batch)
        record(self.actor, actions.IMPORT_EXPORTED, kind="import", count=len(lines))
        file = write_csv(header, lines) if kind == "csv" else write_xlsx(_("Not imported"), header, lines)
        return FileResponse(
            file, as_attachment=True, filename=f"nicht-uebernommen.{kind}", content_type=CONTENT_TYPES[kind]
        )


class ImportDiscardView(BatchMixin, AccessView):
    """Throw a list away."""

    permission = "import.run"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        done = not self.batch.is_open
        staging.discard(self.actor, self.batch)
        notify(request, _("The rows of the list were deleted.") if done else _("The list was thrown away."))
        return hx_redirect(request, reverse("intake:inbox" if done else "intake:import_list"))
