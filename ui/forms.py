"""Forms in the house's manner: entries are cleaned, errors say where, and a post that comes twice makes one row."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ui.fields import Arranged, laid_out
from ui.form_fields import is_text, prepare_field, without_hidden_characters

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


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
            if not is_text(bound.field) or not isinstance(raw := bound.data, str):
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


@dataclass(frozen=True)
class FormError:
    """One line of the summary; ``anchor`` is the id of the field, empty when there is none to show."""

    label: str
    text: str
    anchor: str


def error_list(form: BaseForm) -> list[FormError]:
    """All errors of ``form`` in the order of its fields, those of the whole form first, those of its parts last."""
    if not form.is_bound:
        return []
    found = [FormError("", str(text), "") for text in form.non_field_errors()]
    for bound in form:
        for text in bound.errors:
            found.append(FormError("", str(text), "") if bound.is_hidden else _at_field(bound, str(text)))
    for part in getattr(form, "inner", ()):
        found += error_list(part)
    return found


def _at_field(bound: BoundField, text: str) -> FormError:
    anchor = f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else bound.id_for_label
    label = str(bound.label)
    return FormError("" if label in text else label, text, anchor)


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
        change_data(self, {self.add_prefix("form_token"): str(uuid.uuid4())})


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
