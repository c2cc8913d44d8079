"""What pages of funding share: the period of the address, as far as it is one's own."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.generic import AccessView, PageView
from audit.recording import record
from clients.views.base import WriteView
from funding import actions
from funding.models import FundingPeriod
from ui.htmx import hx_redirect


class FundingFrame(AccessView, abstract=True):
    """A page of funding: the navigation says where one is."""

    permission = "funding.view"
    nav_code = "funding"

    def record_read(self, count: int) -> None:
        record(self.actor, actions.FUNDING_VIEWED, kind="funding", count=count)


class PeriodMixin(FundingFrame, abstract=True):
    """Finds the period of the address; one that may be read and not written is 403 for whatever writes.

    Attributes:
        edits: the view writes.
    """

    edits: ClassVar[bool] = False
    period: FundingPeriod
    may_edit: bool

    def settle_access(self) -> None:
        super().settle_access()
        rows = FundingPeriod.objects.visible_to(self.request.user).filter(uuid=self.kwargs["uuid"])
        found = rows.named().first()
        if found is None:
            raise Http404
        self.period = found
        self.may_edit = FundingPeriod.objects.editable_by(self.request.user).filter(pk=found.pk).exists()
        if self.edits and not self.may_edit:
            raise PermissionDenied

    def child_or_404(self, rows: Any) -> Any:
        """The row of this period that the address names, out of ``.visible_to(user)`` or ``.editable_by(user)``."""
        found = rows.filter(period=self.period, uuid=self.kwargs["row"]).first()
        if found is None:
            raise Http404
        found.period = self.period
        return found


class PeriodWriteView(PeriodMixin, WriteView, abstract=True):
    """A form about one period; it leads back to its page."""

    permission = "funding.edit"
    edits = True

    def object_key(self) -> str:
        return str(self.period.uuid)

    def show(self, form: Any, **extra: Any) -> HttpResponse:
        extra.setdefault("lead", f"{self.period} · {self.period.owner}")
        return super().show(form, **extra)

    def success_url(self, result: Any) -> str:
        return self.period.get_absolute_url()

    def cancel_url(self) -> str:
        return self.period.get_absolute_url()


class PeriodActionView(PeriodMixin, PageView, abstract=True):
    """A button about one period."""

    permission = "funding.edit"
    edits = True
    http_method_names = ["post"]

    @abstractmethod
    def act(self) -> None:
        """Call the one service and say what was done."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.act()
        return hx_redirect(request, self.period.get_absolute_url())
