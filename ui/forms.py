"""Form defaults: text without hidden characters, native date fields, errors that say where."""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ui.fields import Arranged, laid_out

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONG_TEXT = 10_000
SHORT_TEXT = 200
EARLIEST_YEAR = 1900
YEARS_AHEAD = 20
LARGEST_INTEGER = 2_147_483_647
DJANGO_ROWS = "10"
DJANGO_EMPTY = "---------"
DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]

# Direction overrides, embeddings and isolates can make a line read backwards; marks cannot.
DIRECTION_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
DIRECTION_MARKS = "\u200e\u200f\u061c"
INVISIBLE = "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e\u2028\u2029"
CONTROLS = "".join(chr(code) for code in range(1, 32) if chr(code) not in "\t\n\r") + "\x7f"
ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"

_long = re.compile(f"[{DIRECTION_CONTROLS}{INVISIBLE}{re.escape(CONTROLS)}]")
_short = re.compile(f"[{DIRECTION_CONTROLS}{DIRECTION_MARKS}{INVISIBLE}{re.escape(CONTROLS)}]")
# Persian and Urdu spell with joiners; anywhere else they only make two equal names differ.
_joiner = re.compile(f"(?<![{ARABIC}])[\u200c\u200d]|[\u200c\u200d](?![{ARABIC}])")
_breaks = re.compile(r"[\t\r\n]+")


def without_hidden_characters(text: str, *, one_line: bool) -> str:
    """``text`` without direction controls, zero-width and control characters.

    Joiners between Arabic letters stay, line breaks stay in long texts, and so do direction marks
    there. NUL is left to the form, which reports it.
    """
    if not one_line:
        return _joiner.sub("", _long.sub("", text))
    return _breaks.sub(" ", _joiner.sub("", _short.sub("", text)))


class DateInput(forms.DateInput):
    """The browser's date field; what it could not show (29.02.2019) stays visible as text."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not _is_iso(shown, date):
            context["widget"]["type"] = "text"
        return context


class TimeInput(forms.TimeInput):
    """The browser's time field."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", str(shown)):
            context["widget"]["type"] = "text"
        return context


class DateTimeInput(forms.DateTimeInput):
    """The browser's field for date and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not _is_iso(shown, datetime):
            context["widget"]["type"] = "text"
        return context


def _is_iso(value: object, kind: type[date]) -> bool:
    try:
        kind.fromisoformat(str(value))
    except ValueError:
        return False
    return True


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows to choose; a key no row can have is refused like one that is not offered.

    Django asks the database for it, which answers a number of 26 digits with an error.
    """

    def clean(self, value: object) -> QuerySet[Model]:
        if self.queryset is None:
            raise TypeError("a form that asks for rows says which")
        key = self.queryset.model._meta.pk
        for text in value if isinstance(value, list | tuple) else ():
            try:
                key.clean(text, None)
            except ValidationError as no_key:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": text}
                ) from no_key
        rows: QuerySet[Model] = super().clean(value)
        return rows


class LoadedField(forms.TypedChoiceField):
    """One of some rows that are loaded already (``offer_loaded``): neither offering nor checking asks the database."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)

    def has_changed(self, initial: object, data: object) -> bool:
        """Keys are compared, as they stand in the page."""
        return str(initial or "") != str(data or "")


class LoadedRowsField(forms.TypedMultipleChoiceField):
    """Several of some rows that are loaded already."""


class CleanTextMixin(BaseForm):
    """Prepares the fields of a form and cleans the entries before any field sees them.

    Arguments stay those of the form. ``arrangement`` names the order of the fields (see ``ui.fields``); without it
    they stand one below the other.
    ``error_title`` opens the summary above a form with errors.
    """

    arrangement: Sequence[Arranged] = ()
    error_title: ClassVar["StrOrPromise"] = _("Not saved yet.")
    removed_from: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.removed_from = []
        for field in self.fields.values():
            prepare_field(field)

    def full_clean(self) -> None:
        """Clean the entries, then validate; a NUL becomes an error of its field."""
        nul = self._clean_typed_text() if self.is_bound else []
        super().full_clean()
        for name in nul:
            self.add_error(
                name,
                ValidationError(
                    _("An unreadable character was removed here. Please check the text and save again."),
                    code="null_characters",
                ),
            )

    def _clean_typed_text(self) -> list[str]:
        nul = []
        changes: dict[str, str] = {}
        for bound in self:
            if not _is_text(bound.field) or not isinstance(raw := bound.data, str):
                continue
            one_line = not isinstance(bound.field.widget, forms.Textarea)
            if "\x00" in raw:
                nul.append(bound.name)
            clean = without_hidden_characters(raw.replace("\x00", ""), one_line=one_line)
            if clean != raw:
                changes[bound.html_name] = clean
                if one_line and bound.name not in nul and not bound.is_hidden:
                    self.removed_from.append(str(bound.label))
        if changes:
            change_data(self, changes)
        return nul

    @property
    def removed_notice(self) -> str:
        """A sentence naming the fields that lost hidden characters, or an empty string."""
        if not self.removed_from:
            return ""
        return _("Invisible control characters were removed from: %(fields)s.") % {
            "fields": ", ".join(self.removed_from)
        }

    def get_arrangement(self) -> Sequence[Arranged]:
        """The order of the fields; override for what ``arrangement`` cannot say."""
        return self.arrangement or [bound.name for bound in self.visible_fields()]

    @property
    def helper(self) -> FormHelper:
        """How crispy lays out the form: without its tag, each field written by ``ui.fields``."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*laid_out(self.get_arrangement()))
        return helper


