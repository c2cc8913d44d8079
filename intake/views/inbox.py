"""Who waits in the municipality's inbox, and taking files from it."""

from abc import abstractmethod
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import AccessView, PageView
from accounts.records import uuid_of, uuids_of
from audit.recording import record
from clients.models import Client
from clients.querysets import ClientQuerySet
from clients.views.base import FileMixin
from intake import actions
from intake.models import Enquiry
from intake.services.inbox import (
    AlreadyTaken,
    WorkedOn,
    give_back,
    left_inbox_lately,
    take_client,
    take_clients,
)
from intake.waiting import as_shown, groups_of
from ui.htmx import hx_redirect
from ui.links import reverse
from ui.notes import notify

ONLY_TODAY = gettext_lazy(
    "Taking can be taken back on the same day only, and while nothing was recorded since."
)
PAGE = 50
MOST_AT_ONCE = 200


class InboxView(PageView):
    """Files without a manager and open enquiries of the municipalities one serves."""

    permission = "inbox.view"
    template_name = "intake/inbox.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Client.objects.in_inbox_of(self.request.user)
        total = rows.count()
        after = self.after()
        cursor = rows.filter(uuid=after).first() if after else None
        page = self.page(rows, cursor)
        enquiries = list(
            Enquiry.objects.in_inbox_of(self.request.user)
            .select_related("source", "language")
            .order_by("registered_at", "id")[:PAGE]
        )
        groups = groups_of(self.request.user, page[:PAGE], self.today)
        shown = sum(len(group.people) for group in groups) + len(enquiries)
        record(self.actor, actions.INBOX_VIEWED, kind="client", count=shown)
        return self.render(
            {
                "groups": groups,
                "all_ticked": request.GET.get("select") == "all",
                "enquiries": enquiries,
                "total": total,
                "after": page[PAGE - 1].uuid if len(page) > PAGE else None,
                "is_later": cursor is not None,
            }
        )

    def after(self) -> UUID | None:
        """The last row shown before, if the address names one."""
        return uuid_of(self.request.GET.get("after", ""))

    def page(self, rows: ClientQuerySet, cursor: Client | None) -> list[Client]:
        """One page in the order of arrival."""
        if cursor is not None:
            rows = rows.filter(pk__gt=cursor.pk)
        return list(as_shown(rows, self.today).order_by("pk")[: PAGE + 1])


TAKEN_BY_SOMEBODY = gettext_lazy(
    "Somebody else has taken this entry meanwhile. It is no longer in the inbox."
)


class TakeFromInboxView(AccessView, abstract=True):
    """Take one entry of the inbox and open it; a manager who was slower is told, any other address answers 404.

    Attributes:
        model: what waits in the inbox.
        route: the page of what was taken.
    """

    model: ClassVar[Any]
    route: ClassVar[str]

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        page = reverse(self.route, args=[uuid])
        entry = self.model.objects.in_inbox_of(request.user).filter(uuid=uuid).first()
        if entry is None:
            if self.model.objects.visible_to(request.user).filter(uuid=uuid).exists():
                # The same button pressed twice: it is one's own by now.
                return hx_redirect(request, page)
            if not self.left_lately(uuid):
                raise Http404
            messages.warning(request, TAKEN_BY_SOMEBODY)
            return hx_redirect(request, reverse("intake:inbox"))
        try:
            self.take(entry)
        except AlreadyTaken:
            messages.warning(request, TAKEN_BY_SOMEBODY)
            return hx_redirect(request, reverse("intake:inbox"))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return hx_redirect(request, reverse("intake:inbox"))
        return hx_redirect(request, page)

    @abstractmethod
    def left_lately(self, uuid: UUID) -> bool:
        """Whether it was in the user's inbox a moment ago."""

    @abstractmethod
    def take(self, entry: Any) -> None:
        """Call the one service."""


class TakeView(TakeFromInboxView):
    """Take one file from the inbox and open it."""

    permission = "inbox.take"
    model = Client
    route = "clients:detail"

    def left_lately(self, uuid: UUID) -> bool:
        return left_inbox_lately(uuid, user=self.request.user, now=self.now)

    def take(self, entry: Client) -> None:
        take_client(self.actor, entry)
        undo = reverse("intake:give_back", args=[entry.uuid])
        notify(self.request, _("The file is yours now."), undo_url=undo)


class GiveBackView(FileMixin):
    """Takes taking a file back, on the same day and while nothing was recorded in it."""

    permission = "inbox.take"
    http_method_names = ["post"]
    edits = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            give_back(self.actor, self.client)
        except WorkedOn:
            messages.warning(request, ONLY_TODAY)
            return hx_redirect(request, self.client.get_absolute_url())
        notify(request, _("The file waits in the inbox again."))
        return hx_redirect(request, reverse("intake:inbox"))


class TakeManyView(AccessView):
    """Take the ticked entries, for example a family; entries taken meanwhile stay with the faster manager."""

    permission = "inbox.take"

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = set(uuids_of(request.POST.getlist("entry")[:MOST_AT_ONCE]))
        files = Client.objects.in_inbox_of(self.request.user).filter(uuid__in=wanted).order_by("pk")
        try:
            taken = take_clients(self.actor, list(files))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return hx_redirect(request, reverse("intake:inbox"))
        if taken:
            text = ngettext("%(number)s file is yours now.", "%(number)s files are yours now.", len(taken))
            query = urlencode([("entry", client.uuid) for client in taken])
            undo = f"{reverse('intake:give_back_many')}?{query}"
            notify(request, text % {"number": len(taken)}, undo_url=undo)
        if not wanted:
            messages.warning(request, _("Please tick the entries you want to take."))
        elif len(taken) < len(wanted):
            messages.warning(request, TAKEN_BY_SOMEBODY)
        return hx_redirect(request, reverse("intake:inbox"))


class GiveBackManyView(AccessView):
    """Takes taking several files back; those that were worked on stay."""

    permission = "inbox.take"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = uuids_of(request.GET.getlist("entry")[:MOST_AT_ONCE])
        given = 0
        for client in Client.objects.editable_by(self.request.user).filter(uuid__in=wanted).order_by("pk"):
            with suppress(WorkedOn):
                give_back(self.actor, client)
                given += 1
        text = ngettext(
            "%(number)s file waits in the inbox again.", "%(number)s files wait in the inbox again.", given
        )
        notify(request, text % {"number": given})
        if given < len(wanted):
            messages.warning(request, ONLY_TODAY)
        return hx_redirect(request, reverse("intake:inbox"))
