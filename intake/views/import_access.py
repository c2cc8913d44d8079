"""Lets a request into one list of one's own."""

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from accounts.generic import AccessView
from intake.models import ImportBatch
from ui.htmx import hx_redirect


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