def set_choices(form: BaseForm, name: str, choices: Iterable[tuple[object, object]]) -> None:
    """Offer exactly these choices, in this order; what is accepted stays with the field.

    Raises:
        TypeError: the field offers no choices.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    field.choices = list(choices)


def offer_loaded(
    form: BaseForm, name: str, rows: Iterable[Model], choices: Iterable[tuple[object, object]] | None = None
) -> None:
    """Offer exactly these rows, as they stand or as ``choices`` arranges their keys.

    Raises:
        TypeError: the field chooses no loaded rows.
    """
    field = form.fields[name]
    if not isinstance(field, LoadedField | LoadedRowsField):
        raise TypeError(f"{name} chooses no loaded rows")
    by_key = {str(row.pk): row for row in rows}
    field.choices = [(key, str(row)) for key, row in by_key.items()] if choices is None else list(choices)
    field.coerce = by_key.__getitem__


def change_data(form: BaseForm, changes: Mapping[str, str]) -> None:
    """Put other texts into what was posted."""
    data = form.data.copy() if isinstance(form.data, QueryDict) else dict(form.data)
    for name, text in changes.items():
        data[name] = text
    form.data = data


def _is_text(field: forms.Field) -> bool:
    return isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput)


def prepare_field(field: forms.Field) -> None:
    """Give a field the house's widget, bounds and messages; what a form chose itself stays."""
    if isinstance(field, forms.DateTimeField):
        _prepare_moment(field, forms.DateTimeInput, DateTimeInput)
    elif isinstance(field, forms.DateField):
        field.input_formats = DATE_FORMATS
        _prepare_moment(field, forms.DateInput, DateInput)
        _message(
            field,
            "invalid",
            _("This day does not exist. Please enter a date like 14.03.2019."),
        )
    elif isinstance(field, forms.TimeField):
        if type(field.widget) is forms.TimeInput:
            _replace_widget(field, TimeInput)
        _message(field, "invalid", _("Please enter a time like 14:30."))
    elif isinstance(field, forms.IntegerField):
        if field.max_value is None:
            field.validators.append(MaxValueValidator(LARGEST_INTEGER))
        if field.min_value is None:
            field.validators.append(MinValueValidator(-LARGEST_INTEGER))
        _message(field, "invalid", _("Please enter a whole number."))
    elif _is_text(field):
        _prepare_text(field)
    choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    if choosing:
        _name_the_empty_choice(field)
    _message(field, "required", _("Please choose.") if choosing else _("Please fill in."))


def _name_the_empty_choice(field: Any) -> None:
    """A row of dashes reads like a broken list, aloud above all.

    The types of Django know ``choices`` only as what may be assigned, not as what is read.
    """
    words = _("Please choose") if field.required else "–"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DJANGO_EMPTY:
            field.empty_label = words
    elif next(iter(field.choices), None) == ("", DJANGO_EMPTY):
        field.choices = [("", words), *list(field.choices)[1:]]


def _prepare_moment(
    field: forms.Field,
    standard: type[forms.Widget],
    own: Callable[[], forms.Widget],
) -> None:
    if type(field.widget) is standard:
        _replace_widget(field, own)
    field.validators.append(validate_sensible_date)


