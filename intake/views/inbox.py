"""Who waits in the municipality's inbox, and taking files from it."""

import datetime
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import AccessView, PageView
from accounts.records import uuid_of, uuids_of
from audit.recording import record
from clients.choices import Phase
from clients.models import Accommodation, Client, ClientLanguage, Responsibility
from clients.rules.dates import age_is_certain, age_on
from intake import actions
from intake.models import Enquiry
from intake.services.inbox import AlreadyTaken, left_inbox_lately, take_client
from ui.htmx import hx_redirect
from ui.notes import notify

PAGE = 50
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Waiting:
    """What may be read of a file before it is taken: name, age, languages, accommodation, source."""

    uuid: UUID
    name: str
    age: str
    languages: str
    accommodation: str
    source: str
    since: datetime.datetime
    came_from: str

    @property
    def facts(self) -> list[str]:
        """The facts in reading order; empty ones left out by the template."""
        return [self.age, self.languages, self.accommodation, self.source]


def _age(client: Client, today: datetime.date) -> str:
    born = client.birth
    if born is None:
        return _("age unknown")
    years = age_on(born, today)
    if not age_is_certain(born, today):
        return _("about %(number)s years old") % {"number": years}
    return ngettext("%(number)s year old", "%(number)s years old", years) % {"number": years}


def _waiting(loaded: Any, today: datetime.date) -> Waiting:
    """A file as the list loads it, some of its rows under names of their own; no type knows those."""
    home = next(iter(loaded.present_accommodations), None)
    open_row = next(iter(loaded.open_responsibilities), None)
    fell = open_row is not None and open_row.former_manager is not None and loaded.phase != Phase.ACCESS
    return Waiting(
        uuid=loaded.uuid,
        name=loaded.list_name,
        age=_age(loaded, today),
        languages=", ".join(str(row.language) for row in loaded.ordered_languages),
        accommodation=", ".join(filter(None, [home.name or home.get_kind_display(), home.quarter]))
        if home
        else "",
        source=str(loaded.source or ""),
        since=open_row.since if open_row is not None else loaded.registered_at,
        came_from=str(open_row.former_manager) if fell and open_row is not None else "",
    )


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
        record(self.actor, actions.INBOX_VIEWED, kind="client", count=len(page[:PAGE]) + len(enquiries))
        return self.render(
            {
                "waiting": [_waiting(client, self.today) for client in page[:PAGE]],
                "enquiries": enquiries,
                "total": total,
                "after": page[PAGE - 1].uuid if len(page) > PAGE else None,
                "is_later": cursor is not None,
            }
        )

    def after(self) -> UUID | None:
        """The last row shown before, if the address names one."""
        return uuid_of(self.request.GET.get("after", ""))

    def page(self, rows: Any, cursor: Client | None) -> list[Client]:
        """One page in the order of arrival, with what it shows in a fixed number of queries."""
        homes = Accommodation.objects.unscoped(reason="named in the inbox")
        languages = ClientLanguage.objects.unscoped(reason="named in the inbox").select_related("language")
        responsibilities = Responsibility.objects.unscoped(reason="since when, and from whom, an entry waits")
        if cursor is not None:
            rows = rows.filter(pk__gt=cursor.pk)
        return list(
            rows.select_related("source")
            .prefetch_related(
                Prefetch("accommodations", homes.filter(until=None), to_attr="present_accommodations"),
                Prefetch("client_languages", languages.order_by("order"), to_attr="ordered_languages"),
                Prefetch(
                    "responsibilities",
                    responsibilities.filter(until=None).select_related("former_manager"),
                    to_attr="open_responsibilities",
                ),
            )
            .order_by("pk")[: PAGE + 1]
        )


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
        notify(self.request, _("The file is yours now."))


class TakeManyView(AccessView):
    """Take the ticked entries, for example a family; entries taken meanwhile stay with the faster manager."""

    permission = "inbox.take"

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = set(uuids_of(request.POST.getlist("entry")[:MOST_AT_ONCE]))
        files = Client.objects.in_inbox_of(self.request.user).filter(uuid__in=wanted).order_by("pk")
        taken = 0
        for client in files:
            try:
                take_client(self.actor, client)
            except AlreadyTaken:
                continue
            except ValidationError as refused:
                messages.error(request, " ".join(refused.messages))
                return hx_redirect(request, reverse("intake:inbox"))
            taken += 1
        if taken:
            text = ngettext("%(number)s file is yours now.", "%(number)s files are yours now.", taken)
            notify(request, text % {"number": taken})
        if not wanted:
            messages.warning(request, _("Please tick the entries you want to take."))
        elif taken < len(wanted):
            messages.warning(request, TAKEN_BY_SOMEBODY)
        return hx_redirect(request, reverse("intake:inbox"))
