"""Forms in which several rows are ticked, and which notice that the same edit was posted twice."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from accounts.forms import ScopedModelForm


class SeveralRowsForm(ScopedModelForm):
    """A model form with fields of several rows, which are no columns of its table."""

    def is_stored(self, current: Model) -> bool:
        """Whether the stored record has every entry already, the ticked rows among them."""
        several = {field.name for field in current._meta.many_to_many} & set(self.fields)
        columns = {field.name for field in current._meta.concrete_fields}
        if set(self.fields) - several - {"form_token", "version"} - columns or self.changed_fields(current):
            return False
        return all(self._ticked(name) == set(getattr(current, name).all()) for name in several)

    def _ticked(self, name: str) -> set[Any]:
        return set(self.cleaned_data[name])
