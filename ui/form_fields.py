"""How fields ask: text without hidden characters, native date fields, bounds, errors that say what is wrong."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


def is_text(field: forms.Field) -> bool:
    """Whether somebody writes words into it; a password is none."""
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
    elif is_text(field):
        _prepare_text(field)
    choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    if choosing:
        _name_the_empty_choice(field)
    _message(field, "required", _missing(str(field.label or ""), choosing=choosing))


def _missing(label: str, *, choosing: bool) -> str:
    """What is said at an empty field; it names the field, for who hears or reads the sentence alone."""
    if not label:
        return str(_("Please choose.") if choosing else _("Please fill in."))
    text = _("Please choose “%(field)s”.") if choosing else _("Please fill in “%(field)s”.")
    return str(text) % {"field": label}


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
    if type(field.widget) in (forms.TextInput, forms.Textarea):
        # A name in Arabic script reads from its own side.
        field.widget.attrs.setdefault("dir", "auto")
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
