"""Who works with files, and where."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from accounts.models import Role, Service, User


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


def colleagues(user: Any, day: datetime.date) -> QuerySet[User]:
    """Active managers who share a municipality with a user, the user left out."""
    places = Service.objects.on(day).filter(user=user).values_list("municipality_id", flat=True)
    return managers_serving(list(places), day).exclude(pk=user.pk)
