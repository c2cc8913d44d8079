"""Base views: a view cannot exist without naming its permission (architecture.md "Row access").

``AccessView`` checks the permission before any other code of a view runs. A collection route without the
right answers 403; a file one may not see answers 404 (that part lives in ``clients.views.base``). Refusals
are recorded after the view's transaction was rolled back.
"""

import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.generic import View

from accounts.access import Scope
from accounts.actor import Actor
from accounts.models import User
from accounts.permissions import PERMISSIONS, may
from audit.actions import REFUSED
from audit.recording import record


def is_abstract(found: object) -> bool:
    return getattr(found, "__isabstractmethod__", False) is True


class UserRequest(HttpRequest):
    """The request inside a view, where a user is always logged in."""

    user: User


class AccessView(View):
    """The root of all views.

    A subclass that names no permission, or leaves out a method marked ``abstractmethod``, raises at import unless
    it is declared ``abstract=True``.

    Attributes:
        permission: a key of ``accounts.permissions.PERMISSIONS``.
        nav_code: the place of the navigation (``accounts.context.PLACES``) the page belongs to, beside its own route.
        actor: who acts, for every service the view calls.
        today: the local date of the request, the only one its rules use.
        now: the instant of the request.
        scope: what the user may see today.
    """

    request: UserRequest
    permission: ClassVar[str | None] = None
    nav_code: ClassVar[str] = ""
    actor: Actor
    today: datetime.date
    now: datetime.datetime
    scope: Scope

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if abstract:
            return
        if cls.permission is None:
            raise ImproperlyConfigured(f"{cls.__name__} names no permission")
        if cls.permission not in PERMISSIONS:
            raise ImproperlyConfigured(f"{cls.__name__}: no permission “{cls.permission}” in the table")
        if missing := [name for name in dir(cls) if is_abstract(getattr(cls, name, None))]:
            raise ImproperlyConfigured(f"{cls.__name__} leaves out {', '.join(missing)}")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.actor = Actor(request.user)
        self.now, self.today, self.scope = self.actor.now, self.actor.today, self.actor.scope

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.settle_access()
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied:
            self.record_refusal()
            raise
        except Http404:
            self.record_refusal()
            raise

    def settle_access(self) -> None:
        """Raise ``PermissionDenied`` or ``Http404`` before the view's own code runs."""
        if not may(self.request.user, str(self.permission)):
            raise PermissionDenied

    def refused_subject(self) -> UUID | None:
        """Whose data was refused; file views know."""
        return None

    def record_refusal(self) -> None:
        record(self.actor, REFUSED, subject=self.refused_subject(), kind=str(self.permission))


class PageView(AccessView, abstract=True):
    """A whole page: subclasses implement ``get`` and use ``render``."""

    template_name: str = ""
    fragment_name: str = ""

    def context(self, **extra: Any) -> dict[str, Any]:
        """What every template of this view receives."""
        return {"today": self.today, "now": self.now, **extra}

    def render(self, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
        """The page, or its fragment when the request came from HTMX and the view names one."""
        from django.template.response import TemplateResponse

        from ui.htmx import is_htmx

        template = self.fragment_name if self.fragment_name and is_htmx(self.request) else self.template_name
        response = TemplateResponse(self.request, template, self.context(**(context or {})), status=status)
        response["Vary"] = "HX-Request, Cookie"
        return response
