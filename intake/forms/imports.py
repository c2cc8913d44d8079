"""Uploading a list, saying what its columns are, correcting a row."""

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms import ScopedForm, set_rows
from accounts.models import Municipality
from clients.models import AccessSource
from intake.importing.code_pages import judge_column
from intake.importing.date_values import DateReading, looks_like_dates, readings_offered
from intake.importing.findings import Finding
from intake.importing.headers import AHEAD_FIELDS, DATE_FIELDS, TargetField
from intake.importing.mapping import mapping_faults, samples
from intake.importing.staging import Columns, header_of, mapping_of, readable, readable_rows
from intake.importing.tables import MAX_CELL, Table, UnreadableTable
from intake.importing.uploads import MAX_BYTES, read_table
from intake.models import ImportBatch, ImportRow
from intake.services.inbox import municipalities_of
from ui.form_fields import without_hidden_characters
from ui.parts import cell_text

LONGEST_NAME = 200


class UploadForm(ScopedForm):
    """A list as CSV or XLSX; reading it is part of checking the form, so that faults stand at the field.

    Attributes:
        table: what was read, once the form is valid.
    """

    error_title = _("Nothing was read.")
    file = forms.FileField(
        label=_("Allocation list"),
        help_text=_("CSV or Excel (.xlsx), at most 10 MB. Nothing is imported yet."),
        error_messages={
            "required": _("Please choose a file."),
            "missing": _("Please choose a file."),
            "empty": _("The file is empty."),
            "invalid": _("Please choose a file."),
        },
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Municipality.objects.none(), empty_label=None
    )
    source = forms.ModelChoiceField(
        label=_("Way of access"),
        queryset=AccessSource.objects.none(),
        required=False,
        help_text=_("Holds for every row unless the list names another one."),
    )

    table: Table

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = municipalities_of(self.user, today)
        sources = AccessSource.objects.valid_on(today)
        municipality, source = set_rows(self, "municipality", places), set_rows(self, "source", sources)
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.tsv,.xlsx"
        if len(places) == 1:
            municipality.initial = places[0]
            municipality.widget = forms.HiddenInput()
        if source.initial is None:
            source.initial = sources.filter(code="allocation").first()

    def clean_file(self) -> Any:
        """Read the table; the size is judged before a byte of it is."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        try:
            self.table = read_table(file.read(), file.name)
        except UnreadableTable as error:
            raise forms.ValidationError(str(error.message)) from error
        return file

    def said(self) -> dict[str, list[str]]:
        """What was posted, the file by its content."""
        file = self.cleaned_data["file"]
        file.seek(0)
        posted = (
            {name: self.data.getlist(name) for name in self.data} if isinstance(self.data, QueryDict) else {}
        )
        return {**posted, "file": [hashlib.sha256(file.read()).hexdigest()]}

    def batch(self) -> ImportBatch:
        """The unsaved batch for the service."""
        name = without_hidden_characters(self.cleaned_data["file"].name, one_line=True)
        return ImportBatch(
            municipality=self.cleaned_data["municipality"],
            source=self.cleaned_data["source"],
            filename=name.replace("\x00", "")[:LONGEST_NAME],
            **self.once(),
        )


@dataclass(frozen=True)
class ShownColumn:
    """One column of the list on the screen: its name, samples, and what is to be decided about it."""

    field: Any
    heading: str
    samples: tuple[str, ...]
    encoding: Any = None
    reading: Any = None
    as_read: tuple[str, ...] = ()


class MappingForm(ScopedForm):
    """What the columns of the list mean, and where it is needed their code page, how dates are read, which rows."""

    def __init__(
        self, *args: Any, batch: ImportBatch, rows: list[ImportRow], today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.today = today
        raw = [[row.cells[number] for row in rows] for number in range(len(batch.header))]
        self.lines = readable_rows(batch, rows)
        self.examples: dict[int, list[str]] = {}
        self.headings = [
            header or str(_("Column %(number)s") % {"number": number + 1})
            for number, header in enumerate(header_of(batch))
        ]
        for number, (heading, field) in enumerate(zip(self.headings, batch.mapping, strict=True)):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading,
                choices=TargetField.choices,
                initial=field,
                # Eighteen lists to search side by side would be worse than eighteen lists to open.
                widget=forms.Select(attrs={"class": "form-select", "data-plain": ""}),
            )
            self.add_encoding(number, raw[number])
            self.add_reading(number, [row.cells[number] for row in self.lines])
        self.add_rows()
        for field in self.fields.values():
            if type(field.widget) is forms.Select:
                field.widget.attrs["class"] = "form-select"

    def add_encoding(self, number: int, cells: list[str]) -> None:
        """A choice of code pages, where the text of a column looks wrong."""
        judged = judge_column(cells)
        if judged is None:
            return
        choices = []
        for offer in judged.offers:
            examples = "" if self.user.privacy_screen else ", ".join(new for _old, new in offer.examples)
            choices.append((offer.page.value, " · ".join(filter(None, (examples, str(offer.page.label))))))
        field = forms.ChoiceField(
            label=_("Script of “%(column)s”") % {"column": self.headings[number]},
            choices=choices,
            initial=self.batch.encodings[number] if self.batch.encodings else judged.proposed.value,
            required=False,
            widget=forms.Select(attrs={"data-plain": "", "data-who": ""}),
        )
        self.fields[f"encoding_{number}"] = field

    def add_reading(self, number: int, cells: list[str]) -> None:
        """How the dates of a column are read, with three examples each; a choice where there is one."""
        target = self.data.get(f"column_{number}") or self.batch.mapping[number]
        if target not in DATE_FIELDS and not looks_like_dates(cells, self.today):
            return
        offered = readings_offered(
            cells,
            self.today,
            ahead=target in AHEAD_FIELDS,
            since_1904=DateReading.SINCE_1904 in self.batch.readings,
        )
        if not offered:
            return
        self.examples[number] = offered[0][1]
        if len(offered) < 2:
            return
        known = self.batch.readings[number] if self.batch.readings else ""
        values = [reading.value for reading, _examples in offered]
        self.fields[f"reading_{number}"] = forms.ChoiceField(
            label=_("Dates of “%(column)s”") % {"column": self.headings[number]},
            choices=[
                (reading.value, format_html("{}: {}", reading.label, cell_text(" · ".join(examples))))
                for reading, examples in offered
            ],
            initial=known if known in values else values[0],
            required=False,
            widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        )

    def add_rows(self) -> None:
        """Which sheets are meant, where there is a choice, and whether hidden rows are."""
        readable_sheets = [note for note in self.batch.sheets if note["rows"] and not note["reason"]]
        if len(readable_sheets) > 1:
            choices = []
            for note in readable_sheets:
                rows = ngettext("%(number)d row", "%(number)d rows", note["rows"]) % {"number": note["rows"]}
                choices.append((note["name"], f"{note['name']} ({rows})"))
            self.fields["sheets"] = forms.MultipleChoiceField(
                label=_("Sheets to import"),
                choices=choices,
                initial=[note["name"] for note in readable_sheets if note["is_chosen"]],
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
                error_messages={"required": _("Please choose at least one sheet.")},
            )
        hidden = self.hidden_rows
        if hidden:
            self.fields["with_hidden"] = forms.BooleanField(
                label=ngettext(
                    "Read the %(number)d hidden row too", "Read the %(number)d hidden rows too", hidden
                )
                % {"number": hidden},
                initial=self.batch.with_hidden,
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    @property
    def hidden_rows(self) -> int:
        """How many rows the workbook does not show."""
        return sum(note["hidden_rows"] for note in self.batch.sheets)

    @property
    def other_sheets(self) -> list[dict[str, Any]]:
        """Sheets of which nothing is read, each with its reason."""
        return [note for note in self.batch.sheets if note["reason"]]

    def bound(self, name: str) -> Any:
        return self[name] if name in self.fields else None

    @property
    def sheets_field(self) -> Any:
        return self.bound("sheets")

    @property
    def hidden_field(self) -> Any:
        return self.bound("with_hidden")

    @property
    def columns_shown(self) -> list[ShownColumn]:
        """Every column in the order of the list."""
        return [
            ShownColumn(
                field=self[f"column_{number}"],
                heading=heading,
                samples=samples(self.lines, number),
                encoding=self.bound(f"encoding_{number}"),
                reading=self.bound(f"reading_{number}"),
                as_read=tuple(self.examples.get(number, ())),
            )
            for number, heading in enumerate(self.headings)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for fault in mapping_faults(self.mapping):
                self.add_error(None, str(fault))
        return cleaned

    @property
    def mapping(self) -> tuple[TargetField, ...]:
        """The chosen target of each column."""
        return tuple(
            TargetField(self.cleaned_data[f"column_{number}"]) for number in range(len(self.headings))
        )

    @property
    def columns(self) -> Columns:
        """Everything that was said, for the service."""
        numbers = range(len(self.headings))
        stored = [*self.batch.readings, *[""] * len(self.headings)]
        pages = [*self.batch.encodings, *[""] * len(self.headings)]
        return Columns(
            mapping=self.mapping,
            encodings=[self.said(f"encoding_{number}", pages[number]) for number in numbers],
            readings=[self.said(f"reading_{number}", stored[number]) for number in numbers],
            sheets=self.cleaned_data["sheets"] if "sheets" in self.fields else None,
            with_hidden=bool(self.cleaned_data.get("with_hidden")),
        )

    def said(self, name: str, otherwise: str) -> str:
        """What was chosen; a field that was not posted says nothing."""
        return self.cleaned_data[name] if name in self.fields and name in self.data else otherwise


class RowForm(ScopedForm):
    """The cells of one row that are imported, each to be corrected on the spot."""

    def __init__(self, *args: Any, batch: ImportBatch, row: ImportRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns: dict[str, int] = {}
        findings = [Finding.from_json(stored) for stored in row.findings]
        cells = readable(row.cells, batch.encodings, row.corrected)
        for number, field in enumerate(mapping_of(batch)):
            if field is TargetField.IGNORE:
                continue
            name = f"cell_{number}"
            said = ((finding.shown,) for finding in findings if finding.field is field)
            self.fields[name] = forms.CharField(
                label=field.label,
                required=False,
                max_length=MAX_CELL,
                initial=cells[number],
                help_text=format_html_join(" ", "{}", said),
            )
            self.columns[name] = number

    @property
    def cells(self) -> dict[int, str]:
        """New text by column; columns that were not posted stay as they are."""
        return {number: self.cleaned_data[name] for name, number in self.columns.items() if name in self.data}
