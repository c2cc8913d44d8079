"""Who works with files, and where."""

import datetime
from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import Scope, is_manager
from accounts.models import Role, Service, User
from accounts.permissions import Column, column_of
from ui.dates import date_de


def active_managers() -> QuerySet[User]:
    """Who can take over work."""
    return User.objects.filter(role=Role.MANAGER, is_active=True, is_superuser=False)


def managers_serving(municipalities: Collection[int], day: datetime.date) -> QuerySet[User]:
    """Active managers of some municipalities on a day, by name.

    Args:
        municipalities: keys of the municipalities.
        day: local date.
    """
    serving = Service.objects.on(day).filter(municipality_id__in=municipalities)
    rows = active_managers().filter(pk__in=serving.values("user_id"))
    return rows.order_by("last_name", "first_name", "pk")


def colleagues(user: User, day: datetime.date) -> QuerySet[User]:
    """Active managers who share a municipality with a user, the user left out."""
    places = Service.objects.on(day).filter(user=user).values_list("municipality_id", flat=True)
    return managers_serving(list(places), day).exclude(pk=user.pk)


def why_no_place(user: User, scope: Scope) -> str:
    """Why a user without a municipality sees empty pages, and whom to ask; empty for all others.

    Args:
        user: the logged-in user.
        scope: what the user may see; its municipalities decide.
    """
    column = column_of(user)
    if column in (None, Column.ADMIN) or scope.municipalities:
        return ""
    if column == Column.COORDINATOR:
        return _(
            "No municipality has been entered yet. Please ask the administration to enter the municipalities."
        )
    services = Service.objects.filter(user=user).select_related("municipality")
    coming = services.filter(since__gt=scope.day).order_by("since").first()
    former = services.filter(until__lt=scope.day).order_by("-until").first()
    if coming is not None:
        words = {"place": coming.municipality, "day": date_de(coming.since)}
        why = _("Your work in %(place)s begins on %(day)s; until then nothing arrives here.") % words
    elif former is not None and former.until is not None:
        words = {"place": former.municipality, "day": date_de(former.until)}
        why = _("Your work in %(place)s ended on %(day)s, so nothing new arrives here.") % words
    else:
        why = _("No municipality is assigned to your account yet, so your pages are empty.")
        return why + " " + _("Please ask the administration to enter where you work.")
    kept = _("Files you are responsible for stay with you.") if is_manager(user) else ""
    return " ".join(filter(None, [why, kept, _("If that is not right, please ask the administration.")]))
