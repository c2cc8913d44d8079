"""An allocation list on its way into the inbox: upload, columns, rows, result."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import AccessView, PageView
from accounts.records import DuplicateSubmission, Record, digest_of, uuid_of
from audit.recording import record
from clients.rules.names import display_phone
from intake import actions
from intake.choices import ImportState
from intake.forms.imports import MappingForm, RowForm, UploadForm
from intake.importing import staging
from intake.importing.checks import Decision
from intake.importing.commit import import_list
from intake.importing.findings import Finding, Level
from intake.importing.rows import PersonValues
from intake.models import ImportBatch, ImportRow
from intake.services.inbox import why_nothing_new
from ui.dates import date_de
from ui.htmx import hx_redirect, is_htmx
from ui.notes import notify

PAGE = 50
SAMPLE_ROWS = 40
SHOWN = {
    "errors": Q(has_error=True),
    "suspected": Q(is_suspected=True),
    "noted": Q(is_noted=True),
    "left_out": Q(decision=Decision.LEAVE_OUT) | Q(decision="", proposal=Decision.LEAVE_OUT),
}
# Taken because nobody said otherwise, though the person may stand there twice.
UNDECIDED = Q(is_suspected=True, decision="", proposal__in=(Decision.OWN_FILE, Decision.RELATIVE))
ORDER = (Level.ERROR, Level.DUPLICATE, Level.WARNING, Level.HINT)


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


class BatchMixin(AccessView, abstract=True):
    """Lets a request into one list of one's own; everybody else's does not exist."""

    batch: ImportBatch

    def settle_access(self) -> None:
        super().settle_access()
        rows = ImportBatch.objects.visible_to(self.request.user).select_related("municipality", "source")
        batch = rows.filter(uuid=self.kwargs["uuid"]).first()
        if batch is None:
            raise Http404
        self.batch = batch

    def go(self, name: str = "intake:import", **query: str) -> HttpResponse:
        """Redirect to a page of this list."""
        url = reverse(name, args=[self.batch.uuid])
        kept = {key: value for key, value in query.items() if value}
        if kept:
            asked = QueryDict(mutable=True)
            asked.update(kept)
            url = f"{url}?{asked.urlencode()}"
        return hx_redirect(self.request, url)


class ImportView(BatchMixin, PageView):
    """A list at one address in every state: its columns, its progress, its rows or its result."""

    permission = "import.run"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        staging.restart_if_stale(self.actor, self.batch)
        if self.batch.state == ImportState.MAPPING:
            return self.go("intake:import_columns")
        if self.batch.state == ImportState.CHECKING:
            self.batch = staging.advance(self.actor, self.batch)
            if self.batch.state == ImportState.CHECKING or is_htmx(request):
                return self.progress()
        record(self.actor, actions.IMPORT_VIEWED, kind="import", count=self.batch.total_rows)
        if self.batch.state == ImportState.IMPORTED:
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
        # The cells of a row that was imported are not kept.
        left_out = self.batch.rows.filter(SHOWN["left_out"]).exclude(cells=[]).order_by("position")
        lines = row_lines(self.batch, list(left_out[: PAGE * 4]), self.today)
        return self.render({"batch": self.batch, "lines": lines, "skipped": self.batch.skipped})


class ImportColumnsView(BatchMixin, PageView):
    """Say what each column is."""

    permission = "import.run"
    template_name = "intake/import_columns.html"

    def form(self, data: QueryDict | None = None) -> MappingForm:
        rows = list(self.batch.rows.order_by("position")[:SAMPLE_ROWS])
        return MappingForm(data, user=self.request.user, batch=self.batch, rows=rows)

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
            staging.choose_mapping(self.actor, self.batch, form.mapping)
        except staging.NotOpen as error:
            messages.error(request, str(error))
        return self.go()

    def show(self, form: MappingForm, status: int = 200) -> HttpResponse:
        kinds = {line["kind"] for line in self.batch.skipped}
        record(self.actor, actions.IMPORT_VIEWED, kind="import", count=self.batch.total_rows)
        return self.render(
            {"form": form, "batch": self.batch, "found": found_sentence(self.batch), "kinds": kinds},
            status=status,
        )


class ImportRowView(BatchMixin, PageView):
    """Decide about one row, or correct it."""

    permission = "import.run"
    template_name = "intake/import_row.html"
    row: ImportRow

    def settle_access(self) -> None:
        super().settle_access()
        row = ImportRow.objects.visible_to(self.request.user).filter(
            batch=self.batch, uuid=self.kwargs["row_uuid"]
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
        self.row = staging.correct(self.actor, self.batch, self.row, form.cells)
        if self.row.has_error and "cell_form" in request.POST:
            return self.show(RowForm(user=request.user, batch=self.batch, row=self.row), status=422)
        return self.back_to_rows()

    def decide(self, choice: str) -> HttpResponse:
        decision, _colon, head = choice.partition(":")
        try:
            position = int(head) if head.isdecimal() and len(head) < 9 else None
            staging.decide(self.actor, self.batch, self.row, Decision(decision), position)
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
                staging.dismiss_duplicates(self.actor, self.batch, self.row)
            else:
                staging.reopen(self.actor, self.batch, self.row)
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
        person = staging.read_rows(self.batch, [self.row], self.today)[0].values
        line = row_lines(self.batch, [self.row], self.today)[0]
        return self.render({"form": form, "batch": self.batch, "line": line, "person": person}, status=status)


class ImportRunView(BatchMixin, AccessView):
    """Import what was decided; a second press finds it done."""

    permission = "import.run"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        try:
            import_list(self.actor, self.batch)
        except staging.NotPossible as error:
            messages.error(request, str(error))
        return self.go()


class ImportDiscardView(BatchMixin, AccessView):
    """Throw a list away."""

    permission = "import.run"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        done = not self.batch.is_open
        staging.discard(self.actor, self.batch)
        notify(request, _("The rows of the list were deleted.") if done else _("The list was thrown away."))
        return hx_redirect(request, reverse("intake:inbox" if done else "intake:import_list"))


# --- what the rows show --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class RowLine:
    """One row of the list as the screen shows it."""

    row: ImportRow
    name: str
    facts: tuple[str, ...]
    findings: tuple[Finding, ...]
    choices: tuple[Choice, ...]
    faulty: tuple[tuple[str, str, str], ...]

    @property
    def may_judge(self) -> bool:
        """Whether the row can be told apart: a duplicate is suspected, and it can become a file."""
        return (
            (self.row.is_suspected or self.row.is_settled)
            and not self.row.has_error
            and self.row.current_decision != Decision.RELATIVE
        )

    @property
    def decision(self) -> str:
        """The decision in words."""
        return next((choice.label for choice in self.choices if choice.selected), "")


def _facts(person: PersonValues) -> tuple[str, ...]:
    place = person.accommodation or person.street
    born = _("born %(date)s") % {"date": person.born} if person.born else ""
    return tuple(filter(None, (born, place, ", ".join(map(display_phone, person.phones)))))


def _name(person: PersonValues) -> str:
    return ", ".join(filter(None, (person.surname, person.given_name))) or _("(no name)")


def row_lines(batch: ImportBatch, rows: Sequence[ImportRow], today: datetime.date) -> list[RowLine]:
    """Rows with what is said about them and what they can become; the number of queries does not depend on them."""
    read = staging.read_rows(batch, rows, today)
    heads = _possible_heads(batch, rows, today)
    mapping = staging.mapping_of(batch)
    lines: list[RowLine] = []
    for row, person in zip(rows, read, strict=True):
        findings = [Finding.from_json(stored) for stored in row.findings]
        findings.sort(key=lambda finding: ORDER.index(finding.level))
        wrong = {finding.field: finding.message for finding in findings if finding.level is Level.ERROR}
        faulty = tuple(
            (f"cell_{number}", str(field.label), row.cells[number])
            for number, field in enumerate(mapping)
            if field in wrong and row.cells
        )
        lines.append(
            RowLine(
                row=row,
                name=_name(person.values),
                facts=_facts(person.values),
                findings=tuple(findings),
                choices=tuple(_choices(row, heads)),
                faulty=faulty,
            )
        )
    return lines


def _possible_heads(
    batch: ImportBatch, rows: Sequence[ImportRow], today: datetime.date
) -> dict[int, tuple[ImportRow, str]]:
    """Rows with an own file that share family or surname with one of these, by position, with their name."""
    keys = {row.family_key for row in rows if row.family_key}
    surnames = {row.folded_surname for row in rows if row.folded_surname}
    chosen = {row.current_head for row in rows if row.current_head is not None}
    related = batch.rows.filter(
        Q(family_key__in=keys) | Q(folded_surname__in=surnames) | Q(position__in=chosen)
    ).filter(Q(decision=Decision.OWN_FILE) | Q(decision="", proposal=Decision.OWN_FILE))
    found = list(related.order_by("position")[: PAGE * 10])
    names = [_name(person.values) for person in staging.read_rows(batch, found, today)]
    return {row.position: (row, name) for row, name in zip(found, names, strict=True)}


def _choices(row: ImportRow, heads: dict[int, tuple[ImportRow, str]]) -> list[Choice]:
    decision = row.current_decision
    if row.has_error:
        return [Choice(Decision.LEAVE_OUT.value, _("Leave out until corrected"), True)]
    offered = [Choice(Decision.OWN_FILE.value, str(Decision.OWN_FILE.label), decision == Decision.OWN_FILE)]
    for position, (head, name) in heads.items():
        related = (head.family_key and head.family_key == row.family_key) or (
            head.folded_surname and head.folded_surname == row.folded_surname
        )
        selected = decision == Decision.RELATIVE and row.current_head == position
        if position != row.position and (related or selected):
            label = _("Relative of %(name)s") % {"name": name}
            offered.append(Choice(f"{Decision.RELATIVE.value}:{position}", label, selected))
    if decision == Decision.RELATIVE and not any(choice.selected for choice in offered):
        offered.append(Choice("", _("Relative – please choose again of whom"), True))
    offered.append(
        Choice(Decision.LEAVE_OUT.value, str(Decision.LEAVE_OUT.label), decision == Decision.LEAVE_OUT)
    )
    return offered


def rows_context(batch: ImportBatch, request: HttpRequest, today: datetime.date) -> dict[str, Any]:
    """The rows of one page with filter, counts and paging."""
    show = request.GET.get("show", "")
    rows = batch.rows.order_by("position")
    if show in SHOWN:
        rows = rows.filter(SHOWN[show])
    cursor = _cursor(batch, request)
    if cursor is not None:
        rows = rows.filter(position__gt=cursor.position)
    page = list(rows[: PAGE + 1])
    return {
        "batch": batch,
        "tally": staging.tally(batch),
        "undecided": batch.rows.filter(UNDECIDED).count(),
        "lines": row_lines(batch, page[:PAGE], today),
        "show": show if show in SHOWN else "",
        "filters": FILTERS,
        "after": page[PAGE - 1].uuid if len(page) > PAGE else None,
        "is_later": cursor is not None,
        "query": request.GET.urlencode(),
        "found": found_sentence(batch),
    }


FILTERS = (
    ("", gettext_lazy("All rows")),
    ("errors", gettext_lazy("With errors")),
    ("suspected", gettext_lazy("Perhaps twice")),
    ("noted", gettext_lazy("With remarks")),
    ("left_out", gettext_lazy("Left out")),
)


def _cursor(batch: ImportBatch, request: HttpRequest) -> ImportRow | None:
    after = uuid_of(request.GET.get("after", ""))
    return batch.rows.filter(uuid=after).first() if after else None


ENCODINGS = {
    "cp1252": "Windows-1252",
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
SEPARATOR_NAMES = {
    ";": gettext_lazy("semicolon"),
    ",": gettext_lazy("comma"),
    "\t": gettext_lazy("tabulator"),
    "|": gettext_lazy("vertical bar"),
}


def found_sentence(batch: ImportBatch) -> str:
    """What was recognised in the file, in one sentence."""
    persons = ngettext("%(number)d row", "%(number)d rows", batch.total_rows) % {"number": batch.total_rows}
    if batch.sheet:
        how = _("sheet “%(sheet)s”") % {"sheet": batch.sheet}
    else:
        how = _("%(encoding)s, separated by %(separator)s") % {
            "encoding": ENCODINGS.get(batch.encoding, batch.encoding),
            "separator": SEPARATOR_NAMES.get(batch.separator, batch.separator),
        }
    return _("%(rows)s recognised in %(file)s (%(how)s), uploaded on %(date)s.") % {
        "rows": persons,
        "file": batch.filename,
        "how": how,
        "date": date_de(batch.uploaded_at),
    }
