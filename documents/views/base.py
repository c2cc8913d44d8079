"""What the views of consents and documents share: rows about health only with the right to read them."""

from functools import cached_property
from typing import Any

from django.urls import reverse

from clients.health import may_read_health
from clients.views.base import FileMixin


class KeptMixin(FileMixin, abstract=True):
    """A row about health does not exist for whoever may not read health (rules.md §8)."""

    @cached_property
    def with_health(self) -> bool:
        return may_read_health(self.request.user, self.client, self.now)

    def kept_row(self, rows: Any) -> Any:
        """The row the address names, out of ``Model.objects.visible_to(user)`` or ``.editable_by(user)``."""
        readable = rows.of(self.client).readable(with_health=self.with_health)
        return self.child_or_404(readable.select_related("client"), uuid=self.kwargs["row"])

    def consents_url(self) -> str:
        return reverse("file_documents:consents", args=[self.client.uuid])

    def documents_url(self) -> str:
        return reverse("file_documents:documents", args=[self.client.uuid])
