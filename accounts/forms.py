"""Forms that cannot offer foreign rows (architecture.md "Row access")."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import Model, QuerySet
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.models import User
from accounts.records import Record, StaleRecord
from ui.forms import FormTokenMixin, UiForm, UiModelForm, VersionMixin


def narrow_relations(form: forms.BaseForm, user: User) -> None:
    """Narrow every relation field of a form to rows the user may edit.

    Fields on models with ``privacy`` are cut down through ``editable_by``; the field then neither lists nor
    accepts a stranger's row.
    """
    for field in form.fields.values():
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        rows = field.queryset
        if isinstance(getattr(rows.model, "privacy", None), Privacy):
            field.queryset = rows & rows.model._default_manager.editable_by(user)


def set_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> forms.ModelChoiceField:
    """Offer exactly these rows in a relation field, and return it.

    Raises:
        TypeError: the field chooses no rows.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses no rows")
    field.queryset = rows
    return field


class RestoredMixin(forms.BaseForm):
    """A form filled from a draft: bound to the entries, but silent about errors until it is posted.

    Args:
        restored: the draft's fields, or None for an ordinary form.

    Attributes:
        comes_and_goes: beginnings of names of fields that stand here only while the plan holds, and the person may
            read, what they are about.
    """

    is_restored = False
    comes_and_goes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, restored: Any = None, **kwargs: Any) -> None:
        if restored is not None:
            # The views pass their (absent) post as the first argument.
            args = (restored, *args[1:])
            kwargs.pop("data", None)
        super().__init__(*args, **kwargs)
        self.is_restored = restored is not None

    def full_clean(self) -> None:
        if self.is_restored:
            self.cleaned_data: dict[str, Any] = {}
            self._errors = ErrorDict()
            return
        super().full_clean()

    def gone(self) -> dict[str, str]:
        """Entries in fields that the form had when it was opened and has no longer."""
        typed = {
            name: self.data.get(name, "").strip()
            for name in self.data
            if name.startswith(self.comes_and_goes) and name not in self.fields
        }
        return {name: value for name, value in typed.items() if value}

    def carry_gone(self) -> None:
        """Keep in the draft what has no place in the form; sending it tells."""
        for name in self.gone() if self.is_restored else ():
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def refuse_gone(self) -> bool:
        """Say what would be lost; the form shown again sends it no more."""
        gone = self.gone()
        if not gone:
            return False
        text = _(
            "Part of what you typed has no place in this form any more: the goal has left the plan, or the time for "
            "reading protected modules is over. Nothing is saved yet. Saving again stores what stands here."
        )
        said = [_("“%(text)s”") % {"text": value} for value in gone.values() if not value.isalnum()]
        self.add_error(None, " ".join([str(text), *map(str, said)]))
        return True


class RefusalMixin(forms.BaseForm):
    """Puts a service's refusal where the person can mend it."""

    def add_refusal(self, refused: ValidationError) -> None:
        """Errors by field go to their fields; what has no field here goes to the top of the form."""
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for field, errors in refused.error_dict.items():
            for error in errors:
                self.add_error(field if field in self.fields else None, error)

    def is_stored(self, current: Model) -> bool:
        """Whether the stored record already has these entries; a form without a model cannot tell."""
        return False

    def add_stale(self, stale: StaleRecord) -> None:
        """Say that somebody else saved meanwhile; a form without a model has no fields to compare."""
        self.add_error(None, _("Somebody else changed this meanwhile. Please look at it once more."))


class ScopedForm(RestoredMixin, RefusalMixin, FormTokenMixin, UiForm):
    """A plain form that knows for whom it is shown.

    Args:
        user: the acting user.
    """

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        narrow_relations(self, user)


class ScopedModelForm(RestoredMixin, RefusalMixin, FormTokenMixin, VersionMixin, UiModelForm):
    """A model form that lists its fields and narrows its relations.

    Args:
        user: the acting user.

    Raises:
        ImproperlyConfigured: ``Meta.fields`` is ``__all__`` or missing; fields are listed explicitly.
    """

    stored_now = _("Stored meanwhile by somebody else: %(value)s")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        if self._meta.fields is None or self._meta.fields == forms.ALL_FIELDS:
            raise ImproperlyConfigured(f"{type(self).__name__} must list its fields")
        super().__init__(*args, **kwargs)
        self.user = user
        narrow_relations(self, user)

    def record(self) -> Any:
        """The validated, unsaved instance for the service; a new one carries the one-time token."""
        instance: Any = self.instance
        if isinstance(instance, Record) and instance.pk is None:
            for name, value in self.once().items():
                setattr(instance, name, value)
        return instance

    def add_stale(self, stale: StaleRecord) -> None:
        """Show at each field what another user saved meanwhile; the entries stay in the fields.

        The next post overwrites knowingly: it carries the version that was just shown.
        """
        self.add_conflict()
        current = stale.current
        for name in self.changed_fields(current):
            field = self.fields[name]
            stored = field.prepare_value(getattr(current, name))
            if isinstance(field, forms.ModelChoiceField):
                stored = getattr(current, name) or "–"
            elif hasattr(current, f"get_{name}_display"):
                stored = getattr(current, f"get_{name}_display")() or "–"
            self.add_error(name, self.stored_now % {"value": stored if stored not in (None, "") else "–"})

    def is_stored(self, current: Model) -> bool:
        """Whether the record has every entry of this form: then the same edit was posted twice."""
        asked = set(self.fields) - {"form_token", "version"}
        return asked <= {f.name for f in current._meta.concrete_fields} and not self.changed_fields(current)

    def changed_fields(self, current: Model) -> list[str]:
        """Fields of this form whose stored value differs from the entry."""
        names = [name for name in self.fields if name in {f.name for f in current._meta.fields}]
        typed = self.instance
        return [
            name
            for name in names
            if name not in ("form_token", "version") and getattr(typed, name) != getattr(current, name)
        ]
