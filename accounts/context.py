"""What the frame shows: navigation by role, who I am and for whom I stand in. Never a dead link."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Scope, scope_of
from accounts.permissions import column_of, may
from accounts.staff import why_no_place
from ui.dates import short_date
from ui.frame import Me, NavItem, PrimaryAction

# The attribute of a request that names the open file it shows: what is logged from there is logged in it.
OPEN_FILE = "open_file"
FRAME = "frame_of_the_page"


@dataclass(frozen=True, slots=True)
class Place:
    """A target of the navigation: who has the permission sees it."""

    code: str
    label: str | Promise
    icon: str
    route: str
    permission: str
    short: str | Promise = ""


PLACES = (
    Place("day", gettext_lazy("My day"), "sun", "home", "appointment.list"),
    Place("reports", gettext_lazy("Overview"), "chart", "reports:dashboard", "report.cases"),
    Place("cases", gettext_lazy("Cases"), "list", "reports:cases", "report.cases"),
    Place("clients", gettext_lazy("Clients"), "users", "clients:list", "client.list"),
    Place("calendar", gettext_lazy("Calendar"), "calendar", "appointments:day", "appointment.list"),
    Place("plans", gettext_lazy("Plans"), "plan", "plans:list", "plan.list"),
    Place("inbox", gettext_lazy("Inbox"), "inbox", "intake:inbox", "inbox.view"),
    Place("enquiries", gettext_lazy("Enquiries"), "inbox", "enquiries:list", "enquiry.answer"),
    Place("figures", gettext_lazy("Figures"), "chart", "reports:dashboard", "client.list"),
    Place("admin", gettext_lazy("Administration"), "table", "admin:index", "admin.users"),
)


def _current(request: HttpRequest, place: Place) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    if match.view_name == place.route or (
        place.route == "reports:dashboard" and match.view_name == "reports:people"
    ):
        return True
    inside = match.namespace == "clients" and not (match.url_name or "").startswith(("inbox", "import"))
    return place.code in getattr(request, "nav_codes", ()) or (
        place.code == "clients" and inside and ("uuid" in match.kwargs or match.url_name in ("new", "search"))
    )


def _stand_in_text(scope: Scope) -> str:
    parts = [
        _("stands in for %(name)s until %(date)s")
        % {"name": str(stand_in.absent), "date": short_date(stand_in.until, scope.day)}
        for stand_in in scope.stand_ins
    ]
    return ", ".join(parts)


def _tabs(items: list[NavItem], primary: PrimaryAction | None) -> list[NavItem]:
    """Four targets for the phone's bottom bar, the primary action among them; the frame adds "Mehr"."""
    if primary is None:
        return items[:4]
    label = _("Log") if primary.icon == "pen" else _("Enquiry")
    filled = NavItem(label=label, url=primary.url, icon=primary.icon, primary=True)
    return [*items[:2], filled, *items[2:3]]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor for ``base.html``, once per request however many templates it renders."""
    known: dict[str, Any] | None = getattr(request, FRAME, None)
    if known is None:
        known = _frame(request)
        setattr(request, FRAME, known)
    return dict(known)


def _frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of a logged-in user; pages without one get nothing."""
    user = getattr(request, "user", None)
    column = column_of(user)
    if user is None or column is None:
        return {}
    if user.must_change_password:
        # Every way leads back to the one page that is open.
        me = Me(name=str(user), initials=user.initials, url=reverse("account_change_password"))
        return {"nav_items": [], "tab_items": [], "me": me, "privacy_default": False}
    allowed = [place for place in PLACES if may(user, place.permission)]
    items = [
        NavItem(
            label=str(place.label),
            url=reverse(place.route),
            icon=place.icon,
            current=_current(request, place),
        )
        for place in allowed
    ]
    works_with_files = may(user, "contact.log")
    primary: PrimaryAction | None = None
    if works_with_files:
        file = getattr(request, OPEN_FILE, None)
        log = (
            reverse("file_appointments:contact_new", args=[file])
            if file
            else reverse("appointments:contact_new")
        )
        primary = PrimaryAction(_("Log consultation"), log)
    elif may(user, "enquiry.register"):
        primary = PrimaryAction(_("Register enquiry"), reverse("enquiries:new"), "plus")
    return {
        "nav_items": items,
        "tab_items": _tabs(items, primary),
        "me": Me(
            name=str(user),
            initials=user.initials,
            stand_in_text=_stand_in_text(scope_of(user)),
            url=reverse("accounts:own"),
        ),
        # Asked by pages that could be empty for that reason, not by parts of a page nor in a file.
        "no_place": SimpleLazyObject(lambda: why_no_place(user, scope_of(user))),
        "may_search": may(user, "client.search"),
        "primary_action": primary,
        "privacy_default": False,
    }
