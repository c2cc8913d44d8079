"""Ill at half past seven: what is cancelled, then whom to call."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import PageView
from accounts.models import Absence, User
from accounts.rules.calendar import end_of_day
from appointments import actions
from appointments.busy import blocks_between
from appointments.calendar import span_text
from appointments.call_list import call_list
from appointments.choices import AppointmentState
from appointments.forms.sick_day import SickDayForm
from appointments.models import Appointment
from appointments.services.sick_day import DayChanged, cancel_day, still_ahead
from appointments.views.calendar import day_asked_for
from audit.recording import record
from clients.views.base import WriteView
from ui.forms import change_data
from ui.notes import notify


class SickDayView(WriteView):
    """All appointments that still lie ahead today, cancelled in one step; of oneself or of whom one stands in for."""

    permission = "appointment.edit"
    template_name = "appointments/sick_day.html"
    form_class = SickDayForm
    form_code = "sick_day"
    title = gettext_lazy("Not there today")
    submit_label = gettext_lazy("Cancel all of them")

    @cached_property
    def holder(self) -> User:
        """Whose day it is."""
        asked = self.request.GET.get("of", "")
        if not asked or asked == str(self.request.user.pk):
            return self.request.user
        for row in self.scope.stand_ins:
            if asked == str(row.absent_id):
                found: User = row.absent
                return found
        raise Http404

    @cached_property
    def ahead(self) -> list[Appointment]:
        rows = still_ahead(self.request.user, self.holder, self.now, self.today)
        return list(rows.order_by("starts_at", "pk"))

    @cached_property
    def promised(self) -> list[str]:
        """When else somebody counts on her today, each as 09:15–10:00."""
        blocks = blocks_between(self.holder.pk, self.now, end_of_day(self.today))
        return [span_text((block.starts_at, block.ends_at)) for block in blocks]

    def object_key(self) -> str:
        return str(self.holder.pk)

    def form_kwargs(self) -> dict[str, Any]:
        own = self.holder == self.request.user
        return {
            "absence": Absence(user=self.request.user, since=self.today) if own else None,
            "shown": " ".join(str(row.uuid) for row in self.ahead),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record(self.actor, actions.DAY_VIEWED, kind="appointment", count=len(self.ahead))
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: SickDayForm) -> object:
        absence = form.absence()
        try:
            cancelled = cancel_day(self.actor, self.holder, shown=form.keys, absence=absence)
        except DayChanged:
            if self.are_cancelled(form.keys):
                # The same button pressed twice.
                return form.keys
            del self.ahead
            change_data(form, {"shown": self.form_kwargs()["shown"]})
            form.add_error(
                None, _("The appointments have changed in the meantime. Nothing is cancelled yet.")
            )
            return None
        number = len(cancelled)
        said = ngettext(
            "%(number)d appointment is cancelled by us.",
            "%(number)d appointments are cancelled by us.",
            number,
        )
        done = [said % {"number": number}, _("The absence is entered.") if absence else ""]
        notify(self.request, " ".join(filter(None, done)))
        return cancelled

    def are_cancelled(self, keys: Sequence[UUID]) -> bool:
        """Whether what was shown is cancelled by us already, and nothing else lies ahead."""
        rows = Appointment.objects.visible_to(self.request.user).filter(
            uuid__in=keys, state=AppointmentState.CANCELLED_US
        )
        ahead = still_ahead(self.request.user, self.holder, self.now, self.today)
        return bool(keys) and rows.count() == len(set(keys)) and not ahead.exists()

    def show(self, form: Any, **extra: Any) -> HttpResponse:
        label = self.submit_label if self.ahead or self.promised else _("Enter absence")
        shown = {"ahead": self.ahead, "promised": self.promised, "holder": self.holder, "submit_label": label}
        return super().show(form, **{**shown, **extra})

    def success_url(self, result: object) -> str:
        return f"{reverse('appointments:call_list')}?on={self.today}"

    def cancel_url(self) -> str:
        return reverse("appointments:day")


class CallListView(PageView):
    """Whose appointments of a day we cancelled, by language, with the numbers to call."""

    permission = "appointment.list"
    template_name = "appointments/call_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        day = day_asked_for(request.GET.get("on", ""), self.today)
        groups = call_list(self.request.user, self.scope, day)
        number = sum(len(calls) for _language, calls in groups)
        record(self.actor, actions.CALL_LIST_VIEWED, kind="appointment", count=number)
        return self.render({"day": day, "groups": groups, "number": number})
