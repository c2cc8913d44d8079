"""The base of everything registered in the Django admin."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import CATALOGUE_CHANGED, VERSION_DELETED
from accounts.actor import Actor
from accounts.catalogues import Policy
from accounts.permissions import may
from audit.recording import record


class CatalogueAdmin(admin.ModelAdmin):
    """Base of everything registered in the Django admin: rights from the one table, every save recorded.

    Django's own class takes no type of row at run time, so a row is ``Any`` here.
    """

    permission = "admin.catalogues"
    changed = CATALOGUE_CHANGED
    show_full_result_count = False
    actions: Any = None

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = dict(super().get_actions(request))
        actions.pop("delete_selected", None)
        return actions

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what a listed filter asks: any other field of a row could be guessed letter by letter."""
        return any(self._asks(lookup, value, entry) for entry in self.get_list_filter(request))

    def _asks(self, lookup: str, value: str, entry: Any) -> bool:
        name = entry[0] if isinstance(entry, tuple) else entry
        field = self.opts.get_field(name)
        if isinstance(field, ForeignKey) and lookup == f"{name}__{field.target_field.name}__exact":
            return self._is_key(value, field.target_field)
        return lookup == f"{name}__isnull" or (lookup == f"{name}__exact" and not field.is_relation)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Rows are named by their key alone."""
        return bool(to_field == self.opts.pk.name)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row of a key; ``?_to_field=`` names no field at all."""
        return super().get_object(request, object_id, from_field or None)

    def response_action(  # type: ignore[override]  # the types are those of a later Django
        self, request: HttpRequest, queryset: QuerySet[Model]
    ) -> HttpResponse | None:
        """Ticks that can be no row, of a garbled form, count as not ticked."""
        posted = request.POST.copy()
        ticked = posted.getlist(ACTION_CHECKBOX_NAME)
        posted.setlist(ACTION_CHECKBOX_NAME, [key for key in ticked if self._is_key(key)])
        request.POST = posted  # type: ignore[assignment]  # read by Django's own method below, never changed
        return super().response_action(request, queryset)

    def _get_edited_object_pks(self, request: HttpRequest, prefix: str) -> list[str]:
        """The same for the rows of a list that is edited as a whole."""
        return [key for key in super()._get_edited_object_pks(request, prefix) if self._is_key(key)]

    def _is_key(self, text: str, key: Field | None = None) -> bool:
        try:
            (key or self.opts.pk).clean(text, None)
        except ValidationError:
            return False
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.permission)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request.user, self.permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.permission)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request.user, self.permission)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(Actor(request.user), self.changed, kind=obj._meta.label_lower, fields=form.changed_data)


class PolicyForm(forms.ModelForm):
    """A version of thresholds; it begins after today, for what has begun keeps the version it began with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "valid_from" in self.fields:
            # The daily run writes it anew.
            self.fields["valid_from"].help_text = _(
                "What waits in “My day” follows a new version from the early morning of this day."
            )

    def clean_valid_from(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["valid_from"]
        if day <= timezone.localdate():
            raise ValidationError(_("A new version begins tomorrow at the earliest."))
        return day


class PolicyAdmin(CatalogueAdmin):
    """Thresholds of a rule: a change is a new version from a day on; a version in force is not rewritten."""

    form = PolicyForm
    own_values = frozenset({"id", "valid_from", "note"})

    def present(self) -> Any:
        """The version in force today, which a new one starts from; None when there is none yet."""
        return self.model._default_manager.in_force_on(timezone.localdate()).first()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        present = self.present()
        names = {field.name for field in self.model._meta.concrete_fields} - self.own_values
        values = {name: getattr(present, name) for name in names} if present is not None else {}
        return {**values, **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        in_force = isinstance(obj, Policy) and obj.valid_from <= timezone.localdate()
        return not in_force and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A version that has not begun counted for nobody yet and can be a mistake."""
        return (
            isinstance(obj, Policy)
            and obj.valid_from > timezone.localdate()
            and may(request.user, self.permission)
        )

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        record(Actor(request.user), VERSION_DELETED, kind=obj._meta.label_lower)
