"""A form about the files that were ticked in the client list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.list_actions import KEY, picked, way_back
from clients.models import Client
from clients.querysets import ClientQuerySet
from clients.views.base import WriteView
from ui.htmx import hx_redirect

NAMED = 20


def some_of(case_numbers: list[str]) -> str:
    """Case numbers in a sentence, the first of very many."""
    return ", ".join(case_numbers[:NAMED]) + (" …" if len(case_numbers) > NAMED else "")


class PickedFilesView(WriteView, abstract=True):
    """Shows which files it is about, and leads back to the list they were ticked in."""

    @cached_property
    def files(self) -> list[Client]:
        return list(self.among(picked(self.request, self.actor)))

    def among(self, rows: ClientQuerySet) -> ClientQuerySet:
        """Those of the picked files that it can be about."""
        return rows

    def object_key(self) -> str:
        return self.request.GET.get(KEY, "")[:40]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.files:
            messages.warning(request, _("Please tick the files it is about."))
            return hx_redirect(request, way_back(request))
        return super().get(request, *args, **kwargs)

    def context(self, **extra: Any) -> dict[str, Any]:
        numbers = [client.case_no for client in self.files]
        text = ngettext("For %(number)s file: %(files)s", "For %(number)s files: %(files)s", len(numbers))
        about = text % {"number": len(numbers), "files": some_of(numbers)}
        return super().context(**{**extra, "lead": f"{about}. {self.lead}" if self.lead else about})

    def success_url(self, result: object) -> str:
        return way_back(self.request)

    def cancel_url(self) -> str:
        return way_back(self.request)
