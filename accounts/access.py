"""Row access that cannot be forgotten (architecture.md "Row access").

Every model that holds personal data declares ``privacy = Privacy(...)`` and takes its rows through a
``ScopedQuerySet``. What one user may see is a small set of ids, computed once per request: the caseloads of
the user and of those they stand in for today. Nothing is copied into rows, so a stand-in ends by itself at
midnight.
"""

import copy
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, Self, TypeVar

from django.apps import apps
from django.db import models
from django.utils import timezone

Root = Literal["client", "user"]
M = TypeVar("M", bound=models.Model, covariant=True)


@dataclass(frozen=True)
class Erase:
    """What erasure does to a row."""

    deletes: bool
    reason: str = ""


DELETE = Erase(deletes=True)


class KEEP(Erase):
    """The row stays when its person is erased, for the reason given."""

    def __init__(self, reason: str) -> None:
        super().__init__(deletes=False, reason=reason)


@dataclass(frozen=True)
class Privacy:
    """What a model holds about whom; read by scope, export, erasure, canary and the data inventory.

    Args:
        scope: path to the root row ("" on the root itself, e.g. "plan__client"); with ``root="user"`` the
            path to the user who owns the row.
        data_class: the kind of data as the inventory names it ("master", "contact", "plan", "health"...).
        root: whose data it is, a client's or a member of staff's.
        export: whether it is part of the subject-access export (Art. 15 GDPR).
        erase: ``DELETE`` or ``KEEP(reason)``.
    """

    scope: str
    data_class: str
    root: Root = "client"
    export: bool = True
    erase: Erase = DELETE

    def path(self, attribute: str) -> str:
        """The look-up from the model to an attribute of its root row."""
        return f"{self.scope}__{attribute}" if self.scope else attribute


@dataclass(frozen=True)
class Scope:
    """The ids one user may see on one day.

    Attributes:
        user_id: the user.
        day: the day the scope is valid for.
        caseloads: ids of managers whose files may be seen: one's own and those stood in for.
        stand_ins: the stand-ins of that day that opened foreign caseloads, with the absent manager, by their end.
        serves_all: the user is responsible for the whole district.
    """

    user_id: int | None
    day: datetime.date
    caseloads: frozenset[int] = field(default_factory=frozenset)
    stand_ins: tuple[Any, ...] = ()
    serves_all: bool = False

    @property
    def stands_in_for(self) -> frozenset[int]:
        """Ids of absent managers, a subset of ``caseloads``."""
        return frozenset(row.absent_id for row in self.stand_ins)

    @cached_property
    def municipalities(self) -> frozenset[int]:
        """Ids of the municipalities the user serves on that day."""
        return frozenset(self.served)

    @cached_property
    def served(self) -> Mapping[int, str]:
        """The same with their names, as the frame of a page shows them; read when a page first asks."""
        if self.serves_all:
            return dict(
                apps.get_model("accounts", "Municipality").objects.order_by().values_list("pk", "name")
            )
        services: Any = apps.get_model("accounts", "Service").objects
        served = services.on(self.day).filter(user=self.user_id).order_by()
        return dict(served.values_list("municipality_id", "municipality__name"))

    def acting_for(self, manager_id: int | None) -> int | None:
        """Id of the absent manager if the user sees this caseload only as stand-in."""
        return manager_id if manager_id in self.stands_in_for else None


def scope_of(user: Any, day: datetime.date | None = None) -> Scope:
    """The scope of a user, computed once per user object and day.

    Args:
        user: the logged-in or anonymous user.
        day: local date; today by default.

    Returns:
        A scope without caseloads for everybody but active managers.
    """
    day = day or timezone.localdate()
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Scope(user_id=None, day=day)
    cached: Scope | None = getattr(user, "_scope", None)
    if cached is not None and cached.day == day:
        return cached
    stand_ins: tuple[Any, ...] = ()
    if is_manager(user):
        rows: Any = apps.get_model("accounts", "StandIn").objects
        found = rows.active_on(day).filter(substitute=user).select_related("absent").order_by()
        stand_ins = tuple(sorted(found, key=lambda row: (row.until, row.pk)))
    scope = Scope(
        user_id=user.pk,
        day=day,
        caseloads=frozenset({user.pk, *(row.absent_id for row in stand_ins)})
        if is_manager(user)
        else frozenset(),
        stand_ins=stand_ins,
        serves_all=bool(getattr(user, "is_coordinator", False)),
    )
    user._scope = scope
    return scope


def within_caseload(user: Any, scope: Scope, manager_id: int) -> tuple[Any, Scope]:
    """The same user with a scope narrowed to one of their caseloads, for pages that show one at a time.

    Args:
        user: the logged-in user.
        scope: what the user may see.
        manager_id: the user's own id or that of a manager they stand in for.

    Raises:
        PermissionError: this caseload is not in the scope; narrowing never widens.
    """
    if manager_id not in scope.caseloads:
        raise PermissionError("this caseload is not in the scope")
    behind = tuple(row for row in scope.stand_ins if row.absent_id == manager_id)
    narrow = replace(scope, caseloads=frozenset({manager_id}), stand_ins=behind)
    # The municipalities do not depend on the caseload, so they are read once.
    vars(narrow)["served"] = scope.served
    narrowed = copy.copy(user)
    narrowed._scope = narrow
    return narrowed, narrow


def is_manager(user: Any) -> bool:
    """Whether the user works with files; a superuser never does, in any role."""
    return bool(user.is_active and user.role == "manager" and not user.is_superuser)


def privacy_of(model: type[models.Model]) -> Privacy:
    """The declaration of a model.

    Raises:
        TypeError: the model declares none.
    """
    declared = getattr(model, "privacy", None)
    if not isinstance(declared, Privacy):
        raise TypeError(f"{model.__name__} declares no privacy")
    return declared


class ScopedQuerySet(models.QuerySet[M]):
    """Rows of a model that declares ``privacy``; views and forms enter through the first two methods."""

    @property
    def privacy(self) -> Privacy:
        return privacy_of(self.model)

    def visible_to(self, user: Any) -> Self:
        """Rows the user may read today; none for officers, admins and anonymous visitors."""
        scope = scope_of(user)
        if self.privacy.root == "user":
            return self.filter(**{self.privacy.scope: scope.user_id}) if scope.user_id else self.none()
        if not scope.caseloads:
            return self.none()
        return self.filter(**{self.privacy.path("manager_id__in"): scope.caseloads})

    def editable_by(self, user: Any) -> Self:
        """Rows the user may write today: visible ones whose file is not closed."""
        rows = self.visible_to(user)
        if self.privacy.root == "user":
            return rows
        return rows.exclude(**{self.privacy.path("phase"): "closed"})

    def unscoped(self, *, reason: str) -> Self:
        """All rows, for services and commands that must see everything; the reason is for the reader."""
        if not reason:
            raise ValueError("unscoped access needs a reason")
        return self.all()


def scoped_models() -> Iterator[type[models.Model]]:
    """All models that declare ``privacy``, in registry order."""
    for model in apps.get_models():
        if isinstance(getattr(model, "privacy", None), Privacy):
            yield model
