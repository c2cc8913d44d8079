"""One row of a list: decided, or corrected."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.generic import PageView
from audit.recording import record
from intake import actions
from intake.choices import ImportState
from intake.forms.imports import RowForm
from intake.importing import deciding, judging, staging
from intake.importing.checks import Decision
from intake.models import ImportRow
from intake.views.import_access import BatchMixin
from intake.views.import_lines import row_lines, rows_context
from ui.htmx import is_htmx


class ImportRowView(BatchMixin, PageView):
    """Decide about one row, or correct it."""

    permission = "import.run"
    template_name = "intake/import_row.html"
    row: ImportRow

    def settle_access(self) -> None:
        super().settle_access()
        row = ImportRow.objects.visible_to(self.request.user).filter(
            batch=self.batch, uuid=self.kwargs["row_uuid"], position__isnull=False
        )
        found = row.first()
        if found is None:
            raise Http404
        self.row = found

    def get(self, request: HttpRequest, uuid: UUID, row_uuid: UUID) -> HttpResponse:
        if self.batch.state != ImportState.READY:
            return self.go()
        record(self.actor, actions.IMPORT_VIEWED, kind="import", count=1)
        return self.show(RowForm(user=request.user, batch=self.batch, row=self.row))

    def post(self, request: HttpRequest, uuid: UUID, row_uuid: UUID) -> HttpResponse:
        if self.batch.state != ImportState.READY:
            return self.go()
        try:
            return self.change(request)
        except staging.NotOpen as error:
            messages.error(request, str(error))
            return self.go()

    def change(self, request: HttpRequest) -> HttpResponse:
        if "choice" in request.POST:
            return self.decide(request.POST["choice"])
        if "same_person" in request.POST:
            return self.judge(request.POST["same_person"])
        form = RowForm(request.POST, user=request.user, batch=self.batch, row=self.row)
        if not form.is_valid():
            return self.show(form, status=422)
        self.row = deciding.correct(self.actor, self.batch, self.row, form.cells)
        if self.row.has_error and "cell_form" in request.POST:
            return self.show(RowForm(user=request.user, batch=self.batch, row=self.row), status=422)
        return self.back_to_rows()

    def decide(self, choice: str) -> HttpResponse:
        decision, _colon, head = choice.partition(":")
        try:
            position = int(head) if head.isdecimal() and len(head) < 9 else None
            deciding.decide(self.actor, self.batch, self.row, Decision(decision), position)
        except staging.NotOpen:
            raise
        except staging.NotPossible as error:
            messages.error(self.request, str(error))
        except ValueError:
            messages.error(self.request, _("Please choose again what should become of this row."))
        return self.back_to_rows()

    def judge(self, answer: str) -> HttpResponse:
        """Whether this is one of those suspected: "no" is remembered, "maybe" asks again."""
        try:
            if answer == "no":
                deciding.dismiss_duplicates(self.actor, self.batch, self.row)
            else:
                deciding.reopen(self.actor, self.batch, self.row)
        except staging.NotOpen:
            raise
        except staging.NotPossible as error:
            messages.error(self.request, str(error))
        return self.back_to_rows()

    def back_to_rows(self) -> HttpResponse:
        """The list as it stands now; a decision may change other rows too."""
        if not is_htmx(self.request):
            return self.go(show=self.request.GET.get("show", ""), after=self.request.GET.get("after", ""))
        self.template_name = "intake/_import_rows.html"
        context = rows_context(self.batch, self.request, self.today)
        return self.render({**context, "focus": self.row.uuid, "is_fragment": True})

    def show(self, form: RowForm, status: int = 200) -> HttpResponse:
        person = judging.read_rows(self.batch, [self.row], self.today)[0].values
        line = row_lines(self.batch, [self.row], self.today)[0]
        return self.render({"form": form, "batch": self.batch, "line": line, "person": person}, status=status)