def _replace_widget(field: forms.Field, make: Callable[[], forms.Widget]) -> None:
    widget = make()
    widget.attrs.update(field.widget.attrs)
    widget.is_required, widget.is_localized = (
        field.widget.is_required,
        field.widget.is_localized,
    )
    field.widget = widget


def _prepare_text(field: forms.Field) -> None:
    long = isinstance(field.widget, forms.Textarea)
    limit = getattr(field, "max_length", None)
    if limit is None:
        limit = LONG_TEXT if long else SHORT_TEXT
        field.validators.append(MaxLengthValidator(limit))
    if long:
        # The browser's own limit cuts a pasted text without a word; the counter and the server speak.
        field.widget.attrs.pop("maxlength", None)
        field.widget.attrs["data-limit"] = str(limit)
        if field.widget.attrs.get("rows") == DJANGO_ROWS:
            field.widget.attrs["rows"] = "4"
    elif not field.widget.is_hidden:
        field.widget.attrs.setdefault("maxlength", str(limit))
    field.error_messages.setdefault(
        "max_length",
        _("At most %(limit_value)d characters fit here; there are %(show_value)d. Please shorten the text."),
    )


def _message(field: forms.Field, code: str, text: "StrOrPromise") -> None:
    standard = [
        kind.__dict__["default_error_messages"].get(code)
        for kind in type(field).__mro__
        if "default_error_messages" in kind.__dict__
    ]
    if any(field.error_messages.get(code) is message for message in standard if message):
        field.error_messages[code] = text


def validate_sensible_date(value: date) -> None:
    """Refuse slips of the year: before 1900 or more than twenty years ahead."""
    latest = timezone.localdate() + timedelta(days=366 * YEARS_AHEAD)
    if not EARLIEST_YEAR <= value.year <= latest.year:
        raise ValidationError(
            _("Please check the year: dates from %(first)s to %(last)s fit here."),
            code="year",
            params={"first": EARLIEST_YEAR, "last": latest.year},
        )


@dataclass(frozen=True)
class FormError:
    """One line of the summary; ``anchor`` is the id of the field, empty when there is none to show."""

    label: str
    text: str
    anchor: str


def error_list(form: BaseForm) -> list[FormError]:
    """All errors of ``form`` in the order of its fields, those of the whole form first."""
    if not form.is_bound:
        return []
    found = [FormError("", str(text), "") for text in form.non_field_errors()]
    for bound in form:
        for text in bound.errors:
            found.append(FormError("", str(text), "") if bound.is_hidden else _at_field(bound, str(text)))
    return found


def _at_field(bound: BoundField, text: str) -> FormError:
    anchor = f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else bound.id_for_label
    return FormError(str(bound.label), text, anchor)


class UiForm(CleanTextMixin, forms.Form):
    """A plain form in the house's manner."""


class UiModelForm(CleanTextMixin, forms.ModelForm):
    """A model form in the house's manner; it narrows no rows: use the scoped form for client data."""


class FormTokenMixin(BaseForm):
    """Adds a hidden ``form_token``: the same post twice creates one row.

    ``form_digest`` is set by the view that was posted to.
    """

    form_digest = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"] = forms.UUIDField(
            widget=forms.HiddenInput,
            initial=uuid.uuid4,
            error_messages={
                "required": _("This form is out of date. Please open it again."),
                "invalid": _("This form is out of date. Please open it again."),
            },
        )

    def once(self) -> dict[str, Any]:
        """What a new row keeps of its form, so that a repetition is recognised."""
        return {"form_token": self.cleaned_data["form_token"], "form_digest": self.form_digest}

    def renew_token(self) -> None:
        """Give a posted form another token, so that it can be sent once more."""
        change_data(self, {"form_token": str(uuid.uuid4())})


class VersionMixin(BaseForm):
    """Adds a hidden ``version`` of the record that was opened for editing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = getattr(self, "instance", None)
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput,
            initial=getattr(instance, "version", 0),
            error_messages={"required": _("This form is out of date. Please open it again.")},
        )

    @property
    def expected_version(self) -> int:
        """The version the form was opened with."""
        return int(self.cleaned_data["version"])

    def add_conflict(self) -> None:
        """Say that another user saved meanwhile. The entries stay in the fields."""
        self.add_error(
            None,
            ValidationError(
                _(
                    "Somebody else has changed this record in the meantime. Your entries are still here. "
                    "Please compare; saving again keeps yours."
                ),
                code="conflict",
            ),
        )
