"""What the frame shows: navigation by role, who I am and for whom I stand in. Never a dead link."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Scope, scope_of
from accounts.models import District
from accounts.permissions import column_of, may
from accounts.staff import why_no_place
from ui.dates import short_date
from ui.frame import Me, NavItem, PrimaryAction
from ui.links import reverse

# The attribute of a request that names the open file it shows: what is logged from there is logged in it.
OPEN_FILE = "open_file"
FRAME = "frame_of_the_page"
TABS = 4
# The file in whose header the user wants the name: it is hidden while somebody may look on.
NAME_SHOWN_IN = "name_shown_in"


@dataclass(frozen=True, slots=True)
class Place:
    """A target of the navigation: who has the permission sees it; ``on_phone`` is how the bottom bar opens it."""

    code: str
    label: str | Promise
    icon: str
    route: str
    permission: str
    short: str | Promise = ""
    on_phone: str = ""


PLACES = (
    Place("day", gettext_lazy("My day"), "sun", "home", "appointment.list"),
    Place("reports", gettext_lazy("Overview"), "chart", "reports:dashboard", "report.cases"),
    Place("cases", gettext_lazy("Cases"), "list", "reports:cases", "report.cases"),
    Place("periods", gettext_lazy("Reports"), "table", "reports:period", "report.period"),
    Place("clients", gettext_lazy("Clients"), "users", "clients:list", "client.list"),
    Place(
        "calendar",
        gettext_lazy("Calendar"),
        "calendar",
        "appointments:day",
        "appointment.list",
        on_phone="?view=agenda",
    ),
    Place(
        "office_hours",
        gettext_lazy("Office hour"),
        "door",
        "appointments:office_hours",
        "office_hours.run",
    ),
    Place("plans", gettext_lazy("Plans"), "plan", "plans:list", "plan.list"),
    Place("inbox", gettext_lazy("Inbox"), "inbox", "intake:inbox", "inbox.view"),
    Place("enquiries", gettext_lazy("Enquiries"), "inbox", "enquiries:list", "enquiry.answer"),
    Place("observations", gettext_lazy("Observations"), "flag", "observations:list", "observation.view"),
    Place("stand_ins", gettext_lazy("Stand-ins"), "users", "stand_ins:list", "stand_in.coordinate"),
    Place("funding", gettext_lazy("Funding"), "euro", "funding:list", "funding.view"),
    Place("houses", gettext_lazy("Accommodations"), "home", "houses:list", "house.view"),
    Place("network", gettext_lazy("Network"), "network", "network:list", "network.view"),
    Place("figures", gettext_lazy("Figures"), "chart", "reports:dashboard", "client.list"),
    Place("admin", gettext_lazy("Administration"), "table", "admin:index", "admin.users"),
)


def _shows_name(request: HttpRequest) -> bool:
    """Whether the header of the open file shows the name: the user asked for it in this file."""
    match = request.resolver_match
    shown = request.session.get(NAME_SHOWN_IN, "")
    return bool(shown) and match is not None and str(match.kwargs.get("uuid", "")) == shown


def _current(request: HttpRequest, place: Place) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    view = getattr(match.func, "view_class", None)
    if place.route == match.view_name or place.code == getattr(view, "nav_code", ""):
        return True
    inside = match.namespace == "clients" and not (match.url_name or "").startswith(("inbox", "import"))
    return (
        place.code == "clients"
        and inside
        and ("uuid" in match.kwargs or match.url_name in ("new", "search", "list_export"))
    )


def _item(request: HttpRequest, place: Place, on_phone: str = "") -> NavItem:
    url = f"{reverse(place.route)}{on_phone}"
    return NavItem(label=str(place.label), url=url, icon=place.icon, current=_current(request, place))


def _stand_in_text(scope: Scope) -> str:
    parts = [
        _("stands in for %(name)s until %(date)s")
        % {"name": str(stand_in.absent), "date": short_date(stand_in.until, scope.day)}
        for stand_in in scope.stand_ins
    ]
    return ", ".join(parts)


def _tabs(items: list[NavItem], primary: PrimaryAction | None) -> list[NavItem]:
    """The targets of the phone's bottom bar, the primary action among them; the frame adds "Mehr"."""
    if primary is None:
        return items
    label = _("Log") if primary.icon == "pen" else _("Enquiry")
    filled = NavItem(label=label, url=primary.url, icon=primary.icon, primary=True)
    return [*items[:2], filled, *items[2:3]]


def _brand_place(scope: Scope) -> str:
    """Where the reader works: her municipality, or the district where she serves several, all or none."""
    names = () if scope.serves_all else tuple(scope.served.values())
    return names[0] if len(names) == 1 else str(District.objects.first() or "")


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
        return {"nav_items": [], "tab_items": [], "me": me, "names_hidden": False}
    allowed = [place for place in PLACES if may(user, place.permission)]
    items = [_item(request, place) for place in allowed]
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
        "tab_items": _tabs([_item(request, place, place.on_phone) for place in allowed[:TABS]], primary),
        "me": Me(
            name=str(user),
            initials=user.initials,
            stand_in_text=_stand_in_text(scope_of(user)),
            url=reverse("accounts:own"),
        ),
        # Asked by pages that could be empty for that reason, not by parts of a page nor in a file.
        "no_place": SimpleLazyObject(lambda: why_no_place(user, scope_of(user))),
        "may_search": may(user, "client.search"),
        # Asked by the brand alone.
        "brand_place": SimpleLazyObject(lambda: _brand_place(scope_of(user))),
        "primary_action": primary,
        "names_hidden": user.privacy_screen,
        "name_is_shown": _shows_name(request),
        # Where a button of the frame leads back to; what somebody searched for stands on no page.
        "this_page": request.path if "q" in request.GET else request.get_full_path(),
    }
