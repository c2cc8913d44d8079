"""What the pages of the network share: the row of the address, and buttons that lead back."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.generic import AccessView
from accounts.permissions import may
from accounts.records import StaleRecord
from clients.views.base import WriteView
from partners.models import ContactPerson, Decision, Meeting, Offer, Organisation, Volunteer
from ui.htmx import hx_redirect, safe_next
from ui.notes import notify

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class NetworkMixin(AccessView, abstract=True):
    """Finds what the address names; everybody in the service reads all of it but the volunteers of other towns."""

    nav_code = "network"
    organisation: Organisation
    person: ContactPerson
    offer: Offer
    volunteer: Volunteer
    meeting: Meeting
    decision: Decision

    def settle_access(self) -> None:
        super().settle_access()
        rows: dict[str, Any] = {
            "organisation": Organisation.objects.select_related("kind", "municipality", "merged_into"),
            "person": ContactPerson.objects.select_related("organisation"),
            "offer": Offer.objects.select_related("organisation"),
            "volunteer": Volunteer.objects.kept_in(self.scope).select_related("municipality", "organisation"),
            "meeting": Meeting.objects.select_related("municipality"),
            "decision": Decision.objects.select_related("meeting", "responsible"),
        }
        for name, key in self.kwargs.items():
            found = rows[name].filter(uuid=key).first()
            if found is None:
                raise Http404
            setattr(self, name, found)

    @property
    def may_curate(self) -> bool:
        return may(self.request.user, "network.curate")


class NetworkWriteView(NetworkMixin, WriteView, abstract=True):
    """A form about a row of the network; its draft belongs to the row."""

    def object_key(self) -> str:
        return str(next(iter(self.kwargs.values()), ""))

    def success_url(self, result: Any) -> str:
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("network:list")


class NetworkActView(NetworkMixin, abstract=True):
    """A button: POST only, back to the page it stands on."""

    http_method_names = ["post"]
    done: ClassVar[StrOrPromise] = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except StaleRecord:
            notify(request, _("Somebody else has changed this in the meantime. Nothing was changed."))
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
        else:
            notify(request, str(self.done), undo_url=self.undo_url())
        return hx_redirect(request, safe_next(request, self.back()))

    @abstractmethod
    def act(self) -> None:
        """Call the one service."""

    @abstractmethod
    def back(self) -> str:
        """The page the button stands on."""

    def undo_url(self) -> str:
        """Where taking it back posts to."""
        return ""
