"""Uploading a list, saying what its columns are, correcting a row."""

import datetime
import hashlib
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm, set_rows
from accounts.models import Municipality
from clients.importing.findings import Finding
from clients.importing.headers import TargetField
from clients.importing.mapping import mapping_faults, samples
from clients.importing.staging import mapping_of
from clients.importing.tables import MAX_CELL, SourceRow, Table, UnreadableTable
from clients.importing.uploads import MAX_BYTES, read_table
from clients.models import AccessSource, ImportBatch, ImportRow
from clients.services.intake import municipalities_of
from ui.forms import without_hidden_characters

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


class MappingForm(ScopedForm):
    """One select per column of the list."""

    def __init__(self, *args: Any, batch: ImportBatch, rows: list[ImportRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.columns: list[tuple[str, str, tuple[str, ...]]] = []
        lines = [SourceRow(row.line, tuple(row.cells)) for row in rows]
        for number, (header, field) in enumerate(zip(batch.header, batch.mapping, strict=True)):
            name = f"column_{number}"
            heading = header or str(_("Column %(number)s") % {"number": number + 1})
            self.fields[name] = forms.ChoiceField(
                label=heading,
                choices=TargetField.choices,
                initial=field,
                # Eighteen lists to search side by side would be worse than eighteen lists to open.
                widget=forms.Select(attrs={"class": "form-select", "data-plain": ""}),
            )
            self.fields[name].widget.attrs["class"] = "form-select"
            self.columns.append((name, heading, samples(lines, number)))

    @property
    def rows_shown(self) -> list[tuple[Any, str, tuple[str, ...]]]:
        """Bound field, column name and sample values, in the order of the list."""
        return [(self[name], heading, values) for name, heading, values in self.columns]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for fault in mapping_faults(self.mapping):
                self.add_error(None, str(fault))
        return cleaned

    @property
    def mapping(self) -> tuple[TargetField, ...]:
        """The chosen target of each column."""
        return tuple(TargetField(self.cleaned_data[name]) for name, _heading, _values in self.columns)


class RowForm(ScopedForm):
    """The cells of one row that are imported, each to be corrected on the spot."""

    def __init__(self, *args: Any, batch: ImportBatch, row: ImportRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns: dict[str, int] = {}
        findings = [Finding.from_json(stored) for stored in row.findings]
        for number, field in enumerate(mapping_of(batch)):
            if field is TargetField.IGNORE:
                continue
            name = f"cell_{number}"
            said = [finding.message for finding in findings if finding.field is field]
            self.fields[name] = forms.CharField(
                label=field.label,
                required=False,
                max_length=MAX_CELL,
                initial=row.cells[number],
                help_text=" ".join(said),
            )
            self.columns[name] = number

    @property
    def cells(self) -> dict[int, str]:
        """New text by column; columns that were not posted stay as they are."""
        return {number: self.cleaned_data[name] for name, number in self.columns.items() if name in self.data}
